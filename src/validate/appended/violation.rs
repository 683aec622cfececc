//! What was broken, and where.

use std::fmt;

/// A rule of the grammar for appended data. Each is stated with its reason in `CONFORMANCE.md`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Rule {
    /// Revisions one after the other, nothing between, before or after them; within the limits.
    S1,
    /// The cross-reference lists exactly the objects that stand in its own revision, where they stand.
    S2,
    /// A cross-reference stream is the last object of its revision and knows no other kind of entry;
    /// no object streams.
    S3,
    /// The trailer continues the base's: same catalog, same identifier, same encryption.
    S4,
    /// An object is new, or one of the few that may be written again.
    S5,
    /// Dictionaries, names and numbers leave no room for two readings.
    S6,
    /// The catalog stays as it was, but for its form, its DSS and its extensions.
    S7,
    /// The form stays as it was, but for one signature field more.
    S8,
    /// The field added is an invisible document timestamp.
    S9,
    /// The timestamp covers everything up to the end of its revision.
    S10,
    /// The document security store holds validation data and nothing else.
    S11,
    /// Nothing that is, or belongs to, a page.
    S12,
    /// No object without a purpose.
    S13,
    /// At most sixteen revisions.
    S14,
    /// A stream is never written again.
    S15,
    /// Whatever is in doubt is refused.
    S16,
}

impl Rule {
    /// Its name, `S1` to `S16`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::S1 => "S1",
            Self::S2 => "S2",
            Self::S3 => "S3",
            Self::S4 => "S4",
            Self::S5 => "S5",
            Self::S6 => "S6",
            Self::S7 => "S7",
            Self::S8 => "S8",
            Self::S9 => "S9",
            Self::S10 => "S10",
            Self::S11 => "S11",
            Self::S12 => "S12",
            Self::S13 => "S13",
            Self::S14 => "S14",
            Self::S15 => "S15",
            Self::S16 => "S16",
        }
    }

    /// Broken at a byte of the file.
    pub(super) fn broken(self, offset: u64, text: &'static str) -> Violation {
        Violation {
            rule: self,
            offset,
            text,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The first rule that was broken. It ends the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule} at byte {offset}: {text}")]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// Where: bytes from the beginning of the whole file.
    pub offset: u64,
    /// What is wrong there, in a sentence without its full stop.
    pub text: &'static str,
}
