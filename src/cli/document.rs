//! Documents that come from files and go to files, or through the standard streams.

use std::fs::{File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tempfile::NamedTempFile;

use super::failure::{Exit, Failure};

/// The name that stands for a standard stream.
const STREAM: &str = "-";

/// Reads a document of at most `limit` bytes; never more than one byte beyond it.
pub(super) fn read(path: &Path, limit: usize) -> Result<Bytes, Failure> {
    let failure = |error: io::Error| Failure::file(path, "read", &error);
    let mut source: Box<dyn Read> = if path == Path::new(STREAM) {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(failure)?)
    };
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source
        .by_ref()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(failure)?;
    if bytes.len() > limit {
        return Err(Failure::new(
            Exit::Refused,
            format!("{} is larger than {limit} bytes", path.display()),
        )
        .with_next_step("limits.body_bytes sets this limit"));
    }
    Ok(Bytes::from(bytes))
}

/// A place for a document: everything or nothing arrives there.
pub(super) enum Destination {
    /// Standard output.
    Stream,
    /// A file; until it is complete, a temporary one beside it.
    File {
        path: PathBuf,
        unfinished: NamedTempFile,
        replace: bool,
    },
}

impl Destination {
    /// Prepares the place, so that nothing is sealed that could not be written.
    pub(super) fn prepare(path: &Path, replace: bool) -> Result<Self, Failure> {
        if path == Path::new(STREAM) {
            return Ok(Self::Stream);
        }
        if !replace && path.exists() {
            return Err(exists(path));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // As any new file, so that the user's umask decides who may read it.
        let unfinished = tempfile::Builder::new()
            .prefix(".segell-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)
            .map_err(|error| Failure::file(path, "written", &error))?;
        Ok(Self::File {
            path: path.to_owned(),
            unfinished,
            replace,
        })
    }

    /// Whether it is standard output.
    pub(super) const fn is_stream(&self) -> bool {
        matches!(self, Self::Stream)
    }

    /// Writes all parts.
    pub(super) fn write(self, parts: &[Bytes]) -> Result<(), Failure> {
        match self {
            Self::Stream => {
                let mut out = io::stdout().lock();
                for part in parts {
                    out.write_all(part)?;
                }
                Ok(out.flush()?)
            }
            Self::File {
                path,
                mut unfinished,
                replace,
            } => {
                let failure = |error: &io::Error| Failure::file(&path, "written", error);
                for part in parts {
                    unfinished
                        .write_all(part)
                        .map_err(|error| failure(&error))?;
                }
                unfinished
                    .as_file()
                    .sync_all()
                    .map_err(|error| failure(&error))?;
                let kept = if replace {
                    unfinished.persist(&path)
                } else {
                    unfinished.persist_noclobber(&path)
                };
                match kept {
                    Ok(_) => Ok(()),
                    Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => {
                        Err(exists(&path))
                    }
                    Err(lost) => Err(failure(&lost.error)),
                }
            }
        }
    }
}

fn exists(path: &Path) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("{} exists and is left as it is", path.display()),
    )
    .with_next_step("name another file, or say --force to replace it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_exists_is_replaced_only_when_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.pdf");
        let parts = [Bytes::from_static(b"a"), Bytes::from_static(b"b")];
        Destination::prepare(&path, false)
            .unwrap()
            .write(&parts)
            .unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"ab");

        let refused = Destination::prepare(&path, false).err().unwrap();
        assert_eq!(refused.exit, Exit::Usage);

        Destination::prepare(&path, true)
            .unwrap()
            .write(&parts[..1])
            .unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"a");
    }

    #[test]
    fn a_file_that_appears_meanwhile_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("copy.pdf");
        let destination = Destination::prepare(&path, false).unwrap();
        std::fs::write(&path, "other").unwrap();
        assert!(destination.write(&[Bytes::from_static(b"a")]).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"other");
    }

    #[test]
    fn what_is_abandoned_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        drop(Destination::prepare(&folder.path().join("copy.pdf"), false));
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn a_document_over_the_limit_is_refused_and_one_at_it_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap().len(), 5);
        assert_eq!(read(&path, 4).unwrap_err().exit, Exit::Refused);
    }
}
