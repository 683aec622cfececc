//! The published attacks on PDF signatures, made here against copies that the service's own sealer made:
//! a document of one page and one of thirty.
//!
//! `A01` to `A29` are the classes of the literature: Mladenov et al., *1 Trillion Dollar Refund* (CCS
//! 2019: universal signature forgery, incremental saving, signature wrapping), *Shadow Attacks* (NDSS
//! 2021), *Breaking the Specification: PDF Certification* (S&P 2021), and what parsers are known to
//! disagree about. Each is judged twice: beside the archive that knows the copy, and beside another one,
//! where nothing but the seal tells. Each must be refused by the rule that is meant for it.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "these tests read files, measure time and say what they did"
)]

mod ambiguity;
mod behaviour;
mod certification;
mod copy;
mod flips;
mod forgery;
mod increments;
mod shadows;
mod source;
mod strangers;
mod wrapping;

#[path = "../support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::sync::OnceLock;

use copy::Copy;
use segell::validate::report::{Indication, Report, Verdict, Weight};
use support::office::{Office, report};

/// The organ whose copies are attacked; its seal is registered everywhere here.
const ORGAN: &str = "L01990015";

/// What is attacked, and who might lend a seal for it.
pub(crate) struct Target<'a> {
    pub(crate) copy: &'a Copy,
    pub(crate) pages: u32,
    pub(crate) office: &'a Office,
}

/// An attack, and the rules that refuse it.
pub(crate) struct Attack {
    /// Its class.
    pub(crate) id: &'static str,
    /// What it does.
    pub(crate) name: &'static str,
    /// The file that an attacker makes of a copy.
    pub(crate) make: fn(&Target<'_>) -> Vec<u8>,
    /// The rule that the added bytes break; `None` when the attack changes the issued bytes themselves,
    /// so that no archive knows them.
    pub(crate) appended: Option<&'static str>,
    /// The rules of which one at least is broken for whoever has only the seal to go by.
    pub(crate) signed: &'static [&'static str],
}

/// Content that was never sealed.
pub(crate) fn forged_content() -> Vec<u8> {
    source::stream("", b"BT /F1 24 Tf 72 700 Td (Pay 9999 euros) Tj ET")
}

fn attacks() -> impl Iterator<Item = &'static Attack> {
    [
        forgery::ATTACKS,
        increments::ATTACKS,
        wrapping::ATTACKS,
        shadows::ATTACKS,
        certification::ATTACKS,
        ambiguity::ATTACKS,
        behaviour::ATTACKS,
        strangers::ATTACKS,
    ]
    .into_iter()
    .flatten()
}

/// The office and its copies of one and of thirty pages, made once.
fn office() -> &'static (Office, Vec<(u32, Copy)>) {
    static OFFICE: OnceLock<(Office, Vec<(u32, Copy)>)> = OnceLock::new();
    OFFICE.get_or_init(|| {
        let office = Office::open();
        let copies = [1, 30].map(|pages| {
            let source = source::document(pages);
            (pages, Copy::read(office.seal(ORGAN, &source), source.len()))
        });
        (office, copies.into())
    })
}

/// The copies, one after the other.
fn targets() -> impl Iterator<Item = Target<'static>> {
    let (office, copies) = office();
    copies.iter().map(move |(pages, copy)| Target {
        copy,
        pages: *pages,
        office,
    })
}

/// A rule that speaks against the document.
fn is_broken(report: &Report, rule: &str) -> bool {
    report.findings.iter().any(|finding| {
        finding.rule == rule && matches!(finding.severity, Weight::Failed | Weight::Warning)
    })
}

fn tell(report: &Report) -> String {
    let mut line = format!("{:?}, {:?};", report.verdict, report.indication);
    for finding in &report.findings {
        if matches!(finding.severity, Weight::Failed | Weight::Warning) {
            let _ = write!(line, " {}: {};", finding.rule, finding.text);
        }
    }
    line
}

/// Every attack on every copy, told apart by `wrong`.
fn complaints(wrong: impl Fn(&Attack, &[u8]) -> Option<String>) -> String {
    let mut complaints = String::new();
    for target in targets() {
        for attack in attacks() {
            let bytes = (attack.make)(&target);
            assert_ne!(bytes, target.copy.bytes, "{} changes nothing", attack.name);
            if let Some(words) = wrong(attack, &bytes) {
                let _ = writeln!(
                    complaints,
                    "{} {} ({} pages): {words}",
                    attack.id, attack.name, target.pages
                );
            }
        }
    }
    complaints
}

#[test]
fn what_is_attacked_is_sound_before() {
    let (office, copies) = office();
    for (_, copy) in copies {
        let known = report(&office.validator(), &copy.bytes);
        assert_eq!(known.verdict, Verdict::Identical);
        assert_eq!(known.indication, Some(Indication::TotalPassed));
        let elsewhere = report(&office.validator_elsewhere(&[ORGAN]), &copy.bytes);
        assert_eq!(
            elsewhere.verdict,
            Verdict::SealedNotRegistered,
            "{}",
            tell(&elsewhere)
        );
        assert_eq!(elsewhere.indication, Some(Indication::TotalPassed));
    }
}

#[test]
fn beside_its_archive_every_attack_is_refused_by_the_rule_meant_for_it() {
    let validator = office().0.validator();
    let complaints = complaints(|attack, bytes| {
        let report = report(&validator, bytes);
        let refused = match attack.appended {
            Some(rule) => report.verdict == Verdict::Altered && is_broken(&report, rule),
            None => {
                !matches!(report.verdict, Verdict::Identical | Verdict::Extended)
                    && attack.signed.iter().any(|rule| is_broken(&report, rule))
            }
        };
        let refused = refused && report.indication != Some(Indication::TotalPassed);
        (!refused).then(|| tell(&report))
    });
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn beside_another_archive_every_attack_is_refused_by_the_rule_meant_for_it() {
    let validator = office().0.validator_elsewhere(&[ORGAN]);
    let complaints = complaints(|attack, bytes| {
        let report = report(&validator, bytes);
        let refused = !matches!(report.verdict, Verdict::Identical | Verdict::Extended)
            && report.indication != Some(Indication::TotalPassed)
            && attack.signed.iter().any(|rule| is_broken(&report, rule));
        (!refused).then(|| tell(&report))
    });
    assert!(complaints.is_empty(), "\n{complaints}");
}

/// A27: two questions, two answers. The signature of somebody else may be sound; the document is not ours.
#[test]
fn a27_a_sound_seal_of_somebody_else_never_makes_a_document_ours() {
    for target in targets() {
        let forged = strangers::another_document(&target);
        let judged = report(&target.office.validator_elsewhere(&[ORGAN]), &forged);
        assert_eq!(judged.verdict, Verdict::NotOurs, "{}", tell(&judged));
        assert!(judged.copy.is_none());
    }
}

/// A29: what is printed on a page is no evidence.
#[test]
fn a29_a_band_without_a_seal_is_not_ours_and_not_signed() {
    for target in targets() {
        let stripped = strangers::band_alone(&target);
        let office = target.office;
        for validator in [office.validator(), office.validator_elsewhere(&[ORGAN])] {
            let judged = report(&validator, &stripped);
            assert_eq!(judged.verdict, Verdict::NotOurs, "{}", tell(&judged));
            assert_eq!(judged.indication, None, "{}", tell(&judged));
        }
    }
}
