//! Every word of a report has a text, and no text says more than the report.

mod sample;

use std::collections::BTreeSet;

use askama::Template;

use sample::{now, report};

use super::page::Sheet;
use super::*;
use crate::archive::CopyStatus;
use crate::model::Sha256Digest;
use crate::validate::report::{SubIndication, TimestampKind, Verdict, Weight};

const VERDICTS: [Verdict; 6] = [
    Verdict::Identical,
    Verdict::Extended,
    Verdict::Altered,
    Verdict::SealedNotRegistered,
    Verdict::NotOurs,
    Verdict::Undetermined,
];
const STATUSES: [Option<CopyStatus>; 5] = [
    None,
    Some(CopyStatus::InForce),
    Some(CopyStatus::Withdrawn),
    Some(CopyStatus::Expired),
    Some(CopyStatus::Erased),
];
const INDICATIONS: [Option<Indication>; 4] = [
    None,
    Some(Indication::TotalPassed),
    Some(Indication::Indeterminate),
    Some(Indication::TotalFailed),
];

fn tell(report: &Report, language: Language) -> Telling {
    let texts = Texts::built_in();
    Teller {
        words: texts.words(language),
        report,
        now: now(),
        name_of: &|_| Some("Ajuntament de Vallserena".to_owned()),
    }
    .tell()
}

fn html(report: &Report, language: Language) -> String {
    let telling = tell(report, language);
    Sheet { telling: &telling }.render().unwrap()
}

/// The text that people read.
fn text(html: &str) -> String {
    let page = format!("<main>{html}</main>");
    let page = roxmltree::Document::parse(&page).expect("every element is closed");
    let texts = page
        .descendants()
        .filter(|node| node.is_text())
        .filter_map(|node| node.text());
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_word_of_a_report_has_a_sentence_in_every_language() {
    let sources = [include_str!("../keys.rs"), include_str!("../seen.rs")].concat();
    let keys: BTreeSet<&str> = sources
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|key| {
            key.contains('-') && !matches!(*key, "form-fill" | "empty-field" | "usage-rights")
        })
        .collect();
    assert!(keys.len() > 90, "{}", keys.len());
    let texts = Texts::built_in();
    for language in Language::ALL {
        let words = texts.words(language);
        for key in &keys {
            let said = words.fill(
                key,
                [
                    ("count", 2.into()),
                    ("authority", "A".into()),
                    ("moment", "M".into()),
                ],
            );
            assert_ne!(said, *key, "{key} in {}", language.tag());
        }
    }
}

#[test]
fn every_combination_is_a_whole_page_in_every_language() {
    for language in Language::ALL {
        for verdict in VERDICTS {
            for status in STATUSES {
                for indication in INDICATIONS {
                    let said = text(&html(&report(verdict, status, indication), language));
                    assert!(!said.contains(['{', '}', '$']), "{said}");
                    for part in [
                        "said-", "next-", "sound-", "seen-", "when-", "why-", "later-",
                    ] {
                        assert!(!said.contains(part), "{part} in {said}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_answers_are_these_sentences() {
    let cases = [
        (
            (
                Verdict::Identical,
                Some(CopyStatus::InForce),
                Some(Indication::TotalPassed),
            ),
            [
                "És exactament el fitxer que es va expedir|Podeu acceptar-la com a còpia autèntica.|La signatura és correcta",
                "Es exactamente el fichero que se expidió|Puede aceptarla como copia auténtica.|La firma es correcta",
                "Ei exactament eth fichèr que s’expedic|La podetz acceptar coma còpia autentica.|Era signatura ei corrècta",
                "This is exactly the file that was issued|You may accept it as an authentic copy.|The signature is sound",
            ],
        ),
        (
            (
                Verdict::Altered,
                Some(CopyStatus::InForce),
                Some(Indication::TotalFailed),
            ),
            [
                "Aquest fitxer ha estat alterat|No el feu servir. Obriu la còpia oficial amb el codi que hi ha al peu del document: aquella és la que val.|La signatura no és correcta",
                "Este fichero ha sido alterado|No lo utilice. Abra la copia oficial con el código que figura al pie del documento: esa es la que vale.|La firma no es correcta",
                "Aguest fichèr a estat alterat|Non lo hescatz a servir. Daurietz era còpia oficiau damb eth còdi qu’i a ath pè deth document: aquera ei era que vau.|Era signatura non ei corrècta",
                "This file was altered|Do not use it. Open the official copy with the code at the foot of the document: that is the one that counts.|The signature is not sound",
            ],
        ),
        (
            (Verdict::NotOurs, None, Some(Indication::Indeterminate)),
            [
                "No és cap còpia expedida aquí|Mireu aquí sota qui l’ha signat i si la signatura és correcta. Si porta un codi, comproveu-lo a l’adreça que hi ha escrita al document.|No podem dir si la signatura és correcta",
                "No es ninguna copia expedida aquí|Mire aquí debajo quién lo ha firmado y si la firma es correcta. Si lleva un código, compruébelo en la dirección escrita en el documento.|No podemos decir si la firma es correcta",
                "Non ei cap còpia expedida aciu|Guardatz aciu dejós qui l’a signat e s’era signatura ei corrècta. Se pòrte un còdi, comprovatz-lo ena adreça qu’i a escrita en document.|Non podem díder s’era signatura ei corrècta",
                "This is no copy issued here|See below who signed it and whether the signature is sound. If it carries a code, check it at the address written on the document.|We cannot say whether the signature is sound",
            ],
        ),
        (
            (
                Verdict::Identical,
                Some(CopyStatus::Withdrawn),
                Some(Indication::TotalPassed),
            ),
            [
                "És exactament el fitxer que es va expedir|Demaneu una còpia vigent a qui la va expedir.|La signatura és correcta",
                "Es exactamente el fichero que se expidió|Pida una copia vigente a quien la expidió.|La firma es correcta",
                "Ei exactament eth fichèr que s’expedic|Demanatz ua còpia vigenta ad aqueth que l’expedic.|Era signatura ei corrècta",
                "This is exactly the file that was issued|Ask whoever issued it for a copy that is in force.|The signature is sound",
            ],
        ),
    ];
    for ((verdict, status, indication), sentences) in cases {
        for (language, sentence) in Language::ALL.into_iter().zip(sentences) {
            let told = tell(&report(verdict, status, indication), language);
            let said = format!(
                "{}|{}|{}",
                told.issued.answer, told.next.1, told.sound.answer
            );
            assert_eq!(said, sentence);
        }
    }
}

#[test]
fn what_cannot_be_said_is_neither_green_nor_red() {
    for indication in INDICATIONS {
        let told = tell(
            &report(Verdict::Undetermined, None, indication),
            Language::Ca,
        );
        assert_eq!(told.issued.mood, Mood::Neutral);
    }
    let open = report(Verdict::NotOurs, None, Some(Indication::Indeterminate));
    let told = tell(&open, Language::Ca);
    assert_eq!(told.sound.mood, Mood::Careful);
    assert_eq!(told.signatures[0].mood, Mood::Careful);
}

#[test]
fn a_withdrawn_copy_is_never_green() {
    for verdict in [Verdict::Identical, Verdict::Extended] {
        let status = Some(CopyStatus::Withdrawn);
        let told = tell(
            &report(verdict, status, Some(Indication::TotalPassed)),
            Language::Ca,
        );
        assert_eq!(told.issued.mood, Mood::Bad);
    }
}

#[test]
fn the_report_says_that_it_is_not_that_of_a_qualified_service() {
    let words = ["qualificat", "cualificado", "qualificat", "qualified"];
    let passed = report(
        Verdict::Identical,
        Some(CopyStatus::InForce),
        Some(Indication::TotalPassed),
    );
    for (language, word) in Language::ALL.into_iter().zip(words) {
        let told = tell(&passed, language);
        assert!(told.disclaimer.contains(word));
        let said = text(&html(&passed, language));
        assert_eq!(said.matches(word).count(), 1, "{said}");
    }
}

#[test]
fn who_signed_and_what_was_done_afterwards_is_told_in_plain_words() {
    let failed = report(Verdict::NotOurs, None, Some(Indication::TotalFailed));
    let told = tell(&failed, Language::En);
    let signature = &told.signatures[0];
    assert_eq!(signature.name, "Segell nivell mig");
    let value = |label: &str| {
        let datum = signature.data.iter().find(|datum| datum.label == label);
        datum.map(|datum| datum.value.as_str()).unwrap_or_default()
    };
    assert_eq!(
        value("Entity"),
        "Ajuntament de Vallserena · Tax number (NIF) P9900100J"
    );
    assert_eq!(
        value("When"),
        "It existed on 22 November 2026, 10:30 CET. A timestamp proves it."
    );
    assert_eq!(
        signature.later[0].text,
        "What the pages show was changed. The signature does not permit it."
    );
    assert_eq!(signature.observations[0].mood, Mood::Bad);
}

#[test]
fn what_a_signature_claims_is_told_as_a_claim_and_nowhere_else() {
    let passed = report(Verdict::NotOurs, None, Some(Indication::TotalPassed));
    let told = tell(&passed, Language::En);
    let (title, claims) = &told.technical.groups[1].claims;
    assert!(title.contains("proves nothing"));
    assert_eq!(claims[0].value, "Somebody Claimed");
    assert_eq!(
        text(&html(&passed, Language::En))
            .matches("Somebody Claimed")
            .count(),
        1
    );

    let mut unproved = passed;
    unproved.signatures[0].time = None;
    unproved.signatures[0].claims.time = Some(now());
    let told = tell(&unproved, Language::En);
    let when = told.signatures[0]
        .data
        .iter()
        .find(|datum| datum.label == "When");
    assert!(when.unwrap().value.contains("but nothing proves it"));
}

#[test]
fn a_reason_is_not_given_twice_and_a_sentence_only_once() {
    let finding = |rule, severity| RuleFinding {
        rule,
        severity,
        sub_indication: None,
        offset: None,
        signature: None,
        clause: None,
        text: String::new(),
    };
    let findings = [
        finding("chain", Weight::Warning),
        finding("T1", Weight::Warning),
        finding("T3", Weight::Failed),
        finding("revocation", Weight::Info),
        finding("form-fill", Weight::Warning),
        finding("empty-field", Weight::Info),
        finding("identity", Weight::Failed),
    ];
    let texts = Texts::built_in();
    let findings: Vec<&RuleFinding> = findings.iter().collect();
    let why = Some(SubIndication::NoCertificateChainFound);
    let seen = seen::observations(texts.words(Language::En), &findings, why);
    let seen: Vec<_> = seen
        .iter()
        .map(|seen| (seen.mood, seen.text.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (Mood::Bad, "Some timestamp is not as it should be."),
            (
                Mood::Neutral,
                "There are places for signatures that nobody has signed."
            ),
        ]
    );
}

#[test]
fn a_hostile_name_can_neither_mark_up_the_page_nor_steer_the_terminal() {
    let mut hostile = report(Verdict::NotOurs, None, Some(Indication::TotalPassed));
    let by = hostile.signatures[0].signed_by.as_mut().unwrap();
    by.name = "<script>alert(1)</script>\u{1b}[31m\u{202e}txt\n".to_owned() + &"x".repeat(5000);
    let told = tell(&hostile, Language::En);
    let name = &told.signatures[0].name;
    assert!(!name.contains(['\u{1b}', '\u{202e}', '\n']), "{name:?}");
    assert!(name.chars().count() <= LONGEST + 1);
    let page = html(&hostile, Language::En);
    assert!(!page.contains("<script"), "{page}");
    assert!(text(&page).contains("<script>alert(1)"));
}

#[test]
fn the_technical_part_names_rules_offsets_trust_and_time() {
    let failed = report(Verdict::NotOurs, None, Some(Indication::TotalFailed));
    let said = text(&html(&failed, Language::Ca));
    for part in [
        "TOTAL-FAILED",
        "NO_CERTIFICATE_CHAIN_FOUND",
        "DocMDP",
        "SIG_CONSTRAINTS_FAILURE · byte 1234 · ISO 32000-2, 12.8.2.2",
        "2 emissors; llista del 3 de novembre de 2026 (fa 19 dies)",
        "2026-11-22 09:30:00 UTC",
        "segell-1",
        "QcCompliance, QcType eseal",
        &Sha256Digest::of(b"file").to_string(),
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}

#[test]
fn every_kind_of_timestamp_has_its_sentence() {
    let mut stamped = report(Verdict::NotOurs, None, None);
    stamped.findings.clear();
    stamped.timestamps = INDICATIONS
        .into_iter()
        .flatten()
        .map(|indication| TimestampReport {
            kind: TimestampKind::Document,
            field: None,
            time: Some(now()),
            authority: None,
            indication,
            sub_indication: None,
        })
        .collect();
    let told = tell(&stamped, Language::En);
    let said: Vec<_> = told
        .observations
        .iter()
        .map(|seen| seen.text.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "A timestamp of an unknown authority proves that the document existed on 22 November 2026, 10:30 CET.",
            "We could not fully verify a timestamp of an unknown authority.",
            "A timestamp of an unknown authority is not sound.",
        ]
    );
}
