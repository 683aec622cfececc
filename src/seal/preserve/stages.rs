//! One copy on its way to its level: read, judged, extended task by task, judged again, stored.

use std::collections::{BTreeSet, VecDeque};

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::plan::{self, Findings, Need, Task};
use super::{PreserveError, PreserveRequest, PreserveStep, Preserved, Preserver, SOFTWARE};
use crate::archive::{Content, ExtensionPart, NewVersion, Standing, StoredVersion};
use crate::cades::{Imprint, TimestampToken};
use crate::model::algorithm::DigestAlgorithm;
use crate::model::{Deadline, HashTrail, Octets, Sha256Digest, SignatureLevel};
use crate::pdf::extension::{CopyBase, PreparedTimestamp, StoreContent};
use crate::pki::path::CertificatePath;
use crate::pki::revocation::NotCurrent;
use crate::pki::verify::certificate_facts;
use crate::seal::NoTimestamp;
use crate::validate::appended::{self, BaseFacts};
use crate::validate::evidence::Evidence;

/// A copy under way. Nothing is stored of it: dropped, it stays as it was.
pub struct Raising {
    preserver: Preserver,
    request: PreserveRequest,
    standing: Standing,
    /// What is stored, then what was appended to it here.
    parts: Vec<Bytes>,
    /// How many of them are stored.
    stored: usize,
    /// Has hashed all parts.
    hash: Sha256,
    /// What the parts appended here are.
    appended: Vec<ExtensionPart>,
    tasks: VecDeque<Task>,
    need: Need,
    /// Chains for which validation data are still to be had, leaf first.
    chains: Vec<Vec<Octets>>,
    /// The keeper was told of them.
    informed: bool,
    /// Leaves for whose chains the copy holds validation data.
    proved: BTreeSet<Sha256Digest>,
    found: Findings,
    /// The revision that waits for its token.
    waiting: Option<PreparedTimestamp>,
}

impl Raising {
    /// Reads and judges the newest version of a copy.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub(super) fn begin(
        preserver: &Preserver,
        request: &PreserveRequest,
        standing: Standing,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Self, PreserveError> {
        let archive = &preserver.0.archive;
        let disclosure = standing
            .for_the_organ()
            .map_err(PreserveError::NotInForce)?;
        let parts = archive
            .read(disclosure, Content::Newest)?
            .ok_or(PreserveError::NotThere)?;
        let evidence = collect(preserver, &parts, now, deadline);
        let found = plan::examine(&evidence, now)?;
        let (need, tasks) = plan::tasks(&found, request.level, preserver.0.lead, now);
        let hash = parts
            .iter()
            .fold(Sha256::new(), |hash, part| hash.chain_update(part));
        Ok(Self {
            preserver: preserver.clone(),
            request: request.clone(),
            stored: parts.len(),
            parts,
            hash,
            appended: Vec::new(),
            chains: unproved_chains(&evidence),
            informed: false,
            proved: proved_leaves(&evidence),
            tasks,
            need,
            found,
            waiting: None,
            standing,
        })
    }

    /// What the copy needs.
    pub(super) const fn need(&self) -> Need {
        self.need
    }

    /// Goes on with the timestamp, or ends without one: a copy is never raised by halves.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub fn stamped(
        mut self: Box<Self>,
        token: Result<TimestampToken, NoTimestamp>,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<PreserveStep, PreserveError> {
        let token = token.map_err(PreserveError::NoTimestamp)?;
        let prepared = self
            .waiting
            .take()
            .ok_or(PreserveError::SelfCheck("a token that nothing waits for"))?;
        let authority = token
            .chain
            .first()
            .and_then(|leaf| certificate_facts(leaf).ok())
            .map(|facts| facts.common_name);
        let tail = prepared.embed(&token.der)?;
        let part = ExtensionPart::Timestamp {
            size: tail.len() as u64,
            time: token.time,
            authority: authority.unwrap_or_default(),
        };
        self.append(tail, part);
        let is_proved = token.chain.first().is_some_and(|leaf| {
            let leaf = Sha256Digest::of(leaf);
            self.proved.contains(&leaf)
        });
        let archives = self.request.level.max(self.found.level) == SignatureLevel::BLta;
        if archives && self.tasks.is_empty() && !is_proved {
            self.tasks.push_back(Task::AuthorityData);
        }
        self.chains.push(token.chain);
        self.informed = false;
        self.proceed(now, deadline)
    }

    /// Goes on when the keeper has learned of the chains, whatever it found out.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub fn informed(
        mut self: Box<Self>,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<PreserveStep, PreserveError> {
        self.informed = true;
        self.proceed(now, deadline)
    }

    /// Does what can be done without waiting.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub(super) fn proceed(
        mut self,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<PreserveStep, PreserveError> {
        self.check_means()?;
        while let Some(task) = self.tasks.pop_front() {
            let base = CopyBase::read(&self.parts, &self.preserver.0.limits, deadline)?;
            match task {
                Task::Data | Task::AuthorityData => {
                    let content = match self.validation_data(now) {
                        Err(PreserveError::NotCurrent(NotCurrent::Missing { .. }))
                            if !self.informed =>
                        {
                            self.tasks.push_front(task);
                            let chains = self.chains.clone();
                            return Ok(PreserveStep::Revocation(chains, Box::new(self)));
                        }
                        Err(PreserveError::NotCurrent(_)) if task == Task::AuthorityData => {
                            continue;
                        }
                        content => content?,
                    };
                    let leaves = self.chains.iter().filter_map(|chain| chain.first());
                    self.proved
                        .extend(leaves.map(|leaf| Sha256Digest::of(leaf)));
                    self.chains.clear();
                    if let Some(tail) = base.add_data(&content)? {
                        let size = tail.len() as u64;
                        self.append(tail, ExtensionPart::ValidationData { size });
                    }
                }
                Task::Timestamp => {
                    let room = self.preserver.0.levels.token_bytes.unwrap_or_default();
                    let prepared = base.prepare_timestamp(&self.hash, room)?;
                    let imprint = Imprint {
                        algorithm: DigestAlgorithm::Sha256,
                        value: prepared.digest().as_bytes().to_vec(),
                    };
                    self.waiting = Some(prepared);
                    return Ok(PreserveStep::Timestamp(imprint, Box::new(self)));
                }
            }
        }
        self.store(now, deadline)
    }

    /// Whether this service can do everything that is to be done.
    fn check_means(&self) -> Result<(), PreserveError> {
        let highest = self.preserver.0.levels.highest();
        let needed = match (self.tasks.front(), self.need) {
            (None, _) => return Ok(()),
            (Some(_), Need::Renew) => SignatureLevel::BLta,
            (Some(_), _) => self.request.level,
        };
        match needed > highest {
            true => Err(PreserveError::LevelUnavailable {
                asked: needed,
                highest,
            }),
            false => Ok(()),
        }
    }

    fn append(&mut self, tail: Bytes, part: ExtensionPart) {
        self.hash.update(&tail);
        self.parts.push(tail);
        self.appended.push(part);
    }

    /// Everything that proves the chains in use to be good now.
    fn validation_data(&self, now: Timestamp) -> Result<StoreContent, PreserveError> {
        let levels = &self.preserver.0.levels;
        let keeper = levels
            .revocation
            .as_ref()
            .ok_or(PreserveError::LevelUnavailable {
                asked: self.request.level,
                highest: levels.highest(),
            })?;
        let mut content = StoreContent::default();
        for chain in &self.chains {
            let data = keeper
                .current(chain, now)
                .map_err(PreserveError::NotCurrent)?;
            content.certificates.extend(chain.iter().cloned());
            content.extend(StoreContent {
                certificates: data.certificates,
                ocsp_responses: data.ocsp_responses,
                crls: data.crls,
            });
        }
        Ok(content)
    }

    /// Checks the new version from its own bytes and stores it.
    fn store(self, now: Timestamp, deadline: &Deadline) -> Result<PreserveStep, PreserveError> {
        let lead = self.preserver.0.lead;
        if self.appended.is_empty() {
            return Ok(PreserveStep::Done(Box::new(Preserved {
                standing: self.standing,
                extended: false,
                level: self.found.level,
                renewed_from: self.found.renewal.map(|renewal| renewal.begins(lead)),
            })));
        }
        let digest = Sha256Digest::of_state(&self.hash);
        let reached = self.check(digest, now, deadline)?;
        let archive = &self.preserver.0.archive;
        let version = NewVersion {
            tail: self.parts.get(self.stored..).unwrap_or_default().to_vec(),
            digest,
            level: reached.level,
            parts: self.appended,
            renew_before: reached.renewal.map(|renewal| renewal.ends),
            software: SOFTWARE.to_owned(),
            application: self.request.application.clone(),
        };
        let outcome = archive.extend(&self.standing, version, now)?;
        let standing = archive
            .stand(self.request.index, now)?
            .ok_or(PreserveError::NotThere)?;
        Ok(PreserveStep::Done(Box::new(Preserved {
            extended: outcome == StoredVersion::New,
            level: plan::level_on_record(&standing),
            renewed_from: plan::renewed_from(&standing, lead),
            standing,
        })))
    }

    /// The new version keeps to the grammar of what may follow a copy, its seal holds as before, and it has
    /// the level that was to be reached.
    fn check(
        &self,
        digest: Sha256Digest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Findings, PreserveError> {
        let (stored, tail) = self.parts.split_at_checked(self.stored).unwrap_or_default();
        let stored = stored.concat();
        let facts = BaseFacts::read(&stored).map_err(|_| {
            PreserveError::SelfCheck("S1: the stored version does not end as it should")
        })?;
        // What stands in an encrypted copy cannot be seen by the strict reader, and names of fields that
        // stand in object streams neither: that of a timestamp is drawn from the copy's digest.
        if !facts.is_encrypted() {
            let facts = facts.with_field_names([]);
            appended::judge(&stored, &tail.concat(), &facts)
                .map_err(|violation| PreserveError::SelfCheck(violation.rule.as_str()))?;
        }
        let evidence = collect(&self.preserver, &self.parts, now, deadline);
        if evidence.digest != digest {
            return Err(PreserveError::SelfCheck("the digest is of other bytes"));
        }
        let reached = plan::examine(&evidence, now)?;
        let timestamps_hold = evidence.timestamps.iter().all(|timestamp| {
            let token = timestamp.token.token.as_ref();
            token.is_ok_and(|token| token.content_matches && token.cms.signature_verifies)
        });
        if !timestamps_hold {
            return Err(PreserveError::SelfCheck("T8: a timestamp does not verify"));
        }
        if reached.level < self.request.level.max(self.found.level) {
            return Err(PreserveError::SelfCheck("the level was not reached"));
        }
        Ok(reached)
    }
}

/// What can be known of a copy, whose parts are joined for it.
fn collect(
    preserver: &Preserver,
    parts: &[Bytes],
    now: Timestamp,
    deadline: &Deadline,
) -> Evidence {
    let whole = match parts {
        [one] => one.clone(),
        parts => Bytes::from(parts.concat()),
    };
    let hash = HashTrail::of(&whole);
    preserver.0.validator.collect(&whole, &hash, now, deadline)
}

/// The chains of the seal and of every timestamp for which the copy does not hold validation data yet, and
/// that of the newest document timestamp: what is held of it is as old as that timestamp, and the next one is
/// to vouch for what is known of it now.
fn unproved_chains(evidence: &Evidence) -> Vec<Vec<Octets>> {
    let seal = plan::seal_of(evidence).into_iter();
    let signed = seal.flat_map(|seal| {
        let stamped = seal.timestamps.iter().map(|token| &token.paths);
        std::iter::once(&seal.paths).chain(stamped)
    });
    let newest = evidence
        .timestamps
        .iter()
        .filter_map(|timestamp| timestamp.end())
        .max();
    let archived = evidence.timestamps.iter().map(|timestamp| {
        let is_newest = timestamp.end() == newest;
        (&timestamp.token.paths, is_newest)
    });
    signed
        .map(|paths| (paths, false))
        .chain(archived)
        .filter_map(|(paths, wanted)| Some((paths.first()?, wanted)))
        .filter(|(path, wanted)| *wanted || !is_proved(path))
        .map(|(path, _)| path.links.iter().map(|link| link.der.clone()).collect())
        .collect()
}

/// The leaves of all chains for which the copy holds validation data.
fn proved_leaves(evidence: &Evidence) -> BTreeSet<Sha256Digest> {
    let signed = plan::seal_of(evidence).into_iter();
    let stamped = signed.flat_map(|seal| &seal.timestamps);
    let archived = evidence.timestamps.iter().map(|timestamp| &timestamp.token);
    stamped
        .chain(archived)
        .filter_map(|token| token.paths.first())
        .filter(|path| is_proved(path))
        .filter_map(|path| Some(path.links.first()?.facts.fingerprint))
        .collect()
}

/// Every certificate below the anchor is answered for.
fn is_proved(path: &CertificatePath) -> bool {
    let below = path.links.len().saturating_sub(1).max(1);
    let mut links = path.links.iter().take(below);
    links.all(|link| link.no_check || !link.revocation.is_empty())
}
