//! Applications that show a client certificate or a token instead of a key, over TLS as the service speaks it.

use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};

use crate::credentials::{Registry, with_key};
use crate::problem;
use crate::support::service::{ORGAN, Service};
use crate::support::{paper, tools};

/// Runs OpenSSL in a folder.
fn openssl(folder: &Path, line: &str) {
    let done = Command::new("openssl")
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("OpenSSL");
    assert!(
        done.status.success(),
        "openssl {line}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

const NEW: &str = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

/// An authority `NAME.pem` and its key.
pub(crate) fn authority(folder: &Path, name: &str) {
    openssl(
        folder,
        &format!("req -x509 {NEW} -keyout {name}.key -out {name}.pem -subj /CN={name} -days 30"),
    );
}

/// A certificate `NAME.pem` under an authority, with an alternative name.
pub(crate) fn certificate(folder: &Path, name: &str, issuer: &str, alternative: &str) {
    openssl(
        folder,
        &format!(
            "req {NEW} -keyout {name}.key -out {name}.csr -subj /O=Proves/CN={name} \
             -addext subjectAltName={alternative}"
        ),
    );
    openssl(
        folder,
        &format!(
            "x509 -req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -copy_extensions copy \
             -days 30 -out {name}.pem"
        ),
    );
}

/// What curl is told over TLS: exit code, status and body.
pub(crate) fn curl(
    service: &Service,
    folder: &Path,
    arguments: &[&str],
    path: &str,
) -> (i32, u16, String) {
    let url = format!("{}{path}", service.address().replace("http:", "https:"));
    let output = Command::new("curl")
        .args(["-s", "--cacert", "ca.pem", "-w", "\n%{http_code}"])
        .args(arguments)
        .arg(url)
        .current_dir(folder)
        .output()
        .expect("curl");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (body, status) = text.rsplit_once('\n').unwrap_or_default();
    (
        output.status.code().unwrap_or(-1),
        status.parse().unwrap_or_default(),
        body.to_owned(),
    )
}

#[test]
fn an_application_is_known_by_its_client_certificate_over_tls() {
    if !tools::present(&["curl", "openssl"]) {
        return;
    }
    let registry = Registry::new()
        .application(
            "registre",
            &[ORGAN],
            "client_certificates = [{ san = \"registre.exemple.cat\", environment = \"pre\" }]",
        )
        .application(
            "gestor",
            &[ORGAN],
            "client_certificates = [{ subject = \"CN=gestor, O=Proves\" }]\nscopes = [\"validate\"]",
        );
    let folder = registry.folder.path().to_owned();
    for name in ["ca", "stranger"] {
        authority(&folder, name);
    }
    certificate(&folder, "server", "ca", "IP:127.0.0.1");
    certificate(&folder, "registre", "ca", "DNS:registre.exemple.cat");
    certificate(&folder, "gestor", "ca", "DNS:gestor.exemple.cat");
    certificate(&folder, "nobody", "ca", "DNS:nobody.exemple.cat");
    certificate(&folder, "forger", "stranger", "DNS:registre.exemple.cat");
    std::fs::write(folder.join("a.pdf"), paper::one_page("mTLS")).expect("a file");
    let path = |name: &str| folder.join(name).display().to_string();
    let service = registry.start(&[
        ("SEGELL__TLS__CERTIFICATE", &path("server.pem")),
        ("SEGELL__TLS__KEY_FILE", &path("server.key")),
        ("SEGELL__TLS__CLIENT_CA", &path("ca.pem")),
    ]);
    let with = |name: &str, more: &[&str], path: &str| {
        let (pem, key) = (format!("{name}.pem"), format!("{name}.key"));
        let mut arguments = vec!["--cert", &pem, "--key", &key];
        arguments.extend(more);
        curl(&service, &folder, &arguments, path)
    };

    let (_, status, me) = with("registre", &[], "/v1/me");
    assert_eq!(status, 200, "{me}");
    let me: Value = serde_json::from_str(&me).expect("JSON");
    assert_eq!(me["application"], "registre");
    assert_eq!(me["environment"], "pre");
    let json = ["-H", "Accept: application/json", "--data-binary", "@a.pdf"];
    let (_, status, copy) = with("registre", &json, "/v1/copies");
    assert_eq!(status, 201, "{copy}");
    let copy: Value = serde_json::from_str(&copy).expect("JSON");
    service.keep_secret(copy["verification_code"].as_str().unwrap_or_default());

    let (_, status, body) = with("gestor", &json, "/v1/copies");
    assert_eq!(status, 403, "{body}");
    assert!(body.contains("scope-missing"), "{body}");
    let (_, status, body) = with("nobody", &[], "/v1/me");
    assert_eq!(status, 401, "{body}");
    assert!(body.contains("certificate-unknown"), "{body}");

    // Another authority's certificate ends at the handshake, whatever it says.
    let (exit, status, _) = with("forger", &[], "/v1/me");
    assert!(exit != 0 && status == 0, "{exit} {status}");
    // Citizens need none, and a key decides when there is one.
    let (_, status, body) = curl(&service, &folder, &[], "/v1/me");
    assert_eq!(status, 401, "{body}");
    assert!(body.contains("\"unauthorized\""), "{body}");
    assert_eq!(curl(&service, &folder, &[], "/").1, 200);
    let wrong = ["-H", "Authorization: Bearer a_key_that_is_wrong"];
    assert_eq!(with("registre", &wrong, "/v1/me").1, 401);

    // Nothing under TLS 1.2, and no plain HTTP at that address.
    let old = ["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"];
    assert_ne!(curl(&service, &folder, &old, "/").0, 0);
    let new = ["--tlsv1.3"];
    assert_eq!(curl(&service, &folder, &new, "/").1, 200);
    let plain = Command::new("curl")
        .args(["-s", service.address()])
        .status()
        .expect("curl");
    assert!(!plain.success());
}

fn token(key: &PKey<Private>, body: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": "RS256" })), part(body));
    let mut signer = Signer::new(MessageDigest::sha256(), key).expect("a signer");
    let signature = signer
        .sign_oneshot_to_vec(signed.as_bytes())
        .expect("a signature");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn a_token_speaks_for_the_one_organ_in_its_sub() {
    const OTHER: &str = "L01990027";
    let key = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    let registry = Registry::new().application(
        "registre",
        &[ORGAN, OTHER],
        "token = { issuer = \"registre\", audience = \"segell\", keys = \"registre.pem\" }",
    );
    registry.file("registre.pem", key.public_key_to_pem().expect("PEM"));
    let service = registry.start(&[("SEGELL__LOG__LEVEL", "info")]);
    service.keep_secret("12345678Z");
    service.keep_secret("Maria-Rovira");
    let now = jiff::Timestamp::now().as_second();
    let with = |name: &str, value: Value| {
        let mut body = json!({
            "iss": "registre", "sub": "9900150000", "aud": "segell", "iat": now, "exp": now + 300,
            "user": "12345678Z", "name": "Maria-Rovira",
        });
        body[name] = value;
        token(&key, &body)
    };
    let ask = |token: &str, path: &str| with_key(&service, "GET", path, token).answer();
    let make = |token: &str, organ: &str| {
        with_key(
            &service,
            "POST",
            &format!("/v1/copies?organ={organ}"),
            token,
        )
        .header("Content-Type", "application/pdf")
        .body(&paper::one_page(&format!("token {organ}")))
        .answer()
    };

    // By INE10 or by DIR3, and for that organ only.
    let (ours, theirs) = (with("nbf", json!(now)), with("sub", json!(OTHER)));
    let me = ask(&ours, "/v1/me").json();
    assert_eq!(me["organs"], json!([ORGAN]));
    assert_eq!(me["application"], "registre");
    let copy = make(&ours, ORGAN);
    assert_eq!(copy.status, 201);
    problem(&make(&ours, OTHER), 403, "organ-not-allowed");
    let path = format!("/v1/copies/{}", copy.header("Verification-Code"));
    assert_eq!(ask(&ours, &path).status, 200);
    problem(&ask(&theirs, &path), 404, "not-found");
    assert_eq!(make(&theirs, OTHER).status, 201);

    let narrowed = with("scope", json!("copies:read"));
    problem(&make(&narrowed, ORGAN), 403, "scope-missing");
    problem(
        &ask(&with("sub", json!("L01990033")), "/v1/me"),
        403,
        "organ-not-allowed",
    );
    for (name, value) in [
        ("iss", json!("nobody")),
        ("aud", json!("elsewhere")),
        ("exp", json!(now - 60)),
        ("exp", json!(now + 3600)),
        ("sub", json!("me")),
    ] {
        problem(&ask(&with(name, value), "/v1/me"), 401, "token-invalid");
    }
    let forger = PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key");
    let body = json!({ "iss": "registre", "sub": ORGAN, "aud": "segell", "exp": now + 300 });
    problem(&ask(&token(&forger, &body), "/v1/me"), 401, "token-invalid");
}
