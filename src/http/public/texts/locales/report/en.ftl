
## The validation report

report-name = Validation report
question-issued = Is it a copy that was issued here?
question-sound = Are the signatures sound?
said-extended = The copy that was issued is in it whole. What was added is validation data and timestamps only, which do not change the document.
said-altered = It begins with a copy issued here or carries one of our seals, but it is not what was issued.
said-sealed = The signature is sound, but this service has no record of having issued this copy.
said-not-ours = It matches no copy of this service. That does not mean that it is false: it may be another body’s, or the same document scanned or saved with another program.
said-undetermined = This says nothing about the document: it does not mean that it is false.
next-title = What to do
next-accept = You may accept it as an authentic copy.
next-withdrawn = Ask whoever issued it for a copy that is in force.
next-issuer = If you need to know whether it still counts, ask whoever issued it.
next-official = Do not use it. Open the official copy with the code at the foot of the document: that is the one that counts.
next-operator = Do not accept it until { $contact } confirms it.
next-foreign = See below who signed it and whether the signature is sound. If it carries a code, check it at the address written on the document.
next-unsigned = Ask whoever gave it to you for the signed document. If it carries a code, check it at the address written on it.
next-later = Try again in a few minutes. If it stays like this, ask { $contact }.

sound-passed = { $count ->
    [one] The signature is sound
   *[other] All { $count } signatures are sound
}
sound-passed-means = What was signed has not changed, and whoever signed has a certificate from an issuer that this service trusts.
sound-indeterminate = { $count ->
    [one] We cannot say whether the signature is sound
   *[other] We cannot say whether all signatures are sound
}
sound-indeterminate-means = Nothing proves it false, but something is missing to accept it.
sound-failed = { $count ->
    [one] The signature is not sound
   *[other] Not all signatures are sound
}
sound-failed-means = Do not rely on what it says.
sound-none = The file carries no signature
sound-none-means = Nothing shows who made it, or that it has not been changed.
sound-no-signature-failed = It looks signed, but carries no sound signature

tag-passed = Sound
tag-indeterminate = Not fully verified
tag-failed = Not sound
signer-unknown = Signer unknown
signatures-title = Signatures
role = What it is
role-copy-seal = The seal of the copy
role-signature = A signature or seal of the document
role-source-signature = A signature that the original document already carried. It does not count for the copy.
entity = Entity
registered-for = Seal registered here for
level = Level
level-b-b = Basic (B-B): no independent proof of when it was made
level-b-t = With a timestamp (B-T)
level-b-lt = Long-term (B-LT): carries a timestamp and the data to verify it later
level-b-lta = Archival (B-LTA): carries those data protected by another timestamp
when = When
when-timestamp = It existed on { $moment }. A timestamp proves it.
when-archive = It existed on { $moment }, when this service stored the copy.
when-claimed = The signature says that it was made on { $moment }, but nothing proves it.
when-unknown = Not stated.
later = Later changes
later-none = None: it covers the whole file.
later-some = There are data added after the signature.
later-permitted = The signature permits it.
later-forbidden = The signature does not permit it.
later-undecided = Whether that hides something cannot be said here.
change-validation-data = Validation data or timestamps were added, which do not change the document.
change-form-fill = Fields were filled in, or it was signed again.
change-locked-field = A field that the signature locks was changed.
change-annotations = Annotations were added, changed or taken away.
change-page-content = What the pages show was changed.
change-structure = The structure of the document was changed.
stamp-passed = A timestamp of { $authority } proves that the document existed on { $moment }.
stamp-indeterminate = We could not fully verify a timestamp of { $authority }.
stamp-failed = A timestamp of { $authority } is not sound.
authority-unknown = an unknown authority

## Why a signature did not pass (the sub-indications of EN 319 102-1)

why-format-failure = The signature does not have the form that the standards ask for.
why-hash-failure = The content is not what was signed: it was changed afterwards.
why-sig-crypto-failure = The signature does not match the certificate of whoever is said to have signed.
why-revoked = The certificate was already revoked when it was signed.
why-expired = The certificate had already expired when it was signed.
why-not-yet-valid = The signature is older than the certificate.
why-sig-constraints-failure = The signature, or what was done to the document afterwards, does not meet what is asked of it.
why-chain-constraints-failure = Some certificate is not meant for the use made of it.
why-certificate-chain-general-failure = Nothing reliable says whether some certificate was revoked.
why-crypto-constraints-failure = It uses an algorithm that is too weak.
why-crypto-constraints-failure-no-poe = It uses an algorithm that is no longer secure enough, and nothing proves that it was made while it was.
why-timestamp-order-failure = The timestamps contradict one another.
why-no-signing-certificate-found = The signer’s certificate is missing, or is not the one that the signature names.
why-no-certificate-chain-found = The certificate comes from no issuer that this service trusts. It may be good, but it cannot be verified here.
why-no-certificate-chain-found-no-poe = The certificate came from no issuer that this service trusts for the time of the signature.
why-revoked-no-poe = The certificate is revoked, and nothing proves that it was signed before.
why-revoked-ca-no-poe = An issuer’s certificate is revoked, and nothing proves that it was signed before.
why-out-of-bounds-no-poe = The certificate has expired or was not valid yet, and nothing proves that it was signed while it was.
why-out-of-bounds-not-revoked = The certificate has expired, and nothing proves that it was signed before. The last word is that it was not revoked.
why-revocation-out-of-bounds-no-poe = What is said of the certificate’s revocation was signed by somebody who could no longer do so.
why-no-poe = A proof of when it was signed is missing.
why-try-later = What is said of the certificate’s revocation is not recent enough, or the certificate is on hold. Try again later.
why-signed-data-not-found = The content that was signed is missing.
why-generic = Something stood in the way of verifying it.

## What was seen (groups of rules)

seen-added = What was added to the copy is more than preservation data.
seen-coverage = The signature does not cover exactly what it should.
seen-copied = The same signature stands in more than one place.
seen-posing = Something looks like a signature and is none, or a signature was taken away.
seen-rewritten = Somebody rewrote the signature’s data after signing.
seen-form = The form of the signature is not quite what the standards ask for.
seen-content = The content of the file does not match what was signed.
seen-certificate = The signer’s certificate is missing or not the one that the signature names.
seen-issuer = The certificates lead to no issuer that this service trusts.
seen-validity = Some certificate was outside its validity.
seen-revocation = What is said of the revocation of the certificates is incomplete or unfavourable.
seen-usage = Some certificate was issued for another use than this one.
seen-algorithm = Some algorithm is not secure enough, or not the one that the signature names.
seen-time = Some timestamp is not as it should be.
seen-claimed-time = The date that the signature states cannot be true.
seen-changed = The document was changed in a way that the signature does not permit or that cannot be explained.
seen-repaired = The file is damaged and had to be repaired to be read: other programs may show something else.
seen-unreadable = The document cannot be read whole.
seen-limit = There are more data or signatures than are verified.
seen-empty-field = There are places for signatures that nobody has signed.
seen-usage-rights = There is a mark of a reader program that signs nothing.

## The file and its technical data

file-checked = The file that was checked
checked-for = Checked for the time
checked-by = Checked with
disclaimer = Made automatically by the rules that it names. It is not the result of a qualified validation service (Regulation (EU) 910/2014).
technical-words = The indications are those of ETSI EN 319 102-1.
the-document = The document
verdict = Verdict
status-word = Status of the copy
indication = Indication
sub-indication = Sub-indication
revisions = Revisions of the file
version = Version
committed = Stored in the archive (evidence, no timestamp)
part-copy = Part: the copy, up to byte
part-data = Part: validation data, up to byte
part-timestamp = Part: timestamp, up to byte
matched = SHA-256 digest of the version issued
organ-code = Body (DIR3)
policy = Validation policy
trust-seals = Trusted for signatures and seals
trust-timestamps = Trusted for timestamps
anchors = { $count ->
    [0] No issuer: nothing can be accepted
    [one] 1 issuer
   *[other] { $count } issuers
}
anchors-of = { $anchors }; list of { $date } ({ $days ->
    [0] today
    [one] 1 day old
   *[other] { $days } days old
})
field = Field
counts = Counts for the document
best-time = Best signature time
covers = Covers the whole file
revision = Revision that it signs
certification = Certification (DocMDP)
yes = Yes
no = No
qualification = The certificate says of itself
certificate-policies = Certificate policies
signature-timestamp = Timestamp of the signature
document-timestamp = Timestamp of the document
change-in = Change in revision { $revision }
claims-title = What the signature says of itself: it proves nothing
claim-time = Date
claim-name = Name
claim-reason = Reason
claim-location = Place
findings-title = Findings
findings-none = None.
severity-passed = Held
severity-info = Note
severity-warning = Warning
severity-failed = Failed
