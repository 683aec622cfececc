//! What is logged, and where: standard error, as text or as JSON.
//!
//! Verification codes, keys and passphrases are never logged: their types have no printed form, the
//! door writes route patterns instead of paths, and libraries that would write what they read are
//! kept quiet here.
//!
//! What is counted and measured is in [`measure`].

mod families;
pub mod measure;

use std::io::IsTerminal;

use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::settings::{Log, LogFormat};

/// Libraries that would write header fields or pieces of documents, and how much they may say,
/// whatever `log.level` says.
const QUIET: [&str; 5] = [
    "lopdf=off",
    "actix_http=info",
    "actix_web=info",
    "actix_server=info",
    "object_store=info",
];

/// Why nothing can be logged.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `log.level` is neither a level nor a filter.
    #[error("`log.level` is neither a level nor a filter: {0}")]
    Filter(#[from] ParseError),
    /// Somebody else logs already.
    #[error("logging was started twice")]
    Twice(#[from] TryInitError),
}

/// Starts logging as configured. Once per process.
pub fn start(log: &Log) -> Result<(), TelemetryError> {
    let filter = filter(&log.level)?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => subscriber.json().flatten_event(true).finish().try_init()?,
        LogFormat::Text => subscriber
            .with_ansi(std::io::stderr().is_terminal())
            .finish()
            .try_init()?,
    }
    Ok(())
}

/// The filter that `level` describes, with some libraries kept quiet.
fn filter(level: &str) -> Result<EnvFilter, ParseError> {
    let mut filter = EnvFilter::builder().parse(level)?;
    for directive in QUIET {
        filter = filter.add_directive(directive.parse()?);
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_and_a_filter_are_understood_and_nonsense_is_not() {
        assert!(filter("info").is_ok());
        assert!(filter("warn,segell::archive=debug").is_ok());
        assert!(filter("segell=loud").is_err());
    }

    #[test]
    fn libraries_that_would_write_header_fields_stay_quiet() {
        let filter = filter("trace,actix_http=trace").unwrap().to_string();
        assert!(filter.contains("actix_http=info"), "{filter}");
        assert!(!filter.contains("actix_http=trace"), "{filter}");
        assert!(filter.contains("lopdf=off"), "{filter}");
    }
}
