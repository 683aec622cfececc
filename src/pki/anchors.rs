//! Trust anchors for seal issuers.

use openssl::x509::X509;

use super::SealDefect;

/// Certificates of issuers we chose to trust, roots and intermediates, and nothing else: the
/// operating system's store is never consulted.
#[derive(Clone, Default)]
pub struct Anchors {
    certificates: Vec<X509>,
}

impl Anchors {
    /// Reads PEM files (each may hold several certificates). `name` is used in the error only.
    ///
    /// # Errors
    /// [`SealDefect::UnreadableCertificate`] for a file without certificates or with one that cannot
    /// be read.
    pub fn from_pem<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, SealDefect> {
        let mut certificates = Vec::new();
        for (name, bytes) in files {
            let unreadable = || SealDefect::UnreadableCertificate { what: name.into() };
            let read = X509::stack_from_pem(bytes).map_err(|_| unreadable())?;
            if read.is_empty() {
                return Err(unreadable());
            }
            certificates.extend(read);
        }
        Ok(Self { certificates })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// There is none, so no seal can be trusted.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// Their DER.
    pub fn der(&self) -> Vec<Vec<u8>> {
        let der = |certificate: &X509| certificate.to_der().ok();
        self.certificates.iter().filter_map(der).collect()
    }

    pub(super) fn certificates(&self) -> &[X509] {
        &self.certificates
    }
}
