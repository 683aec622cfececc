//! All languages say the same, the pages find every word they ask for, and nothing is left over.
#![expect(
    clippy::disallowed_methods,
    reason = "reads the templates of the pages from disk"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::overrides::messages;
use super::*;

fn texts() -> Texts {
    Texts::new(&[]).unwrap()
}

#[test]
fn every_language_has_the_same_messages_with_the_same_variables() {
    let catalan = messages(built_in(Language::Ca));
    assert!(catalan.len() > 200, "{}", catalan.len());
    for language in Language::ALL {
        assert_eq!(messages(built_in(language)), catalan, "{}", language.tag());
    }
}

#[test]
fn every_language_is_fluent_without_a_fault() {
    for language in Language::ALL {
        let (_, fault) = overrides::resource(built_in(language));
        assert_eq!(fault, None, "{}", language.tag());
    }
}

/// The texts of the pages' own code.
fn sources() -> String {
    let mut text = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/public")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("locales") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

/// The keys that stand in the code as they are.
fn keys_said(sources: &str) -> BTreeSet<String> {
    ["say(\"", "with(\"", "count(\"", "fill(\""]
        .iter()
        .flat_map(|call| sources.split(call).skip(1))
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .filter(|key| key.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .filter(|key| key != "locales")
        .collect()
}

#[test]
fn every_word_that_a_page_asks_for_is_there() {
    let known = messages(built_in(Language::Ca));
    let said = keys_said(&sources());
    assert!(said.contains("found-title") && said.len() > 80, "{said:?}");
    let missing: Vec<_> = said
        .iter()
        .filter(|key| !known.contains_key(*key))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn no_message_is_left_over() {
    let sources = sources();
    let known = messages(built_in(Language::Ca));
    let made_up = |key: &str| {
        let families = ["td-", "state-EE", "-title", "-lead", "-what", "-body"];
        families.iter().any(|part| key.contains(part))
    };
    let left_over: Vec<_> = known
        .keys()
        .filter(|key| !sources.contains(&format!("\"{key}\"")) && !made_up(key))
        .collect();
    assert!(left_over.is_empty(), "{left_over:?}");
}

#[test]
fn every_message_is_whole_once_its_variables_are_given() {
    let texts = texts();
    let known = messages(built_in(Language::Ca));
    for language in Language::ALL {
        for (key, variables) in &known {
            let words = texts.words(language);
            let mut arguments = FluentArgs::new();
            for name in variables {
                arguments.set(name.clone(), 2);
            }
            let bundle = &words.tongue().unwrap().bundle;
            let pattern = bundle.get_message(key).unwrap().value().unwrap();
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
            assert!(errors.is_empty(), "{key}: {errors:?}");
            assert!(!text.contains(['{', '}', '$']), "{key}: {text}");
            assert!(
                !text.contains("  ") && !text.contains(" ,"),
                "{key}: {text}"
            );
        }
    }
}

#[test]
fn no_repealed_law_is_cited() {
    for language in Language::ALL {
        let text = built_in(language);
        for law in ["30/1992", "11/2007", "59/2003", "1671/2009", "15/1999"] {
            assert!(!text.contains(law), "{law} in {}", language.tag());
        }
    }
}

#[test]
fn a_date_is_that_of_the_town_in_the_words_of_the_language() {
    let texts = texts();
    let late: Timestamp = "2026-03-31T22:30:00Z".parse().unwrap();
    let date = |language| texts.words(language).date(&late);
    assert_eq!(date(Language::Ca), "1 d’abril de 2026");
    assert_eq!(date(Language::Es), "1 de abril de 2026");
    assert_eq!(date(Language::OcAranes), "1 d’abriu de 2026");
    assert_eq!(date(Language::En), "1 April 2026");
}

#[test]
fn a_single_page_is_not_spoken_of_as_many() {
    let texts = texts();
    let words = texts.words(Language::Ca);
    assert_eq!(words.count("pages", "pages", &1), "1 pàgina");
    assert_eq!(words.count("pages", "pages", &12), "12 pàgines");
}

#[test]
fn a_service_says_who_runs_it_and_may_use_its_own_words() {
    let own = "privacy-title = La nostra política\nwhere-text = Truqueu a { $contact }.\n";
    let texts = Texts::new(&[(Language::Ca, own.to_owned())]).unwrap();
    let texts = texts.of(None, Some("l’Oficina (tel. 900 000 000)".to_owned()));
    let catalan = texts.words(Language::Ca);
    assert_eq!(catalan.say("privacy-title"), "La nostra política");
    assert_eq!(
        catalan.say("where-text"),
        "Truqueu a l’Oficina (tel. 900 000 000)."
    );
    let spanish = texts.words(Language::Es);
    assert_eq!(spanish.say("privacy-title"), "Protección de datos");
    assert_eq!(
        spanish.say("operated-by"),
        "Servicio de la administración que lo mantiene"
    );
}

#[test]
fn words_that_no_page_can_use_are_refused_by_name() {
    let fault = |text: &str| Texts::new(&[(Language::Es, text.to_owned())]).unwrap_err();
    let unknown = fault("privacy-titel = X\n");
    assert!(unknown.to_string().contains("privacy-titel"), "{unknown}");
    let variable = fault("found-title = { $document }\n");
    assert!(variable.to_string().contains("$document"), "{variable}");
    assert!(matches!(fault("a b c\n"), TextsFault::NotFluent { .. }));
}

#[test]
fn sizes_are_whole_numbers() {
    assert_eq!(size(1), "1 kB");
    assert_eq!(size(340_000), "340 kB");
    assert_eq!(size(67_108_864), "68 MB");
}
