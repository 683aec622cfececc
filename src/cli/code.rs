//! `segell code`: explains a verification code and checks it, without looking anything up.

use std::io::{self, Read, Write};

use serde::Serialize;

use super::arguments::CodeArguments;
use super::failure::{Exit, Failure};
use super::table::{Paint, STRONG};
use super::write_json;
use crate::model::Environment;
use crate::model::code::{Code, CodeError};

/// Most text that is read from standard input.
const LONGEST_TEXT: u64 = 64 * 1024;

/// What a well-typed code says.
#[derive(Debug, Serialize)]
struct Explanation {
    /// As printed.
    code: String,
    /// The same without hyphens, as in addresses.
    compact: String,
    /// Test or real.
    environment: Environment,
    /// The three last symbols.
    checks: String,
}

impl Explanation {
    fn of(code: &Code) -> Self {
        let compact = code.compact();
        Self {
            code: code.grouped(),
            environment: code.environment(),
            checks: compact.chars().skip(21).collect(),
            compact,
        }
    }
}

/// What is wrong with a code, as JSON.
#[derive(Debug, Serialize)]
struct Mistake {
    error: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<u8>,
}

/// The text in which a code is: the words on the command line, or standard input.
pub(super) fn written(words: &[String]) -> Result<String, Failure> {
    if !words.is_empty() {
        return Ok(words.join(" "));
    }
    let mut text = String::new();
    io::stdin()
        .lock()
        .take(LONGEST_TEXT)
        .read_to_string(&mut text)
        .map_err(|error| {
            Failure::new(
                Exit::Usage,
                format!("standard input cannot be read: {error}"),
            )
        })?;
    Ok(text)
}

/// Runs the command.
pub fn run(arguments: &CodeArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let text = written(&arguments.words)?;
    match Code::read(&text) {
        Ok(code) => {
            let explanation = Explanation::of(&code);
            if arguments.format.json {
                write_json(out, &explanation)?;
            } else {
                explain(&explanation, out)?;
            }
            Ok(())
        }
        Err(error) => {
            if arguments.format.json {
                write_json(out, &mistake(&error))?;
            }
            Err(Failure::new(Exit::Refused, error.to_string()).with_next_step(advice(&error)))
        }
    }
}

fn explain(code: &Explanation, out: &mut dyn Write) -> io::Result<()> {
    let green = Paint::Green.style();
    writeln!(
        out,
        "{STRONG}{}{STRONG:#}  {green}well typed{green:#}",
        code.code
    )?;
    writeln!(out)?;
    let environment = match code.environment {
        Environment::Pre => {
            "pre: a test copy, without legal value; every code that begins with PR0V is one"
        }
        Environment::Pro => "pro: a real copy",
    };
    writeln!(out, "  environment  {environment}")?;
    writeln!(
        out,
        "  checks       {}, the last three symbols: they find any one mistyped symbol",
        code.checks
    )?;
    writeln!(out, "  in addresses {}", code.compact)?;
    writeln!(out)?;
    writeln!(
        out,
        "Well typed does not mean issued: open it at the address printed beside it on the copy."
    )
}

fn mistake(error: &CodeError) -> Mistake {
    let place = match error {
        CodeError::Mistyped { place } => *place,
        CodeError::InvalidSymbol { place, .. } => Some(*place),
        _ => None,
    };
    Mistake {
        error: error.to_string(),
        group: place.map(|place| place.group),
        symbol: place.map(|place| place.symbol),
    }
}

fn advice(error: &CodeError) -> String {
    match error {
        CodeError::Empty | CodeError::NoCode => {
            "give the six groups of four letters and digits printed on the copy".to_owned()
        }
        CodeError::WrongLength { .. } => {
            "compare it group by group with the copy: six groups of four".to_owned()
        }
        CodeError::Mistyped { place: Some(place) } => {
            format!(
                "compare group {} with the copy: the others are right",
                place.group
            )
        }
        CodeError::Mistyped { place: None } => {
            "compare every group with the copy: more than one symbol is wrong".to_owned()
        }
        CodeError::InvalidSymbol { place, .. } => {
            format!("compare group {} with the copy", place.group)
        }
        CodeError::Several => "give one code at a time".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::arguments::Format;

    fn say(text: &str, json: bool) -> (String, Result<(), Failure>) {
        let arguments = CodeArguments {
            words: vec![text.to_owned()],
            format: Format { json },
        };
        let mut out = Vec::new();
        let outcome = run(&arguments, &mut out);
        (String::from_utf8(out).unwrap(), outcome)
    }

    #[test]
    fn a_test_code_is_explained() {
        let code = Code::for_test(&[7; 32]);
        let (text, outcome) = say(&code.grouped(), false);
        assert_eq!(outcome, Ok(()));
        assert!(text.contains(&code.grouped()) && text.contains("pre: a test copy"));
        let (json, _) = say(&code.compact().to_lowercase(), true);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["environment"], "pre");
    }

    #[test]
    fn the_mistyped_group_is_named() {
        let code = Code::for_test(&[7; 32]).grouped();
        let place = code.char_indices().nth(11).unwrap();
        let wrong = if place.1 == 'X' { "Y" } else { "X" };
        let mut mistyped = code.clone();
        mistyped.replace_range(place.0..=place.0, wrong);
        let (json, outcome) = say(&mistyped, true);
        let failure = outcome.unwrap_err();
        assert_eq!(failure.exit, Exit::Refused);
        assert!(failure.next_step.unwrap().contains("group 3"));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["group"], 3);
    }
}
