//! Who signed the source of a copy, for its page: name, entity, time and outcome, a line each. Identifiers
//! of natural persons are masked where the certificate is read ([`crate::model::SignedBy`]).

use super::{clean, keys};
use crate::http::public::pages::Datum;
use crate::http::public::texts::Words;
use crate::model::SourceSignature;

/// A row for each signature.
pub(in crate::http::public) fn of(words: Words<'_>, signatures: &[SourceSignature]) -> Vec<Datum> {
    let label = || words.say("source-signatures");
    let rows = signatures.iter();
    rows.map(|signature| Datum::new(label(), told(words, signature)))
        .collect()
}

fn told(words: Words<'_>, signature: &SourceSignature) -> String {
    let by = signature.signed_by.as_ref();
    let name = by.map(|by| clean(&by.name));
    let name = name.filter(|name| !name.trim().is_empty());
    let organisation = by.map(|by| clean(&by.organisation));
    // A proved time is a fact, a claimed one a claim.
    let time = match (signature.time, signature.claimed_time) {
        (Some(time), _) => Some(words.with("when-timestamp", "moment", words.moment(&time))),
        (None, Some(time)) => Some(words.with("when-claimed", "moment", words.moment(&time))),
        (None, None) => None,
    };
    let parts = [
        Some(name.unwrap_or_else(|| words.say("signer-unknown"))),
        organisation.filter(|organisation| !organisation.trim().is_empty()),
        Some(words.say(keys::tag(signature.indication))),
        time,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::public::texts::Texts;
    use crate::model::{Indication, Language, Sha256Digest, SignedBy};

    #[test]
    fn a_signer_is_told_by_name_entity_outcome_and_time_and_by_no_number() {
        let texts = Texts::built_in();
        let mut signature = SourceSignature {
            field: "Signature1".to_owned(),
            signed_by: Some(SignedBy {
                name: "Maria\u{202e} Serra".to_owned(),
                organisation: "Ajuntament de Vallserena".to_owned(),
                nif: Some("P9900100J".to_owned()),
                issuer: "CA".to_owned(),
                fingerprint: Sha256Digest::of(b""),
                registered_for: None,
            }),
            claimed_time: Some("2026-11-21T09:30:00Z".parse().unwrap()),
            time: None,
            indication: Indication::TotalPassed,
            sub_indication: None,
            level: None,
            covers_whole_file: true,
        };
        let words = texts.words(Language::Ca);
        let rows = of(words, std::slice::from_ref(&signature));
        let value = &rows[0].value;
        assert!(
            value.starts_with(
                "Maria· Serra · Ajuntament de Vallserena · Correcta · La signatura diu"
            ),
            "{value}"
        );
        assert!(!value.contains("P9900100J"), "{value}");
        signature.signed_by = None;
        signature.claimed_time = None;
        assert_eq!(
            of(words, &[signature])[0].value,
            "No se sap qui signa · Correcta"
        );
    }
}
