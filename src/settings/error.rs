//! Why settings are refused: each fault with its place and what would be right.

use std::fmt;
use std::path::PathBuf;

use config::ConfigError;

use super::Profile;
use super::layer::KnownKeys;
use super::origin::Origins;

/// The kind of value a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A size such as `"64 MiB"`, or a number of bytes.
    Size,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list.
    List,
    /// Anything else; no key takes it.
    Other,
}

impl Kind {
    /// Whether a key of this kind takes a value of that one.
    pub(super) fn takes(self, found: Self) -> bool {
        match self {
            Self::Text => matches!(found, Self::Text | Self::Size),
            Self::Size => matches!(found, Self::Text | Self::Size | Self::Number),
            other => other == found,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text in quotation marks",
            Self::Size => "a size such as \"64 MiB\"",
            Self::Number => "a whole number",
            Self::Flag => "true or false",
            Self::List => "a list in square brackets",
            Self::Other => "another kind of value",
        })
    }
}

/// A fault in the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// `SEGELL_PROFILE` names no profile.
    #[error(
        "SEGELL_PROFILE is \"{word}\", and there is no such profile: say {}",
        profiles()
    )]
    UnknownProfile {
        /// What it says.
        word: String,
    },
    /// A settings file cannot be read.
    #[error("{} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A settings file is not TOML.
    #[error("{origin}: {cause}")]
    NotToml {
        /// File and line.
        origin: String,
        /// What is wrong there.
        cause: String,
    },
    /// There is no such key.
    #[error("{origin}: there is no setting `{key}`{}", did_you_mean(nearest.as_deref()))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// Where.
        origin: String,
        /// The nearest key there is, when one is near.
        nearest: Option<String>,
    },
    /// A variable with `_` where settings have `__`.
    #[error("{name} is not read: settings have two underscores between their parts; say {meant}")]
    MisspeltVariable {
        /// The variable.
        name: String,
        /// The one that would be read.
        meant: String,
    },
    /// The value is of another kind.
    #[error("{origin}: `{key}` has to be {expected}")]
    WrongKind {
        /// The key.
        key: String,
        /// Where.
        origin: String,
        /// What it takes.
        expected: Kind,
    },
    /// The value is of the right kind, but cannot be.
    #[error("{origin}: `{key}` is not right: {cause}")]
    Invalid {
        /// The key.
        key: String,
        /// Where.
        origin: String,
        /// Why.
        cause: String,
    },
}

impl SettingsError {
    /// A key that is not known, with the nearest that is.
    pub(super) fn unknown_key(key: String, origin: String, known: &KnownKeys) -> Self {
        let near = |candidate: &&String| {
            let whole = strsim::normalized_damerau_levenshtein(&key, candidate);
            // The right word in the wrong section is near as well.
            let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
            let word = strsim::normalized_damerau_levenshtein(&last(&key), &last(candidate));
            whole.max(word * 0.9)
        };
        let nearest = known
            .keys()
            .map(|candidate| (near(&candidate), candidate))
            .filter(|(likeness, _)| *likeness >= 0.5)
            .max_by(|(left, _), (right, _)| left.total_cmp(right))
            .map(|(_, candidate)| candidate.clone());
        Self::UnknownKey {
            key,
            origin,
            nearest,
        }
    }

    /// The complaint of `config` while it filled in [`super::Settings`], in our words.
    pub(super) fn of_config(error: &ConfigError, origins: &Origins) -> Self {
        let mut key = None;
        let mut innermost = error;
        while let ConfigError::At { error, key: at, .. } = innermost {
            key = key.or_else(|| at.clone());
            innermost = error;
        }
        let cause = match innermost {
            ConfigError::Type {
                unexpected,
                expected,
                key: at,
                ..
            } => {
                key = key.or_else(|| at.clone());
                format!("found {unexpected}, expected {expected}")
            }
            other => other.to_string(),
        };
        let key = key.unwrap_or_default();
        let origin = origins.origin(&key).unwrap_or("the settings").to_owned();
        Self::Invalid { key, origin, cause }
    }
}

fn profiles() -> String {
    Profile::ALL.map(Profile::word).join(" or ")
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || "; config/default.toml has them all".to_owned(),
        |nearest| format!("; did you mean `{nearest}`?"),
    )
}
