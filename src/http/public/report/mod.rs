//! A validation report for people: plain words first, the words of the standards after them.
//!
//! A [`Telling`] is the report in one language, text by text. The page and the command line show the
//! same one; neither adds a word of its own.

mod keys;
mod page;
mod seen;
mod signature;
pub(super) mod signers;
mod technical;

use jiff::Timestamp;

pub(crate) use super::icons::Mood;
pub(crate) use super::pages::Datum;
use super::texts::{Texts, Words, size};
use super::verdict::Answer;
use crate::model::{Dir3, Language};
use crate::validate::report::{Indication, Report, RuleFinding, TimestampReport};
pub(crate) use page::report_page;
pub(crate) use signature::SignatureTold;
pub(crate) use technical::{Finding, Group, Technical};

/// Longest text out of a file that is shown, in characters.
const LONGEST: usize = 300;

/// A report in the words of one language.
pub(crate) struct Telling {
    /// What it is called.
    pub(crate) name: String,
    /// Did we issue exactly this?
    pub(crate) issued: Answered,
    /// The copy that was issued.
    pub(crate) copy: Vec<Datum>,
    /// What to do next, under its title.
    pub(crate) next: (String, String),
    /// Is the signature sound?
    pub(crate) sound: Answered,
    /// What was seen of the document as a whole.
    pub(crate) observations: Vec<Observation>,
    /// Every signature.
    pub(crate) signatures: Vec<SignatureTold>,
    /// Title of the list that follows.
    pub(crate) file_title: String,
    /// Which file was judged, when and how.
    pub(crate) file: Vec<Datum>,
    /// What this report is not.
    pub(crate) disclaimer: String,
    /// In the words of the standards.
    pub(crate) technical: Technical,
}

/// A question and its answer.
pub(crate) struct Answered {
    /// The question.
    pub(crate) question: String,
    /// How the answer is to be taken.
    pub(crate) mood: Mood,
    /// The answer.
    pub(crate) answer: String,
    /// What it means.
    pub(crate) means: Vec<String>,
}

/// Something that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observation {
    /// How it is to be taken.
    pub(crate) mood: Mood,
    /// A sentence.
    pub(crate) text: String,
}

impl Telling {
    /// In English, for the command line.
    pub(crate) fn in_english(report: &Report, now: Timestamp) -> Self {
        let texts = Texts::built_in();
        let no_names = |_: &Dir3| None;
        Teller {
            words: texts.words(Language::En),
            report,
            now,
            name_of: &no_names,
        }
        .tell()
    }
}

/// Who puts a report into words.
struct Teller<'a> {
    words: Words<'a>,
    report: &'a Report,
    /// When it is told.
    now: Timestamp,
    /// The name of an organ served here.
    name_of: &'a dyn Fn(&Dir3) -> Option<String>,
}

impl<'a> Teller<'a> {
    fn tell(&self) -> Telling {
        let words = self.words;
        Telling {
            name: words.say("report-name"),
            issued: self.issued(),
            copy: self.copy(),
            next: (words.say("next-title"), words.say(keys::next(self.report))),
            sound: self.sound(),
            observations: self.observations(),
            signatures: self.signatures(),
            file_title: words.say("file-checked"),
            file: self.file(),
            disclaimer: words.say("disclaimer"),
            technical: self.technical(),
        }
    }

    fn issued(&self) -> Answered {
        let report = self.report;
        let words = self.words;
        let mut means = vec![words.say(keys::lead(report.verdict))];
        if Answer::Identical == Answer::of_report(report)
            && report.copy.as_ref().is_some_and(|copy| copy.version > 1)
        {
            means.push(words.say("identical-later"));
        }
        means.extend(report.status.map(|status| words.say(keys::status(status))));
        Answered {
            question: words.say("question-issued"),
            mood: Answer::of_report(report).mood(report.status),
            answer: words.say(keys::title(report.verdict)),
            means,
        }
    }

    fn copy(&self) -> Vec<Datum> {
        let Some(copy) = &self.report.copy else {
            return Vec::new();
        };
        let words = self.words;
        vec![
            Datum::new(words.say("issued-by"), self.organ(&copy.organ)),
            Datum::new(words.say("issued"), words.moment(&copy.issued_at)),
        ]
    }

    fn sound(&self) -> Answered {
        let report = self.report;
        let words = self.words;
        let counting = report.signatures.iter().filter(|judged| judged.counts);
        let count = u32::try_from(counting.count()).unwrap_or(u32::MAX);
        let answer = match report.indication {
            None => words.say("sound-none"),
            Some(_) if count == 0 => words.say("sound-no-signature-failed"),
            Some(indication) => words.count(keys::sound(indication), "count", &count),
        };
        let mut means = vec![words.say(keys::sound_means(report.indication))];
        // A reason that stands beside a signature below need not be given twice.
        let mut reasons = report.signatures.iter().filter(|judged| judged.counts);
        let is_told = reasons.any(|judged| judged.sub_indication == report.sub_indication);
        let why = report.sub_indication.filter(|_| !is_told);
        means.extend(why.map(|why| words.say(keys::why(why))));
        Answered {
            question: words.say("question-sound"),
            mood: report.indication.map_or(Mood::Neutral, mood),
            answer,
            means,
        }
    }

    /// What was seen of the document, then its own timestamps.
    fn observations(&self) -> Vec<Observation> {
        let of_document = self.findings(None);
        let mut observations =
            seen::observations(self.words, &of_document, self.report.sub_indication);
        observations.extend(self.report.timestamps.iter().map(|stamp| Observation {
            mood: mood(stamp.indication),
            text: self.stamp(stamp),
        }));
        observations
    }

    fn stamp(&self, stamp: &TimestampReport) -> String {
        let words = self.words;
        let authority = stamp.authority.as_deref().map(clean);
        let authority = authority.unwrap_or_else(|| words.say("authority-unknown"));
        let moment = stamp.time.map(|time| words.moment(&time));
        words.fill(
            keys::stamp(stamp.indication),
            [
                ("authority", authority.into()),
                ("moment", moment.unwrap_or_default().into()),
            ],
        )
    }

    fn file(&self) -> Vec<Datum> {
        let words = self.words;
        let report = self.report;
        vec![
            Datum::literal(words.say("check-digest"), report.digest.to_string()),
            Datum::new(words.say("size"), size(report.size)),
            Datum::new(
                words.say("checked-for"),
                words.moment(&report.validation_time),
            ),
            Datum::new(
                words.say("checked-by"),
                format!("{} · {}", report.software, report.policy),
            ),
        ]
    }

    /// The findings about a signature, or about what is no signature that is listed.
    fn findings(&self, signature: Option<&str>) -> Vec<&'a RuleFinding> {
        let is_listed = |field: &str| {
            let mut signatures = self.report.signatures.iter();
            signatures.any(|judged| judged.field == field)
        };
        let is_about = |finding: &&RuleFinding| {
            let field = finding.signature.as_deref();
            field.filter(|field| is_listed(field)) == signature
        };
        self.report.findings.iter().filter(is_about).collect()
    }

    /// An organ by its name, or its code.
    fn organ(&self, organ: &Dir3) -> String {
        (self.name_of)(organ).unwrap_or_else(|| organ.to_string())
    }
}

/// How an indication is to be taken.
const fn mood(indication: Indication) -> Mood {
    match indication {
        Indication::TotalPassed => Mood::Good,
        Indication::Indeterminate => Mood::Careful,
        Indication::TotalFailed => Mood::Bad,
    }
}

/// A text out of a file: on one line, cut, and without characters that steer a terminal or turn the
/// direction of what stands around it.
fn clean(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut clean: String = text
        .chars()
        .take(LONGEST)
        .map(|letter| if steers(letter) { '·' } else { letter })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests;
