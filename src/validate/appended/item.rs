//! The kinds of validation data that a document security store holds (ISO 32000-2, 12.8.4.3).

/// What one of its streams holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ItemKind {
    /// A certificate.
    Certificate,
    /// An OCSP response.
    Ocsp,
    /// A certificate revocation list.
    Crl,
    /// A timestamp token over a VRI entry.
    Timestamp,
}

impl ItemKind {
    pub(super) const ALL: [Self; 4] = [Self::Certificate, Self::Ocsp, Self::Crl, Self::Timestamp];

    /// Key of its array in the `/DSS` dictionary.
    pub(super) fn dss_key(self) -> Option<&'static [u8]> {
        match self {
            Self::Certificate => Some(b"Certs"),
            Self::Ocsp => Some(b"OCSPs"),
            Self::Crl => Some(b"CRLs"),
            Self::Timestamp => None,
        }
    }

    /// Key of its array, or of the stream itself, in an entry of `/VRI`.
    pub(super) fn vri_key(self) -> &'static [u8] {
        match self {
            Self::Certificate => b"Cert",
            Self::Ocsp => b"OCSP",
            Self::Crl => b"CRL",
            Self::Timestamp => b"TS",
        }
    }
}
