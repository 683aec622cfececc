//! Three validators side by side over third-party files and our own copies: ours, pyHanko and pdfsig, none
//! of them trusting anybody, so that only integrity and structure are compared.
//!
//! `target/interop/differential.tsv` has a line for every file. A file that we accept and another
//! rejects has to stand in `accepted_alone.tsv` with the reason; a line there that is no longer true is a
//! failure too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use segell::model::{Deadline, HashTrail};
use segell::pdf::Limits;
use segell::validate::evidence::{Evidence, IdentityFacts, Subject};
use segell::validate::report::{Indication, Report, SubIndication, Weight};
use segell::validate::{Options, Trust, judge};

use crate::drive::keep;
use crate::pyhanko::PyHanko;
use crate::support::office::{ORGANS, Office, now};
use crate::support::{corpus, paper, target, tools};

/// What a validator says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opinion {
    /// Every signature intact, and nothing done to the document that it does not permit.
    Accepts,
    /// Something is wrong, and what.
    Rejects(String),
    /// No signature to judge, or the file cannot be read.
    None(String),
}

impl Opinion {
    fn rejects(&self) -> bool {
        matches!(self, Self::Rejects(_))
    }

    fn words(&self) -> String {
        let (word, why) = match self {
            Self::Accepts => ("accepts", ""),
            Self::Rejects(why) => ("rejects", why.as_str()),
            Self::None(why) => ("none", why.as_str()),
        };
        let why = why.replace(['\t', '\n'], " ");
        format!("{word} {why}")
            .trim_end()
            .chars()
            .take(200)
            .collect()
    }
}

/// Ours, with nobody trusted.
fn ours(bytes: &Bytes) -> Opinion {
    let subject = Subject {
        bytes,
        hash: &HashTrail::of(bytes),
        at: now(),
    };
    let limits = Limits {
        revisions: 64,
        ..Limits::default()
    };
    let evidence = Evidence::collect(
        &subject,
        IdentityFacts::Unknown,
        &|_| None,
        &Trust::default(),
        &limits,
        &Deadline::never(),
    );
    opinion(&judge(&evidence, &Options::default()))
}

fn opinion(report: &Report) -> Opinion {
    let failed = report
        .findings
        .iter()
        .find(|finding| finding.severity == Weight::Failed);
    if let Some(finding) = failed {
        return Opinion::Rejects(format!("{}: {}", finding.rule, finding.text));
    }
    if report.signatures.is_empty() {
        return Opinion::None("no signature".to_owned());
    }
    let integrity = report
        .signatures
        .iter()
        .map(|signature| signature.sub_indication)
        .chain([report.sub_indication])
        .flatten()
        .find(is_about_integrity);
    match (report.indication, integrity) {
        (Some(Indication::TotalFailed), reason) => Opinion::Rejects(format!("{reason:?}")),
        (_, Some(reason)) => Opinion::Rejects(format!("{reason:?}")),
        _ => Opinion::Accepts,
    }
}

/// Other reasons are about trust, time and strength, which are not compared here.
fn is_about_integrity(reason: &SubIndication) -> bool {
    use SubIndication as Sub;
    matches!(
        reason,
        Sub::FormatFailure
            | Sub::HashFailure
            | Sub::SigCryptoFailure
            | Sub::SigConstraintsFailure
            | Sub::SignedDataNotFound
            | Sub::Generic
    )
}

/// pdfsig says nothing of what was done later, and nothing of document timestamps.
fn pdfsig(file: &Path) -> Opinion {
    let output = match tools::run("pdfsig", [Path::new("-nocert"), file]) {
        Ok(output) => output,
        Err(error) => return Opinion::None(error),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let validations: Vec<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- Signature Validation: "))
        .collect();
    let judged = |words: &&&str| !words.contains("has not yet been verified");
    let mut judged = validations.iter().filter(judged).peekable();
    if judged.peek().is_none() {
        return Opinion::None("nothing verified".to_owned());
    }
    match judged.find(|words| !words.starts_with("Signature is Valid")) {
        Some(words) => Opinion::Rejects((*words).to_owned()),
        None => Opinion::Accepts,
    }
}

/// One file in the table.
struct Row {
    name: String,
    class: String,
    ours: Opinion,
    pyhanko: Opinion,
    pdfsig: Opinion,
}

impl Row {
    fn is_accepted_alone(&self) -> bool {
        self.ours == Opinion::Accepts && (self.pyhanko.rejects() || self.pdfsig.rejects())
    }
}

fn rows() -> Option<Vec<Row>> {
    let mut files: Vec<(String, String, std::path::PathBuf)> = Vec::new();
    for folder in ["signed", "attacks"] {
        files.extend(corpus::folder(folder)?.into_iter().map(|specimen| {
            let class = specimen.columns["expected_class"].clone();
            (specimen.name, class, specimen.path)
        }));
    }
    let office = Office::open();
    for organ in ORGANS {
        let copy = office.seal(organ, &paper::one_page(organ));
        let path = keep(&format!("differential-{organ}.pdf"), &copy);
        files.push((format!("ours/{organ}.pdf"), "VALID".to_owned(), path));
    }
    let mut pyhanko = PyHanko::start();
    let row = |(name, class, path): (String, String, std::path::PathBuf)| Row {
        ours: ours(&fs::read(&path).expect("a file under judgement").into()),
        pyhanko: pyhanko.opinion(&path),
        pdfsig: pdfsig(&path),
        name,
        class,
    };
    Some(files.into_iter().map(row).collect())
}

fn write(rows: &[Row]) {
    let mut table = String::from("file\tclass\tours\tpyHanko\tpdfsig\taccepted alone\n");
    for row in rows {
        let alone = if row.is_accepted_alone() { "yes" } else { "" };
        let (ours, pyhanko, pdfsig) = (row.ours.words(), row.pyhanko.words(), row.pdfsig.words());
        table.push_str(&format!(
            "{}\t{}\t{ours}\t{pyhanko}\t{pdfsig}\t{alone}\n",
            row.name, row.class
        ));
    }
    let folder = target().join("interop");
    fs::create_dir_all(&folder).expect("the folder of reports can be made");
    fs::write(folder.join("differential.tsv"), table).expect("the table can be written");
}

/// The reviewed list: file, who rejects it, reason.
fn reviewed() -> BTreeMap<&'static str, &'static str> {
    include_str!("accepted_alone.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut columns = line.split('\t');
            let file = columns.next().expect("a file");
            let reason = columns.nth(1).expect("a reason");
            assert!(!reason.is_empty(), "{file} has no reason");
            (file, reason)
        })
        .collect()
}

#[test]
fn what_others_reject_and_we_accept_is_explained_line_by_line() {
    let python = tools::python();
    if !tools::present(&["pdfsig", &python]) {
        return;
    }
    let Some(rows) = rows() else { return };
    write(&rows);
    let reviewed = reviewed();
    let mut wrong = Vec::new();
    for row in &rows {
        match (row.is_accepted_alone(), reviewed.get(row.name.as_str())) {
            (true, None) => wrong.push(format!(
                "{} ({}) is accepted by us; pyHanko {}; pdfsig {}",
                row.name,
                row.class,
                row.pyhanko.words(),
                row.pdfsig.words()
            )),
            (false, Some(reason)) => wrong.push(format!(
                "{} is listed and not accepted by us alone any more: {reason}",
                row.name
            )),
            _ => {}
        }
    }
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let gone = reviewed.keys().filter(|name| !names.contains(name));
    wrong.extend(gone.map(|name| format!("{name} is listed and does not exist")));
    for row in rows.iter().filter(|row| row.name.starts_with("ours/")) {
        let all = [&row.ours, &row.pyhanko, &row.pdfsig];
        if all.iter().any(|opinion| **opinion != Opinion::Accepts) {
            wrong.push(format!(
                "{}: {}",
                row.name,
                all.map(Opinion::words).join("; ")
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
