//! Lists as scheme operators published them.

use super::*;

#[test]
fn the_spanish_list_is_read_when_its_signer_is_pinned() {
    let Some(bytes) = of_corpus("ES.xml") else {
        return;
    };
    let list = read(&bytes, &[own_pin(&bytes)]).unwrap();
    assert_eq!(list.kind, ListKind::Services);
    assert_eq!(list.territory.as_str(), "ES");
    assert_eq!(list.operator, "MINISTRY OF ECONOMY AND BUSINESS");
    assert_eq!(list.sequence, 88);
    assert_eq!(list.issued, "2019-08-08T01:00:00Z".parse().unwrap());
    assert_eq!(
        list.next_update,
        Some("2020-02-08T00:00:00Z".parse().unwrap())
    );
    assert_eq!(list.signer.subject, "SPANISH TRUST LIST SCHEME OPERATOR");
    let count = |kind: &str, status: &str| {
        let services = list.services.iter().map(|service| &service.current);
        services
            .filter(|current| current.kind == kind && current.status == status)
            .count()
    };
    assert_eq!(count("CA/QC", "granted"), 50);
    assert_eq!(count("CA/QC", "withdrawn"), 73);
    assert_eq!(count("TSA/QTST", "granted"), 17);
    assert_eq!(count("TSA/QTST", "withdrawn"), 1);
    let history: usize = list
        .services
        .iter()
        .map(|service| service.history.len())
        .sum();
    assert_eq!(history, 101 + 79 + 24 + 6 + 2);
}

#[test]
fn the_spanish_list_gives_the_authority_that_issues_catalan_seals() {
    let (Some(bytes), Some(pem)) = (of_corpus("ES.xml"), of_corpus("aoc-ec-sectorpublic.crt"))
    else {
        return;
    };
    let list = read(&bytes, &[own_pin(&bytes)]).unwrap();
    let anchors = Selection::default().anchors(&list, Purpose::Seals);
    let pins = fingerprints(&pem).unwrap_or_else(|_| vec![Sha256Digest::of(&pem)]);
    let listed = anchors
        .iter()
        .find(|anchor| anchor.fingerprint == pins[0])
        .unwrap();
    assert_eq!(
        (listed.kind.as_str(), listed.status.as_str()),
        ("CA/QC", "granted")
    );
    assert!(listed.uses.contains(&"ForeSeals".to_owned()), "{listed:?}");
    assert!(listed.trusted.last().unwrap().until.is_none());
}

#[test]
fn the_finnish_list_is_read_though_it_begins_with_a_byte_order_mark() {
    let Some(bytes) = of_corpus("fi-v5.xml") else {
        return;
    };
    assert!(bytes.starts_with("\u{feff}".as_bytes()));
    let list = read(&bytes, &[own_pin(&bytes)]).unwrap();
    assert_eq!((list.territory.as_str(), list.sequence), ("FI", 49));
}

#[test]
fn the_list_of_lists_names_the_signers_of_the_spanish_list() {
    let (Some(lotl), Some(spanish)) = (of_corpus("eu-lotl.xml"), of_corpus("ES.xml")) else {
        return;
    };
    let lotl = read(&lotl, &[own_pin(&lotl)]).unwrap();
    assert_eq!(lotl.kind, ListKind::ListOfLists);
    assert_eq!((lotl.territory.as_str(), lotl.sequence), ("EU", 248));
    assert!(lotl.services.is_empty());
    let spain = lotl
        .pointers
        .iter()
        .find(|pointer| pointer.territory.as_str() == "ES" && pointer.is_for_machines())
        .unwrap();
    let pins: Vec<_> = spain
        .certificates
        .iter()
        .map(|der| Sha256Digest::of(der))
        .collect();
    let list = read(&spanish, &pins).unwrap();
    assert_eq!(list.territory.as_str(), "ES");
}

#[test]
fn the_list_of_lists_with_a_broken_signature_is_refused() {
    let Some(bytes) = of_corpus("eu-lotl-broken-sig.xml") else {
        return;
    };
    assert_eq!(
        read(&bytes, &[own_pin(&bytes)]),
        Err(TrustListFault::Digest { what: "the list" })
    );
}

#[test]
fn a_list_without_a_signature_is_refused() {
    let Some(bytes) = of_corpus("tl-empty.xml") else {
        return;
    };
    assert_eq!(read(&bytes, &[]), Err(TrustListFault::NotSigned));
}

#[test]
fn a_list_is_refused_without_its_signer_among_the_pins() {
    for name in ["ES.xml", "eu-lotl.xml", "fi-v5.xml"] {
        let Some(bytes) = of_corpus(name) else {
            return;
        };
        for pins in [vec![], vec![Sha256Digest::of(b"somebody else")]] {
            assert!(
                matches!(
                    read(&bytes, &pins),
                    Err(TrustListFault::SignerNotPinned { fingerprint, .. })
                        if fingerprint == own_pin(&bytes)
                ),
                "{name}"
            );
        }
    }
}

/// Every changed byte is refused, unless it changes nothing that is signed: white space inside a tag, the
/// XML declaration, the last bits of base64. Then the very same list comes out.
#[test]
fn one_changed_byte_is_refused_or_changes_nothing() {
    let Some(bytes) = of_corpus("fi-v5.xml") else {
        return;
    };
    let pins = [own_pin(&bytes)];
    let original = read(&bytes, &pins).unwrap();
    let start = bytes.len() - 6200;
    // Across the whole list, and close together in the signature, which stands at its end.
    let places = (0..start)
        .step_by(541)
        .chain((start..bytes.len()).step_by(47));
    let (mut refused, mut same) = (0, 0);
    for place in places {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        match read(&changed, &pins) {
            Err(_) => refused += 1,
            Ok(mut list) => {
                list.digest = original.digest;
                assert_eq!(list, original, "byte {place}");
                same += 1;
            }
        }
    }
    assert!(
        refused > 300 && same < 20,
        "{refused} refused, {same} the same"
    );
}
