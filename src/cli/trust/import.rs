//! `segell trust import`: anchors out of a trusted list.

use std::io::Write;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;

use super::{ImportArguments, tell};
use crate::cli::document::Destination;
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{Column, Paint, Table};
use crate::cli::write_json;
use crate::pki::trust_list::{
    AnchorFile, Change, Difference, ListFacts, ListKind, Purpose, Selection, TrustedList,
};

/// Where anchors are kept.
#[derive(Clone, Copy, Debug)]
pub struct Folders<'a> {
    /// For seals.
    pub seals: &'a Path,
    /// For timestamps, if anywhere.
    pub timestamps: Option<&'a Path>,
}

impl<'a> Folders<'a> {
    fn of(self, purpose: Purpose) -> Option<&'a Path> {
        match purpose {
            Purpose::Seals => Some(self.seals),
            Purpose::Timestamps => self.timestamps,
        }
    }
}

/// A file that is to be written.
struct Plan {
    file: AnchorFile,
    path: PathBuf,
    differences: Vec<Difference>,
}

/// What is answered to programs.
#[derive(Serialize)]
struct Answer<'a> {
    kind: ListKind,
    list: &'a ListFacts,
    stale: bool,
    written: bool,
    files: Vec<PlanAnswer<'a>>,
}

#[derive(Serialize)]
struct PlanAnswer<'a> {
    purpose: Purpose,
    path: String,
    anchors: usize,
    differences: &'a [Difference],
}

/// Runs the command. Everything is checked and told before anything is written.
pub fn run(
    arguments: &ImportArguments,
    folders: Folders<'_>,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let list = super::read(&arguments.source, now)?;
    if list.kind == ListKind::ListOfLists {
        super::signers::tell_pointers(&list, arguments.format, now, out)?;
        if !arguments.format.json {
            writeln!(
                out,
                "\nA list of lists has no services, so there is nothing to import. Take the signers of a \
                 list from it:\n  segell trust signers {} --signer … --country ES > es.pem",
                arguments.source.list.display()
            )?;
        }
        return Ok(());
    }
    let plans = plans(arguments, folders, &list)?;
    if arguments.format.json {
        let facts = AnchorFile::of(&list, Selection::default(), Purpose::Seals).list;
        let files = plans.iter().map(|plan| PlanAnswer {
            purpose: plan.file.purpose,
            path: plan.path.display().to_string(),
            anchors: plan.file.anchors.len(),
            differences: &plan.differences,
        });
        let answer = Answer {
            kind: list.kind,
            list: &facts,
            stale: list.is_stale(now),
            written: !arguments.dry_run,
            files: files.collect(),
        };
        if !arguments.dry_run {
            write(&plans)?;
        }
        return Ok(write_json(out, &answer)?);
    }
    tell(&list, now, out)?;
    for plan in &plans {
        tell_plan(plan, out)?;
    }
    writeln!(out)?;
    if arguments.dry_run {
        return Ok(writeln!(out, "Nothing was written (--dry-run).")?);
    }
    write(&plans)?;
    Ok(writeln!(
        out,
        "Written. A running service trusts them when it is started again."
    )?)
}

/// What would be written for each purpose.
fn plans(
    arguments: &ImportArguments,
    folders: Folders<'_>,
    list: &TrustedList,
) -> Result<Vec<Plan>, Failure> {
    let selection = Selection {
        national: arguments.national,
        before_eidas: arguments.before_eidas,
    };
    let wanted = Purpose::ALL
        .into_iter()
        .filter(|purpose| arguments.purpose.is_none_or(|only| only == *purpose));
    let mut plans = Vec::new();
    for purpose in wanted {
        let Some(folder) = folders.of(purpose) else {
            if arguments.purpose.is_none() {
                continue;
            }
            return Err(Failure::new(
                Exit::Usage,
                "there is no folder for the issuers of timestamps",
            )
            .with_next_step("name one in trust.timestamps"));
        };
        let file = AnchorFile::of(list, selection, purpose);
        let path = folder.join(file.name());
        let before = imported_before(&path, arguments.force)?;
        if let Some(before) = &before {
            refuse_rollback(&before.list, &file.list, arguments.force)?;
        }
        if file.anchors.is_empty() && before.is_none() {
            continue;
        }
        plans.push(Plan {
            differences: file.differences(before.as_ref()),
            file,
            path,
        });
    }
    if plans.is_empty() {
        return Err(Failure::new(
            Exit::Refused,
            "the list has no service that becomes an anchor",
        )
        .with_next_step("operator: --national takes services that are approved nationally, too"));
    }
    Ok(plans)
}

/// What the same list gave when it was imported before.
fn imported_before(path: &Path, force: bool) -> Result<Option<AnchorFile>, Failure> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(path, "read", &error)),
    };
    match AnchorFile::read(&bytes) {
        Ok(file) => Ok(Some(file)),
        Err(_) if force => Ok(None),
        Err(fault) => Err(Failure::new(
            Exit::Refused,
            format!("{} was imported before, and {fault}", path.display()),
        )
        .with_next_step("operator: find out who changed it; --force replaces it")),
    }
}

/// Whoever can put an old list in a new one's place brings back what was withdrawn since.
fn refuse_rollback(before: &ListFacts, new: &ListFacts, force: bool) -> Result<(), Failure> {
    let refused = match new.sequence.cmp(&before.sequence) {
        std::cmp::Ordering::Greater => None,
        std::cmp::Ordering::Less => Some(format!(
            "number {} of the list was imported before; this is number {}",
            before.sequence, new.sequence
        )),
        std::cmp::Ordering::Equal => (new.sha256 != before.sha256).then(|| {
            format!(
                "another list with the number {} was imported before",
                new.sequence
            )
        }),
    };
    match refused {
        Some(sentence) if !force => Err(Failure::new(Exit::Refused, sentence).with_next_step(
            "operator: fetch the current list; --force takes this one all the same",
        )),
        _ => Ok(()),
    }
}

fn write(plans: &[Plan]) -> Result<(), Failure> {
    // Every file is complete beside its place before the first one takes it.
    let mut ready = Vec::new();
    for Plan { file, path, .. } in plans {
        let text = file
            .write()
            .map_err(|fault| Failure::new(Exit::Trouble, format!("{}: {fault}", path.display())))?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::file(folder, "made", &error))?;
        }
        ready.push((Destination::prepare(path, true)?, Bytes::from(text)));
    }
    for (destination, text) in ready {
        destination.write(&[text])?;
    }
    Ok(())
}

fn tell_plan(plan: &Plan, out: &mut dyn Write) -> std::io::Result<()> {
    let anchors = &plan.file.anchors;
    let past = anchors
        .iter()
        .filter(|anchor| anchor.trusted.iter().all(|period| period.until.is_some()))
        .count();
    writeln!(out)?;
    writeln!(
        out,
        "{}: {} anchor(s), {past} of them for the past only → {}",
        plan.file.purpose.word(),
        anchors.len(),
        plan.path.display()
    )?;
    if plan.differences.is_empty() {
        return writeln!(out, "  as before");
    }
    let mut table = Table::new(&[
        Column::left("CHANGE"),
        Column::left("CERTIFICATE"),
        Column::left("PROVIDER"),
        Column::whole("TYPE"),
        Column::whole("STATUS"),
        Column::whole("SINCE"),
    ]);
    for Difference { change, anchor } in &plan.differences {
        let (word, paint) = match change {
            Change::Added => ("added", Paint::Green),
            Change::Removed => ("removed", Paint::Red),
            Change::Changed => ("changed", Paint::Yellow),
        };
        table.row(
            paint,
            vec![
                word.to_owned(),
                anchor.subject.clone(),
                anchor.provider.clone(),
                anchor.kind.clone(),
                anchor.status.clone(),
                super::day(anchor.since),
            ],
        );
    }
    table.write(out)
}
