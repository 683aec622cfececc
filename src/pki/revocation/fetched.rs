//! Answers that were asked for: the request, and what has to be right about what comes back.

use std::sync::Arc;

use openssl::x509::X509VerifyResult;

use super::{Refusal, RevocationAnswer, crl, ocsp};
use crate::model::Octets;
use crate::pki::path::{Held, signed};
use crate::pki::{CertificateFacts, UnreadableCertificate};

/// Digests that are broken, dotted: MD5, SHA-1.
const BROKEN: [&str; 2] = ["1.2.840.113549.2.5", "1.3.14.3.2.26"];

/// A certificate and the issuer that signed it. Cheap to clone.
#[derive(Clone)]
pub struct IssuedCertificate(Arc<Pair>);

struct Pair {
    certificate: Held,
    issuer: Held,
}

/// An `OCSPRequest` (RFC 6960, 4.1) and the nonce in it.
#[derive(Clone, Debug)]
pub struct OcspRequest {
    der: Vec<u8>,
    nonce: [u8; 32],
}

impl OcspRequest {
    /// The request.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// An answer whose signature was verified, and its bytes.
#[derive(Clone, Debug)]
pub struct FetchedAnswer {
    /// The `OCSPResponse` or `CertificateList`.
    pub der: Octets,
    /// What it says.
    pub answer: RevocationAnswer,
    /// The responder's certificate, when the issuer did not sign itself.
    pub responder: Option<Octets>,
}

impl IssuedCertificate {
    /// A certificate (DER) below `issuer` (DER); `None` when that one did not sign it.
    ///
    /// # Errors
    /// [`UnreadableCertificate`] when one of the two cannot be read.
    pub fn new(certificate: &[u8], issuer: &[u8]) -> Result<Option<Self>, UnreadableCertificate> {
        let (certificate, issuer) = (Held::read(certificate)?, Held::read(issuer)?);
        let (below, above) = (&certificate.certificate, &issuer.certificate);
        let is_issuer = above.issued(below) == X509VerifyResult::OK && signed(above, below);
        Ok(is_issuer.then(|| {
            Self(Arc::new(Pair {
                certificate,
                issuer,
            }))
        }))
    }

    /// What the certificate says.
    pub fn facts(&self) -> &CertificateFacts {
        &self.0.certificate.reading.facts
    }

    /// The certificate, DER.
    pub fn der(&self) -> &[u8] {
        &self.0.certificate.der
    }

    /// Asks for its status. The `nonce` is random.
    ///
    /// # Errors
    /// [`Refusal::Unreadable`], which a certificate that was read does not give.
    pub fn ocsp_request(&self, nonce: [u8; 32]) -> Result<OcspRequest, Refusal> {
        let Pair {
            certificate,
            issuer,
        } = &*self.0;
        Ok(OcspRequest {
            der: ocsp::request(certificate, issuer, &nonce)?,
            nonce,
        })
    }

    /// Reads the `OCSPResponse` to a request: about this certificate, signed by the issuer or a responder that
    /// the issuer authorised, with the nonce of the request or none. How old it may be is not judged here.
    ///
    /// # Errors
    /// [`Refusal`]: why it is no evidence.
    pub fn accept_ocsp(
        &self,
        request: &OcspRequest,
        response: &[u8],
    ) -> Result<FetchedAnswer, Refusal> {
        let Pair {
            certificate,
            issuer,
        } = &*self.0;
        let (answer, responder) = ocsp::received(response, certificate, issuer, &request.nonce)?;
        accepted(response, answer, responder)
    }

    /// Reads a `CertificateList`: of this certificate's issuer, about certificates such as this one. How old
    /// it may be is not judged here.
    ///
    /// # Errors
    /// [`Refusal`]: why it is no evidence.
    pub fn accept_crl(&self, list: &[u8]) -> Result<FetchedAnswer, Refusal> {
        let answer = crl::read(list, &self.0.certificate, &self.0.issuer)?;
        accepted(list, answer, None)
    }
}

fn accepted(
    der: &[u8],
    answer: RevocationAnswer,
    responder: Option<Held>,
) -> Result<FetchedAnswer, Refusal> {
    let digest = answer.signature_digest.as_deref();
    if digest.is_some_and(|digest| BROKEN.contains(&digest)) {
        return Err(Refusal::Algorithm);
    }
    Ok(FetchedAnswer {
        der: der.to_vec().into(),
        answer,
        responder: responder.map(|responder| responder.der.into()),
    })
}
