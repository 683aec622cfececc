//! The ways in which an application is known, and what each is good for: keys with scopes, an environment, an
//! end and a quota.

use std::path::PathBuf;

use segell::model::Sha256Digest;
use tempfile::TempDir;

use crate::support::service::{Answer, ORGAN, Policies, Service};
use crate::support::{paper, root};
use crate::{Call, problem, public_call};

/// An applications file in a folder of its own.
pub(crate) struct Registry {
    pub(crate) folder: TempDir,
    text: String,
}

impl Registry {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
            text: String::new(),
        }
    }

    /// Adds an application for organs; `fields` are more lines of its record.
    pub(crate) fn application(mut self, id: &str, organs: &[&str], fields: &str) -> Self {
        self.text.push_str(&format!(
            "[[application]]\nid = \"{id}\"\nname = \"{id}\"\norgans = {organs:?}\n{fields}\n"
        ));
        self
    }

    /// Adds a key to the application added last.
    pub(crate) fn key(mut self, key: &str, fields: &str) -> Self {
        let digest = Sha256Digest::of(key.as_bytes());
        self.text.push_str(&format!(
            "[[application.keys]]\nkey_sha256 = \"{digest}\"\n{fields}\n"
        ));
        self
    }

    /// Writes a file beside it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// The service with these applications.
    pub(crate) fn start(&self, settings: &[(&str, &str)]) -> Service {
        let path = self.file("applications.toml", &self.text);
        let path = path.to_string_lossy();
        let mut all = vec![("SEGELL__APPLICATIONS__FILE", &*path)];
        all.extend(settings);
        Service::start_with(Policies::Default, &all)
    }
}

/// A request with a key.
pub(crate) fn with_key<'a>(
    service: &'a Service,
    method: &'static str,
    path: &str,
    key: &str,
) -> Call<'a> {
    service.keep_secret(key);
    public_call(service, method, path).header("Authorization", &format!("Bearer {key}"))
}

fn make(service: &Service, key: &str, query: &str, text: &str) -> Answer {
    with_key(service, "POST", &format!("/v1/copies?{query}"), key)
        .header("Content-Type", "application/pdf")
        .body(&paper::one_page(text))
        .answer()
}

#[test]
fn every_route_takes_the_scope_that_its_description_names() {
    let scopes = [
        "copies:issue",
        "copies:read",
        "copies:withdraw",
        "validate",
        "operate",
    ];
    let mut registry = Registry::new();
    for (number, scope) in scopes.into_iter().enumerate() {
        let others: Vec<_> = scopes.iter().filter(|other| **other != scope).collect();
        let id = scope.replace(':', "-");
        registry = registry
            .application(
                &format!("only-{id}"),
                &[ORGAN],
                &format!("scopes = [\"{scope}\"]"),
            )
            .key(&format!("segell_pre_key_for_this_{number}"), "")
            .application(
                &format!("but-{id}"),
                &[ORGAN],
                &format!("scopes = {others:?}"),
            )
            .key(&format!("segell_pre_key_for_the_rest_{number}"), "");
    }
    let service = registry.start(&[]);
    let description = public_call(&service, "GET", "/openapi.json")
        .answer()
        .json();
    let mut tried = 0;
    for (path, operations) in description["paths"].as_object().expect("paths") {
        let Some((method, operation)) = operations.as_object().and_then(|all| all.iter().next())
        else {
            continue;
        };
        let Some(scope) = operation["security"][0]["key"][0].as_str() else {
            continue;
        };
        let method = if method == "post" { "POST" } else { "GET" };
        let path = path.replace("{code}", "K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE");
        let number = scopes
            .iter()
            .position(|known| *known == scope)
            .expect("a scope");
        let asked = |key: &str| {
            let call = with_key(&service, method, &path, key);
            call.header("Content-Type", "application/pdf").answer()
        };
        problem(
            &asked(&format!("segell_pre_key_for_the_rest_{number}")),
            403,
            "scope-missing",
        );
        let allowed = asked(&format!("segell_pre_key_for_this_{number}"));
        let code = allowed.json()["code"].clone();
        assert_ne!(allowed.status, 401, "{path}");
        assert_ne!(code, "scope-missing", "{path}");
        problem(
            &public_call(&service, method, &path).answer(),
            401,
            "unauthorized",
        );
        tried += 1;
    }
    assert_eq!(tried, 10, "operations with a scope");
    let me = with_key(&service, "GET", "/v1/me", "segell_pre_key_for_this_3").answer();
    assert_eq!(me.json()["scopes"], serde_json::json!(["validate"]));
}

#[test]
fn a_key_that_has_ended_or_was_revoked_or_is_of_the_other_environment_is_told_so() {
    let registry = Registry::new()
        .application("gestor", &[ORGAN], "")
        .key(
            "segell_pre_current",
            "label = \"new\"\nexpires = \"2999-12-31\"",
        )
        .key("segell_pre_past", "expires = \"2026-01-01\"")
        .key("segell_pre_revoked", "revoked = \"2026-01-01\"")
        .key("segell_pro_early", "");
    let service = registry.start(&[]);
    let ask = |key: &str, path: &str| with_key(&service, "GET", path, key).answer();
    let me = ask("segell_pre_current", "/v1/me").json();
    assert_eq!(me["environment"], "pre");
    assert_eq!(me["expires"], "3000-01-01T00:00:00Z");
    problem(&ask("segell_pre_past", "/v1/me"), 401, "key-expired");
    problem(&ask("segell_pre_revoked", "/v1/me"), 401, "key-revoked");
    problem(&ask("segell_pre_nobody", "/v1/me"), 401, "unauthorized");
    // A key of the real environment at a service for tests, known or not.
    let unknown = ask("segell_pro_nobody", "/v1/me");
    let told = problem(&unknown, 403, "environment-mismatch");
    let detail = told["detail"].as_str().expect("a detail");
    assert!(detail.contains("real environment (pro)"), "{detail}");
    let copy = make(&service, "segell_pro_early", "", "environment");
    problem(&copy, 403, "environment-mismatch");
    // A code shows its environment, so no archive is asked.
    let test_code = make(&service, "segell_pre_current", "", "environment");
    let path = format!("/v1/copies/{}", test_code.header("Verification-Code"));
    problem(&ask("segell_pro_early", &path), 403, "environment-mismatch");
    assert_eq!(ask("segell_pre_current", &path).status, 200);
}

#[test]
fn the_quota_of_a_day_is_kept_and_says_when_it_ends() {
    let registry = Registry::new()
        .application(
            "registre",
            &[ORGAN],
            "copies_per_day = 2\nscopes = [\"copies:issue\", \"operate\"]",
        )
        .key("segell_pre_registre", "")
        .application("gestor", &[ORGAN], "")
        .key("segell_pre_gestor", "");
    let service = registry.start(&[]);
    let copy = |key: &str, text: &str| make(&service, key, "", text);
    assert_eq!(copy("segell_pre_registre", "first").status, 201);
    assert_eq!(copy("segell_pre_registre", "second").status, 201);
    let refused = copy("segell_pre_registre", "third");
    let told = problem(&refused, 429, "quota-exceeded");
    assert!(
        told["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("2 of 2"))
    );
    let wait: u64 = refused.header("Retry-After").parse().expect("seconds");
    assert!((1..=86_400).contains(&wait), "{wait}");
    // A copy whose answer was lost is asked for again, and is no new one.
    let again = copy("segell_pre_registre", "second");
    assert_eq!(again.status, 200);
    assert_eq!(again.header("Idempotency-Replayed"), "true");
    // The quota is the application's own.
    assert_eq!(copy("segell_pre_gestor", "third").status, 201);
    // Who looks after the service sees who uses the seal; nobody else does.
    let seals = |key: &str| with_key(&service, "GET", "/v1/seals", key).answer().json();
    let used = &seals("segell_pre_registre")["seals"][0]["used_by"];
    let expected = serde_json::json!([
        { "application": "registre", "copies": 2 },
        { "application": "gestor", "copies": 1 },
    ]);
    assert_eq!(*used, expected);
    assert!(seals("segell_pre_gestor")["seals"][0]["used_by"].is_null());
}

/// A folder with the example organ, changed, once for each change.
fn organs(registry: &Registry, changes: &[fn(String) -> String]) -> String {
    let folder = registry.folder.path().join("organs");
    std::fs::create_dir(&folder).expect("a folder");
    let example = root().join("certs-example").join("organs/L01990015.toml");
    let text = std::fs::read_to_string(example).expect("an example");
    let seals = root()
        .join("certs-example")
        .join("seals")
        .display()
        .to_string();
    let text = text.replace("../seals", &seals);
    for (number, change) in changes.iter().enumerate() {
        let path = folder.join(format!("{number}.toml"));
        std::fs::write(path, change(text.clone())).expect("an organ's file");
    }
    folder.display().to_string()
}

#[test]
fn a_seal_is_used_by_the_applications_that_its_organ_names() {
    let registry = Registry::new()
        .application("registre", &[ORGAN], "")
        .key("segell_pre_registre", "")
        .application("gestor", &[ORGAN], "")
        .key("segell_pre_gestor", "");
    let folder = organs(
        &registry,
        &[|text| {
            let exclusive = "[seal]\nuse = \"exclusive\"\napplications = [\"registre\"]\n";
            text.replace("[seal]\n", exclusive)
        }],
    );
    let service = registry.start(&[("SEGELL__ORGANS__FOLDER", &folder)]);
    assert_eq!(
        make(&service, "segell_pre_registre", "", "mine").status,
        201
    );
    let refused = make(&service, "segell_pre_gestor", "", "mine");
    problem(&refused, 403, "seal-not-for-application");
    let seals = |key: &str| with_key(&service, "GET", "/v1/seals", key).answer().json();
    let (ours, theirs) = (seals("segell_pre_registre"), seals("segell_pre_gestor"));
    assert_eq!(ours["seals"][0]["use"], "exclusive");
    assert_eq!(ours["seals"][0]["cession"], "own");
    assert_eq!(ours["seals"][0]["permitted"], true);
    assert_eq!(theirs["seals"][0]["permitted"], false);
}

/// Production loads no example seal, so that what a request gets past them shows whose turn
/// it was: the environment is decided before the seal is looked at.
#[test]
fn one_service_serves_an_organ_in_both_environments_and_the_credential_decides() {
    let registry = Registry::new()
        .application("gestor", &[ORGAN], "")
        .key("segell_pre_gestor", "")
        .key("segell_pro_gestor", "")
        .key("key_without_prefix_1", "")
        .application("real", &[ORGAN], "environment = \"pro\"")
        .key("segell_pre_real", "")
        .key("key_without_prefix_2", "");
    let folder = organs(
        &registry,
        &[|text| text, |text| text.replace("\"pre\"", "\"pro\"")],
    );
    let key = |name: &str, digit: &str| {
        let path = registry.file(name, digit.repeat(64));
        path.to_string_lossy().into_owned()
    };
    let (codes, factors) = (key("codes.keys", "1"), key("factors.keys", "2"));
    let audit = key("audit.keys", "3");
    // Production takes no example anchors either: nobody's seals are trusted here.
    let trust = registry.folder.path().join("trust");
    std::fs::create_dir(&trust).expect("a folder");
    let trust = trust.to_string_lossy();
    let service = registry.start(&[
        ("SEGELL_PROFILE", "production"),
        ("SEGELL__ORGANS__FOLDER", &folder),
        ("SEGELL__TRUST__SEALS", &trust),
        ("SEGELL__TRUST__TIMESTAMPS", ""),
        ("SEGELL__CODES__KEYS_FILE", &codes),
        ("SEGELL__ACCESS__FACTOR_KEYS_FILE", &factors),
        ("SEGELL__AUDIT__KEYS_FILE", &audit),
        ("SEGELL__AUDIT__FOLDER", "audit"),
    ]);
    let me = |key: &str| with_key(&service, "GET", "/v1/me", key).answer();
    assert_eq!(me("segell_pre_gestor").json()["environment"], "pre");
    assert_eq!(me("segell_pro_gestor").json()["environment"], "pro");
    assert_eq!(me("key_without_prefix_1").json()["environment"], "pro");
    assert_eq!(me("key_without_prefix_2").json()["environment"], "pro");
    problem(&me("segell_pre_real"), 403, "environment-mismatch");
    let organs = |key: &str| {
        let answer = with_key(&service, "GET", "/v1/organs", key).answer().json();
        answer["organs"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(
        (organs("segell_pre_gestor"), organs("segell_pro_gestor")),
        (1, 1)
    );
    assert_eq!(organs("key_without_prefix_1"), 2);
    let copy = |key: &str| make(&service, key, "", "which");
    for key in ["segell_pre_gestor", "segell_pro_gestor"] {
        let answer = copy(key);
        assert_eq!(answer.status, 503);
        let code = answer.json()["code"].clone();
        assert!(
            code.as_str().is_some_and(|code| code.starts_with("seal-")),
            "{code}"
        );
    }
    problem(&copy("key_without_prefix_1"), 403, "environment-mismatch");
}
