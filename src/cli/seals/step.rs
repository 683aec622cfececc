//! What `promote`, `rollback` and `retire` say: what was done for each organ.

use std::io::Write;

use serde::Serialize;

use crate::cli::arguments::Format;
use crate::cli::failure::{Exit, Failure};
use crate::cli::inventory::Trouble;
use crate::cli::table::{Paint, STRONG};
use crate::cli::write_json;
use crate::model::{Dir3, Environment};

/// What was done for an organ, or why not.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Its code.
    pub organ: Dir3,
    /// `pre` or `pro`.
    pub environment: Environment,
    /// `promoted`, `rolled-back` or `retired`.
    pub what: &'static str,
    /// What was done, one sentence each.
    pub done: Vec<String>,
    /// Why it was not.
    pub trouble: Option<Trouble>,
}

/// Tells the steps. Fails when one was not done.
pub fn tell(steps: &[Step], format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    if format.json {
        write_json(out, &steps)?;
    } else {
        for step in steps {
            write(step, out)?;
        }
    }
    let failed = steps.iter().filter(|step| step.trouble.is_some()).count();
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        format!("{failed} of {} not done", steps.len()),
    ))
}

fn write(step: &Step, out: &mut dyn Write) -> std::io::Result<()> {
    let (organ, environment) = (&step.organ, step.environment.word());
    match &step.trouble {
        None => writeln!(
            out,
            "{STRONG}{}{STRONG:#}: {organ} ({environment})",
            step.what
        )?,
        Some(trouble) => {
            let red = Paint::Red.style();
            writeln!(
                out,
                "{red}not {}{red:#}: {organ} ({environment})",
                step.what
            )?;
            writeln!(out, "  {}: {}", trouble.code, trouble.cause)?;
            writeln!(out, "  → {}", trouble.next_step)?;
        }
    }
    for sentence in &step.done {
        writeln!(out, "  {sentence}")?;
    }
    Ok(())
}
