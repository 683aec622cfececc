//! Files with secrets: written, all or none, and destroyed.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

/// Bytes overwritten at a time.
const BLOCK: usize = 4096;

/// Files written together. Unless they are [kept](Self::keep), they are taken away again.
#[derive(Debug)]
pub(super) struct NewFiles<'a> {
    /// Whose owner they get.
    model: &'a Path,
    written: Vec<PathBuf>,
}

impl<'a> NewFiles<'a> {
    /// None yet; they will belong to the owner of `model`.
    pub(super) fn beside(model: &'a Path) -> Self {
        Self {
            model,
            written: Vec::new(),
        }
    }

    /// Makes a folder that only its owner may enter, unless it is there.
    pub(super) fn folder(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)?;
        self.give(path);
        Ok(())
    }

    /// Writes one that was not there.
    pub(super) fn write(&mut self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(path)?;
        self.written.push(path.to_owned());
        file.write_all(bytes)?;
        file.sync_all()?;
        self.give(path);
        Ok(())
    }

    /// They stay.
    pub(super) fn keep(mut self) {
        self.written.clear();
    }

    /// Only root may give files away; for anybody else the owner is the same already.
    fn give(&self, path: &Path) {
        if let Ok(model) = self.model.metadata() {
            let _ = chown(path, Some(model.uid()), Some(model.gid()));
        }
    }
}

impl Drop for NewFiles<'_> {
    fn drop(&mut self) {
        for path in &self.written {
            // There is nobody left to tell.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Overwrites a file and removes it. What copies its disk and its backups keep, nobody knows.
pub(super) fn destroy(path: &Path) -> io::Result<()> {
    let overwritten = overwrite(path);
    std::fs::remove_file(path)?;
    // Gone, but perhaps not overwritten: a file that nobody may write is removed all the same.
    match overwritten {
        Err(error) if error.kind() != io::ErrorKind::PermissionDenied => Err(error),
        _ => Ok(()),
    }
}

fn overwrite(path: &Path) -> io::Result<()> {
    let mut permissions = path.metadata()?.permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
    std::fs::set_permissions(path, permissions)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = file.metadata()?.len();
    let blocks = length.div_ceil(BLOCK as u64);
    for _ in 0..blocks {
        file.write_all(&[0; BLOCK])?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn files_that_are_not_kept_are_taken_away_and_none_is_ever_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two] = ["one", "two"].map(|name| folder.path().join(name));
        std::fs::write(&two, "somebody's").unwrap();
        let mut files = NewFiles::beside(folder.path());
        files.write(&one, b"secret", 0o400).unwrap();
        assert_eq!(one.metadata().unwrap().permissions().mode() & 0o777, 0o400);
        assert!(files.write(&two, b"secret", 0o400).is_err());
        drop(files);
        assert!(!one.exists());
        assert_eq!(std::fs::read(&two).unwrap(), b"somebody's");

        let mut files = NewFiles::beside(folder.path());
        files.write(&one, b"secret", 0o400).unwrap();
        files.keep();
        assert!(one.exists());
    }

    #[test]
    fn what_is_destroyed_is_overwritten_wherever_else_it_has_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
        NewFiles::beside(folder.path())
            .write(&folder.path().join("unused"), b"", 0o400)
            .unwrap();
        std::fs::write(&one, "secret").unwrap();
        std::fs::hard_link(&one, &other).unwrap();
        destroy(&one).unwrap();
        assert!(!one.exists());
        assert!(!std::fs::read_to_string(&other).unwrap().contains("secret"));
    }
}
