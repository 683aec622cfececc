//! How a command ends when it does not succeed.

use std::io::Write;

use crate::http::problem::Problem;

use super::table::{Paint, STRONG};

/// What the exit code of the program says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Ok = 0,
    /// Refused, or the verdict is not the one hoped for.
    Refused = 1,
    /// The command or the settings are wrong.
    Usage = 2,
    /// The service, the archive or the machine is in trouble; later it may work.
    Trouble = 3,
}

/// Why a command did not do what it was asked: one clear sentence, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What is wrong.
    pub sentence: String,
    /// More about it, one line each.
    pub details: Vec<String>,
    /// What to do.
    pub next_step: Option<String>,
}

impl Failure {
    /// A failure that is all said in one sentence.
    pub fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self {
            exit,
            sentence: sentence.into(),
            details: Vec::new(),
            next_step: None,
        }
    }

    /// Says what to do.
    pub fn with_next_step(mut self, step: impl Into<String>) -> Self {
        self.next_step = Some(step.into());
        self
    }

    /// Adds lines.
    pub fn with_details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    /// The same sentences that the door would answer with. Whoever is at the command line runs the
    /// service, so the cause that stays inside there is shown here.
    pub fn of_problem(problem: &Problem) -> Self {
        let entry = problem.entry();
        let inside = entry.status >= 500;
        let exit = if inside { Exit::Trouble } else { Exit::Refused };
        Self::new(exit, format!("{} ({})", entry.title, entry.code))
            .with_details(problem.cause().filter(|_| inside).map(str::to_owned))
            .with_next_step(problem.detail())
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, doing: &str, error: &std::io::Error) -> Self {
        Self::new(
            Exit::Usage,
            format!("{} cannot be {doing}: {error}", path.display()),
        )
    }

    /// Writes it for people.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let red = Paint::Red.style();
        writeln!(
            out,
            "{red}segell:{red:#} {STRONG}{}{STRONG:#}",
            self.sentence
        )?;
        for detail in &self.details {
            writeln!(out, "  {detail}")?;
        }
        if let Some(step) = &self.next_step {
            writeln!(out, "  → {step}")?;
        }
        Ok(())
    }
}

impl From<std::io::Error> for Failure {
    /// An answer that cannot be written. A reader who has gone away is not told about it.
    fn from(error: std::io::Error) -> Self {
        let exit = match error.kind() {
            std::io::ErrorKind::BrokenPipe => Exit::Ok,
            _ => Exit::Trouble,
        };
        Self::new(exit, format!("the answer cannot be written: {error}"))
    }
}
