//! What rules saw, in plain words: a sentence for each group of rules. The technical part says the rest.

use super::Observation;
use crate::http::public::icons::Mood;
use crate::http::public::texts::Words;
use crate::validate::report::{RuleFinding, SubIndication, Weight};

/// What the rules saw that is told to people: a sentence once, the worst that it stands for, without the
/// one that the reason given already says.
pub(super) fn observations(
    words: Words<'_>,
    findings: &[&RuleFinding],
    why: Option<SubIndication>,
) -> Vec<Observation> {
    let said = why.and_then(says);
    let mut seen: Vec<(&str, Mood)> = Vec::new();
    for finding in findings {
        let Some(key) = sentence(finding.rule).filter(|key| Some(*key) != said) else {
            continue;
        };
        let mood = match finding.severity {
            Weight::Failed => Mood::Bad,
            Weight::Warning => Mood::Careful,
            Weight::Info if worth_a_note(key) => Mood::Neutral,
            Weight::Info | Weight::Passed => continue,
        };
        match seen.iter_mut().find(|(other, _)| *other == key) {
            Some((_, Mood::Bad)) => {}
            Some((_, worst)) if mood == Mood::Bad => *worst = mood,
            Some(_) => {}
            None => seen.push((key, mood)),
        }
    }
    let tell = |(key, mood)| Observation {
        mood,
        text: words.say(key),
    };
    seen.into_iter().map(tell).collect()
}

/// The sentence of the group to which a rule belongs, unless it is told elsewhere.
pub(super) fn sentence(rule: &str) -> Option<&'static str> {
    let key = match rule {
        // The verdict, and the list of later changes.
        "identity" | "form-fill" => return None,
        "B1" | "B2" | "B3" | "B6" => "seen-coverage",
        "C16" => "seen-copied",
        "V1" => "seen-posing",
        "V3" => "seen-rewritten",
        "V4" => "seen-claimed-time",
        "C6" | "C7" | "C13" => "seen-content",
        "C8" | "T5" => "seen-certificate",
        "C9" | "C10" | "C11" => "seen-algorithm",
        "chain" => "seen-issuer",
        "validity" => "seen-validity",
        "revocation" => "seen-revocation",
        "DocMDP" | "FieldMDP" => "seen-changed",
        "repaired" => "seen-repaired",
        "unreadable" => "seen-unreadable",
        "limit" => "seen-limit",
        "empty-field" => "seen-empty-field",
        "usage-rights" => "seen-usage-rights",
        _ if rule.starts_with('S') => "seen-added",
        _ if rule.starts_with('K') => "seen-usage",
        _ if rule.starts_with('T') => "seen-time",
        _ => "seen-form",
    };
    Some(key)
}

/// The sentence that a reason makes needless.
const fn says(why: SubIndication) -> Option<&'static str> {
    match why {
        SubIndication::HashFailure | SubIndication::SigCryptoFailure => Some("seen-content"),
        SubIndication::NoSigningCertificateFound => Some("seen-certificate"),
        SubIndication::NoCertificateChainFound | SubIndication::NoCertificateChainFoundNoPoe => {
            Some("seen-issuer")
        }
        SubIndication::Expired
        | SubIndication::NotYetValid
        | SubIndication::OutOfBoundsNoPoe
        | SubIndication::OutOfBoundsNotRevoked => Some("seen-validity"),
        SubIndication::Revoked
        | SubIndication::RevokedNoPoe
        | SubIndication::RevokedCaNoPoe
        | SubIndication::RevocationOutOfBoundsNoPoe
        | SubIndication::CertificateChainGeneralFailure
        | SubIndication::TryLater => Some("seen-revocation"),
        SubIndication::CryptoConstraintsFailure | SubIndication::CryptoConstraintsFailureNoPoe => {
            Some("seen-algorithm")
        }
        SubIndication::ChainConstraintsFailure => Some("seen-usage"),
        SubIndication::TimestampOrderFailure => Some("seen-time"),
        SubIndication::FormatFailure
        | SubIndication::SigConstraintsFailure
        | SubIndication::NoPoe
        | SubIndication::SignedDataNotFound
        | SubIndication::Generic => None,
    }
}

/// Nothing is wrong, and people still want to know.
fn worth_a_note(key: &str) -> bool {
    matches!(key, "seen-empty-field" | "seen-usage-rights")
}
