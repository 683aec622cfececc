//! What a copy is, in the words of the national interoperability scheme (ENI).

use serde::{Deserialize, Serialize};

use super::language::Language;

/// The elaboration state of a copy (ENI, *estado de elaboración*). EE01 is an original and EE99
/// something else: neither is a copy that Segell makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    /// EE02, copy of an electronic document.
    #[default]
    Electronic,
    /// EE03, copy of a paper document.
    Paper,
    /// EE04, copy of a part of an electronic document.
    Partial,
}

impl CopyKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Electronic, Self::Paper, Self::Partial];

    /// The ENI code: EE02, EE03 or EE04.
    pub const fn elaboration_state(self) -> &'static str {
        match self {
            Self::Electronic => "EE02",
            Self::Paper => "EE03",
            Self::Partial => "EE04",
        }
    }

    /// The word in requests, answers and settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Electronic => "electronic",
            Self::Paper => "paper",
            Self::Partial => "partial",
        }
    }

    /// Reads the word or the ENI code.
    pub fn from_word(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.word() == text || kind.elaboration_state() == text)
    }
}

/// Who made the source (ENI, *origen*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A citizen or a company.
    Citizen,
    /// A public administration.
    Administration,
}

impl Origin {
    /// Reads the word in a request.
    pub fn from_word(text: &str) -> Option<Self> {
        match text {
            "citizen" => Some(Self::Citizen),
            "administration" => Some(Self::Administration),
            _ => None,
        }
    }
}

/// The type of a document (ENI, *tipo documental*): TD01 to TD20, the parliamentary TD51 to TD69,
/// or TD99 for any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentType(u8);

impl DocumentType {
    /// TD99, any other.
    pub const OTHER: Self = Self(99);
}

/// A text that is no ENI document type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a document type: TD01 to TD20, TD51 to TD69 or TD99")]
pub struct InvalidDocumentType;

impl TryFrom<String> for DocumentType {
    type Error = InvalidDocumentType;

    fn try_from(text: String) -> Result<Self, InvalidDocumentType> {
        let number = text
            .strip_prefix("TD")
            .filter(|digits| digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .ok_or(InvalidDocumentType)?;
        match number {
            1..=20 | 51..=69 | 99 => Ok(Self(number)),
            _ => Err(InvalidDocumentType),
        }
    }
}

impl From<DocumentType> for String {
    fn from(kind: DocumentType) -> Self {
        format!("TD{:02}", kind.0)
    }
}

/// Where the band goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// On every page, in a box that grows in equal proportions.
    #[default]
    Fit,
    /// On every page, in a box that grows downwards only, so that drawings keep their scale.
    Extend,
    /// On one page of its own after the last.
    Last,
}

impl Placement {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fit, Self::Extend, Self::Last];

    /// The word in requests, answers and settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fit => "fit",
            Self::Extend => "extend",
            Self::Last => "last",
        }
    }

    /// Reads the word in a request.
    pub fn from_word(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|placement| placement.word() == text)
    }
}

/// A reference of the caller's own system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalRef {
    /// The system, such as `registre`.
    pub system: String,
    /// The identifier in it.
    pub id: String,
}

/// The metadata of a copy as the request gives it and defaults complete it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// What kind of copy.
    pub kind: CopyKind,
    /// Language of the band.
    pub language: Language,
    /// Where the band goes.
    pub placement: Placement,
    /// Title for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ENI document type.
    pub document_type: DocumentType,
    /// Who made the source.
    pub origin: Origin,
    /// When the source was captured (ENI, *fecha de captura*).
    pub captured_at: jiff::Timestamp,
    /// ENI identifier of the source.
    pub source_id: String,
    /// The service made `source_id` up from the source's digest.
    pub source_id_generated: bool,
    /// Who asked for the copy; never printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// The caller's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<ExternalRef>,
}
