//! The manifest: a line of JSON for every file, written as it is finished, and read again by the next run.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cli::failure::{Exit, Failure};
use crate::model::Sha256Digest;

/// The version of a line.
const SCHEMA: u32 = 1;
/// What every line begins with.
const BEGINNING: &[u8] = b"{\"schema\":";
/// What a power cut may cost: lines are made durable this often. A lost line is work done again, never a
/// copy made twice.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// A new copy was made.
    Sealed,
    /// The copy that the same request made before.
    Found,
    /// It would be sealed.
    Sealable,
    /// Issued here, and in force.
    Confirmed,
    /// Any other verdict.
    NotConfirmed,
    /// Not sealed, for a reason in the document or the request.
    Refused,
    /// The service, the archive or the machine is in trouble; later it may work.
    Trouble,
}

impl Outcome {
    /// In the summary.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Found => "found as sealed before",
            Self::Sealable => "can be sealed",
            Self::Confirmed => "issued here and in force",
            Self::NotConfirmed => "not issued here like this, or not in force",
            Self::Refused => "refused",
            Self::Trouble => "in trouble",
        }
    }

    /// There is nothing left to do.
    const fn is_done(self) -> bool {
        matches!(
            self,
            Self::Sealed | Self::Found | Self::Confirmed | Self::NotConfirmed
        )
    }
}

/// What was done to a file: a line of the manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Line {
    /// The version of a line.
    pub(super) schema: u32,
    /// What was done: the digest of command and options.
    pub(super) work: Sha256Digest,
    /// The file, relative to the folder.
    pub(super) path: String,
    /// SHA-256 of the file; absent when it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sha256: Option<Sha256Digest>,
    /// Its length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<u64>,
    /// What became of it.
    pub(super) outcome: Outcome,
    /// Of a copy: its code. Whoever has it can fetch the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verification_code: Option<String>,
    /// SHA-256 of the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) copy_sha256: Option<Sha256Digest>,
    /// The file of this run with the same content, whose copy this is too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) same_as: Option<String>,
    /// Of a judged file: whether it was issued here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<String>,
    /// Whether the copy is in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<String>,
    /// ETSI EN 319 102-1, the worst of all signatures that count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) indication: Option<String>,
    /// The same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sub_indication: Option<String>,
    /// Unless all is well: the stable word of the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<String>,
    /// What happened, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) what_to_do: Option<String>,
    /// When it was finished.
    pub(super) at: Timestamp,
    /// How long it took.
    pub(super) seconds: f64,
}

impl Line {
    /// Of a file with this outcome, of which nothing else is said yet.
    pub(super) fn new(work: Sha256Digest, path: &Path, outcome: Outcome) -> Self {
        Self {
            schema: SCHEMA,
            work,
            path: path.display().to_string(),
            sha256: None,
            bytes: None,
            outcome,
            verification_code: None,
            copy_sha256: None,
            same_as: None,
            verdict: None,
            status: None,
            indication: None,
            sub_indication: None,
            problem: None,
            title: None,
            what_to_do: None,
            at: Timestamp::UNIX_EPOCH,
            seconds: 0.0,
        }
    }
}

/// A manifest that this run has for itself.
pub(super) struct Manifest {
    file: File,
    path: PathBuf,
    synced: Instant,
}

/// The last finished line for every content that a manifest knows.
pub(super) type Known = HashMap<Sha256Digest, Line>;

impl Manifest {
    /// Opens a manifest, or begins it, readable by its owner only: codes are in it. Gives what it says about
    /// `work`. The rest of a line that a killed run left is cut off.
    ///
    /// # Errors
    /// A file that is no manifest, that another run has, or that cannot be written.
    pub(super) fn open(path: &Path, work: Sha256Digest) -> Result<(Self, Known), Failure> {
        let failure = |error: io::Error| Failure::file(path, "written", &error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(failure)?;
        lock(&file, path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failure)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |last| last + 1);
        let known = known_lines(bytes.get(..whole).unwrap_or_default(), path, work)?;
        let begins_as_a_line = bytes.iter().zip(BEGINNING).all(|(one, other)| one == other);
        if whole == 0 && !begins_as_a_line {
            return Err(no_manifest(path, 1));
        }
        file.set_len(whole as u64).map_err(failure)?;
        file.seek(SeekFrom::End(0)).map_err(failure)?;
        let manifest = Self {
            file,
            path: path.to_owned(),
            synced: Instant::now(),
        };
        Ok((manifest, known))
    }

    /// Writes a line, in one piece.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn append(&mut self, line: &Line) -> Result<(), Failure> {
        let mut text = serde_json::to_vec(line).map_err(io::Error::from)?;
        text.push(b'\n');
        self.file
            .write_all(&text)
            .map_err(|error| Failure::file(&self.path, "written", &error))?;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.sync()?;
        }
        Ok(())
    }

    /// Makes durable what was written.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn sync(&mut self) -> Result<(), Failure> {
        self.synced = Instant::now();
        self.file
            .sync_data()
            .map_err(|error| Failure::file(&self.path, "written", &error))
    }
}

/// Keeps another run away. A file system without locks keeps nobody away.
pub(super) fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Failure::new(
            Exit::Usage,
            format!("another run is at work with {}", path.display()),
        )
        .with_next_step("wait for its end, or name another file or folder")),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn known_lines(bytes: &[u8], path: &Path, work: Sha256Digest) -> Result<Known, Failure> {
    let mut known = Known::new();
    let lines = bytes.split(|byte| *byte == b'\n');
    for (number, text) in (1..).zip(lines).filter(|(_, text)| !text.is_empty()) {
        let line: Line = serde_json::from_slice(text).map_err(|_| no_manifest(path, number))?;
        if line.schema != SCHEMA {
            return Err(no_manifest(path, number));
        }
        let Some(digest) = line.sha256.filter(|_| line.work == work) else {
            continue;
        };
        if line.outcome.is_done() {
            known.insert(digest, line);
        }
    }
    Ok(known)
}

fn no_manifest(path: &Path, line: usize) -> Failure {
    Failure::new(
        Exit::Usage,
        format!(
            "line {line} of {} is no line of a manifest that this program reads",
            path.display()
        ),
    )
    .with_next_step("name another file with --manifest; this one is left as it is")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(content: &[u8], outcome: Outcome) -> Line {
        Line {
            sha256: Some(Sha256Digest::of(content)),
            ..Line::new(Sha256Digest::of(b"work"), Path::new("a.pdf"), outcome)
        }
    }

    fn open(path: &Path, work: &[u8]) -> Result<(Manifest, Known), Failure> {
        Manifest::open(path, Sha256Digest::of(work))
    }

    #[test]
    fn what_is_done_is_known_to_the_next_run_of_the_same_work() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.jsonl");
        let (mut manifest, known) = open(&path, b"work").unwrap();
        assert!(known.is_empty());
        for (content, outcome) in [
            (b"1", Outcome::Sealed),
            (b"2", Outcome::Refused),
            (b"3", Outcome::Trouble),
            (b"4", Outcome::NotConfirmed),
        ] {
            manifest.append(&line(content, outcome)).unwrap();
        }
        manifest.sync().unwrap();
        drop(manifest);
        let (manifest, known) = open(&path, b"work").unwrap();
        assert_eq!(known.len(), 2);
        assert_eq!(
            known[&Sha256Digest::of(b"1")],
            line(b"1", Outcome::Sealed),
            "a line comes back as it was written"
        );
        drop(manifest);
        assert!(open(&path, b"other work").unwrap().1.is_empty());
    }

    #[test]
    fn half_a_line_of_a_killed_run_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.jsonl");
        let (mut manifest, _) = open(&path, b"work").unwrap();
        manifest.append(&line(b"1", Outcome::Sealed)).unwrap();
        drop(manifest);
        let whole = std::fs::read(&path).unwrap();
        let mut torn = whole.clone();
        torn.extend(&whole[..whole.len() / 2]);
        std::fs::write(&path, torn).unwrap();
        assert_eq!(open(&path, b"work").unwrap().1.len(), 1);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        // The very first line may be the torn one.
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(open(&path, b"work").unwrap().1.is_empty());
    }

    #[test]
    fn a_file_that_is_no_manifest_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["a letter", "a letter\n", "{\"schema\":2}\n"] {
            let path = folder.path().join("letter");
            std::fs::write(&path, text).unwrap();
            let failure = open(&path, b"work").err().unwrap();
            assert_eq!(failure.exit, Exit::Usage);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn two_runs_never_share_a_manifest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.jsonl");
        let _first = open(&path, b"work").unwrap();
        assert!(open(&path, b"work").is_err());
    }
}
