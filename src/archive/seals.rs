//! The certificates of seals, kept for as long as the copies they sealed.

use super::error::{ArchiveError, Defect};
use super::record::{RegisteredSeal, SCHEMA};
use super::store::to_json;
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

    /// Every certificate with which any organ seals or sealed here, by organ and fingerprint.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Corrupt`].
    pub fn registered_seals(&self) -> Result<Vec<RegisteredSeal>, ArchiveError> {
        let store = self.store()?;
        let mut names: Vec<_> = store
            .list(&layout::SEALS.into())?
            .into_iter()
            .map(|object| object.location)
            .collect();
        names.sort();
        names
            .iter()
            .filter_map(|name| store.read_json(name).transpose())
            .collect()
    }
}
