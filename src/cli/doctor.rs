//! `segell doctor`: everything the service rests on, tried; each line a state, a fact, and what to do next.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::arguments::Format;
use super::failure::{Exit, Failure};
use super::inventory::Trouble;
use super::table::{FAINT, Paint, STRONG};
use super::write_json;

/// Wide enough for the longest name.
const NAME: usize = 14;

/// `segell doctor`.
#[derive(Args, Debug)]
pub struct DoctorArguments {
    /// Where citizens should find the service; without it, the verification addresses of the organs
    #[arg(long, value_name = "URL")]
    pub public_address: Option<String>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// How something is doing. The worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is nothing to ask, or nobody to ask.
    NotAsked,
    /// Good.
    Ok,
    /// It works, and somebody should look at it.
    Attention,
    /// It does not work.
    Failed,
}

impl State {
    const fn mark(self) -> (&'static str, Paint) {
        match self {
            Self::NotAsked => ("·", Paint::Plain),
            Self::Ok => ("✔", Paint::Green),
            Self::Attention => ("!", Paint::Yellow),
            Self::Failed => ("✖", Paint::Red),
        }
    }
}

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// What.
    pub what: &'static str,
    /// How it is doing.
    pub state: State,
    /// What was found.
    pub fact: String,
    /// What to do, or which command says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
}

impl Line {
    /// With this state.
    pub fn new(what: &'static str, state: State, fact: impl Into<String>) -> Self {
        Self {
            what,
            state,
            fact: fact.into(),
            next_step: None,
        }
    }

    /// Good.
    pub fn ok(what: &'static str, fact: impl Into<String>) -> Self {
        Self::new(what, State::Ok, fact)
    }

    /// It does not work.
    pub fn failed(what: &'static str, fact: impl Into<String>) -> Self {
        Self::new(what, State::Failed, fact)
    }

    /// Something is wrong about it, known by cause and next step.
    pub fn of_trouble(what: &'static str, state: State, trouble: Trouble) -> Self {
        let next_step = (!trouble.next_step.is_empty()).then_some(trouble.next_step);
        Self {
            next_step,
            ..Self::new(what, state, trouble.cause)
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn with_next_step(mut self, step: impl Into<String>) -> Self {
        self.next_step = Some(step.into());
        self
    }
}

/// Everything that was found.
#[derive(Debug, Serialize)]
pub struct Diagnosis {
    /// The worst of all states.
    pub state: State,
    /// Software and version.
    pub software: &'static str,
    /// The profile.
    pub profile: &'static str,
    /// When it was looked at.
    pub at: Timestamp,
    /// How long it took.
    #[serde(serialize_with = "seconds")]
    pub seconds: Duration,
    /// What was found, in the order in which the service needs it.
    pub lines: Vec<Line>,
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

impl Diagnosis {
    /// From its lines.
    pub fn new(lines: Vec<Line>, profile: &'static str, at: Timestamp, seconds: Duration) -> Self {
        let states = lines.iter().map(|line| line.state);
        Self {
            state: states.max().unwrap_or(State::NotAsked),
            software: concat!("segell ", env!("CARGO_PKG_VERSION")),
            profile,
            at,
            seconds,
            lines,
        }
    }

    fn count(&self, state: State) -> usize {
        let lines = self.lines.iter();
        lines.filter(|line| line.state == state).count()
    }
}

/// Tells it. Fails when something does not work.
pub fn tell(diagnosis: &Diagnosis, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    if format.json {
        write_json(out, diagnosis)?;
    } else {
        write(diagnosis, out)?;
    }
    match diagnosis.count(State::Failed) {
        0 => Ok(()),
        failed => Err(Failure::new(
            Exit::Refused,
            format!("{failed} of {} things do not work", diagnosis.lines.len()),
        )),
    }
}

fn write(diagnosis: &Diagnosis, out: &mut dyn Write) -> io::Result<()> {
    for line in &diagnosis.lines {
        let (mark, paint) = line.state.mark();
        let style = paint.style();
        // What others answered cannot steer the terminal.
        let fact = plain(&line.fact);
        writeln!(
            out,
            "{style}{mark}{style:#} {STRONG}{:<NAME$}{STRONG:#} {fact}",
            line.what
        )?;
        if let Some(step) = &line.next_step {
            writeln!(out, "  {:<NAME$} {FAINT}→ {}{FAINT:#}", "", plain(step))?;
        }
    }
    let counts = [
        (State::Ok, "ok"),
        (State::Attention, "to look at"),
        (State::Failed, "failed"),
        (State::NotAsked, "not asked"),
    ];
    let counts = counts.map(|(state, word)| (diagnosis.count(state), word));
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    writeln!(out)?;
    writeln!(
        out,
        "{}; {}, {}, {:.1} s",
        counts.join(", "),
        diagnosis.software,
        diagnosis.profile,
        diagnosis.seconds.as_secs_f64()
    )
}

fn plain(text: &str) -> String {
    let written = text.chars();
    written
        .map(|written| if written.is_control() { '·' } else { written })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: Vec<Line>) -> (Result<(), Failure>, String) {
        let time = Timestamp::UNIX_EPOCH;
        let diagnosis = Diagnosis::new(lines, "evaluation", time, Duration::from_millis(1234));
        let mut plain = anstream::StripStream::new(Vec::new());
        let outcome = tell(&diagnosis, Format::default(), &mut plain);
        (outcome, String::from_utf8(plain.into_inner()).unwrap())
    }

    #[test]
    fn every_line_says_state_fact_and_next_step_in_its_column() {
        let (outcome, text) = told(vec![
            Line::ok("clock", "offset 4 ms"),
            Line::failed("archive", "the disk is gone\u{1b}").with_next_step("find it"),
            Line::new("tls", State::NotAsked, "not spoken here"),
        ]);
        assert_eq!(outcome.unwrap_err().exit, Exit::Refused);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "✔ clock          offset 4 ms");
        assert_eq!(lines[1], "✖ archive        the disk is gone·");
        assert_eq!(lines[2], "                 → find it");
        assert!(text.contains("1 ok, 1 failed, 1 not asked; segell"));
    }

    #[test]
    fn what_somebody_should_look_at_is_no_failure() {
        let attention = Line::new("seals", State::Attention, "one ends in 20 days");
        let (outcome, text) = told(vec![attention]);
        assert!(outcome.is_ok());
        assert!(text.contains("1 to look at"), "{text}");
    }
}
