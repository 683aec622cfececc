//! Puts the letter together: each part is a function over the facts.

use jiff::ToSpan;
use jiff::civil::Date;

use super::words::Words;
use super::wrapping::{item, paragraph, quotation};
use super::{Facts, LetterLanguage, SealFacts, WeekFacts};
use crate::model::Environment;
use crate::seal::warnings::{REQUEST_BY_DAYS, Stage};

/// Days of the week that the letter is about, before the one on which it is written.
const DAYS_BEFORE: i32 = 6;

/// The whole letter, subject first.
pub(super) fn letter(facts: &Facts, language: LetterLanguage) -> String {
    let words = Words::in_language(language);
    let parts = [
        subject(facts, &words),
        opening(facts, &words),
        sealed(facts, &words),
        seal(facts, &words),
        to_do(facts, &words),
        papers(facts, &words),
        close(facts, &words),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

/// What the organ has to do about its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Duty {
    Nothing,
    Plan(Date),
    Request(Date),
    Today,
    Urgent,
    Ended,
    Trouble,
}

fn duty(facts: &Facts, words: &Words) -> Duty {
    let (not_after, days_left) = match &facts.seal {
        SealFacts::Loaded {
            not_after,
            days_left,
            ..
        } => (*not_after, *days_left),
        SealFacts::Trouble { code, .. } if code == "expired" => return Duty::Ended,
        SealFacts::Trouble { .. } => return Duty::Trouble,
        SealFacts::Centralised | SealFacts::Ceded => return Duty::Nothing,
    };
    let end = words.day(not_after);
    let request_by = end.saturating_sub(REQUEST_BY_DAYS.days());
    match Stage::with_days_left(days_left) {
        Stage::Over => Duty::Ended,
        Stage::Urgent => Duty::Urgent,
        Stage::Critical => Duty::Today,
        Stage::Request => Duty::Request(request_by),
        Stage::Plan => Duty::Plan(request_by),
        Stage::Far => Duty::Nothing,
    }
}

fn subject(facts: &Facts, words: &Words) -> String {
    let matter = match duty(facts, words) {
        Duty::Plan(_) => "subject-plan",
        Duty::Request(_) => "subject-request",
        Duty::Today | Duty::Urgent => "subject-today",
        Duty::Ended => "subject-ended",
        Duty::Trouble => "subject-trouble",
        Duty::Nothing if lacks_papers(facts) => "subject-papers",
        Duty::Nothing => match facts.seal {
            SealFacts::Centralised | SealFacts::Ceded => "subject-summary",
            SealFacts::Loaded { .. } | SealFacts::Trouble { .. } => "subject-good",
        },
    };
    let variables = [
        ("matter", words.say(matter).into()),
        ("organ", facts.name.as_str().into()),
    ];
    // A subject is one line, however long: a mail program folds it.
    words.fill("subject", variables) + "\n"
}

fn opening(facts: &Facts, words: &Words) -> String {
    let last = words.day(facts.written_at);
    let first = last.saturating_sub(DAYS_BEFORE.days());
    let organ = words.fill(
        "line-organ",
        [
            ("organ", facts.name.as_str().into()),
            ("code", facts.organ.as_str().into()),
        ],
    );
    let week = words.fill(
        "line-week",
        [
            ("from", words.date("date-from", first).into()),
            ("until", words.date("date-until", last).into()),
        ],
    );
    let mut text = paragraph(&words.say("greeting"));
    text += &format!("\n{}", paragraph(&words.say("lead")));
    text += &format!("\n{}{}", item(&organ), item(&week));
    if facts.environment == Environment::Pre {
        text += &format!("\n{}", paragraph(&words.say("test")));
    }
    text
}

fn sealed(facts: &Facts, words: &Words) -> String {
    let mut text = heading(words, "head-sealed");
    let (copies, applications, withdrawn, complete) = match &facts.week {
        WeekFacts::Counted {
            copies,
            applications,
            withdrawn,
            complete,
        } => (*copies, applications, withdrawn, *complete),
        WeekFacts::NotKept => return text + &paragraph(&words.say("sealed-unknown")),
        WeekFacts::Unreachable => return text + &paragraph(&words.say("sealed-unreachable")),
    };
    if copies == 0 {
        text += &paragraph(&words.say("sealed-none"));
    } else {
        text += &paragraph(&words.fill("sealed", [("copies", copies.into())]));
        for application in applications {
            let own = format!("application-{}", application.id);
            let name = match &application.name {
                Some(name) => name.clone(),
                None if words.has(&own) => words.say(&own),
                None => application.id.clone(),
            };
            let variables = [
                ("application", name.into()),
                ("copies", application.copies.into()),
            ];
            text += &item(&words.fill("sealed-by", variables));
        }
    }
    if !withdrawn.is_empty() {
        let number = withdrawn.len().into();
        text += &format!(
            "\n{}",
            paragraph(&words.fill("withdrawn", [("copies", number)]))
        );
        for copy in withdrawn {
            let reason = words.say(&format!("reason-{}", copy.reason));
            let variables = [
                ("made", words.date("date-on", copy.made).into()),
                ("at", words.date("date-on", words.day(copy.at)).into()),
                ("reason", reason.into()),
            ];
            text += &item(&words.fill("withdrawn-one", variables));
        }
    }
    if !complete {
        text += &format!("\n{}", paragraph(&words.say("withdrawn-partly")));
    }
    text
}

fn seal(facts: &Facts, words: &Words) -> String {
    let mut text = heading(words, "head-seal");
    text += &paragraph(&match &facts.seal {
        SealFacts::Loaded {
            name,
            issuer,
            not_after,
            days_left,
        } => {
            let end = words.day(*not_after);
            let key = match days_left {
                ..0 => "seal-ended",
                _ => "seal-good",
            };
            let variables = [
                ("name", name.as_str().into()),
                ("issuer", issuer.as_str().into()),
                ("until", words.date("date-until", end).into()),
                ("end", words.date("date-on", end).into()),
                ("days", (*days_left).into()),
            ];
            words.fill(key, variables)
        }
        SealFacts::Trouble { code, .. } => {
            words.fill("seal-trouble", [("cause", code.as_str().into())])
        }
        SealFacts::Centralised => words.say("seal-centralised"),
        SealFacts::Ceded => words.say("seal-ceded"),
    });
    let mut warnings = facts.warnings.iter();
    if warnings.any(|warning| warning.code == "seal-renamed") {
        text += &format!("\n{}", paragraph(&words.say("seal-renamed")));
    }
    text
}

fn to_do(facts: &Facts, words: &Words) -> String {
    let duty = duty(facts, words);
    let mut items = Vec::new();
    let by = |key: &str, day: Date| words.fill(key, [("by", words.date("date-on", day).into())]);
    match duty {
        Duty::Nothing => {}
        Duty::Plan(day) => items.push(by("do-plan", day)),
        Duty::Request(day) => items.push(by("do-request", day)),
        Duty::Today => items.push(words.say("do-today")),
        Duty::Urgent => items.push(words.say("do-urgent")),
        Duty::Ended => items.push(words.say("do-ended")),
        Duty::Trouble => items.push(words.say("do-trouble")),
    }
    let asks = !matches!(duty, Duty::Nothing | Duty::Trouble);
    if wants_papers(facts) {
        let commission = &facts.commission;
        let missing = [
            ("do-agreement", commission.agreement.is_none()),
            ("do-contract", commission.data_processor_contract.is_none()),
            ("do-contact", commission.contact.is_none()),
        ];
        let missing = missing.into_iter().filter(|(_, missing)| *missing);
        items.extend(missing.map(|(key, _)| words.say(key)));
    }
    let mut text = heading(words, "head-do");
    match items.as_slice() {
        [] => text += &paragraph(&words.say("do-nothing")),
        [only] => text += &paragraph(only),
        several => text.extend(several.iter().map(|duty| item(duty))),
    }
    if asks {
        let request = words.fill(
            "do-request-text",
            [
                ("organ", facts.name.as_str().into()),
                ("nif", facts.nif.as_str().into()),
            ],
        );
        text += &format!("\n{}", paragraph(&words.say("do-how")));
        text += &format!("\n{}", quotation(&request));
        text += &format!("\n{}", paragraph(&words.say("do-then")));
    }
    text
}

fn papers(facts: &Facts, words: &Words) -> String {
    if !wants_papers(facts) {
        return String::new();
    }
    let commission = &facts.commission;
    let missing = || words.say("paper-missing");
    let date = |day: Option<Date>| day.map_or_else(missing, |day| words.date("date-plain", day));
    let contact = commission.contact.clone().unwrap_or_else(missing);
    let mut text = heading(words, "head-papers");
    for line in [
        words.fill(
            "paper-agreement",
            [("date", date(commission.agreement).into())],
        ),
        words.fill(
            "paper-contract",
            [("date", date(commission.data_processor_contract).into())],
        ),
        words.fill("paper-contact", [("contact", contact.into())]),
    ] {
        text += &item(&line);
    }
    for confirmation in &facts.confirmations {
        let counterpart = ("counterpart", confirmation.counterpart.as_str().into());
        text += &item(&match confirmation.confirmed {
            Some(day) => {
                let date = ("date", words.date("date-on", day).into());
                words.fill("confirmed", [counterpart, date])
            }
            None => words.fill("not-confirmed", [counterpart]),
        });
    }
    text
}

fn close(facts: &Facts, words: &Words) -> String {
    let or = |said: &Option<String>, key: &str| said.clone().unwrap_or_else(|| words.say(key));
    let contact = or(&facts.contact, "contact-unnamed");
    let operator = or(&facts.operator, "operator-unnamed");
    // In the settings it stands as in the middle of a sentence.
    let mut letters = operator.chars();
    let first = letters.next().map(char::to_uppercase);
    let operator: String = first.into_iter().flatten().chain(letters).collect();
    format!(
        "{}\n{}\n{}",
        paragraph(&words.fill("close", [("contact", contact.into())])),
        paragraph(&words.say("regards")),
        paragraph(&operator)
    )
}

/// Test copies bind nobody, so nothing has to be agreed about them.
fn wants_papers(facts: &Facts) -> bool {
    facts.environment == Environment::Pro
}

fn lacks_papers(facts: &Facts) -> bool {
    wants_papers(facts) && facts.commission.missing().next().is_some()
}

/// A heading with a line below it.
fn heading(words: &Words, key: &str) -> String {
    let heading = words.say(key);
    let line = "-".repeat(heading.chars().count());
    format!("{heading}\n{line}\n\n")
}
