//! The ways from a certificate up to an anchor (RFC 5280, 6), as facts that do not depend on the time.

use std::collections::BTreeMap;
use std::rc::Rc;

use const_oid::ObjectIdentifier;
use der::AnyRef;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509Ref, X509StoreContext, X509VerifyResult};
use serde::{Deserialize, Serialize};

use super::algorithm::SignatureAlgorithm;
use super::certificate::{Reading, common_name, has_extension};
use super::revocation::{self, RevocationAnswer};
use super::{Anchors, CertificateFacts, UnreadableCertificate};
use crate::model::{Octets, Sha256Digest};

/// One way from a certificate up, leaf first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CertificatePath {
    /// The certificates, leaf first; the anchor last when one was reached.
    pub links: Vec<PathLink>,
    /// How it ends.
    pub end: PathEnd,
}

/// A certificate of a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathLink {
    /// What it says.
    pub facts: CertificateFacts,
    /// Its DER.
    pub der: Octets,
    /// Algorithm of the issuer's signature on it, dotted. An anchor's own is not looked at.
    pub signature_algorithm: String,
    /// The digest in it, dotted; `None` where there is none (Ed25519) or it is not known here.
    pub signature_digest: Option<String>,
    /// What embedded OCSP responses and revocation lists say of it. Only answers whose own signature
    /// verifies with the issuer, or with a responder that the issuer authorised.
    pub revocation: Vec<RevocationAnswer>,
    /// `id-pkix-ocsp-nocheck` (RFC 6960, 4.2.2.2.1).
    pub no_check: bool,
}

/// How a path ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathEnd {
    /// At a configured anchor, every signature and constraint (dates aside) being right.
    Anchor,
    /// An issuer's certificate is not at hand.
    Incomplete {
        /// Its common name.
        issuer: String,
    },
    /// At a root that is no anchor.
    Untrusted {
        /// Its common name.
        root: String,
    },
    /// A signature or constraint in it is wrong.
    Broken {
        /// Common name of the certificate at fault.
        certificate: String,
        /// Why.
        reason: String,
    },
}

/// The material that came with a signature: helpful, never trusted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded<'a> {
    /// Certificates, DER.
    pub certificates: &'a [Octets],
    /// `OCSPResponse`s or `BasicOCSPResponse`s, DER.
    pub ocsp_responses: &'a [Octets],
    /// `CertificateList`s, DER.
    pub crls: &'a [Octets],
}

/// Most paths told.
pub const MAX_PATHS: usize = 8;
/// Longest path, leaf and anchor included.
const MAX_DEPTH: usize = 8;
/// Embedded certificates beyond this many are not looked at.
const MAX_EMBEDDED: usize = 256;
/// Certificates that a search climbs to, and signatures that it verifies to choose among issuers of one
/// name, before it gives up: more of each than an honest file needs.
const MAX_STEPS: usize = 128;

/// The ways from the DER certificate `leaf` up, best first: those that reach an anchor, then the others.
/// At least one, at most [`MAX_PATHS`].
///
/// A path that ends at an anchor was checked by OpenSSL (RFC 5280, 6.1) with nothing but its own
/// certificates: signatures, names, constraints, key usage of issuers, critical extensions. Dates, the
/// strength of algorithms and keys, purposes and revocation are left to the judgement: they are facts.
///
/// # Errors
/// [`UnreadableCertificate`] when `leaf` cannot be read.
pub fn paths(
    leaf: &[u8],
    embedded: Embedded<'_>,
    anchors: &Anchors,
) -> Result<Vec<CertificatePath>, UnreadableCertificate> {
    let leaf = Rc::new(Held::read(leaf)?);
    let mut readings = Readings(vec![leaf.clone()]);
    let mut pool: Vec<X509> = Vec::new();
    for der in embedded.certificates.iter().take(MAX_EMBEDDED) {
        // The leaf comes along nearly always, and is read already.
        let certificate = match leaf.der == **der {
            true => Ok(leaf.certificate.clone()),
            false => X509::from_der(der),
        };
        if let Ok(certificate) = certificate
            && !pool.contains(&certificate)
            && !anchors.certificates().contains(&certificate)
        {
            pool.push(certificate);
        }
    }
    let mut search = Search {
        pool: &pool,
        anchors: anchors.certificates(),
        steps: MAX_STEPS,
        verifications: MAX_STEPS,
        found: Vec::new(),
    };
    search.climb(&mut vec![&leaf.certificate]);
    let mut ways: Vec<Way<'_>> = search.found;
    for way in &mut ways {
        if way.end == PathEnd::Anchor
            && let Err(fault) = check(&way.certificates, &mut readings)
        {
            way.end = fault;
        }
    }
    ways.sort_by_key(|way| way.end.rank());
    ways.truncate(MAX_PATHS);
    let mut telling = Telling {
        embedded,
        pool: &pool,
        readings,
        answers: BTreeMap::new(),
    };
    let told: Vec<CertificatePath> = ways
        .into_iter()
        .filter_map(|way| telling.tell(way))
        .collect();
    if told.is_empty() {
        // Every way leads over a certificate that cannot be read: the leaf is all there is to tell.
        let end = PathEnd::Incomplete {
            issuer: leaf.reading.facts.issuer.clone(),
        };
        let certificates = vec![&leaf.certificate];
        return Ok(telling
            .tell(Way { certificates, end })
            .into_iter()
            .collect());
    }
    Ok(told)
}

impl PathEnd {
    /// Order among the ends of several paths: the best first.
    const fn rank(&self) -> u8 {
        match self {
            Self::Anchor => 0,
            Self::Broken { .. } => 1,
            Self::Untrusted { .. } => 2,
            Self::Incomplete { .. } => 3,
        }
    }
}

/// A certificate that both OpenSSL and we can read.
pub(super) struct Held {
    pub(super) certificate: X509,
    pub(super) der: Vec<u8>,
    pub(super) reading: Reading,
}

impl Held {
    pub(super) fn read(der: &[u8]) -> Result<Self, UnreadableCertificate> {
        Ok(Self {
            certificate: X509::from_der(der).map_err(|_| UnreadableCertificate)?,
            der: der.to_vec(),
            reading: Reading::of(der)?,
        })
    }

    pub(super) fn of(certificate: &X509) -> Option<Self> {
        let der = certificate.to_der().ok()?;
        Some(Self {
            certificate: certificate.clone(),
            reading: Reading::of(&der).ok()?,
            der,
        })
    }
}

/// Every certificate that was read, so that none is read twice.
struct Readings(Vec<Rc<Held>>);

impl Readings {
    fn of(&mut self, certificate: &X509) -> Option<Rc<Held>> {
        let known = self.0.iter().find(|held| held.certificate == *certificate);
        if let Some(known) = known {
            return Some(known.clone());
        }
        let held = Rc::new(Held::of(certificate)?);
        self.0.push(held.clone());
        Some(held)
    }
}

/// Certificates on a way up, and its end.
struct Way<'a> {
    certificates: Vec<&'a X509>,
    end: PathEnd,
}

/// Walks up from a certificate, trying every issuer.
struct Search<'a> {
    pool: &'a [X509],
    anchors: &'a [X509],
    steps: usize,
    verifications: usize,
    found: Vec<Way<'a>>,
}

impl<'a> Search<'a> {
    /// Goes on from the last certificate of `way`; no deeper than [`MAX_DEPTH`].
    fn climb(&mut self, way: &mut Vec<&'a X509>) {
        let Some(&top) = way.last() else { return };
        if !take_one(&mut self.steps) {
            return self.end(way, broken(top, "too many certificates to choose from"));
        }
        if self.anchors.contains(top) {
            return self.end(way, PathEnd::Anchor);
        }
        if top.issued(top) == X509VerifyResult::OK {
            let root = common_name(top.subject_name());
            return self.end(way, PathEnd::Untrusted { root });
        }
        if way.len() == MAX_DEPTH {
            return self.end(way, broken(top, "the path is too long"));
        }
        let mut issuers: Vec<&X509> = self
            .anchors
            .iter()
            .chain(self.pool)
            .filter(|issuer| may_have_issued(issuer, top) && !way.contains(issuer))
            .collect();
        if issuers.is_empty() {
            let issuer = common_name(top.issuer_name());
            return self.end(way, PathEnd::Incomplete { issuer });
        }
        // One issuer will be verified with the whole path; among several the signature decides.
        if issuers.len() > 1 {
            issuers.retain(|issuer| take_one(&mut self.verifications) && signed(issuer, top));
            if issuers.is_empty() {
                return self.end(way, broken(top, "no issuer of that name signed it"));
            }
        }
        for issuer in issuers {
            way.push(issuer);
            self.climb(way);
            way.pop();
        }
    }

    /// Keeps a way. Of those that lead nowhere no more are kept than can be told.
    fn end(&mut self, way: &[&'a X509], end: PathEnd) {
        let alike = |found: &&Way<'_>| (found.end == PathEnd::Anchor) == (end == PathEnd::Anchor);
        if self.found.iter().filter(alike).count() < MAX_PATHS {
            self.found.push(Way {
                certificates: way.to_vec(),
                end,
            });
        }
    }
}

/// One less is left; none was when it answers no.
const fn take_one(left: &mut usize) -> bool {
    let some = *left > 0;
    *left = left.saturating_sub(1);
    some
}

fn broken(certificate: &X509Ref, reason: &str) -> PathEnd {
    PathEnd::Broken {
        certificate: common_name(certificate.subject_name()),
        reason: reason.to_owned(),
    }
}

/// Name and key identifiers fit. That the issuer may not issue at all is found out later, with the path.
fn may_have_issued(issuer: &X509Ref, certificate: &X509Ref) -> bool {
    /// `X509_V_ERR_KEYUSAGE_NO_CERTSIGN`.
    const MAY_NOT_SIGN: i32 = 32;
    matches!(issuer.issued(certificate).as_raw(), 0 | MAY_NOT_SIGN)
}

/// The issuer's key verifies the signature on the certificate.
pub(super) fn signed(issuer: &X509Ref, certificate: &X509Ref) -> bool {
    let key = issuer.public_key();
    key.and_then(|key| certificate.verify(&key))
        .unwrap_or(false)
}

/// The full check of RFC 5280, 6.1 on exactly these certificates, the last being the anchor.
fn check(way: &[&X509], readings: &mut Readings) -> Result<(), PathEnd> {
    let Some((anchor, below)) = way.split_last() else {
        return Ok(());
    };
    let Some((leaf, between)) = below.split_first() else {
        return Ok(()); // the leaf itself is the anchor
    };
    // OpenSSL takes old certificates without basic constraints for authorities; RFC 5280, 6.1.4 (k)
    // does not.
    for issuer in between {
        let reading = readings.of(issuer);
        if !reading.is_some_and(|issuer| issuer.reading.facts.authority) {
            return Err(broken(issuer, "it is no authority"));
        }
    }
    let verdict = || -> Result<Result<(), PathEnd>, ErrorStack> {
        let mut parameters = X509VerifyParam::new()?;
        parameters.set_flags(X509VerifyFlags::PARTIAL_CHAIN | X509VerifyFlags::NO_CHECK_TIME)?;
        parameters.set_auth_level(0);
        let mut store = X509StoreBuilder::new()?;
        store.add_cert((*anchor).clone())?;
        store.set_param(&parameters)?;
        let mut untrusted = Stack::new()?;
        for certificate in between {
            untrusted.push((*certificate).clone())?;
        }
        X509StoreContext::new()?.init(&store.build(), leaf, &untrusted, |context| {
            if context.verify_cert()? {
                return Ok(Ok(()));
            }
            let at_fault = context.current_cert().unwrap_or(leaf);
            Ok(Err(broken(at_fault, context.error().error_string())))
        })
    };
    verdict().unwrap_or_else(|_| Err(broken(leaf, "it cannot be checked")))
}

/// Turns ways into facts; what was said of a certificate is looked up once.
struct Telling<'a> {
    embedded: Embedded<'a>,
    pool: &'a [X509],
    readings: Readings,
    answers: BTreeMap<(Sha256Digest, Sha256Digest), Vec<RevocationAnswer>>,
}

impl Telling<'_> {
    /// `None` when a certificate on the way cannot be read.
    fn tell(&mut self, way: Way<'_>) -> Option<CertificatePath> {
        let certificates = way.certificates.iter();
        let held: Vec<Rc<Held>> = certificates
            .map(|link| self.readings.of(link))
            .collect::<Option<_>>()?;
        let mut links = Vec::with_capacity(held.len());
        for (position, certificate) in held.iter().enumerate() {
            let revocation = match held.get(position + 1) {
                Some(issuer) => self.answers(certificate, issuer),
                None => Vec::new(),
            };
            links.push(link(certificate, revocation));
        }
        Some(CertificatePath {
            links,
            end: way.end,
        })
    }

    fn answers(&mut self, certificate: &Held, issuer: &Held) -> Vec<RevocationAnswer> {
        let key = (
            certificate.reading.facts.fingerprint,
            issuer.reading.facts.fingerprint,
        );
        let (embedded, pool) = (self.embedded, self.pool);
        self.answers
            .entry(key)
            .or_insert_with(|| revocation::answers(certificate, issuer, embedded, pool))
            .clone()
    }
}

fn link(held: &Held, revocation: Vec<RevocationAnswer>) -> PathLink {
    const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
    let certificate = &held.reading.certificate;
    let identifier = certificate.signature_algorithm();
    let parameters = identifier.parameters.as_ref().map(AnyRef::from);
    let algorithm = SignatureAlgorithm::new(identifier.oid.to_string(), parameters);
    PathLink {
        facts: held.reading.facts.clone(),
        der: held.der.clone().into(),
        signature_algorithm: algorithm.name,
        signature_digest: algorithm.digest,
        revocation,
        no_check: has_extension(certificate, NO_CHECK),
    }
}
