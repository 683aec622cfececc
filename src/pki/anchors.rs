//! Trust anchors: whose certificates we chose to trust, where the choice comes from, and for which time.

use jiff::Timestamp;
use openssl::x509::X509;
use serde::{Deserialize, Serialize};

use super::SealDefect;
use super::trust_list::{AnchorFile, ListFacts, Purpose};
use crate::model::Sha256Digest;

/// Certificates of issuers we chose to trust, roots and intermediates, and nothing else: the
/// operating system's store is never consulted.
#[derive(Clone, Default)]
pub struct Anchors {
    /// Those that are trusted without an end come first.
    certificates: Vec<X509>,
    /// What is known of each certificate, in the same order.
    facts: Vec<AnchorFacts>,
    /// How many are trusted without an end.
    lasting: usize,
    /// The lists some of them come from.
    lists: Vec<ListState>,
}

/// A time in which an anchor is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedPeriod {
    /// From then on: *granted*.
    pub from: Timestamp,
    /// Until just before then: *withdrawn*. `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl TrustedPeriod {
    /// A time is in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// What is known of an anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AnchorFacts {
    /// SHA-256 of the certificate.
    pub fingerprint: Sha256Digest,
    /// Common name of its subject.
    pub subject: String,
    /// End of its validity; `None` when it cannot be told.
    pub not_after: Option<Timestamp>,
    /// Who chose it.
    pub origin: AnchorOrigin,
    /// When it is trusted. `None`: always, because the operator chose it.
    pub trusted: Option<Vec<TrustedPeriod>>,
}

impl AnchorFacts {
    /// It is trusted at that time.
    pub fn is_trusted_at(&self, at: Timestamp) -> bool {
        let periods = self.trusted.as_ref();
        periods.is_none_or(|periods| periods.iter().any(|period| period.contains(at)))
    }

    /// It is trusted without an end in sight.
    fn lasts(&self) -> bool {
        let periods = self.trusted.as_ref();
        periods.is_none_or(|periods| periods.iter().any(|period| period.until.is_none()))
    }
}

/// Who chose an anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "origin")]
pub enum AnchorOrigin {
    /// The operator, with a file.
    File {
        /// Its name.
        name: String,
    },
    /// A supervisory body, with a trusted list.
    List {
        /// The list.
        list: ListState,
        /// Who provides the service.
        provider: String,
        /// The service.
        service: String,
        /// Its status now.
        status: String,
    },
}

/// A trusted list that anchors come from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ListState {
    /// Whose list: `ES`.
    pub territory: String,
    /// What was taken from it.
    pub purpose: Purpose,
    /// Its sequence number.
    pub sequence: u64,
    /// When it was issued.
    pub issued: Timestamp,
    /// When the next is due; `None` for a list that was closed.
    pub next_update: Option<Timestamp>,
}

impl ListState {
    fn of(list: &ListFacts, purpose: Purpose) -> Self {
        Self {
            territory: list.territory.to_string(),
            purpose,
            sequence: list.sequence,
            issued: list.issued,
            next_update: list.next_update,
        }
    }

    /// A newer list is due by that time.
    pub fn is_stale(&self, at: Timestamp) -> bool {
        self.next_update.is_none_or(|next| next < at)
    }

    /// Full days since it was issued.
    pub fn days_old(&self, at: Timestamp) -> i64 {
        at.duration_since(self.issued).as_secs().max(0) / 86_400
    }
}

/// How much is trusted, and how fresh it is: what a validation report says of its trust.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TrustState {
    /// Anchors for issuers of seals, without those that are trusted for the past only.
    pub seals: usize,
    /// The same for issuers of timestamps.
    pub timestamps: usize,
    /// The lists they come from.
    pub lists: Vec<ListState>,
}

impl TrustState {
    /// That of the anchors for seals and those for timestamps.
    pub fn of(seals: &Anchors, timestamps: &Anchors) -> Self {
        let mut lists: Vec<ListState> = seals
            .lists
            .iter()
            .chain(&timestamps.lists)
            .cloned()
            .collect();
        lists.sort();
        lists.dedup();
        Self {
            seals: seals.certificates().len(),
            timestamps: timestamps.certificates().len(),
            lists,
        }
    }
}

impl Anchors {
    /// Reads PEM files (each may hold several certificates). `name` is used in the error and the facts
    /// only.
    ///
    /// # Errors
    /// [`SealDefect::UnreadableCertificate`] for a file without certificates or with one that cannot
    /// be read.
    pub fn from_pem<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self, SealDefect> {
        let mut anchors = Self::default();
        for (name, bytes) in files {
            let unreadable = || SealDefect::UnreadableCertificate { what: name.into() };
            let read = X509::stack_from_pem(bytes).map_err(|_| unreadable())?;
            if read.is_empty() {
                return Err(unreadable());
            }
            for certificate in read {
                let der = certificate.to_der().map_err(|_| unreadable())?;
                let origin = AnchorOrigin::File { name: name.into() };
                anchors.add(certificate, &der, origin, None);
            }
        }
        Ok(anchors)
    }

    /// Adds the anchors that came from a trusted list.
    ///
    /// # Errors
    /// [`SealDefect::UnreadableCertificate`], of which there is none in a file that was read.
    pub fn add_list(&mut self, file: &AnchorFile) -> Result<(), SealDefect> {
        let list = ListState::of(&file.list, file.purpose);
        for anchor in &file.anchors {
            let certificate =
                X509::from_der(&anchor.der).map_err(|_| SealDefect::UnreadableCertificate {
                    what: anchor.subject.clone(),
                })?;
            let origin = AnchorOrigin::List {
                list: list.clone(),
                provider: anchor.provider.clone(),
                service: anchor.service.clone(),
                status: anchor.status.clone(),
            };
            self.add(
                certificate,
                &anchor.der,
                origin,
                Some(anchor.trusted.clone()),
            );
        }
        self.lists.push(list);
        Ok(())
    }

    fn add(
        &mut self,
        certificate: X509,
        der: &[u8],
        origin: AnchorOrigin,
        trusted: Option<Vec<TrustedPeriod>>,
    ) {
        let facts = AnchorFacts {
            fingerprint: Sha256Digest::of(der),
            subject: super::trust_list::subject(&certificate),
            not_after: super::trust_list::time(certificate.not_after()).ok(),
            origin,
            trusted,
        };
        let place = if facts.lasts() {
            self.lasting += 1;
            self.lasting - 1
        } else {
            self.certificates.len()
        };
        self.certificates.insert(place, certificate);
        self.facts.insert(place, facts);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// There is none, so no seal can be trusted.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// Their DER.
    pub fn der(&self) -> Vec<Vec<u8>> {
        let der = |certificate: &X509| certificate.to_der().ok();
        self.certificates.iter().filter_map(der).collect()
    }

    /// What is known of each.
    pub fn facts(&self) -> &[AnchorFacts] {
        &self.facts
    }

    /// The trusted lists that some of them come from.
    pub fn lists(&self) -> &[ListState] {
        &self.lists
    }

    /// The certificate with that fingerprint is an anchor that is trusted at that time.
    pub fn is_trusted_at(&self, fingerprint: Sha256Digest, at: Timestamp) -> bool {
        self.facts
            .iter()
            .any(|facts| facts.fingerprint == fingerprint && facts.is_trusted_at(at))
    }

    /// Those that are trusted without an end: never one that a trusted list has withdrawn.
    pub(super) fn certificates(&self) -> &[X509] {
        self.certificates.get(..self.lasting).unwrap_or_default()
    }

    /// Those that are trusted at that time.
    pub(super) fn certificates_at(&self, at: Timestamp) -> impl Iterator<Item = &X509> {
        self.certificates
            .iter()
            .zip(&self.facts)
            .filter(move |(_, facts)| facts.is_trusted_at(at))
            .map(|(certificate, _)| certificate)
    }
}
