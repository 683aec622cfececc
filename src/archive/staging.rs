//! What processes that were killed in the middle of a create leave in a folder: staging files beside the
//! object, named `document.pdf#1`. Nothing reads them, and the store does not list them; but they may hold
//! content, so who erases a copy erases them, and the others are removed when they are a day old.
#![expect(
    clippy::disallowed_methods,
    reason = "the store hides these files; only the file system shows them"
)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::Archive;
use super::error::ArchiveError;
use super::layout;
use super::record::CodeIndex;

/// A staging file older than this belongs to no process that lives.
const LEFT_BEHIND_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// How deep folders lie in an archive.
const DEPTH: usize = 8;

impl Archive {
    /// The staging files that were left behind: older than a day as of `now`, by their names inside the
    /// archive. None in a store on the network, which has no such thing.
    ///
    /// # Errors
    /// [`ArchiveError::Folder`].
    pub fn left_behind(&self, now: Timestamp) -> Result<Vec<String>, ArchiveError> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let is_old = |path: &Path| {
            let modified = fs::metadata(path)?.modified()?;
            let modified = Timestamp::try_from(modified).map_err(io::Error::other)?;
            Ok(now.duration_since(modified) > LEFT_BEHIND_AFTER)
        };
        let mut found = Vec::new();
        for path in staging_files(folder)? {
            if present(is_old(&path))?.unwrap_or(false) {
                let name = path.strip_prefix(folder).unwrap_or(&path);
                found.push(name.to_string_lossy().into_owned());
            }
        }
        found.sort();
        Ok(found)
    }

    /// Removes what [`Archive::left_behind`] names, and says what it was.
    ///
    /// # Errors
    /// [`ArchiveError::Folder`].
    pub fn tidy(&self, now: Timestamp) -> Result<Vec<String>, ArchiveError> {
        let found = self.left_behind(now)?;
        if let Some(folder) = &self.folder {
            for name in &found {
                remove(&folder.join(name))?;
            }
        }
        Ok(found)
    }

    /// Removes the staging files of one copy, however young: it is erased, so nobody is making it.
    pub(super) fn tidy_copy(&self, index: CodeIndex) -> Result<(), ArchiveError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let copy = folder.join(layout::copy(index).as_ref());
        for path in staging_files(&copy)? {
            remove(&path)?;
        }
        Ok(())
    }
}

fn staging_files(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in present(fs::read_dir(&folder))?.into_iter().flatten() {
            let entry = entry.map_err(ArchiveError::Folder)?;
            let Some(kind) = present(entry.file_type())? else {
                continue;
            };
            if kind.is_dir() && depth < DEPTH {
                folders.push((entry.path(), depth + 1));
            } else if kind.is_file() && is_staging(&entry.file_name().to_string_lossy()) {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

/// `NAME#NUMBER`, as the store names them.
fn is_staging(name: &str) -> bool {
    name.split_once('#').is_some_and(|(_, number)| {
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

fn remove(path: &Path) -> Result<(), ArchiveError> {
    present(fs::remove_file(path)).map(|_| ())
}

/// `None` when the file went away meanwhile, as staging files do.
fn present<T>(outcome: io::Result<T>) -> Result<Option<T>, ArchiveError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ArchiveError::Folder(error)),
    }
}
