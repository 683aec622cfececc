//! `segell report`: the weekly letter to an organ, ready to be sent by e-mail. It says what was sealed, how
//! the seal is doing and what the organ has to do, in words that need no computer people.

mod compose;
#[cfg(test)]
mod tests;
mod words;
mod wrapping;

use std::io::Write;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::arguments::Format;
use super::failure::Failure;
use super::write_json;
use crate::model::{Commission, Dir3, Environment, Language, Nif};
use crate::seal::warnings::Warning;

/// `segell report`.
#[derive(Args, Debug)]
pub struct LetterArguments {
    /// DIR3 code of the organ
    #[arg(long, value_name = "DIR3")]
    pub organ: Dir3,
    /// Its environment, when it is served in both: pre or pro; the real one without it
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = super::keys::environment)]
    pub environment: Option<Environment>,
    /// Language of the letter: ca or es
    #[arg(long, default_value = "ca", value_parser = language)]
    pub language: LetterLanguage,
    /// How to answer: with --json the facts and the text
    #[command(flatten)]
    pub format: Format,
}

/// The languages in which the letter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterLanguage {
    /// Catalan.
    Ca,
    /// Spanish.
    Es,
}

impl LetterLanguage {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Ca, Self::Es];

    /// The language for the names of organs.
    pub const fn language(self) -> Language {
        match self {
            Self::Ca => Language::Ca,
            Self::Es => Language::Es,
        }
    }
}

fn language(tag: &str) -> Result<LetterLanguage, &'static str> {
    let mut known = LetterLanguage::ALL.into_iter();
    known
        .find(|language| language.language().tag() == tag)
        .ok_or("say ca or es")
}

/// What the letter is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The organ.
    pub organ: Dir3,
    /// Its environment.
    pub environment: Environment,
    /// Its name in the language of the letter.
    pub name: String,
    /// Its NIF.
    pub nif: Nif,
    /// When the letter is written: the week ends with this day.
    pub written_at: Timestamp,
    /// What was sealed.
    pub week: WeekFacts,
    /// Its seal.
    pub seal: SealFacts,
    /// Its service commission.
    pub commission: Commission,
    /// What each counterpart has confirmed; empty for test seals.
    pub confirmations: Vec<ConfirmationFacts>,
    /// What has to be done in time.
    pub warnings: Vec<Warning>,
    /// Who runs the service.
    pub operator: Option<String>,
    /// How that office is reached.
    pub contact: Option<String>,
}

/// What was sealed in the last seven days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "known")]
pub enum WeekFacts {
    /// As the archive says.
    Counted {
        /// Copies made.
        copies: u64,
        /// Who asked for them.
        applications: Vec<ApplicationFacts>,
        /// Copies withdrawn.
        withdrawn: Vec<WithdrawnFacts>,
        /// Every copy was looked at for this.
        complete: bool,
    },
    /// The service keeps no copies.
    NotKept,
    /// The archive cannot be asked now.
    Unreachable,
}

/// Copies that an application asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApplicationFacts {
    /// Its id.
    pub id: String,
    /// Its name, when it has a record.
    pub name: Option<String>,
    /// Copies.
    pub copies: u64,
}

/// A copy that was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithdrawnFacts {
    /// The day on which it was made.
    pub made: jiff::civil::Date,
    /// When it was withdrawn.
    pub at: Timestamp,
    /// Why: `superseded`, `court_order`, …
    pub reason: &'static str,
}

/// The seal of an organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum SealFacts {
    /// It is loaded.
    Loaded {
        /// Its name.
        name: String,
        /// Who issued it.
        issuer: String,
        /// End of its validity.
        not_after: Timestamp,
        /// Whole days until then; negative after it.
        days_left: i64,
    },
    /// It is not.
    Trouble {
        /// The word of the trouble.
        code: String,
        /// What the operator has to know about it.
        cause: String,
    },
    /// A central service keeps it.
    Centralised,
    /// It was ceded.
    Ceded,
}

/// What a counterpart has confirmed of the seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfirmationFacts {
    /// Who.
    pub counterpart: String,
    /// When; `None`: it has not.
    pub confirmed: Option<jiff::civil::Date>,
}

/// The letter with its facts, for programs.
#[derive(Serialize)]
struct Letter<'a> {
    language: LetterLanguage,
    #[serde(flatten)]
    facts: &'a Facts,
    text: &'a str,
}

/// Writes the letter.
pub fn run(
    facts: &Facts,
    language: LetterLanguage,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = compose::letter(facts, language);
    if format.json {
        let letter = Letter {
            language,
            facts,
            text: &text,
        };
        return Ok(write_json(out, &letter)?);
    }
    Ok(out.write_all(text.as_bytes())?)
}
