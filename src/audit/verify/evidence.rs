//! What checkpoints say, once they are believed: about their own log, and about all others that their
//! instance knew.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::chain::Anchors as Links;
use super::finding::AuditFinding;
use crate::archive::{Archive, ArchiveError, AuditObject, AuditShelf};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::instance::Instance;
use crate::audit::keys::AuditKeys;
use crate::audit::line::Head;
use crate::authorities::trusted;
use crate::cades::TimestampReply;
use crate::pki::Anchors;

/// Everything that authentic checkpoints say.
#[derive(Default)]
pub(in crate::audit) struct Testimony {
    /// By the log that it is about.
    pub(in crate::audit) logs: BTreeMap<Instance, AboutLog>,
}

/// What is said about one log.
#[derive(Default)]
pub(in crate::audit) struct AboutLog {
    /// The links that lines have to have.
    pub(in crate::audit) links: Links,
    /// The newest checkpoint of its own.
    pub(in crate::audit) own: Option<Timestamp>,
    /// The newest time of a timestamp over a checkpoint of its own.
    pub(in crate::audit) stamped: Option<Timestamp>,
}

impl Testimony {
    /// Reads every checkpoint and token of an archive.
    pub(in crate::audit) fn of_archive(
        archive: &Archive,
        keys: &AuditKeys,
        anchors: &Anchors,
        findings: &mut Vec<AuditFinding>,
    ) -> Result<Self, ArchiveError> {
        let mut testimony = Self::default();
        let objects = archive.audit_objects(&AuditShelf::Checkpoints)?;
        let mut bodies = BTreeMap::new();
        let mut tokens = Vec::new();
        archive.read_audit_objects(objects, |object, body| match &object {
            AuditObject::Checkpoint {
                instance, count, ..
            } => {
                testimony.hear((instance, *count), &body, keys, findings);
                bodies.insert((instance.clone(), *count), body);
            }
            AuditObject::Token {
                instance, count, ..
            } => tokens.push((instance.clone(), *count, body)),
            AuditObject::Segment { .. } => {}
        })?;
        for (instance, count, token) in tokens {
            let checkpoint = bodies.get(&(instance.clone(), count));
            testimony.stamp((&instance, count), &token, checkpoint, anchors, findings);
        }
        Ok(testimony)
    }

    /// Hears one checkpoint that stands under this name; whether it is believed.
    pub(in crate::audit) fn hear(
        &mut self,
        (instance, count): (&str, u64),
        body: &[u8],
        keys: &AuditKeys,
        findings: &mut Vec<AuditFinding>,
    ) -> bool {
        let instance = instance.to_owned();
        let finding = match Checkpoint::read(body, keys) {
            Err(fault) => AuditFinding::CheckpointUnfit {
                instance,
                count,
                fault,
            },
            Ok(Checkpoint { statement, .. })
                if statement.instance.as_str() != instance || statement.head.count != count =>
            {
                AuditFinding::CheckpointMisplaced { instance, count }
            }
            Ok(checkpoint) => {
                self.believe(checkpoint);
                return true;
            }
        };
        findings.push(finding);
        false
    }

    /// Takes down what an authentic checkpoint says.
    pub(in crate::audit) fn believe(&mut self, checkpoint: Checkpoint) {
        let statement = checkpoint.statement;
        let own = self.logs.entry(statement.instance).or_default();
        own.own = own.own.max(Some(statement.at));
        own.add(statement.head);
        for other in statement.others {
            self.logs.entry(other.instance).or_default().add(other.head);
        }
    }

    /// Takes down when a checkpoint was time-stamped (RFC 3161).
    pub(in crate::audit) fn stamp(
        &mut self,
        (instance, count): (&str, u64),
        token: &Bytes,
        checkpoint: Option<&Bytes>,
        anchors: &Anchors,
        findings: &mut Vec<AuditFinding>,
    ) {
        let judged = match checkpoint {
            Some(checkpoint) => stamped_at(token, checkpoint, anchors),
            None => Err("its checkpoint is gone".to_owned()),
        };
        match judged {
            Ok(time) => {
                if let Ok(instance) = instance.parse() {
                    let log: &mut AboutLog = self.logs.entry(instance).or_default();
                    log.stamped = log.stamped.max(Some(time));
                }
            }
            Err(cause) => findings.push(AuditFinding::TokenUnfit {
                instance: instance.to_owned(),
                count,
                cause,
            }),
        }
    }
}

impl AboutLog {
    fn add(&mut self, head: Head) {
        if head.count > 0 {
            let links = self.links.entry(head.count).or_default();
            if !links.contains(&head.link) {
                links.push(head.link);
            }
        }
    }
}

/// When a token stamped a checkpoint, if it did and its authority is trusted.
fn stamped_at(token: &[u8], checkpoint: &[u8], anchors: &Anchors) -> Result<Timestamp, String> {
    let reply = TimestampReply::of_stored(token, checkpoint).map_err(|fault| fault.to_string())?;
    // The authority is judged at the time that it says: it was no later.
    let time = reply.evidence.time;
    let token = trusted(reply, anchors, time, Duration::ZERO);
    token
        .map(|token| token.time)
        .map_err(|fault| fault.to_string())
}
