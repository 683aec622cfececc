//! The command line. Commands get everything they work with from `startup` and `commands`; they read and write files
//! and the terminal, and say the same sentences as the door.
#![expect(
    clippy::disallowed_methods,
    reason = "this room reads and writes the files that people name"
)]

pub mod archive;
pub mod arguments;
pub mod audit;
pub mod batch;
pub mod check_config;
pub mod code;
pub mod doctor;
mod document;
pub mod failure;
pub mod health;
pub mod inventory;
pub mod keys;
pub mod letter;
pub mod organs;
pub mod preflight;
pub mod preserve;
pub mod render_pages;
mod report;
pub mod seal;
pub mod seals;
mod table;
pub mod trust;
pub mod validate;
pub mod welcome;

pub use arguments::{Arguments, Command};
pub use failure::{Exit, Failure};
pub use inventory::Inventory;

use std::io::{self, Write};

use serde::Serialize;

use crate::http::problem::Problem;
use arguments::Format;

/// Writes a value as indented JSON and a line break.
fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// The failure of a request that was refused; programs get the problem document of the door, without
/// the name of a request that there was not.
fn refused(problem: &Problem, format: Format, out: &mut dyn Write) -> Failure {
    if format.json {
        let written = serde_json::to_value(problem.document(""))
            .map_err(io::Error::from)
            .and_then(|mut document| {
                if let Some(fields) = document.as_object_mut() {
                    fields.remove("request_id");
                }
                write_json(out, &document)
            });
        if let Err(error) = written {
            return error.into();
        }
    }
    Failure::of_problem(problem)
}

/// The word that serde writes for a unit variant, for people.
fn word_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A time for people, to the second, in UTC.
fn time(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
