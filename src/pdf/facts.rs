//! What was found in a source: facts only. Whether they matter is decided by the organ's policy.

use serde::{Deserialize, Serialize};

/// Everything found in a source that its organ, its reader or its record may want to know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFacts {
    /// `1.4`, from the header or the catalog, the later one.
    pub version: String,
    /// Pages in the page tree.
    pub pages: u32,
    /// Indirect objects in use.
    pub objects: u32,
    /// Form of the newest cross-reference section.
    pub cross_reference: CrossReference,
    /// Linearized ("fast web view").
    pub linearized: bool,
    /// The cross-reference data was damaged and read all the same; what was wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repaired: Option<String>,
    /// Encryption with an empty user password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
    /// `/MarkInfo << /Marked true >>`.
    pub tagged: bool,
    /// PDF/A identification in XMP, such as `2b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdfa: Option<String>,
    /// Terminal fields of the form.
    pub form_fields: u32,
    /// An XFA form.
    pub xfa: bool,
    /// The form leaves the appearance of its fields to the reader (`/NeedAppearances`), so that two
    /// readers may show different things.
    #[serde(default)]
    pub need_appearances: bool,
    /// JavaScript, launch actions and their like.
    pub active_content: Vec<ActiveContent>,
    /// Embedded files.
    pub attachments: u32,
    /// Signature fields with a value, document timestamps included.
    pub signatures: u32,
    /// Revisions before the newest one.
    pub earlier_revisions: u32,
    /// Objects that the newest revision does not reach.
    pub unreachable_objects: u32,
    /// Bytes after the last `%%EOF` and its line end.
    pub trailing_bytes: u64,
    /// Pages (1-based) with annotations that reach outside the crop box.
    pub annotations_outside: Vec<u32>,
    /// Layers (optional content groups).
    pub layers: u32,
}

/// Form of a cross-reference section (ISO 32000-2, 7.5.4 and 7.5.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossReference {
    /// A classic table.
    #[default]
    Table,
    /// A cross-reference stream.
    Stream,
    /// A table with `/XRefStm`.
    Hybrid,
}

/// How a source that opens without a password is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// `RC4-40`, `RC4-128`, `AES-128`, `AES-256`.
    pub cipher: String,
    /// The permissions (`/P`) forbid modifying, annotating or assembling.
    pub restricted: bool,
}

/// One place where a source acts by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveContent {
    /// The action's name: `JavaScript`, `Launch`, `SubmitForm`, `ImportData`, `GoToE`, `Rendition`, `RichMedia`, …
    pub action: String,
    /// 1-based page, when it hangs from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}
