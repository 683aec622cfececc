//! What production does not accept, as far as the settings alone can tell.

use super::{Origins, Settings};

/// Five years, leap days included.
const FIVE_YEARS_DAYS: u32 = 1826;

/// A setting that production refuses, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: `{key}`: {cause}")]
pub struct ProductionRefusal {
    /// The dotted key.
    pub key: &'static str,
    /// Where its value came from.
    pub origin: String,
    /// What is wrong and what to do, one sentence.
    pub cause: String,
}

/// Every rule that these settings break.
pub(super) fn refusals(settings: &Settings, origins: &Origins) -> Vec<ProductionRefusal> {
    [
        code_keys(settings),
        factor_keys(settings),
        audit_keys(settings),
        audit_folder(settings),
        transport(settings),
        retention(settings),
        archive(settings),
    ]
    .into_iter()
    .flatten()
    .map(|(key, cause)| ProductionRefusal {
        key,
        origin: origins.origin(key).unwrap_or("built in").to_owned(),
        cause,
    })
    .collect()
}

type Refusal = Option<(&'static str, String)>;

/// Codes derived from a key that everybody knows could be told in advance.
fn code_keys(settings: &Settings) -> Refusal {
    settings.codes.keys_file.is_none().then(|| {
        let make = "openssl rand -hex 32 > codes.keys && chmod 400 codes.keys";
        (
            "codes.keys_file",
            format!("production needs a code-key file; make one with `{make}` and name it here"),
        )
    })
}

/// Second factors are short: only the key keeps them from being guessed out of a stolen archive.
fn factor_keys(settings: &Settings) -> Refusal {
    settings.access.factor_keys_file.is_none().then(|| {
        let make = "openssl rand -hex 32 > factors.keys && chmod 400 factors.keys";
        (
            "access.factor_keys_file",
            format!("production needs a factor-key file; make one with `{make}` and name it here"),
        )
    })
}

/// Without a key of one's own anybody could write another log and vouch for it.
fn audit_keys(settings: &Settings) -> Refusal {
    settings.audit.keys_file.is_none().then(|| {
        let make = "openssl rand -hex 32 > audit.keys && chmod 400 audit.keys";
        (
            "audit.keys_file",
            format!("production needs an audit-key file; make one with `{make}` and name it here"),
        )
    })
}

/// What is done for administrations is written down.
fn audit_folder(settings: &Settings) -> Refusal {
    settings.audit.folder.is_none().then(|| {
        (
            "audit.folder",
            "production needs an audit log; name a folder, such as /var/log/segell/audit"
                .to_owned(),
        )
    })
}

/// Keys and documents must not cross a network in the clear.
fn transport(settings: &Settings) -> Refusal {
    let server = &settings.server;
    let listeners = [
        ("server.bind", Some(server.bind)),
        ("server.public_bind", server.public_bind),
    ];
    let exposed = listeners.into_iter().find_map(|(key, address)| {
        let address = address.filter(|address| !address.ip().is_loopback())?;
        (!server.behind_proxy && settings.tls.certificate.is_none()).then_some((key, address))
    });
    exposed.map(|(key, address)| {
        (
            key,
            format!(
                "{address} is not a loopback address and nothing speaks TLS there; set tls.certificate and \
                 tls.key_file, or put a proxy with TLS in front and set server.behind_proxy = true, or bind \
                 to 127.0.0.1"
            ),
        )
    })
}

/// A code printed on paper has to answer for years.
fn retention(settings: &Settings) -> Refusal {
    (settings.retention.pro_days < FIVE_YEARS_DAYS).then(|| {
        (
            "retention.pro_days",
            format!(
                "{} days are under five years; write at least {FIVE_YEARS_DAYS}",
                settings.retention.pro_days
            ),
        )
    })
}

/// A folder relative to wherever the service happens to be started is no archive.
fn archive(settings: &Settings) -> Refusal {
    let relative = settings
        .archive
        .url
        .strip_prefix("file://")
        .is_some_and(|path| !path.starts_with('/'));
    relative.then(|| {
        (
            "archive.url",
            "production needs an absolute path, such as file:///var/lib/segell".to_owned(),
        )
    })
}
