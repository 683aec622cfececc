//! Collecting the evidence.

use bytes::Bytes;
use jiff::Timestamp;

use super::digests::{Covered, compare};
use super::{
    Comparison, DocumentReading, DocumentTimestampEvidence, Evidence, IdentityFacts,
    MAX_SIGNATURES, MAX_TOKENS, SCHEMA, SignatureEvidence, TokenEvidence,
};
use crate::cades::{CmsEvidence, TimestampEvidence};
use crate::model::{Deadline, Dir3, HashTrail, Octets, Sha256Digest};
use crate::pdf::byte_range::{ByteRangeDefect, FoundSignature, signatures_in};
use crate::pdf::signed::{Claims, SignatureFacts, SignatureKind, SignatureSurvey, ValidationData};
use crate::pdf::{ByteRange, Limits, PdfError};
use crate::pki::Anchors;
use crate::pki::path::{CertificatePath, Embedded, paths};
use crate::validate::ranges;
use crate::validate::trust::Trust;

/// The sub-filter of a timestamp, whatever its `/Type` says.
const RFC3161: &str = "ETSI.RFC3161";

/// A file, hashed, and the time at which it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its bytes.
    pub bytes: &'a Bytes,
    /// Their SHA-256.
    pub hash: &'a HashTrail,
    /// The time.
    pub at: Timestamp,
}

/// Whose seal a certificate is, by its SHA-256.
pub type RegisteredFor<'a> = &'a dyn Fn(&Sha256Digest) -> Option<Dir3>;

impl Evidence {
    /// Collects what can be known of a file. Whatever cannot be read is a fact too.
    pub fn collect(
        subject: &Subject<'_>,
        identity: IdentityFacts,
        registered: RegisteredFor<'_>,
        trust: &Trust,
        limits: &Limits,
        deadline: &Deadline,
    ) -> Self {
        let bytes = subject.bytes;
        let own_copy = match identity.is_whole() {
            true => only_signature(bytes),
            false => None,
        };
        let (document, found) = match own_copy {
            Some(signature) => (DocumentReading::OwnCopy, vec![signature]),
            None => read(bytes, limits, deadline),
        };
        let excess = found.len() > MAX_SIGNATURES;
        let none = ValidationData::default();
        let store = match &document {
            DocumentReading::Survey { survey } => &survey.validation_data,
            DocumentReading::OwnCopy | DocumentReading::Unreadable { .. } => &none,
        };
        let collector = Collector {
            bytes,
            hash: subject.hash,
            store,
            registered,
            trust,
        };
        let (timestamps, signatures): (Vec<_>, Vec<_>) = found
            .into_iter()
            .take(MAX_SIGNATURES)
            .partition(is_timestamp);
        Self {
            schema: SCHEMA,
            software: crate::validate::SOFTWARE.to_owned(),
            collected_at: subject.at,
            digest: subject.hash.digest(),
            size: bytes.len() as u64,
            identity,
            signatures: signatures
                .into_iter()
                .map(|facts| collector.signature(facts))
                .collect(),
            timestamps: timestamps
                .into_iter()
                .map(|facts| collector.timestamp(facts))
                .collect(),
            document,
            excess,
            trust: trust.state(),
        }
    }
}

fn is_timestamp(facts: &SignatureFacts) -> bool {
    facts.kind == SignatureKind::DocumentTimestamp || facts.sub_filter.as_deref() == Some(RFC3161)
}

/// The only signature of a file, when it is well formed and covers all of it.
fn only_signature(bytes: &[u8]) -> Option<SignatureFacts> {
    let mut found = signatures_in(bytes).into_iter();
    let (Some(Ok(only)), None) = (found.next(), found.next()) else {
        return None;
    };
    let whole = only.byte_range.covers_whole_file(bytes.len() as u64);
    let sub_filter = sub_filter_near(bytes, only.byte_range);
    whole.then(|| SignatureFacts {
        sub_filter,
        ..from_bytes_alone(bytes, Ok(only))
    })
}

/// The form of a seal of ours, which writes its dictionary in one piece.
fn sub_filter_near(bytes: &[u8], range: ByteRange) -> Option<String> {
    const NEAR: usize = 1024;
    const PADES: &str = "ETSI.CAdES.detached";
    let start = usize::try_from(range.hole_start).ok()?;
    let end = usize::try_from(range.hole_end).ok()?;
    let before = bytes.get(start.saturating_sub(NEAR)..start)?;
    let after = bytes.get(end..)?;
    let after = after.get(..NEAR).unwrap_or(after);
    [before, after]
        .into_iter()
        .any(|part| memchr::memmem::find(part, PADES.as_bytes()).is_some())
        .then(|| PADES.to_owned())
}

/// Reads the document revision by revision; when that cannot be done, what can be seen from outside.
fn read(
    bytes: &Bytes,
    limits: &Limits,
    deadline: &Deadline,
) -> (DocumentReading, Vec<SignatureFacts>) {
    match SignatureSurvey::of(bytes, limits, deadline) {
        Ok(mut survey) => {
            let signatures = std::mem::take(&mut survey.signatures);
            (DocumentReading::Survey { survey }, signatures)
        }
        Err(error) => {
            let signatures = signatures_in(bytes)
                .into_iter()
                .map(|found| from_bytes_alone(bytes, found))
                .collect();
            let reading = DocumentReading::Unreadable {
                beyond_reader: matches!(
                    error,
                    PdfError::UserPassword
                        | PdfError::UnsupportedEncryption(_)
                        | PdfError::LimitPassed { .. }
                        | PdfError::OutOfTime
                ),
                reason: error.to_string(),
            };
            (reading, signatures)
        }
    }
}

/// What the bytes around a `/ByteRange` tell of its signature.
fn from_bytes_alone(
    bytes: &[u8],
    found: Result<FoundSignature, ByteRangeDefect>,
) -> SignatureFacts {
    let byte_range = found.map(|found| found.byte_range);
    let hole = byte_range.as_ref().ok().and_then(|range| {
        let from = usize::try_from(range.hole_start).ok()?;
        ranges::decode_hole(bytes.get(from..usize::try_from(range.hole_end).ok()?)?)
    });
    let offset = byte_range.as_ref().map_or(0, |range| range.hole_start);
    SignatureFacts {
        field: match byte_range {
            Ok(_) => format!("@{offset}"),
            Err(_) => "?".to_owned(),
        },
        other_fields: Vec::new(),
        kind: SignatureKind::Signature,
        offset,
        sub_filter: None,
        byte_range,
        contents: hole.unwrap_or_default().into(),
        cert: None,
        claims: Claims::default(),
        revision: None,
        removed_in: None,
        rewritten_in: None,
        visible: false,
        doc_mdp: None,
        field_lock: None,
        changes: Vec::new(),
    }
}

/// What a timestamp is thought to stamp.
#[derive(Clone, Copy)]
enum Stamped<'a> {
    /// A signature value.
    Octets(&'a [u8]),
    /// The document, all but the hole.
    Covered(Covered<'a>),
}

impl Stamped<'_> {
    /// Whether it is what `token` stamps; `None` for an algorithm not known here.
    fn by(&self, token: &TimestampEvidence) -> Option<bool> {
        match self {
            Self::Octets(octets) => token.stamps(&[octets]),
            Self::Covered(covered) => {
                Some(covered.digest(&token.imprint_algorithm)? == token.imprint.0)
            }
        }
    }
}

/// Collects what belongs to single signatures and timestamps.
struct Collector<'a> {
    bytes: &'a [u8],
    hash: &'a HashTrail,
    store: &'a ValidationData,
    registered: RegisteredFor<'a>,
    trust: &'a Trust,
}

impl Collector<'_> {
    fn signature(&self, facts: SignatureFacts) -> SignatureEvidence {
        let covered = self.covered(&facts);
        let cms = CmsEvidence::collect_with(&facts.contents, &self.store.certificates)
            .map_err(|error| error.to_string());
        let mut evidence = SignatureEvidence {
            facts,
            cms,
            digest: Comparison::Unknown,
            value: Comparison::Unknown,
            paths: Vec::new(),
            content_timestamps: Vec::new(),
            timestamps: Vec::new(),
            registered_for: None,
        };
        compare(&mut evidence, covered);
        let Ok(cms) = &evidence.cms else {
            return evidence;
        };
        evidence.paths = self.paths(cms, &self.trust.seals.anchors);
        evidence.registered_for = cms
            .signer_certificate
            .as_ref()
            .and_then(|der| (self.registered)(&Sha256Digest::of(der)));
        let signature = Some(Stamped::Octets(&cms.signature));
        evidence.timestamps = self.tokens(&cms.signature_timestamps, signature);
        let covered = covered.map(Stamped::Covered);
        evidence.content_timestamps = self.tokens(&cms.content_timestamps, covered);
        evidence
    }

    /// What a signature or timestamp covers.
    fn covered(&self, facts: &SignatureFacts) -> Option<Covered<'_>> {
        let range = facts.byte_range.as_ref().ok().copied();
        range.and_then(|range| Covered::by(range, self.bytes, self.hash))
    }

    fn timestamp(&self, facts: SignatureFacts) -> DocumentTimestampEvidence {
        let covered = self.covered(&facts);
        let token = self.token(&facts.contents, covered.map(Stamped::Covered));
        DocumentTimestampEvidence { facts, token }
    }

    fn tokens(&self, tokens: &[Octets], stamped: Option<Stamped<'_>>) -> Vec<TokenEvidence> {
        let tokens = tokens.iter().take(MAX_TOKENS);
        tokens.map(|token| self.token(token, stamped)).collect()
    }

    fn token(&self, token: &[u8], stamped: Option<Stamped<'_>>) -> TokenEvidence {
        let token = TimestampEvidence::collect_with(token, &self.store.certificates)
            .map_err(|error| error.to_string());
        let read = token.as_ref().ok();
        let imprint = read
            .zip(stamped)
            .and_then(|(token, stamped)| stamped.by(token));
        let paths = read.map_or_else(Vec::new, |token| {
            self.paths(&token.cms, &self.trust.timestamps.anchors)
        });
        TokenEvidence {
            imprint: Comparison::of(imprint),
            paths,
            token,
        }
    }

    /// The ways from the signer's certificate up, with what came in the CMS and the document.
    fn paths(&self, cms: &CmsEvidence, anchors: &Anchors) -> Vec<CertificatePath> {
        let Some(leaf) = cms.signer_certificate.as_deref() else {
            return Vec::new();
        };
        let certificates = [&cms.certificates[..], &self.store.certificates].concat();
        let ocsp_responses = [&cms.ocsp_responses[..], &self.store.ocsp_responses].concat();
        let crls = [&cms.crls[..], &self.store.crls].concat();
        let embedded = Embedded {
            certificates: &certificates,
            ocsp_responses: &ocsp_responses,
            crls: &crls,
        };
        paths(leaf, embedded, anchors).unwrap_or_default()
    }
}
