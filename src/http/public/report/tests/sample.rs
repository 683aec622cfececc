//! A report about a file with one signature.

use jiff::Timestamp;

use crate::archive::CopyStatus;
use crate::model::Sha256Digest;
use crate::validate::report::{
    AnchorState, ChangeClass, ChangeReport, ClaimsReport, Indication, IssuedCopy, Qualification,
    Report, Role, RuleFinding, SignatureLevel, SignatureReport, SignedBy, SubIndication, TimeProof,
    TrustState, Verdict, Weight,
};

pub(super) fn now() -> Timestamp {
    "2026-11-22T09:30:00Z".parse().unwrap()
}

fn signature(indication: Indication) -> SignatureReport {
    SignatureReport {
        field: "Signature1".to_owned(),
        role: Role::Signature,
        counts: true,
        level: Some(SignatureLevel::BT),
        indication,
        sub_indication: (indication != Indication::TotalPassed)
            .then_some(SubIndication::NoCertificateChainFound),
        signed_by: Some(SignedBy {
            name: "Segell nivell mig".to_owned(),
            organisation: "Ajuntament de Vallserena".to_owned(),
            nif: Some("P9900100J".to_owned()),
            issuer: "EC-SectorPublic".to_owned(),
            fingerprint: Sha256Digest::of(b"certificate"),
            registered_for: None,
        }),
        time: Some(now()),
        time_proof: Some(TimeProof::Timestamp),
        best_signature_time: Some(now()),
        timestamps: Vec::new(),
        claims: ClaimsReport {
            name: Some("Somebody Claimed".to_owned()),
            ..ClaimsReport::default()
        },
        qualification: Some(Qualification {
            qc_compliance: true,
            qc_eseal: true,
            ..Qualification::default()
        }),
        covers_whole_file: false,
        revision: Some(1),
        certification: None,
        changes: vec![ChangeReport {
            revision: 2,
            class: ChangeClass::PageContent,
            permitted: false,
            field: None,
            text: "page 1 shows something else".to_owned(),
        }],
    }
}

pub(super) fn report(
    verdict: Verdict,
    status: Option<CopyStatus>,
    indication: Option<Indication>,
) -> Report {
    let anchors = AnchorState {
        anchors: 2,
        as_of: Some("2026-11-03T00:00:00Z".parse().unwrap()),
    };
    Report {
        verdict,
        status,
        indication,
        sub_indication: None,
        signatures: indication.map(signature).into_iter().collect(),
        timestamps: Vec::new(),
        findings: vec![RuleFinding {
            rule: "DocMDP",
            severity: Weight::Failed,
            sub_indication: Some(SubIndication::SigConstraintsFailure),
            offset: Some(1234),
            signature: Some("Signature1".to_owned()),
            clause: Some("ISO 32000-2, 12.8.2.2"),
            text: "revision 2 changes what the signature does not permit".to_owned(),
        }],
        copy: status.map(|_| IssuedCopy {
            organ: "L01990015".parse().unwrap(),
            issued_at: now(),
            digest: Sha256Digest::of(b"copy"),
            size: 1000,
            version: 1,
            versions: 1,
            committed_at: now(),
            parts: Vec::new(),
        }),
        digest: Sha256Digest::of(b"file"),
        size: 2000,
        revisions: Some(2),
        validation_time: now(),
        policy: "segell-1",
        trust: TrustState {
            seals: anchors,
            timestamps: anchors,
        },
        software: "segell",
    }
}
