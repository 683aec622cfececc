//! The stages of one seal: prepare, sign, close, commit. Each consumes the one before. How a copy is raised
//! above level B-B in between is in [`super::raise`].
//!
//! What a time-stamp authority has to say is waited for *between* two stages, by whoever runs them: here
//! nothing waits and nothing knows a network.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::issue::{Draft, Prepared, Terms};
use super::place::Place;
use super::{Issued, SealError, levels};
use crate::archive::{Begun, Completion, CopyRecord, DocumentRecord, Intent};
use crate::cades::{Imprint, SignedAttributes, TimestampToken};
use crate::model::{Code, SealAlgorithm, Sha256Digest, SignatureLevel};
use crate::pdf::extension::PreparedTimestamp;
use crate::pdf::{PreparedRevision, SealedPdf};
use crate::validate::own_copy::{self, Checked};

/// What a stage of sealing ends in.
pub enum Step {
    /// The copy.
    Done(Box<Issued>),
    /// A timestamp over this, to go on with.
    Wanted(Imprint, Box<Pending>),
}

/// A copy that waits for a timestamp. Nothing is stored of it: dropped, it never was.
pub struct Pending {
    pub(super) draft: Draft,
    pub(super) job: Job,
    pub(super) wanting: Wanting,
}

/// What the timestamp is for.
pub(super) enum Wanting {
    /// The signature.
    Signature(Signed),
    /// The whole copy, validation data included.
    Document(Copy, PreparedTimestamp),
}

/// One copy under way.
pub(super) struct Job {
    pub(super) code: Code,
    /// What will be, or was, written about it.
    pub(super) intent: Intent,
    /// The intent is in the archive already: the copy has to become what it says.
    pub(super) kept: bool,
    /// The level to reach, if all goes well.
    pub(super) aim: SignatureLevel,
    /// The lowest accepted.
    pub(super) floor: SignatureLevel,
}

/// A revision and its signature, not in it yet: a timestamp may join it.
pub(super) struct Signed {
    revision: PreparedRevision,
    attributes: SignedAttributes,
    value: Vec<u8>,
}

/// A sealed document that passed its own validation, and what was appended to it since.
pub(super) struct Copy {
    pub(super) sealed: [Bytes; 2],
    pub(super) checked: Checked,
    pub(super) appended: Vec<Bytes>,
}

/// What an intent found in the archive leads to.
enum TakenUp {
    /// Its copy is there.
    Done(Box<Issued>),
    /// Its copy can be made again.
    Again(Box<Job>, Box<PreparedRevision>),
    /// It can no longer be kept: the seal, the settings or the software have changed since.
    Lost,
}

impl Draft {
    /// Finds the copy that the request names, or begins it. Copies of generations before `generation`
    /// are not looked at.
    pub(super) fn begin(self, mut generation: u32, now: Timestamp) -> Result<Step, SealError> {
        if !self.parts.archive.keeps_copies() {
            let code = self.random_code();
            return self.start(code, 0, now);
        }
        loop {
            match self.place(generation, now)? {
                Place::Made(code, record) => {
                    let issued = Issued::stored(&self.parts.archive, code, *record, now)?;
                    return Ok(Step::Done(Box::new(issued)));
                }
                Place::Free(code, generation) => return self.start(code, generation, now),
                Place::Begun(code, intent) => {
                    generation = intent.generation.saturating_add(1);
                    match self.take_up(code, *intent, now)? {
                        TakenUp::Done(issued) => return Ok(Step::Done(issued)),
                        TakenUp::Again(job, revision) => return self.sign(*job, *revision, now),
                        TakenUp::Lost => {}
                    }
                }
            }
        }
    }

    /// The copy that a request like this one made before, if it is finished or only its record is missing.
    pub(super) fn find(&self, now: Timestamp) -> Result<Option<Issued>, SealError> {
        let archive = &self.parts.archive;
        let mut generation = 0;
        while archive.keeps_copies() {
            let (code, record) = match self.place(generation, now)? {
                Place::Made(code, record) => (code, *record),
                Place::Free(..) => break,
                Place::Begun(code, intent) => match archive.complete(intent.index, now)? {
                    Completion::Committed(done) => (code, done.record),
                    _ => {
                        generation = intent.generation.saturating_add(1);
                        continue;
                    }
                },
            };
            return Issued::stored(archive, code, record, now).map(Some);
        }
        Ok(None)
    }

    /// Begins a new copy.
    fn start(self, code: Code, generation: u32, now: Timestamp) -> Result<Step, SealError> {
        self.check_seal(now)?;
        let terms = Terms {
            description: &self.description,
            issued_at: now,
            asked: self.demand.asked,
        };
        let prepared = self.prepare(&code, &terms)?;
        let job = Job {
            intent: self.intent(&code, generation, &prepared, now)?,
            code,
            kept: false,
            aim: self
                .demand
                .aim(&self.parts.levels, &self.seat.organ.policy)?,
            floor: self.demand.floor,
        };
        let Prepared { revision, .. } = prepared;
        self.sign(job, revision, now)
    }

    /// Takes up what a request like this one began.
    fn take_up(&self, code: Code, intent: Intent, now: Timestamp) -> Result<TakenUp, SealError> {
        let archive = &self.parts.archive;
        if let Completion::Committed(done) = archive.complete(intent.index, now)? {
            if self.request.idempotency_key.is_none() && self.is_discredited(&done.record, &[]) {
                return Ok(TakenUp::Lost);
            }
            let issued = Issued::stored(archive, code, done.record, now)?;
            return Ok(TakenUp::Done(Box::new(issued)));
        }
        if intent.seal.fingerprint != self.seal()?.key.facts().fingerprint {
            return Ok(TakenUp::Lost);
        }
        self.check_seal(now)?;
        let terms = Terms {
            description: &intent.description,
            issued_at: intent.issued_at,
            asked: intent.level_asked,
        };
        let Prepared { revision, .. } = self.prepare(&code, &terms)?;
        if revision.byte_range() != intent.byte_range || revision.overridden() != intent.overridden
        {
            return Ok(TakenUp::Lost);
        }
        let job = Job {
            code,
            kept: true,
            aim: intent.level,
            floor: intent.level,
            intent,
        };
        Ok(TakenUp::Again(Box::new(job), Box::new(revision)))
    }

    /// Signs the revision; a copy that aims no higher than B-B is finished at once.
    fn sign(self, job: Job, revision: PreparedRevision, now: Timestamp) -> Result<Step, SealError> {
        let seal = self.seal()?;
        let algorithm = seal.key.algorithm();
        let digest = match algorithm {
            SealAlgorithm::EcdsaP384Sha384 => revision.digest_sha384().to_vec(),
            _ => revision
                .digest(self.request.upload.hash.state())
                .as_bytes()
                .to_vec(),
        };
        let attributes = seal.cms.signed_attributes(&digest);
        let value = seal.key.sign(attributes.to_be_signed());
        self.note_health(&value, now);
        let signed = Signed {
            revision,
            attributes,
            value: value.map_err(SealError::Signature)?,
        };
        if job.aim == SignatureLevel::BB {
            let copy = self.close(signed, None)?;
            return self.store(job, copy, now);
        }
        let imprint = Imprint::of(algorithm.digest(), &signed.value);
        let pending = Pending {
            draft: self,
            job,
            wanting: Wanting::Signature(signed),
        };
        Ok(Step::Wanted(imprint, Box::new(pending)))
    }

    /// Puts the signature, with its timestamp if there is one, into its place and checks the copy from its
    /// own bytes.
    pub(super) fn close(
        &self,
        signed: Signed,
        token: Option<&TimestampToken>,
    ) -> Result<Copy, SealError> {
        let seal = self.seal()?;
        let Signed {
            revision,
            attributes,
            value,
        } = signed;
        let cms = match token {
            Some(token) => seal
                .cms
                .assemble_timestamped(&attributes, &value, &token.der),
            None => seal.cms.assemble(&attributes, &value),
        };
        let sealed = revision.embed(&cms)?;
        let leaf = seal.key.chain().first().map_or(&[][..], Vec::as_slice);
        let state = self.request.upload.hash.state();
        let checked = own_copy::check(&sealed, state, leaf, seal.cms.verification_key())
            .map_err(SealError::SelfCheck)?;
        let level = match token {
            Some(_) => SignatureLevel::BT,
            None => SignatureLevel::BB,
        };
        if checked.level != level {
            return Err(SealError::SelfCheck(
                "EN 319 142-1, 6: another level than intended",
            ));
        }
        let SealedPdf { source, tail, .. } = sealed;
        Ok(Copy {
            sealed: [source, tail],
            checked,
            appended: Vec::new(),
        })
    }

    /// Commits the copy at the level it has reached. The answer is the stored record, whoever wrote it.
    pub(super) fn store(self, job: Job, copy: Copy, now: Timestamp) -> Result<Step, SealError> {
        let Job {
            code,
            mut intent,
            kept,
            ..
        } = job;
        let checked = copy.check()?;
        intent.level = checked.level;
        if !kept && intent.level < intent.level_asked {
            let finding = levels::lowered(intent.level_asked, intent.level);
            intent.findings.push(finding);
        }
        let digest = checked.digest();
        let document = copy.parts();
        let archive = Arc::clone(&self.parts.archive);
        if !archive.keeps_copies() {
            let issued = without_archive(code, intent, document, digest, now);
            return Ok(Step::Done(Box::new(issued)));
        }
        if !kept && let Begun::Existing(theirs) = archive.begin(&intent)? {
            // Another request like this one was quicker: its time and its words are the copy's.
            if theirs.request_digest != self.request_digest {
                return Err(SealError::IdempotencyMismatch);
            }
            return match self.take_up(code, *theirs, now)? {
                TakenUp::Done(issued) => Ok(Step::Done(issued)),
                TakenUp::Again(job, revision) => self.sign(*job, *revision, now),
                TakenUp::Lost => Err(SealError::Contended),
            };
        }
        let committed = archive.commit(&intent, &document, digest, now)?;
        let issued = if committed.record.document.digest == digest {
            Issued {
                code,
                access: committed.record.intent.access.clone(),
                record: committed.record,
                document,
                extensions: Vec::new(),
                replayed: !committed.newly,
            }
        } else {
            Issued::stored(&archive, code, committed.record, now)?
        };
        Ok(Step::Done(Box::new(issued)))
    }
}

impl Copy {
    /// Its bytes in order.
    pub(super) fn parts(&self) -> Vec<Bytes> {
        self.sealed.iter().chain(&self.appended).cloned().collect()
    }

    /// A hash that has seen all of them.
    pub(super) fn hash(&self) -> Sha256 {
        let sealed = self.checked.hash.clone();
        let appended = self.appended.iter();
        appended.fold(sealed, |hash, part| hash.chain_update(part))
    }

    /// The check of the whole copy, whatever it has become.
    fn check(&self) -> Result<Checked, SealError> {
        if self.appended.is_empty() {
            return Ok(self.checked.clone());
        }
        own_copy::check_appended(&self.sealed, &self.checked, &self.appended)
            .map_err(SealError::SelfCheck)
    }
}

/// The answer of a service that keeps nothing: the record goes out with the copy and is forgotten.
fn without_archive(
    code: Code,
    intent: Intent,
    document: Vec<Bytes>,
    digest: Sha256Digest,
    now: Timestamp,
) -> Issued {
    let size = document.iter().map(|part| part.len() as u64).sum();
    Issued {
        code,
        access: intent.access.clone(),
        record: CopyRecord {
            intent,
            document: DocumentRecord { digest, size },
            committed_at: now,
        },
        document,
        extensions: Vec::new(),
        replayed: false,
    }
}
