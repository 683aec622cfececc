//! The authorities that the settings name: time stamps and revocation, with the files they need.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use zeroize::Zeroizing;

use super::clock::Clock;
use super::seal_source;
use crate::archive::RegisteredSeal;
use crate::authorities::{
    Access, AuthoritySetup, Credentials, Identity, Revocation, RevocationParts, SourceSetup,
    TimeLimits, TimestampAuthorities, TimestampParts,
};
use crate::cli::{Exit, Failure};
use crate::model::Octets;
use crate::pki::Anchors;
use crate::seal::Seat;
use crate::settings::{RevocationSource, Settings, TimestampAuthority};

/// Retries of what is fetched in the background, which is asked for again anyway.
const BACKGROUND_RETRIES: u32 = 1;

/// The authorities, prepared. Nobody was asked yet.
pub(crate) struct Opened {
    /// Those who stamp.
    pub(crate) timestamps: TimestampAuthorities,
    /// What is known of revocations.
    pub(crate) revocation: Revocation,
}

/// Prepares the authorities.
pub(crate) fn open(
    settings: &Settings,
    seals: &Arc<Anchors>,
    timestamps: &Arc<Anchors>,
    clock: &Clock,
    runtime: &Handle,
) -> Result<Opened, Failure> {
    let of_sources = |cause: String| {
        Failure::new(Exit::Usage, format!("revocation.sources: {cause}"))
            .with_next_step("config/default.toml shows the shape under [revocation]")
    };
    let sources = settings.revocation.sources.iter().map(source);
    let revocation = Revocation::new(RevocationParts {
        sources: sources.collect::<Result<_, _>>().map_err(of_sources)?,
        anchors: vec![Arc::clone(seals), Arc::clone(timestamps)],
        limits: TimeLimits {
            connect: Duration::from_secs(settings.revocation.connect_seconds),
            total: Duration::from_secs(settings.revocation.total_seconds),
            retries: BACKGROUND_RETRIES,
        },
        max_age: Duration::from_secs(settings.revocation.max_age_hours.saturating_mul(3600)),
        clock: Arc::clone(clock),
        random: super::random,
        runtime: runtime.clone(),
    })
    .map_err(|fault| of_sources(fault.to_string()))?;

    let of_authorities = |cause: String| {
        Failure::new(Exit::Usage, format!("timestamp.authorities: {cause}"))
            .with_next_step("config/default.toml shows the shape under [timestamp]")
    };
    let keeper = revocation.clone();
    let authorities = settings.timestamp.authorities.iter().map(authority);
    let timestamps = TimestampAuthorities::new(TimestampParts {
        authorities: authorities
            .collect::<Result<_, _>>()
            .map_err(of_authorities)?,
        limits: TimeLimits {
            connect: Duration::from_secs(settings.timestamp.connect_seconds),
            total: Duration::from_secs(settings.timestamp.total_seconds),
            retries: settings.timestamp.retries,
        },
        skew: Duration::from_secs(settings.timestamp.skew_seconds),
        anchors: Arc::clone(timestamps),
        clock: Arc::clone(clock),
        random: super::random,
        on_chain: Arc::new(move |chain| keeper.keep(chain)),
        runtime: runtime.clone(),
    })
    .map_err(|fault| of_authorities(fault.to_string()))?;
    Ok(Opened {
        timestamps,
        revocation,
    })
}

/// The chain of every seal that is loaded.
pub(crate) fn chains(seats: &[Seat]) -> Vec<Vec<Octets>> {
    let seals = seats.iter().flat_map(Seat::loaded_seals);
    seals
        .map(|seal| seal.key.chain().iter().cloned().map(Octets).collect())
        .collect()
}

/// The certificates of all seals that sealed here and have not expired, those in use among them: a copy made
/// with one that was revoked since is not given again.
pub(crate) fn former_seals(seals: &[RegisteredSeal], now: Timestamp) -> Vec<Vec<Octets>> {
    seals
        .iter()
        .filter(|seal| now <= seal.certificate.not_after)
        .filter_map(|seal| Anchors::from_pem([("", seal.pem.as_bytes())]).ok())
        .map(|certificates| certificates.der().into_iter().map(Octets).collect())
        .collect()
}

/// The files with secrets for authorities.
pub(crate) fn secrets(settings: &Settings) -> impl Iterator<Item = &PathBuf> {
    let authorities = settings.timestamp.authorities.iter();
    authorities.flat_map(|authority| {
        authority
            .password_file
            .iter()
            .chain(&authority.passphrase_file)
            .chain(&authority.key)
    })
}

fn authority(written: &TimestampAuthority) -> Result<AuthoritySetup, String> {
    let credentials = match (&written.username, &written.password_file) {
        (Some(username), Some(file)) => Some(Credentials {
            username: username.clone(),
            password: secret(file)?,
        }),
        (None, None) => None,
        _ => return Err("name both username and password_file, or neither".to_owned()),
    };
    let identity = match (
        &written.pkcs12,
        &written.passphrase_file,
        &written.certificates,
        &written.key,
    ) {
        (None, None, None, None) => None,
        (Some(container), Some(passphrase), None, None) => Some(Identity::Pkcs12 {
            bytes: read(container)?,
            passphrase: secret(passphrase)?,
        }),
        (None, None, Some(certificates), Some(key)) => Some(Identity::Pem {
            certificates: read(certificates)?,
            key: Zeroizing::new(read(key)?),
        }),
        _ => {
            return Err(
                "name pkcs12 and passphrase_file, or certificates and key, or none of them"
                    .to_owned(),
            );
        }
    };
    let tls_authorities = written.ca_file.as_deref().map(read).transpose()?;
    Ok(AuthoritySetup {
        access: Access {
            url: written.url.clone(),
            credentials,
            identity,
            tls_authorities,
        },
        policy: written.policy.clone(),
    })
}

fn source(written: &RevocationSource) -> Result<SourceSetup, String> {
    let path = &written.issuer;
    if written.ocsp.is_none() && written.crl.is_none() {
        return Err(format!("name ocsp or crl for {}", path.display()));
    }
    let pem = read(path)?;
    let name = path.display().to_string();
    let certificates = Anchors::from_pem([(name.as_str(), pem.as_slice())]);
    let certificates = certificates.map_err(|fault| fault.to_string())?.der();
    let Ok([issuer]) = <[Vec<u8>; 1]>::try_from(certificates) else {
        return Err(format!("{name} has to hold one certificate, the issuer's"));
    };
    let at = |url: &String| Access {
        url: url.clone(),
        ..Access::default()
    };
    Ok(SourceSetup {
        issuer,
        ocsp: written.ocsp.as_ref().map(at),
        crl: written.crl.as_ref().map(at),
    })
}

fn read(path: impl AsRef<Path>) -> Result<Vec<u8>, String> {
    let path = path.as_ref();
    std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

/// The secret in a file, with at most one line break after it.
fn secret(path: &Path) -> Result<Zeroizing<String>, String> {
    seal_source::passphrase(path).map_err(|fault| fault.to_string())
}
