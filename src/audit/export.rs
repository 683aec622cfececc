//! Taking a part of the log out, in a file that can be verified without any archive.
//!
//! JSON lines: first `{"export":…}`, then for each instance its lines without a gap, and the checkpoints that
//! prove them (`{"checkpoint":…,"token":"<Base64>"}`). Lines of other times or organs stand without what
//! they say, so that the chain holds and nothing else is told.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::entry::Entry;
use super::instance::Instance;
use super::keys::AuditKeys;
use super::line::{Line, LineFault, json};
use super::segments::lines;
use super::verify::{
    AuditFinding, Log, LogReport, Sources, Testimony, Verification, Walk, archived_segments,
};
use crate::archive::{ArchiveError, AuditObject, AuditShelf};
use crate::model::Dir3;
use crate::pki::Anchors;

/// Version of the file.
const VERSION: u32 = 1;

/// What is exported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Up to this time, which is not in it.
    pub to: Option<Timestamp>,
    /// Of this organ only.
    pub organ: Option<Dir3>,
}

/// What an export has inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Lines with what they say.
    pub told: u64,
    /// Lines without.
    pub untold: u64,
    /// Checkpoints.
    pub checkpoints: u64,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The archive does not answer.
    #[error("the archive does not answer")]
    Archive(#[from] ArchiveError),
    /// The file cannot be written.
    #[error("the export cannot be written: {0}")]
    Output(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
struct Beginning {
    export: Header,
}

#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    made_at: Timestamp,
    #[serde(flatten)]
    selection: Selection,
}

/// A checkpoint among the lines.
#[derive(Serialize, Deserialize)]
struct Proof {
    checkpoint: Checkpoint,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl Selection {
    fn is_in_time(&self, entry: &Entry) -> bool {
        self.from.is_none_or(|from| from <= entry.at) && self.to.is_none_or(|to| entry.at < to)
    }

    fn is_of_organ(&self, entry: &Entry) -> bool {
        self.organ.is_none() || self.organ == entry.organ
    }
}

/// Exports the lines of a selection, with what proves them.
///
/// # Errors
/// [`ExportError`]. What does not fit in the log is passed over: verifying finds it.
pub fn export(
    sources: &Sources<'_>,
    selection: &Selection,
    out: &mut dyn Write,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::default();
    let mut write = |value: &[u8]| out.write_all(value).and_then(|()| out.write_all(b"\n"));
    write(&json(&Beginning {
        export: Header {
            version: VERSION,
            made_at: sources.now,
            selection: selection.clone(),
        },
    }))?;
    // Checkpoints before lines: what a checkpoint tells of is there by then.
    let checkpoints = Checkpoints::of(sources)?;
    let segments = archived_segments(sources.shelf)?;
    let mut instances: Vec<&Instance> = segments.keys().chain(sources.files.keys()).collect();
    instances.sort();
    instances.dedup();
    for instance in instances {
        let log = Log::open(instance, sources, &segments, &mut Vec::new());
        let Some((first, last)) = range(&log, selection)? else {
            continue;
        };
        let proofs = checkpoints.between(instance, first, last);
        let end = proofs.iter().map(|(count, ..)| *count).max();
        let end = end.unwrap_or(last).max(last);
        each_line(&log, |line| {
            if !(first..=end).contains(&line.seq) {
                return Ok(());
            }
            let told = line.entry.as_ref();
            let is_told = told
                .is_some_and(|entry| selection.is_in_time(entry) && selection.is_of_organ(entry));
            match is_told {
                true => exported.told += 1,
                false => exported.untold += 1,
            }
            let line = if is_told { line } else { line.without_entry() };
            Ok(write(&line.to_json())?)
        })?;
        for (_, checkpoint, token) in proofs {
            let token = token.map(|token| STANDARD.encode(token));
            write(&json(&Proof { checkpoint, token }))?;
            exported.checkpoints += 1;
        }
    }
    Ok(exported)
}

/// The first and the last line of a log that are in the time of a selection.
fn range(log: &Log<'_>, selection: &Selection) -> Result<Option<(u64, u64)>, ExportError> {
    let mut range: Option<(u64, u64)> = None;
    each_line(log, |line| {
        if line
            .entry
            .as_ref()
            .is_some_and(|entry| selection.is_in_time(entry))
        {
            let (first, last) = range.unwrap_or((line.seq, line.seq));
            range = Some((first.min(line.seq), last.max(line.seq)));
        }
        Ok(())
    })?;
    Ok(range)
}

fn each_line(
    log: &Log<'_>,
    mut take: impl FnMut(Line) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    for first in log.segments() {
        let segment = log.segment(first, &mut Vec::new())?.unwrap_or_default();
        for line in lines(&segment).filter_map(|line| Line::read(line).ok()) {
            take(line)?;
        }
    }
    Ok(())
}

/// The checkpoints and tokens of the archive, by instance and line.
struct Checkpoints<'a> {
    sources: &'a Sources<'a>,
    names: BTreeMap<(String, u64), AuditObject>,
    tokens: BTreeMap<(String, u64), AuditObject>,
}

/// A checkpoint with the line it tells of and its token.
type Proving = (u64, Checkpoint, Option<Bytes>);

impl<'a> Checkpoints<'a> {
    fn of(sources: &'a Sources<'a>) -> Result<Self, ArchiveError> {
        let mut checkpoints = Self {
            sources,
            names: BTreeMap::new(),
            tokens: BTreeMap::new(),
        };
        for object in sources.shelf.audit_objects(&AuditShelf::Checkpoints)? {
            match &object {
                AuditObject::Checkpoint {
                    instance, count, ..
                } => checkpoints.names.insert((instance.clone(), *count), object),
                AuditObject::Token {
                    instance, count, ..
                } => checkpoints
                    .tokens
                    .insert((instance.clone(), *count), object),
                AuditObject::Segment { .. } => None,
            };
        }
        Ok(checkpoints)
    }

    /// Those that were time-stamped between two lines, and the first one that covers the last.
    fn between(&self, instance: &Instance, first: u64, last: u64) -> Vec<Proving> {
        let name = |count: u64| (instance.to_string(), count);
        let stamped = self
            .tokens
            .range(name(first)..=name(last))
            .map(|(key, _)| key);
        let covering = self
            .names
            .range(name(last)..=name(u64::MAX))
            .map(|(key, _)| key);
        let mut keys: Vec<&(String, u64)> = stamped.chain(covering.take(1)).collect();
        keys.sort();
        keys.dedup();
        keys.into_iter()
            .filter_map(|key| {
                let body = self.read(self.names.get(key)?)?;
                let checkpoint = Checkpoint::read(&body, self.sources.keys).ok()?;
                let token = self.tokens.get(key).and_then(|token| self.read(token));
                Some((key.1, checkpoint, token))
            })
            .collect()
    }

    fn read(&self, object: &AuditObject) -> Option<Bytes> {
        self.sources.shelf.audit_object(object).ok().flatten()
    }
}

/// Verifies an export: that its lines follow from each other, and that its checkpoints prove them. What it
/// leaves out before its first line it cannot tell.
pub fn verify_export(
    bytes: &[u8],
    keys: &AuditKeys,
    anchors: &Anchors,
    known: Vec<Checkpoint>,
) -> Verification {
    let mut verification = Verification::default();
    let findings = &mut verification.findings;
    let mut all = lines(bytes);
    let header: Option<Beginning> = all
        .next()
        .and_then(|header| serde_json::from_slice(header).ok());
    if header.is_none_or(|header| header.export.version > VERSION) {
        findings.push(AuditFinding::NotAnExport);
        return verification;
    }
    let mut testimony = Testimony::default();
    let mut logs: BTreeMap<Instance, Vec<Result<Line, LineFault>>> = BTreeMap::new();
    let mut promised: BTreeMap<Instance, u64> = BTreeMap::new();
    let mut current = None;
    for bytes in all {
        if let Ok(proof) = serde_json::from_slice::<Proof>(bytes) {
            let statement = &proof.checkpoint.statement;
            if hear(&proof, keys, anchors, &mut testimony, findings) {
                let last = promised.entry(statement.instance.clone()).or_default();
                *last = statement.head.count.max(*last);
            }
            continue;
        }
        let line = Line::read(bytes);
        if let Ok(line) = &line {
            current = Some(line.instance.clone());
        }
        match (&current, line) {
            (Some(instance), line) => logs.entry(instance.clone()).or_default().push(line),
            (None, Err(fault)) => findings.push(AuditFinding::LineUnreadable {
                instance: String::new(),
                after: 0,
                fault,
            }),
            (None, Ok(_)) => {}
        }
    }
    known.into_iter().for_each(|known| testimony.believe(known));
    let reports = logs.into_iter().map(|(instance, lines)| {
        let seqs = || lines.iter().flatten().map(|line| line.seq);
        let first = seqs().min().unwrap_or(0);
        // An export goes on up to the last of its checkpoints.
        let last = promised.get(&instance).copied().unwrap_or(0);
        let last = seqs().max().unwrap_or(0).max(last);
        let about = testimony.logs.remove(&instance).unwrap_or_default();
        let mut links = about.links;
        // What checkpoints say of lines that were not exported is not asked here.
        links.retain(|count, _| (first..=last).contains(count));
        let mut walk = Walk::from_anywhere(&instance, &links);
        for line in lines {
            walk.line(first, line, &mut HashSet::new(), findings);
        }
        if let Some(to) = walk.beyond() {
            findings.push(AuditFinding::LinesMissing {
                instance: instance.to_string(),
                from: walk.next(),
                to,
            });
        }
        walk.report(0, about.stamped)
    });
    let reports: Vec<LogReport> = reports.collect();
    verification.logs = reports;
    verification
}

/// Whether a checkpoint is authentic; what it says is taken down then.
fn hear(
    proof: &Proof,
    keys: &AuditKeys,
    anchors: &Anchors,
    testimony: &mut Testimony,
    findings: &mut Vec<AuditFinding>,
) -> bool {
    let body = Bytes::from(proof.checkpoint.to_json());
    let statement = &proof.checkpoint.statement;
    let name = (statement.instance.as_str(), statement.head.count);
    let is_authentic = testimony.hear(name, &body, keys, findings);
    if let Some(token) = &proof.token {
        let token = STANDARD.decode(token).unwrap_or_default();
        testimony.stamp(name, &Bytes::from(token), Some(&body), anchors, findings);
    }
    is_authentic
}
