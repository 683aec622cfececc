//! What is known of a file before it is judged: facts only, no opinion (what DSS calls diagnostic data;
//! an *evidence record* is something else, RFC 4998).
//!
//! Collected once, from the bytes, the archive and the anchors; everything that is judged later is in
//! this value. It can be written down and judged again, by another policy or for another time.

mod collect;
mod digests;
mod known;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use collect::{RegisteredFor, Subject};
pub use known::{AddedData, Addition, IdentityFacts, KnownCopy};

use super::report::TrustState;
use crate::cades::{CmsEvidence, TimestampEvidence};
use crate::model::{Dir3, Sha256Digest};
use crate::pdf::signed::{SignatureFacts, SignatureSurvey};
use crate::pki::path::CertificatePath;

/// Version of [`Evidence`]; another one is not judged.
pub const SCHEMA: u32 = 1;

/// Signatures and document timestamps of one file that are looked at.
pub const MAX_SIGNATURES: usize = 64;

/// Timestamps of one signature that are looked at (rule C14 allows two).
pub const MAX_TOKENS: usize = 4;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Version of this structure.
    pub schema: u32,
    /// What collected it.
    pub software: String,
    /// When.
    pub collected_at: Timestamp,
    /// SHA-256 of the file.
    pub digest: Sha256Digest,
    /// Its length in bytes.
    pub size: u64,
    /// What the archive says.
    pub identity: IdentityFacts,
    /// How the document was read.
    pub document: DocumentReading,
    /// Signatures and seals, in the order of what they cover.
    pub signatures: Vec<SignatureEvidence>,
    /// Document timestamps, in the order of what they cover.
    pub timestamps: Vec<DocumentTimestampEvidence>,
    /// There were more of them than are looked at.
    pub excess: bool,
    /// How many anchors there were, and their age; the paths say which were reached.
    pub trust: TrustState,
}

/// How a document was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reading")]
pub enum DocumentReading {
    /// Revision by revision. The signatures were moved from here to the evidence.
    Survey {
        /// What was found.
        survey: SignatureSurvey,
    },
    /// A version stored here whose only signature covers all of it: nothing can have been changed, and
    /// its structure was not looked at.
    OwnCopy,
    /// It cannot be read. What looks like a signature was found from the bytes alone.
    Unreadable {
        /// Why.
        reason: String,
        /// The reason lies in what is asked of the reader (a password, a limit, the time), not in the
        /// file.
        beyond_reader: bool,
    },
}

/// Whether two things that should be equal are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// They are.
    Matches,
    /// They are not.
    Differs,
    /// It cannot be said: an algorithm that is not known here, or something is missing.
    Unknown,
}

impl Comparison {
    /// Of an answer that may be missing.
    pub(super) fn of(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Matches,
            Some(false) => Self::Differs,
            None => Self::Unknown,
        }
    }
}

/// What is known of one signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignatureEvidence {
    /// Its dictionary.
    pub facts: SignatureFacts,
    /// Its CMS, or why that cannot be read.
    pub cms: Result<CmsEvidence, String>,
    /// The digest signed, against that of the bytes covered.
    pub digest: Comparison,
    /// The signature value, against what it signs.
    pub value: Comparison,
    /// The ways from its certificate up; empty when there is no certificate that can be read.
    pub paths: Vec<CertificatePath>,
    /// Content timestamps: made before it.
    pub content_timestamps: Vec<TokenEvidence>,
    /// Signature timestamps: made after it.
    pub timestamps: Vec<TokenEvidence>,
    /// The organ for which its certificate is registered here.
    pub registered_for: Option<Dir3>,
}

/// What is known of one document timestamp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentTimestampEvidence {
    /// Its dictionary.
    pub facts: SignatureFacts,
    /// Its token.
    pub token: TokenEvidence,
}

/// What is known of a timestamp token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenEvidence {
    /// The token, or why it cannot be read.
    pub token: Result<TimestampEvidence, String>,
    /// Its imprint, against what it should stamp.
    pub imprint: Comparison,
    /// The ways from the authority's certificate up.
    pub paths: Vec<CertificatePath>,
}

impl SignatureEvidence {
    /// Where what it covers ends; `None` when its byte range is wrong.
    pub fn end(&self) -> Option<u64> {
        end_of(&self.facts)
    }

    /// Where it stands, for findings.
    pub fn offset(&self) -> u64 {
        offset_of(&self.facts)
    }

    /// The document is the one signed and the signature value verifies; whoever signed.
    pub fn is_intact(&self) -> bool {
        self.digest == Comparison::Matches && self.value == Comparison::Matches
    }
}

impl DocumentTimestampEvidence {
    /// Where what it covers ends; `None` when its byte range is wrong.
    pub fn end(&self) -> Option<u64> {
        end_of(&self.facts)
    }

    /// Where it stands, for findings.
    pub fn offset(&self) -> u64 {
        offset_of(&self.facts)
    }
}

fn end_of(facts: &SignatureFacts) -> Option<u64> {
    facts.byte_range.as_ref().ok().map(|range| range.end)
}

fn offset_of(facts: &SignatureFacts) -> u64 {
    match &facts.byte_range {
        Ok(range) => range.hole_start,
        Err(_) => facts.offset,
    }
}

impl Evidence {
    /// What the survey of the document found, if there was one.
    pub fn survey(&self) -> Option<&SignatureSurvey> {
        match &self.document {
            DocumentReading::Survey { survey } => Some(survey),
            DocumentReading::OwnCopy | DocumentReading::Unreadable { .. } => None,
        }
    }
}
