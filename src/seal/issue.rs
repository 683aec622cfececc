//! Issuing one copy: prepare, write the intent, sign, check, commit.

use bytes::Bytes;
use jiff::{Timestamp, ToSpan};

use super::{
    Issued, LoadedSeal, Preflight, SealError, SealRequest, SealerParts, Seat, legend, policy,
};
use crate::archive::{
    Begun, CodeIndex, Completion, CopyRecord, DocumentRecord, Finding, Intent, SealRecord,
    Severity, SourceRecord,
};
use crate::model::organ::Environment;
use crate::model::policy::{AnnotationsOutside, SourceSignatures};
use crate::model::{Code, Deadline, Description, SealAlgorithm, Sha256Digest};
use crate::pdf::band::{self, BandOptions, BandReport};
use crate::pdf::{
    CopyNote, PdfError, PreparedRevision, SealedPdf, SignatureFields, SourceFacts, SourcePdf,
    Update,
};
use crate::validate;

/// Version of [`Intent`]'s structure.
const SCHEMA: u32 = 1;

/// A copy to be made: everything but its code and its time.
pub(super) struct Draft<'a> {
    pub(super) parts: &'a SealerParts,
    pub(super) request: &'a SealRequest,
    pub(super) seat: &'a Seat,
    pub(super) seal: &'a LoadedSeal,
    pub(super) description: Description,
    pub(super) request_digest: Sha256Digest,
    pub(super) deadline: &'a Deadline,
}

/// What was found in a source.
struct Examination {
    facts: SourceFacts,
    signatures: validate::SourceSignatures,
    findings: Vec<Finding>,
}

/// A revision that is written but not signed, with what was found on the way.
struct Prepared {
    revision: PreparedRevision,
    source: Examination,
    band: BandReport,
}

impl Draft<'_> {
    /// Issues a new copy under `code`.
    pub(super) fn issue(
        &self,
        code: Code,
        generation: u32,
        now: Timestamp,
    ) -> Result<Issued, SealError> {
        let prepared = self.prepare(&code, &self.description, now)?;
        let intent = self.intent(&code, generation, &prepared, now)?;
        if !self.parts.archive.keeps_copies() {
            let (sealed, digest) = self.sign_and_check(prepared.revision)?;
            return Ok(without_archive(code, intent, sealed, digest, now));
        }
        match self.parts.archive.begin(&intent)? {
            Begun::New => self.finish(code, intent, prepared, now),
            // Another request like this one was quicker: its time and its words are the copy's.
            Begun::Existing(theirs) if theirs.request_digest == self.request_digest => {
                match self.resume(code, *theirs, now)? {
                    Some(issued) => Ok(issued),
                    None => Err(SealError::Contended),
                }
            }
            Begun::Existing(_) => Err(SealError::IdempotencyMismatch),
        }
    }

    /// Finishes what a request like this one began. `None` when its intent can no longer be kept (the
    /// seal or the software has changed since): the next generation is to be used.
    pub(super) fn resume(
        &self,
        code: Code,
        intent: Intent,
        now: Timestamp,
    ) -> Result<Option<Issued>, SealError> {
        let archive = &self.parts.archive;
        if let Completion::Committed(done) = archive.complete(intent.index, now)? {
            return Issued::stored(archive, code, done.record, now).map(Some);
        }
        if intent.seal.fingerprint != self.seal.key.facts().fingerprint {
            return Ok(None);
        }
        let prepared = self.prepare(&code, &intent.description, intent.issued_at)?;
        if prepared.revision.byte_range() != intent.byte_range
            || prepared.revision.overridden() != intent.overridden
        {
            return Ok(None);
        }
        self.finish(code, intent, prepared, now).map(Some)
    }

    /// What would happen, without a seal and without a trace.
    pub(super) fn preflight(&self, code: &Code, now: Timestamp) -> Preflight {
        let source = match self.open() {
            Ok(source) => source,
            Err(obstacle) => return Preflight::unreadable(obstacle),
        };
        let Examination {
            facts,
            signatures,
            mut findings,
        } = self.examine(&source, now);
        let mut update = Update::new(&source);
        let (band, obstacle) = match self.draw(&mut update, code, &self.description, now) {
            Ok(band) => (Some(band), None),
            Err(obstacle) => {
                // It comes first, whatever the organ would refuse besides.
                findings.retain(|finding| finding.severity != Severity::Refusal);
                (None, Some(obstacle))
            }
        };
        Preflight {
            sealable: obstacle.is_none() && !policy::refuses(&findings),
            findings,
            facts: Some(facts),
            source_signatures: signatures.signatures,
            band,
            obstacle,
        }
    }

    fn open(&self) -> Result<SourcePdf, PdfError> {
        SourcePdf::open(
            self.request.upload.bytes.clone(),
            &self.parts.limits,
            self.deadline,
        )
    }

    /// What is in the source, judged at `at` by what the organ and the request have decided.
    fn examine(&self, source: &SourcePdf, at: Timestamp) -> Examination {
        let facts = source.facts().clone();
        let rule = self.rule_for_signatures();
        // An unsigned source costs nothing here, nor does one that is refused anyway.
        let signatures = match rule {
            SourceSignatures::Refuse => validate::SourceSignatures::default(),
            _ if facts.signatures == 0 => validate::SourceSignatures::default(),
            _ => validate::source_signatures(
                source.bytes(),
                &self.request.upload.hash,
                at,
                &self.parts.trust,
                &self.parts.limits,
                self.deadline,
            ),
        };
        let findings = policy::judge(&facts, &self.seat.organ.policy, rule, &signatures);
        Examination {
            facts,
            signatures,
            findings,
        }
    }

    /// The organ's rule, or the request's when it is stricter.
    fn rule_for_signatures(&self) -> SourceSignatures {
        let organ = self.seat.organ.policy.source_signatures;
        self.request
            .fields
            .source_signatures
            .map_or(organ, |asked| asked.stricter_of(organ))
    }

    fn draw(
        &self,
        update: &mut Update<'_>,
        code: &Code,
        description: &Description,
        issued_at: Timestamp,
    ) -> Result<BandReport, PdfError> {
        let organ = &self.seat.organ;
        let legend = legend::legend(
            organ,
            description.kind,
            description.language,
            code,
            issued_at,
        );
        let options = BandOptions {
            placement: description.placement,
            flatten_outside: organ.policy.annotations_outside == AnnotationsOutside::Flatten,
        };
        band::draw(update, &legend, &self.seal.typeface, options)
    }

    fn prepare(
        &self,
        code: &Code,
        description: &Description,
        issued_at: Timestamp,
    ) -> Result<Prepared, SealError> {
        let source = self.open()?;
        let examination = self.examine(&source, issued_at);
        if policy::refuses(&examination.findings) {
            return Err(SealError::Refused(examination.findings));
        }
        let organ = &self.seat.organ;
        let mut update = Update::new(&source);
        let band = self.draw(&mut update, code, description, issued_at)?;
        let reason = legend::kind_of_copy(description.kind, description.language);
        let address = organ.verification_address.as_str();
        update.note(&CopyNote {
            verification_code: code.grouped(),
            verification_address: address.to_owned(),
            organ: organ.dir3.to_string(),
            elaboration_state: description.kind.elaboration_state(),
            source_digest: self.request.upload.digest(),
            source_len: self.request.upload.bytes.len() as u64,
            time: issued_at,
        })?;
        let fields = SignatureFields {
            name: organ.names.in_language(description.language).to_owned(),
            reason: reason.to_owned(),
            location: organ.place.clone(),
            contact: address.to_owned(),
            time: issued_at,
        };
        let reserved = self.seal.cms.reserved(self.seal.key.signature_len());
        let revision = update.finish(&fields, reserved)?;
        Ok(Prepared {
            revision,
            source: examination,
            band,
        })
    }

    fn intent(
        &self,
        code: &Code,
        generation: u32,
        prepared: &Prepared,
        now: Timestamp,
    ) -> Result<Intent, SealError> {
        let organ = &self.seat.organ;
        let upload = &self.request.upload;
        let seal = self.seal.key.facts();
        let days = match organ.environment {
            Environment::Pre => self.parts.pre_days,
            Environment::Pro => self.parts.pro_days,
        };
        let available_until = now
            .checked_add((i64::from(days) * 24).hours())
            .unwrap_or(Timestamp::MAX);
        let index = CodeIndex::of(code);
        let access = self.request.access();
        let access = access.and_then(|access| self.parts.archive.access(index, &access));
        Ok(Intent {
            schema: SCHEMA,
            index,
            organ: organ.dir3.clone(),
            environment: organ.environment,
            application: self.request.application.id.clone(),
            request_digest: self.request_digest,
            keyed: self.request.idempotency_key.is_some(),
            generation,
            issued_at: now,
            available_until,
            description: self.description.clone(),
            access: access.ok_or(SealError::NoFactorKey)?,
            source: SourceRecord {
                digest: upload.digest(),
                size: upload.bytes.len() as u64,
                facts: prepared.source.facts.clone(),
            },
            source_signatures: prepared.source.signatures.signatures.clone(),
            band: prepared.band.clone(),
            findings: prepared.source.findings.clone(),
            seal: SealRecord {
                fingerprint: seal.fingerprint,
                common_name: seal.common_name.clone(),
                algorithm: self.seal.key.algorithm(),
            },
            level: "B-B".to_owned(),
            byte_range: prepared.revision.byte_range(),
            overridden: prepared.revision.overridden().to_vec(),
            prefix: true,
            software: concat!("segell ", env!("CARGO_PKG_VERSION")).to_owned(),
        })
    }

    /// Signs, checks and commits. The answer is the stored record, whoever wrote it.
    fn finish(
        &self,
        code: Code,
        intent: Intent,
        prepared: Prepared,
        now: Timestamp,
    ) -> Result<Issued, SealError> {
        let (sealed, digest) = self.sign_and_check(prepared.revision)?;
        let parts = vec![sealed.source, sealed.tail];
        let committed = self.parts.archive.commit(&intent, &parts, digest, now)?;
        if committed.record.document.digest != digest {
            return Issued::stored(&self.parts.archive, code, committed.record, now);
        }
        Ok(Issued {
            code,
            access: committed.record.intent.access.clone(),
            record: committed.record,
            document: parts,
            replayed: !committed.newly,
        })
    }

    fn sign_and_check(
        &self,
        revision: PreparedRevision,
    ) -> Result<(SealedPdf, Sha256Digest), SealError> {
        let state = self.request.upload.hash.state();
        let digest = match self.seal.key.algorithm() {
            SealAlgorithm::EcdsaP384Sha384 => revision.digest_sha384().to_vec(),
            _ => revision.digest(state).as_bytes().to_vec(),
        };
        let attributes = self.seal.cms.signed_attributes(&digest);
        let value = self
            .seal
            .key
            .sign(attributes.to_be_signed())
            .map_err(SealError::Signature)?;
        let sealed = revision.embed(&self.seal.cms.assemble(&attributes, &value))?;
        let leaf = self.seal.key.chain().first().map_or(&[][..], Vec::as_slice);
        let digest =
            validate::own_copy::check(&sealed, state, leaf, self.seal.cms.verification_key())
                .map_err(SealError::SelfCheck)?;
        Ok((sealed, digest))
    }
}

/// The answer of a service that keeps nothing: the record goes out with the copy and is forgotten.
fn without_archive(
    code: Code,
    intent: Intent,
    sealed: SealedPdf,
    digest: Sha256Digest,
    now: Timestamp,
) -> Issued {
    let document: Vec<Bytes> = vec![sealed.source, sealed.tail];
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
        replayed: false,
    }
}
