//! The certificates of seals, kept for as long as the copies they sealed.

use object_store::path::Path;

use super::error::{ArchiveError, Defect};
use super::record::{RegisteredSeal, SCHEMA};
use super::store::{Store, to_json};
use super::{Archive, layout};
use crate::model::{Dir3, Sha256Digest};
use crate::pki::CertificateFacts;

impl Archive {
    /// Registers the certificate of an organ's seal (PEM). Doing it again changes nothing.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`].
    pub fn register_seal(
        &self,
        organ: &Dir3,
        certificate: &CertificateFacts,
        pem: &str,
    ) -> Result<(), ArchiveError> {
        let seal = RegisteredSeal {
            schema: SCHEMA,
            organ: organ.clone(),
            certificate: certificate.clone(),
            pem: pem.to_owned(),
        };
        let name = layout::seal(organ, certificate.fingerprint);
        self.store()?.create(&name, &[to_json(&seal)?])?;
        Ok(())
    }

    /// The certificate with this fingerprint if `organ` seals or sealed with it here.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Corrupt`].
    pub fn registered_seal(
        &self,
        organ: &Dir3,
        fingerprint: Sha256Digest,
    ) -> Result<Option<RegisteredSeal>, ArchiveError> {
        let seal: Option<RegisteredSeal> =
            self.store()?.read_json(&layout::seal(organ, fingerprint))?;
        match seal {
            Some(seal) if seal.organ != *organ || seal.certificate.fingerprint != fingerprint => {
                Err(ArchiveError::Corrupt(Defect::Misplaced))
            }
            other => Ok(other),
        }
    }

    /// Every certificate with which any organ seals or sealed here, by organ and fingerprint. One that
    /// cannot be read is logged and left out: it must not hide the others. [`Archive::check`] names it.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`].
    pub fn registered_seals(&self) -> Result<Vec<RegisteredSeal>, ArchiveError> {
        let store = self.store()?;
        let mut names: Vec<_> = store
            .list(&layout::SEALS.into())?
            .into_iter()
            .map(|object| object.location)
            .collect();
        names.sort();
        let mut seals = Vec::with_capacity(names.len());
        for name in &names {
            match store.read_json(name) {
                Ok(seal) => seals.extend(seal),
                Err(ArchiveError::Corrupt(defect)) => {
                    tracing::error!(object = %name, %defect, "a registered seal cannot be read");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(seals)
    }
}

/// A registered seal stands under its own organ and fingerprint.
pub(super) fn check_seal(store: &Store, name: &Path) -> Result<(), ArchiveError> {
    let seal: RegisteredSeal = match store.read_json(name)? {
        Some(seal) => seal,
        None => return Ok(()),
    };
    if layout::seal(&seal.organ, seal.certificate.fingerprint) == *name {
        Ok(())
    } else {
        Err(ArchiveError::Corrupt(Defect::Misplaced))
    }
}
