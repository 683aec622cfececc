//! `segell seals check`: the matrix organ × environment × certificate × confirmation, and what is wrong in it.

use std::io::{self, Write};

use crate::cli::arguments::Format;
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{Column, Paint, STRONG, Table};
use crate::cli::write_json;
use crate::seal::inspection::{Finding, Gravity, Inspection, Line, LineState};

/// Tells what was found. Fails when there is a fault; warnings alone do not fail.
pub fn run(inspection: &Inspection, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    if format.json {
        write_json(out, inspection)?;
    } else {
        write(inspection, out)?;
    }
    match inspection.faults {
        0 => Ok(()),
        faults => Err(Failure::new(
            Exit::Refused,
            match faults {
                1 => "1 fault".to_owned(),
                several => format!("{several} faults"),
            },
        )),
    }
}

fn write(inspection: &Inspection, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(&[
        Column::left("STATE"),
        Column::left("DIR3"),
        Column::left("ENV"),
        Column::left("ORGAN"),
        Column::left("INE10"),
        Column::left("NIF"),
        Column::left("CERTIFICATE"),
        Column::left("UNTIL"),
        Column::right("DAYS"),
        Column::left("LATEST"),
        Column::left("CONFIRMED BY"),
        Column::left("ASKED FOR BY"),
    ]);
    for line in &inspection.matrix {
        table.row(line.state.paint(), cells(line));
        let own = inspection
            .findings
            .iter()
            .filter(|found| is_about(found, line));
        for found in own {
            note(&mut table, found);
        }
    }
    table.write(out)?;
    let general = inspection.findings.iter();
    for found in general.filter(|found| found.organ.is_none() && found.file.is_none()) {
        writeln!(out)?;
        writeln!(out, "{}", sentence(found))?;
        writeln!(out, "→ {}: {}", found.who.word(), found.next_step)?;
    }
    writeln!(out)?;
    let lines = inspection.matrix.len();
    let good = inspection.matrix.iter();
    let good = good.filter(|line| line.state == LineState::Ok).count();
    writeln!(
        out,
        "{STRONG}{good} of {lines} in order{STRONG:#}; faults: {}, warnings: {}",
        inspection.faults, inspection.warnings
    )
}

fn is_about(found: &Finding, line: &Line) -> bool {
    found.file == line.file
        && found.organ == line.organ
        && found.environment == line.environment
        && (found.organ.is_some() || found.file.is_some())
}

fn note(table: &mut Table, found: &Finding) {
    table.note(&sentence(found));
    table.note(&format!("→ {}: {}", found.who.word(), found.next_step));
}

fn sentence(found: &Finding) -> String {
    let gravity = match found.gravity {
        Gravity::Fault => "fault",
        Gravity::Warning => "warning",
    };
    format!("{gravity} {}: {}", found.code, found.fact)
}

fn cells(line: &Line) -> Vec<String> {
    let dash = || "—".to_owned();
    let certificate = line.certificate.as_ref();
    vec![
        line.state.word().to_owned(),
        line.organ.as_ref().map_or_else(dash, ToString::to_string),
        line.environment
            .map_or_else(dash, |environment| environment.word().to_owned()),
        line.name.clone().unwrap_or_else(dash),
        line.ine10.as_ref().map_or_else(dash, ToString::to_string),
        line.nif.as_ref().map_or_else(dash, ToString::to_string),
        certificate.map_or_else(dash, |certificate| {
            let digest = certificate.sha256.to_string();
            digest.get(..16).unwrap_or_default().to_owned()
        }),
        certificate.map_or_else(dash, |certificate| {
            certificate.not_after.strftime("%Y-%m-%d").to_string()
        }),
        certificate.map_or_else(dash, |certificate| certificate.days_left.to_string()),
        certificate.map_or_else(dash, |certificate| {
            if certificate.latest { "yes" } else { "NO" }.to_owned()
        }),
        confirmed(line),
        if line.applications.is_empty() {
            dash()
        } else {
            line.applications.join(", ")
        },
    ]
}

/// `AEAT 2026-03-01`, `AEAT NO`; a dash where nobody has to confirm.
fn confirmed(line: &Line) -> String {
    if line.confirmations.is_empty() {
        return "—".to_owned();
    }
    let each = line.confirmations.iter().map(|cell| match cell.confirmed {
        Some(day) => format!("{} {day}", cell.counterpart),
        None => format!("{} NO", cell.counterpart),
    });
    each.collect::<Vec<_>>().join(", ")
}

impl LineState {
    const fn word(self) -> &'static str {
        match self {
            Self::Fault => "FAULT",
            Self::Warning => "WARN",
            Self::Ok => "OK",
        }
    }

    const fn paint(self) -> Paint {
        match self {
            Self::Fault => Paint::Red,
            Self::Warning => Paint::Yellow,
            Self::Ok => Paint::Green,
        }
    }
}
