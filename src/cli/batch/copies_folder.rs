//! The folder in which the copies are put: each is there whole, or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::manifest::lock;
use crate::cli::failure::{Exit, Failure};
use crate::model::Sha256Digest;

/// The folder inside it in which copies are written before they get their names. It is this run's alone.
const UNFINISHED: &str = ".segell-unfinished";

/// Bytes of a file hashed at once.
const CHUNK: usize = 1 << 16;

/// Where copies go.
pub(super) struct CopiesFolder {
    folder: PathBuf,
    unfinished: PathBuf,
    /// Locked while the run lasts.
    _lock: File,
}

/// Why a copy is not in its place.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotPlaced {
    /// Something else is there, and stays there.
    #[error("another file stands where the copy belongs")]
    Occupied,
    /// It cannot be written.
    #[error("the copy cannot be written: {0}")]
    Unwritable(#[from] io::Error),
}

impl CopiesFolder {
    /// Opens the folder, or makes it, and removes what a killed run left unfinished.
    ///
    /// # Errors
    /// It cannot be written, or another run is at work in it.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        let failure = |error: io::Error| Failure::file(folder, "written", &error);
        let unfinished = folder.join(UNFINISHED);
        fs::create_dir_all(&unfinished).map_err(failure)?;
        let held = File::open(&unfinished).map_err(failure)?;
        lock(&held, folder)?;
        for left in fs::read_dir(&unfinished).map_err(failure)? {
            fs::remove_file(left.map_err(failure)?.path()).map_err(failure)?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            unfinished,
            _lock: held,
        })
    }

    /// Refuses the folder of the sources: every copy would meet its own source.
    ///
    /// # Errors
    /// It is the same.
    pub(super) fn refuse_sources(&self, sources: &Path) -> Result<(), Failure> {
        let whole = |path: &Path| path.canonicalize().ok();
        if whole(&self.folder) == whole(sources) {
            return Err(
                Failure::new(Exit::Usage, "the copies cannot go where their sources are")
                    .with_next_step("name another folder with --output; one inside will do"),
            );
        }
        Ok(())
    }

    /// The digest of what stands under a name; `None` when nothing does.
    pub(super) fn digest(&self, name: &Path) -> io::Result<Option<Sha256Digest>> {
        let mut file = match File::open(self.folder.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut state = Sha256::new();
        let mut chunk = vec![0; CHUNK];
        loop {
            match file.read(&mut chunk)? {
                0 => return Ok(Some(Sha256Digest::of_state(&state))),
                read => state.update(chunk.get(..read).unwrap_or_default()),
            }
        }
    }

    /// The bytes that stand under a name.
    pub(super) fn read(&self, name: &Path) -> io::Result<Bytes> {
        fs::read(self.folder.join(name)).map(Bytes::from)
    }

    /// Puts a copy under its name, whole: written elsewhere, made durable, then renamed. What stands there
    /// is never replaced; when it is this very copy, all is well.
    pub(super) fn place(
        &self,
        name: &Path,
        parts: &[Bytes],
        digest: Sha256Digest,
    ) -> Result<(), NotPlaced> {
        match self.digest(name)? {
            Some(there) if there == digest => return Ok(()),
            Some(_) => return Err(NotPlaced::Occupied),
            None => {}
        }
        // As any new file, so that the user's umask decides who may read it.
        let mut unfinished = tempfile::Builder::new()
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(&self.unfinished)?;
        for part in parts {
            unfinished.write_all(part)?;
        }
        unfinished.as_file().sync_all()?;
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match unfinished.persist_noclobber(&path) {
            Ok(_) => Ok(()),
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => {
                match self.digest(name)? == Some(digest) {
                    true => Ok(()),
                    false => Err(NotPlaced::Occupied),
                }
            }
            Err(lost) => Err(lost.error.into()),
        }
    }
}

impl Drop for CopiesFolder {
    fn drop(&mut self) {
        // Nothing is unfinished any more; if something is, the next run removes it.
        let _ = fs::remove_dir(&self.unfinished);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COPY: &[u8] = b"the copy";

    fn place(folder: &CopiesFolder, name: &str) -> Result<(), NotPlaced> {
        let parts = [Bytes::from_static(b"the "), Bytes::from_static(b"copy")];
        folder.place(Path::new(name), &parts, Sha256Digest::of(COPY))
    }

    #[test]
    fn a_copy_is_put_in_its_place_and_again_without_harm() {
        let home = tempfile::tempdir().unwrap();
        let folder = CopiesFolder::open(&home.path().join("out")).unwrap();
        for _ in 0..2 {
            place(&folder, "a/b.pdf").unwrap();
        }
        assert_eq!(folder.read(Path::new("a/b.pdf")).unwrap(), COPY);
        drop(folder);
        let left = fs::read_dir(home.path().join("out")).unwrap();
        assert_eq!(left.count(), 1, "nothing but the folder of the copy");
    }

    #[test]
    fn what_stands_in_its_place_stays_there() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("b.pdf"), "mine").unwrap();
        let folder = CopiesFolder::open(home.path()).unwrap();
        assert!(matches!(place(&folder, "b.pdf"), Err(NotPlaced::Occupied)));
        assert_eq!(fs::read(home.path().join("b.pdf")).unwrap(), b"mine");
    }

    #[test]
    fn what_a_killed_run_left_unfinished_goes_and_another_run_is_kept_out() {
        let home = tempfile::tempdir().unwrap();
        let unfinished = home.path().join(UNFINISHED);
        fs::create_dir(&unfinished).unwrap();
        fs::write(unfinished.join(".tmpHALF"), "half").unwrap();
        let folder = CopiesFolder::open(home.path()).unwrap();
        assert_eq!(fs::read_dir(&unfinished).unwrap().count(), 0);
        assert!(CopiesFolder::open(home.path()).is_err());
        drop(folder);
        assert!(CopiesFolder::open(home.path()).is_ok());
    }

    #[test]
    fn copies_do_not_go_where_their_sources_are() {
        let home = tempfile::tempdir().unwrap();
        let folder = CopiesFolder::open(home.path()).unwrap();
        assert!(folder.refuse_sources(&home.path().join(".")).is_err());
        let inside = CopiesFolder::open(&home.path().join("out")).unwrap();
        assert!(inside.refuse_sources(home.path()).is_ok());
    }
}
