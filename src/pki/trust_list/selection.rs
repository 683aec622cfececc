//! Which services become anchors, and for which times.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::anchors::TrustedPeriod;
use super::anchor_file::ListedAnchor;
use super::list::TrustedList;
use super::service::{Service, ServiceStatus};
use super::signer;
use crate::model::Sha256Digest;

/// What anchors are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Issuers of seals and of the signatures on sources.
    Seals,
    /// Issuers of timestamps.
    Timestamps,
}

impl Purpose {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Seals, Self::Timestamps];

    /// The word in settings and files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Seals => "seals",
            Self::Timestamps => "timestamps",
        }
    }
}

/// Which services are taken from a list. The default takes what eIDAS calls qualified: `CA/QC` for seals,
/// `TSA/QTST` for timestamps, while their status is *granted*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Services approved nationally as well: `CA/PKC`, `NationalRootCA-QC`, `TSA` and its variants, while
    /// *granted* or *recognisedatnationallevel*.
    pub national: bool,
    /// The time before eIDAS as well: *undersupervision*, *supervisionincessation* and *accredited* count
    /// as *granted* until 2016-07-01 (TS 119 615, 4.4).
    pub before_eidas: bool,
}

/// From when on Regulation (EU) 910/2014 applies to trust services.
const EIDAS: &str = "2016-07-01T00:00:00Z";

impl Selection {
    /// The anchors for a purpose, in the order of the list. A certificate that stands for several services
    /// is told once, with the times of all of them. One that cannot be read is passed over.
    pub fn anchors(self, list: &TrustedList, purpose: Purpose) -> Vec<ListedAnchor> {
        let mut anchors: Vec<ListedAnchor> = Vec::new();
        for service in &list.services {
            let periods = self.periods(service, purpose);
            if periods.is_empty() {
                continue;
            }
            for der in &service.certificates {
                let fingerprint = Sha256Digest::of(der);
                if let Some(known) = anchors
                    .iter_mut()
                    .find(|anchor| anchor.fingerprint == fingerprint)
                {
                    known.trusted = union(known.trusted.iter().chain(&periods).copied().collect());
                    continue;
                }
                let Ok(certificate) = signer::certificate(der) else {
                    continue;
                };
                anchors.push(ListedAnchor {
                    fingerprint,
                    subject: signer::subject(&certificate),
                    provider: service.provider.clone(),
                    service: service.name.clone(),
                    kind: service.current.kind.clone(),
                    status: service.current.status.clone(),
                    since: service.current.since,
                    uses: service.current.uses.clone(),
                    qualifiers: service.qualifiers.clone(),
                    trusted: periods.clone(),
                    der: der.clone(),
                });
            }
        }
        anchors
    }

    /// The times at which a service was approved for a purpose, ascending, none touching the next.
    ///
    /// Each entry holds until the next newer one. The current entry is the newest whatever the history
    /// says: what claims to be newer is passed over, so that no history brings back what was withdrawn.
    pub fn periods(self, service: &Service, purpose: Purpose) -> Vec<TrustedPeriod> {
        let mut entries: Vec<&ServiceStatus> = service
            .history
            .iter()
            .filter(|entry| entry.since < service.current.since)
            .collect();
        entries.reverse();
        entries.sort_by_key(|entry| entry.since);
        entries.push(&service.current);
        let ends = entries
            .iter()
            .skip(1)
            .map(|entry| Some(entry.since))
            .chain([None]);
        let approved = entries
            .iter()
            .zip(ends)
            .filter(|(entry, _)| self.serves(entry, purpose))
            .filter_map(|(entry, until)| self.approved(entry, until));
        union(approved.collect())
    }

    /// An entry is of a type that serves the purpose. One that is for web sites only does not.
    fn serves(self, entry: &ServiceStatus, purpose: Purpose) -> bool {
        match (purpose, entry.kind.as_str()) {
            (Purpose::Seals, "CA/QC") => {
                let is_for = |name: &str| entry.uses.iter().any(|used| used == name);
                is_for("ForeSeals")
                    || is_for("ForeSignatures")
                    || !is_for("ForWebSiteAuthentication")
            }
            (Purpose::Timestamps, "TSA/QTST") => true,
            (Purpose::Seals, "CA/PKC" | "NationalRootCA-QC")
            | (Purpose::Timestamps, "TSA" | "TSA/TSS-QC" | "TSA/TSS-AdESQCandQES") => self.national,
            _ => false,
        }
    }

    /// The part of an entry's time in which its status means approval.
    fn approved(self, entry: &ServiceStatus, until: Option<Timestamp>) -> Option<TrustedPeriod> {
        let from = entry.since;
        let until = match entry.status.as_str() {
            "granted" => until,
            "recognisedatnationallevel" if self.national => until,
            "undersupervision" | "supervisionincessation" | "accredited" if self.before_eidas => {
                let eidas = EIDAS.parse().ok()?;
                Some(until.map_or(eidas, |until| until.min(eidas)))
            }
            _ => return None,
        };
        until
            .is_none_or(|until| from < until)
            .then_some(TrustedPeriod { from, until })
    }
}

/// Periods in ascending order, those that touch or overlap made one.
fn union(mut periods: Vec<TrustedPeriod>) -> Vec<TrustedPeriod> {
    periods.sort_by_key(|period| period.from);
    let mut merged: Vec<TrustedPeriod> = Vec::new();
    for period in periods {
        match merged.last_mut() {
            Some(last) if last.until.is_none_or(|until| period.from <= until) => {
                last.until = match (last.until, period.until) {
                    (Some(one), Some(other)) => Some(one.max(other)),
                    _ => None,
                };
            }
            _ => merged.push(period),
        }
    }
    merged
}
