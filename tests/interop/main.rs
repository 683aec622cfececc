//! Every file of the corpus goes through the real service, and programs that others wrote judge
//! every copy that comes back.
//!
//! `target/interop/permissive.tsv` and `default.tsv` tell what happened to each file; the copies
//! themselves stay in `target/interop/copies`. `SEGELL_SPECIMENS=rotate` tries only the files with
//! `rotate` in their names.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "these tests read files, start programs, measure time and say what they do"
)]

#[path = "../support/mod.rs"]
mod support;

mod differential;
mod drive;
mod judges;
mod pixmap;
mod policy;
mod pyhanko;
mod raster;
mod report;
mod signed;
mod tampering;

use drive::Judging;
use judges::Panel;
use report::{Outcome, Row};
use support::corpus::{self, Class, Specimen};
use support::paper;
use support::service::{Policies, Service};
use support::tools;

fn specimen_of<'a>(specimens: &'a [Specimen], row: &Row) -> &'a Specimen {
    specimens
        .iter()
        .find(|specimen| specimen.name == row.file)
        .expect("a row is about a file of the corpus")
}

/// What is wrong with a row, given the class of its file.
fn verdict(class: Class, row: &Row) -> Option<String> {
    let wrong = match &row.outcome {
        Outcome::Failed(cause) => Some(cause.clone()),
        Outcome::Sealed | Outcome::SealedAtTheEnd if !class.may_seal() => {
            Some("sealed, but must be refused".to_owned())
        }
        Outcome::Refused(code) if !class.refusals().contains(&code.as_str()) => {
            Some(format!("refused: {code}"))
        }
        Outcome::Sealed | Outcome::SealedAtTheEnd | Outcome::Refused(_) => None,
    };
    wrong
        .into_iter()
        .chain(row.judgement.complaints.iter().cloned())
        .reduce(|all, one| format!("{all}; {one}"))
        .map(|words| format!("{} ({class:?}): {words}", row.file))
}

#[test]
fn every_file_of_the_corpus_is_sealed_correctly_or_refused_by_name() {
    let python = tools::python();
    let needed = [judges::PROGRAMS, &[python.as_str()]].concat();
    if !tools::present(&needed) {
        return;
    }
    let Some(mut specimens) = corpus::folder("seal") else {
        return;
    };
    if let Ok(part) = std::env::var("SEGELL_SPECIMENS") {
        specimens.retain(|specimen| specimen.name.contains(&part));
    }

    let permissive = drive::all(
        &Service::start(Policies::Permissive),
        &specimens,
        Judging::Everything,
    );
    report::write("permissive", &permissive);
    let by_default = drive::all(
        &Service::start(Policies::Default),
        &specimens,
        Judging::Nothing,
    );
    report::write("default", &by_default);

    let mut wrong: Vec<String> = permissive
        .iter()
        .filter_map(|row| verdict(specimen_of(&specimens, row).class(), row))
        .collect();
    for (permissive, by_default) in permissive.iter().zip(&by_default) {
        let specimen = specimen_of(&specimens, permissive);
        wrong.extend(
            policy::unexplained(&specimen.path, &permissive.outcome, &by_default.outcome)
                .map(|words| format!("{}: {words}", specimen.name)),
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every algorithm, placement and language, on a document that is made here.
#[test]
fn every_example_seal_is_accepted_by_every_judge() {
    let python = tools::python();
    let needed = [judges::PROGRAMS, &[python.as_str()]].concat();
    if !tools::present(&needed) {
        return;
    }
    let service = Service::start(Policies::Default);
    let source = drive::keep("made-here.pdf", &paper::one_page("made here"));
    let bytes = paper::one_page("made here");
    let mut panel = Panel::new();
    let organs = [
        "L01990015",
        "L01990027",
        "L01990033",
        "L01990048",
        "L01990051",
    ];
    let placements = ["fit", "extend", "last"];
    let languages = ["ca", "es", "oc-aranes", "en"];
    let mut wrong = Vec::new();
    for (index, organ) in organs.iter().enumerate() {
        for (shift, placement) in placements.iter().enumerate() {
            let language = languages[(index + shift) % languages.len()];
            let name = format!("{organ}-{placement}-{language}");
            let query = format!("organ={organ}&placement={placement}&language={language}");
            let answer = service.seal(&bytes, &query).expect("an answer");
            assert_eq!(answer.status, 201, "{name}: {}", answer.json());
            let sealed = drive::keep(&format!("{name}.pdf"), &answer.body);
            let judgement = panel.judge(&judges::Copy {
                source: &source,
                sealed: &sealed,
                code: answer.header("Verification-Code"),
                host: drive::HOST,
                anchors: &service.anchors(),
                banded: match *placement {
                    "last" => judges::Banded::LastPage,
                    _ => judges::Banded::EveryPage,
                },
            });
            assert!(judgement.excused.is_empty(), "{name}: {judgement:?}");
            let complaints = judgement.complaints.into_iter();
            wrong.extend(complaints.map(|complaint| format!("{name}: {complaint}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
