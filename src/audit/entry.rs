//! What the log says about one event.

use jiff::{Timestamp, TimestampRound, Unit};
use serde::{Deserialize, Serialize};

use super::keys::{AuditKeys, Reference};
use crate::archive::{CodeIndex, Intent};
use crate::model::{Dir3, Environment, Sha256Digest};

/// Longest outcome, name of an application and name of a request, in characters. Programs choose them, and
/// a line stays under [`super::line::MOST_BYTES`] whatever they are.
const LONGEST_WORD: usize = 128;
/// Hexadecimal digits of the SHA-256 of a key by which it is named, as `segell keys list` shows them.
const KEY_DIGITS: usize = 8;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A process began to serve.
    InstanceStarted,
    /// It stopped when it was told to.
    InstanceStopped,
    /// So many applications and keys open from now on.
    ApplicationsLoaded,
    /// A key of an application was made.
    KeyMade,
    /// A key of an application was taken back.
    KeyRevoked,
    /// A seal is in use.
    SealLoaded,
    /// A seal is in use in the place of another.
    SealReplaced,
    /// A seal is no longer in use.
    SealRetired,
    /// A seal cannot be used; `outcome` says why.
    SealFailed,
    /// A copy was made (`new`) or the one that the same request made was given again (`replayed`).
    CopyIssued,
    /// A copy that a crash had left without a record answers.
    CopyCompleted,
    /// A copy was withdrawn.
    CopyWithdrawn,
    /// Who may see a copy was decided anew; `outcome` says who.
    AccessChanged,
    /// Data that keep a copy provable were appended; `outcome` is its level.
    CopyExtended,
    /// It was written down that the availability of a copy has ended.
    CopyExpired,
    /// The content of a copy was erased.
    CopyErased,
    /// The page or the record of a copy was asked for.
    CopyLookedUp,
    /// Content of a copy was asked for.
    CopyGivenOut,
    /// A file was compared with a copy.
    CopyCompared,
    /// A file was judged; `outcome` is the verdict.
    FileValidated,
    /// A request was refused; `outcome` is the problem.
    RequestRefused,
    /// So many lines could not be written before this one.
    LinesLost,
    /// A checkpoint of so many lines was time-stamped (RFC 3161), or `failed`.
    CheckpointStamped,
}

impl Event {
    /// Whether the line may be lost, counted, when it cannot be written: what only asks changes nothing.
    pub const fn may_be_lost(self) -> bool {
        matches!(
            self,
            Self::CopyLookedUp
                | Self::CopyGivenOut
                | Self::CopyCompared
                | Self::FileValidated
                | Self::RequestRefused
        )
    }

    /// Whether such a line accounts for a copy.
    pub const fn accounts_for_a_copy(self) -> bool {
        matches!(self, Self::CopyIssued | Self::CopyCompleted)
    }
}

/// What happened, as it is told: with names of which the log holds keyed references only.
#[derive(Clone, Debug)]
pub struct Fact {
    event: Event,
    outcome: Option<String>,
    organ: Option<Dir3>,
    environment: Option<Environment>,
    application: Option<String>,
    copy: Option<CodeIndex>,
    person: Option<String>,
    file: Option<Sha256Digest>,
    seal: Option<Sha256Digest>,
    key: Option<Sha256Digest>,
    count: Option<u64>,
    request_id: Option<String>,
}

impl Fact {
    /// Of which nothing more is said.
    pub const fn new(event: Event) -> Self {
        Self {
            event,
            outcome: None,
            organ: None,
            environment: None,
            application: None,
            copy: None,
            person: None,
            file: None,
            seal: None,
            key: None,
            count: None,
            request_id: None,
        }
    }

    /// How it ended: a stable word, such as a problem's or a verdict.
    #[must_use]
    pub fn outcome(mut self, word: impl Into<String>) -> Self {
        self.outcome = Some(word.into());
        self
    }

    /// It concerns an organ, in an environment where that is known.
    #[must_use]
    pub fn organ(mut self, organ: &Dir3, environment: impl Into<Option<Environment>>) -> Self {
        self.organ = Some(organ.clone());
        self.environment = environment.into();
        self
    }

    /// An application did it, or it is about one.
    #[must_use]
    pub fn application(mut self, id: impl Into<String>) -> Self {
        self.application = Some(id.into());
        self
    }

    /// The same, unless it is said already which.
    #[must_use]
    pub fn application_or(mut self, id: &str) -> Self {
        self.application.get_or_insert_with(|| id.to_owned());
        self
    }

    /// It is about a copy.
    #[must_use]
    pub const fn copy(mut self, index: CodeIndex) -> Self {
        self.copy = Some(index);
        self
    }

    /// It is about the copy of this intent, and so about its organ.
    #[must_use]
    pub fn about(self, intent: &Intent) -> Self {
        self.organ(&intent.organ, intent.environment)
            .copy(intent.index)
    }

    /// On behalf of a person. What names them is not written down.
    #[must_use]
    pub fn person(mut self, name: impl Into<String>) -> Self {
        self.person = Some(name.into());
        self
    }

    /// It is about a file with this digest, which is not written down.
    #[must_use]
    pub const fn file(mut self, digest: Sha256Digest) -> Self {
        self.file = Some(digest);
        self
    }

    /// It is about the seal whose certificate has this SHA-256; certificates of seals are public.
    #[must_use]
    pub const fn seal(mut self, fingerprint: Sha256Digest) -> Self {
        self.seal = Some(fingerprint);
        self
    }

    /// It is about the key with this SHA-256, of which the first digits are written down.
    #[must_use]
    pub const fn key(mut self, digest: Sha256Digest) -> Self {
        self.key = Some(digest);
        self
    }

    /// A number that belongs to it.
    #[must_use]
    pub const fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// The name of the request that brought it about (`X-Request-Id`).
    #[must_use]
    pub fn request(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }

    /// What happened.
    pub const fn event(&self) -> Event {
        self.event
    }

    /// As it is written down at `now`.
    pub(super) fn into_entry(self, keys: &AuditKeys, now: Timestamp) -> Entry {
        let to_millisecond = TimestampRound::new().smallest(Unit::Millisecond);
        Entry {
            at: now.round(to_millisecond).unwrap_or(now),
            event: self.event,
            outcome: self.outcome.map(word),
            organ: self.organ,
            environment: self.environment,
            application: self.application.map(word),
            copy_ref: self.copy.map(|index| keys.copy(index)),
            person_ref: self.person.map(|name| keys.person(&name)),
            file_ref: self.file.map(|digest| keys.file(&digest)),
            seal: self.seal,
            key: self
                .key
                .map(|digest| digest.to_string().chars().take(KEY_DIGITS).collect()),
            count: self.count,
            request_id: self.request_id.map(word).filter(|id| !id.is_empty()),
        }
    }
}

/// A word as it is written down: plain characters, and not more of them than fit.
fn word(text: String) -> String {
    let plain = |character: char| character.is_ascii_graphic() && !"\"\\".contains(character);
    text.chars()
        .filter(|character| plain(*character))
        .take(LONGEST_WORD)
        .collect()
}

/// What a line says. Nothing in it identifies a person or opens a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When, to the millisecond, UTC.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The organ it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organ: Option<Dir3>,
    /// Test or real.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Stable id of the application that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_ref: Option<Reference>,
    /// The person on whose behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_ref: Option<Reference>,
    /// The file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_ref: Option<Reference>,
    /// SHA-256 of the certificate of the seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Sha256Digest>,
    /// The first digits of the SHA-256 of a key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// A number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The name of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
