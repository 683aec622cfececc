//! What is logged, and where: standard error, as text or as JSON; and spans to a collector, where the
//! program is built with the feature `otlp`.
//!
//! Verification codes, keys and passphrases are never logged: their types have no printed form, the
//! door writes route patterns instead of paths, and libraries that would write what they read are
//! kept quiet here.
//!
//! What is counted and measured is in [`measure`].

mod families;
pub mod measure;

#[cfg(feature = "otlp")]
mod otlp;
mod trace_context;

use std::io::IsTerminal;

use tracing::Span;
use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::settings::{Log, LogFormat};
pub use trace_context::{Parent, SpanId, TraceContext, TraceId};

/// The name of the span of a request.
pub const REQUEST: &str = "request";

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
    /// A collector is named, and the program cannot send to it.
    #[cfg(not(feature = "otlp"))]
    #[error(
        "`telemetry.otlp_endpoint` is set, and this program was built without OTLP \
         (cargo build --features otlp)"
    )]
    NoExporter,
    /// The collector cannot be sent to as configured.
    #[cfg(feature = "otlp")]
    #[error("`telemetry.otlp_endpoint`: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
}

/// Where spans are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collector {
    /// The address of a collector: `http://collector:4318`.
    At(String),
    /// The one that the standard variables of OpenTelemetry name.
    OfEnvironment,
}

/// Logging under way. Keep it until the program ends: then the last spans are sent.
#[derive(Debug)]
#[must_use = "the last spans are sent when it is dropped"]
pub struct Telemetry {
    #[cfg(feature = "otlp")]
    #[expect(dead_code, reason = "held for its drop")]
    exporter: Option<otlp::Exporter>,
}

/// Starts logging as configured, and sending spans to a collector if there is one. Once per process.
pub fn start(log: &Log, collector: Option<&Collector>) -> Result<Telemetry, TelemetryError> {
    let filter = filter(&log.level)?;
    let (json, text) = match log.format {
        LogFormat::Json => (
            Some(
                tracing_subscriber::fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr),
            ),
            None,
        ),
        LogFormat::Text => (
            None,
            Some(
                tracing_subscriber::fmt::layer()
                    .with_ansi(std::io::stderr().is_terminal())
                    .with_writer(std::io::stderr),
            ),
        ),
    };
    let subscriber = tracing_subscriber::registry()
        .with(filter)
        .with(json)
        .with(text);
    #[cfg(feature = "otlp")]
    {
        let exporter = collector.map(otlp::Exporter::open).transpose()?;
        let spans = exporter.as_ref().map(otlp::Exporter::layer);
        subscriber.with(spans).try_init()?;
        Ok(Telemetry { exporter })
    }
    #[cfg(not(feature = "otlp"))]
    {
        if matches!(collector, Some(Collector::At(_))) {
            return Err(TelemetryError::NoExporter);
        }
        subscriber.try_init()?;
        if collector.is_some() {
            tracing::warn!(
                "the environment names a collector of spans: build with --features otlp"
            );
        }
        Ok(Telemetry {})
    }
}

/// Makes the span of a request part of its trace; the name of the trace that it is part of now.
pub fn join(span: &Span, context: &TraceContext) -> TraceId {
    #[cfg(feature = "otlp")]
    {
        otlp::join(span, context)
    }
    #[cfg(not(feature = "otlp"))]
    {
        let _ = span;
        context.trace_id()
    }
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
