//! `segell seals add|plan|promote|rollback|retire`: seals on their way from one to the next, in the organs'
//! files. A running service follows what they say; nothing here talks to it.
//!
//! An organ's file has its seal in `[seal]`. One that is to take over waits in `[next_seal]`, loaded and
//! registered, and takes over at its `active_from` in every running service, whether anybody has rewritten the
//! file by then or not. `[previous_seal]` is what rolling back puts into force again.

mod add;
mod new_files;
mod organ_record;
mod organ_text;
mod plan;
mod promote;
mod retire;

use std::io::Write;

use jiff::Timestamp;
use toml::Value;
use toml::value::Datetime;

use self::organ_record::OrganRecord;
use self::organ_text::Role;
use crate::cli::inventory::Trouble;
use crate::cli::seals::RenewalCommand;
use crate::cli::{Exit, Failure};
use crate::model::Organ;
use crate::opening::anchors;
use crate::opening::organ_file::next::ACTIVE_FROM;
use crate::opening::organ_file::{ContainerFiles, SealSource};
use crate::opening::organs::{self, Terms};
use crate::opening::seal_source::{open, passphrase as passphrase_of, secret_bytes};
use crate::pki::{
    Anchors, CertificateFacts, SealContainer, SealContents, SealDefect, SealKey, inspect,
};
use crate::settings::Settings;
use crate::tokens::Tokens;

/// What the commands work with.
struct Desk<'a> {
    settings: &'a Settings,
    anchors: Anchors,
    tokens: Tokens,
    now: Timestamp,
}

/// Runs the command.
pub(crate) fn run(
    command: &RenewalCommand,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let desk = Desk {
        settings,
        anchors: anchors::open_anchors(settings, now)?.seals,
        tokens: Tokens::default(),
        now,
    };
    match command {
        RenewalCommand::Add(arguments) => add::run(arguments, &desk, out),
        RenewalCommand::Plan(arguments) => plan::run(arguments, &desk, out),
        RenewalCommand::Promote(arguments) => promote::promote(arguments, &desk, out),
        RenewalCommand::Rollback(arguments) => promote::rollback(arguments, &desk, out),
        RenewalCommand::Retire(arguments) => retire::run(arguments, &desk, out),
    }
}

impl Desk<'_> {
    /// What seals are judged by at some time.
    fn terms(&self, now: Timestamp) -> Terms<'_> {
        Terms {
            profile: self.settings.profile,
            anchors: &self.anchors,
            tokens: &self.tokens,
            now,
        }
    }

    /// Opens the seal that a file names in a role, as the service would, and has it sign.
    fn open(
        &self,
        record: &OrganRecord,
        organ: &Organ,
        role: Role,
        at: Timestamp,
    ) -> Result<SealKey, Trouble> {
        let source = record.source(role).ok_or_else(|| absent(role))?;
        let source = source.map_err(|cause| malformed(role, cause))?;
        let opened = open(record.folder(), &source, organ, &self.terms(at));
        opened.map_err(|defect| organs::trouble_of_seal(&defect))
    }

    /// What the certificate of a seal says that a file names in a role, whatever the seal is worth.
    fn facts(
        &self,
        record: &OrganRecord,
        organ: &Organ,
        role: Role,
    ) -> Result<CertificateFacts, Trouble> {
        let source = record.source(role).ok_or_else(|| absent(role))?;
        let source = source.map_err(|cause| malformed(role, cause))?;
        match self.contents(record, &source) {
            Ok(Some(contents)) => Ok(contents.facts),
            Ok(None) => {
                let key = self.open(record, organ, role, self.now)?;
                Ok(key.facts().clone())
            }
            Err(defect) => Err(organs::trouble_of_seal(&defect)),
        }
    }

    /// What is inside the files of a seal; `None` when its key is on a token.
    fn contents(
        &self,
        record: &OrganRecord,
        source: &SealSource,
    ) -> Result<Option<SealContents>, SealDefect> {
        let folder = record.folder();
        let file = source.passphrase_file.as_ref();
        let passphrase = file.map(|file| passphrase_of(&folder.join(file)));
        let passphrase = passphrase.transpose()?;
        let look = |container: &SealContainer<'_>| inspect(container, &self.anchors, self.now);
        match &source.container {
            ContainerFiles::Pkcs12(path) => {
                let bytes = secret_bytes(&folder.join(path), "the container")?;
                let passphrase = &passphrase.unwrap_or_default();
                let container = SealContainer::Pkcs12 {
                    bytes: &bytes,
                    passphrase,
                };
                look(&container).map(Some)
            }
            ContainerFiles::Pem { certificates, key } => {
                let certificates =
                    secret_bytes(&folder.join(certificates), "the certificates' file")?;
                let key = secret_bytes(&folder.join(key), "the key file")?;
                let container = SealContainer::Pem {
                    certificates: &certificates,
                    key: &key,
                    passphrase: passphrase.as_ref(),
                };
                look(&container).map(Some)
            }
            ContainerFiles::Token { .. } => Ok(None),
        }
    }
}

fn absent(role: Role) -> Trouble {
    let next_step = match role {
        Role::Next => "take one in with `segell seals add`",
        Role::Current | Role::Previous => "`segell seals` shows what there is",
    };
    Trouble {
        code: "no-such-seal",
        cause: format!("the organ's file has no [{}]", role.table()),
        next_step: next_step.to_owned(),
    }
}

fn malformed(role: Role, cause: String) -> Trouble {
    Trouble {
        code: "seal-table-malformed",
        cause: format!("[{}]: {cause}", role.table()),
        next_step:
            "correct the organ's file; [next_seal] and [previous_seal] have the fields of [seal]"
                .to_owned(),
    }
}

/// A trouble of one organ, where one organ was meant.
fn refused(trouble: Trouble) -> Failure {
    Failure::new(
        Exit::Refused,
        format!("{} ({})", trouble.cause, trouble.code),
    )
    .with_next_step(trouble.next_step)
}

/// A failure where several organs were meant.
fn trouble_of(failure: Failure) -> Trouble {
    Trouble {
        code: "not-done",
        cause: failure.sentence,
        next_step: failure.next_step.unwrap_or_default(),
    }
}

/// A moment as a file says it, to the second.
fn value_of(moment: Timestamp) -> Result<Value, Failure> {
    let text = moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let moment: Result<Datetime, _> = text.parse();
    moment.map(Value::Datetime).map_err(|_| {
        Failure::new(
            Exit::Usage,
            format!("{text} is not a time that can be written down"),
        )
    })
}

/// The moment that an organ's file says for its next seal.
fn moment_in(record: &OrganRecord) -> Option<Timestamp> {
    let value = record.seal(Role::Next)?.get(ACTIVE_FROM)?;
    value.as_datetime()?.to_string().parse().ok()
}
