//! One copy before it is signed: its source opened and judged, its revision written, its intent.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use super::{
    LevelDemand, LoadedSeal, Preflight, SealError, SealRequest, SealerParts, Seat, legend, policy,
};
use crate::archive::{CodeIndex, Finding, Intent, SealRecord, Severity, SourceRecord};
use crate::model::organ::Environment;
use crate::model::policy::{AnnotationsOutside, SourceSignatures};
use crate::model::{Code, Deadline, Description, Sha256Digest, SignatureLevel};
use crate::pdf::band::{self, BandOptions, BandReport};
use crate::pdf::{
    CopyNote, PdfError, PreparedRevision, SignatureFields, SourceFacts, SourcePdf, Update,
};
use crate::pki::{SealDefect, TokenTrouble};
use crate::validate;

/// Version of [`Intent`]'s structure.
const SCHEMA: u32 = 1;

/// A copy to be made: everything but its code and its time. It owns what it needs, so that it can wait for
/// an authority without anybody waiting with it.
pub(super) struct Draft {
    pub(super) parts: Arc<SealerParts>,
    pub(super) trust: Arc<validate::Trust>,
    pub(super) request: SealRequest,
    pub(super) seat: Arc<Seat>,
    pub(super) description: Description,
    pub(super) request_digest: Sha256Digest,
    pub(super) demand: LevelDemand,
    pub(super) deadline: Deadline,
}

/// What was found in a source.
struct Examination {
    facts: SourceFacts,
    signatures: validate::SourceSignatures,
    findings: Vec<Finding>,
}

/// A revision that is written but not signed, with what was found on the way.
pub(super) struct Prepared {
    pub(super) revision: PreparedRevision,
    source: Examination,
    band: BandReport,
}

/// What a copy is made with, apart from its code.
pub(super) struct Terms<'a> {
    pub(super) description: &'a Description,
    pub(super) issued_at: Timestamp,
    /// The level asked, for which room is left.
    pub(super) asked: SignatureLevel,
}

impl Draft {
    /// The organ's seal.
    pub(super) fn seal(&self) -> Result<&LoadedSeal, SealError> {
        let seal = self.seat.seal.as_deref();
        seal.map_err(|defect| SealError::SealUnavailable(defect.clone()))
    }

    /// Remembers about the seal what a signature has shown, where it changes anything.
    pub(super) fn note_health(&self, outcome: &Result<Vec<u8>, SealDefect>, now: Timestamp) {
        let Ok(seal) = self.seal() else { return };
        match outcome {
            // That everybody wants it at once says nothing against it.
            Err(SealDefect::Token(TokenTrouble::Busy)) => {}
            Err(defect) => seal.health.note(now, Err(defect.clone())),
            Ok(_) if seal.failing().is_some() => seal.health.note(now, Ok(())),
            Ok(_) => {}
        }
    }

    /// What would happen, without a seal and without a trace.
    pub(super) fn preflight(&self, seal: &LoadedSeal, code: &Code, now: Timestamp) -> Preflight {
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
        let (band, obstacle) = match self.draw(seal, &mut update, code, &self.description, now) {
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
            &self.deadline,
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
                &self.trust,
                &self.parts.limits,
                &self.deadline,
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
        seal: &LoadedSeal,
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
        band::draw(update, &legend, &seal.typeface, options)
    }

    /// Writes the revision that makes the copy, with a hole for its signature. The same arguments give the
    /// same bytes.
    pub(super) fn prepare(&self, code: &Code, terms: &Terms<'_>) -> Result<Prepared, SealError> {
        let Terms {
            description,
            issued_at,
            asked,
        } = *terms;
        let seal = self.seal()?;
        let source = self.open()?;
        let examination = self.examine(&source, issued_at);
        if policy::refuses(&examination.findings) {
            return Err(SealError::Refused(examination.findings));
        }
        let organ = &self.seat.organ;
        let mut update = Update::new(&source);
        let band = self.draw(seal, &mut update, code, description, issued_at)?;
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
        let signature_len = seal.key.signature_len();
        let reserved = match self.parts.levels.token_bytes {
            Some(room) if asked > SignatureLevel::BB => {
                seal.cms.reserved_timestamped(signature_len, room)
            }
            _ => seal.cms.reserved(signature_len),
        };
        let revision = update.finish(&fields, reserved)?;
        Ok(Prepared {
            revision,
            source: examination,
            band,
        })
    }

    /// What is written about a copy before its document is stored. The level is the one to be reached; it
    /// is corrected when the copy reaches another.
    pub(super) fn intent(
        &self,
        code: &Code,
        generation: u32,
        prepared: &Prepared,
        now: Timestamp,
    ) -> Result<Intent, SealError> {
        let organ = &self.seat.organ;
        let upload = &self.request.upload;
        let key = &self.seal()?.key;
        let seal = key.facts();
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
                algorithm: key.algorithm(),
            },
            level_asked: self.demand.asked,
            level: self.demand.asked,
            byte_range: prepared.revision.byte_range(),
            overridden: prepared.revision.overridden().to_vec(),
            prefix: true,
            software: concat!("segell ", env!("CARGO_PKG_VERSION")).to_owned(),
        })
    }
}
