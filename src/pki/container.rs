//! Opening PKCS#12 and PEM: what is inside, before anything is judged.

use std::sync::Arc;

use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::provider::Provider;
use openssl::x509::X509;
use zeroize::Zeroizing;

use super::{DeviceCertificates, SealContainer, SealDefect, Signer};

/// A key and the certificates that lay beside it, in their order.
pub(super) struct Opened {
    pub(super) key: OpenedKey,
    pub(super) certificates: Vec<X509>,
}

/// The key of a container.
pub(super) enum OpenedKey {
    InMemory(PKey<Private>),
    InDevice(Arc<dyn Signer>),
}

/// Opens any kind of container.
pub(super) fn open(container: &SealContainer<'_>) -> Result<Opened, SealDefect> {
    match container {
        SealContainer::Pkcs12 { bytes, passphrase } => open_pkcs12(bytes, passphrase),
        SealContainer::Pem {
            certificates,
            key,
            passphrase,
        } => open_pem(certificates, key, *passphrase),
        SealContainer::Device {
            signer,
            certificates,
        } => Ok(Opened {
            key: OpenedKey::InDevice(Arc::clone(signer)),
            certificates: match certificates {
                DeviceCertificates::Pem(chain) => pem_chain(chain)?,
                DeviceCertificates::Der(all) => der_certificates(all)?,
            },
        }),
    }
}

fn open_pkcs12(bytes: &[u8], passphrase: &Zeroizing<String>) -> Result<Opened, SealDefect> {
    let container = Pkcs12::from_der(bytes).map_err(|_| SealDefect::NotAContainer {
        expected: "PKCS#12",
        found: looks_like_pem(bytes).then_some("PEM"),
    })?;
    // The crate hands the passphrase over as a C string and panics on a NUL inside.
    if passphrase.contains('\0') {
        return Err(SealDefect::WrongPassphrase);
    }
    let parsed =
        with_legacy_ciphers(|| container.parse2(passphrase)).map_err(|refusal| match refusal {
            Refusal::Legacy => SealDefect::LegacyContainer,
            Refusal::Passphrase => SealDefect::WrongPassphrase,
            Refusal::Damaged => SealDefect::NotAContainer {
                expected: "PKCS#12",
                found: None,
            },
        })?;
    let certificates: Vec<X509> = parsed
        .cert
        .into_iter()
        .chain(parsed.ca.into_iter().flatten())
        .collect();
    let key = parsed.pkey.ok_or(SealDefect::NoPrivateKey)?;
    Ok(Opened {
        key: OpenedKey::InMemory(key),
        certificates,
    })
}

fn pem_chain(certificates: &[u8]) -> Result<Vec<X509>, SealDefect> {
    X509::stack_from_pem(certificates)
        .ok()
        .filter(|_| looks_like_pem(certificates))
        .ok_or_else(|| not_pem(certificates))
}

fn der_certificates(certificates: &[Vec<u8>]) -> Result<Vec<X509>, SealDefect> {
    certificates
        .iter()
        .map(|der| {
            X509::from_der(der).map_err(|_| SealDefect::UnreadableCertificate {
                what: "a certificate on the token".into(),
            })
        })
        .collect()
}

fn open_pem(
    certificates: &[u8],
    key: &[u8],
    passphrase: Option<&Zeroizing<String>>,
) -> Result<Opened, SealDefect> {
    let certificates = pem_chain(certificates)?;
    if !looks_like_pem(key) {
        return Err(not_pem(key));
    }
    if !contains(key, b"PRIVATE KEY-----") {
        return Err(SealDefect::NoPrivateKey);
    }
    let mut asked = false;
    let opened = with_legacy_ciphers(|| {
        // Without a callback OpenSSL would ask on the terminal.
        PKey::private_key_from_pem_callback(key, |buffer| {
            asked = true;
            let passphrase = passphrase.map_or(&[][..], |passphrase| passphrase.as_bytes());
            let Some(place) = buffer.get_mut(..passphrase.len()) else {
                return Ok(0);
            };
            place.copy_from_slice(passphrase);
            Ok(passphrase.len())
        })
    });
    let key = opened.map_err(|refusal| match refusal {
        Refusal::Legacy => SealDefect::LegacyContainer,
        _ if asked && passphrase.is_none() => SealDefect::NoPassphrase,
        _ if asked => SealDefect::WrongPassphrase,
        Refusal::Passphrase | Refusal::Damaged => not_pem(key),
    })?;
    Ok(Opened {
        key: OpenedKey::InMemory(key),
        certificates,
    })
}

/// Why OpenSSL did not open something.
enum Refusal {
    /// A cipher it has in its legacy provider only, and that provider is not there.
    Legacy,
    /// The passphrase.
    Passphrase,
    /// Anything else: the bytes are damaged.
    Damaged,
}

impl Refusal {
    fn of(errors: &ErrorStack) -> Self {
        let says = |reason: &str| {
            let mut errors = errors.errors().iter();
            errors.any(|error| error.reason().is_some_and(|text| text.contains(reason)))
        };
        if says("unsupported") {
            Self::Legacy
        } else if says("mac verify failure") || says("bad decrypt") || says("cipherfinal") {
            Self::Passphrase
        } else {
            Self::Damaged
        }
    }
}

/// Runs `open`, and if an old cipher stands in the way once more with OpenSSL's legacy provider, which
/// knows RC2 and the like. The provider is unloaded again, so that nothing else in the process comes
/// to use what it holds.
fn with_legacy_ciphers<T>(mut open: impl FnMut() -> Result<T, ErrorStack>) -> Result<T, Refusal> {
    let refusal = match open() {
        Ok(opened) => return Ok(opened),
        Err(errors) => Refusal::of(&errors),
    };
    let Refusal::Legacy = refusal else {
        return Err(refusal);
    };
    let Ok(_legacy) = Provider::try_load(None, "legacy", true) else {
        return Err(Refusal::Legacy);
    };
    open().map_err(|errors| Refusal::of(&errors))
}

fn looks_like_pem(bytes: &[u8]) -> bool {
    contains(bytes, b"-----BEGIN ")
}

fn not_pem(bytes: &[u8]) -> SealDefect {
    SealDefect::NotAContainer {
        expected: "PEM",
        found: Pkcs12::from_der(bytes).is_ok().then_some("PKCS#12"),
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
