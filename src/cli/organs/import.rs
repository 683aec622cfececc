//! `segell organs import`: what a list would change in the organ files, or has changed.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::arguments::Format;
use crate::cli::failure::Failure;
use crate::cli::table::{FAINT, Paint, STRONG};
use crate::cli::write_json;
use crate::model::{Dir3, Environment};

/// How a list and the organ files differ.
#[derive(Debug, Default, Serialize)]
pub struct Difference {
    /// The files say what the list says: they were written just now.
    pub applied: bool,
    /// Organs of the list that have no file.
    pub new: Vec<NewOrgan>,
    /// Organs whose files say something else.
    pub changed: Vec<ChangedOrgan>,
    /// Organs whose files say the same.
    pub unchanged: usize,
    /// Files of organs that are not on the list; they stay as they are.
    pub not_listed: Vec<ListedFile>,
}

/// An organ that has no file yet.
#[derive(Debug, Serialize)]
pub struct NewOrgan {
    /// Its line in the list.
    pub line: usize,
    /// Its code.
    pub dir3: Dir3,
    /// Its environment.
    pub environment: Environment,
    /// Its name.
    pub name: String,
    /// The file that it gets.
    pub file: String,
    /// It needs a seal of its own, and has none yet.
    pub wants_seal: bool,
}

/// An organ whose file says something else.
#[derive(Debug, Serialize)]
pub struct ChangedOrgan {
    /// Its line in the list.
    pub line: usize,
    /// Its code.
    pub dir3: Dir3,
    /// Its environment.
    pub environment: Environment,
    /// Its file.
    pub file: String,
    /// What differs.
    pub fields: Vec<ChangedField>,
}

/// A field that differs.
#[derive(Debug, Serialize)]
pub struct ChangedField {
    /// The field, as in the organ's file: `name.es`.
    pub field: String,
    /// What the file says; `None`: nothing.
    pub before: Option<String>,
    /// What the list says.
    pub after: String,
}

/// A file that no row of the list is about.
#[derive(Debug, Serialize)]
pub struct ListedFile {
    /// The file.
    pub file: String,
    /// Its organ.
    pub dir3: Option<Dir3>,
    /// Its environment.
    pub environment: Option<Environment>,
}

impl Difference {
    /// Whether there is anything to write.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty()
    }

    /// Tells it.
    pub fn tell(&self, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
        if format.json {
            write_json(out, self)?;
        } else {
            self.write(out)?;
        }
        Ok(())
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (green, yellow) = (Paint::Green.style(), Paint::Yellow.style());
        for organ in &self.new {
            let (dir3, environment) = (&organ.dir3, organ.environment.word());
            writeln!(
                out,
                "{green}new{green:#}      {dir3} {environment}  {}  → {}",
                organ.name, organ.file
            )?;
            if organ.wants_seal {
                writeln!(
                    out,
                    "         without a seal yet: `segell seals add CONTAINER --organ {dir3}`"
                )?;
            }
        }
        for organ in &self.changed {
            let (dir3, environment) = (&organ.dir3, organ.environment.word());
            writeln!(
                out,
                "{yellow}changed{yellow:#}  {dir3} {environment}  {}",
                organ.file
            )?;
            for field in &organ.fields {
                let before = field.before.as_deref().unwrap_or("—");
                writeln!(out, "         {}: {before} → {}", field.field, field.after)?;
            }
        }
        for file in &self.not_listed {
            let dir3 = file.dir3.as_ref().map_or("?", Dir3::as_str);
            let environment = file.environment.map_or("?", Environment::word);
            writeln!(
                out,
                "{FAINT}not listed{FAINT:#} {dir3} {environment}  {}: stays as it is",
                file.file
            )?;
        }
        if !self.is_empty() || !self.not_listed.is_empty() {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{STRONG}{} new, {} changed, {} unchanged, {} not listed{STRONG:#}",
            self.new.len(),
            self.changed.len(),
            self.unchanged,
            self.not_listed.len()
        )?;
        match (self.is_empty(), self.applied) {
            (true, _) => writeln!(out, "Nothing is to be written."),
            (false, true) => writeln!(out, "Written."),
            (false, false) => writeln!(
                out,
                "Nothing was written. → the same with --apply writes it"
            ),
        }
    }
}
