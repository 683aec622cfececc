//! Copies sealed by keys on tokens, by the real program.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::renewal::{state_of, until};
use crate::softhsm::{self, PIN, SoftHsm, Token};
use crate::support::service::{Policies, Service};
use crate::support::{paper, root, tools};

/// The organs with seals on tokens.
pub(crate) struct Office {
    pub(crate) hsm: SoftHsm,
    folder: PathBuf,
}

impl Office {
    pub(crate) fn new() -> Self {
        let hsm = SoftHsm::new();
        let folder = hsm.folder().join("organs");
        fs::create_dir(&folder).expect("a folder can be made");
        let office = Self { hsm, folder };
        office.write_pin("token.pin", PIN);
        office
    }

    fn write_pin(&self, file: &str, pin: &str) {
        fs::write(self.folder.join(file), format!("{pin}\n")).expect("a file is written");
    }

    /// The number of copies that were begun.
    fn begun(service: &Service) -> usize {
        let found = Command::new("find")
            .arg(service.folder().join("archive"))
            .args(["-name", "intent.json"])
            .output();
        let found = found.expect("find is everywhere").stdout;
        found.iter().filter(|byte| **byte == b'\n').count()
    }

    /// An example organ, its key on a token.
    pub(crate) fn organ(&self, organ: &str, token: &Token, pin_file: &str) -> &Self {
        self.hsm.import(token, organ);
        let example = root().join(format!("certs-example/organs/{organ}.toml"));
        let text = fs::read_to_string(example).expect("an example organ");
        let algorithm = text.lines().find(|line| line.starts_with("algorithm"));
        let algorithm = algorithm.expect("the example says its algorithm");
        let (head, _) = text.split_once("[seal]").expect("an example has a seal");
        let text = format!(
            "{head}[seal]\ncertificates = \"{}\"\npkcs11 = {{ module = \"{}\", token = \"{}\", \
             key = \"{organ}\", pin_file = \"{pin_file}\" }}\n{algorithm}\n",
            self.hsm.chain(organ).display(),
            softhsm::module().display(),
            token.label
        );
        fs::write(self.folder.join(format!("{organ}.toml")), text).expect("a file is written");
        self
    }

    pub(crate) fn serve(&self, settings: &[(&str, &str)]) -> Service {
        let configuration = self.hsm.configuration();
        let mut all = vec![
            ("SOFTHSM2_CONF", configuration.to_str().expect("a path")),
            (
                "SEGELL__ORGANS__FOLDER",
                self.folder.to_str().expect("a path"),
            ),
        ];
        all.extend(settings);
        let service = Service::start_with(Policies::Default, &all);
        service.keep_secret(PIN);
        service
    }
}

fn pyhanko(copy: &Path, anchors: &[PathBuf]) -> Value {
    let mut child = Command::new(tools::python())
        .arg(root().join("tests/interop/judge.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let question = json!({ "op": "validate", "file": copy, "roots": anchors });
    let mut questions = child.stdin.take().expect("stdin is piped");
    writeln!(questions, "{question}").expect("it listens");
    drop(questions);
    let output = child.wait_with_output().expect("it answers");
    serde_json::from_slice(&output.stdout).expect("it answers in JSON")
}

#[test]
fn copies_sealed_on_a_token_are_accepted_by_every_judge() {
    let python = tools::python();
    if !tools::present(&[softhsm::PROGRAMS, &["pdfsig", &python]].concat()) {
        return;
    }
    let office = Office::new();
    let token = office.hsm.token("segells");
    let organs = ["L01990015", "L01990027", "L01990033", "L01990051"];
    for organ in organs {
        office.organ(organ, &token, "token.pin");
    }
    let service = office.serve(&[]);
    for organ in organs {
        let answer = service.seal(&paper::one_page(organ), &format!("organ={organ}"));
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 201, "{organ}: {}", answer.json());
        let copy = office.hsm.folder().join(format!("{organ}.pdf"));
        fs::write(&copy, &answer.body).expect("a file can be written");

        let report = tools::text_of("pdfsig", [Path::new("-nocert"), &copy]).expect("a report");
        assert!(
            report.contains("Signature Validation: Signature is Valid.")
                && report.contains("Total document signed"),
            "{organ}: {report}"
        );
        let opinion = pyhanko(&copy, &service.anchors());
        let signature = &opinion["signatures"][0];
        assert_eq!(signature["bottom_line"], true, "{organ}: {opinion}");
        assert_eq!(signature["trusted"], true, "{organ}: {opinion}");
    }
}

#[test]
fn a_bad_token_harms_only_its_own_organs_and_comes_back_by_itself() {
    if !tools::present(softhsm::PROGRAMS) {
        return;
    }
    let office = Office::new();
    let [lost, good, shut] = ["lost", "good", "shut"].map(|label| office.hsm.token(label));
    office.write_pin("wrong.pin", "000000");
    office
        .organ("L01990015", &lost, "token.pin")
        .organ("L01990033", &good, "token.pin")
        .organ("L01990027", &shut, "wrong.pin");
    lost.pull_out();
    let service = office.serve(&[("SEGELL__ORGANS__WATCH_SECONDS", "1")]);
    let seal = |organ: &str| {
        let source = paper::one_page(&format!("{organ} {:?}", std::time::Instant::now()));
        let answer = service.seal(&source, &format!("organ={organ}"));
        answer.expect("an answer")
    };
    let refused = |organ: &str, code: &str| {
        let answer = seal(organ);
        assert_eq!(answer.status, 503, "{}", answer.json());
        assert_eq!(answer.json()["code"], code);
        assert_eq!(answer.json()["retry"], "later");
    };
    refused("L01990015", "seal-token-absent");
    refused("L01990027", "seal-pin-wrong");
    assert_eq!(seal("L01990033").status, 201);
    lost.put_back();
    office.write_pin("wrong.pin", PIN);
    until("the token and the PIN", || {
        seal("L01990015").status == 201 && seal("L01990027").status == 201
    });

    lost.pull_out();
    let begun = Office::begun(&service);
    refused("L01990015", "seal-token-lost");
    assert_eq!(Office::begun(&service), begun, "nothing was stored");
    let state = state_of(&service, "L01990015");
    assert_eq!(state["problem"], "seal-token-lost");
    assert_eq!(state["probe"]["ok"], false);
    assert_eq!(seal("L01990033").status, 201);
    assert_eq!(seal("L01990027").status, 201);

    // Nobody asks for a copy: the probe finds out that the seal signs again.
    lost.put_back();
    until("the probe", || {
        state_of(&service, "L01990015")["probe"]["ok"] == true
    });
    assert_eq!(seal("L01990015").status, 201);
}
