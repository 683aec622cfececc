//! `segell preflight`: everything that sealing would find and do, without doing it.

use std::io::Write;

use jiff::Timestamp;

use super::arguments::PreflightArguments;
use super::failure::{Exit, Failure};
use super::table::{Paint, STRONG};
use super::{document, refused, write_json};
use crate::archive::Severity;
use crate::http::problem::Problem;
use crate::http::wire::{FindingView, advice_about};
use crate::model::Deadline;
use crate::seal::{Application, Preflight, SealRequest, Sealer, Upload};

/// Runs the command. Fails when the copy would be refused.
pub fn run(
    arguments: &PreflightArguments,
    sealer: &Sealer,
    application: Application,
    limit: usize,
    now: Timestamp,
    deadline: &Deadline,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let request = SealRequest {
        application,
        fields: arguments.fields.fields(),
        idempotency_key: None,
        upload: Upload::new(document::read(&arguments.input, limit)?),
    };
    let preflight = sealer
        .preflight(&request, now, deadline)
        .map_err(|error| refused(&Problem::from(&error), arguments.format, out))?;
    if arguments.format.json {
        let obstacle = preflight
            .obstacle
            .as_ref()
            .map(|error| Problem::from(error).to_string());
        let answer = serde_json::json!({
            "sealable": preflight.sealable,
            "obstacle": obstacle,
            "findings": preflight.findings.iter().map(FindingView::from).collect::<Vec<_>>(),
            "facts": preflight.facts,
            "source_signatures": preflight.source_signatures,
            "band": preflight.band,
        });
        write_json(out, &answer)?;
    } else {
        tell(&preflight, out)?;
    }
    match &preflight.obstacle {
        Some(error) => Err(Failure::of_problem(&Problem::from(error))),
        None if preflight.sealable => Ok(()),
        None => Err(
            Failure::new(Exit::Refused, "the organ's policy refuses this document").with_next_step(
                "see the lines marked ✖: change the document, or the organ's [policy]",
            ),
        ),
    }
}

fn tell(preflight: &Preflight, out: &mut dyn Write) -> std::io::Result<()> {
    if preflight.sealable {
        let green = Paint::Green.style();
        writeln!(out, "{green}✔{green:#} {STRONG}can be sealed{STRONG:#}")?;
    }
    if let Some(facts) = &preflight.facts {
        writeln!(out, "  {} page(s), PDF {}", facts.pages, facts.version)?;
    }
    for finding in &preflight.findings {
        let (mark, paint) = match finding.severity {
            Severity::Info => ("·", Paint::Plain),
            Severity::Warning => ("!", Paint::Yellow),
            Severity::Refusal => ("✖", Paint::Red),
        };
        let style = paint.style();
        let page = finding.page.map(|page| format!(" (page {page})"));
        writeln!(
            out,
            "{style}{mark}{style:#} {:<22} {}{}",
            finding.rule,
            finding.text,
            page.unwrap_or_default()
        )?;
        if let Some(advice) = advice_about(finding) {
            writeln!(out, "  {:<22} → {advice}", "")?;
        }
    }
    Ok(())
}
