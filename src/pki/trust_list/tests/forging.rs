//! Lists that somebody tampered with, or that keep to no rules.

use openssl::nid::Nid;

use super::making::{
    EXCLUSIVE, MORE, Operator, Wanted, providers, scheme, signature, signed, transform,
};
use super::*;

fn fault(operator: &Operator, text: &str) -> TrustListFault {
    read(text.as_bytes(), &[operator.pin()]).unwrap_err()
}

#[test]
fn weak_and_unknown_algorithms_are_refused_by_name() {
    let operator = Operator::rsa(2048);
    let refused = |wanted: &Wanted| fault(&operator, &signed(&operator, wanted));
    let sha1 = Wanted {
        method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1".to_owned(),
        ..Wanted::default()
    };
    assert!(matches!(
        refused(&sha1),
        TrustListFault::Algorithm {
            role: "signature algorithm",
            ..
        }
    ));
    let with_comments = Wanted {
        transforms: transform(&format!("{EXCLUSIVE}WithComments")),
        ..Wanted::default()
    };
    assert!(matches!(
        refused(&with_comments),
        TrustListFault::Algorithm {
            role: "canonicalisation",
            ..
        }
    ));
    let xpath = Wanted {
        transforms: transform("http://www.w3.org/TR/1999/REC-xpath-19991116")
            + &transform(EXCLUSIVE),
        ..Wanted::default()
    };
    assert!(matches!(
        refused(&xpath),
        TrustListFault::Algorithm {
            role: "transform",
            ..
        }
    ));
    assert!(refused(&xpath).next_step().contains("scheme operator"));
}

#[test]
fn a_key_that_is_short_or_of_another_kind_is_refused() {
    let short = Operator::rsa(1024);
    let list = signed(&short, &Wanted::default());
    assert_eq!(
        fault(&short, &list),
        TrustListFault::WeakKey {
            key: "RSA-1024".to_owned()
        }
    );
    let curve = Operator::ec(Nid::X9_62_PRIME256V1);
    let list = signed(&curve, &Wanted::default());
    assert_eq!(
        fault(&curve, &list),
        TrustListFault::WeakKey {
            key: "EC P-256".to_owned()
        }
    );
    let koblitz = Operator::ec(Nid::SECP256K1);
    let wanted = Wanted {
        method: format!("{MORE}ecdsa-sha256"),
        ..Wanted::default()
    };
    assert!(matches!(
        fault(&koblitz, &signed(&koblitz, &wanted)),
        TrustListFault::WeakKey { .. }
    ));
}

#[test]
fn an_ecdsa_value_in_der_is_not_one_of_xml_signatures() {
    let operator = Operator::ec(Nid::X9_62_PRIME256V1);
    let wanted = Wanted {
        method: format!("{MORE}ecdsa-sha256"),
        ..Wanted::default()
    };
    let list = signed(&operator, &wanted);
    let value = |list: &str| {
        let (_, rest) = list.split_once("<ds:SignatureValue>").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    use base64::Engine as _;
    let raw = base64::engine::general_purpose::STANDARD
        .decode(value(&list))
        .unwrap();
    assert_eq!(raw.len(), 64);
    let number = |half: &[u8]| openssl::bn::BigNum::from_slice(half).unwrap();
    let der =
        openssl::ecdsa::EcdsaSig::from_private_components(number(&raw[..32]), number(&raw[32..]))
            .and_then(|signature| signature.to_der())
            .unwrap();
    let der = base64::engine::general_purpose::STANDARD.encode(der);
    assert!(read(list.as_bytes(), &[operator.pin()]).is_ok());
    assert_eq!(
        fault(&operator, &list.replace(&value(&list), &der)),
        TrustListFault::WrongSignature
    );
}

/// The signed list goes into an `Object` of the signature, and another list around it.
#[test]
fn a_signed_list_wrapped_in_another_is_refused() {
    let operator = Operator::rsa(2048);
    let wanted = Wanted {
        uri: "#list",
        ..Wanted::default()
    };
    let list = signed(&operator, &wanted);
    let signature_at = list.find("<ds:Signature ").unwrap();
    let signature_end = list.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = &list[signature_at..signature_end];
    let inner = list.replace(signature, "");
    let head = "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\" Id=\"other\">";
    let evil =
        scheme("").replace("<TSLSequenceNumber>7<", "<TSLSequenceNumber>9<") + &providers("");

    let in_object = signature.replace(
        "<ds:Object>",
        &format!("<ds:Object>{inner}</ds:Object><ds:Object>"),
    );
    let wrapped = format!("{head}{evil}{in_object}</TrustServiceStatusList>");
    // A part of the signature is not digested as an envelope is.
    assert_eq!(fault(&operator, &wrapped), enveloped_part());

    let beside = format!("{head}{evil}{inner}{signature}</TrustServiceStatusList>");
    assert_eq!(
        fault(&operator, &beside),
        TrustListFault::Reference {
            uri: "#list".to_owned()
        }
    );
    let nested = format!("{head}{evil}{list}</TrustServiceStatusList>");
    assert_eq!(
        fault(&operator, &nested),
        TrustListFault::SignatureMisplaced
    );
    let twice = list.replace(
        "<ds:Object>",
        "<ds:Object><TrustServiceStatusList Id=\"list\"></TrustServiceStatusList></ds:Object><ds:Object>",
    );
    assert_eq!(
        fault(&operator, &twice),
        TrustListFault::Reference {
            uri: "#list".to_owned()
        }
    );
}

fn enveloped_part() -> TrustListFault {
    TrustListFault::Algorithm {
        role: "transform",
        algorithm: "http://www.w3.org/2000/09/xmldsig#enveloped-signature".to_owned(),
    }
}

#[test]
fn a_signature_that_covers_too_little_is_refused() {
    let operator = Operator::rsa(2048);
    let list = signed(&operator, &Wanted::default());
    for reference in [
        "<ds:Reference URI=\"\">",
        "<ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\"",
    ] {
        let at = list.find(reference).unwrap();
        let end = at + list[at..].find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
        let without = format!("{}{}", &list[..at], &list[end..]);
        // SignedInfo is signed too, so whoever takes a reference away breaks the signature first.
        assert_eq!(fault(&operator, &without), TrustListFault::WrongSignature);
    }
    let foreign = Wanted {
        uri: "http://example.org/list.xml",
        ..Wanted::default()
    };
    assert_eq!(
        fault(&operator, &signed(&operator, &foreign)),
        TrustListFault::Reference {
            uri: "http://example.org/list.xml".to_owned()
        }
    );
    let properties_twice = Wanted {
        uri: "#properties",
        ..Wanted::default()
    };
    assert_eq!(
        fault(&operator, &signed(&operator, &properties_twice)),
        enveloped_part()
    );
    // The whole document has the signature in it, which cannot digest itself.
    let not_enveloped = Wanted {
        enveloped: false,
        ..Wanted::default()
    };
    assert_eq!(
        fault(&operator, &signed(&operator, &not_enveloped)),
        TrustListFault::NotTheWholeList
    );
    let untyped = Wanted {
        properties_type: "",
        ..Wanted::default()
    };
    assert_eq!(
        fault(&operator, &signed(&operator, &untyped)),
        TrustListFault::SignedProperties
    );
}

#[test]
fn a_second_signature_or_a_comment_in_it_is_refused() {
    let operator = Operator::rsa(2048);
    let wanted = Wanted::default();
    let list = signed(&operator, &wanted);
    let another = signature(&operator, &wanted, "");
    let two = list.replace(
        "</TrustServiceStatusList>",
        &format!("{another}</TrustServiceStatusList>"),
    );
    assert_eq!(fault(&operator, &two), TrustListFault::SignatureMisplaced);
    let comment = list.replace("<ds:SignatureValue>", "<ds:SignatureValue><!-- -->");
    assert_eq!(
        fault(&operator, &comment),
        TrustListFault::SignatureForm { what: "content" }
    );
}

/// Comments are not signed, so they must not be able to change what is read.
#[test]
fn a_comment_inside_a_value_changes_nothing() {
    let operator = Operator::rsa(2048);
    let list = signed(&operator, &Wanted::default());
    let commented = list.replace(
        "<TSLSequenceNumber>7<",
        "<TSLSequenceNumber><!--1-->7<!--2--><",
    );
    let mut found = read(commented.as_bytes(), &[operator.pin()]).unwrap();
    let original = read(list.as_bytes(), &[operator.pin()]).unwrap();
    found.digest = original.digest;
    assert_eq!(found, original);
}

#[test]
fn the_signed_properties_must_name_the_signer_and_be_about_this_signature() {
    let operator = Operator::rsa(2048);
    let list = signed(&operator, &Wanted::default());
    let other = list.replace("Target=\"#signature\"", "Target=\"#another\"");
    assert_eq!(fault(&operator, &other), TrustListFault::SignedProperties);
    // A certificate with the same key in its place is not the one that was named.
    let twin = Operator::rsa(2048);
    use base64::Engine as _;
    let encode = |der: &[u8]| base64::engine::general_purpose::STANDARD.encode(der);
    let swapped = list.replace(&encode(&operator.certificate), &encode(&twin.certificate));
    assert_eq!(
        fault(&operator, &swapped),
        TrustListFault::SigningCertificate
    );
}

#[test]
fn document_types_depth_size_and_other_roots_are_refused() {
    let operator = Operator::rsa(2048);
    let list = signed(&operator, &Wanted::default());
    let declared = format!("<!DOCTYPE list [<!ENTITY a \"b\">]>{list}");
    assert!(matches!(
        fault(&operator, &declared),
        TrustListFault::NotXml { .. }
    ));
    let deep = "<a>".repeat(100) + &"</a>".repeat(100);
    assert_eq!(
        fault(&operator, &deep),
        TrustListFault::TooMany {
            what: "levels",
            most: 64
        }
    );
    let wide = format!("<a>{}</a>", "<b/>".repeat(100_001));
    assert!(matches!(
        fault(&operator, &wide),
        TrustListFault::TooMany { what: "nodes", .. }
    ));
    assert!(matches!(
        read(&vec![b' '; MAX_BYTES + 1], &[]),
        Err(TrustListFault::TooLarge { .. })
    ));
    assert_eq!(read(&[0xff, 0xfe], &[]), Err(TrustListFault::NotUtf8));
    assert!(matches!(
        fault(&operator, "<html/>"),
        TrustListFault::NotATrustedList { .. }
    ));
}

#[test]
fn a_list_that_lacks_what_the_standard_demands_is_refused_with_the_clause() {
    let operator = Operator::rsa(2048);
    for (from, to, clause) in [
        ("<TSLSequenceNumber>7</TSLSequenceNumber>", "", "5.3.2"),
        ("<TSLSequenceNumber>7<", "<TSLSequenceNumber>-7<", "5.3.2"),
        ("TSLType/EUgeneric", "TSLType/other", "5.3.3"),
        ("<SchemeTerritory>ES<", "<SchemeTerritory>../x<", "5.3.10"),
        ("2026-05-01T00:00:00Z", "soon", "5.3.14"),
        (
            "<NextUpdate><dateTime>2026-11-01T00:00:00Z</dateTime></NextUpdate>",
            "",
            "5.3.15",
        ),
    ] {
        let content = (scheme("") + &providers("")).replace(from, to);
        let list = signed(
            &operator,
            &Wanted {
                content,
                ..Wanted::default()
            },
        );
        let found = fault(&operator, &list);
        assert!(
            matches!(found, TrustListFault::Structure { clause: found, .. } if found == clause),
            "{clause}: {found:?}"
        );
    }
    let content = scheme("").replace(">5<", ">4<");
    let old = signed(
        &operator,
        &Wanted {
            content,
            ..Wanted::default()
        },
    );
    assert_eq!(
        fault(&operator, &old),
        TrustListFault::Version {
            found: "4".to_owned()
        }
    );
    let content = scheme("").replace("2026-05-01", "2031-05-01");
    let late = signed(
        &operator,
        &Wanted {
            content,
            ..Wanted::default()
        },
    );
    assert!(matches!(
        fault(&operator, &late),
        TrustListFault::SignerNotValid { .. }
    ));
}
