//! `segell check-config`: every effective setting with its origin, then everything loaded.

use std::io::Write;

use serde::Serialize;

use super::arguments::Format;
use super::failure::{Exit, Failure};
use super::inventory::{Inventory, Trouble};
use super::table::{Column, Paint, STRONG, Table};
use super::write_json;
use crate::settings::{Origins, Profile};

/// One thing that was tried out.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    /// What: `archive`, `applications`, …
    pub what: &'static str,
    /// What was found: a fact, one line.
    pub outcome: Result<String, Trouble>,
}

/// Everything the command shows.
#[derive(Debug, Serialize)]
pub struct Examination<'a> {
    /// The profile.
    #[serde(serialize_with = "word")]
    pub profile: Profile,
    /// Every setting.
    pub settings: Vec<SettingLine<'a>>,
    /// What was tried.
    pub trials: Vec<Trial>,
    /// The seals.
    pub seals: &'a Inventory,
}

/// One setting.
#[derive(Debug, Serialize)]
pub struct SettingLine<'a> {
    key: &'a str,
    value: &'a str,
    origin: &'a str,
}

fn word<S: serde::Serializer>(profile: &Profile, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(profile.word())
}

/// The settings, by key.
pub fn lines(origins: &Origins) -> Vec<SettingLine<'_>> {
    origins
        .iter()
        .map(|(key, effective)| SettingLine {
            key,
            value: &effective.value,
            origin: &effective.origin,
        })
        .collect()
}

/// Runs the command. Fails when the service would not start, or an organ's seal is not loaded.
pub fn run(
    examination: &Examination<'_>,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if format.json {
        write_json(out, examination)?;
    } else {
        tell(examination, out)?;
    }
    let failed = examination
        .trials
        .iter()
        .filter(|trial| trial.outcome.is_err())
        .count();
    let seals = &examination.seals;
    let missing = seals.seals.len() - seals.loaded();
    if failed == 0 && missing == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!("{failed} problem(s) with the settings, {missing} seal(s) not loaded"),
    ))
}

fn tell(examination: &Examination<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{STRONG}profile {}{STRONG:#}",
        examination.profile.word()
    )?;
    writeln!(out)?;
    let mut table = Table::new(&[
        Column::whole("SETTING"),
        Column::whole("VALUE"),
        Column::whole("ORIGIN"),
    ]);
    for line in &examination.settings {
        let cells = [line.key, line.value, line.origin].map(str::to_owned);
        table.row(Paint::Plain, cells.to_vec());
    }
    table.write(out)?;
    writeln!(out)?;
    for trial in &examination.trials {
        match &trial.outcome {
            Ok(fact) => {
                let green = Paint::Green.style();
                writeln!(out, "{green}✔{green:#} {:<14} {fact}", trial.what)?;
            }
            Err(trouble) => {
                let red = Paint::Red.style();
                writeln!(out, "{red}✖{red:#} {:<14} {}", trial.what, trouble.cause)?;
                writeln!(out, "  {:<14} → {}", "", trouble.next_step)?;
            }
        }
    }
    writeln!(out)?;
    if !examination.seals.seals.is_empty() {
        examination.seals.write(out)?;
        writeln!(out)?;
    }
    writeln!(out, "{}", examination.seals.summary())
}
