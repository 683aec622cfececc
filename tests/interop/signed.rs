//! Sources that are already signed: the copy has one signature, ours, and looks as the source did.

use crate::drive::{self, Judging};
use crate::judges::PROGRAMS;
use crate::report::{self, Outcome, Row};
use crate::support::service::{Policies, Service};
use crate::support::{corpus, tools};

/// What the files that are not sealed are refused for, whatever the organ allows.
const REFUSED: &[(&str, &str)] = &[
    // Fifty revisions.
    ("signed/multi_dss_25sigs.pdf", "too-many-revisions"),
];

/// Signatures with an edge that falls on the border between two subpixels: poppler draws it on the one
/// side or the other for a billionth of a point, and so many samples may differ.
const ON_THE_BORDER: &[(&str, u32)] = &[("signed/encsigned_pdfjs_issue17069.pdf", 64)];

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
        .filter(|complaint| !is_on_the_border(&row.file, complaint))
        .reduce(|all, one| format!("{all}; {one}"))
        .map(|words| format!("{}: {words}", row.file))
}

/// Whether the complaint is about so few samples of the first page that they are no difference.
fn is_on_the_border(file: &str, complaint: &str) -> bool {
    let samples = complaint
        .strip_prefix("content: page 1: ")
        .and_then(|rest| rest.split(' ').next()?.parse::<u32>().ok());
    ON_THE_BORDER
        .iter()
        .any(|(name, most)| *name == file && samples.is_some_and(|samples| samples <= *most))
}
