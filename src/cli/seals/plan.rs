//! What `segell seals plan` says: which seals wait, when they take over, what holds them up.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::arguments::Format;
use crate::cli::failure::{Exit, Failure};
use crate::cli::inventory::Trouble;
use crate::cli::table::{Column, Paint, Table};
use crate::cli::write_json;
use crate::model::{Dir3, Environment};

/// An organ with a seal that waits.
#[derive(Debug, Serialize)]
pub struct PlanRow {
    /// Its code.
    pub organ: Dir3,
    /// `pre` or `pro`.
    pub environment: Environment,
    /// Its name.
    pub name: String,
    /// Name of the seal that waits, when it can be opened.
    pub seal: Option<String>,
    /// The wave in which it goes, from 1; absent when it is held up or nothing was planned.
    pub wave: Option<u32>,
    /// When its file says that it takes over.
    pub stands: Option<Timestamp>,
    /// When it would take over by this plan.
    pub planned: Option<Timestamp>,
    /// The plan was written into its file.
    pub written: bool,
    /// What holds it up.
    pub held_up: Vec<Trouble>,
    /// What is worth knowing.
    pub remarks: Vec<String>,
}

impl PlanRow {
    fn cells(&self) -> Vec<String> {
        let dash = || "—".to_owned();
        let time = |time: Timestamp| time.strftime("%Y-%m-%d %H:%MZ").to_string();
        let state = match (self.held_up.is_empty(), self.planned.or(self.stands)) {
            (false, _) => "HELD UP",
            (true, Some(_)) => "READY",
            (true, None) => "NO DATE",
        };
        vec![
            state.to_owned(),
            self.wave.map_or_else(dash, |wave| wave.to_string()),
            self.planned.or(self.stands).map_or_else(dash, time),
            self.organ.to_string(),
            self.environment.word().to_owned(),
            self.name.clone(),
            self.seal.clone().unwrap_or_else(dash),
        ]
    }
}

/// Tells the plan. Fails when an organ is held up, so that a program can ask.
pub fn tell(rows: &[PlanRow], format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    if format.json {
        write_json(out, &rows)?;
    } else {
        write_table(rows, out)?;
    }
    let held_up = rows.iter().filter(|row| !row.held_up.is_empty()).count();
    if held_up == 0 {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        format!("{held_up} of {} held up", rows.len()),
    ))
}

fn write_table(rows: &[PlanRow], out: &mut dyn Write) -> std::io::Result<()> {
    if rows.is_empty() {
        return writeln!(out, "no seal waits; `segell seals add` takes one in");
    }
    let mut table = Table::new(&[
        Column::left("STATE"),
        Column::right("WAVE"),
        Column::whole("TAKES OVER"),
        Column::left("DIR3"),
        Column::left("ENV"),
        Column::left("ORGAN"),
        Column::left("NEXT SEAL"),
    ]);
    for row in rows {
        let paint = match row.held_up.is_empty() {
            true => Paint::Green,
            false => Paint::Red,
        };
        table.row(paint, row.cells());
        for trouble in &row.held_up {
            table.note(&format!("{}: {}", trouble.code, trouble.cause));
            table.note(&format!("→ {}", trouble.next_step));
        }
        for remark in &row.remarks {
            table.note(remark);
        }
    }
    table.write(out)?;
    let written = rows.iter().filter(|row| row.written).count();
    if written > 0 {
        writeln!(out)?;
        writeln!(
            out,
            "{written} written; a running service exchanges them at those times by itself"
        )?;
    }
    Ok(())
}
