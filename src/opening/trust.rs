//! The certificates of issuers we trust, from a folder of PEM files: those that the operator put there,
//! and those that `segell trust import` took from trusted lists.

use std::path::{Path, PathBuf};

use crate::pki::trust_list::{AnchorFile, AnchorFileFault, Purpose};
use crate::pki::{Anchors, SealDefect};

/// Endings of files that hold certificates; anything else in the folder is passed over.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "cert"];

/// Why there are no anchors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TrustFault {
    /// The folder or a file in it cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable {
        /// Folder or file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// There is no such folder.
    #[error("{} is not there", path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// There is no certificate in the folder.
    #[error("{} holds no certificate for this purpose (files ending in .pem, .crt, .cer or .cert)", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be understood.
    #[error("a certificate in {} cannot be used: {cause}", path.display())]
    NotACertificate {
        /// The folder.
        path: PathBuf,
        /// Which and why.
        cause: SealDefect,
    },
    /// A file that was made out of a trusted list is not as it was made.
    #[error("{} cannot be used: {cause}", path.display())]
    NotAsImported {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: AnchorFileFault,
    },
}

/// A file of the folder.
pub(crate) struct TrustFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}

/// The files of a folder, in the order of their names.
pub(crate) fn files(folder: &Path) -> Result<Vec<TrustFile>, TrustFault> {
    let paths = paths(folder)?.into_iter();
    paths
        .map(|path| match std::fs::read(&path) {
            Ok(bytes) => Ok(TrustFile { path, bytes }),
            Err(error) => Err(unreadable(&path, &error)),
        })
        .collect()
}

/// Where they are.
pub(crate) fn paths(folder: &Path) -> Result<Vec<PathBuf>, TrustFault> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(TrustFault::Missing {
                path: folder.to_owned(),
            });
        }
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ENDINGS.contains(&ending)) {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(TrustFault::Empty {
            path: folder.to_owned(),
        });
    }
    Ok(paths)
}

fn unreadable(path: &Path, error: &std::io::Error) -> TrustFault {
    TrustFault::Unreadable {
        path: path.to_owned(),
        cause: error.to_string(),
    }
}

/// The anchors in a folder that are for a purpose. A folder may serve several: a file that was made out of
/// a trusted list for another purpose is passed over.
pub(crate) fn anchors(folder: &Path, purpose: Purpose) -> Result<Anchors, TrustFault> {
    let unreadable = |cause| TrustFault::NotACertificate {
        path: folder.to_owned(),
        cause,
    };
    let (imported, chosen): (Vec<TrustFile>, Vec<TrustFile>) = files(folder)?
        .into_iter()
        .partition(|file| AnchorFile::is_one(&file.bytes));
    let named: Vec<(String, &[u8])> = chosen
        .iter()
        .map(|file| (file.path.display().to_string(), file.bytes.as_slice()))
        .collect();
    let named = named.iter().map(|(name, bytes)| (name.as_str(), *bytes));
    let mut anchors = Anchors::from_pem(named).map_err(unreadable)?;
    for TrustFile { path, bytes } in imported {
        let file =
            AnchorFile::read(&bytes).map_err(|cause| TrustFault::NotAsImported { path, cause })?;
        if file.purpose == purpose {
            anchors.add_list(&file).map_err(unreadable)?;
        }
    }
    if anchors.is_empty() && anchors.lists().is_empty() {
        return Err(TrustFault::Empty {
            path: folder.to_owned(),
        });
    }
    Ok(anchors)
}
