//! A container as it was handed in.

use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::of_defect;
use crate::cli::seals::arguments::AddArguments;
use crate::cli::seals::passphrase::{ask_passphrase, first_line, somebody_is_there};
use crate::cli::{Exit, Failure};
use crate::opening::seal_source::passphrase as passphrase_of;
use crate::pki::SealContainer;

/// Bytes of a container at most; real ones have a few thousand.
const LARGEST: u64 = 1 << 20;
/// What every PEM file has.
const PEM: &[u8] = b"-----BEGIN ";

/// The files, and the passphrase that came with them; empty for none.
pub(super) struct Received {
    bytes: Zeroizing<Vec<u8>>,
    key: Option<Zeroizing<Vec<u8>>>,
    passphrase: Zeroizing<String>,
}

impl Received {
    /// Reads them; asks for the passphrase when somebody is there to be asked.
    pub(super) fn read(arguments: &AddArguments) -> Result<Self, Failure> {
        let unreadable = |error: std::io::Error| {
            Failure::new(
                Exit::Usage,
                format!("the passphrase cannot be read: {error}"),
            )
        };
        let bytes = read(&arguments.container)?;
        let key = arguments.key.as_deref().map(read).transpose()?;
        let passphrase = match &arguments.passphrase_file {
            Some(path) => passphrase_of(path).map_err(|defect| of_defect(&defect))?,
            None if arguments.passphrase_stdin => first_line().map_err(unreadable)?,
            None if somebody_is_there() => ask_passphrase().map_err(unreadable)?,
            None => Zeroizing::default(),
        };
        Ok(Self {
            bytes,
            key,
            passphrase,
        })
    }

    /// PEM where it looks so, PKCS#12 otherwise.
    pub(super) fn container(&self) -> SealContainer<'_> {
        let is_pem = self.bytes.windows(PEM.len()).any(|part| part == PEM);
        if is_pem || self.key.is_some() {
            SealContainer::Pem {
                certificates: &self.bytes,
                key: self.key.as_ref().unwrap_or(&self.bytes),
                passphrase: Some(&self.passphrase).filter(|passphrase| !passphrase.is_empty()),
            }
        } else {
            SealContainer::Pkcs12 {
                bytes: &self.bytes,
                passphrase: &self.passphrase,
            }
        }
    }
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = || {
        let mut bytes = Zeroizing::new(Vec::new());
        let file = std::fs::File::open(path)?;
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = read().map_err(|error| Failure::file(path, "read", &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} is too large to be a seal", path.display()),
        ));
    }
    Ok(bytes)
}
