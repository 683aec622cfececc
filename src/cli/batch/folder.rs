//! The PDFs below a folder.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What was found below a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// PDFs by their names, relative to the folder, in the order of these names.
    pub(super) pdfs: Vec<PathBuf>,
    /// Everything else, links included.
    pub(super) others: u64,
    /// Folders that cannot be read, relative too.
    pub(super) unreadable: Vec<(PathBuf, io::Error)>,
}

/// Looks below `folder`, without following links and without entering `except`, the folder for what is
/// made of the PDFs.
///
/// # Errors
/// The folder itself cannot be read.
pub(super) fn pdfs_below(folder: &Path, except: Option<&Path>) -> io::Result<Found> {
    let except = except.and_then(|path| path.metadata().ok());
    let except = except.map(|meta| (meta.dev(), meta.ino()));
    let mut found = Found::default();
    let mut waiting = vec![PathBuf::new()];
    while let Some(inside) = waiting.pop() {
        match look(folder, &inside, except, &mut found) {
            Ok(folders) => waiting.extend(folders),
            Err(error) if inside.as_os_str().is_empty() => return Err(error),
            Err(error) => found.unreadable.push((inside, error)),
        }
    }
    found.pdfs.sort();
    found.unreadable.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

/// Looks into one folder and gives the folders in it.
fn look(
    folder: &Path,
    inside: &Path,
    except: Option<(u64, u64)>,
    found: &mut Found,
) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder.join(inside))? {
        let entry = entry?;
        let name = inside.join(entry.file_name());
        // Of the entry itself, not of what a link leads to.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let meta = entry.metadata()?;
            if except != Some((meta.dev(), meta.ino())) {
                folders.push(name);
            }
        } else if kind.is_file() && is_pdf(&name) {
            found.pdfs.push(name);
        } else {
            found.others += 1;
        }
    }
    Ok(folders)
}

/// By its name: what is inside is found out when it is read.
fn is_pdf(name: &Path) -> bool {
    let ending = name.extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("pdf"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[test]
    fn every_pdf_is_found_in_order_and_the_rest_is_counted() {
        let folder = folder_with(&["b.pdf", "a/z.PDF", "a/b/c.pdf", "a/note.txt", "pdf"]);
        let found = pdfs_below(folder.path(), None).unwrap();
        let names = ["a/b/c.pdf", "a/z.PDF", "b.pdf"].map(PathBuf::from);
        assert_eq!(found.pdfs, names);
        assert_eq!(found.others, 2);
        assert!(found.unreadable.is_empty());
    }

    #[test]
    fn links_lead_nowhere_and_what_was_made_is_not_taken_for_a_source() {
        let folder = folder_with(&["a.pdf", "out/a.pdf"]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("around")).unwrap();
        std::os::unix::fs::symlink("a.pdf", folder.path().join("link.pdf")).unwrap();
        let found = pdfs_below(folder.path(), Some(&folder.path().join("out"))).unwrap();
        assert_eq!(found.pdfs, [PathBuf::from("a.pdf")]);
        assert_eq!(found.others, 2);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = folder_with(&[]);
        assert!(pdfs_below(&folder.path().join("absent"), None).is_err());
    }
}
