//! Why a trusted list is not accepted.

use crate::model::Sha256Digest;

/// Why a trusted list is not accepted. [`Self::next_step`] says who must do what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustListFault {
    /// Larger than any list.
    #[error("the file has {bytes} bytes; a list has {most} at most")]
    TooLarge {
        /// Of the file.
        bytes: usize,
        /// Allowed.
        most: usize,
    },
    /// More nodes, levels or entries than any list has.
    #[error("the list has more than {most} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// Allowed.
        most: usize,
    },
    /// The octets are no text in UTF-8 (TS 119 612, 5.1.2).
    #[error("the file is not text in UTF-8")]
    NotUtf8,
    /// The text is not well-formed XML, or declares a document type.
    #[error("the file is not acceptable XML: {cause}")]
    NotXml {
        /// In the parser's words.
        cause: String,
    },
    /// The root element is another one.
    #[error("the file is not a trusted list: its root is <{found}>")]
    NotATrustedList {
        /// The root element.
        found: String,
    },
    /// There is no signature.
    #[error("the list is not signed")]
    NotSigned,
    /// There are several signatures, or one where it should not be.
    #[error("the list must have exactly one signature, as a child of its root")]
    SignatureMisplaced,
    /// An element of the signature is missing, repeated or unreadable.
    #[error("the signature's {what} is missing, repeated or cannot be read")]
    SignatureForm {
        /// The element.
        what: &'static str,
    },
    /// An algorithm that is unknown here or too weak.
    #[error("the {role} {algorithm} is not accepted")]
    Algorithm {
        /// What it is used for.
        role: &'static str,
        /// Its identifier.
        algorithm: String,
    },
    /// A key that is too short, or of another kind than the algorithm's.
    #[error("the signer's key ({key}) is too weak for, or not of the kind of, the signature")]
    WeakKey {
        /// `RSA-1024`, …
        key: String,
    },
    /// A reference to something that is neither the whole list nor a part of the signature.
    #[error(
        "the signature refers to \"{uri}\", which is neither the whole list nor a part of the signature"
    )]
    Reference {
        /// Its URI.
        uri: String,
    },
    /// No reference, or several, to the whole list.
    #[error("the signature does not cover the whole list exactly once")]
    NotTheWholeList,
    /// No reference, or several, to the signature's own signed properties (EN 319 132-1, 4.3.3).
    #[error("the signature does not cover its signed properties exactly once")]
    SignedProperties,
    /// The signed properties name another certificate (EN 319 132-1, 5.2.2).
    #[error("no certificate in the signature is the one that its signed properties name")]
    SigningCertificate,
    /// The signer is not pinned.
    #[error(
        "the list is signed with a certificate that is not among those you named: {subject}, SHA-256 {fingerprint}"
    )]
    SignerNotPinned {
        /// Common name.
        subject: String,
        /// Of the certificate.
        fingerprint: Sha256Digest,
    },
    /// The list was issued when the signer's certificate was not valid.
    #[error(
        "the list was issued on {issued}, when the signer's certificate was not valid ({from} to {until})"
    )]
    SignerNotValid {
        /// The day.
        issued: String,
        /// First day.
        from: String,
        /// Last day.
        until: String,
    },
    /// What is signed was changed.
    #[error("the digest of {what} is not the one that was signed: it was changed")]
    Digest {
        /// The part.
        what: &'static str,
    },
    /// The signature value is wrong.
    #[error("the signature is not by the certificate it names")]
    WrongSignature,
    /// An element of the list is missing or unreadable.
    #[error("the list's {what} is missing or cannot be read (TS 119 612, {clause})")]
    Structure {
        /// The element.
        what: &'static str,
        /// The clause that demands it.
        clause: &'static str,
    },
    /// A version of the format that is not known here.
    #[error("the list is in version {found} of the format; 5 and 6 are known here")]
    Version {
        /// As written.
        found: String,
    },
}

impl TrustListFault {
    /// Who must do what.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::TooMany { .. } => {
                "operator: check that this is the list you meant; if it is, tell the makers of Segell"
            }
            Self::NotUtf8
            | Self::NotXml { .. }
            | Self::NotATrustedList { .. }
            | Self::NotSigned => {
                "operator: fetch the XML list again from the address that the list of lists names"
            }
            Self::SignerNotPinned { .. } => {
                "operator: take the signers from the list of lists (`segell trust signers`), and those \
                 of the list of lists from the Official Journal; never from the list itself"
            }
            Self::Digest { .. } | Self::WrongSignature => {
                "operator: fetch the list again over a connection you trust; if it stays so, tell the \
                 scheme operator, and keep the previous import"
            }
            Self::SignerNotValid { .. } => {
                "operator: fetch the current list; if it is the current one, tell the scheme operator"
            }
            Self::SignatureMisplaced
            | Self::SignatureForm { .. }
            | Self::Algorithm { .. }
            | Self::WeakKey { .. }
            | Self::Reference { .. }
            | Self::NotTheWholeList
            | Self::SignedProperties
            | Self::SigningCertificate
            | Self::Structure { .. } => {
                "scheme operator: publish a list that keeps to TS 119 612; until then keep the previous \
                 import"
            }
            Self::Version { .. } => {
                "operator: use a newer Segell, or the scheme operator's list in a version that is known"
            }
        }
    }
}
