//! Whoever runs the service sees how it is doing, and changes its files without a stop.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use segell::model::Code;
use segell::telemetry::measure::{FAMILIES, FamilyKind};
use serde_json::{Value, json};

use crate::credentials::{Registry, with_key};
use crate::peers::{authority, certificate, curl};
use crate::support::service::{Answer, ORGAN, Policies, Service};
use crate::support::{paper, tools};
use crate::{call, problem, public_call};

const OPERATOR: &str = "segell_pre_operator";
const USER: &str = "segell_pre_user";
/// Written by a caller where an organ, a path or a method belongs.
const HOSTILE: &str = "Hostile_0x1\"}{";

/// An operator, and a user of one organ.
fn registry() -> Registry {
    Registry::new()
        .application("operator", &[ORGAN, "L01990027"], "scopes = [\"operate\"]")
        .key(OPERATOR, "")
        .application("gestor", &[ORGAN], "")
        .key(USER, "")
}

/// One sample of the text format: name, labels, value.
struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
}

/// Reads the text format of Prometheus 0.0.4, strictly: every family is described once, before its samples,
/// and every name and label is one that the program declares.
fn read(text: &str) -> Vec<Sample> {
    let mut described: Vec<&str> = Vec::new();
    let mut typed: Vec<&str> = Vec::new();
    let mut samples = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').expect("a help");
            assert!(!help.is_empty() && !described.contains(&name), "{line}");
            described.push(name);
            continue;
        }
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a type");
            let family = FAMILIES.iter().find(|family| family.name == name);
            let expected = match family.expect("a declared family").kind {
                FamilyKind::Counter => "counter",
                FamilyKind::Gauge => "gauge",
                FamilyKind::Histogram => "histogram",
            };
            assert_eq!(kind, expected, "{line}");
            assert!(
                described.contains(&name) && !typed.contains(&name),
                "{line}"
            );
            typed.push(name);
            continue;
        }
        let sample = sample(line);
        let family = FAMILIES
            .iter()
            .find(|family| {
                let rest = sample.name.strip_prefix(family.name);
                match family.kind {
                    FamilyKind::Histogram => matches!(rest, Some("_bucket" | "_sum" | "_count")),
                    _ => rest == Some(""),
                }
            })
            .unwrap_or_else(|| panic!("undeclared: {line}"));
        assert_eq!(typed.last(), Some(&family.name), "in its family: {line}");
        for (label, _) in &sample.labels {
            let bucket = label == "le" && family.kind == FamilyKind::Histogram;
            assert!(bucket || family.labels.contains(&label.as_str()), "{line}");
        }
        samples.push(sample);
    }
    samples
}

fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').expect("a value");
    let value = value.parse().expect("a number");
    let (name, labels) = match series.split_once('{') {
        Some((name, rest)) => (name, rest.strip_suffix('}').expect("a brace")),
        None => (series, ""),
    };
    let mut pairs = Vec::new();
    let mut rest = labels;
    while !rest.is_empty() {
        let (label, after) = rest.split_once("=\"").expect("a label");
        let (value, after) = after.split_once('"').expect("a quote");
        assert!(
            !value.contains('\\'),
            "nothing here needs an escape: {line}"
        );
        pairs.push((label.to_owned(), value.to_owned()));
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Sample {
        name: name.to_owned(),
        labels: pairs,
        value,
    }
}

/// What the operations listener answers.
fn operations(service: &Service, path: &str) -> (u16, String) {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent();
    let url = format!("{}{path}", service.operations());
    let mut answer = agent.get(url).call().expect("an answer");
    let body = answer.body_mut().read_to_string().expect("a text");
    (answer.status().as_u16(), body)
}

fn metrics(service: &Service) -> Vec<Sample> {
    let (status, text) = operations(service, "/metrics");
    assert_eq!(status, 200);
    read(&text)
}

/// The sum of the samples with this name and these labels.
fn sum(samples: &[Sample], name: &str, labels: &[(&str, &str)]) -> f64 {
    let matching = samples.iter().filter(|sample| {
        sample.name == name
            && labels.iter().all(|(label, value)| {
                let mut own = sample.labels.iter();
                own.any(|(name, said)| name == label && said == value)
            })
    });
    matching.map(|sample| sample.value).sum()
}

fn seal(service: &Service, query: &str, body: &[u8]) -> Answer {
    with_key(service, "POST", &format!("/v1/copies?{query}"), USER)
        .header("Content-Type", "application/pdf")
        .body(body)
        .answer()
}

#[test]
fn what_happens_is_counted_and_no_metric_tells_a_code_a_nif_or_what_a_caller_wrote() {
    let service = registry().start(&[]);
    let page = paper::one_page("counted");
    let made = seal(&service, "placement=extend", &page);
    assert_eq!(made.status, 201);
    assert_eq!(seal(&service, "placement=extend", &page).status, 200);
    assert_eq!(seal(&service, "", b"no document").status, 422);
    let path = format!("organ={}", "Hostile_0x1%22%7D%7B");
    assert!(seal(&service, &path, &page).status >= 400);
    let code = made.header("Verification-Code").to_owned();
    let mut mistyped = code.clone();
    mistyped.replace_range(0..1, if code.starts_with('X') { "Y" } else { "X" });
    let absent = Code::for_test(&[7; 32]).compact();
    service.keep_secret(&absent);
    for path in [
        format!("/{code}"),
        format!("/{mistyped}"),
        format!("/{absent}"),
    ] {
        public_call(&service, "GET", &path).answer();
    }
    public_call(&service, "DELETE", "/v1/nowhere/Hostile_0x1").answer();
    let judged = with_key(&service, "POST", "/v1/validations", USER)
        .header("Content-Type", "application/pdf")
        .body(&made.body)
        .answer();
    assert_eq!(judged.json()["verdict"], "identical");

    let (_, text) = operations(&service, "/metrics");
    let samples = read(&text);
    let counted = |name: &str, labels: &[(&str, &str)]| sum(&samples, name, labels);
    let copies = |outcome: &str| {
        let labels = [
            ("organ", ORGAN),
            ("environment", "pre"),
            ("kind", "electronic"),
        ];
        let labels = [labels.as_slice(), &[("outcome", outcome)]].concat();
        counted("segell_copies_total", &labels)
    };
    assert_eq!((copies("issued"), copies("replayed")), (1.0, 1.0));
    assert_eq!(
        counted("segell_copies_total", &[("outcome", "refused")]),
        2.0
    );
    assert_eq!(
        copies("refused"),
        1.0,
        "the organ that nobody knows is not named"
    );
    assert_eq!(counted("segell_layout_total", &[("mode", "extend")]), 1.0);
    for (outcome, times) in [
        ("found", 1.0),
        ("typo", 1.0),
        ("not_found", 1.0),
        ("erased", 0.0),
    ] {
        let seen = counted("segell_verify_total", &[("outcome", outcome)]);
        assert_eq!(seen, times, "{outcome}");
    }
    assert_eq!(
        counted("segell_validations_total", &[("verdict", "identical")]),
        1.0
    );
    for phase in ["receive", "queue", "work", "whole"] {
        let seen = counted("segell_copy_seconds_count", &[("phase", phase)]);
        assert!(seen >= 3.0, "{phase}: {seen}");
    }
    let requests = [
        ("route", "/v1/copies"),
        ("method", "POST"),
        ("status", "201"),
    ];
    assert_eq!(counted("segell_http_requests_total", &requests), 1.0);
    assert_eq!(
        counted("segell_http_requests_total", &[("route", "/{code}")]),
        3.0
    );
    assert_eq!(
        counted("segell_problems_total", &[("problem", "not-pdf")]),
        1.0
    );
    assert_eq!(
        counted("segell_seal_probe_success", &[("organ", ORGAN)]),
        1.0
    );
    let ends = counted(
        "segell_seal_not_after_timestamp_seconds",
        &[("organ", ORGAN)],
    );
    assert!(ends > 1.7e9, "{ends}");
    assert!(
        counted(
            "segell_trust_not_after_timestamp_seconds",
            &[("purpose", "seals")]
        ) > 1.7e9
    );
    assert_eq!(counted("segell_build_info", &[]), 1.0);
    assert!(counted("segell_places", &[("pool", "sealing")]) > 0.0);
    eventually(|| sum(&metrics(&service), "segell_archive_probe_success", &[]) == 1.0);

    let flat = text.replace('-', "").to_uppercase();
    for secret in [&code, &mistyped, &absent] {
        assert!(
            !flat.contains(&secret.replace('-', "")),
            "a code in the metrics"
        );
    }
    let organs = call(&service, "GET", "/v1/organs").answer().json();
    let nifs = organs["organs"].as_array().expect("organs").iter();
    let nifs: Vec<_> = nifs.filter_map(|organ| organ["nif"].as_str()).collect();
    assert!(!nifs.is_empty() && nifs.iter().all(|nif| !text.contains(nif)));
    for hostile in [HOSTILE, "Hostile", USER] {
        assert!(!text.contains(hostile), "{hostile}");
    }
}

/// Waits until it is so, for as long as a slow machine may take.
#[track_caller]
fn eventually(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(30), "never so");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_status_of_an_organ_is_for_those_who_may_ask_for_it() {
    let service = registry().start(&[]);
    let ask = |key: &str, organ: &str| {
        let path = format!("/v1/organs/{organ}/status");
        with_key(&service, "GET", &path, key).answer()
    };
    let status = ask(USER, ORGAN).json();
    assert_eq!(status["ok"], true, "{status}");
    assert_eq!(status["warnings"], json!([]));
    let place = &status["environments"][0];
    assert_eq!(place["environment"], "pre");
    assert_eq!(place["seal"]["probe"]["ok"], true);
    assert!(
        place["seal"]["days_left"]
            .as_i64()
            .is_some_and(|days| days > 0)
    );
    assert_eq!(
        (&place["level"], &place["level_within_reach"]),
        (&json!("B-B"), &json!("B-B"))
    );
    assert_eq!(place["last_copy_on"], Value::Null);
    assert_eq!(
        seal(&service, "", &paper::one_page("the first")).status,
        201
    );
    let place = ask(OPERATOR, ORGAN).json()["environments"][0].clone();
    let here = place["last_copy_here"].as_str().expect("a time");
    assert_eq!(place["last_copy_on"].as_str(), here.get(..10));
    // Another's organ and one that is not there are one and the same.
    problem(&ask(USER, "L01990027"), 404, "not-found");
    problem(&ask(USER, "L01990094"), 404, "not-found");
    problem(&ask(USER, "nobody"), 404, "not-found");
    problem(&ask("segell_pre_nobody", ORGAN), 401, "unauthorized");
}

/// Has everything loaded anew, and gives what came of each part.
fn reload(service: &Service) -> (Value, impl Fn(&str) -> Value) {
    let answer = with_key(service, "POST", "/v1/operate/reload", OPERATOR).answer();
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert_eq!(answer.status, 200, "{text}");
    let report = answer.json();
    let parts = report["parts"].as_array().expect("parts").clone();
    let part = move |name: &str| {
        let part = parts.iter().find(|part| part["part"] == name);
        part.expect("the part").clone()
    };
    (report, part)
}

#[test]
fn keys_seals_and_anchors_change_without_a_restart_and_what_is_bad_changes_nothing() {
    let registry = registry();
    let service = registry.start(&[("SEGELL__ORGANS__WATCH_SECONDS", "0")]);
    let me = |key: &str| with_key(&service, "GET", "/v1/me", key).answer();
    assert_eq!(me(USER).status, 200);
    let (report, part) = reload(&service);
    for name in ["trust", "organs", "applications", "tls"] {
        assert_eq!(part(name)["outcome"], "unchanged", "{report}");
    }
    assert_eq!(report["seals"]["unchanged"], 5);

    // A key is revoked, another application comes.
    let revoked = fs::read_to_string(registry.folder.path().join("applications.toml"))
        .expect("the applications file");
    let revoked = format!("{revoked}revoked = \"2026-01-01\"\n");
    registry.file("applications.toml", &revoked);
    assert_eq!(me(USER).status, 200, "nobody has looked yet");
    let (_, part) = reload(&service);
    assert_eq!(part("applications")["outcome"], "changed");
    problem(&me(USER), 401, "key-revoked");

    // A file that cannot be read keeps everybody as they were, and is named.
    registry.file("applications.toml", "[[application]]\nid = 1\n");
    let (_, part) = reload(&service);
    assert_eq!(part("applications")["outcome"], "refused");
    let cause = part("applications")["cause"].to_string();
    assert!(cause.contains("applications.toml:2"), "{cause}");
    problem(&me(USER), 401, "key-revoked");
    let code = [("code", "applications-not-reloaded")];
    assert_eq!(sum(&metrics(&service), "segell_warnings", &code), 1.0);
    registry.file("applications.toml", &revoked);
    let (_, part) = reload(&service);
    assert_eq!(part("applications")["outcome"], "changed");
    assert_eq!(sum(&metrics(&service), "segell_warnings", &code), 0.0);

    // One bad seal is its organ's trouble, and the old one goes on.
    let examples = service.folder().join("certs-example");
    spoil(&examples.join("seals"), "L01990027");
    let (report, part) = reload(&service);
    assert_eq!(part("organs")["outcome"], "unchanged", "{report}");
    assert_eq!(report["troubles"][0]["organ"], "L01990027", "{report}");
    assert_eq!(report["troubles"][0]["goes_on"], true);
    assert_eq!(operations(&service, "/readyz").0, 200);
    let kept = [("organ", "L01990027")];
    assert_eq!(
        sum(&metrics(&service), "segell_seal_renewal_refused", &kept),
        1.0
    );

    // Anchors that are suddenly gone were taken away by accident.
    let anchors = examples.join("trust");
    fs::rename(&anchors, examples.join("elsewhere")).expect("moved");
    let (_, part) = reload(&service);
    assert_eq!(part("trust")["outcome"], "refused");
    let (ready, lines) = operations(&service, "/readyz");
    assert_eq!((ready, lines.contains("ok trust")), (200, true), "{lines}");
    fs::rename(examples.join("elsewhere"), &anchors).expect("moved back");
    let (_, part) = reload(&service);
    assert_ne!(part("trust")["outcome"], "refused");

    // Who has left leaves nothing behind.
    let values = || {
        let samples = metrics(&service).into_iter();
        let theirs = |sample: &Sample| sample.labels.iter().any(|(_, value)| value == "L01990051");
        samples.filter(theirs).count()
    };
    assert_ne!(values(), 0);
    fs::remove_file(examples.join("organs/L01990051.toml")).expect("removed");
    let (report, _) = reload(&service);
    assert_eq!(report["seals"]["retired"], 1, "{report}");
    assert_eq!(values(), 0);

    problem(
        &call(&service, "POST", "/v1/operate/reload").answer(),
        403,
        "scope-missing",
    );
}

/// Writes nonsense over the passphrase of an organ's seal.
fn spoil(seals: &Path, organ: &str) {
    let path = fs::read_dir(seals)
        .expect("seals")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.contains(organ) && name.ends_with(".pass")
        });
    fs::write(path.expect("a passphrase"), "not the passphrase\n").expect("a file");
}

#[test]
fn changed_files_are_noticed_without_anybody_saying_so() {
    let registry = registry();
    let service = registry.start(&[("SEGELL__ORGANS__WATCH_SECONDS", "1")]);
    let me = || with_key(&service, "GET", "/v1/me", USER).answer().status;
    assert_eq!(me(), 200);
    let path = registry.folder.path().join("applications.toml");
    let text = fs::read_to_string(&path).expect("a file");
    registry.file(
        "applications.toml",
        format!("{text}revoked = \"2026-01-01\"\n"),
    );
    eventually(|| me() == 401);
}

#[test]
fn a_node_is_ready_only_while_archive_seals_and_trust_are() {
    let service = Service::start_with(
        Policies::Default,
        &[("SEGELL__ARCHIVE__PROBE_SECONDS", "1")],
    );
    let (status, lines) = operations(&service, "/readyz");
    let expected = "ok running\nok archive\nok seals\nok trust\nok queue\n";
    assert_eq!((status, lines.as_str()), (200, expected));
    // The disk of the archive is gone, and something else stands there.
    let archive = service.folder().join("archive");
    fs::rename(&archive, service.folder().join("elsewhere")).expect("moved");
    fs::write(&archive, "no folder").expect("a file");
    eventually(|| {
        let (status, lines) = operations(&service, "/readyz");
        status == 503 && lines.contains("failed archive: ")
    });
    assert_eq!(
        sum(&metrics(&service), "segell_archive_probe_success", &[]),
        0.0
    );
    assert_eq!(operations(&service, "/livez").0, 200);

    let nobody = tempfile::tempdir().expect("a folder");
    let folder = nobody.path().to_string_lossy();
    let empty = Service::start_with(Policies::Default, &[("SEGELL__ORGANS__FOLDER", &folder)]);
    let (status, lines) = operations(&empty, "/readyz");
    assert_eq!(status, 503);
    assert!(lines.contains("failed seals: none usable\n"), "{lines}");
}

#[test]
fn new_connections_get_the_new_certificate_and_a_bad_pair_keeps_the_old_one() {
    if !tools::present(&["curl", "openssl"]) {
        return;
    }
    let registry = registry();
    let folder = registry.folder.path().to_owned();
    for name in ["ca", "next"] {
        authority(&folder, name);
    }
    certificate(&folder, "server", "ca", "IP:127.0.0.1");
    certificate(&folder, "renewed", "next", "IP:127.0.0.1");
    let path = |name: &str| folder.join(name).display().to_string();
    let service = registry.start(&[
        ("SEGELL__TLS__CERTIFICATE", &path("server.pem")),
        ("SEGELL__TLS__KEY_FILE", &path("server.key")),
        ("SEGELL__TLS__CLIENT_CA", &path("ca.pem")),
        ("SEGELL__ORGANS__WATCH_SECONDS", "1"),
    ]);
    let under = |name: &str| {
        let file = format!("{name}.pem");
        curl(&service, &folder, &["--cacert", &file], "/").1
    };
    assert_eq!((under("ca"), under("next")), (200, 0));
    // The key alone belongs to nobody: the certificate in use goes on.
    fs::copy(folder.join("renewed.key"), folder.join("server.key")).expect("copied");
    let code = [("code", "tls-not-reloaded")];
    eventually(|| sum(&metrics(&service), "segell_warnings", &code) == 1.0);
    assert_eq!((under("ca"), under("next")), (200, 0));
    fs::copy(folder.join("renewed.pem"), folder.join("server.pem")).expect("copied");
    eventually(|| under("next") == 200);
    assert_eq!(under("ca"), 0);
    assert_eq!(sum(&metrics(&service), "segell_warnings", &code), 0.0);
    // What is spoken inside is agreed upon after a renewal as before it.
    let offered = [
        "--cacert",
        "next.pem",
        "--http2",
        "-o",
        "/dev/null",
        "-w",
        "%{http_version}",
    ];
    let (exit, _, _) = curl(&service, &folder, &offered, "/");
    assert_eq!(exit, 0);
}
