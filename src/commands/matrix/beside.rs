//! Certificates in files beside the organs and their seals: what an operator was sent and has not put into use.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::model::Sha256Digest;
use crate::opening::organs::LoadedOrgans;
use crate::pki::CertificateFacts;
use crate::pki::verify::certificates_in;

/// Endings of files that hold certificates. Containers need a passphrase to be looked into.
const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "cert"];
/// Longest file that is looked at, in bytes: a chain has a few thousand.
const MOST_BYTES: u64 = 256 << 10;
/// Most files that are looked at.
const MOST_FILES: usize = 10_000;

/// The certificates in the folder of organs and in every folder from which an organ takes a file. What cannot
/// be read is passed over.
pub(super) fn certificates(organs: &LoadedOrgans, folder: &Path) -> Vec<CertificateFacts> {
    let named = organs.sources.values().flat_map(|source| &source.files);
    let mut folders: BTreeSet<PathBuf> = named
        .filter_map(|file| file.parent()?.canonicalize().ok())
        .collect();
    folders.extend(folder.canonicalize().ok());
    let files = folders.iter().flat_map(|folder| files(folder));
    let mut found: BTreeMap<Sha256Digest, CertificateFacts> = BTreeMap::new();
    for path in files.take(MOST_FILES) {
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        for certificate in certificates_in(&bytes) {
            found.insert(certificate.fingerprint, certificate);
        }
    }
    found.into_values().collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let is_certificate = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        let ending = ending.map(str::to_ascii_lowercase);
        let named = ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
        named
            && path
                .metadata()
                .is_ok_and(|file| file.is_file() && file.len() <= MOST_BYTES)
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(is_certificate).collect()
}
