//! The spans of requests, sent to a collector: OTLP over HTTP, in protobuf.
//!
//! What is sent is what is logged about a request, and no more: the pattern of its route, never its path.
//! Besides the address, what the collector wants to know comes from the standard variables of
//! OpenTelemetry: `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
//! `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`.

use std::time::Duration;

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceState, TracerProvider,
};
use opentelemetry::{Context, Key, KeyValue};
use opentelemetry_otlp::{ExporterBuildError, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanData, SpanExporter};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::{OpenTelemetryLayer, OpenTelemetrySpanExt};
use tracing_subscriber::registry::LookupSpan;

use super::trace_context::{TraceContext, TraceId};
use super::{Collector, REQUEST};

/// Time in which what was not sent yet is sent when the service ends.
const FLUSH_TIME: Duration = Duration::from_secs(5);

/// Sends spans while it exists. When dropped, it sends what is left, for a few seconds at most.
#[derive(Debug)]
pub(super) struct Exporter(SdkTracerProvider);

impl Exporter {
    /// Nothing is asked of the collector yet: one that is away is noticed when spans are sent.
    pub(super) fn open(collector: &Collector) -> Result<Self, ExporterBuildError> {
        let exporter = opentelemetry_otlp::SpanExporter::builder().with_http();
        let exporter = match collector {
            Collector::At(address) => {
                exporter.with_endpoint(format!("{}/v1/traces", address.trim_end_matches('/')))
            }
            Collector::OfEnvironment => exporter,
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(InWordsOfHttp(exporter.build()?))
            .with_resource(resource());
        Ok(Self(provider.build()))
    }

    /// What hands the spans over.
    pub(super) fn layer<S>(&self) -> OpenTelemetryLayer<S, SdkTracer>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
    }
}

/// Who sends: the environment's own words, or this program's name.
fn resource() -> Resource {
    const NAME: Key = Key::from_static_str("service.name");
    let of_environment = Resource::builder().build();
    let named = of_environment
        .get(&NAME)
        .is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_attribute(version);
    if named {
        resource.build()
    } else {
        resource.with_service_name(env!("CARGO_PKG_NAME")).build()
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        if let Err(error) = self.0.shutdown_with_timeout(FLUSH_TIME) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// Makes the span of a request part of its trace; the name of the trace that it is part of now.
pub(super) fn join(span: &Span, context: &TraceContext) -> TraceId {
    if let Some(parent) = context.parent() {
        let flags = if parent.sampled {
            TraceFlags::SAMPLED
        } else {
            TraceFlags::NOT_SAMPLED
        };
        let remote = SpanContext::new(
            opentelemetry::TraceId::from_bytes(context.trace_id().to_bytes()),
            SpanId::from_bytes(parent.span_id.to_bytes()),
            flags,
            true,
            TraceState::NONE,
        );
        // Without a collector no span can have a parent, and none needs one.
        let _ = span.set_parent(Context::new().with_remote_span_context(remote));
        return context.trace_id();
    }
    // A trace that begins here is named by who exports it.
    let exported = span.context().span().span_context().clone();
    if exported.is_valid() {
        TraceId::from_bytes(exported.trace_id().to_bytes())
    } else {
        context.trace_id()
    }
}

/// Tells the collector about requests in the words of the semantic conventions for HTTP, which are too long
/// for every line of a log.
#[derive(Debug)]
struct InWordsOfHttp<E>(E);

impl<E: SpanExporter> SpanExporter for InWordsOfHttp<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch.iter_mut().filter(|span| span.name == REQUEST) {
            translate(span);
        }
        self.0.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn translate(span: &mut SpanData) {
    span.span_kind = SpanKind::Server;
    for attribute in &mut span.attributes {
        match attribute.key.as_str() {
            "method" => attribute.key = Key::from_static_str("http.request.method"),
            "route" => attribute.key = Key::from_static_str("http.route"),
            _ => {}
        }
    }
    let [method, route] = ["http.request.method", "http.route"].map(|name| {
        let mut attributes = span.attributes.iter();
        let found = attributes.find(|attribute| attribute.key.as_str() == name);
        found.map(|attribute| attribute.value.to_string())
    });
    if let (Some(method), Some(route)) = (method, route) {
        span.name = format!("{method} {route}").into();
    }
    let said = span.events.iter().flat_map(|event| &event.attributes);
    let status = said
        .filter(|attribute| attribute.key.as_str() == "status")
        // Unsigned numbers come as text.
        .find_map(|attribute| attribute.value.as_str().parse::<i64>().ok());
    if let Some(status) = status {
        let attribute = KeyValue::new("http.response.status_code", status);
        span.attributes.push(attribute);
        if status >= 500 {
            span.status = Status::error("");
        }
    }
}
