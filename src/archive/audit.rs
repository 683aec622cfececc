//! The audit log as the archive keeps it: its segments, its checkpoints and their timestamps, under their
//! own names and create-only like everything else. What they say is the business of whoever writes them.

use bytes::Bytes;
use jiff::civil::Date;
use object_store::path::Path;

use super::Archive;
use super::error::ArchiveError;
use super::parallel::{self, Findings, Step};
use super::store::Created;

/// Folder of the segments, one folder for each instance.
const SEGMENTS: &str = "audit/segments";
/// Folder of the checkpoints, one folder for each day: a look at the last days never lists years.
const CHECKPOINTS: &str = "audit/checkpoints";
/// How many digits a number has in a name, so that names sort as numbers do.
const DIGITS: usize = 12;

/// An object of the audit log. An instance is named by letters, digits, dots and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuditObject {
    /// `audit/segments/<instance>/<first>.jsonl`: lines that were closed.
    Segment {
        /// Who wrote it.
        instance: String,
        /// Number of its first line.
        first: u64,
    },
    /// `audit/checkpoints/<day>/<instance>/<count>.json`.
    Checkpoint {
        /// The day (UTC) on which it was made.
        day: Date,
        /// Who made it.
        instance: String,
        /// Lines written until then.
        count: u64,
    },
    /// `audit/checkpoints/<day>/<instance>/<count>.tst`: a timestamp over that checkpoint (RFC 3161).
    Token {
        /// The day (UTC) on which the checkpoint was made.
        day: Date,
        /// Who made it.
        instance: String,
        /// Lines written until then.
        count: u64,
    },
}

/// A part of what is kept of audit logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditShelf {
    /// Every segment.
    Segments,
    /// The segments of one instance.
    SegmentsOf(String),
    /// Every checkpoint and token.
    Checkpoints,
    /// The checkpoints and tokens of one day.
    CheckpointsOf(Date),
}

impl AuditObject {
    fn path(&self) -> Path {
        Path::from(match self {
            Self::Segment { instance, first } => {
                format!("{SEGMENTS}/{instance}/{first:0DIGITS$}.jsonl")
            }
            Self::Checkpoint {
                day,
                instance,
                count,
            } => format!("{CHECKPOINTS}/{day}/{instance}/{count:0DIGITS$}.json"),
            Self::Token {
                day,
                instance,
                count,
            } => format!("{CHECKPOINTS}/{day}/{instance}/{count:0DIGITS$}.tst"),
        })
    }

    /// The object of this name; `None` for any name that none has.
    fn of_path(path: &Path) -> Option<Self> {
        let name = path.as_ref();
        let object = if let Some(rest) = name.strip_prefix(SEGMENTS) {
            let (instance, file) = rest.strip_prefix('/')?.split_once('/')?;
            Self::Segment {
                instance: instance.to_owned(),
                first: file.strip_suffix(".jsonl")?.parse().ok()?,
            }
        } else {
            let rest = name.strip_prefix(CHECKPOINTS)?.strip_prefix('/')?;
            let (day, rest) = rest.split_once('/')?;
            let (instance, file) = rest.split_once('/')?;
            let (count, kind) = file.split_once('.')?;
            let (day, count) = (day.parse().ok()?, count.parse().ok()?);
            let instance = instance.to_owned();
            match kind {
                "json" => Self::Checkpoint {
                    day,
                    instance,
                    count,
                },
                "tst" => Self::Token {
                    day,
                    instance,
                    count,
                },
                _ => return None,
            }
        };
        (object.path() == *path).then_some(object)
    }
}

impl AuditShelf {
    fn folder(&self) -> Path {
        Path::from(match self {
            Self::Segments => SEGMENTS.to_owned(),
            Self::SegmentsOf(instance) => format!("{SEGMENTS}/{instance}"),
            Self::Checkpoints => CHECKPOINTS.to_owned(),
            Self::CheckpointsOf(day) => format!("{CHECKPOINTS}/{day}"),
        })
    }
}

impl Archive {
    /// Keeps an object of the audit log, once. False when another one stands under its name, which stays.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Contended`], [`ArchiveError::NoArchive`].
    pub fn keep_audit(&self, object: &AuditObject, body: &Bytes) -> Result<bool, ArchiveError> {
        let store = self.store()?;
        let path = object.path();
        Ok(match store.create(&path, std::slice::from_ref(body))? {
            Created::New => true,
            Created::Already => store.wait(store.fetch(&path))?.as_ref() == Some(body),
        })
    }

    /// An object of the audit log, or `None`.
    ///
    /// # Errors
    /// As [`Self::keep_audit`].
    pub fn audit_object(&self, object: &AuditObject) -> Result<Option<Bytes>, ArchiveError> {
        let store = self.store()?;
        store.wait(store.fetch(&object.path()))
    }

    /// The objects on a shelf, in order. What has no name of the audit log's is passed over.
    ///
    /// # Errors
    /// As [`Self::keep_audit`].
    pub fn audit_objects(&self, shelf: &AuditShelf) -> Result<Vec<AuditObject>, ArchiveError> {
        let mut objects = Vec::new();
        self.store()?.visit(&shelf.folder(), |path| {
            objects.extend(AuditObject::of_path(path));
            Ok(())
        })?;
        objects.sort();
        Ok(objects)
    }

    /// Reads many objects at once, in no order. One that is gone meanwhile is passed over.
    ///
    /// # Errors
    /// As [`Self::keep_audit`].
    pub fn read_audit_objects(
        &self,
        objects: Vec<AuditObject>,
        mut take: impl FnMut(AuditObject, Bytes),
    ) -> Result<(), ArchiveError> {
        let job = |object: AuditObject, findings: &Findings<'_, (AuditObject, Bytes)>| {
            if let Some(body) = self.audit_object(&object)? {
                findings.tell((object, body));
            }
            Ok(())
        };
        parallel::each(objects, job, |step| {
            if let Step::Found((object, body)) = step {
                take(object, body);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_object_and_other_names_to_none() {
        let day: Date = "2026-11-22".parse().unwrap();
        let instance = || "node-1.example".to_owned();
        for object in [
            AuditObject::Segment {
                instance: instance(),
                first: 1,
            },
            AuditObject::Checkpoint {
                day,
                instance: instance(),
                count: 1_234_567,
            },
            AuditObject::Token {
                day,
                instance: instance(),
                count: 7,
            },
        ] {
            assert_eq!(AuditObject::of_path(&object.path()), Some(object));
        }
        for name in [
            "audit/segments/a/1.jsonl",
            "audit/segments/a/000000000001.json",
            "audit/checkpoints/2026-11-22/a/000000000001.txt",
            "audit/checkpoints/22/a/000000000001.json",
            "copies/aa",
        ] {
            assert_eq!(AuditObject::of_path(&Path::from(name)), None, "{name}");
        }
    }
}
