//! What a PDF says of its signatures, revision by revision: facts for a validator, no judgement.
//!
//! Every revision is read as the file that ended there, so that a signature which a later revision took
//! away or rewrote is seen as it was signed (ISO 32000-2, 12.8; `reference` rules B1–B6, V1–V3).

mod ambiguity;
mod changes;
mod dictionary;
mod dss;
mod fields;
mod history;
mod permissions;
mod revisions;
mod skeleton;
mod survey;
mod value;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::byte_range::{ByteRange, ByteRangeDefect};
use crate::model::Octets;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignatureSurvey {
    /// The revisions, oldest first; the last one ends with the file or in front of bytes that belong
    /// to none.
    pub revisions: Vec<Revision>,
    /// The file could only be read by repairing its cross-reference data, and what was wrong.
    pub repaired: Option<String>,
    /// Encrypted, readable with the empty user password.
    pub encrypted: bool,
    /// Bytes behind the last revision; 0 when they are white space only.
    pub trailing_bytes: u64,
    /// The signatures reachable from the form of some revision, in the order of what they cover.
    pub signatures: Vec<SignatureFacts>,
    /// `/ByteRange` keys that belong to no signature of any revision's form, usage rights aside: their
    /// offsets.
    pub stray_byte_ranges: Vec<u64>,
    /// Usage rights signatures (`/Perms /UR3`), which sign for a reader program and not for a person.
    pub usage_rights: u32,
    /// Signature fields of the final form without a value.
    pub empty_fields: Vec<String>,
    /// The `/DSS` dictionary of the final revision (ISO 32000-2, 12.8.4.3).
    pub validation_data: ValidationData,
}

/// One revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Where it ends: just behind its `%%EOF` and the line end.
    pub end: u64,
    /// Pages it shows.
    pub pages: u32,
    /// It opens by its own cross-reference data. One that does not cannot be compared with any other.
    pub readable: bool,
    /// Its cross-reference data had to be repaired, and what was wrong.
    pub repaired: Option<String>,
    /// Cross-reference sections, its own and older ones, that hide objects from readers that know tables
    /// only (`/XRefStm`; ISO 32000-2, 7.5.8.4).
    pub hybrid_sections: u32,
    /// Entries of its cross-reference data, new in this revision, that lead to no such object: readers
    /// may repair them, each in its own way.
    pub lost_objects: u32,
    /// Objects in its own bytes that readers may take or not: its cross-reference data does not lead to
    /// them, or a dictionary in them has a key twice. Not counted in the first revision.
    pub ambiguous_objects: u32,
}

/// One signature dictionary (ISO 32000-2, table 255), as it stands in the revision that it signs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignatureFacts {
    /// Fully qualified name of its field.
    ///
    /// Empty when only the catalog's `/Perms` names it.
    pub field: String,
    /// More fields that have the same signature dictionary: it is one signature all the same.
    pub other_fields: Vec<String>,
    /// What it says it is.
    pub kind: SignatureKind,
    /// Byte offset of its `/ByteRange` key.
    pub offset: u64,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// What it covers, or how that is wrong.
    pub byte_range: Result<ByteRange, ByteRangeDefect>,
    /// The octets of `/Contents`, padding included.
    pub contents: Octets,
    /// The certificate in `/Cert`, which PAdES forbids.
    pub cert: Option<Octets>,
    /// What it claims of itself. No proof of anything.
    pub claims: Claims,
    /// The revision it signs, an index into [`SignatureSurvey::revisions`]; `None` when what it covers
    /// ends at none.
    pub revision: Option<usize>,
    /// The first later revision whose form does not have it any more.
    pub removed_in: Option<usize>,
    /// The first later revision in which its dictionary differs from the one signed (rule V3).
    pub rewritten_in: Option<usize>,
    /// Its widget covers some area of a page.
    pub visible: bool,
    /// Certification with these permissions, 1 to 3 (ISO 32000-2, 12.8.2.2): its DocMDP transform,
    /// provided that the catalog's `/Perms` names it or that it is the first to sign. 1 when the number
    /// is none of the three.
    pub doc_mdp: Option<u8>,
    /// Fields locked by `/FieldMDP` or by the field's `/Lock` (12.8.2.4).
    pub field_lock: Option<FieldLock>,
    /// What later revisions changed, compared with the revision signed; each revision by itself,
    /// because what one changes the next may hide.
    pub changes: Vec<Change>,
}

/// `/Type` of a signature dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// Signature or seal.
    Signature,
    /// Document timestamp (`/DocTimeStamp`, `ETSI.RFC3161`).
    DocumentTimestamp,
}

/// What a signature dictionary claims (`/Name`, `/Reason`, `/Location`, `/M`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// `/Name`.
    pub name: Option<String>,
    /// `/Reason`.
    pub reason: Option<String>,
    /// `/Location`.
    pub location: Option<String>,
    /// `/M`.
    pub time: Option<Timestamp>,
}

/// Which fields a signature locks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "action", content = "fields")]
pub enum FieldLock {
    /// All.
    All,
    /// Those named, with all below them.
    Include(Vec<String>),
    /// All but those named.
    Exclude(Vec<String>),
}

/// What a later revision changed, one thing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The first later revision that shows it, an index into [`SignatureSurvey::revisions`].
    pub revision: usize,
    /// What kind of change.
    pub class: ChangeClass,
    /// The object concerned, if it is one.
    pub object: Option<u32>,
    /// The form field concerned, if it is one; whether the signature locks it is in `class`.
    pub field: Option<String>,
    /// A sentence.
    pub text: String,
}

/// Kinds of change, from harmless to not. Everything that no rule explains is [`Self::Structure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeClass {
    /// `/DSS`, invisible document timestamps, metadata and what goes with them.
    ValidationData,
    /// Form fields filled, signature fields added or signed.
    FormFill,
    /// A form field filled that the signature locks.
    LockedField,
    /// Annotations added, changed or taken away.
    Annotations,
    /// What pages show: content, resources, page tree.
    PageContent,
    /// Anything else.
    Structure,
}

/// DER in the `/DSS` dictionary, unverified.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationData {
    /// `/Certs`.
    pub certificates: Vec<Octets>,
    /// `/OCSPs`: `OCSPResponse` (RFC 6960).
    pub ocsp_responses: Vec<Octets>,
    /// `/CRLs`: `CertificateList` (RFC 5280).
    pub crls: Vec<Octets>,
    /// The first revision that has a `/DSS`; earlier ones cannot have been archived with it.
    pub since_revision: Option<usize>,
}
