//! Every metric family that the service exposes: its name, its kind, its labels and what it says.
//!
//! Names are those of Prometheus: base units, `_total` for counters. A label has one of a bounded number of
//! values: words of the program, organs that are served, authorities that are configured, patterns of routes.

/// How the values of a family behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FamilyKind {
    /// Only grows, from 0 at the start of the process.
    Counter,
    /// What is, at the moment of the question.
    Gauge,
    /// How long things took, in buckets.
    Histogram,
}

/// One metric family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// How its values behave.
    pub kind: FamilyKind,
    /// The labels that a value of it may have.
    pub labels: &'static [&'static str],
    /// What it says, for people.
    pub help: &'static str,
}

macro_rules! families {
    ($($constant:ident $kind:ident $name:literal [$($label:literal),*] $help:literal;)*) => {
        $(pub(super) const $constant: &str = $name;)*

        /// All of them.
        pub const FAMILIES: &[Family] = &[$(Family {
            name: $name,
            kind: FamilyKind::$kind,
            labels: &[$($label),*],
            help: $help,
        }),*];
    };
}

families! {
    // Seals.
    SEAL_NOT_AFTER Gauge "segell_seal_not_after_timestamp_seconds" ["organ", "environment", "seal"]
        "End of validity of the seal that an organ uses, in seconds since 1970.";
    SEAL_PROBE Gauge "segell_seal_probe_success" ["organ", "environment", "seal"]
        "1 when the seal signed when it was last tried; 0 when it failed or none is loaded.";
    SEAL_KEPT Gauge "segell_seal_renewal_refused" ["organ", "environment", "seal"]
        "1 when an organ goes on with the seal it had, because its new files cannot be used.";
    REVOCATION_AGE Gauge "segell_revocation_data_age_seconds"
        ["organ", "environment", "seal", "certificate"]
        "Age of the newest answer that a certificate is not revoked: of a seal, or of an authority above it.";
    // Copies.
    COPIES Counter "segell_copies_total" ["organ", "kind", "environment", "outcome"]
        "Requests for copies: issued, replayed, refused (4xx) or failed (5xx). Organ and kind are \"none\" when \
         the request was refused before they were known.";
    COPY_SECONDS Histogram "segell_copy_seconds" ["phase"]
        "Time of a request for a copy: receiving it, waiting for a thread, at work, waiting for a timestamp, and \
         the whole.";
    LAYOUT Counter "segell_layout_total" ["mode"]
        "Copies issued, by where the band stands; and those with pages that got its compact form.";
    // Checks.
    VERIFY Counter "segell_verify_total" ["outcome"]
        "Look-ups of codes on the public pages.";
    VALIDATIONS Counter "segell_validations_total" ["verdict"]
        "Files judged, by verdict.";
    // Authorities.
    AUTHORITY_SECONDS Histogram "segell_authority_seconds" ["kind", "authority"]
        "Time until an authority had answered, or had not.";
    AUTHORITY_REQUESTS Counter "segell_authority_requests_total" ["kind", "authority", "outcome"]
        "Requests to authorities: answered, failed, or left_alone by an open circuit.";
    AUTHORITY_CIRCUIT Gauge "segell_authority_circuit_open" ["kind", "authority"]
        "1 while an authority is left alone after repeated failures.";
    CLOCK_OFFSET Gauge "segell_clock_offset_seconds" ["authority"]
        "How far the clock of a time-stamp authority was ahead of ours, when it last told the time.";
    // Trust and archive.
    TRUST_NOT_AFTER Gauge "segell_trust_not_after_timestamp_seconds" ["purpose", "source"]
        "Until when what is trusted holds: the next issue of a trusted list, the first end of the anchors in \
         files; in seconds since 1970.";
    TRUST_ANCHORS Gauge "segell_trust_anchors" ["purpose"]
        "Anchors loaded.";
    ARCHIVE_PROBE Gauge "segell_archive_probe_success" []
        "1 when what was last written to the archive for a try could be read, and not be written again.";
    ARCHIVE_PROBE_SECONDS Gauge "segell_archive_probe_seconds" []
        "How long that took.";
    // The service.
    WARNINGS Gauge "segell_warnings" ["code"]
        "Warnings in force, by their code.";
    RELOADS Counter "segell_reloads_total" ["part", "outcome"]
        "Files loaded anew while the service runs, and those that were refused.";
    READY Gauge "segell_ready" ["condition"]
        "1 for each condition of readiness that holds.";
    HTTP_REQUESTS Counter "segell_http_requests_total" ["route", "method", "status"]
        "Requests answered, by the pattern of their route.";
    HTTP_SECONDS Histogram "segell_http_seconds" ["route"]
        "Time until the head of an answer was sent.";
    PROBLEMS Counter "segell_problems_total" ["problem"]
        "Problems answered, by their code in the catalogue.";
    PLACES Gauge "segell_places" ["pool"]
        "Pieces of work that are let in at once, at work or waiting.";
    PLACES_IN_USE Gauge "segell_places_in_use" ["pool"]
        "Pieces of work that are in, at work or waiting.";
    BYTES_LIMIT Gauge "segell_upload_bytes_limit" []
        "Bytes of uploads that may be in memory at once.";
    BYTES_HELD Gauge "segell_upload_bytes" []
        "Bytes of uploads in memory.";
    BUILD_INFO Gauge "segell_build_info" ["version"]
        "1, with the version of the program.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALERTS: &str = include_str!("../../config/monitoring/segell-alerts.yml");
    const DASHBOARD: &str = include_str!("../../config/monitoring/segell-dashboard.json");

    /// The metrics that a text names.
    fn named(text: &str) -> BTreeSet<&str> {
        let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let words = text.split(|character| !word(character));
        words.filter(|word| word.starts_with("segell_")).collect()
    }

    fn is_exposed(name: &str) -> bool {
        FAMILIES.iter().any(|family| match family.kind {
            FamilyKind::Histogram => name.strip_prefix(family.name) == Some("_bucket"),
            _ => name == family.name,
        })
    }

    #[test]
    fn alerts_and_dashboard_name_only_metrics_that_the_program_exposes() {
        for text in [ALERTS, DASHBOARD] {
            let names = named(text);
            assert!(names.len() > 8, "{names:?}");
            let unknown: Vec<_> = names.iter().filter(|name| !is_exposed(name)).collect();
            assert!(unknown.is_empty(), "{unknown:?}");
        }
    }

    #[test]
    fn every_alert_has_a_severity_and_a_summary() {
        let alerts: Vec<_> = ALERTS.split("- alert: ").skip(1).collect();
        assert!(alerts.len() >= 15);
        for alert in alerts {
            let name = alert.lines().next().unwrap_or_default();
            let severity = ["critical", "warning"].map(|word| format!("severity: {word}"));
            assert!(severity.iter().any(|word| alert.contains(word)), "{name}");
            assert!(
                alert.contains("expr: ") && alert.contains("summary: \""),
                "{name}"
            );
        }
    }

    #[test]
    fn the_first_panel_of_the_dashboard_is_the_days_left_of_every_organ() {
        let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).unwrap();
        let first = &dashboard["panels"][0];
        assert_eq!(first["title"], "Days left per organ");
        assert_eq!(
            (&first["gridPos"]["x"], &first["gridPos"]["y"]),
            (&0.into(), &0.into())
        );
    }

    #[test]
    fn names_follow_the_conventions_and_are_unique() {
        let mut names = BTreeSet::new();
        for family in FAMILIES {
            let Family { name, kind, .. } = *family;
            assert!(names.insert(name), "{name} twice");
            assert!(name.starts_with("segell_"), "{name}");
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
            assert!(name.bytes().all(plain), "{name}");
            assert_eq!(
                name.ends_with("_total"),
                kind == FamilyKind::Counter,
                "{name}"
            );
            if kind == FamilyKind::Histogram {
                assert!(name.ends_with("_seconds"), "{name}");
            }
            assert!(family.help.ends_with('.'), "{name}");
            for label in family.labels {
                assert!(
                    label.bytes().all(plain) && !label.starts_with("__"),
                    "{name}: {label}"
                );
            }
        }
    }
}
