//! `segell seals retire`: the key of a seal that is not used any more is destroyed, once it is certain that its
//! copies stay verifiable.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::new_files::destroy;
use super::organ_record::OrganRecord;
use super::organ_text::Role;
use super::promote::step;
use super::{Desk, malformed, moment_in, refused, trouble_of};
use crate::cli::archive::of_error;
use crate::cli::inventory::Trouble;
use crate::cli::seals::arguments::RetireArguments;
use crate::cli::seals::passphrase::{is_sure, somebody_is_there};
use crate::cli::seals::step::tell;
use crate::cli::{Exit, Failure};
use crate::opening;
use crate::opening::organ_file::{ContainerFiles, SealSource};

/// A file wherever it has a name: device and inode.
type Identity = (u64, u64);

/// Runs the command.
pub(super) fn run(
    arguments: &RetireArguments,
    desk: &Desk<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let record = OrganRecord::find(desk.settings, &arguments.organ, arguments.environment)?;
    let role = match arguments.next {
        true => Role::Next,
        false => Role::Previous,
    };
    let source = record
        .source(role)
        .ok_or_else(|| refused(super::absent(role)))?;
    let source = source.map_err(|cause| refused(malformed(role, cause)))?;
    if role == Role::Next && moment_in(&record).is_some_and(|moment| moment <= desk.now) {
        return Err(Failure::new(
            Exit::Refused,
            "the next seal has taken over: it is in force",
        )
        .with_next_step("`segell seals rollback` first, or `segell seals promote`"));
    }
    let files = secret_files(&record, &source, &others(desk, &record, role)?);
    let name = known_name(desk, &record, role, &files).map_err(refused)?;
    let question = format!(
        "The key of {name} ({}, {}) will be destroyed. Are you sure?",
        record.dir3,
        record.environment.word()
    );
    let unreadable = |error| Failure::new(Exit::Usage, format!("no answer can be read: {error}"));
    if !arguments.yes {
        if !somebody_is_there() {
            return Err(Failure::new(Exit::Usage, "nobody is there to be asked")
                .with_next_step("say --yes; nothing brings a destroyed key back"));
        }
        if !is_sure(&question).map_err(unreadable)? {
            return Err(Failure::new(Exit::Refused, "nothing was changed"));
        }
    }
    let outcome = retire(&record, role, &source, &files);
    tell(&[step(&record, "retired", outcome)], arguments.format, out)
}

/// The secret files of a seal.
struct SecretFiles {
    /// No other seal needs them.
    own: Vec<PathBuf>,
    /// Others do.
    shared: Vec<PathBuf>,
}

fn secret_files(
    record: &OrganRecord,
    source: &SealSource,
    others: &BTreeSet<Identity>,
) -> SecretFiles {
    let files = source.secret_files().map(|file| record.folder().join(file));
    let there = files.filter(|file| identity(file).is_some());
    let is_shared = |file: &PathBuf| identity(file).is_some_and(|file| others.contains(&file));
    let (shared, own) = there.partition(is_shared);
    SecretFiles { own, shared }
}

fn identity(path: &Path) -> Option<Identity> {
    let metadata = path.metadata().ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// The secret files of every other seal that any organ's file names.
fn others(
    desk: &Desk<'_>,
    retired: &OrganRecord,
    retired_role: Role,
) -> Result<BTreeSet<Identity>, Failure> {
    let mut files = BTreeSet::new();
    for record in OrganRecord::all(desk.settings)? {
        for role in Role::ALL {
            if record.path == retired.path && role == retired_role {
                continue;
            }
            let Some(Ok(source)) = record.source(role) else {
                continue;
            };
            let named = source.secret_files().map(|file| record.folder().join(file));
            files.extend(named.filter_map(|file| identity(&file)));
        }
    }
    Ok(files)
}

/// The name of the seal, once it is certain that the archive knows its certificate: the copies that it sealed
/// are recognised by that.
fn known_name(
    desk: &Desk<'_>,
    record: &OrganRecord,
    role: Role,
    files: &SecretFiles,
) -> Result<String, Trouble> {
    let nothing_left = files.own.is_empty() && files.shared.is_empty();
    let organ = record.edited(|_| ()).map_err(trouble_of)?.organ;
    let facts = match desk.facts(record, &organ, role) {
        Ok(facts) => facts,
        // There is no key to destroy, only a name to take out.
        Err(_) if nothing_left => return Ok("a seal whose files are gone".to_owned()),
        Err(trouble) => {
            return Err(Trouble {
                next_step: format!(
                    "whether the archive knows its certificate cannot be told; {}",
                    trouble.next_step
                ),
                ..trouble
            });
        }
    };
    let known = || -> Result<bool, Failure> {
        let runtime = opening::runtime()?;
        let archive = opening::open_archive(desk.settings, runtime.handle(), desk.now)?;
        if !archive.keeps_copies() {
            return Ok(true);
        }
        let seal = archive.registered_seal(&record.dir3, facts.fingerprint);
        Ok(seal.map_err(|error| of_error(&error))?.is_some())
    };
    // What never was in force sealed nothing.
    if role == Role::Previous && !known().map_err(trouble_of)? {
        return Err(Trouble {
            code: "seal-not-registered",
            cause: format!("the archive does not know the certificate of {}", facts.common_name),
            next_step: "roll back to it and start the service once, which registers it; or check archive.url"
                .to_owned(),
        });
    }
    Ok(facts.common_name)
}

/// Takes the seal out of the organ's file first: what it names is there at any time.
fn retire(
    record: &OrganRecord,
    role: Role,
    source: &SealSource,
    files: &SecretFiles,
) -> Result<Vec<String>, Trouble> {
    let edited = record
        .edited(|text| text.remove(role))
        .map_err(trouble_of)?;
    record.replace(&edited.text).map_err(trouble_of)?;
    let mut done = vec![format!("{} no longer names it", record.path.display())];
    if role == Role::Previous {
        done.push("its certificate stays in the archive: its copies stay verifiable".to_owned());
    }
    let mut left = Vec::new();
    for file in &files.own {
        match destroy(file) {
            Ok(()) => done.push(format!("destroyed: {}", file.display())),
            Err(error) => left.push(format!("{} ({error})", file.display())),
        }
    }
    for file in &files.shared {
        done.push(format!("kept, another seal needs it: {}", file.display()));
    }
    if let ContainerFiles::Token { .. } = source.container {
        done.push(
            "its key is on a token: destroy it there, with the tools of the token".to_owned(),
        );
    }
    if left.is_empty() {
        return Ok(done);
    }
    Err(Trouble {
        code: "not-destroyed",
        cause: format!(
            "the organ's file no longer names it, but these are left: {}",
            left.join(", ")
        ),
        next_step: "remove them".to_owned(),
    })
}
