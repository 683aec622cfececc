//! The letter as its reader gets it.

use fluent_bundle::FluentResource;

use super::compose::letter;
use super::*;

fn facts(days_left: i64) -> Facts {
    let written_at: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let not_after = written_at + jiff::SignedDuration::from_hours(24 * days_left + 1);
    Facts {
        organ: "L01990015".parse().unwrap(),
        environment: Environment::Pro,
        name: "Ajuntament de Vallserena".to_owned(),
        nif: "P9900100J".parse().unwrap(),
        written_at,
        week: WeekFacts::Counted {
            copies: 37,
            applications: vec![
                ApplicationFacts {
                    id: "registre".to_owned(),
                    name: Some("Registre d’entrada".to_owned()),
                    copies: 30,
                },
                ApplicationFacts {
                    id: "receipt".to_owned(),
                    name: None,
                    copies: 7,
                },
            ],
            withdrawn: vec![WithdrawnFacts {
                made: "2026-11-01".parse().unwrap(),
                at: "2026-11-18T09:00:00Z".parse().unwrap(),
                reason: "superseded",
            }],
            complete: true,
        },
        seal: SealFacts::Loaded {
            name: "Segell electrònic de l’Ajuntament".to_owned(),
            issuer: "EC-SectorPublic".to_owned(),
            not_after,
            days_left,
        },
        commission: Commission {
            agreement: "2026-01-15".parse().ok(),
            data_processor_contract: "2026-01-15".parse().ok(),
            contact: Some("secretaria@exemple.cat".to_owned()),
        },
        confirmations: vec![ConfirmationFacts {
            counterpart: "AEAT".to_owned(),
            confirmed: "2026-03-01".parse().ok(),
        }],
        warnings: Vec::new(),
        operator: Some("la Diputació d’Exemple".to_owned()),
        contact: None,
    }
}

/// The letter with its lines joined, so that a sentence can be found in it.
fn text(facts: &Facts) -> String {
    let letter = letter(facts, LetterLanguage::Ca);
    letter.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_organ_whose_seal_is_good_reads_that_it_has_nothing_to_do() {
    let text = text(&facts(400));
    for part in [
        "Assumpte: El vostre segell electrònic està en ordre (Ajuntament de Vallserena)",
        "Setmana: del 16 de novembre al 22 de novembre de 2026",
        "s’han fet 37 còpies autèntiques",
        "- Registre d’entrada: 30",
        "- Resguards de comprovacions: 7",
        "expedida l’1 de novembre de 2026 i retirada el 18 de novembre de 2026",
        "queden 400 dies",
        "Res. Us tornarem a escriure",
        "AEAT: va confirmar l’1 de març de 2026 que coneix el vostre segell",
        "La Diputació d’Exemple",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains("EACAT"), "{text}");
}

#[test]
fn what_the_organ_has_to_do_grows_as_the_end_comes_near() {
    let expected = [
        (
            90,
            "Prepareu la renovació del segell i demaneu-la, com a molt tard, el 21 de gener de 2027",
        ),
        (
            60,
            "com més aviat millor i, com a molt tard, el 22 de desembre de 2026",
        ),
        (30, "avui mateix. La tramitació ordinària"),
        (10, "avui mateix i per la via urgent"),
        (1, "queda 1 dia."),
        (0, "caduca avui."),
        (-1, "Des d’aleshores no es pot segellar res"),
    ];
    for (days, part) in expected {
        let text = text(&facts(days));
        assert!(text.contains(part), "{days}: {part} is not in\n{text}");
        assert!(text.contains("no cedit en exclusivitat"), "{days}");
        assert!(!text.contains("Res. Us"), "{days}");
    }
}

#[test]
fn missing_papers_are_asked_for_one_by_one() {
    let mut facts = facts(400);
    facts.commission.agreement = None;
    facts.commission.contact = None;
    facts.confirmations[0].confirmed = None;
    let said = text(&facts);
    assert!(said.contains("Ens falta informació"), "{said}");
    assert!(said.contains("acord de l’encàrrec de gestió: no ens en consta la data"));
    assert!(said.contains("a qui hem d’avisar"));
    assert!(said.contains("AEAT: encara no ha confirmat"));
    assert!(!said.contains("Envieu-nos el contracte"));
    facts.environment = Environment::Pre;
    let said = text(&facts);
    assert!(
        said.contains("entorn de proves") && !said.contains("encàrrec"),
        "{said}"
    );
}

#[test]
fn a_seal_that_cannot_be_used_is_somebody_elses_task() {
    let mut facts = facts(400);
    facts.seal = SealFacts::Trouble {
        code: "wrong-passphrase".to_owned(),
        cause: "the passphrase does not open the container".to_owned(),
    };
    let said = text(&facts);
    assert!(said.contains("no es pot fer servir") && said.contains("wrong-passphrase"));
    assert!(said.contains("ho ha d’arreglar qui manté el servei"));
    facts.seal = SealFacts::Ceded;
    let said = text(&facts);
    assert!(said.contains("cedit a una altra administració"), "{said}");
    facts.week = WeekFacts::Unreachable;
    assert!(text(&facts).contains("no s’ha pogut consultar"));
}

#[test]
fn no_line_but_the_subject_is_longer_than_72_characters() {
    for language in LetterLanguage::ALL {
        for days in [400, 60, 5, -3] {
            let letter = letter(&facts(days), language);
            for line in letter.lines().skip(1) {
                assert!(line.chars().count() <= 72, "{line}");
                assert_eq!(line.trim_end(), line, "no blanks at the end");
            }
            assert!(
                !letter.contains('{') && !letter.contains("\n\n\n"),
                "{letter}"
            );
        }
    }
}

/// The messages of a file.
fn keys(text: &str) -> Vec<&str> {
    let lines = text.lines().filter_map(|line| line.split_once(" ="));
    let mut keys: Vec<_> = lines
        .map(|(key, _)| key)
        .filter(|key| !key.starts_with([' ', '#', '*']))
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn both_languages_have_the_same_messages_and_can_be_read_whole() {
    let texts = [
        include_str!("locales/ca.ftl"),
        include_str!("locales/es.ftl"),
    ];
    assert_eq!(keys(texts[0]), keys(texts[1]));
    for text in texts {
        assert!(FluentResource::try_new(text.to_owned()).is_ok());
    }
    assert!(keys(texts[0]).len() > 60);
}

#[test]
fn the_spanish_letter_is_in_spanish() {
    let letter = letter(&facts(45), LetterLanguage::Es);
    assert!(
        letter.starts_with("Asunto: Soliciten la renovación"),
        "{letter}"
    );
    for catalan in ["Segell electrònic de l’organisme", "heu de", "dies", "l’1"] {
        assert!(!letter.contains(catalan), "{catalan} in\n{letter}");
    }
}
