//! Why a seal cannot be loaded, and what to do about it.

use jiff::Timestamp;

use super::TokenTrouble;
use crate::model::{Nif, SealAlgorithm};

/// A named cause for which a seal is not loaded. [`Self::next_step`] says who must do what.
///
/// Texts hold no passphrase, no path and nothing about a custodian.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealDefect {
    /// The organ's file says that the seal was ceded to another administration.
    #[error(
        "the seal is declared as ceded to another administration, so its key does not belong here"
    )]
    Ceded,
    /// The organ's file says that a central service keeps the seal.
    #[error("the seal is declared as kept by a central service, so its key is not loaded here")]
    Centralised,
    /// A file that the organ's file names is not there or cannot be read.
    #[error("{what} is missing or cannot be read")]
    FileMissing {
        /// Which: `the container`, `the passphrase file`, …
        what: String,
    },
    /// The seal, or an anchor, is from `certs-example`.
    #[error("the seal is example material, whose private keys are public")]
    ExampleMaterial,
    /// The bytes are something else than the settings say.
    #[error("the container is not {expected}")]
    NotAContainer {
        /// `PKCS#12` or `PEM`.
        expected: &'static str,
        /// What the bytes look like, when that is clear.
        found: Option<&'static str>,
    },
    /// The container or key does not open.
    #[error("the passphrase does not open the container")]
    WrongPassphrase,
    /// The key is encrypted and no passphrase was given.
    #[error("the private key is encrypted and no passphrase is configured")]
    NoPassphrase,
    /// RC2 or another cipher that OpenSSL has in its legacy provider only, which cannot be loaded here.
    #[error("the container is encrypted with an old cipher (RC2) that this OpenSSL cannot read")]
    LegacyContainer,
    /// Only certificates inside.
    #[error("there is no private key inside, only certificates")]
    NoPrivateKey,
    /// Only a key inside.
    #[error("there is no certificate inside")]
    NoCertificate,
    /// No certificate inside has the public half of the key.
    #[error("the private key belongs to none of the certificates inside")]
    KeyMismatch,
    /// A certificate that cannot be read.
    #[error("{what} cannot be read as a certificate")]
    UnreadableCertificate {
        /// Which: `the seal`, the name of an anchor file, …
        what: String,
    },
    /// A certificate of an authority.
    #[error("the certificate is that of a certification authority, not of a seal")]
    CertificationAuthority,
    /// Past its end.
    #[error("the certificate expired on {since}")]
    Expired {
        /// End of its validity.
        since: Timestamp,
    },
    /// Before its start.
    #[error("the certificate is not valid before {from}")]
    NotYetValid {
        /// Start of its validity.
        from: Timestamp,
    },
    /// AOC's *certificat d'aplicació*: it has the eseal type and is no seal of an administration.
    #[error(
        "this is a generic application certificate (1.3.6.1.4.1.15096.1.3.2.91.1), not an organ's seal"
    )]
    ApplicationCertificate,
    /// Lacks what the national profile of a seal demands.
    #[error("the certificate does not follow the profile of an organ's seal: {missing} is missing")]
    NotASealProfile {
        /// What it lacks.
        missing: &'static str,
    },
    /// Key usage allows neither digitalSignature nor contentCommitment.
    #[error(
        "the key usage of the certificate allows neither digitalSignature nor contentCommitment"
    )]
    KeyUsage,
    /// Another organ's NIF stands in the certificate.
    #[error("the certificate belongs to NIF {found}, the organ's is {expected}")]
    OtherNif {
        /// The organ's.
        expected: Nif,
        /// The certificate's.
        found: String,
    },
    /// No NIF in the certificate.
    #[error("the certificate names no NIF")]
    NoNif,
    /// The key cannot sign with the algorithm configured.
    #[error("a key {key} does not fit the algorithm {algorithm}")]
    KeyUnfit {
        /// `RSA-1024`, `EC P-256`, …
        key: String,
        /// The algorithm configured.
        algorithm: SealAlgorithm,
    },
    /// An issuer's certificate is neither in the container nor among the anchors.
    #[error(
        "the chain is incomplete: the certificate of the issuer \u{201c}{issuer}\u{201d} is missing"
    )]
    IncompleteChain {
        /// Common name of the missing issuer.
        issuer: String,
    },
    /// The chain is complete and ends in a root that is no anchor.
    #[error("the chain ends in \u{201c}{root}\u{201d}, which is not among the anchors")]
    UntrustedIssuer {
        /// Common name of the root.
        root: String,
    },
    /// Another fault in the chain.
    #[error("the chain does not hold at \u{201c}{certificate}\u{201d}: {reason}")]
    BrokenChain {
        /// Common name of the certificate at fault.
        certificate: String,
        /// In OpenSSL's words.
        reason: String,
    },
    /// The key did not sign, or signed what its certificate does not confirm.
    #[error("the private key does not sign")]
    DoesNotSign,
    /// What the organ's file declares about the use of its seal cannot be so.
    #[error("the use of the seal is declared in a contradictory way: {cause}")]
    ContradictoryUse {
        /// What contradicts what.
        cause: String,
    },
    /// The key is in a device, and something is wrong with that.
    #[error(transparent)]
    Token(#[from] TokenTrouble),
}

impl SealDefect {
    /// A stable word for programs: `wrong-passphrase`, `no-private-key`, …
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ceded => "ceded",
            Self::Centralised => "centralised",
            Self::FileMissing { .. } => "file-missing",
            Self::ExampleMaterial => "example-material",
            Self::NotAContainer { .. } => "not-a-container",
            Self::WrongPassphrase => "wrong-passphrase",
            Self::NoPassphrase => "no-passphrase",
            Self::LegacyContainer => "legacy-container",
            Self::NoPrivateKey => "no-private-key",
            Self::NoCertificate => "no-certificate",
            Self::KeyMismatch => "key-mismatch",
            Self::UnreadableCertificate { .. } => "unreadable-certificate",
            Self::CertificationAuthority => "certification-authority",
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::ApplicationCertificate => "application-certificate",
            Self::NotASealProfile { .. } => "not-a-seal-profile",
            Self::KeyUsage => "key-usage",
            Self::OtherNif { .. } => "other-nif",
            Self::NoNif => "no-nif",
            Self::KeyUnfit { .. } => "key-unfit",
            Self::IncompleteChain { .. } => "incomplete-chain",
            Self::UntrustedIssuer { .. } => "untrusted-issuer",
            Self::BrokenChain { .. } => "broken-chain",
            Self::DoesNotSign => "does-not-sign",
            Self::ContradictoryUse { .. } => "contradictory-use",
            Self::Token(trouble) => trouble.code(),
        }
    }

    /// What the operator or the organ has to do next, one sentence, with the command where there is one.
    pub fn next_step(&self) -> String {
        match self {
            Self::Ceded => "Operator: nothing is wrong if the other administration seals; to seal here, \
                 the organ revokes the cession and asks for a seal for its own direct use (`cession = \"own\"`)."
                .into(),
            Self::Centralised => "Operator: nothing is wrong if the central service seals; to seal here, \
                 the organ asks its issuer for a seal for its own direct use (`cession = \"own\"`)."
                .into(),
            Self::FileMissing { what } => format!(
                "Operator: put {what} where the organ's file says (the path is relative to that file) and \
                 let the user of the service read it."
            ),
            Self::ExampleMaterial => "Operator: configure the seal that the organ got from its issuer and \
                 leave `certs-example` out of production."
                .into(),
            Self::NotAContainer { expected: "PEM", found: Some("PKCS#12") } => "Operator: say \
                 `pkcs12 = \"FILE\"` in the organ's file instead of `certificates` and `key`."
                .into(),
            Self::NotAContainer { found: Some("PEM"), .. } => "Operator: say `certificates = \"FILE\"` and \
                 `key = \"FILE\"` in the organ's file instead of `pkcs12`."
                .into(),
            Self::NotAContainer { .. } => "Organ: send the file again as it came from the issuer (.p12 or \
                 .pfx); see what it is with `openssl pkcs12 -info -noout -in FILE`."
                .into(),
            Self::WrongPassphrase => "Operator: correct the passphrase file (no spaces, nothing after the \
                 first line); try it with `openssl pkcs12 -noout -in FILE -passin file:PASSPHRASE_FILE`."
                .into(),
            Self::NoPassphrase => "Operator: add `passphrase_file = \"FILE\"` under `[seal]` in the organ's \
                 file."
                .into(),
            Self::LegacyContainer => "Operator: convert it once with `openssl pkcs12 -legacy -in old.p12 \
                 -nodes | openssl pkcs12 -export -out new.p12`, or install the legacy provider of OpenSSL."
                .into(),
            Self::NoPrivateKey => "Organ: export the seal again together with its private key; a .cer or \
                 .crt holds the certificate only."
                .into(),
            Self::NoCertificate => "Organ: export the seal again together with its certificate, or join \
                 both with `openssl pkcs12 -export -inkey KEY -in CERTIFICATE -out seal.p12`."
                .into(),
            Self::KeyMismatch => "Operator: find the key of this certificate: `openssl pkey -in KEY \
                 -pubout` and `openssl x509 -in CERTIFICATE -noout -pubkey` have to print the same."
                .into(),
            Self::UnreadableCertificate { .. } => "Operator: replace the file; \
                 `openssl x509 -in FILE -noout -text` has to read it."
                .into(),
            Self::CertificationAuthority => "Operator: configure the certificate of the seal, first in the \
                 file, and its issuers after it."
                .into(),
            Self::Expired { .. } => "Organ: renew the seal with its issuer; copies sealed before stay \
                 valid."
                .into(),
            Self::NotYetValid { .. } => "Operator: wait until then, or correct the clock of this machine \
                 if it is behind."
                .into(),
            Self::ApplicationCertificate => "Organ: ask its issuer for a *segell d'òrgan* (CDA-1 SENM or \
                 higher); this certificate identifies an application only."
                .into(),
            Self::NotASealProfile { .. } => "Organ: ask its issuer for an electronic seal of the \
                 administration (policy 2.16.724.1.3.5.6.1 or 2.16.724.1.3.5.6.2, type eseal)."
                .into(),
            Self::KeyUsage => "Organ: ask its issuer for a seal whose certificate allows signing.".into(),
            Self::OtherNif { found, .. } => format!(
                "Operator: give this seal to the organ whose NIF is {found}, or correct `nif` in the \
                 organ's file."
            ),
            Self::NoNif => "Organ: ask its issuer for a seal that names the organ's NIF \
                 (organizationIdentifier VATES-…)."
                .into(),
            Self::KeyUnfit { algorithm, .. } => format!(
                "Operator: set an `algorithm` that the key fits (RSA of 2048 bits or more, P-256, P-384) \
                 instead of {algorithm}, or have the organ renew the seal with a stronger key."
            ),
            Self::IncompleteChain { issuer } => format!(
                "Operator: put the certificate of \u{201c}{issuer}\u{201d}, from the issuer's own site, in the \
                 folder of anchors or in the container."
            ),
            Self::UntrustedIssuer { root } => format!(
                "Operator: if \u{201c}{root}\u{201d} is a public issuer of seals, verify the fingerprint it \
                 publishes and put its certificate in the folder of anchors; otherwise refuse the seal."
            ),
            Self::BrokenChain { .. } => "Operator: replace the issuers' certificates by those the issuer \
                 publishes today; `openssl verify -CAfile ANCHORS -untrusted ISSUERS SEAL` shows the fault."
                .into(),
            Self::ContradictoryUse { .. } => "Operator: under `[seal]` say `use = \"exclusive\"` with one \
                 application, `use = \"shared\"` with those that share it, or neither, for every application \
                 that may ask for the organ."
                .into(),
            Self::DoesNotSign => "Organ: export the seal again; the private key in this file is damaged."
                .into(),
            Self::Token(trouble) => trouble.next_step().into(),
        }
    }
}
