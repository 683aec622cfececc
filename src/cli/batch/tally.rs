//! What became of all files: told one by one as it happens, and summed up at the end.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::manifest::{Line, Outcome};
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{FAINT, Paint, STRONG};

/// One file, as its worker leaves it.
pub(super) struct Finished {
    /// What to say about it.
    pub(super) line: Line,
    /// It was done by an earlier run, and is in the manifest already.
    pub(super) before: bool,
}

/// Counts, and tells.
pub(super) struct Tally<'a> {
    bar: ProgressBar,
    json: bool,
    out: &'a mut dyn Write,
    sum: Sum,
}

/// All of it in numbers.
#[derive(Debug, Default, Serialize)]
struct Sum {
    /// PDFs, and folders that could not be read.
    files: u64,
    /// Those that were looked at.
    looked_at: u64,
    /// Of these, done by an earlier run and passed over.
    done_before: u64,
    /// How many have each outcome, those of an earlier run included.
    outcomes: BTreeMap<Outcome, u64>,
    /// How many have each problem or, where all can be said, each verdict.
    causes: BTreeMap<String, Cause>,
    /// What is no PDF by its name, or a link.
    other_files: u64,
    /// The run was told to stop.
    stopped: bool,
}

#[derive(Debug, Default, Serialize)]
struct Cause {
    files: u64,
    title: String,
    what_to_do: String,
}

impl<'a> Tally<'a> {
    /// For so many files.
    pub(super) fn new(
        doing: &'static str,
        files: usize,
        other_files: u64,
        json: bool,
        out: &'a mut dyn Write,
    ) -> Self {
        let bar = ProgressBar::new(files as u64).with_message(doing);
        let template = "{msg} {wide_bar:.green} {pos}/{len}  {per_sec}  {elapsed} (left {eta})";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self {
            bar,
            json,
            out,
            sum: Sum {
                files: files as u64,
                other_files,
                ..Sum::default()
            },
        }
    }

    /// Counts a file and tells what became of it. On a terminal the bar moves, and only what somebody has to
    /// look at is told; elsewhere there is a line for each.
    pub(super) fn tell(&mut self, finished: &Finished) -> Result<(), Failure> {
        let line = &finished.line;
        let sum = &mut self.sum;
        sum.looked_at += 1;
        sum.done_before += u64::from(finished.before);
        *sum.outcomes.entry(line.outcome).or_default() += 1;
        let cause = line.problem.as_ref().or(line.verdict.as_ref());
        if let Some(word) = cause.filter(|_| mark(line.outcome).1 != Paint::Green) {
            let cause = sum.causes.entry(word.clone()).or_default();
            cause.files += 1;
            cause.title = line.title.clone().unwrap_or_default();
            cause.what_to_do = line.what_to_do.clone().unwrap_or_default();
        }
        self.bar.inc(1);
        if finished.before {
            return Ok(());
        }
        if self.json {
            let written = self.bar.suspend(|| {
                serde_json::to_writer(&mut *self.out, line)?;
                writeln!(self.out)
            });
            return Ok(written?);
        }
        if self.bar.is_hidden() || mark(line.outcome).1 != Paint::Green {
            self.bar.suspend(|| write_line(line, self.out))?;
        }
        Ok(())
    }

    /// Sums up, and fails unless all is well.
    pub(super) fn close(mut self, stopped: bool, manifest: Option<&Path>) -> Result<(), Failure> {
        self.bar.finish_and_clear();
        self.sum.stopped = stopped && self.sum.looked_at < self.sum.files;
        if self.json {
            serde_json::to_writer(&mut *self.out, &serde_json::json!({ "sum": self.sum }))
                .map_err(io::Error::from)?;
            writeln!(self.out)?;
        } else {
            self.sum.write(manifest, self.out)?;
        }
        self.sum.verdict()
    }
}

impl Sum {
    fn write(&self, manifest: Option<&Path>, out: &mut dyn Write) -> io::Result<()> {
        let (sign, paint) = match self.verdict() {
            Ok(()) => ("✔", Paint::Green),
            Err(failure) if failure.exit == Exit::Refused => ("!", Paint::Yellow),
            Err(_) => ("✖", Paint::Red),
        };
        let style = paint.style();
        let mut parts: Vec<String> = self
            .outcomes
            .iter()
            .map(|(outcome, files)| format!("{files} {}", outcome.words()))
            .collect();
        if parts.is_empty() {
            parts.push("no PDF".to_owned());
        }
        if self.done_before > 0 {
            parts.push(format!("{} of them by an earlier run", self.done_before));
        }
        if self.other_files > 0 {
            parts.push(format!("{} other file(s) passed over", self.other_files));
        }
        writeln!(
            out,
            "{style}{sign}{style:#} {STRONG}{}{STRONG:#}",
            parts.join(", ")
        )?;
        for (word, cause) in &self.causes {
            writeln!(out, "  {:>5} × {word}: {}", cause.files, cause.title)?;
            if !cause.what_to_do.is_empty() {
                writeln!(out, "  {:>5}   → {}", "", cause.what_to_do)?;
            }
        }
        if let Some(manifest) = manifest {
            writeln!(out, "  {FAINT}manifest{FAINT:#} {}", manifest.display())?;
        }
        Ok(())
    }

    fn count(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).copied().unwrap_or_default()
    }

    fn verdict(&self) -> Result<(), Failure> {
        let again = "run the same command again: what is done is passed over";
        if self.stopped {
            let sentence = format!("stopped after {} of {} files", self.looked_at, self.files);
            return Err(Failure::new(Exit::Trouble, sentence).with_next_step(again));
        }
        let troubled = self.count(Outcome::Trouble);
        if troubled > 0 {
            let sentence = format!("{troubled} of {} files are in trouble", self.files);
            return Err(Failure::new(Exit::Trouble, sentence).with_next_step(again));
        }
        let refused = self.count(Outcome::Refused);
        if refused > 0 {
            let sentence = format!("{refused} of {} files are refused", self.files);
            return Err(Failure::new(Exit::Refused, sentence)
                .with_next_step("the causes are above; what is mended is sealed by the next run"));
        }
        match self.count(Outcome::NotConfirmed) {
            0 => Ok(()),
            other => Err(Failure::new(
                Exit::Refused,
                format!(
                    "{other} of {} files are not copies in force as they were issued",
                    self.files
                ),
            )
            .with_next_step("`segell validate FILE` explains each")),
        }
    }
}

/// How an outcome is to be taken.
const fn mark(outcome: Outcome) -> (&'static str, Paint) {
    match outcome {
        Outcome::Sealed | Outcome::Found | Outcome::Sealable | Outcome::Confirmed => {
            ("✔", Paint::Green)
        }
        Outcome::NotConfirmed | Outcome::Refused => ("!", Paint::Yellow),
        Outcome::Trouble => ("✖", Paint::Red),
    }
}

/// A line for people. What a file is called cannot steer the terminal.
fn write_line(line: &Line, out: &mut dyn Write) -> io::Result<()> {
    let (sign, paint) = mark(line.outcome);
    let style = paint.style();
    let name: String = line
        .path
        .chars()
        .map(|written| if written.is_control() { '·' } else { written })
        .collect();
    let said = [&line.verification_code, &line.problem, &line.verdict];
    let said = said.into_iter().flatten().next();
    let said = said.map_or("", String::as_str);
    let title = line.title.as_deref().unwrap_or_default();
    let text = format!("{sign}{style:#} {name}  {said}  {title}");
    writeln!(out, "{style}{}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sha256Digest;

    fn closed(outcomes: &[Outcome], stopped: bool) -> (Result<(), Failure>, String) {
        let mut text = Vec::new();
        let mut tally = Tally::new("sealing", outcomes.len().max(3), 1, false, &mut text);
        for outcome in outcomes {
            let line = Line {
                problem: (*outcome == Outcome::Refused).then(|| "pdf-encrypted".to_owned()),
                what_to_do: Some("Remove the password.".to_owned()),
                ..Line::new(Sha256Digest::of(b""), Path::new("a\u{1b}.pdf"), *outcome)
            };
            let finished = Finished {
                line,
                before: false,
            };
            tally.tell(&finished).unwrap();
        }
        let closed = tally.close(stopped, None);
        let mut plain = anstream::StripStream::new(Vec::new());
        plain.write_all(&text).unwrap();
        (closed, String::from_utf8(plain.into_inner()).unwrap())
    }

    #[test]
    fn the_end_says_how_many_became_what_and_what_to_do() {
        use Outcome::{Refused, Sealed};
        let (closed, text) = closed(&[Sealed, Refused, Refused], false);
        assert_eq!(closed.unwrap_err().exit, Exit::Refused);
        assert!(
            text.contains("1 sealed, 2 refused, 1 other file(s)"),
            "{text}"
        );
        assert!(text.contains("2 × pdf-encrypted"), "{text}");
        assert!(text.contains("→ Remove the password."), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn trouble_weighs_more_than_refusals_and_a_stop_most() {
        use Outcome::{Found, Refused, Sealed, Trouble};
        assert!(closed(&[Sealed, Found, Sealed], false).0.is_ok());
        let troubled = closed(&[Trouble, Refused, Sealed], false).0.unwrap_err();
        assert_eq!(troubled.exit, Exit::Trouble);
        let stopped = closed(&[Sealed], true).0.unwrap_err();
        assert!(stopped.sentence.contains("stopped after 1 of 3"));
        // Told to stop when there was nothing left to stop.
        assert!(closed(&[Sealed, Sealed, Sealed], true).0.is_ok());
    }
}
