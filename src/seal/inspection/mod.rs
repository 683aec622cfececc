//! Whether every organ that has to be served can be: the matrix organ × environment × certificate ×
//! counterpart's confirmation.
//!
//! For each organ file, each organ that an application may ask for and each row of a list of those
//! expected: is there a seal, is it the latest known, do the codes agree, have the counterparts confirmed
//! that they know it, is it clear by what agreement it is used? Each question is a function that finds
//! something or nothing, and each finding says who has to do what.

mod codes;
mod line;
mod required;
mod rules;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::Serialize;

pub use self::line::{CertificateCell, ConfirmationCell, Line, LineState};
use self::required::Required;
use super::Seat;
use crate::archive::RegisteredSeal;
use crate::model::{Dir3, Environment, Ine10, Nif, Papers};
use crate::pki::CertificateFacts;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// An organ that has to be served is not, or not as it should: the check fails.
    Fault,
    /// Somebody should look: the check passes.
    Warning,
}

/// Who has to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever runs the service.
    Operator,
    /// The body whose seal it is.
    Organ,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether the check fails by it.
    pub gravity: Gravity,
    /// A stable word for programs: `organ-missing`, `seal-superseded`, `codes-disagree`, …
    pub code: &'static str,
    /// The organ, when it is about one whose code is known.
    pub organ: Option<Dir3>,
    /// Its environment.
    pub environment: Option<Environment>,
    /// The organ's file.
    pub file: Option<String>,
    /// What is the case.
    pub fact: String,
    /// Who has to act.
    pub who: Who,
    /// What they have to do.
    pub next_step: String,
}

/// An application may ask for copies of an organ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorisation {
    /// The organ.
    pub organ: Dir3,
    /// The environment of its credentials; `None`: any.
    pub environment: Option<Environment>,
    /// Its id.
    pub application: String,
}

/// A row of the list of those expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Where it stands in the list, from 1.
    pub line: usize,
    /// The organ.
    pub dir3: Dir3,
    /// Its environment.
    pub environment: Environment,
    /// Its INE10 code, when the list says it.
    pub ine10: Option<Ine10>,
    /// Its NIF, when the list says it.
    pub nif: Option<Nif>,
}

/// What an organ's file came to.
pub enum Content<'a> {
    /// An organ, with or without its seal, and its papers.
    Organ(&'a Seat, Box<Papers>),
    /// Nothing that can be used.
    Unusable {
        /// A stable word for programs.
        code: &'static str,
        /// Why.
        cause: String,
        /// What to do.
        next_step: String,
    },
}

/// An organ's file.
pub struct OrganEntry<'a> {
    /// Its name.
    pub file: String,
    /// The organ's code, as far as it can be read.
    pub dir3: Option<Dir3>,
    /// Its environment, as far as it can be read.
    pub environment: Option<Environment>,
    /// What is in it.
    pub content: Content<'a>,
}

/// Everything that is compared.
pub struct Material<'a> {
    /// The organ files.
    pub entries: Vec<OrganEntry<'a>>,
    /// Who may ask for which organ.
    pub authorised: Vec<Authorisation>,
    /// The organs expected, when there is such a list.
    pub expected: Option<Vec<Expected>>,
    /// Every certificate that was ever registered in the archive.
    pub registered: Vec<RegisteredSeal>,
    /// Why these are not known, when they are not.
    pub archive_fault: Option<String>,
    /// Certificates in files beside the seals.
    pub beside: Vec<CertificateFacts>,
    /// The environment whose organs this profile leaves out.
    pub left_out: Option<Environment>,
    /// Those who have to confirm that they know every real seal.
    pub counterparts: Vec<String>,
    /// The time.
    pub now: Timestamp,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// How many findings are faults.
    pub faults: usize,
    /// How many are warnings.
    pub warnings: usize,
    /// One line per organ and environment; faults first.
    pub matrix: Vec<Line>,
    /// Faults first, then by organ.
    pub findings: Vec<Finding>,
}

/// Compares everything with everything.
pub fn inspect(material: &Material<'_>) -> Inspection {
    let required = Required::of(material);
    let mut findings = required.general_findings(material);
    let mut matrix = Vec::new();
    for entry in &material.entries {
        let reasons = required.reasons(entry);
        let found = rules::of_entry(entry, &reasons, material);
        matrix.push(line::of_entry(entry, &reasons, &found, material));
        findings.extend(found);
    }
    for absent in required.absent(material) {
        let found = rules::of_absent(&absent, material);
        matrix.push(line::of_absent(&absent, &found));
        findings.push(found);
    }
    findings.sort_by(|one, other| {
        let key = |found: &Finding| (found.gravity, found.organ.clone(), found.environment);
        key(one).cmp(&key(other))
    });
    matrix.sort_by_key(Line::place);
    let count = |gravity| {
        let of_gravity = findings.iter().filter(|found| found.gravity == gravity);
        of_gravity.count()
    };
    Inspection {
        faults: count(Gravity::Fault),
        warnings: count(Gravity::Warning),
        matrix,
        findings,
    }
}

impl Finding {
    /// About no organ in particular.
    fn general(gravity: Gravity, code: &'static str, fact: String, next_step: &str) -> Self {
        Self {
            gravity,
            code,
            organ: None,
            environment: None,
            file: None,
            fact,
            who: Who::Operator,
            next_step: next_step.to_owned(),
        }
    }

    /// The same with who has to act taken from the sentence, where those of the seals' own troubles say it.
    fn told(mut self) -> Self {
        for (word, who) in [("Operator: ", Who::Operator), ("Organ: ", Who::Organ)] {
            if let Some(step) = self.next_step.strip_prefix(word) {
                self.next_step = step.to_owned();
                self.who = who;
                break;
            }
        }
        self
    }
}

impl Who {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Organ => "organ",
        }
    }
}
