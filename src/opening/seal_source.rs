//! Opening a seal from what its organ's file names: files, or a key on a token.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::organ_file::{ContainerFiles, SealSource};
use super::organs::Terms;
use crate::model::Organ;
use crate::pki::{
    DeviceCertificates, SealContainer, SealDefect, SealKey, SealRules, TokenTrouble,
    is_example_material,
};
use crate::settings::Profile;
use crate::tokens::{KeyPlace, Pin};

/// Opens a seal from its files.
pub(crate) fn open(
    folder: &Path,
    source: &SealSource,
    organ: &Organ,
    terms: &Terms<'_>,
) -> Result<SealKey, SealDefect> {
    let rules = SealRules {
        nif: &organ.nif,
        algorithm: source.algorithm,
        anchors: terms.anchors,
        now: terms.now,
    };
    let passphrase = match &source.passphrase_file {
        Some(path) => Some(passphrase(&folder.join(path))?),
        None => None,
    };
    let key = match &source.container {
        ContainerFiles::Pkcs12(path) => {
            let bytes = secret_bytes(&folder.join(path), "the container")?;
            let passphrase = passphrase.unwrap_or_default();
            let container = SealContainer::Pkcs12 {
                bytes: &bytes,
                passphrase: &passphrase,
            };
            SealKey::open(&container, &rules)
        }
        ContainerFiles::Pem { certificates, key } => {
            let certificates = secret_bytes(&folder.join(certificates), "the certificates' file")?;
            let key = secret_bytes(&folder.join(key), "the key file")?;
            let container = SealContainer::Pem {
                certificates: &certificates,
                key: &key,
                passphrase: passphrase.as_ref(),
            };
            SealKey::open(&container, &rules)
        }
        ContainerFiles::Token {
            place,
            certificates,
            pin_file,
        } => {
            let place = KeyPlace {
                module: folder.join(&place.module),
                ..place.clone()
            };
            let pin = match pin_file {
                Some(path) => Some(pin(&folder.join(path))?),
                None => None,
            };
            let key = terms.tokens.open(&place, pin, source.algorithm)?;
            let chain = match certificates {
                Some(path) => secret_bytes(&folder.join(path), "the certificates' file")?,
                None => Zeroizing::default(),
            };
            let on_token = match certificates {
                Some(_) => Vec::new(),
                None => key.certificates()?,
            };
            let certificates = match certificates {
                Some(_) => DeviceCertificates::Pem(&chain),
                None => DeviceCertificates::Der(&on_token),
            };
            let container = SealContainer::Device {
                signer: Arc::new(key),
                certificates,
            };
            SealKey::open(&container, &rules)
        }
    }?;
    if terms.profile == Profile::Production && is_example_material(key.chain()) {
        return Err(SealDefect::ExampleMaterial);
    }
    Ok(key)
}

/// A passphrase file holds the passphrase, and at most one line break after it.
pub(crate) fn passphrase(path: &Path) -> Result<Zeroizing<String>, SealDefect> {
    let bytes = secret_bytes(path, "the passphrase file")?;
    first_line(&bytes).ok_or(SealDefect::WrongPassphrase)
}

/// A PIN file holds the PIN, and at most one line break after it.
fn pin(path: &Path) -> Result<Pin, SealDefect> {
    let bytes = secret_bytes(path, "the PIN file")?;
    let text = first_line(&bytes).ok_or(TokenTrouble::PinWrong)?;
    let written = path.metadata().and_then(|metadata| metadata.modified());
    Ok(Pin::new(text, path.to_owned(), written.ok()))
}

fn first_line(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    Some(Zeroizing::new(text.to_owned()))
}

pub(crate) fn secret_bytes(path: &Path, what: &str) -> Result<Zeroizing<Vec<u8>>, SealDefect> {
    let bytes = std::fs::read(path)
        .map_err(|error| missing(&format!("{what} {} ({error})", path.display())))?;
    Ok(Zeroizing::new(bytes))
}

pub(crate) fn missing(what: &str) -> SealDefect {
    SealDefect::FileMissing {
        what: what.to_owned(),
    }
}
