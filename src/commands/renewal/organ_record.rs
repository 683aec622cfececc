//! Organs by their files, as the commands that edit them see them.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::organ_text::{NotEdited, OrganText, Role};
use crate::cli::{Exit, Failure};
use crate::model::{Dir3, Environment, Organ};
use crate::opening::organ_file::next::{ACTIVE_FROM, source_of};
use crate::opening::organ_file::{OrganFile, SealSource};
use crate::opening::{organs, replacement};
use crate::settings::{Profile, Settings};

/// An organ's file, as far as its organ can be told.
#[derive(Debug)]
pub(super) struct OrganRecord {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) table: Table,
    pub(super) dir3: Dir3,
    pub(super) environment: Environment,
}

impl OrganRecord {
    /// Every organ file whose organ can be told. What is wrong with the others, `segell seals` says.
    pub(super) fn all(settings: &Settings) -> Result<Vec<Self>, Failure> {
        let folder = &settings.organs.folder;
        let files = organs::files(folder).map_err(|error| Failure::file(folder, "read", &error))?;
        let served = |record: &Self| {
            settings.profile != Profile::Evaluation || record.environment == Environment::Pre
        };
        let records = files.into_iter().filter_map(Self::read);
        Ok(records.filter(served).collect())
    }

    /// The file of one organ.
    pub(super) fn find(
        settings: &Settings,
        dir3: &Dir3,
        environment: Option<Environment>,
    ) -> Result<Self, Failure> {
        let mut found = Self::all(settings)?;
        found.retain(|record| {
            record.dir3 == *dir3
                && environment.is_none_or(|environment| record.environment == environment)
        });
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(_), false) => Err(Failure::new(
                Exit::Usage,
                format!("{dir3} is served in both environments"),
            )
            .with_next_step("say which with --env pre or --env pro")),
            (None, _) => Err(Failure::new(
                Exit::Usage,
                format!(
                    "no file in {} is about {dir3}",
                    settings.organs.folder.display()
                ),
            )
            .with_next_step("`segell seals` lists the organs, and the files that cannot be read")),
        }
    }

    fn read(path: PathBuf) -> Option<Self> {
        let text = std::fs::read_to_string(&path).ok()?;
        let table: Table = text.parse().ok()?;
        let environment = table.get("environment")?.as_str()?;
        Some(Self {
            dir3: OrganFile::code_in(&text)?,
            environment: Environment::from_word(environment)?,
            path,
            text,
            table,
        })
    }

    /// The folder at which the paths in the file begin.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The organ's name in the language of its file.
    pub(super) fn name(&self) -> String {
        let names = self.table.get("name").and_then(Value::as_table);
        let name = names.and_then(|names| names.get("ca")?.as_str());
        name.unwrap_or_default().to_owned()
    }

    /// The table of a seal.
    pub(super) fn seal(&self, role: Role) -> Option<&Table> {
        self.table.get(role.table())?.as_table()
    }

    /// Where a seal is kept; `None` when the file names none in that role.
    pub(super) fn source(&self, role: Role) -> Option<Result<SealSource, String>> {
        let mut table = self.seal(role)?.clone();
        table.remove(ACTIVE_FROM);
        Some(source_of(table))
    }

    /// The same file with changes, not written yet.
    pub(super) fn edited(&self, change: impl FnOnce(&mut OrganText)) -> Result<Edited, Failure> {
        let mut text = OrganText::new(&self.text, &self.table);
        change(&mut text);
        let text = text.finish().map_err(|NotEdited| self.by_hand())?;
        let (organ, source, _) = OrganFile::read(&text).map_err(|fault| {
            Failure::new(
                Exit::Usage,
                format!("{} cannot be used: {fault}", self.path.display()),
            )
            .with_next_step(fault.next_step())
        })?;
        Ok(Edited {
            text,
            organ,
            source,
        })
    }

    fn by_hand(&self) -> Failure {
        Failure::new(
            Exit::Refused,
            format!(
                "{} is written in a way that cannot be edited by lines; nothing was changed",
                self.path.display()
            ),
        )
        .with_next_step(
            "write its seals as sections of their own, [seal], [next_seal] and [previous_seal], one key a line",
        )
    }

    /// Puts another text in the place of the file's, at once or not at all.
    pub(super) fn replace(&self, text: &str) -> Result<(), Failure> {
        replacement::replace(&self.path, Some(&self.text), text)
            .map_err(|error| Failure::file(&self.path, "changed", &error))
    }
}

/// An organ's file as it would be.
pub(super) struct Edited {
    pub(super) text: String,
    pub(super) organ: Organ,
    /// Where its seals are kept, when it has its own.
    pub(super) source: Option<SealSource>,
}
