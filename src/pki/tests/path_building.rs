//! Ways up to an anchor, straight, crossed, hostile and missing.

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Extension};

use super::issuing::{self, authority, certificate, new_key};
use super::path::{CertificatePath, Embedded, MAX_PATHS, PathEnd, paths};
use super::verify::certificate_facts;
use super::*;
use crate::model::{Octets, PublicKey};

const DAYS: (&str, &str) = ("20260101000000Z", "20300101000000Z");
const LONG_AGO: (&str, &str) = ("20010101000000Z", "20020101000000Z");

type Keyed = (X509, PKey<Private>);

fn is_authority() -> Vec<X509Extension> {
    vec![issuing::extension("2.5.29.19", &[0x30, 3, 1, 1, 0xFF])]
}

fn below(name: &str, issuer: &Keyed, key: PKey<Private>, extensions: Vec<X509Extension>) -> Keyed {
    let subject = [("2.5.4.3", name)];
    let name = Some(issuer.0.subject_name());
    let certificate = certificate(&subject, name, &key, &issuer.1, DAYS, extensions);
    (certificate, key)
}

fn authority_below(name: &str, issuer: &Keyed) -> Keyed {
    below(name, issuer, new_key(), is_authority())
}

fn leaf_below(issuer: &Keyed) -> X509 {
    below("A signer", issuer, new_key(), vec![]).0
}

fn anchors_of(certificates: &[&X509]) -> Anchors {
    let pems: Vec<Vec<u8>> = certificates.iter().map(|c| c.to_pem().unwrap()).collect();
    Anchors::from_pem(pems.iter().map(|pem| ("anchor", pem.as_slice()))).unwrap()
}

fn found(leaf: &X509, embedded: &[&X509], anchors: &[&X509]) -> Vec<CertificatePath> {
    let certificates = embedded.iter().map(|c| c.to_der().unwrap().into());
    let certificates: Vec<Octets> = certificates.collect();
    let embedded = Embedded {
        certificates: &certificates,
        ..Embedded::default()
    };
    let told = paths(&leaf.to_der().unwrap(), embedded, &anchors_of(anchors)).unwrap();
    assert!(!told.is_empty() && told.len() <= MAX_PATHS);
    told
}

/// The names on every path with its end.
fn names(told: &[CertificatePath]) -> Vec<(Vec<&str>, &PathEnd)> {
    let names = told.iter().map(|path| {
        let links = path.links.iter();
        let names = links.map(|link| link.facts.common_name.as_str());
        (names.collect(), &path.end)
    });
    names.collect()
}

fn reason(told: &[CertificatePath]) -> (&str, &str) {
    match &told[0].end {
        PathEnd::Broken {
            certificate,
            reason,
        } => (certificate, reason),
        end => panic!("{end:?}"),
    }
}

#[test]
fn a_path_is_told_from_the_leaf_to_the_anchor_and_can_be_kept() {
    let root = authority("Root");
    let between = authority_below("Between", &root);
    let leaf = leaf_below(&between);
    let told = found(&leaf, &[&between.0], &[&root.0]);
    assert_eq!(
        names(&told),
        [(vec!["A signer", "Between", "Root"], &PathEnd::Anchor)]
    );
    let link = &told[0].links[0];
    assert_eq!(*link.der, leaf.to_der().unwrap());
    assert_eq!(link.signature_algorithm, "1.2.840.10045.4.3.2");
    let sha256 = Some("2.16.840.1.101.3.4.2.1");
    assert_eq!(link.signature_digest.as_deref(), sha256);
    assert!(!link.no_check && link.revocation.is_empty());

    let written = serde_json::to_string(&told).unwrap();
    let read: Vec<CertificatePath> = serde_json::from_str(&written).unwrap();
    assert_eq!(read, told);
}

#[test]
fn an_anchor_ends_a_path_wherever_it_stands() {
    let root = authority("Root");
    let between = authority_below("Between", &root);
    let leaf = leaf_below(&between);
    let told = found(&leaf, &[&root.0], &[&between.0]);
    assert_eq!(
        names(&told),
        [(vec!["A signer", "Between"], &PathEnd::Anchor)]
    );
    let told = found(&leaf, &[], &[&leaf]);
    assert_eq!(names(&told), [(vec!["A signer"], &PathEnd::Anchor)]);
}

#[test]
fn a_missing_issuer_and_a_root_that_is_no_anchor_are_told_apart() {
    let root = authority("Root");
    let between = authority_below("Between", &root);
    let leaf = leaf_below(&between);
    let stranger = authority("Stranger");
    let end = |embedded: &[&X509]| found(&leaf, embedded, &[&stranger.0])[0].end.clone();
    let issuer = "Between".to_owned();
    assert_eq!(end(&[]), PathEnd::Incomplete { issuer });
    let issuer = "Root".to_owned();
    assert_eq!(end(&[&between.0]), PathEnd::Incomplete { issuer });
    let root_name = "Root".to_owned();
    assert_eq!(
        end(&[&between.0, &root.0]),
        PathEnd::Untrusted { root: root_name }
    );
    assert!(paths(b"", Embedded::default(), &Anchors::default()).is_err());
}

#[test]
fn dates_and_weak_algorithms_are_facts_and_break_nothing() {
    let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let mut name = openssl::x509::X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "Old root").unwrap();
    let name = name.build();
    let issue = |subject: &openssl::x509::X509NameRef, authority: bool| {
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        let time = |text: &str| openssl::asn1::Asn1Time::from_str(text).unwrap();
        builder.set_not_before(&time(LONG_AGO.0)).unwrap();
        builder.set_not_after(&time(LONG_AGO.1)).unwrap();
        builder.set_subject_name(subject).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_pubkey(&key).unwrap();
        if authority {
            for extension in is_authority() {
                builder.append_extension(extension).unwrap();
            }
        }
        builder.sign(&key, MessageDigest::sha1()).unwrap();
        builder.build()
    };
    let root = issue(&name, true);
    let mut leaf = openssl::x509::X509NameBuilder::new().unwrap();
    leaf.append_entry_by_text("CN", "Old signer").unwrap();
    let leaf = issue(&leaf.build(), false);
    let told = found(&leaf, &[], &[&root]);
    assert_eq!(told[0].end, PathEnd::Anchor, "{told:?}");
    let link = &told[0].links[0];
    assert_eq!(link.signature_algorithm, "1.2.840.113549.1.1.5");
    assert_eq!(link.signature_digest.as_deref(), Some("1.3.14.3.2.26"));
    let key = PublicKey::Rsa {
        bits: 1024,
        exponent: Some(65_537),
    };
    assert_eq!(link.facts.key, Some(key));
    assert_eq!(link.facts.not_after.to_string(), "2002-01-01T00:00:00Z");
}

#[test]
fn crossed_authorities_give_several_ways_those_with_an_anchor_first() {
    let (one, two) = (authority("One"), authority("Two"));
    let key = new_key();
    let by_one = below("Between", &one, key.clone(), is_authority());
    let by_two = below("Between", &two, key.clone(), is_authority());
    let leaf = leaf_below(&by_one);
    let told = found(&leaf, &[&by_one.0, &by_two.0, &one.0], &[&two.0]);
    let untrusted = PathEnd::Untrusted { root: "One".into() };
    assert_eq!(
        names(&told),
        [
            (vec!["A signer", "Between", "Two"], &PathEnd::Anchor),
            (vec!["A signer", "Between", "One"], &untrusted),
        ]
    );
}

#[test]
fn authorities_that_certify_each_other_do_not_lead_in_circles() {
    let (one, two) = (("One", new_key()), ("Two", new_key()));
    let cross = |subject: &(&str, PKey<Private>), issuer: &(&str, PKey<Private>)| {
        let root = authority(issuer.0);
        let as_issuer = (root.0, issuer.1.clone());
        below(subject.0, &as_issuer, subject.1.clone(), is_authority())
    };
    let (one_by_two, two_by_one) = (cross(&one, &two), cross(&two, &one));
    let leaf = leaf_below(&one_by_two);
    let stranger = authority("Stranger");
    let told = found(&leaf, &[&one_by_two.0, &two_by_one.0], &[&stranger.0]);
    assert!(told.iter().all(|path| path.end != PathEnd::Anchor));
    assert!(told.iter().all(|path| path.links.len() <= 3), "{told:?}");
}

#[test]
fn namesakes_of_the_issuer_neither_hide_it_nor_cost_without_end() {
    let root = authority("Root");
    let leaf = leaf_below(&root);
    let namesakes: Vec<Keyed> = (0..300).map(|_| authority("Root")).collect();
    let embedded: Vec<&X509> = namesakes
        .iter()
        .map(|(certificate, _)| certificate)
        .collect();
    let told = found(&leaf, &embedded, &[&root.0]);
    assert_eq!(names(&told), [(vec!["A signer", "Root"], &PathEnd::Anchor)]);

    let told = found(&leaf, &embedded, &[&authority("Stranger").0]);
    assert_eq!(
        reason(&told),
        ("A signer", "no issuer of that name signed it")
    );
}

#[test]
fn a_forged_certificate_breaks_the_path() {
    let root = authority("Root");
    let namesake = authority("Root");
    let leaf = leaf_below(&namesake);
    let told = found(&leaf, &[], &[&root.0]);
    let (certificate, reason) = reason(&told);
    assert_eq!(certificate, "A signer");
    assert!(reason.contains("signature"), "{reason}");
}

#[test]
fn issuers_have_to_be_authorities_that_may_issue_at_that_length() {
    let root = authority("Root");
    let end_entity = below("No authority", &root, new_key(), vec![]);
    let leaf = leaf_below(&end_entity);
    let told = found(&leaf, &[&end_entity.0], &[&root.0]);
    assert_eq!(reason(&told), ("No authority", "it is no authority"));

    let key_usage = issuing::extension("2.5.29.15", &[0x03, 0x02, 0x07, 0x80]);
    let mut extensions = is_authority();
    extensions.push(key_usage);
    let may_not = below("May not issue", &root, new_key(), extensions);
    let leaf = leaf_below(&may_not);
    let told = found(&leaf, &[&may_not.0], &[&root.0]);
    reason(&told);

    // pathLenConstraint 0
    let last = vec![issuing::extension(
        "2.5.29.19",
        &[0x30, 6, 1, 1, 0xFF, 2, 1, 0],
    )];
    let last = below("Last", &root, new_key(), last);
    let beyond = authority_below("Beyond", &last);
    let leaf = leaf_below(&beyond);
    let told = found(&leaf, &[&last.0, &beyond.0], &[&root.0]);
    let (_, why) = reason(&told);
    assert!(why.contains("path length"), "{why}");
}

#[test]
fn a_path_of_more_than_eight_certificates_is_not_followed() {
    let mut line = vec![authority("Root")];
    for number in 0..7 {
        let next = authority_below(&format!("Authority {number}"), line.last().unwrap());
        line.push(next);
    }
    let embedded: Vec<&X509> = line.iter().skip(1).map(|(c, _)| c).collect();
    let anchors = [&line[0].0];
    let eighth = leaf_below(&line[6]);
    assert_eq!(found(&eighth, &embedded, &anchors)[0].end, PathEnd::Anchor);
    let ninth = leaf_below(&line[7]);
    let told = found(&ninth, &embedded, &anchors);
    assert_eq!(reason(&told).1, "the path is too long");
}

#[test]
fn the_uses_of_a_certificate_are_facts() {
    let root = authority("Root");
    let time_stamping = [0x30, 10, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 8];
    let extensions = vec![
        issuing::extension("2.5.29.37", &time_stamping),
        issuing::extension("2.5.29.15", &[0x03, 0x02, 0x06, 0xC0]),
    ];
    let stamper = below("Stamper", &root, new_key(), extensions).0;
    let facts = certificate_facts(&stamper.to_der().unwrap()).unwrap();
    let usage = facts.extended_key_usage.unwrap();
    assert_eq!(usage, ["1.3.6.1.5.5.7.3.8"]);
    assert!(!facts.extended_key_usage_critical && !facts.self_issued);
    let usage = facts.key_usage.unwrap();
    assert_eq!(usage, ["digitalSignature", "nonRepudiation"]);
    let curve = Some("1.2.840.10045.3.1.7".to_owned());
    assert_eq!(facts.key, Some(PublicKey::Ec { curve }));

    let facts = certificate_facts(&root.0.to_der().unwrap()).unwrap();
    assert!(facts.self_issued && facts.authority);
    assert_eq!(facts.extended_key_usage, None);
    assert_eq!(facts.key_usage, None);
}

#[test]
fn facts_kept_before_there_were_so_many_are_still_read() {
    let facts = example_seals()[0].facts().clone();
    let mut kept = serde_json::to_value(&facts).unwrap();
    let fields = kept.as_object_mut().unwrap();
    for added in [
        "key",
        "key_usage",
        "extended_key_usage",
        "extended_key_usage_critical",
        "self_issued",
        "qc_esign",
    ] {
        assert!(fields.remove(added).is_some(), "{added}");
    }
    let read: CertificateFacts = serde_json::from_value(kept).unwrap();
    assert_eq!(read.fingerprint, facts.fingerprint);
    assert_eq!(read.key_usage, None);
}
