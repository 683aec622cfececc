//! One configured issuer: its responder, its list, and the newest list that came.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::{SourceSetup, UnusableSource};
use crate::authorities::Clock;
use crate::authorities::endpoint::{
    Endpoint, EndpointKind, EndpointState, ExchangeFault, Patience, Question, TimeLimits,
};
use crate::pki::UnreadableCertificate;
use crate::pki::revocation::{FetchedAnswer, IssuedCertificate, Refusal};

/// Media type of a request (RFC 6960, A.1).
const QUERY: &str = "application/ocsp-request";
/// A longer OCSP response is refused; one with a chain inside has some 10 KiB.
const MAX_OCSP: usize = 128 << 10;
/// A longer list is refused. The largest in public use have some 30 MiB.
const MAX_CRL: usize = 64 << 20;

/// Why nothing that can be used was fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FetchFault {
    #[error(transparent)]
    Exchange(#[from] ExchangeFault),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the responder does not know the certificate")]
    Unknown,
    #[error("it is not of this time")]
    NotNow,
    #[error("the service is stopping")]
    Stopping,
}

impl FetchFault {
    /// An answer came that somebody else made, or made for somebody else.
    pub(super) const fn is_security_event(&self) -> bool {
        matches!(self, Self::Refused(Refusal::Signature | Refusal::Nonce))
    }
}

/// One configured issuer.
pub(super) struct Source {
    issuer: Vec<u8>,
    pub(super) ocsp: Option<Arc<Endpoint>>,
    pub(super) crl: Option<Arc<Endpoint>>,
    /// The newest list, for certificates that are kept later.
    list: Mutex<Option<Bytes>>,
    /// Somebody asks for the list from time to time.
    is_listing: AtomicBool,
}

impl Source {
    pub(super) fn new(
        setup: &SourceSetup,
        limits: TimeLimits,
        clock: &Clock,
    ) -> Result<Self, UnusableSource> {
        // Proves that it can be read.
        IssuedCertificate::new(&setup.issuer, &setup.issuer)?;
        let endpoint = |kind, access: &Option<_>| {
            let access = access.as_ref();
            access
                .map(|access| Endpoint::new(kind, access, limits, Arc::clone(clock)))
                .transpose()
        };
        Ok(Self {
            issuer: setup.issuer.clone(),
            ocsp: endpoint(EndpointKind::Ocsp, &setup.ocsp)?,
            crl: endpoint(EndpointKind::Crl, &setup.crl)?,
            list: Mutex::default(),
            is_listing: AtomicBool::new(false),
        })
    }

    /// The certificate below this issuer; `None` when another issued it.
    pub(super) fn issued(
        &self,
        certificate: &[u8],
    ) -> Result<Option<IssuedCertificate>, UnreadableCertificate> {
        IssuedCertificate::new(certificate, &self.issuer)
    }

    /// The issuer's certificate, DER.
    pub(super) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// Answers `true` once: to whoever has to ask for the list from now on.
    pub(super) fn begin_listing(&self) -> bool {
        !self.is_listing.swap(true, Ordering::Relaxed)
    }

    pub(super) fn states(&self) -> Vec<EndpointState> {
        let endpoints = self.ocsp.iter().chain(&self.crl);
        endpoints.map(|endpoint| endpoint.state()).collect()
    }

    /// Asks the responder about a certificate.
    pub(super) async fn ask(
        &self,
        responder: &Endpoint,
        certificate: &IssuedCertificate,
        bits: [u8; 32],
    ) -> Result<FetchedAnswer, FetchFault> {
        let request = certificate.ocsp_request(bits)?;
        let question = Question::Post(QUERY, Bytes::copy_from_slice(request.der()));
        // That a responder declines one certificate is no fault of the way there.
        let judge = async |response: Bytes| match certificate.accept_ocsp(&request, &response) {
            Err(declined @ Refusal::Declined(_)) => Ok(Err(declined)),
            outcome => outcome.map(Ok).map_err(FetchFault::from),
        };
        let jitter = bits.last().copied().unwrap_or(0);
        let patience = Patience::ToTheEnd;
        let asked = responder.ask(&question, MAX_OCSP, judge, jitter, patience);
        let asked = asked.await?;
        asked.map_err(FetchFault::from)
    }

    /// Fetches the list, which has to be about at least one of these certificates: what it says of each.
    pub(super) async fn fetch(
        &self,
        place: &Endpoint,
        certificates: Vec<IssuedCertificate>,
        bits: [u8; 32],
    ) -> Result<Vec<Result<FetchedAnswer, Refusal>>, FetchFault> {
        let judge = async |list: Bytes| {
            let read = list.clone();
            // A list may have a million entries.
            let reading = spawn_blocking(move || {
                let said = certificates.iter().map(|one| one.accept_crl(&read));
                said.collect::<Vec<_>>()
            });
            let said = reading.await.map_err(|_| FetchFault::Stopping)?;
            if let Some(Err(refusal)) = said.first()
                && said.iter().all(Result::is_err)
            {
                return Err(FetchFault::Refused(*refusal));
            }
            *self.list.lock().unwrap_or_else(PoisonError::into_inner) = Some(list);
            Ok(said)
        };
        let jitter = bits.last().copied().unwrap_or(0);
        let patience = Patience::ToTheEnd;
        let fetched = place.ask(&Question::Get, MAX_CRL, judge, jitter, patience);
        fetched.await
    }

    /// What the newest list says of a certificate.
    pub(super) fn listed(&self, certificate: &IssuedCertificate) -> Option<FetchedAnswer> {
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let list = list.clone()?;
        certificate.accept_crl(&list).ok()
    }
}
