//! The answers to "is this what was issued?", from a whole file or from digests alone.

use std::sync::Arc;

use jiff::Timestamp;

use super::icons::Mood;
use crate::archive::{Archive, ArchiveError, CopyStatus, Identified, LookUp, Withdrawn};
use crate::http::state::AppState;
use crate::model::{Dir3, Environment, Organ, Sha256Digest};
use crate::seal::RECEIPTS_ID;
use crate::validate::{Report, Verdict};

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Byte for byte a version that is stored here.
    Identical,
    /// One, with permitted data added.
    Extended,
    /// Not what was issued.
    Altered,
    /// Nothing of ours.
    NotOurs,
    /// Soundly sealed by one of our organs, and not in the archive.
    Sealed,
    /// Cannot be said now.
    Undetermined,
    /// From digests alone: begins with a copy, and goes on.
    Begins,
    /// From digests alone: no copy.
    Unknown,
}

/// The copy that an answer is about, as far as it is told: never its code, nor where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) organ: Dir3,
    /// The environment of its organ, if the archive could be asked.
    environment: Option<Environment>,
    pub(super) issued_at: Timestamp,
    pub(super) status: CopyStatus,
    pub(super) version: u32,
    /// When and why it was withdrawn, if it was and the archive could be asked.
    pub(super) withdrawal: Option<Withdrawn>,
    /// It is itself the receipt of a check.
    pub(super) is_receipt: bool,
}

impl Known {
    /// Its organ, if that is served here.
    pub(super) fn organ_at(&self, state: &AppState) -> Option<Arc<Organ>> {
        match self.environment {
            Some(environment) => state.organ_in(&self.organ, environment),
            None => state.organ(&self.organ),
        }
    }

    /// What the archive says of a copy that was found by a digest; `None` while it is not committed.
    fn of(
        archive: &Archive,
        identified: Identified,
        now: Timestamp,
    ) -> Result<Option<Self>, ArchiveError> {
        let LookUp::Committed { record, status, .. } = identified.copy else {
            return Ok(None);
        };
        let withdrawal = match status {
            CopyStatus::Withdrawn => archive.stand(identified.index, now)?,
            CopyStatus::InForce | CopyStatus::Expired | CopyStatus::Erased => None,
        };
        Ok(Some(Self {
            organ: record.intent.organ,
            environment: Some(record.intent.environment),
            issued_at: record.intent.issued_at,
            status,
            version: identified.version,
            withdrawal: withdrawal.and_then(|standing| standing.withdrawal),
            is_receipt: record.intent.application == RECEIPTS_ID,
        }))
    }
}

impl Answer {
    /// The answer of a report.
    pub(super) const fn of_report(report: &Report) -> Self {
        match report.verdict {
            Verdict::Identical => Self::Identical,
            Verdict::Extended => Self::Extended,
            Verdict::Altered => Self::Altered,
            Verdict::SealedNotRegistered => Self::Sealed,
            Verdict::NotOurs => Self::NotOurs,
            Verdict::Undetermined => Self::Undetermined,
        }
    }

    /// The answer of a report, and the copy it is about. Blocks.
    pub(super) fn with_copy(
        report: &Report,
        archive: &Archive,
        now: Timestamp,
    ) -> (Self, Option<Known>) {
        let answer = Self::of_report(report);
        let Some((copy, status)) = report.copy.as_ref().zip(report.status) else {
            return (answer, None);
        };
        let told = match archive.identify(&copy.digest, now) {
            Ok(Some(identified)) => Known::of(archive, identified, now).ok().flatten(),
            Ok(None) | Err(_) => None,
        };
        // The archive answered a moment ago: what the report says stands.
        let known = told.unwrap_or_else(|| Known {
            organ: copy.organ.clone(),
            environment: None,
            issued_at: copy.issued_at,
            status,
            version: copy.version,
            withdrawal: None,
            is_receipt: false,
        });
        (answer, Some(known))
    }

    /// The answer to digests: that of the whole file first, then those of its prefixes. Blocks.
    pub(super) fn of_digests(
        archive: &Archive,
        digests: &[Sha256Digest],
        now: Timestamp,
    ) -> (Self, Option<Known>) {
        match look(archive, digests, now) {
            Ok(answer) => answer,
            Err(_) => (Self::Undetermined, None),
        }
    }

    /// The word in JSON.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Extended => "extended",
            Self::Altered => "altered",
            Self::NotOurs => "not_ours",
            Self::Sealed => "sealed_not_registered",
            Self::Undetermined => "undetermined",
            Self::Begins => "begins_with_copy",
            Self::Unknown => "unknown",
        }
    }

    /// How the names of its messages begin.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Extended => "extended",
            Self::Altered => "altered",
            Self::NotOurs => "not-ours",
            Self::Sealed => "sealed",
            Self::Undetermined => "undetermined",
            Self::Begins => "begins",
            Self::Unknown => "unknown",
        }
    }

    /// Green only for what is ours and still good. What cannot be said is never green and never red.
    pub(super) const fn mood(self, status: Option<CopyStatus>) -> Mood {
        match (self, status) {
            (Self::Altered, _) | (_, Some(CopyStatus::Withdrawn)) => Mood::Bad,
            (Self::Identical | Self::Extended, _) => Mood::Good,
            (Self::Sealed | Self::Begins, _) => Mood::Careful,
            (Self::NotOurs | Self::Unknown | Self::Undetermined, _) => Mood::Neutral,
        }
    }

    /// The file itself would tell more.
    pub(super) const fn asks_for_the_file(self) -> bool {
        matches!(self, Self::Begins | Self::Unknown)
    }

    /// Nothing more can be learnt about the file itself.
    pub(super) const fn is_final(self) -> bool {
        matches!(self, Self::Identical | Self::Extended | Self::Altered)
    }

    /// Whoever holds such a file may want to see where it differs from the copy.
    pub(super) const fn compares(self) -> bool {
        matches!(self, Self::Extended | Self::Altered | Self::NotOurs)
    }

    /// There may be an official copy to open with the code.
    pub(super) const fn leads_to_the_copy(self) -> bool {
        !matches!(self, Self::Undetermined | Self::Sealed)
    }
}

fn look(
    archive: &Archive,
    digests: &[Sha256Digest],
    now: Timestamp,
) -> Result<(Answer, Option<Known>), ArchiveError> {
    for (place, digest) in digests.iter().enumerate() {
        let Some(identified) = archive.identify(digest, now)? else {
            continue;
        };
        let known = Known::of(archive, identified, now)?;
        let answer = match (&known, place) {
            (None, _) => Answer::Undetermined,
            (Some(_), 0) => Answer::Identical,
            (Some(_), _) => Answer::Begins,
        };
        return Ok((answer, known));
    }
    Ok((Answer::Unknown, None))
}
