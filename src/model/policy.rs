//! What an organ has decided about the sources it is asked to copy.

use serde::{Deserialize, Serialize};

use super::SignatureLevel;

/// What an organ does with a source that has a property it may object to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restricted {
    /// Refuse a source whose owner password forbids changes.
    Refuse,
    /// Seal it all the same.
    Seal,
}

/// Whether something is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Refuse the source.
    Refuse,
    /// Let it through and record it.
    Allow,
}

/// What to do with history and hidden objects inside the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlierRevisions {
    /// Count and report them.
    Report,
    /// Refuse the source.
    Refuse,
}

/// What to do with annotations that reach outside the old page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnnotationsOutside {
    /// Flatten them inside the clip of the old page.
    Flatten,
    /// Refuse the source.
    Refuse,
}

/// What to do with sources that are already signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceSignatures {
    /// Every signature must be valid.
    Require,
    /// Broken ones are refused, undecided ones recorded.
    Accept,
    /// All are recorded.
    Record,
    /// Any signature is refused.
    Refuse,
}

impl SourceSignatures {
    /// The stricter of two rules: a request may only be stricter than its organ.
    pub fn stricter_of(self, other: Self) -> Self {
        let strictness = |rule| match rule {
            Self::Record => 0,
            Self::Accept => 1,
            Self::Require => 2,
            Self::Refuse => 3,
        };
        if strictness(self) >= strictness(other) {
            self
        } else {
            other
        }
    }
}

/// What becomes of a copy whose signature level cannot be reached now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnLowerLevel {
    /// No copy is made: try again later.
    Fail,
    /// The copy is made at the level that can be reached, and says so.
    Accept,
}

impl OnLowerLevel {
    /// The choice that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "fail" => Some(Self::Fail),
            "accept" => Some(Self::Accept),
            _ => None,
        }
    }
}

/// What is asked of the seal's certificate before it seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationRule {
    /// Fresh data say that it is not revoked.
    Required,
    /// No data say that it is revoked.
    Preferred,
    /// Nothing.
    Off,
}

/// Whether missing descriptive metadata is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetadataPolicy {
    /// Defaults fill what the request leaves out.
    Lenient,
    /// The request has to say it all.
    Strict,
}

/// The decisions of an organ; a request may only be stricter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Owner-password restrictions with an empty user password.
    pub restricted: Restricted,
    /// JavaScript, launch actions and their like.
    pub active_content: Admission,
    /// XFA forms.
    pub xfa: Admission,
    /// History and hidden objects inside the source.
    pub earlier_revisions: EarlierRevisions,
    /// Sources that are already signed.
    pub source_signatures: SourceSignatures,
    /// Annotations that reach outside the page.
    pub annotations_outside: AnnotationsOutside,
    /// Missing metadata.
    pub metadata: MetadataPolicy,
    /// Signature level of the copies (EN 319 142-1, 6).
    pub level: SignatureLevel,
    /// What becomes of a copy that cannot reach it.
    pub on_lower_level: OnLowerLevel,
    /// Revocation of the seal.
    pub revocation: RevocationRule,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            restricted: Restricted::Refuse,
            active_content: Admission::Refuse,
            xfa: Admission::Refuse,
            earlier_revisions: EarlierRevisions::Report,
            source_signatures: SourceSignatures::Accept,
            annotations_outside: AnnotationsOutside::Flatten,
            metadata: MetadataPolicy::Lenient,
            level: SignatureLevel::BB,
            on_lower_level: OnLowerLevel::Fail,
            revocation: RevocationRule::Preferred,
        }
    }
}
