//! The lines of the matrix: what was compared, whether something was found or not.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::required::{Absent, Reasons};
use super::rules::successor;
use super::{Content, Finding, Gravity, Material, OrganEntry};
use crate::model::{Commission, Dir3, Environment, Ine10, Nif, Sha256Digest};
use crate::pki::SealClass;
use crate::seal::warnings::days_left;

/// How an organ is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// There is a fault.
    Fault,
    /// There is a warning.
    Warning,
    /// Nothing was found.
    Ok,
}

/// An organ in an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// How it is doing.
    pub state: LineState,
    /// Its code, as far as it is known.
    pub organ: Option<Dir3>,
    /// Its environment; `None` when any will do and there is none.
    pub environment: Option<Environment>,
    /// Its file; `None` when there is none.
    pub file: Option<String>,
    /// Its name in Catalan.
    pub name: Option<String>,
    /// Its INE10 code.
    pub ine10: Option<Ine10>,
    /// Its NIF.
    pub nif: Option<Nif>,
    /// The applications that may ask for it.
    pub applications: Vec<String>,
    /// Whether it stands on the list of those expected; `None` without a list.
    pub expected: Option<bool>,
    /// The certificate in use.
    pub certificate: Option<CertificateCell>,
    /// For real seals: what each counterpart has confirmed.
    pub confirmations: Vec<ConfirmationCell>,
    /// Its service commission.
    pub commission: Option<Commission>,
}

/// A certificate in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateCell {
    /// Its SHA-256.
    pub sha256: Sha256Digest,
    /// The seal's name.
    pub name: String,
    /// The NIF in it.
    pub nif: Option<String>,
    /// Its class.
    pub class: SealClass,
    /// End of its validity.
    pub not_after: Timestamp,
    /// Whole days until then.
    pub days_left: i64,
    /// No newer one is known.
    pub latest: bool,
}

/// What a counterpart has confirmed of the certificate in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfirmationCell {
    /// Who.
    pub counterpart: String,
    /// When; `None`: it has not.
    pub confirmed: Option<Date>,
    /// Where the confirmation can be found.
    pub reference: Option<String>,
}

impl Line {
    /// What it is ordered by.
    pub(super) fn place(&self) -> impl Ord + use<> {
        (
            self.state,
            self.organ.clone(),
            self.environment,
            self.file.clone(),
        )
    }
}

impl LineState {
    fn of(found: &[Finding]) -> Self {
        match found.iter().map(|found| found.gravity).min() {
            Some(Gravity::Fault) => Self::Fault,
            Some(Gravity::Warning) => Self::Warning,
            None => Self::Ok,
        }
    }
}

/// The line of an organ's file.
pub(super) fn of_entry(
    entry: &OrganEntry<'_>,
    reasons: &Reasons<'_>,
    found: &[Finding],
    material: &Material<'_>,
) -> Line {
    let mut line = Line {
        state: LineState::of(found),
        organ: entry.dir3.clone(),
        environment: entry.environment,
        file: Some(entry.file.clone()),
        name: None,
        ine10: None,
        nif: None,
        applications: applications(reasons),
        expected: material
            .expected
            .as_ref()
            .map(|_| reasons.expected.is_some()),
        certificate: None,
        confirmations: Vec::new(),
        commission: None,
    };
    let Content::Organ(seat, papers) = &entry.content else {
        return line;
    };
    line.name = Some(seat.organ.names.ca.clone());
    line.ine10.clone_from(&seat.organ.ine10);
    line.nif = Some(seat.organ.nif.clone());
    line.commission = Some(papers.commission.clone());
    let Ok(seal) = &seat.seal else { return line };
    let facts = seal.key.facts();
    line.certificate = Some(CertificateCell {
        sha256: facts.fingerprint,
        name: facts.common_name.clone(),
        nif: facts.nif.clone(),
        class: facts.seal_class(),
        not_after: facts.not_after,
        days_left: days_left(material.now, facts.not_after),
        latest: successor(seat, material).is_none(),
    });
    if seat.organ.environment == Environment::Pro {
        let today = material.now.to_zoned(TimeZone::UTC).date();
        let counterparts = material.counterparts.iter().map(|counterpart| {
            let confirmed = papers.confirmed(counterpart, &facts.fingerprint, today);
            ConfirmationCell {
                counterpart: counterpart.clone(),
                confirmed: confirmed.map(|confirmation| confirmation.confirmed),
                reference: confirmed.and_then(|confirmation| confirmation.reference.clone()),
            }
        });
        line.confirmations = counterparts.collect();
    }
    line
}

/// The line of an organ that has no file.
pub(super) fn of_absent(absent: &Absent<'_>, found: &Finding) -> Line {
    Line {
        state: LineState::of(std::slice::from_ref(found)),
        organ: Some(absent.dir3.clone()),
        environment: absent.environment,
        file: None,
        name: None,
        ine10: absent.reasons.expected.and_then(|row| row.ine10.clone()),
        nif: absent.reasons.expected.and_then(|row| row.nif.clone()),
        applications: applications(&absent.reasons),
        expected: Some(absent.reasons.expected.is_some()),
        certificate: None,
        confirmations: Vec::new(),
        commission: None,
    }
}

fn applications(reasons: &Reasons<'_>) -> Vec<String> {
    let applications = reasons.applications.iter();
    applications.map(|&id| id.to_owned()).collect()
}
