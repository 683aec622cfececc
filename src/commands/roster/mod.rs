//! `segell organs import`: makes the organ files say what a list of organs says.
//!
//! All is worked out before anything is written, and one row that cannot be used stops everything. Then each
//! file is replaced at once or not at all.

mod edit;
mod fields;
mod row;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use toml::Table;

use self::fields::Field;
pub(crate) use self::row::COLUMNS;
use self::row::OrganRow;
use crate::cli::organs::import::{ChangedField, ChangedOrgan, Difference, ListedFile, NewOrgan};
use crate::cli::organs::{ImportArguments, OrgansCommand};
use crate::cli::{Exit, Failure};
use crate::model::organ::Cession;
use crate::model::{Dir3, Environment};
use crate::opening::organ_file::{OrganFile, OrganFileFault};
use crate::opening::tsv::{Sheet, SheetFault};
use crate::opening::{organs, replacement};
use crate::pdf::typeface::Typeface;
use crate::seal::{SeatKey, legend};
use crate::settings::Settings;

/// Runs the command.
pub(crate) fn run(
    command: &OrgansCommand,
    settings: &Settings,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let OrgansCommand::Import(arguments) = command;
    import(arguments, &settings.organs.folder, out)
}

fn import(arguments: &ImportArguments, folder: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let unusable = |faults: Vec<SheetFault>| {
        Failure::new(
            Exit::Usage,
            format!(
                "{} cannot be used; nothing was written",
                arguments.list.display()
            ),
        )
        .with_details(faults.iter().map(ToString::to_string))
        .with_next_step("`segell organs import --help` shows the columns")
    };
    let sheet = Sheet::open(&arguments.list, &COLUMNS, &["dir3", "environment"]);
    let sheet = sheet.map_err(unusable)?;
    let rows = row::read(&sheet).map_err(unusable)?;
    let files = Files::read(folder)?;
    let mut plan = Plan::of(&sheet, rows, files, folder).map_err(unusable)?;
    if arguments.apply {
        for write in &plan.writes {
            replacement::replace(&write.path, write.before.as_deref(), &write.text)
                .map_err(|error| Failure::file(&write.path, "written", &error))?;
        }
        plan.difference.applied = true;
    }
    plan.difference.tell(arguments.format, out)
}

/// An organ's file as it is.
struct OrganText {
    path: PathBuf,
    text: String,
    table: Table,
}

/// The organ files, by organ and environment.
struct Files(BTreeMap<SeatKey, OrganText>);

impl Files {
    /// Reads them all. One that cannot be understood stops everything: its organ would get a second file.
    fn read(folder: &Path) -> Result<Self, Failure> {
        let paths = organs::files(folder).map_err(|error| Failure::file(folder, "read", &error))?;
        let (mut files, mut faults) = (BTreeMap::new(), Vec::new());
        for path in paths {
            let mut fault = |cause: String| faults.push(format!("{}: {cause}", path.display()));
            let text = match std::fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) => {
                    fault(error.to_string());
                    continue;
                }
            };
            let Ok(table) = text.parse::<Table>() else {
                fault("it is not TOML".to_owned());
                continue;
            };
            let Some(key) = key_of(&table) else {
                fault("it has no dir3 and environment that can be read".to_owned());
                continue;
            };
            let file = OrganText {
                path: path.clone(),
                text,
                table,
            };
            if let Some(other) = files.insert(key, file) {
                let other: OrganText = other;
                fault(format!("{} has the same organ", other.path.display()));
            }
        }
        if faults.is_empty() {
            return Ok(Self(files));
        }
        Err(Failure::new(
            Exit::Usage,
            "organ files cannot be understood; nothing was written",
        )
        .with_details(faults)
        .with_next_step("correct or remove them; `segell seals` says what is wrong"))
    }
}

fn key_of(table: &Table) -> Option<SeatKey> {
    let dir3: Dir3 = table.get("dir3")?.as_str()?.parse().ok()?;
    let environment = Environment::from_word(table.get("environment")?.as_str()?)?;
    Some((dir3, environment))
}

/// A file to be written.
struct FileWrite {
    path: PathBuf,
    /// What it says now; `None`: there is none.
    before: Option<String>,
    text: String,
}

/// What is to be done.
struct Plan {
    difference: Difference,
    writes: Vec<FileWrite>,
}

impl Plan {
    fn of(
        sheet: &Sheet,
        rows: Vec<OrganRow>,
        mut files: Files,
        folder: &Path,
    ) -> Result<Self, Vec<SheetFault>> {
        let mut plan = Self {
            difference: Difference::default(),
            writes: Vec::new(),
        };
        let mut faults = Vec::new();
        for row in rows {
            let planned = match files.0.remove(&(row.dir3.clone(), row.environment)) {
                Some(file) => plan.change(&row, file),
                None => plan.add(&row, folder),
            };
            if let Err((column, cause)) = planned {
                let at = sheet.rows.iter().find(|known| known.line == row.line);
                faults.extend(at.map(|at| sheet.fault(at, column, cause)));
            }
        }
        let not_listed = files
            .0
            .into_iter()
            .map(|((dir3, environment), file)| ListedFile {
                file: name_of(&file.path),
                dir3: Some(dir3),
                environment: Some(environment),
            });
        plan.difference.not_listed = not_listed.collect();
        if faults.is_empty() {
            Ok(plan)
        } else {
            Err(faults)
        }
    }

    /// Plans what changes in an organ's file.
    fn change(&mut self, row: &OrganRow, file: OrganText) -> Result<(), Unplanned> {
        let said = row.fields();
        let changes: Vec<&Field> = said
            .iter()
            .filter(|field| field.found_in(&file.table) != Some(&field.value))
            .collect();
        if changes.is_empty() {
            self.difference.unchanged += 1;
            return Ok(());
        }
        let mut text = file.text.clone();
        for field in &changes {
            text = edit::set(&text, field).ok_or_else(|| {
                let cause = format!(
                    "{} is written in a way that cannot be edited: put {} = {} there by hand",
                    file.path.display(),
                    field.name(),
                    field.value
                );
                (field.column, cause)
            })?;
        }
        usable(&text)?;
        let fields = changes.iter().map(|field| ChangedField {
            field: field.name(),
            before: field.found_in(&file.table).map(fields::shown),
            after: fields::shown(&field.value),
        });
        self.difference.changed.push(ChangedOrgan {
            line: row.line,
            dir3: row.dir3.clone(),
            environment: row.environment,
            file: name_of(&file.path),
            fields: fields.collect(),
        });
        self.writes.push(FileWrite {
            path: file.path,
            before: Some(file.text),
            text,
        });
        Ok(())
    }

    /// Plans the file of a new organ.
    fn add(&mut self, row: &OrganRow, folder: &Path) -> Result<(), Unplanned> {
        if let Some(column) = row.missing_for_a_new_organ() {
            return Err((column, "it is empty, and a new organ needs it".to_owned()));
        }
        let text = fields::new_file(&row.fields());
        usable(&text)?;
        let file = self.free_name(row, folder)?;
        self.difference.new.push(NewOrgan {
            line: row.line,
            dir3: row.dir3.clone(),
            environment: row.environment,
            name: row.name_ca.clone().unwrap_or_default(),
            file: file.clone(),
            wants_seal: row.cession == Some(Cession::Own),
        });
        self.writes.push(FileWrite {
            path: folder.join(file),
            before: None,
            text,
        });
        Ok(())
    }

    /// `L01990015.toml`; `L01990015-pro.toml` where that is the name of another.
    fn free_name(&self, row: &OrganRow, folder: &Path) -> Result<String, Unplanned> {
        let (dir3, environment) = (&row.dir3, row.environment.word());
        let names = [format!("{dir3}.toml"), format!("{dir3}-{environment}.toml")];
        let is_free = |name: &String| {
            let path = folder.join(name);
            let planned = self.writes.iter().any(|write| write.path == path);
            !planned && path.symlink_metadata().is_err()
        };
        names.into_iter().find(is_free).ok_or_else(|| {
            let cause = format!("{dir3}.toml and {dir3}-{environment}.toml are files of others");
            ("dir3", cause)
        })
    }
}

/// The column at fault, and why.
type Unplanned = (&'static str, String);

/// Makes sure that the service can use a file with this text, but for the seal that it may lack still.
fn usable(text: &str) -> Result<(), Unplanned> {
    let read = match OrganFile::read(text) {
        Err(OrganFileFault::NoSeal) => OrganFile::read(&with_seal_elsewhere(text)),
        read => read,
    };
    let (organ, ..) =
        read.map_err(|fault| ("dir3", format!("its file could not be used: {fault}")))?;
    match Typeface::covering(&legend::alphabet(&organ)) {
        Ok(_) => Ok(()),
        Err(_) => Err(("name_ca", OrganFileFault::Unprintable.to_string())),
    }
}

/// The same organ as one that needs no seal here.
fn with_seal_elsewhere(text: &str) -> String {
    let mut table: Table = text.parse().unwrap_or_default();
    let ceded = Cession::Ceded.word().to_owned();
    table.insert("cession".to_owned(), ceded.into());
    table.to_string()
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
