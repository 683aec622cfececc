//! Certificates and answers that came with the signatures of others, with OpenSSL as second judge.

use lopdf::{Document, Object};
use openssl::hash::MessageDigest;
use openssl::ocsp::{OcspCertId, OcspFlag, OcspResponse};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{CrlStatus, X509, X509Crl};

use super::path::{CertificatePath, Embedded, PathEnd, paths};
use super::revocation::{RevocationAnswer, RevocationSource, RevocationStatus};
use super::verify::certificate_facts;
use super::*;
use crate::cades::{CmsEvidence, TimestampEvidence};
use crate::model::Octets;
use crate::model::corpus;

/// What a signed document carries.
#[derive(Default)]
struct Material {
    signers: Vec<Octets>,
    certificates: Vec<Octets>,
    ocsp_responses: Vec<Octets>,
    crls: Vec<Octets>,
}

impl Material {
    fn of(pdf: &[u8]) -> Self {
        let mut material = Self::default();
        let Ok(document) = Document::load_mem(pdf) else {
            return material;
        };
        for object in document.objects.values() {
            match object {
                Object::Stream(stream) => {
                    let bytes = stream.decompressed_content();
                    material.sort_in(bytes.unwrap_or_else(|_| stream.content.clone()));
                }
                Object::Dictionary(dictionary) => {
                    let contents = dictionary.get(b"Contents");
                    if let Ok(Object::String(bytes, _)) = contents
                        && let Ok(cms) = CmsEvidence::collect(bytes)
                    {
                        material.take(cms);
                    }
                }
                _ => {}
            }
        }
        material
    }

    fn take(&mut self, cms: CmsEvidence) {
        for token in &cms.signature_timestamps {
            if let Ok(token) = TimestampEvidence::collect(token) {
                self.take(token.cms);
            }
        }
        self.signers.extend(cms.signer_certificate);
        self.certificates.extend(cms.certificates);
        self.crls.extend(cms.crls);
        self.ocsp_responses.extend(cms.ocsp_responses);
    }

    /// A stream of a security store is a certificate, a list or a response.
    fn sort_in(&mut self, bytes: Vec<u8>) {
        if bytes.first() != Some(&0x30) {
            return;
        }
        if X509::from_der(&bytes).is_ok() {
            self.certificates.push(bytes.into());
        } else if X509Crl::from_der(&bytes).is_ok() {
            self.crls.push(bytes.into());
        } else if OcspResponse::from_der(&bytes).is_ok() {
            self.ocsp_responses.push(bytes.into());
        }
    }

    fn embedded(&self) -> Embedded<'_> {
        Embedded {
            certificates: &self.certificates,
            ocsp_responses: &self.ocsp_responses,
            crls: &self.crls,
        }
    }

    /// Every self-issued certificate inside, as if it were trusted.
    fn roots(&self) -> Anchors {
        let roots = self.certificates.iter().filter_map(|der| {
            let certificate = X509::from_der(der).ok()?;
            let own = certificate.issued(&certificate);
            (own == openssl::x509::X509VerifyResult::OK).then(|| certificate.to_pem().ok())?
        });
        let roots: Vec<Vec<u8>> = roots.collect();
        Anchors::from_pem(roots.iter().map(|pem| ("root", pem.as_slice()))).unwrap()
    }
}

fn corpus(folder: &str) -> Vec<(String, Vec<u8>)> {
    corpus::files(folder).unwrap_or_default()
}

#[test]
fn every_certificate_that_openssl_reads_has_facts() {
    let (mut read, mut unread) = (0, Vec::new());
    for (name, bytes) in corpus("signed") {
        for der in Material::of(&bytes).certificates {
            if X509::from_der(&der).is_ok() {
                read += 1;
                if certificate_facts(&der).is_err() {
                    unread.push(name.clone());
                }
            }
        }
    }
    assert!(unread.is_empty(), "{} of {read}: {unread:?}", unread.len());
}

#[test]
fn signers_reach_the_roots_they_came_with() {
    let (mut signers, mut anchored) = (0, 0);
    for (_, bytes) in corpus("signed") {
        let material = Material::of(&bytes);
        let roots = material.roots();
        for signer in &material.signers {
            let told = paths(signer, material.embedded(), &roots).unwrap();
            signers += 1;
            anchored += usize::from(told[0].end == PathEnd::Anchor);
        }
    }
    let enough = signers == 0 || (signers > 80 && anchored > 40);
    assert!(enough, "{anchored} of {signers}");
}

#[test]
fn embedded_answers_say_what_openssl_reads_in_them() {
    let (mut by_list, mut by_response) = (0, 0);
    for (name, bytes) in corpus("signed") {
        let material = Material::of(&bytes);
        let roots = material.roots();
        for signer in &material.signers {
            let told = paths(signer, material.embedded(), &roots).unwrap();
            let anchored = |path: &&CertificatePath| path.end == PathEnd::Anchor;
            for path in told.iter().filter(anchored) {
                for pair in path.links.windows(2) {
                    let [certificate, issuer] = pair else {
                        continue;
                    };
                    let answers = |source| {
                        let answers = certificate.revocation.iter();
                        let of_source = answers.filter(move |answer| answer.source == source);
                        let good = |a: &RevocationAnswer| a.status == RevocationStatus::Good;
                        let mut good: Vec<bool> = of_source.map(good).collect();
                        good.sort_unstable();
                        good
                    };
                    let certificate = X509::from_der(&certificate.der).unwrap();
                    let issuer = X509::from_der(&issuer.der).unwrap();
                    let lists = material.crls.iter();
                    let mut lists: Vec<bool> = lists
                        .filter_map(|der| openssl_list(der, &certificate, &issuer))
                        .collect();
                    lists.sort_unstable();
                    assert_eq!(answers(RevocationSource::Crl), lists, "{name}");
                    by_list += lists.len();
                    let responses = material.ocsp_responses.iter();
                    let mut responses: Vec<bool> = responses
                        .filter_map(|der| openssl_response(der, &certificate, &issuer, &material))
                        .collect();
                    responses.sort_unstable();
                    assert_eq!(answers(RevocationSource::Ocsp), responses, "{name}");
                    by_response += responses.len();
                }
            }
        }
    }
    let none = by_list + by_response == 0 && corpus("signed").is_empty();
    assert!(
        none || (by_list > 20 && by_response > 10),
        "{by_list} by lists, {by_response} by responses"
    );
}

/// What OpenSSL finds in a list that the issuer signed: good or not.
fn openssl_list(der: &[u8], certificate: &X509, issuer: &X509) -> Option<bool> {
    let list = X509Crl::from_der(der).ok()?;
    let same = list.issuer_name().try_cmp(issuer.subject_name());
    let verifies = list.verify(&*issuer.public_key().ok()?);
    if !same.is_ok_and(|order| order.is_eq()) || !verifies.is_ok_and(|verifies| verifies) {
        return None;
    }
    Some(matches!(
        list.get_by_cert(certificate),
        CrlStatus::NotRevoked
    ))
}

/// What OpenSSL finds in a response that it accepts when the issuer is trusted: good or not.
fn openssl_response(
    der: &[u8],
    certificate: &X509,
    issuer: &X509,
    material: &Material,
) -> Option<bool> {
    let basic = OcspResponse::from_der(der).ok()?.basic().ok()?;
    let digests = [
        MessageDigest::sha1(),
        MessageDigest::sha256(),
        MessageDigest::sha384(),
        MessageDigest::sha512(),
    ];
    let status = digests.into_iter().find_map(|digest| {
        let id = OcspCertId::from_cert(digest, certificate, issuer).ok()?;
        Some(basic.find_status(&id)?.status == openssl::ocsp::OcspCertStatus::GOOD)
    })?;
    let mut store = X509StoreBuilder::new().ok()?;
    store.add_cert(issuer.clone()).ok()?;
    let mut parameters = X509VerifyParam::new().ok()?;
    let flags = X509VerifyFlags::PARTIAL_CHAIN | X509VerifyFlags::NO_CHECK_TIME;
    parameters.set_flags(flags).ok()?;
    parameters.set_auth_level(0);
    store.set_param(&parameters).ok()?;
    let mut beside = Stack::new().ok()?;
    for der in &material.certificates {
        beside.push(X509::from_der(der).ok()?).ok()?;
    }
    let verdict = basic.verify(&beside, &store.build(), OcspFlag::empty());
    verdict.is_ok().then_some(status)
}
