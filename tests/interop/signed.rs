//! Sources that are already signed: the copy has one signature, ours, and looks as the source did.

use crate::drive::{self, Judging};
use crate::judges::PROGRAMS;
use crate::report::{self, Outcome, Row};
use crate::support::service::{Policies, Service};
use crate::support::{corpus, tools};

/// What the files that are not sealed are refused for, whatever the organ allows.
const REFUSED: &[(&str, &str)] = &[];

#[test]
fn every_signed_file_of_the_corpus_becomes_a_copy_with_one_signature() {
    let python = tools::python();
    if !tools::present(&[PROGRAMS, &[python.as_str()]].concat()) {
        return;
    }
    let Some(mut specimens) = corpus::folder("signed") else {
        return;
    };
    if let Ok(part) = std::env::var("SEGELL_SPECIMENS") {
        specimens.retain(|specimen| specimen.name.contains(&part));
    }
    let service = Service::start(Policies::Permissive);
    let rows = drive::all(&service, &specimens, Judging::Everything);
    report::write("signed", &rows);
    let wrong: Vec<String> = rows.iter().filter_map(verdict).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong with a row.
fn verdict(row: &Row) -> Option<String> {
    let refused = REFUSED.iter().find(|(file, _)| row.file == *file);
    let wrong = match (&row.outcome, refused) {
        (Outcome::Sealed | Outcome::SealedAtTheEnd, None) => None,
        (Outcome::Refused(code), Some((_, expected))) if code == expected => None,
        (outcome, _) => Some(format!("{outcome:?}")),
    };
    wrong
        .into_iter()
        .chain(row.judgement.complaints.iter().cloned())
        .reduce(|all, one| format!("{all}; {one}"))
        .map(|words| format!("{}: {words}", row.file))
}
