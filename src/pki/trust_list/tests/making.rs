//! Lists made and signed here, without the code under test: everything is written in canonical form, so
//! that a digest is just that of the text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer as OpensslSigner};
use openssl::x509::{X509, X509NameBuilder};
use sha2::{Digest as _, Sha256};

use super::*;

pub(super) const MORE: &str = "http://www.w3.org/2001/04/xmldsig-more#";
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// A scheme operator: a key and its certificate.
pub(super) struct Operator {
    key: PKey<Private>,
    pub(super) certificate: Vec<u8>,
}

impl Operator {
    pub(super) fn rsa(bits: u32) -> Self {
        Self::of(PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap())
    }

    pub(super) fn ec(curve: Nid) -> Self {
        let group = EcGroup::from_curve_name(curve).unwrap();
        Self::of(PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap())
    }

    fn of(key: PKey<Private>) -> Self {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, "Scheme operator")
            .unwrap();
        let name = name.build();
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        let serial = BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap();
        builder.set_serial_number(&serial).unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        let date = |text| Asn1Time::from_str(text).unwrap();
        builder.set_not_before(&date("20250101000000Z")).unwrap();
        builder.set_not_after(&date("20300101000000Z")).unwrap();
        builder.set_pubkey(&key).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        Self {
            key,
            certificate: builder.build().to_der().unwrap(),
        }
    }

    pub(super) fn pin(&self) -> Sha256Digest {
        Sha256Digest::of(&self.certificate)
    }

    fn sign(&self, method: &str, octets: &[u8]) -> Vec<u8> {
        let digest = match method {
            name if name.contains("sha384") => MessageDigest::sha384(),
            name if name.contains("sha512") => MessageDigest::sha512(),
            name if name.contains("sha1") => MessageDigest::sha1(),
            _ => MessageDigest::sha256(),
        };
        let mut signer = OpensslSigner::new(digest, &self.key).unwrap();
        if method.contains("MGF1") {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_mgf1_md(digest).unwrap();
            signer
                .set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)
                .unwrap();
        }
        let value = signer.sign_oneshot_to_vec(octets).unwrap();
        if !method.contains("ecdsa") {
            return value;
        }
        let signature = EcdsaSig::from_der(&value).unwrap();
        let width = i32::try_from(self.key.bits().div_ceil(8)).unwrap();
        [signature.r(), signature.s()]
            .iter()
            .flat_map(|number| number.to_vec_padded(width).unwrap())
            .collect()
    }
}

/// What to sign, and how; the default is as TS 119 612 wants it.
pub(super) struct Wanted {
    pub(super) method: String,
    pub(super) canonicalisation: &'static str,
    /// URI of the reference to the list.
    pub(super) uri: &'static str,
    /// Its first transform is *enveloped signature*.
    pub(super) enveloped: bool,
    /// Its transforms after that.
    pub(super) transforms: String,
    /// Type of the reference to the signed properties.
    pub(super) properties_type: &'static str,
    /// Attributes of the root.
    pub(super) root: &'static str,
    /// Content of the root.
    pub(super) content: String,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            method: format!("{MORE}rsa-sha256"),
            canonicalisation: EXCLUSIVE,
            uri: "",
            enveloped: true,
            transforms: transform(EXCLUSIVE),
            properties_type: "http://uri.etsi.org/01903#SignedProperties",
            root: " Id=\"list\"",
            content: scheme("") + &providers(""),
        }
    }
}

pub(super) fn transform(algorithm: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\"></ds:Transform>")
}

/// `SchemeInformation` of list 7 of Spain.
pub(super) fn scheme(more: &str) -> String {
    format!(
        "<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier>\
         <TSLSequenceNumber>7</TSLSequenceNumber>\
         <TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric</TSLType>\
         <SchemeOperatorName><Name xml:lang=\"en\">Ministry</Name></SchemeOperatorName>\
         <SchemeTerritory>ES</SchemeTerritory>\
         <ListIssueDateTime>2026-05-01T00:00:00Z</ListIssueDateTime>\
         <NextUpdate><dateTime>2026-11-01T00:00:00Z</dateTime></NextUpdate>{more}</SchemeInformation>"
    )
}

/// A provider with these services.
pub(super) fn providers(services: &str) -> String {
    format!(
        "<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>\
         <Name xml:lang=\"en\">Provider</Name></TSPName></TSPInformation>\
         <TSPServices>{services}</TSPServices></TrustServiceProvider></TrustServiceProviderList>"
    )
}

/// A list with its signature, and where the signature stands.
pub(super) fn signed(operator: &Operator, wanted: &Wanted) -> String {
    let head = format!(
        "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\"{}>",
        wanted.root
    );
    let tail = "</TrustServiceStatusList>";
    let list = format!("{head}{}{tail}", wanted.content);
    let signature = signature(operator, wanted, &list);
    format!("{head}{}{signature}{tail}", wanted.content)
}

pub(super) fn signature(operator: &Operator, wanted: &Wanted, list: &str) -> String {
    const DS: &str = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    const XADES: &str = "xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\"";
    // Canonical inclusive forms also show the namespaces around: the list's default one.
    let inclusive = !wanted.canonicalisation.contains("exc-c14n");
    let around = if inclusive {
        "xmlns=\"http://uri.etsi.org/02231/v2#\" "
    } else {
        ""
    };
    let digest = |octets: &[u8]| STANDARD.encode(Sha256::digest(octets));
    let digested = |octets: &[u8]| {
        format!(
            "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
             <ds:DigestValue>{}</ds:DigestValue>",
            digest(octets)
        )
    };
    let properties = |namespaces: &str| {
        format!(
            "<xades:SignedProperties {namespaces} Id=\"properties\"><xades:SignedSignatureProperties>\
             <xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
             <ds:DigestMethod {DS} Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
             <ds:DigestValue {DS}>{}</ds:DigestValue></xades:CertDigest></xades:Cert>\
             </xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>",
            digest(&operator.certificate)
        )
    };
    let info = format!(
        "<ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"{}\"><ds:Transforms>{}{}</ds:Transforms>{}</ds:Reference>\
         <ds:Reference Type=\"{}\" URI=\"#properties\">\
         <ds:Transforms>{}</ds:Transforms>{}</ds:Reference>",
        wanted.canonicalisation,
        wanted.method,
        wanted.uri,
        if wanted.enveloped {
            transform(ENVELOPED)
        } else {
            String::new()
        },
        wanted.transforms,
        digested(list.as_bytes()),
        wanted.properties_type,
        transform(EXCLUSIVE),
        digested(properties(XADES).as_bytes()),
    );
    let canonical = format!("<ds:SignedInfo {around}{DS}>{info}</ds:SignedInfo>");
    let value = STANDARD.encode(operator.sign(&wanted.method, canonical.as_bytes()));
    format!(
        "<ds:Signature {DS} Id=\"signature\"><ds:SignedInfo>{info}</ds:SignedInfo>\
         <ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>\
         <xades:QualifyingProperties {XADES} Target=\"#signature\">{}</xades:QualifyingProperties>\
         </ds:Object></ds:Signature>",
        STANDARD.encode(&operator.certificate),
        properties(XADES),
    )
}

#[test]
fn every_algorithm_of_the_table_verifies_and_no_other_key_does() {
    let rsa = Operator::rsa(2048);
    let curves = [Nid::X9_62_PRIME256V1, Nid::SECP384R1, Nid::SECP521R1].map(Operator::ec);
    let modern = "http://www.w3.org/2007/05/xmldsig-more#";
    let mut cases: Vec<(&Operator, String)> = Vec::new();
    for digest in ["sha256", "sha384", "sha512"] {
        cases.push((&rsa, format!("{MORE}rsa-{digest}")));
        cases.push((&rsa, format!("{modern}{digest}-rsa-MGF1")));
        cases.extend(
            curves
                .iter()
                .map(|curve| (curve, format!("{MORE}ecdsa-{digest}"))),
        );
    }
    assert_eq!(cases.len(), 15);
    for (operator, method) in cases {
        let wanted = Wanted {
            method,
            ..Wanted::default()
        };
        let list = signed(operator, &wanted);
        let found = read(list.as_bytes(), &[operator.pin()]);
        assert_eq!(
            found.as_ref().map(|list| list.sequence),
            Ok(7),
            "{}: {found:?}",
            wanted.method
        );

        let forged = list.replace("<TSLSequenceNumber>7<", "<TSLSequenceNumber>8<");
        assert_eq!(
            read(forged.as_bytes(), &[operator.pin()]),
            Err(TrustListFault::Digest { what: "the list" }),
            "{}",
            wanted.method
        );
    }
}

#[test]
fn inclusive_canonicalisation_and_a_reference_to_the_root_are_understood() {
    let operator = Operator::rsa(2048);
    for (canonicalisation, uri) in [
        ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""),
        ("http://www.w3.org/2006/12/xml-c14n11", "#list"),
        (EXCLUSIVE, "#list"),
    ] {
        let wanted = Wanted {
            canonicalisation,
            uri,
            transforms: transform(canonicalisation),
            ..Wanted::default()
        };
        let list = signed(&operator, &wanted);
        let found = read(list.as_bytes(), &[operator.pin()]);
        assert!(found.is_ok(), "{canonicalisation} {uri}: {found:?}");
    }
    // Without one, a reference's octets are those of Canonical XML 1.0 (XML Signature, 4.4.3.2).
    let wanted = Wanted {
        transforms: String::new(),
        ..Wanted::default()
    };
    assert!(read(signed(&operator, &wanted).as_bytes(), &[operator.pin()]).is_ok());
}
