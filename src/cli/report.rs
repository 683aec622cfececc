//! A validation report on the terminal: the same words as on the page, in English.

use std::io::{self, Write};

use super::table::{FAINT, Paint, STRONG};
use crate::http::report::{
    Answered, Datum, Finding, Group, Mood, Observation, SignatureTold, Telling,
};

/// Writes it. Every colour stands beside a mark or a word that says the same.
pub(super) fn write(telling: &Telling, out: &mut dyn Write) -> io::Result<()> {
    answered(&telling.issued, out)?;
    list("  ", &telling.copy, out)?;
    writeln!(out, "  {STRONG}{}{STRONG:#}", telling.next.1)?;
    writeln!(out)?;
    answered(&telling.sound, out)?;
    observations("  ", &telling.observations, out)?;
    for (index, told) in telling.signatures.iter().enumerate() {
        writeln!(out)?;
        signature(index + 1, told, out)?;
    }
    title(&telling.file_title, out)?;
    list("  ", &telling.file, out)?;
    writeln!(out, "  {FAINT}{}{FAINT:#}", telling.disclaimer)?;
    title(&telling.technical.title, out)?;
    writeln!(out, "  {FAINT}{}{FAINT:#}", telling.technical.words)?;
    for told in &telling.technical.groups {
        writeln!(out)?;
        group(told, out)?;
    }
    Ok(())
}

fn title(text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    writeln!(out, "{STRONG}{text}{STRONG:#}")
}

fn answered(answered: &Answered, out: &mut dyn Write) -> io::Result<()> {
    let (mark, paint) = mark(answered.mood);
    let style = paint.style();
    writeln!(out, "{FAINT}{}{FAINT:#}", answered.question)?;
    writeln!(out, "{style}{mark} {}{style:#}", answered.answer)?;
    for means in &answered.means {
        writeln!(out, "  {means}")?;
    }
    Ok(())
}

fn signature(number: usize, told: &SignatureTold, out: &mut dyn Write) -> io::Result<()> {
    let (mark, paint) = mark(told.mood);
    let style = paint.style();
    writeln!(
        out,
        "{STRONG}{number}. {}{STRONG:#}  {style}{mark} {}{style:#}",
        told.name, told.tag
    )?;
    if let Some(why) = &told.why {
        writeln!(out, "   {why}")?;
    }
    list("   ", &told.data, out)?;
    if !told.later.is_empty() {
        writeln!(out, "   {FAINT}{}{FAINT:#}", told.later_title)?;
    }
    observations("   ", &told.later, out)?;
    if !told.observations.is_empty() {
        writeln!(out, "   {FAINT}{}{FAINT:#}", told.observations_title)?;
    }
    observations("   ", &told.observations, out)
}

fn group(group: &Group, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {STRONG}{}{STRONG:#}", group.title)?;
    list("  ", &group.data, out)?;
    let (claims_title, claims) = &group.claims;
    if !claims.is_empty() {
        writeln!(out, "  {FAINT}{claims_title}{FAINT:#}")?;
        list("    ", claims, out)?;
    }
    let (findings_title, findings) = &group.findings;
    writeln!(out, "  {FAINT}{findings_title}{FAINT:#}")?;
    if findings.is_empty() {
        return writeln!(out, "    {}", group.no_findings);
    }
    findings.iter().try_for_each(|told| finding(told, out))
}

fn finding(told: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (mark, paint) = mark(told.mood);
    let style = paint.style();
    writeln!(
        out,
        "    {style}{mark} {}{style:#} {STRONG}{}{STRONG:#}: {}",
        told.severity, told.rule, told.text
    )?;
    if told.where_and_why.is_empty() {
        return Ok(());
    }
    writeln!(out, "      {FAINT}{}{FAINT:#}", told.where_and_why)
}

fn observations(indent: &str, seen: &[Observation], out: &mut dyn Write) -> io::Result<()> {
    for told in seen {
        let (mark, paint) = mark(told.mood);
        let style = paint.style();
        writeln!(out, "{indent}{style}{mark}{style:#} {}", told.text)?;
    }
    Ok(())
}

/// Labels in a column, values beside it.
fn list(indent: &str, data: &[Datum], out: &mut dyn Write) -> io::Result<()> {
    let widths = data.iter().map(|datum| datum.label.chars().count());
    let width = widths.max().unwrap_or_default();
    for datum in data {
        let label = &datum.label;
        writeln!(
            out,
            "{indent}{FAINT}{label:<width$}{FAINT:#}  {}",
            datum.value
        )?;
    }
    Ok(())
}

/// The mark and the colour of a mood. What cannot be said is neither green nor red.
const fn mark(mood: Mood) -> (&'static str, Paint) {
    match mood {
        Mood::Good => ("✔", Paint::Green),
        Mood::Careful => ("!", Paint::Yellow),
        Mood::Bad => ("✖", Paint::Red),
        Mood::Neutral => ("·", Paint::Plain),
    }
}
