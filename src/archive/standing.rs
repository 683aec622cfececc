//! How a copy stands today, and what of it may be given to whom.
//!
//! This is the one place that decides about content. It makes a [`Disclosure`] or says why not; without
//! one, the archive gives no byte of a document to anybody.

use jiff::Timestamp;

use super::Archive;
use super::access::Access;
use super::error::ArchiveError;
use super::extension::Extension;
use super::look_up::{StoredCopy, read_copy};
use super::record::{CodeIndex, CopyRecord, CopyStatus, DocumentRecord, EventKind};
use super::tries::Pass;
use crate::model::{Sha256Digest, Withdrawal};

/// A copy as it stands today: what was written about it, and what happened to it since.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// What was written about it.
    pub record: CopyRecord,
    /// Whether it is answered for.
    pub status: CopyStatus,
    /// Who may see it.
    pub access: Access,
    /// Its withdrawal, once its organ withdrew it.
    pub withdrawal: Option<Withdrawn>,
    /// What was appended to it since, in order: its later versions.
    pub extensions: Vec<Extension>,
    /// How often its visibility was changed.
    pub(super) changes: u32,
}

/// A withdrawal and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// When.
    pub at: Timestamp,
    /// Why, in the words of the organ.
    pub withdrawal: Withdrawal,
}

/// Why content is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Withheld {
    /// The copy is withdrawn, erased, or past its availability.
    #[error("the copy is not in force")]
    NotInForce(CopyStatus),
    /// The public sees what the copy is, and no content.
    #[error("the content of the copy is not public")]
    NotPublic,
    /// It takes the second factor.
    #[error("the copy takes a second factor")]
    FactorNeeded,
}

/// The right to the content of one copy, now.
#[derive(Clone, Copy, Debug)]
pub struct Disclosure<'a> {
    pub(super) record: &'a CopyRecord,
    pub(super) extensions: &'a [Extension],
}

impl Disclosure<'_> {
    /// The copy.
    pub const fn record(&self) -> &CopyRecord {
        self.record
    }
}

impl Standing {
    /// For the applications of the copy's organ: content as long as the copy was neither withdrawn nor
    /// erased.
    ///
    /// # Errors
    /// The status that keeps it even from them.
    pub fn for_the_organ(&self) -> Result<Disclosure<'_>, CopyStatus> {
        match self.status {
            CopyStatus::InForce | CopyStatus::Expired => Ok(self.disclosure()),
            status @ (CopyStatus::Withdrawn | CopyStatus::Erased) => Err(status),
        }
    }

    /// For everybody who has the code.
    ///
    /// # Errors
    /// Whatever keeps the content from the public.
    pub fn for_the_public(&self) -> Result<Disclosure<'_>, Withheld> {
        match (self.status, &self.access) {
            (CopyStatus::InForce, Access::Open) => Ok(self.disclosure()),
            (CopyStatus::InForce, Access::Metadata) => Err(Withheld::NotPublic),
            (CopyStatus::InForce, Access::Restricted { .. }) => Err(Withheld::FactorNeeded),
            (status, _) => Err(Withheld::NotInForce(status)),
        }
    }

    /// Whether everybody who has the code may know what the copy is or was: its kind, dates, pages, digest.
    ///
    /// # Errors
    /// What keeps a restricted copy from the public.
    pub const fn facts_for_the_public(&self) -> Result<(), Withheld> {
        match (&self.access, self.status) {
            (Access::Open | Access::Metadata, _) => Ok(()),
            (Access::Restricted { .. }, CopyStatus::InForce) => Err(Withheld::FactorNeeded),
            (Access::Restricted { .. }, status) => Err(Withheld::NotInForce(status)),
        }
    }

    /// The newest version of its document.
    pub fn newest(&self) -> &DocumentRecord {
        self.extensions
            .last()
            .map_or(&self.record.document, |extension| {
                &extension.record.document
            })
    }

    /// Whether a document with this digest is a version of this copy.
    pub fn has_version(&self, digest: &Sha256Digest) -> bool {
        let later = self.extensions.iter();
        let mut later = later.map(|extension| &extension.record.document);
        self.record.document.digest == *digest || later.any(|version| version.digest == *digest)
    }

    /// How many versions of its document there are.
    pub fn versions(&self) -> u32 {
        u32::try_from(self.extensions.len()).map_or(u32::MAX, |later| later.saturating_add(1))
    }

    fn disclosure(&self) -> Disclosure<'_> {
        Disclosure {
            record: &self.record,
            extensions: &self.extensions,
        }
    }

    fn of(copy: StoredCopy) -> Self {
        let StoredCopy {
            record,
            events,
            status,
            extensions,
        } = copy;
        let mut standing = Self {
            access: record.intent.access.clone(),
            record,
            status,
            withdrawal: None,
            extensions,
            changes: 0,
        };
        for event in events {
            match event.kind {
                EventKind::Visibility(access) => {
                    standing.access = access;
                    standing.changes = standing.changes.saturating_add(1);
                }
                // The first one is the withdrawal; there is no second.
                EventKind::Withdrawn(withdrawal) if standing.withdrawal.is_none() => {
                    standing.withdrawal = Some(Withdrawn {
                        at: event.at,
                        withdrawal,
                    });
                }
                EventKind::Withdrawn(_) | EventKind::Expired | EventKind::Erased => {}
            }
        }
        standing
    }
}

impl Archive {
    /// How the copy stands as of `now`; `None` when there is none, or it was never committed.
    ///
    /// # Errors
    /// As [`Archive::look_up`]: a copy whose events or extensions cannot be read stands nowhere.
    pub fn stand(
        &self,
        index: CodeIndex,
        now: Timestamp,
    ) -> Result<Option<Standing>, ArchiveError> {
        let store = self.store()?;
        let copy = read_copy(store, index, now)?;
        Ok(copy.map(Standing::of))
    }

    /// For who has a pass: what [`Archive::try_factor`] gave, as long as it is valid for how the copy
    /// stands now.
    ///
    /// # Errors
    /// As [`Standing::for_the_public`].
    pub fn honour<'a>(
        &self,
        standing: &'a Standing,
        pass: &Pass,
        now: Timestamp,
    ) -> Result<Disclosure<'a>, Withheld> {
        match (standing.for_the_public(), &standing.access) {
            (Err(Withheld::FactorNeeded), Access::Restricted { factor, .. })
                if pass.is_valid(self.factor_keys(), standing, factor, now) =>
            {
                Ok(standing.disclosure())
            }
            (otherwise, _) => otherwise,
        }
    }
}
