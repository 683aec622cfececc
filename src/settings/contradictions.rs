//! Values that are fine by themselves and wrong together.

use std::net::SocketAddr;

use super::error::SettingsError;
use super::{Origins, Settings};

/// Values that could be, but not together, or not for a service that answers anybody.
pub(super) fn contradictions(settings: &Settings, origins: &Origins) -> Vec<SettingsError> {
    let (server, limits, archive) = (&settings.server, &settings.limits, &settings.archive);
    let taken = |one: SocketAddr, other: SocketAddr| one == other && one.port() != 0;
    let same = taken(server.bind, server.operations_bind);
    let shared = |public| taken(public, server.bind) || taken(public, server.operations_bind);
    let mut wrong = vec![
        (
            server.bytes_in_flight < limits.body_bytes,
            "server.bytes_in_flight",
            "it is less than limits.body_bytes, so that nothing would ever be let in",
        ),
        (
            same,
            "server.operations_bind",
            "it is the same address as server.bind; the two listeners need one each",
        ),
        (
            server.public_bind.is_some_and(shared),
            "server.public_bind",
            "it is the address of another listener; leave it out to have the pages at server.bind",
        ),
    ];
    let tls = &settings.tls;
    let (certificate, key) = (tls.certificate.is_some(), tls.key_file.is_some());
    wrong.extend([
        (
            certificate && !key,
            "tls.key_file",
            "tls.certificate is set, and it takes the file of its key",
        ),
        (
            key && !certificate,
            "tls.certificate",
            "tls.key_file is set, and it takes the certificate of that key",
        ),
        (
            tls.client_ca.is_some() && !certificate,
            "tls.client_ca",
            "client certificates come over TLS, which takes tls.certificate and tls.key_file",
        ),
        (
            certificate && server.behind_proxy,
            "tls.certificate",
            "a proxy that terminates TLS stands in front (server.behind_proxy); set one of the two",
        ),
    ]);
    let numbers = [
        ("server.connections", server.connections as u64),
        ("server.header_seconds", server.header_seconds),
        ("server.body_seconds", server.body_seconds),
        ("archive.connect_seconds", archive.connect_seconds),
        ("archive.request_seconds", archive.request_seconds),
        ("archive.requests_at_once", archive.requests_at_once as u64),
        ("limits.body_bytes", limits.body_bytes.bytes() as u64),
        ("limits.pages", u64::from(limits.pages)),
        ("limits.objects", u64::from(limits.objects)),
        ("limits.nesting", u64::from(limits.nesting)),
        ("limits.stream_bytes", limits.stream_bytes.bytes() as u64),
        (
            "limits.inflated_bytes",
            limits.inflated_bytes.bytes() as u64,
        ),
        ("limits.revisions", u64::from(limits.revisions)),
        ("limits.cpu_seconds", limits.cpu_seconds),
        ("public.compare_seconds", settings.public.compare_seconds),
        (
            "public.compare_memory",
            settings.public.compare_memory.bytes() as u64,
        ),
        (
            "preservation.renew_days",
            u64::from(settings.preservation.renew_days),
        ),
        (
            "timestamp.connect_seconds",
            settings.timestamp.connect_seconds,
        ),
        ("timestamp.total_seconds", settings.timestamp.total_seconds),
        ("timestamp.skew_seconds", settings.timestamp.skew_seconds),
        (
            "timestamp.token_bytes",
            settings.timestamp.token_bytes.bytes() as u64,
        ),
        ("timestamp.waiting", settings.timestamp.waiting as u64),
        (
            "revocation.max_age_hours",
            settings.revocation.max_age_hours,
        ),
        (
            "revocation.connect_seconds",
            settings.revocation.connect_seconds,
        ),
        (
            "revocation.total_seconds",
            settings.revocation.total_seconds,
        ),
        (
            "audit.segment_minutes",
            u64::from(settings.audit.segment_minutes),
        ),
        ("retention.pre_days", u64::from(settings.retention.pre_days)),
        ("retention.pro_days", u64::from(settings.retention.pro_days)),
    ];
    wrong.extend(numbers.map(|(key, number)| (number == 0, key, "it has to be at least 1")));
    wrong
        .into_iter()
        .filter(|(is_wrong, ..)| *is_wrong)
        .map(|(_, key, cause)| SettingsError::Invalid {
            key: key.to_owned(),
            origin: origins.origin(key).unwrap_or_default().to_owned(),
            cause: cause.to_owned(),
        })
        .collect()
}
