//! The files of a log: one folder for each instance, one file for each segment, and a lock that keeps two
//! processes from writing one log.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::audit::{Instance, SegmentFiles};

/// The lock of an instance.
const LOCK: &str = "lock";
/// How the names of segments end.
const ENDING: &str = ".jsonl";
/// How many digits a number has in a name.
const DIGITS: usize = 12;
/// Instances of one name on one folder.
const MOST: u32 = 64;
/// Logs are their owner's alone.
const PRIVATE_FOLDER: u32 = 0o700;
const PRIVATE_FILE: u32 = 0o600;

/// The folder of one instance.
pub(super) struct Folder {
    path: PathBuf,
    /// The segment that is written.
    open: Mutex<Option<(u64, File)>>,
    /// Held for as long as somebody writes here.
    _lock: Option<File>,
}

impl Folder {
    /// Takes the folder of the instance with this name, or of `NAME-2`, `NAME-3`, … when another process
    /// writes there.
    pub(super) fn claim(root: &Path, name: &Instance) -> io::Result<(Instance, Self)> {
        let mut refusal = None;
        for number in 1..=MOST {
            let instance = match number {
                1 => name.clone(),
                number => name.with(&number.to_string()),
            };
            let path = root.join(instance.as_str());
            match lock(&path) {
                Ok(lock) => {
                    let folder = Self {
                        path,
                        open: Mutex::new(None),
                        _lock: Some(lock),
                    };
                    return Ok((instance, folder));
                }
                Err(error) => refusal = Some(error),
            }
        }
        Err(refusal.unwrap_or_else(|| io::Error::other("no instance can write there")))
    }

    /// The folders of all instances, to be read.
    pub(super) fn all(root: &Path) -> io::Result<Vec<(Instance, Self)>> {
        let mut found = Vec::new();
        let entries = match root.read_dir() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            entries => entries?,
        };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let instance = name.and_then(|name| name.parse().ok());
            if let (Some(instance), true) = (instance, path.is_dir()) {
                let folder = Self {
                    path,
                    open: Mutex::new(None),
                    _lock: None,
                };
                found.push((instance, folder));
            }
        }
        Ok(found)
    }

    fn segment(&self, first: u64) -> PathBuf {
        self.path.join(format!("{first:0DIGITS$}{ENDING}"))
    }

    /// Opens a segment to append to it; one that is not there is made, and its name is on the disk.
    fn open(&self, first: u64) -> io::Result<File> {
        let path = self.segment(first);
        let is_new = !path.try_exists()?;
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(PRIVATE_FILE)
            .open(&path)?;
        if is_new {
            File::open(&self.path)?.sync_all()?;
        }
        Ok(file)
    }
}

/// Makes the folder of an instance and takes its lock.
fn lock(path: &Path) -> io::Result<File> {
    DirBuilder::new()
        .recursive(true)
        .mode(PRIVATE_FOLDER)
        .create(path)?;
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(PRIVATE_FILE)
        .open(path.join(LOCK))?;
    lock.try_lock()?;
    Ok(lock)
}

impl SegmentFiles for Folder {
    fn segments(&self) -> io::Result<Vec<u64>> {
        let mut segments = Vec::new();
        for entry in self.path.read_dir()? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(ENDING));
            segments.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        segments.sort_unstable();
        Ok(segments)
    }

    fn read(&self, first: u64) -> io::Result<Vec<u8>> {
        fs::read(self.segment(first))
    }

    fn append(&self, first: u64, offset: u64, lines: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_none_or(|(number, _)| *number != first) {
            *open = Some((first, self.open(first)?));
        }
        let Some((_, file)) = open.as_mut() else {
            return Err(io::Error::other("no segment is open"));
        };
        let length = file.metadata()?.len();
        if length < offset {
            return Err(io::Error::other("somebody has made it shorter"));
        }
        if length > offset {
            file.set_len(offset)?;
        }
        let written = file.write_all(lines);
        if written.is_err() {
            // What cannot be taken back now is taken back before the next line.
            let _ = file.set_len(offset);
        }
        written
    }

    fn sync(&self) -> io::Result<()> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map_or(Ok(()), |(_, file)| file.sync_data())
    }

    fn remove(&self, first: u64) -> io::Result<()> {
        fs::remove_file(self.segment(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_with_one_name_write_two_logs() {
        let root = tempfile::tempdir().unwrap();
        let name: Instance = "node".parse().unwrap();
        let (first, held) = Folder::claim(root.path(), &name).unwrap();
        let (second, _also) = Folder::claim(root.path(), &name).unwrap();
        assert_eq!((first.as_str(), second.as_str()), ("node", "node-2"));
        drop(held);
        let (again, _held) = Folder::claim(root.path(), &name).unwrap();
        assert_eq!(again.as_str(), "node");
        assert_eq!(Folder::all(root.path()).unwrap().len(), 2);
    }

    #[test]
    fn what_stands_behind_the_last_good_line_goes_and_what_became_shorter_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let (_, folder) = Folder::claim(root.path(), &"node".parse().unwrap()).unwrap();
        folder.append(1, 0, b"one\n").unwrap();
        folder.append(1, 4, b"two\n").unwrap();
        folder.append(1, 4, b"TWO\n").unwrap();
        folder.sync().unwrap();
        assert_eq!(folder.read(1).unwrap(), b"one\nTWO\n");
        assert!(folder.append(1, 9, b"three\n").is_err());
        folder.append(7, 0, b"seven\n").unwrap();
        assert_eq!(folder.segments().unwrap(), [1, 7]);
        folder.remove(1).unwrap();
        assert_eq!(folder.segments().unwrap(), [7]);
    }
}
