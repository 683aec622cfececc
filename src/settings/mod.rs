//! The settings, exactly as written in files and in the environment.
//!
//! Layers, of which the last word counts: `config/default.toml` (compiled in, complete) →
//! `config/PROFILE.toml` → `config/local.toml` → the file named by `SEGELL_CONFIG` → the environment
//! (`SEGELL__SECTION__KEY`). A key that the complete file does not have is refused. What the values
//! *mean* (folders that exist, keys that open) is found out by `opening`, never here.
#![expect(
    clippy::disallowed_methods,
    reason = "this room reads settings files and the environment"
)]

mod audit;
mod authorities;
mod contradictions;
mod error;
mod layer;
mod log;
mod origin;
mod production;
mod public;
mod size;
mod tls;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};

pub use audit::AuditSettings;
pub use authorities::{RevocationSettings, RevocationSource, TimestampAuthority, Timestamping};
pub use error::SettingsError;
use layer::Layer;
pub use log::{Log, LogFormat, TelemetrySettings};
pub use origin::{Effective, Origins};
pub use production::ProductionRefusal;
pub use public::Public;
pub use size::ByteSize;
pub use tls::Tls;

/// The complete settings, each key explained.
const DEFAULT: &str = include_str!("../../config/default.toml");
/// What differs when trying Segell out.
const EVALUATION: &str = include_str!("../../config/evaluation.toml");
/// What differs when it counts.
const PRODUCTION: &str = include_str!("../../config/production.toml");

/// The occasion Segell runs for, chosen by `SEGELL_PROFILE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Trying it out, on one's own machine, with test organs only. The default.
    Evaluation,
    /// Real: refuses everything that is only good for trying out.
    Production,
}

impl Profile {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Evaluation, Self::Production];

    /// The word in `SEGELL_PROFILE`, and the name of its file in `config/`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Evaluation => "evaluation",
            Self::Production => "production",
        }
    }

    const fn compiled_in(self) -> &'static str {
        match self {
            Self::Evaluation => EVALUATION,
            Self::Production => PRODUCTION,
        }
    }
}

/// What settings are read from: a folder that may hold `config/`, and variables.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The working directory.
    pub folder: PathBuf,
    /// The environment. Only names that begin with `SEGELL` matter.
    pub variables: BTreeMap<String, String>,
}

impl Surroundings {
    /// Those of this process.
    pub fn of_process() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                let value = value.to_string_lossy().into_owned();
                name.starts_with("SEGELL").then_some((name, value))
            })
            .collect();
        Self {
            folder: PathBuf::from("."),
            variables,
        }
    }
}

/// Every setting, typed. The fields are the keys of `config/default.toml`, where they are explained.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The profile; not a key of any file.
    #[serde(skip, default = "evaluation")]
    pub profile: Profile,
    /// `[server]`.
    pub server: Server,
    /// `[tls]`.
    pub tls: Tls,
    /// `[limits]`.
    pub limits: Limits,
    /// `[archive]`.
    pub archive: ArchiveSettings,
    /// `[organs]`.
    pub organs: OrgansSettings,
    /// `[seals]`.
    pub seals: SealsSettings,
    /// `[applications]`.
    pub applications: ApplicationsSettings,
    /// `[codes]`.
    pub codes: Codes,
    /// `[access]`.
    pub access: AccessSettings,
    /// `[public]`.
    pub public: Public,
    /// `[retention]`.
    pub retention: Retention,
    /// `[preservation]`.
    pub preservation: Preservation,
    /// `[trust]`.
    pub trust: Trust,
    /// `[timestamp]`.
    pub timestamp: Timestamping,
    /// `[revocation]`.
    pub revocation: RevocationSettings,
    /// `[audit]`.
    pub audit: AuditSettings,
    /// `[log]`.
    pub log: Log,
    /// `[telemetry]`.
    pub telemetry: TelemetrySettings,
}

/// `[server]`: who connects, and how much at once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Where applications and citizens connect.
    pub bind: SocketAddr,
    /// Where citizens connect, when not at `bind`.
    #[serde(deserialize_with = "address_if_set")]
    pub public_bind: Option<SocketAddr>,
    /// Where `/livez` and `/readyz` answer.
    pub operations_bind: SocketAddr,
    /// A proxy with TLS stands in front.
    pub behind_proxy: bool,
    /// Addresses and networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
    /// Threads that speak HTTP; 0 means one per core.
    pub workers: usize,
    /// Connections open at once.
    pub connections: usize,
    /// Documents at work at once; 0 means one per core.
    pub seals_at_once: usize,
    /// Documents that may wait beyond those.
    pub queue: usize,
    /// Bytes of uploads in memory at once.
    pub bytes_in_flight: ByteSize,
    /// Seconds for the headers of a request.
    pub header_seconds: u64,
    /// Seconds for the whole body of a request.
    pub body_seconds: u64,
    /// Seconds for requests under way after SIGTERM.
    pub shutdown_seconds: u64,
}

/// `[limits]`: what a document may cost.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the upload.
    pub body_bytes: ByteSize,
    /// Pages.
    pub pages: u32,
    /// Indirect objects.
    pub objects: u32,
    /// Depth of nesting.
    pub nesting: u32,
    /// Bytes one stream may inflate to.
    pub stream_bytes: ByteSize,
    /// Bytes all streams may inflate to.
    pub inflated_bytes: ByteSize,
    /// Revisions inside the document.
    pub revisions: u32,
    /// Seconds of processor time.
    pub cpu_seconds: u64,
}

/// `[archive]`: where copies are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveSettings {
    /// `file://…`, `s3://…` or `none`.
    pub url: String,
    /// Seconds until a store on the network is connected.
    pub connect_seconds: u64,
    /// Seconds until it has answered.
    pub request_seconds: u64,
    /// How often it is asked again.
    pub retries: usize,
    /// Requests to it under way at once, reads and writes each.
    pub requests_at_once: usize,
    /// Seconds between two tries whether it can be written and read; 0 means only at the start.
    pub probe_seconds: u64,
}

/// `[organs]`: who seals.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgansSettings {
    /// Folder with one file per organ.
    pub folder: PathBuf,
    /// Seconds between two looks whether files have changed; 0 means never.
    pub watch_seconds: u64,
    /// Those who have to confirm that they have loaded the public key of every real seal.
    pub counterparts: Vec<String>,
}

/// `[seals]`: how the keys are looked after.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealsSettings {
    /// Minutes between two tries of every key; 0 means only when it is loaded.
    pub probe_minutes: u64,
}

/// `[applications]`: who asks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationsSettings {
    /// The applications file.
    #[serde(deserialize_with = "path_if_set")]
    pub file: Option<PathBuf>,
}

/// `[codes]`: what verification codes are derived from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// The code-key file.
    #[serde(deserialize_with = "path_if_set")]
    pub keys_file: Option<PathBuf>,
}

/// `[access]`: what restricted copies take.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessSettings {
    /// The file with the keys under which second factors are stored.
    #[serde(deserialize_with = "path_if_set")]
    pub factor_keys_file: Option<PathBuf>,
}

/// `[retention]`: how long codes answer at least.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days, for organs of the test environment.
    pub pre_days: u32,
    /// Days, for real organs.
    pub pro_days: u32,
}

/// `[preservation]`: how copies are kept provable.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preservation {
    /// Days before the end of an archive timestamp from which on it is renewed.
    pub renew_days: u32,
}

/// `[trust]`: whom we trust.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// Folder with the issuers of seals.
    pub seals: PathBuf,
    /// Folder with the issuers of timestamps.
    #[serde(deserialize_with = "path_if_set")]
    pub timestamps: Option<PathBuf>,
}

impl Settings {
    /// Reads all layers. Every unknown key and every value of a wrong kind is named, not only the
    /// first one.
    pub fn load(surroundings: &Surroundings) -> Result<(Self, Origins), Vec<SettingsError>> {
        let profile = profile_of(surroundings).map_err(|error| vec![error])?;
        let default = Layer::of_text("built in", DEFAULT).map_err(|error| vec![error])?;
        let known = default.known_keys();

        let mut errors = Vec::new();
        let mut layers = vec![default];
        let mut add = |layer: Result<Layer, SettingsError>| match layer {
            Ok(layer) => {
                errors.extend(layer.faults(&known));
                layers.push(layer);
            }
            Err(error) => errors.push(error),
        };
        for (name, compiled_in) in [
            ("default.toml".to_owned(), None),
            (
                format!("{}.toml", profile.word()),
                Some(profile.compiled_in()),
            ),
            ("local.toml".to_owned(), None),
        ] {
            let path = Path::new("config").join(&name);
            match std::fs::read_to_string(surroundings.folder.join(&path)) {
                Ok(text) => add(Layer::of_text(&path.display().to_string(), &text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    if let Some(text) = compiled_in {
                        add(Layer::of_text(&format!("built in, {name}"), text));
                    }
                }
                Err(error) => add(Err(SettingsError::Unreadable {
                    path,
                    cause: error.to_string(),
                })),
            }
        }
        if let Some(named) = surroundings
            .variables
            .get("SEGELL_CONFIG")
            .filter(|path| !path.is_empty())
        {
            add(
                match std::fs::read_to_string(surroundings.folder.join(named)) {
                    Ok(text) => Layer::of_text(named, &text),
                    Err(error) => Err(SettingsError::Unreadable {
                        path: PathBuf::from(named),
                        cause: format!("{error} (SEGELL_CONFIG names this file)"),
                    }),
                },
            );
        }
        match Layer::of_environment(&surroundings.variables, &known) {
            Ok(layer) => layers.push(layer),
            Err(faults) => errors.extend(faults),
        }
        if !errors.is_empty() {
            return Err(errors);
        }

        let origins = Origins::of(&layers);
        let mut builder = config::Config::builder();
        for layer in layers {
            builder = builder.add_source(layer);
        }
        let mut settings: Self = builder
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| vec![SettingsError::of_config(&error, &origins)])?;
        settings.profile = profile;
        let contradictions = contradictions::contradictions(&settings, &origins);
        if contradictions.is_empty() {
            Ok((settings, origins))
        } else {
            Err(contradictions)
        }
    }

    /// What production does not accept of these settings; nothing under evaluation. What depends on
    /// the material itself (example certificates, the evaluation key) `opening` finds when loading it.
    pub fn refusals(&self, origins: &Origins) -> Vec<ProductionRefusal> {
        match self.profile {
            Profile::Evaluation => Vec::new(),
            Profile::Production => production::refusals(self, origins),
        }
    }
}

/// The profile that `SEGELL_PROFILE` names; evaluation without it.
fn profile_of(surroundings: &Surroundings) -> Result<Profile, SettingsError> {
    let Some(word) = surroundings
        .variables
        .get("SEGELL_PROFILE")
        .filter(|word| !word.is_empty())
    else {
        return Ok(Profile::Evaluation);
    };
    Profile::ALL
        .into_iter()
        .find(|profile| profile.word() == word)
        .ok_or_else(|| SettingsError::UnknownProfile { word: word.clone() })
}

const fn evaluation() -> Profile {
    Profile::Evaluation
}

/// An address, or nothing for an empty text.
fn address_if_set<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// A path, or nothing for an empty text.
fn path_if_set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((!text.is_empty()).then(|| PathBuf::from(text)))
}

#[cfg(test)]
mod tests;
