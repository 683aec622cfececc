//! Copies sealed by keys on tokens, by the real program.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

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
        office.write_pin(PIN);
        office
    }

    pub(crate) fn write_pin(&self, pin: &str) {
        fs::write(self.folder.join("token.pin"), format!("{pin}\n")).expect("a file is written");
    }

    /// An example organ, its key on a token.
    pub(crate) fn organ(&self, organ: &str, token: &Token) -> &Self {
        self.hsm.import(token, organ);
        let example = root().join(format!("certs-example/organs/{organ}.toml"));
        let text = fs::read_to_string(example).expect("an example organ");
        let algorithm = text.lines().find(|line| line.starts_with("algorithm"));
        let algorithm = algorithm.expect("the example says its algorithm");
        let (head, _) = text.split_once("[seal]").expect("an example has a seal");
        let text = format!(
            "{head}[seal]\ncertificates = \"{}\"\npkcs11 = {{ module = \"{}\", token = \"{}\", \
             key = \"{organ}\", pin_file = \"token.pin\" }}\n{algorithm}\n",
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
        office.organ(organ, &token);
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
