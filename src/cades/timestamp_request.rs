//! Asking for a timestamp (RFC 3161, 2.4.1), and what has to be right about the answer (2.4.2).

use const_oid::ObjectIdentifier;

use super::asn1::{Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, element};
use super::timestamp_token::Imprint;
use super::{CmsError, TimestampEvidence, oid};
use crate::model::algorithm::DigestAlgorithm;

/// A longer response is refused: a token with a whole chain inside has some 10 KiB.
pub const MAX_RESPONSE: usize = 64 << 10;
/// `version`: INTEGER 1.
const VERSION_1: [u8; 3] = [INTEGER, 1, 1];
/// `certReq`: BOOLEAN TRUE.
const CERTIFICATE_PLEASE: [u8; 3] = [0x01, 1, 0xFF];
/// Characters of an authority's own words that are repeated.
const MAX_WORDS: usize = 200;

/// A `TimeStampReq` and what its answer will be held to.
#[derive(Clone, Debug)]
pub struct TimestampRequest {
    der: Vec<u8>,
    imprint: Imprint,
    /// Content octets of the INTEGER.
    nonce: [u8; 16],
    policy: Option<ObjectIdentifier>,
}

/// A token that answers its request and whose own signature is right. Whether its authority is one we
/// trust, and its clock right, is not known yet.
#[derive(Clone, Debug)]
pub struct TimestampReply {
    /// The `ContentInfo`, as sent.
    pub token: Vec<u8>,
    /// What it says.
    pub evidence: TimestampEvidence,
}

/// What is wrong with the answer to a request. Each but [`Self::Refused`] means that the answer must not be
/// used for anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampFault {
    /// Longer than [`MAX_RESPONSE`].
    #[error("the response has {0} bytes, more than any timestamp needs")]
    TooLong(usize),
    /// No `TimeStampResp`.
    #[error("the response is no TimeStampResp")]
    NoResponse,
    /// The authority said no (`PKIStatusInfo`).
    #[error("the authority refuses: {status}{}", explained(.failure, .words))]
    Refused {
        /// `PKIStatus` by its name.
        status: &'static str,
        /// `PKIFailureInfo` by its names.
        failure: Vec<&'static str>,
        /// `statusString`; control characters left out.
        words: String,
    },
    /// Granted, and no token inside.
    #[error("the authority grants the request and sends no token")]
    NoToken,
    /// The token cannot be read.
    #[error("the token is unusable: {0}")]
    Token(#[from] CmsError),
    /// `TSTInfo` of another version than 1 (T1).
    #[error("the token is of version {0}")]
    Version(u64),
    /// Another imprint, or another algorithm for it (T2, T3).
    #[error("the token stamps something else than was asked for")]
    WrongImprint,
    /// Another nonce, or none: it may answer an older request (T4).
    #[error("the token does not repeat the nonce of the request")]
    WrongNonce,
    /// Another policy than asked for (T4).
    #[error("the token follows policy {given}, not {asked}")]
    WrongPolicy {
        /// The one asked for, dotted.
        asked: String,
        /// The one in the token, dotted.
        given: String,
    },
    /// An extension of the `TSTInfo` that has to be understood and is not.
    #[error("the token has a critical extension that is not understood: {0}")]
    CriticalExtension(String),
    /// Not exactly one signer.
    #[error("the token has {0} signers")]
    Signers(usize),
    /// The authority's certificate is not inside, although it was asked for.
    #[error("the token does not bring the authority's certificate")]
    NoCertificate,
    /// The signed attribute signing-certificate is missing or names another certificate (T5).
    #[error("the token does not name the certificate it was signed with")]
    WrongCertificate,
    /// The signature is made with an algorithm that is too weak, or not known here.
    #[error("the token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// The signature is wrong, or not over this `TSTInfo` (T8).
    #[error("the signature of the token is wrong")]
    Signature,
}

fn explained(failure: &[&str], words: &str) -> String {
    let mut text = String::new();
    for word in failure {
        text.push_str(", ");
        text.push_str(word);
    }
    if !words.is_empty() {
        text.push_str(&format!(" (\"{words}\")"));
    }
    text
}

impl TimestampRequest {
    /// Asks for a timestamp over `imprint`, with the authority's certificate inside. The `nonce` is random;
    /// its first two bits are set so that it is a positive INTEGER of 16 octets in every encoder's eyes.
    /// Without a `policy` the authority chooses.
    pub fn new(imprint: &Imprint, nonce: [u8; 16], policy: Option<ObjectIdentifier>) -> Self {
        let mut nonce = nonce;
        if let Some(first) = nonce.first_mut() {
            *first = *first & 0x7F | 0x40;
        }
        let message = element(
            SEQUENCE,
            &[
                &algorithm_identifier(imprint.algorithm),
                &element(OCTET_STRING, &[&imprint.value]),
            ],
        );
        let named = policy.map(|policy| element(OBJECT_IDENTIFIER, &[policy.as_bytes()]));
        let der = element(
            SEQUENCE,
            &[
                &VERSION_1,
                &message,
                named.as_deref().unwrap_or_default(),
                &element(INTEGER, &[&nonce]),
                &CERTIFICATE_PLEASE,
            ],
        );
        Self {
            der,
            imprint: imprint.clone(),
            nonce,
            policy,
        }
    }

    /// The `TimeStampReq`.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Reads the `TimeStampResp` to this request and holds it to it: rules T1 to T4 of the imprint, nonce and
    /// policy, the name of the certificate in T5, and the signature in T8.
    ///
    /// # Errors
    /// [`TimestampFault`]: the first thing that is wrong.
    pub fn accept(&self, response: &[u8]) -> Result<TimestampReply, TimestampFault> {
        if response.len() > MAX_RESPONSE {
            return Err(TimestampFault::TooLong(response.len()));
        }
        let token = granted(response)?;
        let evidence = TimestampEvidence::collect(token)?;
        self.matches(&evidence)?;
        check_signature(&evidence)?;
        Ok(TimestampReply {
            token: token.to_vec(),
            evidence,
        })
    }

    /// The token answers this request (RFC 3161, 2.4.2).
    fn matches(&self, token: &TimestampEvidence) -> Result<(), TimestampFault> {
        if token.version != 1 {
            return Err(TimestampFault::Version(token.version));
        }
        let algorithm = identifier(self.imprint.algorithm).to_string();
        if token.imprint_algorithm != algorithm || token.imprint.0 != self.imprint.value {
            return Err(TimestampFault::WrongImprint);
        }
        if token.nonce.as_deref() != Some(&self.nonce[..]) {
            return Err(TimestampFault::WrongNonce);
        }
        match self.policy.map(|policy| policy.to_string()) {
            Some(asked) if asked != token.policy => Err(TimestampFault::WrongPolicy {
                asked,
                given: token.policy.clone(),
            }),
            _ => Ok(()),
        }
    }
}

impl TimestampReply {
    /// A token that was stored beside the octets it stamps: held to the same rules as an answer, except that
    /// there is no request whose nonce and policy it would repeat.
    ///
    /// # Errors
    /// [`TimestampFault`]: the first thing that is wrong.
    pub fn of_stored(token: &[u8], octets: &[u8]) -> Result<Self, TimestampFault> {
        if token.len() > MAX_RESPONSE {
            return Err(TimestampFault::TooLong(token.len()));
        }
        let evidence = TimestampEvidence::collect(token)?;
        if evidence.version != 1 {
            return Err(TimestampFault::Version(evidence.version));
        }
        if evidence.stamps(&[octets]) != Some(true) {
            return Err(TimestampFault::WrongImprint);
        }
        check_signature(&evidence)?;
        Ok(Self {
            token: token.to_vec(),
            evidence,
        })
    }
}

/// The token's signature, by the rules that also hold for seals.
fn check_signature(token: &TimestampEvidence) -> Result<(), TimestampFault> {
    let cms = &token.cms;
    if let Some(extension) = token.critical_extensions.first() {
        return Err(TimestampFault::CriticalExtension(extension.clone()));
    }
    if cms.signers != 1 {
        return Err(TimestampFault::Signers(cms.signers));
    }
    if cms.signer_certificate.is_none() {
        return Err(TimestampFault::NoCertificate);
    }
    // RFC 3161 asks for version 1 of the attribute and RFC 5816 allows version 2; both are in use.
    let named = cms
        .signing_certificate_matches
        .or(cms.signing_certificate_v1_matches);
    if named != Some(true) || !cms.signer_identifier_matches {
        return Err(TimestampFault::WrongCertificate);
    }
    if !is_strong(&cms.digest_algorithm)
        || cms.algorithms_agree != Some(true)
        || !cms.signature_verifiable
    {
        return Err(TimestampFault::Algorithm);
    }
    let whole = token.content_matches
        && cms.content_type_matches
        && cms.signed_attributes_unique
        && cms.algorithm_protection_matches != Some(false);
    if whole && cms.signature_verifies {
        Ok(())
    } else {
        Err(TimestampFault::Signature)
    }
}

/// The token of a response that grants one.
fn granted(response: &[u8]) -> Result<&[u8], TimestampFault> {
    let unreadable = |_: CmsError| TimestampFault::NoResponse;
    let mut outer = Fields::new(response);
    let whole = outer
        .expect(SEQUENCE, "a TimeStampResp")
        .map_err(unreadable)?;
    if !outer.is_empty() {
        return Err(TimestampFault::NoResponse);
    }
    let mut fields = whole.fields();
    let info = fields
        .expect(SEQUENCE, "a PKIStatusInfo")
        .map_err(unreadable)?;
    let mut info = info.fields();
    let status = info.expect(INTEGER, "a PKIStatus").map_err(unreadable)?;
    match status.content {
        [0 | 1] => {} // granted, grantedWithMods: what was modified is found out by the checks
        code => return Err(refused(code, info)),
    }
    if fields.is_empty() {
        return Err(TimestampFault::NoToken);
    }
    let token = fields.expect(SEQUENCE, "a token").map_err(unreadable)?;
    if !fields.is_empty() {
        return Err(TimestampFault::NoResponse);
    }
    Ok(token.whole)
}

/// What an authority says when it refuses (RFC 3161, 2.4.2).
fn refused(code: &[u8], mut info: Fields<'_>) -> TimestampFault {
    const BIT_STRING: u8 = 0x03;
    let status = match code {
        [2] => "rejection",
        [3] => "waiting",
        [4] => "revocationWarning",
        [5] => "revocationNotification",
        _ => "unknown status",
    };
    let words = info.optional(SEQUENCE).ok().flatten();
    let failure = info.optional(BIT_STRING).ok().flatten();
    TimestampFault::Refused {
        status,
        failure: failure.map(failures).unwrap_or_default(),
        words: words.map(first_words).unwrap_or_default(),
    }
}

/// The names of the bits of a `PKIFailureInfo`.
fn failures(bits: Element<'_>) -> Vec<&'static str> {
    const NAMES: [(usize, &str); 8] = [
        (0, "badAlg"),
        (2, "badRequest"),
        (5, "badDataFormat"),
        (14, "timeNotAvailable"),
        (15, "unacceptedPolicy"),
        (16, "unacceptedExtension"),
        (17, "addInfoNotAvailable"),
        (25, "systemFailure"),
    ];
    let octets = bits.content.get(1..).unwrap_or_default();
    let is_set = |bit: usize| {
        let octet = octets.get(bit / 8).copied().unwrap_or(0);
        octet & (0x80 >> (bit % 8)) != 0
    };
    NAMES
        .iter()
        .filter(|(bit, _)| is_set(*bit))
        .map(|(_, name)| *name)
        .collect()
}

/// The first `UTF8String` of a `PKIFreeText`, harmless and not too long.
fn first_words(text: Element<'_>) -> String {
    let first = text.fields().any();
    let octets = first.map(|first| first.content).unwrap_or_default();
    String::from_utf8_lossy(octets)
        .chars()
        .filter(|character| !character.is_control())
        .take(MAX_WORDS)
        .collect()
}

const fn identifier(algorithm: DigestAlgorithm) -> ObjectIdentifier {
    match algorithm {
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
    }
}

/// `AlgorithmIdentifier` with NULL as parameters: some authorities refuse it without.
fn algorithm_identifier(algorithm: DigestAlgorithm) -> Vec<u8> {
    const NULL: [u8; 2] = [0x05, 0];
    let named = element(OBJECT_IDENTIFIER, &[identifier(algorithm).as_bytes()]);
    element(SEQUENCE, &[&named, &NULL])
}

/// A digest that may be signed with: SHA-2 of 256 bits or more, SHA-3.
fn is_strong(dotted: &str) -> bool {
    [
        oid::SHA256,
        oid::SHA384,
        oid::SHA512,
        oid::SHA3_256,
        oid::SHA3_384,
        oid::SHA3_512,
    ]
    .iter()
    .any(|strong| strong.to_string() == dotted)
}
