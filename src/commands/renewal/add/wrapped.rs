//! The new seal as it will stand beside the others: a container of today, its passphrase, its certificate.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Order, of_defect};
use crate::cli::seals::addition::Outcome;
use crate::cli::{Exit, Failure};
use crate::commands::renewal::new_files::NewFiles;
use crate::commands::renewal::organ_record::{Edited, OrganRecord};
use crate::commands::renewal::organ_text::Role;
use crate::opening::organ_file::ContainerFiles;
use crate::opening::seal_source::open;
use crate::pki::CertificateFacts;

/// Digits of the fingerprint in the names of files.
const DIGITS: usize = 12;
/// Secrets are read by their owner only.
const SECRET: u32 = 0o400;
/// Certificates are for everybody.
const PUBLIC: u32 = 0o644;

/// The files of the new seal, as the organ's file names them.
pub(super) struct Names {
    folder: PathBuf,
    stem: String,
}

/// Everything that will be written, in memory.
pub(super) struct Wrapped {
    pub(super) names: Names,
    pub(super) container: Zeroizing<Vec<u8>>,
    pub(super) passphrase: Zeroizing<String>,
    /// PEM.
    pub(super) certificate: String,
    pub(super) edited: Edited,
}

impl Names {
    /// Beside the organ's other seals, under a name that no other seal has.
    pub(super) fn of(record: &OrganRecord, facts: &CertificateFacts) -> Self {
        let in_force = record.source(Role::Current).and_then(Result::ok);
        let container = in_force.map(|source| source.container);
        let beside = match &container {
            Some(ContainerFiles::Pkcs12(path)) => path.parent(),
            Some(ContainerFiles::Pem { key, .. }) => key.parent(),
            Some(ContainerFiles::Token { .. }) | None => None,
        };
        let usual = match record.folder().join("../seals").is_dir() {
            true => Path::new("../seals"),
            false => Path::new("seals"),
        };
        let digits = facts.fingerprint.to_string();
        let digits = digits.get(..DIGITS).unwrap_or(&digits);
        Self {
            folder: beside.unwrap_or(usual).to_owned(),
            stem: format!("{}-{}-{digits}", record.dir3, record.environment.word()),
        }
    }

    /// A file as the organ's file names it.
    pub(super) fn file(&self, ending: &str) -> String {
        let file = self.folder.join(format!("{}.{ending}", self.stem));
        file.to_string_lossy().into_owned()
    }
}

impl Wrapped {
    /// What is written, or would be.
    pub(super) fn outcome(&self, order: &Order<'_>) -> Outcome {
        let record = &order.record;
        let path = |ending: &str| {
            record
                .folder()
                .join(self.names.file(ending))
                .display()
                .to_string()
        };
        let dir3 = &record.dir3;
        let active_from = order.arguments.active_from;
        let when = match (order.role, active_from) {
            (Role::Next, Some(moment)) => format!(
                "it takes over at {moment} in every running service; `segell seals promote --all-due` then \
                 tidies the organ's file"
            ),
            (Role::Next, None) => format!(
                "say when it takes over: `segell seals plan --organ {dir3} --active-from TIME --apply`, or \
                 `segell seals promote --organ {dir3} --now`"
            ),
            (Role::Current | Role::Previous, _) => {
                "a running service takes it into force within seconds".to_owned()
            }
        };
        Outcome {
            written: false,
            role: order.role.word(),
            active_from,
            file: record.path.display().to_string(),
            container: path("p12"),
            passphrase_file: path("pass"),
            certificate: path("pem"),
            next_steps: vec![
                "give the certificate to every counterpart that knows the organ by its seal"
                    .to_owned(),
                when,
                format!(
                    "delete {} where it came from",
                    order.arguments.container.display()
                ),
            ],
        }
    }

    /// Writes the files, opens the seal from them as the service will, and names it in the organ's file. What
    /// was written is taken away again when anything fails.
    pub(super) fn write(&self, order: &Order<'_>) -> Result<(), Failure> {
        let record = &order.record;
        let mut files = NewFiles::beside(&record.path);
        let folder = record.folder().join(&self.names.folder);
        let made = files.folder(&folder);
        made.map_err(|error| Failure::file(&folder, "made", &error))?;
        for (ending, bytes, mode) in [
            ("p12", self.container.as_slice(), SECRET),
            ("pass", self.passphrase.as_bytes(), SECRET),
            ("pem", self.certificate.as_bytes(), PUBLIC),
        ] {
            let path = record.folder().join(self.names.file(ending));
            let written = files.write(&path, bytes, mode);
            written.map_err(|error| Failure::file(&path, "written", &error))?;
        }
        let source = self.edited.source.as_ref();
        let source = source.and_then(|source| match order.role {
            Role::Next => source.next.as_ref()?.source.as_deref().ok(),
            Role::Current | Role::Previous => Some(source),
        });
        let source = source.ok_or_else(|| {
            Failure::new(
                Exit::Refused,
                format!(
                    "{} says that the organ's seal is kept elsewhere",
                    record.path.display()
                ),
            )
            .with_next_step("declare cession = \"own\" there")
        })?;
        let terms = order.desk.terms(order.at);
        open(record.folder(), source, &self.edited.organ, &terms)
            .map_err(|defect| of_defect(&defect))?;
        record.replace(&self.edited.text)?;
        files.keep();
        Ok(())
    }
}
