//! The questions, each a function that finds something or nothing.

use jiff::tz::TimeZone;

use super::codes;
use super::required::{Absent, Reasons};
use super::{Content, Finding, Gravity, Material, OrganEntry, Who};
use crate::model::{Environment, Papers};
use crate::pki::{CertificateFacts, SealDefect};
use crate::seal::warnings::{Ground, of_seat};
use crate::seal::{Seat, succession};

/// What is found about the organ of a file.
pub(super) fn of_entry(
    entry: &OrganEntry<'_>,
    reasons: &Reasons<'_>,
    material: &Material<'_>,
) -> Vec<Finding> {
    let about = About(entry);
    match &entry.content {
        Content::Unusable {
            code,
            cause,
            next_step,
        } => vec![about.fault(code, cause.clone(), next_step.clone()).told()],
        Content::Organ(seat, papers) => {
            let mut found = Vec::new();
            found.extend(loaded(&about, seat, reasons));
            found.extend(codes_agree(&about, seat, reasons));
            found.extend(latest(&about, seat, material));
            found.extend(confirmed(&about, seat, papers, material));
            found.extend(commissioned(&about, seat, papers));
            found.extend(expected(&about, seat, reasons, material));
            found.extend(in_time(&about, seat, material));
            found
        }
    }
}

/// An organ that has to be served has a file.
pub(super) fn of_absent(absent: &Absent<'_>, material: &Material<'_>) -> Finding {
    let (dir3, why) = (absent.dir3, absent.reasons.sentence());
    let finding = |code, fact, next_step: &str| Finding {
        gravity: Gravity::Fault,
        code,
        organ: Some(dir3.clone()),
        environment: absent.environment,
        file: None,
        fact,
        who: Who::Operator,
        next_step: next_step.to_owned(),
    };
    if let Some(other) = codes::namesake(absent, material) {
        return finding(
            "codes-disagree",
            format!(
                "{why} as {dir3}, and the file of the same body says {}",
                other.dir3
            ),
            "correct the DIR3 code where it is wrong: in the list, or in the organ's file and the \
             applications file",
        );
    }
    let place = absent
        .environment
        .map_or("", |environment| match environment {
            Environment::Pre => " for the test environment (pre)",
            Environment::Pro => " for the real environment (pro)",
        });
    finding(
        "organ-missing",
        format!("there is no organ file{place} with this code, and {why}"),
        "add the organ's file (`segell organs import`) and its seal (`segell seals add`), or take the code \
         out of the applications file or the list",
    )
}

/// A file about which something is found.
struct About<'a>(&'a OrganEntry<'a>);

impl About<'_> {
    fn finding(&self, gravity: Gravity, code: &'static str, fact: String, step: String) -> Finding {
        Finding {
            gravity,
            code,
            organ: self.0.dir3.clone(),
            environment: self.0.environment,
            file: Some(self.0.file.clone()),
            fact,
            who: Who::Operator,
            next_step: step,
        }
    }

    fn fault(&self, code: &'static str, fact: String, step: String) -> Finding {
        self.finding(Gravity::Fault, code, fact, step)
    }

    fn warning(&self, code: &'static str, fact: String, step: &str) -> Finding {
        self.finding(Gravity::Warning, code, fact, step.to_owned())
    }
}

/// The seal is loaded: opened, of the right class and NIF, within its validity, and it signs. One that is kept
/// elsewhere is missed only by who counts on it.
fn loaded(about: &About<'_>, seat: &Seat, reasons: &Reasons<'_>) -> Option<Finding> {
    let defect = seat.seal.as_ref().err()?;
    if !matches!(defect, SealDefect::Ceded | SealDefect::Centralised) {
        return Some(
            about
                .fault(defect.code(), defect.to_string(), defect.next_step())
                .told(),
        );
    }
    reasons.any().then(|| {
        about.fault(
            "seal-elsewhere",
            format!("{defect}, and {}", reasons.sentence()),
            "take the organ out of the applications file or the list, or have a seal made for its own \
             direct use (`cession = \"own\"`)"
                .to_owned(),
        )
    })
}

/// DIR3, INE10 and NIF agree.
fn codes_agree(about: &About<'_>, seat: &Seat, reasons: &Reasons<'_>) -> Option<Finding> {
    let disagreements = codes::disagreements(&seat.organ, reasons.expected);
    (!disagreements.is_empty()).then(|| {
        about.fault(
            "codes-disagree",
            disagreements.join("; "),
            "correct the code where it is wrong: in the organ's file or in the list".to_owned(),
        )
    })
}

/// The seal in use is the latest one known: none that is valid now begins and ends later, neither registered in
/// the archive nor in a certificate file.
fn latest(about: &About<'_>, seat: &Seat, material: &Material<'_>) -> Option<Finding> {
    let newer = successor(seat, material)?;
    Some(about.fault(
        "seal-superseded",
        format!(
            "a newer certificate is known than the one in use: {}, valid from {} until {}",
            short(newer),
            newer.not_before.strftime("%Y-%m-%d"),
            newer.not_after.strftime("%Y-%m-%d"),
        ),
        "load the renewed seal (`segell seals add`), or remove its certificate file if it is not to be used"
            .to_owned(),
    ))
}

/// The certificate that should have taken over from the one in use.
pub(super) fn successor<'a>(
    seat: &Seat,
    material: &'a Material<'_>,
) -> Option<&'a CertificateFacts> {
    let current = seat.seal.as_ref().ok()?.key.facts();
    let seats = seats(material);
    let registered = succession::others(seat, &seats, &material.registered);
    let shares_nif =
        |other: &&&Seat| other.organ.nif == seat.organ.nif && other.organ.dir3 != seat.organ.dir3;
    let alone = !seats.iter().any(|other| shares_nif(&other));
    let in_hand = |certificate: &CertificateFacts| {
        let mut in_hand = seats.iter().flat_map(|seat| succession::in_hand(seat));
        in_hand.any(|held| held == certificate.fingerprint)
    };
    let beside = material.beside.iter().filter(|certificate| {
        certificate.nif.as_deref() == Some(seat.organ.nif.as_str())
            && certificate.has_seal_policy()
            // Organs of one body share its NIF: then only the name tells whose seal it is.
            && (alone || certificate.common_name == current.common_name)
            && !in_hand(certificate)
    });
    succession::successor(current, registered.into_iter().chain(beside), material.now)
}

/// Every counterpart has confirmed that it knows exactly this certificate. Test seals are nobody's concern.
fn confirmed(
    about: &About<'_>,
    seat: &Seat,
    papers: &Papers,
    material: &Material<'_>,
) -> Vec<Finding> {
    let Ok(seal) = &seat.seal else {
        return Vec::new();
    };
    if seat.organ.environment != Environment::Pro {
        return Vec::new();
    }
    let facts = seal.key.facts();
    let today = material.now.to_zoned(TimeZone::UTC).date();
    let missing = material.counterparts.iter().filter(|counterpart| {
        papers
            .confirmed(counterpart, &facts.fingerprint, today)
            .is_none()
    });
    missing
        .map(|counterpart| {
            let before = match papers.last_confirmed(counterpart) {
                None => "none is on record".to_owned(),
                Some(other) if other.certificate_sha256 == facts.fingerprint => {
                    format!("the one on record is of {}, which is to come", other.confirmed)
                }
                Some(other) => format!("that of {} is for another certificate", other.confirmed),
            };
            about.fault(
                "confirmation-missing",
                format!(
                    "{counterpart} has not confirmed that it has loaded the public key of {}: {before}",
                    short(facts)
                ),
                format!(
                    "send {counterpart} the certificate, and write its answer into the organ's file: \
                     [[confirmations]] with counterpart, certificate_sha256 = \"{}\", confirmed and \
                     reference",
                    facts.fingerprint
                ),
            )
        })
        .collect()
}

/// It is on record by what agreement a real organ is served.
fn commissioned(about: &About<'_>, seat: &Seat, papers: &Papers) -> Option<Finding> {
    let missing: Vec<_> = papers.commission.missing().collect();
    if missing.is_empty() || seat.organ.environment != Environment::Pro {
        return None;
    }
    Some(about.warning(
        "commission-missing",
        format!("the service commission lacks {}", missing.join(", ")),
        "write them under [commission] in the organ's file, or import them (`segell organs import`)",
    ))
}

/// Where there is a list of those expected, a real organ stands on it.
fn expected(
    about: &About<'_>,
    seat: &Seat,
    reasons: &Reasons<'_>,
    material: &Material<'_>,
) -> Option<Finding> {
    let listed = material.expected.is_none() || reasons.expected.is_some();
    if listed || seat.organ.environment != Environment::Pro {
        return None;
    }
    // The list means it, under a code that is wrong: that is told.
    let own = &seat.organ.ine10;
    let mut rows = material.expected.iter().flatten();
    if own.is_some() && rows.any(|row| row.ine10 == *own) {
        return None;
    }
    Some(about.warning(
        "organ-not-expected",
        "the organ is served and is not on the list".to_owned(),
        "add it to the list, or remove its file",
    ))
}

/// The seal is renewed in time, under the name by which others know it.
fn in_time(about: &About<'_>, seat: &Seat, material: &Material<'_>) -> Vec<Finding> {
    let none = Default::default();
    let ground = Ground {
        seats: seats(material),
        registered: &material.registered,
        anchors: [&none, &none],
        clock_offset: None,
        archive_fault: None,
        now: material.now,
    };
    of_seat(seat, &ground)
        .map(|warning| {
            about
                .warning(warning.code, warning.fact, &warning.next_step)
                .told()
        })
        .collect()
}

fn seats<'a>(material: &Material<'a>) -> Vec<&'a Seat> {
    let entries = material.entries.iter();
    entries.filter_map(|entry| entry.seat()).collect()
}

/// A certificate for people: its name and the first digits of its SHA-256.
fn short(facts: &CertificateFacts) -> String {
    let digest = facts.fingerprint.to_string();
    let digest = digest.get(..16).unwrap_or_default();
    format!("\u{201c}{}\u{201d} ({digest}…)", facts.common_name)
}
