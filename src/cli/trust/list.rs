//! `segell trust list`: the anchors, as loaded.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::day;
use crate::cli::arguments::Format;
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{Column, Paint, Table};
use crate::cli::write_json;
use crate::pki::trust_list::Purpose;
use crate::pki::{AnchorFacts, AnchorOrigin, Anchors, ListState, TrustState};

/// What is answered to programs.
#[derive(Serialize)]
struct Answer<'a> {
    state: &'a TrustState,
    stale: Vec<&'a ListState>,
    seals: &'a [AnchorFacts],
    timestamps: &'a [AnchorFacts],
}

/// Runs the command. Fails when a list is stale, so that a monitor can call it.
pub fn run(
    seals: &Anchors,
    timestamps: &Anchors,
    now: Timestamp,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let state = TrustState::of(seals, timestamps);
    let stale: Vec<&ListState> = state
        .lists
        .iter()
        .filter(|list| list.is_stale(now))
        .collect();
    if format.json {
        let answer = Answer {
            state: &state,
            stale: stale.clone(),
            seals: seals.facts(),
            timestamps: timestamps.facts(),
        };
        write_json(out, &answer)?;
    } else {
        for (purpose, anchors) in Purpose::ALL.into_iter().zip([seals, timestamps]) {
            tell(purpose, anchors, now, out)?;
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        format!("{} trusted list(s) are stale", stale.len()),
    )
    .with_details(stale.iter().map(|list| line(list, now)))
    .with_next_step("operator: fetch the current lists and import them (`segell trust import`)"))
}

fn tell(
    purpose: Purpose,
    anchors: &Anchors,
    now: Timestamp,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    writeln!(out, "{}: {} anchor(s)", purpose.word(), anchors.len())?;
    for list in anchors.lists() {
        writeln!(out, "  {}", line(list, now))?;
    }
    if anchors.is_empty() {
        return writeln!(out);
    }
    let mut table = Table::new(&[
        Column::whole("TRUSTED"),
        Column::left("CERTIFICATE"),
        Column::left("PROVIDER"),
        Column::whole("ENDS"),
        Column::whole("FROM"),
    ]);
    for facts in anchors.facts() {
        let (word, paint) = trusted(facts, now);
        let (provider, origin) = match &facts.origin {
            AnchorOrigin::File { name } => (String::new(), name.clone()),
            AnchorOrigin::List { list, provider, .. } => (
                provider.clone(),
                format!("{} list number {}", list.territory, list.sequence),
            ),
        };
        let ends = facts.not_after.map_or_else(String::new, day);
        let subject = facts.subject.clone();
        table.row(paint, vec![word, subject, provider, ends, origin]);
    }
    table.write(out)?;
    writeln!(out)
}

/// When an anchor is trusted, in a few words.
fn trusted(facts: &AnchorFacts, now: Timestamp) -> (String, Paint) {
    let Some(periods) = &facts.trusted else {
        return ("always".to_owned(), Paint::Green);
    };
    let last = periods.last();
    match last.map(|period| (period.from, period.until)) {
        Some((from, None)) if facts.is_trusted_at(now) => {
            (format!("since {}", day(from)), Paint::Green)
        }
        Some((from, None)) => (format!("from {}", day(from)), Paint::Yellow),
        Some((_, Some(until))) => (format!("until {}", day(until)), Paint::Yellow),
        None => ("never".to_owned(), Paint::Red),
    }
}

/// A list in a line.
fn line(list: &ListState, now: Timestamp) -> String {
    let next = list.next_update.map_or_else(
        || "closed".to_owned(),
        |next| format!("next due {}", day(next)),
    );
    let stale = if list.is_stale(now) { ", STALE" } else { "" };
    format!(
        "{} list number {} for {}, issued {} ({} days ago), {next}{stale}",
        list.territory,
        list.sequence,
        list.purpose.word(),
        day(list.issued),
        list.days_old(now)
    )
}
