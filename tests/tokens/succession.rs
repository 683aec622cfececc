//! A seal's whole way while the service runs: taken in, planned, taking over under load, gone back on, and
//! retired.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::renewal::{
    Folder, ORGAN, PASSPHRASE, copies_made_during, current, fingerprint, state_of, until,
};
use crate::support::service::Service;
use crate::support::{paper, root, tools};

/// Runs a command of the program beside the service, on the same files and archive.
fn segell(service: &Service, folder: &Folder, arguments: &[&str]) -> Value {
    let archive = service.folder().join("archive");
    let output = Command::new(env!("CARGO_BIN_EXE_segell"))
        .args(arguments)
        .arg("--json")
        .current_dir(service.folder())
        .env("SEGELL__ORGANS__FOLDER", folder.path(""))
        .env("SEGELL__TRUST__SEALS", root().join("certs-example/trust"))
        .env(
            "SEGELL__ARCHIVE__URL",
            format!("file://{}", archive.display()),
        )
        .output()
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{arguments:?}: {} {}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The same seal in a container of old programs.
fn in_legacy_container(folder: &Folder, from: &str, to: &str) {
    let script = r#"
        set -e
        openssl pkcs12 -in "$1" -passin "pass:$3" -nodes -out all.pem
        openssl pkcs12 -export -legacy -in all.pem -passout "pass:$3" -out "$2"
        openssl pkcs12 -legacy -info -noout -in "$2" -passin "pass:$3" 2>&1 | grep -q RC2
    "#;
    let mut command = Command::new("bash");
    command.args(["-c", script, "bash", from, to, PASSPHRASE]);
    command.current_dir(folder.path(""));
    let output = tools::run_command(&mut command).expect("bash starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// What OpenSSL says of a container that has its passphrase beside it.
fn what_openssl_says(container: &str, passphrase: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(["pkcs12", "-info", "-noout", "-in", container, "-passin"]);
    command.arg(format!("file:{passphrase}"));
    let output = tools::run_command(&mut command).expect("openssl starts");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_seal_is_taken_in_planned_takes_over_under_load_is_gone_back_on_and_retired() {
    if !tools::present(&["openssl", "bash"]) {
        return;
    }
    let folder = Folder::new();
    folder.put("old.p12", "seal.p12");
    folder.organ(ORGAN, "seal.p12", "seal.pass");
    let new = folder.issue("issued.p12", "20260101000000Z", "20490101000000Z");
    let new = fingerprint(&new);
    in_legacy_container(&folder, "issued.p12", "legacy.p12");
    folder.write("handed-in.pass", PASSPHRASE);
    let service = folder.serve(&[("SEGELL__ORGANS__WATCH_SECONDS", "1")]);
    let old = current(&service);

    let [container, passphrase] = ["legacy.p12", "handed-in.pass"].map(|name| {
        let path: PathBuf = folder.path(name);
        path.to_str().expect("a path").to_owned()
    });
    let add = [
        "seals",
        "add",
        &container,
        "--organ",
        ORGAN,
        "--passphrase-file",
        &passphrase,
    ];
    let added = segell(&service, &folder, &add);
    let outcome = &added["outcome"];
    assert_eq!(outcome["role"], "next", "{added}");
    assert_eq!(added["contents"]["fingerprint"], new.as_str());
    let [container, passphrase] =
        ["container", "passphrase_file"].map(|field| text(&outcome[field]));
    for secret in [&container, &passphrase] {
        let mode = fs::metadata(secret).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o400, "{secret}");
    }
    let said = what_openssl_says(&container, &passphrase);
    assert!(
        said.contains("MAC: sha256") && said.contains("AES-256-CBC"),
        "{said}"
    );
    assert!(
        said.contains("hmacWithSHA256") && !said.contains("RC2"),
        "{said}"
    );
    let waiting = || state_of(&service, ORGAN)["next"].clone();
    until("the seal that waits", || {
        waiting()["certificate"]["fingerprint"] == new.as_str()
    });
    assert_eq!(current(&service), old);

    let copies = take_over_under_load(&service, &folder, &new);
    let first = &copies[0];
    go_back_and_forth(&service, &folder, &old, &new);

    let retired = segell(
        &service,
        &folder,
        &["seals", "retire", "--organ", ORGAN, "--yes"],
    );
    assert_eq!(retired[0]["what"], "retired", "{retired}");
    assert!(!folder.path("seal.p12").exists() && !folder.path("seal.pass").exists());
    assert!(PathBuf::from(&container).exists() && PathBuf::from(&passphrase).exists());
    let answer = service.seal(&paper::one_page("after"), &format!("organ={ORGAN}"));
    assert_eq!(answer.expect("an answer").status, 201);
    let report = service.post("/v1/validations", "application/pdf", first);
    let report = report.expect("an answer").json();
    assert_eq!(report["verdict"], "identical", "{report}");
    assert_eq!(report["indication"], "TOTAL-PASSED", "{report}");
}

/// The seal takes over at a time a few seconds ahead while copies are made; gives some of them, the first one
/// sealed by the old one.
fn take_over_under_load(service: &Service, folder: &Folder, new: &str) -> Vec<Vec<u8>> {
    let copies = copies_made_during(service, 2, |made| {
        let moment = (Timestamp::now() + SignedDuration::from_secs(4)).to_string();
        let plan = ["seals", "plan", "--active-from", &moment, "--apply"];
        let plan = segell(service, folder, &plan);
        assert_eq!(
            (&plan[0]["written"], &plan[0]["wave"]),
            (&true.into(), &1.into()),
            "{plan}"
        );
        until("the first copies", || made() >= 2);
        until("the new seal", || current(service) == new);
        let so_far = made();
        until("the last copies", || made() >= so_far + 6);
    });
    let named = |code: &str| {
        let record = service
            .get(&format!("/v1/copies/{code}"))
            .expect("an answer");
        text(&record.json()["seal"]["fingerprint"])
    };
    let (by_new, by_old): (Vec<_>, Vec<_>) =
        copies.into_iter().partition(|(code, _)| named(code) == new);
    assert!(by_new.len() >= 2, "{} copies by the new seal", by_new.len());
    assert!(!by_old.is_empty(), "no copy by the old seal");
    by_old
        .into_iter()
        .chain(by_new)
        .map(|(_, copy)| copy)
        .collect()
}

/// Before the file was rewritten, and after.
fn go_back_and_forth(service: &Service, folder: &Folder, old: &Value, new: &str) {
    let one = |command: &str, more: &[&str]| {
        let mut arguments = vec!["seals", command, "--organ", ORGAN];
        arguments.extend(more);
        let steps = segell(service, folder, &arguments);
        assert_eq!(steps[0]["trouble"], Value::Null, "{steps}");
    };
    one("rollback", &[]);
    until("the old seal", || current(service) == *old);
    one("promote", &["--now"]);
    until("the promoted seal", || current(service) == new);
    one("rollback", &[]);
    until("the old seal again", || current(service) == *old);
    one("rollback", &[]);
    until("the new seal for good", || current(service) == new);
}
