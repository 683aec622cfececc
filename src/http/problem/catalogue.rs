//! Every problem the service can answer, on one page: what it is called, whose turn it is, whether
//! trying again helps, and what to do. `GET /v1/problems` serves this list.

use super::entry::{Entry, Retry, Who};

macro_rules! catalogue {
    ($($name:ident $code:literal $status:literal $who:ident $retry:ident $title:literal $advice:literal;)*) => {
        /// The name of a problem. Its [`Entry`] says the rest.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the titles of the catalogue say it")]
        pub enum ProblemCode { $($name),* }

        impl ProblemCode {
            /// All of them, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// What the catalogue says about it.
            pub const fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$name => &Entry {
                        code: $code,
                        status: $status,
                        title: $title,
                        advice: $advice,
                        who: Who::$who,
                        retry: Retry::$retry,
                    },)*
                }
            }
        }
    };
}

catalogue! {
    // The document.
    NotPdf "not-pdf" 422 Integrator Never
        "The document is not a PDF"
        "Send the bytes of a PDF file as they are, for example with curl --data-binary @file.pdf.";
    JunkBeforeHeader "pdf-junk-before-header" 422 Integrator Never
        "Something stands before the PDF header"
        "Remove what precedes %PDF-; it is often an e-mail or multipart header saved by mistake.";
    Encrypted "pdf-encrypted" 422 Organ Never
        "The document needs a password"
        "Save the document without a password and send it again.";
    EncryptionUnsupported "pdf-encryption-unsupported" 422 Organ Never
        "The document is encrypted in an unsupported way"
        "Save the document without encryption and send it again.";
    Restricted "pdf-restricted" 422 Organ Never
        "The author of the document has restricted changes"
        "Ask the author for a document without restrictions, or let the organ accept them \
         (policy restricted = \"seal\").";
    Malformed "pdf-malformed" 422 Organ Never
        "The document is damaged"
        "Open it in a PDF program, save it again and send the new file.";
    ActiveContent "pdf-active-content" 422 Organ Never
        "The document contains scripts or launch actions"
        "Print the document to a new PDF, or let the organ accept active content \
         (policy active_content = \"allow\").";
    Xfa "pdf-xfa" 422 Organ Never
        "The document is an XFA form"
        "Print the filled-in form to a new PDF, or let the organ accept XFA (policy xfa = \"allow\").";
    EarlierRevisions "pdf-earlier-revisions" 422 Organ Never
        "The document contains earlier revisions or hidden objects"
        "Save the document anew under another name, so that its history stays out, or let the organ \
         accept it (policy earlier_revisions = \"report\").";
    SourceSigned "source-signed" 422 Organ Never
        "The document is already signed"
        "Send the document without signatures, or let the organ or the request take signed documents \
         (source_signatures = \"accept\").";
    SourceSignatureInvalid "source-signature-invalid" 422 Organ Never
        "A signature in the document is not valid"
        "Ask for the document as it was signed, or let the organ copy it all the same \
         (policy source_signatures = \"accept\" or \"record\").";
    RefusedByPolicy "refused-by-policy" 422 Organ Never
        "The organ's policy refuses the document"
        "The findings say why; change the document or the organ's policy.";
    PageNoRoom "page-no-room" 422 Integrator Never
        "The band does not fit on a page"
        "Ask for placement=last, which adds a page for the band.";
    AnnotationOutsidePage "annotation-outside-page" 422 Organ Never
        "An annotation reaches outside its page"
        "Remove the annotation, ask for placement=last, or let the organ flatten it \
         (policy annotations_outside = \"flatten\").";
    TooLarge "too-large" 413 Integrator Never
        "The document is too large"
        "Send a smaller document; GET /v1/me states the limits.";
    TooManyPages "too-many-pages" 413 Integrator Never
        "The document has too many pages"
        "Split the document; GET /v1/me states the limits.";
    TooManyObjects "too-many-objects" 413 Integrator Never
        "The document has too many objects"
        "Print the document to a new PDF, or split it; GET /v1/me states the limits.";
    TooDeep "too-deep" 422 Integrator Never
        "The document is nested too deeply"
        "Print the document to a new PDF; GET /v1/me states the limits.";
    TooMuchInflated "too-much-inflated" 413 Integrator Never
        "The document inflates to too much data"
        "Print the document to a new PDF, or split it; GET /v1/me states the limits.";
    TooManyRevisions "too-many-revisions" 422 Integrator Never
        "The document has too many revisions"
        "Save the document anew under another name; GET /v1/me states the limits.";
    OutOfTime "out-of-time" 422 Integrator Later
        "The document takes too long to work on"
        "Print the document to a new PDF, or split it.";

    // The request.
    DocumentMissing "document-missing" 400 Integrator Never
        "The request contains no document"
        "Send the PDF as the body, or as the part named document of a multipart/form-data body.";
    UnsupportedMediaType "unsupported-media-type" 415 Integrator Never
        "The body has an unsupported type"
        "Send application/pdf, or multipart/form-data with a part named document.";
    MultipartInvalid "multipart-invalid" 400 Integrator Never
        "The multipart body cannot be read"
        "Send multipart/form-data with one part named document and at most one named metadata.";
    MetadataInvalid "metadata-invalid" 400 Integrator Never
        "A field has a value that cannot be accepted"
        "The pointer names the field.";
    MetadataMissing "metadata-missing" 400 Integrator Never
        "A field that the organ demands is missing"
        "The pointer names the field; this organ's policy is metadata = \"strict\".";
    LevelUnavailable "level-unavailable" 422 Integrator Never
        "The signature level is not available"
        "Ask for a level that is available, or for none.";
    HeaderInvalid "header-invalid" 400 Integrator Never
        "A header field cannot be accepted"
        "Correct the header field, or leave it out.";
    DigestMismatch "digest-mismatch" 400 Integrator Now
        "The body is not what Content-Digest says"
        "The body changed on its way or the digest was taken over something else; nothing was issued.";
    BodyIncomplete "body-incomplete" 400 Integrator Now
        "The body ended early"
        "Nothing was issued; send the request again.";
    BodyTooSlow "body-too-slow" 408 Integrator Later
        "The body arrives too slowly"
        "Nothing was issued; send the request again over a better connection.";
    OrganRequired "organ-required" 400 Integrator Never
        "The request names no organ"
        "This application serves several organs: name one by its DIR3 code (?organ=…). \
         GET /v1/organs lists them.";
    OrganUnknown "organ-unknown" 404 Integrator Never
        "The organ is not known here"
        "GET /v1/organs lists the organs this application may ask for.";
    OrganNotAllowed "organ-not-allowed" 403 Operator Never
        "The application may not ask for this organ"
        "The operator can add the organ to the application.";
    Unauthorized "unauthorized" 401 Integrator Never
        "No valid credential"
        "Send the application's key or token (Authorization: Bearer …), or connect with its client certificate.";
    KeyExpired "key-expired" 401 Operator Never
        "The key has expired"
        "The operator makes another: segell keys new. Two keys can be active while the application changes.";
    KeyRevoked "key-revoked" 401 Operator Never
        "The key was revoked"
        "The operator makes another: segell keys new.";
    TokenInvalid "token-invalid" 401 Integrator Never
        "The token cannot be accepted"
        "A token is signed with RS256 or ES256 by the key registered here and has iss, aud, sub (INE10 or \
         DIR3) and exp, at most ten minutes away.";
    CertificateUnknown "certificate-unknown" 401 Operator Never
        "The client certificate belongs to no application"
        "The operator can register it under client_certificates of the application, or send a key.";
    ScopeMissing "scope-missing" 403 Operator Never
        "The credential is not for this"
        "GET /v1/me lists its scopes; the operator can add one to the application.";
    EnvironmentMismatch "environment-mismatch" 403 Integrator Never
        "The credential is of the other environment"
        "Keys that begin with segell_pre_ are for tests, those with segell_pro_ for real copies: use the \
         right key, or the other service.";
    QuotaExceeded "quota-exceeded" 429 Operator Later
        "The application has made its copies of the day"
        "Wait for Retry-After seconds, or ask the operator for a higher quota. Nothing was issued.";
    SealNotForApplication "seal-not-for-application" 403 Operator Never
        "The organ's seal is not for this application"
        "The organ decides which applications use its seal: [seal] applications in its file.";
    NotFound "not-found" 404 Integrator Never
        "Nothing here"
        "Check the address; a copy is shown only to applications that may use its organ.";
    MethodNotAllowed "method-not-allowed" 405 Integrator Never
        "This address has no such method"
        "The Allow header names the methods.";
    BadRequest "bad-request" 400 Integrator Never
        "The request cannot be understood"
        "GET /openapi.json describes the interface.";
    CodeMistyped "code-mistyped" 400 Integrator Never
        "The verification code is mistyped"
        "Look at the code on the document again.";
    TooManyRequests "too-many-requests" 429 Integrator Later
        "Too many requests from one address"
        "Wait for Retry-After seconds.";
    RangeNotSatisfiable "range-not-satisfiable" 416 Integrator Never
        "The range lies outside the document"
        "Content-Range names the document's length.";
    PreconditionFailed "precondition-failed" 412 Integrator Never
        "The document is another than the request expects"
        "The ETag of a document is its SHA-256.";
    IdempotencyMismatch "idempotency-mismatch" 422 Integrator Never
        "The Idempotency-Key was used for another request"
        "Use a new key for a new request.";
    IdempotencyUnavailable "idempotency-unavailable" 400 Integrator Never
        "This service keeps no copies, so it cannot recognise an Idempotency-Key"
        "Leave the header out.";
    CopyWithdrawn "copy-withdrawn" 409 Organ Never
        "The copy that this request made is no longer in force"
        "Use a new Idempotency-Key to make a new copy.";
    Contended "contended" 409 Integrator Now
        "Identical requests are being served at this moment"
        "Send the request again: it will find their copy.";
    TooManyGenerations "too-many-generations" 409 Organ Never
        "This request made too many copies that are no longer in force"
        "Make a new copy with force_new=true.";
    CopyGone "copy-gone" 410 Organ Never
        "The copy is no longer given out"
        "It was withdrawn or erased, or its availability has ended; its record says which.";
    AlreadyWithdrawn "already-withdrawn" 409 Organ Never
        "The copy was withdrawn before, for another reason or with other words"
        "Nothing was changed: its record says why and when it was withdrawn.";
    ContentNotPublic "content-not-public" 403 Organ Never
        "The content of the copy is not public"
        "The organ shows what the copy is and not what it says; a file in hand can be compared at /check.";
    FactorNeeded "factor-needed" 403 Integrator Never
        "The copy takes a second factor"
        "Post the field factor to the same address; the page of the copy says what is asked for.";
    FactorWrong "factor-wrong" 403 Integrator Never
        "The second factor is wrong"
        "Look at it again: five wrong tries in an hour and twenty in a day are accepted.";
    FactorWait "factor-wait" 429 Integrator Later
        "There were too many wrong tries at the second factor"
        "Wait for Retry-After seconds, or ask the organ that issued the copy.";
    FactorUnavailable "factor-unavailable" 503 Operator Later
        "No copy can be restricted here"
        "The operator has to set access.factor_keys_file. Nothing was issued.";
    ReceiptForeign "receipt-foreign" 422 Integrator Never
        "There is no copy of which a receipt could speak"
        "A receipt is made for a file that is or begins with a copy issued here, by the organ that issued it.";
    ReceiptAgain "receipt-again" 422 Integrator Never
        "No receipt is made for a receipt"
        "It has a code of its own, and can be checked again whenever needed.";
    ReceiptSeal "receipt-seal-unavailable" 503 Operator Later
        "The seal of the organ is not available, so no receipt can be made"
        "The result of the check is the same without it; the operator finds the cause with segell seals.";
    NoArchive "no-archive" 404 Operator Never
        "This service keeps no copies"
        "Ask whoever received the copy.";

    // The seal. `segell seals` says more to the operator; to the caller this much is enough.
    SealCeded "seal-ceded" 409 Operator Never
        "The organ's seal is ceded to another administration"
        "Copies of this organ are sealed by the administration that holds its seal.";
    SealCentralised "seal-centralised" 409 Operator Never
        "The organ's seal is kept by a central service"
        "Copies of this organ are sealed by the service that keeps its seal.";
    SealExpired "seal-expired" 503 Organ Later
        "The organ's seal has expired"
        "The organ has to renew its seal and the operator to load it. Nothing was issued.";
    SealNotYetValid "seal-not-yet-valid" 503 Operator Later
        "The organ's seal is not valid yet"
        "Wait for the first day of its validity, or correct the server's clock. Nothing was issued.";
    SealFileMissing "seal-file-missing" 503 Operator Later
        "A file of the organ's seal is missing"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealExampleMaterial "seal-example-material" 503 Operator Later
        "The organ's seal is example material"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNotAContainer "seal-not-a-container" 503 Operator Later
        "The organ's seal is not in the format configured"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealWrongPassphrase "seal-wrong-passphrase" 503 Operator Later
        "The passphrase of the organ's seal is wrong"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNoPassphrase "seal-no-passphrase" 503 Operator Later
        "The passphrase of the organ's seal is not configured"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealLegacyContainer "seal-legacy-container" 503 Operator Later
        "The organ's seal is in a container too old to be read"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNoPrivateKey "seal-no-private-key" 503 Operator Later
        "The organ's seal came without its private key"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNoCertificate "seal-no-certificate" 503 Operator Later
        "The organ's seal came without its certificate"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealKeyMismatch "seal-key-mismatch" 503 Operator Later
        "Key and certificate of the organ's seal differ"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealUnreadableCertificate "seal-unreadable-certificate" 503 Operator Later
        "A certificate of the organ's seal cannot be read"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealCertificationAuthority "seal-certification-authority" 503 Operator Later
        "The organ's seal is the certificate of an authority"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealApplicationCertificate "seal-application-certificate" 503 Operator Later
        "The organ has a generic application certificate instead of a seal"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNotASealProfile "seal-not-a-seal-profile" 503 Operator Later
        "The organ's certificate is not that of a seal"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealKeyUsage "seal-key-usage" 503 Operator Later
        "The organ's certificate does not allow signing"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealOtherNif "seal-other-nif" 503 Operator Later
        "The seal belongs to another organ"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNoNif "seal-no-nif" 503 Operator Later
        "The organ's certificate names no NIF"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealKeyUnfit "seal-key-unfit" 503 Operator Later
        "The key of the organ's seal does not fit the algorithm configured"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealIncompleteChain "seal-incomplete-chain" 503 Operator Later
        "The certificate chain of the organ's seal is incomplete"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealUntrustedIssuer "seal-untrusted-issuer" 503 Operator Later
        "The issuer of the organ's seal is not trusted here"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealBrokenChain "seal-broken-chain" 503 Operator Later
        "The certificate chain of the organ's seal does not hold"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealContradictoryUse "seal-contradictory-use" 503 Operator Later
        "What is declared about the use of the organ's seal contradicts itself"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealRevoked "seal-revoked" 503 Organ Later
        "The organ's seal is revoked"
        "The organ has to get a new seal and the operator to load it. Nothing was issued.";
    SealDoesNotSign "seal-does-not-sign" 503 Operator Later
        "The organ's seal does not sign"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealModuleUnusable "seal-module-unusable" 503 Operator Later
        "The library of the organ's token cannot be used"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealTokenAbsent "seal-token-absent" 503 Operator Later
        "The token with the organ's seal is not there"
        "It is looked for again by itself. Nothing was issued; send the request again later.";
    SealTokenAmbiguous "seal-token-ambiguous" 503 Operator Later
        "Several tokens may hold the organ's seal"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealNoPin "seal-no-pin" 503 Operator Later
        "The PIN of the organ's token is not configured"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealPinWrong "seal-pin-wrong" 503 Operator Later
        "The PIN of the organ's token is wrong"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealPinLastTry "seal-pin-last-try" 503 Operator Later
        "The organ's token is one wrong PIN away from being locked"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealPinLocked "seal-pin-locked" 503 Operator Later
        "The PIN of the organ's token is locked"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealPinExpired "seal-pin-expired" 503 Operator Later
        "The PIN of the organ's token has expired"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealKeyNotFound "seal-key-not-found" 503 Operator Later
        "The organ's token does not hold the key of its seal"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealKeyAmbiguous "seal-key-ambiguous" 503 Operator Later
        "Several keys on the organ's token may be that of its seal"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealTokenCannotSign "seal-token-cannot-sign" 503 Operator Later
        "The organ's token does not sign in the way configured"
        "The operator has to put it right: segell seals says how. Nothing was issued.";
    SealTokenLost "seal-token-lost" 503 Operator Later
        "The token with the organ's seal was lost"
        "It is looked for again by itself. Nothing was issued; send the request again later.";
    SealTokenBusy "seal-token-busy" 503 Service Later
        "The token with the organ's seal is busy"
        "Nothing was issued; send the request again in a few seconds.";
    SealTokenRefused "seal-token-refused" 503 Operator Later
        "The token with the organ's seal refuses"
        "The operator has to put it right: segell seals says how. Nothing was issued.";

    // The signature level.
    LevelNotConfigured "level-not-configured" 503 Operator Later
        "The organ's signature level cannot be reached with the settings of this service"
        "The operator has to configure time-stamp authorities and sources of revocation data. Nothing was issued.";
    CopyUnsound "copy-unsound" 409 Operator Never
        "The seal of the stored copy does not hold"
        "Nothing was appended: data that keep it provable would keep nothing. The operator has to look at the archive (segell archive check).";
    SealEndedUnproved "seal-ended-unproved" 409 Organ Never
        "The certificate of the copy's seal has ended, and no timestamp proves that the copy is older"
        "Nothing was appended, as it would prove nothing. The copy still answers to its code; make a new one if it has to be provable without the archive.";
    TimestampUnavailable "timestamp-unavailable" 503 Service Later
        "No time-stamp authority gave a timestamp"
        "Nothing was issued; send the request again after Retry-After seconds, or accept a lower level if the organ does.";
    TimestampTooLong "timestamp-too-long" 503 Operator Later
        "The timestamp does not fit into the copy"
        "The operator has to raise timestamp.token_bytes. Nothing was issued.";
    RevocationDataUnavailable "revocation-data-unavailable" 503 Service Later
        "It cannot be shown now that a certificate is not revoked"
        "Nothing was issued; send the request again after Retry-After seconds, or accept a lower level if the organ does.";

    // The service.
    Busy "busy" 503 Service Later
        "The service is busy"
        "Nothing was issued; send the request again after Retry-After seconds.";
    ArchiveUnavailable "archive-unavailable" 503 Service Later
        "The archive cannot be looked at now"
        "This says nothing about the document. Try again after Retry-After seconds.";
    AuditUnavailable "audit-unavailable" 503 Operator Later
        "The audit log cannot be written now"
        "No copy is handed out without its line in the log. Send the request again after Retry-After seconds; \
         the operator has to look at the disk under audit.folder.";
    ArchiveDamaged "archive-damaged" 500 Operator Never
        "The archive contradicts itself"
        "This says nothing about the document. Give the operator the request_id.";
    SelfCheckFailed "self-check-failed" 500 Service Never
        "The copy did not pass its own validation"
        "It was thrown away: nothing was issued. Give the operator the request_id.";
    Internal "internal" 500 Service Later
        "Something went wrong inside"
        "Give the operator the request_id.";
}

impl ProblemCode {
    /// The problem with this stable word, as policy findings carry it.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.entry().code == word)
    }
}

#[cfg(test)]
mod tests;
