//! Seals renewed, spoiled and retired while the service runs, and three hundred of them at once.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::service::{Policies, Service};
use crate::support::{paper, root, tools};

pub(crate) const ORGAN: &str = "L01990015";
pub(crate) const PASSPHRASE: &str = "exemple-L01990015";

/// Waits for something that happens by itself.
pub(crate) fn until(what: &str, mut happens: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happens() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}: never");
        thread::sleep(Duration::from_millis(100));
    }
}

/// What `/v1/seals` says about the seal of an organ.
pub(crate) fn state_of(service: &Service, organ: &str) -> Value {
    let answer = service.get("/v1/seals").expect("an answer").json();
    let seals = answer["seals"].as_array().cloned().unwrap_or_default();
    let state = seals.into_iter().find(|seal| seal["organ"] == organ);
    state.unwrap_or_default()
}

/// A folder with organs and their files.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self(TempDir::new().expect("a temporary folder can be made"));
        let seals = root().join("certs-example/seals");
        let example = seals.join(format!("{ORGAN}.p12"));
        fs::copy(example, folder.path("old.p12")).expect("a file can be copied");
        folder.write("seal.pass", PASSPHRASE);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file can be written");
    }

    /// An organ of this code with a PKCS#12 seal.
    pub(crate) fn organ(&self, dir3: &str, container: &str, passphrase: &str) {
        let text = format!(
            "dir3 = \"{dir3}\"\nnif = \"P9900100J\"\nenvironment = \"pre\"\ncession = \"own\"\n\
             name = {{ ca = \"Ajuntament de Vallserena\" }}\nplace = \"Vallserena\"\n\
             verification_address = \"https://verifica.exemple.cat\"\n\
             [seal]\npkcs12 = \"{container}\"\npassphrase_file = \"{passphrase}\"\n"
        );
        self.write(&format!("{dir3}.toml"), &text);
    }

    /// A container with the example key and a new certificate of these days; gives the certificate, DER.
    pub(crate) fn issue(&self, name: &str, from: &str, until: &str) -> Vec<u8> {
        let script = r#"
            set -e
            cd "$1"; authority="$2"; pass="pass:$3"; name="$4"
            openssl pkcs12 -in old.p12 -passin "$pass" -nodes -nocerts -out key.pem
            openssl pkcs12 -in old.p12 -passin "$pass" -nokeys -clcerts -out leaf.pem
            openssl x509 -x509toreq -copy_extensions copyall -in leaf.pem -signkey key.pem -out request.pem
            : > index; printf '[ca]\ndefault_ca=a\n[a]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\npolicy=p\ndefault_md=sha256\ncopy_extensions=copyall\nunique_subject=no\nx509_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n[p]\ncommonName=supplied\n' > ca.cnf
            openssl ca -batch -notext -preserveDN -utf8 -config ca.cnf -startdate "$5" -enddate "$6" \
                -cert "$authority/trust/sector-public.pem" \
                -keyfile "$authority/authorities/sector-public.key.pem" -in request.pem -out new.pem
            openssl pkcs12 -export -inkey key.pem -in new.pem -passout "$pass" -out "$name"
            openssl x509 -in new.pem -outform DER -out new.der
        "#;
        let mut command = Command::new("bash");
        command.args(["-c", script, "bash"]);
        command.arg(self.0.path()).arg(root().join("certs-example"));
        command.args([PASSPHRASE, name, from, until]);
        let output = tools::run_command(&mut command).expect("bash starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        fs::read(self.path("new.der")).expect("a certificate")
    }

    /// Puts a file in the place of another, at once.
    pub(crate) fn put(&self, from: &str, to: &str) {
        fs::copy(self.path(from), self.path("incoming")).expect("a file can be copied");
        fs::rename(self.path("incoming"), self.path(to)).expect("a file can be moved");
    }

    pub(crate) fn serve(&self, settings: &[(&str, &str)]) -> Service {
        let folder = self.0.path().to_str().expect("a path");
        let mut all = vec![("SEGELL__ORGANS__FOLDER", folder)];
        all.extend(settings);
        Service::start_with(Policies::Default, &all)
    }
}

pub(crate) fn fingerprint(certificate: &[u8]) -> String {
    Sha256::digest(certificate)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(crate) fn current(service: &Service) -> Value {
    state_of(service, ORGAN)["certificate"]["fingerprint"].clone()
}

/// Says that it is enough, also when whoever holds it panics.
struct Enough<'a>(&'a AtomicBool);

impl Drop for Enough<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The copies, with their codes, that several offices make one after the other while something happens, which
/// is told how many there are. No request may fail.
pub(crate) fn copies_made_during(
    service: &Service,
    offices: usize,
    something: impl FnOnce(&dyn Fn() -> usize),
) -> Vec<(String, Vec<u8>)> {
    let (enough, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    let (enough, made) = (&enough, &made);
    thread::scope(|scope| {
        let office = |number: usize| {
            move || {
                let mut copies = Vec::new();
                while !enough.load(Ordering::Relaxed) {
                    let source = paper::one_page(&format!("{number}: {}", copies.len()));
                    let answer = service.seal(&source, &format!("organ={ORGAN}"));
                    let answer = answer.expect("an answer");
                    assert_eq!(answer.status, 201, "{}", answer.json());
                    let code = answer.header("Verification-Code").to_owned();
                    copies.push((code, answer.body));
                    made.fetch_add(1, Ordering::Relaxed);
                }
                copies
            }
        };
        let offices: Vec<_> = (0..offices)
            .map(|number| scope.spawn(office(number)))
            .collect();
        let end = Enough(enough);
        something(&|| made.load(Ordering::Relaxed));
        drop(end);
        let copies = offices
            .into_iter()
            .map(|office| office.join().expect("no panic"));
        copies.flatten().collect()
    })
}

fn seal(service: &Service, title: &str) -> u16 {
    let answer = service.seal(&paper::one_page(title), &format!("organ={ORGAN}"));
    answer.expect("an answer").status
}

#[test]
fn renewing_a_seal_under_load_fails_no_request_and_every_copy_names_its_own_seal() {
    if !tools::present(&["openssl", "bash"]) {
        return;
    }
    let folder = Folder::new();
    folder.put("old.p12", "seal.p12");
    folder.organ(ORGAN, "seal.p12", "seal.pass");
    let new = folder.issue("new.p12", "20260101000000Z", "20400101000000Z");
    let service = folder.serve(&[("SEGELL__ORGANS__WATCH_SECONDS", "1")]);
    let old = current(&service);
    let copies = copies_made_during(&service, 3, |made| {
        until("the first copies", || made() >= 6);
        folder.put("new.p12", "seal.p12");
        until("the new seal", || {
            current(&service) == fingerprint(&new).as_str()
        });
        let so_far = made();
        until("the last copies", || made() >= so_far + 9);
    });

    let mut by_new = 0;
    for (code, copy) in &copies {
        let record = service
            .get(&format!("/v1/copies/{code}"))
            .expect("an answer");
        let named = record.json()["seal"]["fingerprint"].clone();
        let report = service.post("/v1/validations", "application/pdf", copy);
        let report = report.expect("an answer").json();
        assert_eq!(report["verdict"], "identical", "{report}");
        assert_eq!(report["indication"], "TOTAL-PASSED", "{report}");
        // The certificate stands in the copy in hexadecimal digits.
        let digits: String = new.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = String::from_utf8_lossy(copy).to_lowercase();
        let signed_by_new = text.contains(&digits);
        let expected = if signed_by_new {
            Value::from(fingerprint(&new))
        } else {
            old.clone()
        };
        assert_eq!(named, expected);
        by_new += usize::from(signed_by_new);
    }
    assert!(
        by_new >= 6 && by_new < copies.len(),
        "{by_new} of {}",
        copies.len()
    );

    spoiled_files_take_no_seal_away(&folder, &service, &fingerprint(&new));
}

fn spoiled_files_take_no_seal_away(folder: &Folder, service: &Service, seal_in_use: &str) {
    let refusal = || state_of(service, ORGAN)["renewal_refused"].clone();
    folder.write("incoming", "this is no container");
    fs::rename(folder.path("incoming"), folder.path("seal.p12")).expect("a file can be moved");
    until("the spoiled container", || refusal() == "not-a-container");
    assert_eq!(seal(service, "spoiled container"), 201);
    assert_eq!(current(service), seal_in_use);

    let file = format!("{ORGAN}.toml");
    let organ = fs::read_to_string(folder.path(&file)).expect("the organ's file");
    folder.write(&file, "this is no organ");
    until("the spoiled organ", || refusal() == "organ-file-malformed");
    // Something else changes, and the organ is still remembered.
    folder.organ("L01990099", "old.p12", "seal.pass");
    thread::sleep(Duration::from_secs(3));
    assert_eq!(refusal(), "organ-file-malformed");
    assert_eq!(seal(service, "spoiled organ"), 201);

    folder.write(&file, &organ);
    folder.put("old.p12", "seal.p12");
    until("the good file", || refusal().is_null());
    assert_eq!(seal(service, "good file"), 201);

    fs::remove_file(folder.path(&file)).expect("a file can be removed");
    until("the retired organ", || state_of(service, ORGAN).is_null());
    assert_eq!(seal(service, "retired organ"), 404);
}

#[test]
fn sighup_exchanges_the_seals_of_a_service_that_does_not_watch() {
    if !tools::present(&["openssl", "bash"]) {
        return;
    }
    let folder = Folder::new();
    folder.put("old.p12", "seal.p12");
    folder.organ(ORGAN, "seal.p12", "seal.pass");
    let new = folder.issue("new.p12", "20260101000000Z", "20400101000000Z");
    let service = folder.serve(&[("SEGELL__ORGANS__WATCH_SECONDS", "0")]);
    let old = current(&service);
    folder.put("new.p12", "seal.p12");
    thread::sleep(Duration::from_millis(2500));
    assert_eq!(current(&service), old, "nobody said so");
    let process = service.process().to_string();
    let status = Command::new("kill").args(["-HUP", &process]).status();
    assert!(status.expect("kill is everywhere").success());
    until("the new seal", || {
        current(&service) == fingerprint(&new).as_str()
    });
    assert_eq!(seal(&service, "told"), 201);
}

#[test]
fn of_three_hundred_organs_three_bad_ones_leave_the_others_answering() {
    if !tools::present(&["openssl", "bash"]) {
        return;
    }
    let folder = Folder::new();
    folder.issue("expired.p12", "20250101000000Z", "20250601000000Z");
    folder.write("corrupt.p12", "this is no container");
    folder.write("wrong.pass", "this is not the passphrase");
    let code = |number: usize| format!("L01{:06}", 990_000 + number);
    for number in 0..300 {
        let (container, passphrase) = match number {
            100 => ("expired.p12", "seal.pass"),
            150 => ("corrupt.p12", "seal.pass"),
            200 => ("old.p12", "wrong.pass"),
            _ => ("old.p12", "seal.pass"),
        };
        folder.organ(&code(number), container, passphrase);
    }
    let start = Instant::now();
    let service = folder.serve(&[]);
    println!(
        "300 organs: {:.1} s to the first answer",
        start.elapsed().as_secs_f64()
    );
    let seals = service.get("/v1/seals").expect("an answer").json();
    let seals = seals["seals"].as_array().cloned().unwrap_or_default();
    let loaded = seals.iter().filter(|seal| seal["loaded"] == true).count();
    assert_eq!((loaded, seals.len()), (297, 300));
    for (number, status, problem) in [
        (0, 201, Value::Null),
        (299, 201, Value::Null),
        (100, 503, "seal-expired".into()),
        (150, 503, "seal-not-a-container".into()),
        (200, 503, "seal-wrong-passphrase".into()),
    ] {
        let organ = code(number);
        let answer = service.seal(&paper::one_page(&organ), &format!("organ={organ}"));
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, status, "{organ}");
        assert_eq!(answer.json()["code"], problem, "{organ}");
    }
}
