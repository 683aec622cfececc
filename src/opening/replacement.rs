//! Puts a file in the place of another, at once or not at all.

use std::io::{Error, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

/// A new file is its owner's alone.
const PRIVATE: u32 = 0o600;

/// Puts `text` in the place of a file that still says `before`; `None`: that is not there yet. Owner and
/// permissions stay. A link stays a link: the file that it leads to is replaced.
///
/// # Errors
/// Whatever keeps it from being written; that somebody else has changed it meanwhile. Then it is as it was.
pub(crate) fn replace(path: &Path, before: Option<&str>, text: &str) -> std::io::Result<()> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    // The name must not look like one that the service reads.
    let mut next = tempfile::Builder::new()
        .prefix(".next-")
        .tempfile_in(folder)?;
    next.write_all(text.as_bytes())?;
    let mut permissions = next.as_file().metadata()?.permissions();
    match target.metadata() {
        Ok(before) => {
            permissions.set_mode(before.mode() & 0o777);
            // Only root may give files away; for anybody else the owner is the same already.
            let _ = chown(next.path(), Some(before.uid()), Some(before.gid()));
        }
        Err(_) => permissions.set_mode(PRIVATE),
    }
    next.as_file().set_permissions(permissions)?;
    next.as_file().sync_all()?;
    match before {
        Some(before) => {
            if std::fs::read_to_string(&target)? != before {
                return Err(Error::other("somebody else has changed it meanwhile"));
            }
            next.persist(&target).map_err(|error| error.error)?;
        }
        None => {
            next.persist_noclobber(&target)
                .map_err(|error| error.error)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_only_while_it_says_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        replace(&path, None, "one").unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, PRIVATE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, Some("one"), "two").unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o640);
        for before in [None, Some("one")] {
            assert!(replace(&path, before, "three").is_err());
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "nothing is left behind");
    }
}
