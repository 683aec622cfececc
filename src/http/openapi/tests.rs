//! The description says what the routes do: no more, no less.

use std::collections::BTreeSet;

use serde_json::Value;

use super::*;
use crate::http::intake::FIELD_NAMES;

/// Routes that are not part of the interface: the description itself, its page, what browsers and
/// search engines ask for, and pages that are for reading only.
const UNDESCRIBED: [&str; 11] = [
    "/openapi.json",
    "/docs",
    "/robots.txt",
    "/favicon.ico",
    "/assets/{name}",
    "/organs/{organ}/accent.css",
    "/organs/{organ}/coat-of-arms.svg",
    "/que-es",
    "/base-legal",
    "/accessibilitat",
    "/privacitat",
];

fn description() -> Value {
    serde_json::from_str(&JSON).unwrap()
}

/// The routes as they stand in the code of the two tables.
fn routes() -> BTreeSet<&'static str> {
    let table = |source: &'static str| {
        let table = source.split("fn configure").nth(1).unwrap();
        table.split("\n}\n").next().unwrap()
    };
    [include_str!("../mod.rs"), include_str!("../public/mod.rs")]
        .into_iter()
        .flat_map(|source| table(source).split('"').skip(1).step_by(2))
        .filter(|text| text.starts_with('/'))
        .collect()
}

#[test]
fn every_route_is_described_and_every_description_has_its_route() {
    let description = description();
    let described: BTreeSet<&str> = description["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = routes();
    assert!(expected.len() > 10, "{expected:?}");
    expected.retain(|route| !UNDESCRIBED.contains(route));
    assert_eq!(described, expected);
}

#[test]
fn every_problem_is_listed() {
    let description = description();
    let operation = &description["paths"]["/v1/problems"]["get"];
    let text = operation["description"].as_str().unwrap();
    for code in ProblemCode::ALL {
        let listed = format!("`{}`", code.entry().code);
        assert!(text.contains(&listed), "{listed}");
    }
}

#[test]
fn it_is_openapi_3_1_with_a_key_and_no_dangling_reference() {
    let description = description();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(
        description["components"]["securitySchemes"]["key"]["scheme"],
        "bearer"
    );
    let schemas = description["components"]["schemas"].as_object().unwrap();
    for reference in references(&description) {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(schemas.contains_key(name), "{reference}");
    }
}

#[test]
fn every_operation_for_applications_names_the_scope_that_it_takes() {
    let description = description();
    let mut scopes = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        let operations = operations.as_object().unwrap();
        for operation in operations.values().filter(|_| path.starts_with("/v1/")) {
            let security = &operation["security"];
            let open = [
                "/v1/me",
                "/v1/organs",
                "/v1/organs/{organ}/status",
                "/v1/seals",
                "/v1/problems",
            ];
            if open.contains(&path.as_str()) {
                continue;
            }
            let scope = security[0]["key"][0]
                .as_str()
                .unwrap_or_else(|| panic!("{path}"));
            assert!(
                crate::http::Scope::from_word(scope).is_some(),
                "{path}: {scope}"
            );
            scopes.insert(scope.to_owned());
        }
    }
    assert_eq!(scopes.len(), 5, "{scopes:?}");
}

fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(object) => object
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name == "$ref" => vec![text.as_str()],
                value => references(value),
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn the_fields_of_a_request_are_described_in_query_and_metadata() {
    let description = description();
    let parameters = description["paths"]["/v1/copies"]["post"]["parameters"]
        .as_array()
        .unwrap();
    let metadata = &description["components"]["schemas"]["Metadata"]["properties"];
    for name in FIELD_NAMES {
        let described = parameters.iter().any(|parameter| {
            let parameter = parameter["name"].as_str().unwrap();
            parameter == name || parameter.starts_with(&format!("{name}."))
        });
        // A second factor stands in no address.
        assert_ne!(described, name == "access_factor", "{name}");
        assert!(metadata[name].is_object(), "{name} is not in the metadata");
    }
}

/// A report with everything in it, so that every field shows.
fn full_report() -> Value {
    use crate::archive::CopyStatus;
    use crate::model::Sha256Digest;
    use crate::validate::report as r;
    let digest = Sha256Digest::of(b"");
    let now = jiff::Timestamp::UNIX_EPOCH;
    let organ: crate::model::Dir3 = "L01990015".parse().unwrap();
    let timestamp = r::TimestampReport {
        kind: r::TimestampKind::Signature,
        field: Some(String::new()),
        time: Some(now),
        authority: Some(String::new()),
        indication: r::Indication::TotalPassed,
        sub_indication: Some(r::SubIndication::HashFailure),
    };
    let anchors = r::AnchorState {
        anchors: 1,
        as_of: Some(now),
    };
    let report = r::Report {
        verdict: r::Verdict::Identical,
        status: Some(CopyStatus::InForce),
        indication: Some(r::Indication::TotalPassed),
        sub_indication: Some(r::SubIndication::HashFailure),
        signatures: vec![r::SignatureReport {
            field: String::new(),
            role: r::Role::CopySeal,
            counts: true,
            level: Some(r::SignatureLevel::BB),
            indication: r::Indication::TotalPassed,
            sub_indication: Some(r::SubIndication::HashFailure),
            signed_by: Some(r::SignedBy {
                name: String::new(),
                organisation: String::new(),
                nif: Some(String::new()),
                issuer: String::new(),
                fingerprint: digest,
                registered_for: Some(organ.clone()),
            }),
            time: Some(now),
            time_proof: Some(r::TimeProof::Archive),
            best_signature_time: Some(now),
            timestamps: vec![timestamp.clone()],
            claims: r::ClaimsReport {
                time: Some(now),
                name: Some(String::new()),
                reason: Some(String::new()),
                location: Some(String::new()),
            },
            qualification: Some(r::Qualification::default()),
            covers_whole_file: true,
            revision: Some(1),
            certification: Some(1),
            changes: vec![r::ChangeReport {
                revision: 2,
                class: r::ChangeClass::FormFill,
                permitted: true,
                field: Some(String::new()),
                text: String::new(),
            }],
        }],
        timestamps: vec![timestamp],
        findings: vec![r::RuleFinding {
            rule: "",
            severity: r::Weight::Passed,
            offset: Some(0),
            signature: Some(String::new()),
            clause: Some(""),
            sub_indication: Some(r::SubIndication::HashFailure),
            text: String::new(),
        }],
        copy: Some(r::IssuedCopy {
            organ,
            issued_at: now,
            digest,
            size: 0,
            version: 1,
            versions: 1,
            committed_at: now,
            parts: vec![r::CopyPart {
                kind: r::CopyPartKind::Timestamp,
                end: 0,
                time: Some(now),
            }],
        }),
        digest,
        size: 0,
        revisions: Some(1),
        validation_time: now,
        policy: "",
        trust: r::TrustState {
            seals: anchors,
            timestamps: anchors,
        },
        software: "",
    };
    serde_json::to_value(report).unwrap()
}

#[test]
fn a_report_has_exactly_the_fields_that_are_described() {
    let description = description();
    let schemas = &description["components"]["schemas"];
    let report = full_report();
    for (schema, value) in [
        ("Report", &report),
        ("SignatureReport", &report["signatures"][0]),
        ("SignedBy", &report["signatures"][0]["signed_by"]),
        ("SignatureClaims", &report["signatures"][0]["claims"]),
        ("Qualification", &report["signatures"][0]["qualification"]),
        ("ChangeReport", &report["signatures"][0]["changes"][0]),
        ("TimestampReport", &report["timestamps"][0]),
        ("TrustState", &report["trust"]),
        ("AnchorState", &report["trust"]["seals"]),
        ("RuleFinding", &report["findings"][0]),
        ("IssuedCopy", &report["copy"]),
        ("CopyPart", &report["copy"]["parts"][0]),
    ] {
        let names = |value: &Value| -> BTreeSet<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(
            names(value),
            names(&schemas[schema]["properties"]),
            "{schema}"
        );
    }
}
