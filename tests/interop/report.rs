//! What happened to every file, as a table for people and for comparison between two runs.

use std::fs;
use std::path::PathBuf;

use crate::judges::Judgement;
use crate::support::target;

/// One file under one set of policies.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The file, such as `seal/….pdf`.
    pub(crate) file: String,
    /// Its class in the corpus.
    pub(crate) class: String,
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// What the judges say of a sealed copy.
    pub(crate) judgement: Judgement,
    /// How long the service took, in milliseconds.
    pub(crate) milliseconds: u128,
}

/// What the service made of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A copy with a band on every page.
    Sealed,
    /// A copy with its band on a page at the end, since a page has no room for one.
    SealedAtTheEnd,
    /// A problem document below 500; its code.
    Refused(String),
    /// Anything else: a 5xx, no answer, an answer that cannot be read.
    Failed(String),
}

impl Outcome {
    fn words(&self) -> (&str, &str) {
        match self {
            Self::Sealed => ("sealed", ""),
            Self::SealedAtTheEnd => ("sealed", "placement=last"),
            Self::Refused(code) => ("refused", code),
            Self::Failed(cause) => ("FAILED", cause),
        }
    }
}

/// Writes `target/interop/NAME.tsv`, prints the same to standard error, and says where it is.
pub(crate) fn write(name: &str, rows: &[Row]) -> PathBuf {
    let mut table = String::from("file\tclass\toutcome\tcode\tms\tcomplaints\texcused\n");
    for row in rows {
        let (outcome, code) = row.outcome.words();
        let complaints = row.judgement.complaints.join(" | ");
        let complaints = complaints.replace(['\t', '\n'], " ");
        let excused = row.judgement.excused.join(", ");
        table.push_str(&format!(
            "{}\t{}\t{outcome}\t{code}\t{}\t{complaints}\t{excused}\n",
            row.file, row.class, row.milliseconds
        ));
        eprintln!(
            "{:<72} {:<18} {outcome} {code} {complaints}",
            row.file, row.class
        );
    }
    let count = |wanted: &str| {
        rows.iter()
            .filter(|row| row.outcome.words().0 == wanted)
            .count()
    };
    eprintln!(
        "{name}: {} files, {} sealed, {} refused, {} failed, {} copies with complaints",
        rows.len(),
        count("sealed"),
        count("refused"),
        count("FAILED"),
        rows.iter()
            .filter(|row| !row.judgement.complaints.is_empty())
            .count()
    );
    let folder = target().join("interop");
    fs::create_dir_all(&folder).expect("the folder of reports can be made");
    let path = folder.join(format!("{name}.tsv"));
    fs::write(&path, table).expect("the report can be written");
    path
}
