//! Who signed, as far as a report may say it: the entity with its NIF, a person by name. Whoever keeps a
//! seal for an organ is never named, and identifiers of natural persons are masked as the seventh
//! additional provision of the LOPDGDD asks.

use super::report::{Qualification, SignedBy};
use crate::model::{Dir3, Nif};
use crate::pki::CertificateFacts;

/// Who signed with this certificate.
pub(super) fn signed_by(facts: &CertificateFacts, registered_for: Option<&Dir3>) -> SignedBy {
    SignedBy {
        name: mask(&facts.common_name),
        organisation: mask(&facts.organisation),
        nif: facts.nif.clone().filter(|nif| is_entity(nif)),
        issuer: mask(&facts.issuer),
        fingerprint: facts.fingerprint,
        registered_for: registered_for.cloned(),
    }
}

/// What the certificate says of itself about qualification.
pub(super) fn qualification(facts: &CertificateFacts) -> Qualification {
    Qualification {
        qc_compliance: facts.qc_compliance,
        qc_sscd: facts.qc_sscd,
        qc_eseal: facts.qc_eseal,
        organ_seal: facts.has_seal_policy(),
        policies: facts.policies.clone(),
    }
}

/// A NIF begins with a letter that tells an entity's from a person's.
fn is_entity(nif: &str) -> bool {
    let entity = nif
        .chars()
        .next()
        .is_some_and(|first| "ABCDEFGHJNPQRSUVW".contains(first));
    entity && nif.parse::<Nif>().is_ok()
}

/// Digits that may stand next to one another before they look like somebody's number.
const FEW: usize = 5;

/// Masks the personal identifiers in a name, such as `GARCÍA LÓPEZ JUAN - 12345678Z` or
/// `MÄNNIK,MARI-LIIS,47101010033`: of a long run of digits only the fourth to the seventh stay, letters
/// around it are masked too. The NIF of an entity stays.
pub(super) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut word = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            word.push(character);
        } else {
            masked.push_str(&mask_word(&word));
            word.clear();
            masked.push(character);
        }
    }
    masked.push_str(&mask_word(&word));
    masked
}

fn mask_word(word: &str) -> String {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits <= FEW || is_entity(word.strip_prefix("ES").unwrap_or(word)) {
        return word.to_owned();
    }
    let mut seen = 0;
    word.chars()
        .map(|character| {
            if character.is_ascii_digit() {
                seen += 1;
                if (4..=7).contains(&seen) {
                    character
                } else {
                    '*'
                }
            } else {
                '*'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_person_is_masked_wherever_it_stands() {
        assert_eq!(
            mask("GARCÍA LÓPEZ JUAN - 12345678Z"),
            "GARCÍA LÓPEZ JUAN - ***4567**"
        );
        assert_eq!(mask("NOMBRE X - NIF X1234567L"), "NOMBRE X - NIF ****4567*");
        assert_eq!(
            mask("MÄNNIK,MARI-LIIS,47101010033"),
            "MÄNNIK,MARI-LIIS,***0101****"
        );
        assert_eq!(mask("IDCES-12345678Z"), "IDCES-***4567**");
    }

    #[test]
    fn the_name_of_a_seal_and_the_nif_of_an_entity_stay() {
        for name in [
            "Ajuntament de Vilanova",
            "Segell nivell mig 2026",
            "SELLO DE PRUEBA - Q2826004J",
            "TSU 1 2024",
            "",
        ] {
            assert_eq!(mask(name), name);
        }
    }

    #[test]
    fn a_person_s_nif_is_not_given_as_that_of_the_organisation() {
        assert!(!is_entity("12345678Z"));
        assert!(!is_entity("X1234567L"));
        assert!(is_entity("Q2826004J"));
    }
}
