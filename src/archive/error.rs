//! What can go wrong with the archive.

use super::bucket::Lock;

/// Why the archive has no answer. None of these says anything about a copy: "cannot look now" is
/// never "in force" and never "unknown".
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The owner keeps the copies (`archive = none`).
    #[error("this service keeps no copies")]
    NoArchive,
    /// A bucket was named and nothing says who asks for it.
    #[error(
        "a bucket takes credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, \
         and AWS_ENDPOINT_URL for a store that is not Amazon's"
    )]
    NoAccess,
    /// The store did not answer, or refused to. A later attempt may succeed; a write may have
    /// happened all the same.
    #[error("the archive cannot be reached now")]
    Unavailable(#[source] object_store::Error),
    /// Somebody else is writing the same object at this moment; try again.
    #[error("another writer is at work on the same copy")]
    Contended,
    /// The store let a second create replace the first.
    #[error(
        "the archive does not honour create-only writes (`If-None-Match: *`): \
         a second write replaced the first, so copies would not be safe in it"
    )]
    NotCreateOnly,
    /// What is stored contradicts itself. Nobody but an operator can help.
    #[error("the archive is damaged: {0}")]
    Corrupt(Defect),
    /// A document that is not the one its intent describes; nothing was written.
    #[error("the document is not the one its intent describes")]
    OtherDocument,
    /// A range of bytes that reaches beyond its content.
    #[error("the range reaches beyond the content")]
    OutOfRange,
    /// A record could not be written as JSON.
    #[error("a record cannot be written as JSON")]
    Encoding(#[source] serde_json::Error),
    /// The store keeps what was to be removed: a retention or a legal hold of its own (object lock), or
    /// credentials that may not remove.
    #[error("the store refuses to remove the content: {}", refusal(*.0))]
    RemovalRefused(Option<Lock>),
    /// The folder of the archive cannot be opened or created.
    #[error("the folder of the archive cannot be opened")]
    Folder(#[source] std::io::Error),
}

fn refusal(lock: Option<Lock>) -> String {
    match lock {
        Some(Lock::Until(date)) => format!("its object lock keeps it until {date}"),
        Some(Lock::Hold) => "a legal hold keeps it until somebody lifts it".to_owned(),
        None => "it answers that this is forbidden".to_owned(),
    }
}

impl ArchiveError {
    /// The same call may succeed later, without anybody doing anything about the archive's content.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Contended)
    }
}

/// One way in which stored objects contradict themselves or each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Defect {
    /// An object that is not the JSON it should be.
    #[error("an object cannot be read as what it should be")]
    Unreadable,
    /// An object written by a newer version of the software.
    #[error("an object was written by a newer version of the software")]
    NewerSchema,
    /// An object that names another copy than the one it is stored under.
    #[error("an object names another copy than the one it is stored under")]
    Misplaced,
    /// Objects of a copy of which nobody wrote the intent.
    #[error("a copy has no intent")]
    IntentMissing,
    /// A record that does not contain the intent stored beside it.
    #[error("a record differs from its intent")]
    IntentDiffers,
    /// A record without its document.
    #[error("a copy's document is missing")]
    DocumentMissing,
    /// A document whose bytes are not the recorded ones, or not of the shape its intent describes.
    #[error("a copy's document is not the recorded one")]
    DocumentDiffers,
    /// A document that does not begin with the recorded source although its record says so.
    #[error("a copy's document does not begin with the recorded source")]
    SourceDiffers,
    /// The digest of a document leads nowhere.
    #[error("the digest of a copy's document leads nowhere")]
    DigestMissing,
    /// The digest of a document leads to another copy, or to a copy with another document.
    #[error("a digest leads to a copy that has another document")]
    DigestDiffers,
    /// A copy that its organ's list of the day does not name.
    #[error("a copy is missing from its organ's list")]
    OrganPointerMissing,
    /// A copy that is not found by its external reference.
    #[error("a copy is not found by its external reference")]
    ReferenceMissing,
    /// A pointer to a copy that does not exist.
    #[error("a pointer leads to a copy that does not exist")]
    PointerStray,
    /// Numbered events with a gap.
    #[error("an event of a copy is missing")]
    EventMissing,
    /// Numbered extensions with a gap, or a digest that leads to one that is not there.
    #[error("an extension of a copy is missing")]
    ExtensionMissing,
    /// An extension that does not continue its copy, or whose bytes are not the recorded ones.
    #[error("an extension of a copy is not the recorded one")]
    ExtensionDiffers,
    /// A copy that was erased and of which something is left.
    #[error("a copy was erased and something of it is left")]
    ErasureUnfinished,
    /// A copy sealed by a certificate that nobody registered.
    #[error("the certificate that sealed a copy is not registered")]
    SealUnknown,
}

impl Defect {
    /// The stable word, for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "object-unreadable",
            Self::NewerSchema => "object-newer-schema",
            Self::Misplaced => "object-misplaced",
            Self::IntentMissing => "intent-missing",
            Self::IntentDiffers => "intent-differs",
            Self::DocumentMissing => "document-missing",
            Self::DocumentDiffers => "document-differs",
            Self::SourceDiffers => "source-differs",
            Self::DigestMissing => "digest-missing",
            Self::DigestDiffers => "digest-differs",
            Self::OrganPointerMissing => "organ-pointer-missing",
            Self::ReferenceMissing => "reference-missing",
            Self::PointerStray => "pointer-stray",
            Self::EventMissing => "event-missing",
            Self::ExtensionMissing => "extension-missing",
            Self::ExtensionDiffers => "extension-differs",
            Self::ErasureUnfinished => "erasure-unfinished",
            Self::SealUnknown => "seal-unknown",
        }
    }
}
