//! Where the archive is.

use std::path::PathBuf;
use std::str::FromStr;

/// Where copies are kept, as the settings say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveLocation {
    /// Nowhere: the owner keeps them (`none`).
    None,
    /// In a folder of a file system with hard links (`file:///var/lib/segell`, `file://./archive`).
    Folder(PathBuf),
}

/// An address that is not understood or not supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an archive: `file:///absolute/folder`, `file://./folder` under the working directory, \
     and `none` are supported"
)]
pub struct UnsupportedArchive;

impl FromStr for ArchiveLocation {
    type Err = UnsupportedArchive;

    /// What follows `file://` is the path as the file system knows it: nothing is percent-decoded.
    fn from_str(text: &str) -> Result<Self, UnsupportedArchive> {
        if text == "none" {
            return Ok(Self::None);
        }
        let path = text.strip_prefix("file://").ok_or(UnsupportedArchive)?;
        let rooted = ["/", "./", "../"]
            .iter()
            .any(|start| path.starts_with(start));
        if rooted && !path.contains('\0') {
            Ok(Self::Folder(PathBuf::from(path)))
        } else {
            Err(UnsupportedArchive)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_none_are_understood_and_nothing_else() {
        assert_eq!("none".parse(), Ok(ArchiveLocation::None));
        for (text, path) in [
            ("file:///var/lib/segell", "/var/lib/segell"),
            ("file://./archive", "./archive"),
            ("file://../shared archive", "../shared archive"),
        ] {
            assert_eq!(text.parse(), Ok(ArchiveLocation::Folder(path.into())));
        }
        for text in [
            "",
            "None",
            "s3://bucket/prefix",
            "file://",
            "file://host/folder",
            "file:/folder",
            "/folder",
            "file://./a\0b",
        ] {
            assert_eq!(text.parse::<ArchiveLocation>(), Err(UnsupportedArchive));
        }
    }
}
