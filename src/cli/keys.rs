//! `segell keys`: the keys of applications, as people see them.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::arguments::Format;
use super::failure::Failure;
use super::table::{Column, Paint, Table};
use super::write_json;
use crate::model::{Dir3, Environment};

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key for an application; it is shown once and stored as its SHA-256 only
    New(NewKeyArguments),
    /// List the keys of all applications
    List(Format),
    /// Take a key back; the others of its application keep opening
    Revoke(RevokeArguments),
}

/// `segell keys new`.
#[derive(Args, Debug)]
pub struct NewKeyArguments {
    /// Id of the application; one that is not there yet is added
    #[arg(long, value_name = "ID")]
    pub application: String,
    /// An organ that a new application may ask for; may be said several times
    #[arg(long = "organ", value_name = "DIR3")]
    pub organs: Vec<Dir3>,
    /// Name of a new application, for people
    #[arg(long)]
    pub name: Option<String>,
    /// The environment that the key is for: pre or pro; that of the profile without it
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// What tells this key from the others of its application
    #[arg(long)]
    pub label: Option<String>,
    /// The last day on which it opens, such as 2027-12-31
    #[arg(long, value_name = "DAY")]
    pub expires: Option<String>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell keys revoke`.
#[derive(Args, Debug)]
pub struct RevokeArguments {
    /// The first eight digits, or more, of the key's SHA-256, as `segell keys list` shows them
    #[arg(value_name = "DIGITS")]
    pub digits: String,
}

/// The word of an environment on the command line.
pub(crate) fn environment(text: &str) -> Result<Environment, &'static str> {
    Environment::from_word(text).ok_or("say pre or pro")
}

/// A key that was just made.
#[derive(Debug, Serialize)]
pub struct MadeKey {
    /// The key itself, for the only time.
    pub key: String,
    /// The application.
    pub application: String,
    /// `pre` or `pro`.
    pub environment: &'static str,
    /// Its SHA-256.
    pub key_sha256: String,
    /// The file that has it, when it could be edited.
    pub file: Option<String>,
    /// The lines to be put in by hand, when not.
    pub lines: Option<String>,
}

impl MadeKey {
    /// Tells it.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
        if format.json {
            return Ok(write_json(out, self)?);
        }
        writeln!(out, "{}", self.key)?;
        writeln!(out)?;
        writeln!(
            out,
            "This is the key of {}, shown this once: give it to whoever runs the application.",
            self.application
        )?;
        match (&self.file, &self.lines) {
            (Some(file), _) => writeln!(
                out,
                "Its SHA-256 ({}…) is in {file}; it opens once the service has read that file again.",
                self.key_sha256.get(..8).unwrap_or_default()
            )?,
            (None, Some(lines)) => {
                writeln!(out, "Put these lines into the applications file:")?;
                writeln!(out)?;
                write!(out, "{lines}")?;
            }
            (None, None) => {}
        }
        Ok(())
    }
}

/// A key as the list shows it.
#[derive(Debug, Serialize)]
pub struct KeyRow {
    /// The application.
    pub application: String,
    /// SHA-256 of the key.
    pub key_sha256: String,
    /// What tells it from the others.
    pub label: Option<String>,
    /// `pre` or `pro`, when its record says so.
    pub environment: Option<&'static str>,
    /// When it was made.
    pub created: Option<String>,
    /// The last day on which it opens.
    pub expires: Option<String>,
    /// `active`, `expired` or `revoked`.
    pub state: &'static str,
    /// What its application may do.
    pub scopes: Vec<&'static str>,
    /// For which organs.
    pub organs: Vec<String>,
}

/// Lists keys.
pub fn list(rows: &[KeyRow], format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    if format.json {
        return Ok(write_json(out, &rows)?);
    }
    let mut table = Table::new(&[
        Column::left("STATE"),
        Column::left("APPLICATION"),
        Column::whole("KEY"),
        Column::left("ENV"),
        Column::left("LABEL"),
        Column::left("CREATED"),
        Column::left("EXPIRES"),
        Column::left("ORGANS"),
        Column::left("SCOPES"),
    ]);
    for row in rows {
        let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
        let paint = match row.state {
            "active" => Paint::Green,
            _ => Paint::Yellow,
        };
        let organs = match row.organs.as_slice() {
            [only] => only.clone(),
            several => several.len().to_string(),
        };
        table.row(
            paint,
            vec![
                row.state.to_owned(),
                row.application.clone(),
                row.key_sha256.get(..8).unwrap_or_default().to_owned(),
                row.environment.unwrap_or("—").to_owned(),
                dash(&row.label),
                dash(&row.created),
                dash(&row.expires),
                organs,
                row.scopes.join(" "),
            ],
        );
    }
    Ok(table.write(out)?)
}

/// Tells that a key was revoked, or how to do it by hand.
pub fn revoked(
    application: &str,
    file: &str,
    lines: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match lines {
        None => writeln!(
            out,
            "revoked: a key of {application}, in {file}; it opens nothing once the service has read that \
             file again"
        ),
        Some(lines) => {
            writeln!(
                out,
                "{file} has to be edited by hand: put this beside the key"
            )?;
            writeln!(out)?;
            write!(out, "{lines}")
        }
    }
}
