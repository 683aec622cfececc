//! The judges judged: each must refuse a copy that was tampered with in its field. A judge that
//! accepts everything would make the rest of this suite worthless.

use std::fs;
use std::path::{Path, PathBuf};

use crate::drive::{HOST, keep};
use crate::judges::{Banded, Copy, PROGRAMS, Panel};
use crate::support::service::{ORGAN, Policies, Service};
use crate::support::{corpus, tools};

const SPECIMEN: &str = "seal/es_integra_pdfToSign.pdf";

#[test]
fn every_judge_refuses_what_was_tampered_with() {
    let python = tools::python();
    if !tools::present(&[PROGRAMS, &[python.as_str()]].concat()) {
        return;
    }
    let Some(specimens) = corpus::folder("seal") else {
        return;
    };
    let specimen = specimens
        .iter()
        .find(|specimen| specimen.name == SPECIMEN)
        .expect("the corpus has the specimen");
    let service = Service::start(Policies::Permissive);
    let answer = service
        .seal(&specimen.bytes(), &format!("organ={ORGAN}"))
        .expect("the service answers");
    assert_eq!(answer.status, 201, "{}", answer.json());

    let mut trial = Trial {
        panel: Panel::new(),
        source: specimen.path.clone(),
        code: answer.header("Verification-Code").to_owned(),
        anchors: service.anchors(),
    };
    let sealed = answer.body;
    let source_length = specimen.bytes().len();

    assert_eq!(trial.complaints("untouched", &sealed), [""; 0]);

    let mut in_the_source = sealed.clone();
    in_the_source[source_length / 2] ^= 1;
    trial.refused(
        "one bit of the source",
        &in_the_source,
        &["prefix", "pyHanko", "pdfsig"],
    );

    let mut in_the_tail = sealed.clone();
    in_the_tail[source_length + 30] ^= 1;
    trial.refused("one bit of the tail", &in_the_tail, &["pyHanko", "pdfsig"]);

    let longer = [sealed.as_slice(), b"\n% more\n"].concat();
    trial.refused("bytes after the end", &longer, &["pyHanko", "pdfsig"]);

    let shorter = &sealed[..sealed.len() - 200];
    trial.refused("the end cut off", shorter, &["qpdf"]);

    trial.refused(
        "the source alone",
        &fs::read(&trial.source).expect("it is there"),
        &["prefix", "pyHanko", "pdfsig", "pdftotext", "QR"],
    );

    let other_anchor = service.folder().join("other.pem");
    make_anchor(&other_anchor);
    let right_anchor = std::mem::replace(&mut trial.anchors, vec![other_anchor]);
    trial.refused("a stranger's anchor", &sealed, &["pyHanko"]);
    trial.anchors = right_anchor;

    trial.code = "PR0V-0000-0000-0000-0000-0000".to_owned();
    trial.refused("another code", &sealed, &["pdftotext", "QR"]);

    let other_source = specimens
        .iter()
        .find(|other| other.name == "seal/v20_openpdf_pdf20-utf8-test.pdf")
        .expect("the corpus has another file");
    trial.source = other_source.path.clone();
    trial.refused("another source", &sealed, &["prefix", "content"]);
}

struct Trial {
    panel: Panel,
    source: PathBuf,
    code: String,
    anchors: Vec<PathBuf>,
}

impl Trial {
    fn complaints(&mut self, name: &str, bytes: &[u8]) -> Vec<String> {
        let sealed = keep(&format!("tampered {name}.pdf"), bytes);
        let judgement = self.panel.judge(&Copy {
            source: &self.source,
            sealed: &sealed,
            code: &self.code,
            host: HOST,
            anchors: &self.anchors,
            banded: Banded::EveryPage,
        });
        assert!(judgement.excused.is_empty(), "{:?}", judgement.excused);
        judgement.complaints
    }

    /// These judges complain; others may.
    fn refused(&mut self, name: &str, bytes: &[u8], judges: &[&str]) {
        let complaints = self.complaints(name, bytes);
        for judge in judges {
            assert!(
                complaints.iter().any(|words| words.starts_with(judge)),
                "{judge} accepts {name}: {complaints:#?}"
            );
        }
    }
}

/// A self-signed certificate that nobody's seal leads to.
fn make_anchor(path: &Path) {
    let key = path.with_extension("key");
    tools::text_of(
        "openssl",
        [
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=Stranger",
            "-days",
            "30",
            "-keyout",
            &key.to_string_lossy(),
            "-out",
            &path.to_string_lossy(),
        ],
    )
    .expect("openssl makes a certificate");
}
