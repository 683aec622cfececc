//! Evidence by hand.

use jiff::Timestamp;

use crate::cades::{CmsEvidence, TimestampEvidence};
use crate::model::{Octets, PublicKey, Sha256Digest};
use crate::pdf::ByteRange;
use crate::pdf::signed::{
    Claims, Revision, SignatureFacts, SignatureKind, SignatureSurvey, ValidationData,
};
use crate::pki::CertificateFacts;
use crate::pki::path::{CertificatePath, PathEnd, PathLink};
use crate::pki::revocation::{RevocationAnswer, RevocationSource, RevocationStatus};
use crate::validate::evidence::{
    Comparison, DocumentReading, DocumentTimestampEvidence, Evidence, IdentityFacts, SCHEMA,
    SignatureEvidence, TokenEvidence,
};
use crate::validate::report::TrustState;

/// Noon of a day.
pub(super) fn day(text: &str) -> Timestamp {
    format!("{text}T12:00:00Z").parse().unwrap()
}

const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const RSA_SHA_256: &str = "1.2.840.113549.1.1.11";

fn key() -> PublicKey {
    PublicKey::Rsa {
        bits: 3072,
        exponent: Some(65537),
    }
}

/// A certificate, valid over 2020 and 2021 as a leaf, from 2010 to 2040 as an authority.
pub(super) fn link(name: &str, authority: bool) -> PathLink {
    let (from, to) = match authority {
        true => ("2010-01-01", "2040-01-01"),
        false => ("2020-01-01", "2021-12-31"),
    };
    let facts = serde_json::json!({
        "fingerprint": Sha256Digest::of(name.as_bytes()),
        "common_name": name,
        "organisation": "",
        "nif": null,
        "issuer": "",
        "serial": "01",
        "not_before": day(from),
        "not_after": day(to),
        "public_key": "RSA-3072",
        "policies": [],
        "qc_eseal": false,
        "qc_compliance": false,
        "qc_sscd": false,
        "may_sign": true,
        "authority": authority,
        "key": key(),
    });
    PathLink {
        facts: serde_json::from_value::<CertificateFacts>(facts).unwrap(),
        der: Octets::default(),
        signature_algorithm: RSA_SHA_256.to_owned(),
        signature_digest: Some(SHA_256.to_owned()),
        revocation: Vec::new(),
        no_check: false,
    }
}

/// A path of a signer, an authority and an anchor.
pub(super) fn path() -> CertificatePath {
    CertificatePath {
        links: vec![
            link("signer", false),
            link("authority", true),
            link("root", true),
        ],
        end: PathEnd::Anchor,
    }
}

/// The path of a time-stamp authority, valid from 2019 to `to`.
pub(super) fn authority_path(to: &str) -> CertificatePath {
    let mut path = path();
    let leaf = &mut path.links[0].facts;
    leaf.common_name = "clock".to_owned();
    leaf.not_before = day("2019-01-01");
    leaf.not_after = day(to);
    leaf.extended_key_usage = Some(vec!["1.3.6.1.5.5.7.3.8".to_owned()]);
    leaf.extended_key_usage_critical = true;
    path
}

/// An answer of a day, good for a week.
pub(super) fn answer(this_update: &str, status: RevocationStatus) -> RevocationAnswer {
    let this_update = day(this_update);
    RevocationAnswer {
        source: RevocationSource::Crl,
        this_update,
        next_update: this_update
            .checked_add(jiff::SignedDuration::from_hours(7 * 24))
            .ok(),
        produced_at: this_update,
        status,
        signature_algorithm: RSA_SHA_256.to_owned(),
        signature_digest: Some(SHA_256.to_owned()),
        responder_validity: None,
        responder_no_check: false,
        expired_since: None,
    }
}

/// Revoked on a day.
pub(super) fn revoked(
    at: &str,
    reason: Option<&str>,
    invalid_since: Option<&str>,
) -> RevocationStatus {
    RevocationStatus::Revoked {
        at: day(at),
        reason: reason.map(str::to_owned),
        invalidity_date: invalid_since.map(day),
    }
}

/// A sound CMS.
pub(super) fn cms() -> CmsEvidence {
    CmsEvidence {
        der_len: 100,
        padding_is_zero: true,
        is_der: true,
        signers: 1,
        detached: true,
        encapsulated_type: "1.2.840.113549.1.7.1".to_owned(),
        encapsulated_content: None,
        encapsulated_content_matches: None,
        digest_algorithms: vec![SHA_256.to_owned()],
        digest_algorithm: SHA_256.to_owned(),
        signature_algorithm: RSA_SHA_256.to_owned(),
        signature_parameters: None,
        algorithms_agree: Some(true),
        signed_attributes: true,
        signed_attributes_unique: true,
        signed_attributes_ordered: true,
        signed_attribute_types: Vec::new(),
        content_type_is_data: true,
        content_type_matches: true,
        message_digest: Some(vec![1; 32].into()),
        signing_time: false,
        claimed_time: None,
        signature_policy: None,
        commitment_types: Vec::new(),
        content_timestamps: Vec::new(),
        signing_certificate_matches: Some(true),
        signing_certificate_v1: false,
        signing_certificate_v1_matches: None,
        algorithm_protection_matches: None,
        signer_certificate: Some(vec![0x30].into()),
        signer_identifier_matches: true,
        signer_key: Some(key()),
        certificates: Vec::new(),
        crls: Vec::new(),
        ocsp_responses: Vec::new(),
        signature: vec![7; 8].into(),
        signature_verifiable: true,
        signature_verifies: true,
        signature_timestamps: Vec::new(),
        other_unsigned_attributes: Vec::new(),
    }
}

/// The dictionary of a signature that covers a file up to `end`, its value from `end - 60` to `end - 20`.
pub(super) fn facts(field: &str, end: u64, revision: usize) -> SignatureFacts {
    SignatureFacts {
        field: field.to_owned(),
        other_fields: Vec::new(),
        kind: SignatureKind::Signature,
        offset: end - 70,
        sub_filter: Some("ETSI.CAdES.detached".to_owned()),
        byte_range: Ok(ByteRange {
            hole_start: end - 60,
            hole_end: end - 20,
            end,
        }),
        contents: format!("contents of {field}").into_bytes().into(),
        cert: None,
        claims: Claims::default(),
        revision: Some(revision),
        removed_in: None,
        rewritten_in: None,
        visible: false,
        doc_mdp: None,
        field_lock: None,
        changes: Vec::new(),
    }
}

/// A sound signature over the first `end` bytes.
pub(super) fn signature(field: &str, end: u64, revision: usize) -> SignatureEvidence {
    SignatureEvidence {
        facts: facts(field, end, revision),
        cms: Ok(cms()),
        digest: Comparison::Matches,
        value: Comparison::Matches,
        paths: vec![path()],
        content_timestamps: Vec::new(),
        timestamps: Vec::new(),
        registered_for: None,
    }
}

/// A sound timestamp of a day, by an authority whose certificate is valid until `until`.
pub(super) fn token(time: &str, until: &str) -> TokenEvidence {
    TokenEvidence {
        token: Ok(TimestampEvidence {
            cms: CmsEvidence {
                detached: false,
                encapsulated_type: "1.2.840.113549.1.9.16.1.4".to_owned(),
                ..cms()
            },
            content_matches: true,
            version: 1,
            policy: "1.2.3".to_owned(),
            imprint_algorithm: SHA_256.to_owned(),
            imprint: vec![1; 32].into(),
            time: day(time),
            accuracy_micros: 0,
            nonce: None,
            serial: vec![1].into(),
            critical_extensions: Vec::new(),
        }),
        imprint: Comparison::Matches,
        paths: vec![authority_path(until)],
    }
}

/// A document timestamp over the first `end` bytes.
pub(super) fn document_timestamp(
    end: u64,
    revision: usize,
    token: TokenEvidence,
) -> DocumentTimestampEvidence {
    let mut facts = facts(&format!("timestamp {end}"), end, revision);
    facts.kind = SignatureKind::DocumentTimestamp;
    facts.sub_filter = Some("ETSI.RFC3161".to_owned());
    DocumentTimestampEvidence { facts, token }
}

/// The evidence of a file with these signatures and revisions that end at these bytes, as of a day.
pub(super) fn evidence(at: &str, ends: &[u64], signatures: Vec<SignatureEvidence>) -> Evidence {
    let revision = |end: &u64| Revision {
        end: *end,
        pages: 1,
        readable: true,
        repaired: None,
        hybrid_sections: 0,
        lost_objects: 0,
        ambiguous_objects: 0,
    };
    Evidence {
        schema: SCHEMA,
        software: String::new(),
        collected_at: day(at),
        digest: Sha256Digest::of(b""),
        size: *ends.last().unwrap(),
        identity: IdentityFacts::Unknown,
        document: DocumentReading::Survey {
            survey: SignatureSurvey {
                revisions: ends.iter().map(revision).collect(),
                validation_data: ValidationData::default(),
                ..SignatureSurvey::default()
            },
        },
        signatures,
        timestamps: Vec::new(),
        excess: false,
        trust: TrustState::default(),
    }
}
