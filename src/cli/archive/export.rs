//! `segell archive export`, `verify-export` and `import`: the copies of an organ that leaves, or arrives.
//!
//! An export is an archive in a folder, with a table for people, a text that explains it and the digests of
//! all files. Everything that proves a copy is inside, so that it is verified with `sha256sum` alone or with
//! this program, on any machine, without the service that made it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use super::arguments::{ExportArguments, ExportedArguments};
use super::{copies, index, of_error, refuse_conflicts, transfer_as_json, under_bar};
use crate::archive::{Archive, ArchiveLocation};
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{Paint, STRONG};
use crate::cli::write_json;
use crate::model::Sha256Digest;

const ARCHIVE: &str = "archive";
const TABLE: &str = "index.tsv";
const SUMS: &str = "SHA256SUMS";
const EXPLANATION: &str = "README.txt";

const EXPLAINED: &str = include_str!("export.txt");

/// How deep folders lie in an export.
const DEPTH: usize = 9;

/// Takes out all copies of one organ.
pub fn export(
    archive: &Archive,
    arguments: &ExportArguments,
    runtime: &Handle,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let folder = &arguments.out;
    refuse_what_is_there(folder)?;
    let target = open(&folder.join(ARCHIVE), runtime)?;
    let (transfer, exported) = under_bar("exporting", |progress| {
        archive.transfer_organ(&arguments.organ, &target, now, progress)
    })?;
    refuse_conflicts(&transfer)?;
    let explained = EXPLAINED
        .replace("{organ}", arguments.organ.as_str())
        .replace("{time}", &crate::cli::time(now))
        .replace("{copies}", &exported.len().to_string());
    write(&folder.join(EXPLANATION), &explained)?;
    write(&folder.join(TABLE), &index::write(&exported))?;
    let files = files(folder)?;
    let mut sums = String::new();
    for name in &files {
        let digest = digest_of(&folder.join(name))?;
        sums.push_str(&format!("{digest}  {name}\n"));
    }
    write(&folder.join(SUMS), &sums)?;
    if arguments.format.json {
        return Ok(write_json(
            out,
            &serde_json::json!({ "copies": exported.len(), "files": files.len() + 1 }),
        )?);
    }
    let green = Paint::Green.style();
    writeln!(
        out,
        "{green}✔{green:#} {STRONG}exported{STRONG:#}: {} of {} into {}",
        copies(exported.len() as u64),
        arguments.organ,
        folder.display()
    )?;
    Ok(())
}

/// Verifies an export, without the archive it came from.
pub fn verify(
    arguments: &ExportedArguments,
    runtime: &Handle,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let verified = verified(&arguments.folder, runtime, now)?;
    if arguments.format.json {
        return Ok(write_json(
            out,
            &serde_json::json!({ "copies": verified.copies, "files": verified.files }),
        )?);
    }
    let green = Paint::Green.style();
    writeln!(
        out,
        "{green}✔{green:#} {STRONG}sound{STRONG:#}: {}, {} files",
        copies(verified.copies),
        verified.files
    )?;
    Ok(())
}

/// Verifies an export and takes it into the archive.
pub fn import(
    archive: &Archive,
    arguments: &ExportedArguments,
    runtime: &Handle,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let verified = verified(&arguments.folder, runtime, now)?;
    let transfer = under_bar("importing", |progress| {
        verified.archive.transfer(archive, progress)
    })?;
    if arguments.format.json {
        write_json(out, &transfer_as_json(&transfer))?;
    } else {
        let all_there = transfer.already == transfer.objects;
        let again = if all_there {
            ", which were there already"
        } else {
            ""
        };
        writeln!(out, "imported: {}{again}", copies(verified.copies))?;
    }
    refuse_conflicts(&transfer)
}

/// An export that is sound.
struct Verified {
    archive: Archive,
    copies: u64,
    files: usize,
}

fn verified(folder: &Path, runtime: &Handle, now: Timestamp) -> Result<Verified, Failure> {
    let sums = folder.join(SUMS);
    let text = fs::read_to_string(&sums).map_err(|error| Failure::file(&sums, "read", &error))?;
    let mut faults = Vec::new();
    let mut named = BTreeSet::new();
    for line in text.lines() {
        let Some((digest, name)) = sum(line) else {
            faults.push(format!("{SUMS}: a line that is none: {line:?}"));
            continue;
        };
        named.insert(name.to_owned());
        match digest_of(&folder.join(name)) {
            Ok(found) if found == digest => {}
            Ok(_) => faults.push(format!("{name}: changed since it was exported")),
            Err(failure) => faults.push(failure.sentence),
        }
    }
    let added = files(folder)?
        .into_iter()
        .filter(|name| !named.contains(name));
    faults.extend(added.map(|name| format!("{name}: was not exported")));
    if !faults.is_empty() {
        return Err(damaged(faults));
    }
    let archive = open(&folder.join(ARCHIVE), runtime)?;
    let check = under_bar("verifying", |progress| archive.check(now, progress))?;
    let findings = check.findings.iter();
    faults.extend(findings.map(|finding| format!("{}: {}", finding.object, finding.defect)));
    let table = folder.join(TABLE);
    let table =
        fs::read_to_string(&table).map_err(|error| Failure::file(&table, "read", &error))?;
    if index::count(&table) as u64 != check.copies {
        let listed = index::count(&table);
        faults.push(format!(
            "{TABLE} lists {listed}, and there are {}",
            check.copies
        ));
    }
    if !faults.is_empty() {
        return Err(damaged(faults));
    }
    Ok(Verified {
        archive,
        copies: check.copies,
        files: named.len() + 1,
    })
}

fn damaged(faults: Vec<String>) -> Failure {
    let sentence = format!("{} thing(s) in the export do not fit", faults.len());
    Failure::new(Exit::Refused, sentence)
        .with_details(faults)
        .with_next_step("export again, or fetch the folder from another medium")
}

/// A line of `sha256sum`: digest, two spaces, a name inside the folder.
fn sum(line: &str) -> Option<(Sha256Digest, &str)> {
    let (digest, name) = line.split_once("  ")?;
    let inside = |part| matches!(part, Component::Normal(_));
    let is_inside = !name.is_empty() && Path::new(name).components().all(inside);
    is_inside.then_some((digest.parse().ok()?, name))
}

/// An archive in a folder, which nobody else uses.
fn open(folder: &Path, runtime: &Handle) -> Result<Archive, Failure> {
    let location = ArchiveLocation::Folder(folder.to_owned());
    Archive::open(&location, None, runtime.clone()).map_err(|error| of_error(&error))
}

fn refuse_what_is_there(folder: &Path) -> Result<(), Failure> {
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(Failure::file(folder, "written", &error)),
    };
    if is_free {
        return Ok(());
    }
    let there = format!("{} is there already and not empty", folder.display());
    Err(Failure::new(Exit::Usage, there)
        .with_next_step("name a folder that is not there; it is made"))
}

/// The names of all files in an export but that of their digests, sorted.
fn files(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![(PathBuf::new(), 0)];
    while let Some((inside, depth)) = folders.pop() {
        let listed = folder.join(&inside);
        let failure = |error: io::Error| Failure::file(&listed, "listed", &error);
        for entry in fs::read_dir(&listed).map_err(failure)? {
            let entry = entry.map_err(failure)?;
            let name = inside.join(entry.file_name());
            if entry.file_type().map_err(failure)?.is_dir() && depth < DEPTH {
                folders.push((name, depth + 1));
            } else {
                found.push(name.to_string_lossy().into_owned());
            }
        }
    }
    found.retain(|name| name != SUMS);
    found.sort();
    Ok(found)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::file(path, "written", &error))
}

fn digest_of(path: &Path) -> Result<Sha256Digest, Failure> {
    let failure = |error: io::Error| Failure::file(path, "read", &error);
    let mut file = File::open(path).map_err(failure)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut chunk).map_err(failure)?;
        match chunk.get(..read) {
            Some(part) if !part.is_empty() => hash.update(part),
            _ => return Ok(Sha256Digest::of_state(&hash)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_inside_the_folder_are_read() {
        let digest = Sha256Digest::of(b"x");
        let line = |name: &str| format!("{digest}  {name}");
        assert_eq!(sum(&line("a/b.pdf")), Some((digest, "a/b.pdf")));
        for name in ["", "/etc/passwd", "../a", "a/../../b"] {
            assert_eq!(sum(&line(name)), None, "{name}");
        }
        assert_eq!(sum("nonsense  a"), None);
    }
}
