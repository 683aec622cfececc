//! Copies over two decades: sealed at level B-T, raised to B-LTA, renewed twice, and read by others each time, the
//! last after their seals and their first time-stamp authority ended.

use jiff::{SignedDuration, Timestamp};
use segell::model::Deadline;
use segell::model::SignatureLevel::{BLta, BT};
use segell::seal::preserve::{PreserveRequest, Preserved, Preserver};
use segell::validate::report::CopyPartKind;
use segell::validate::{Indication, Validator, Verdict};

use crate::stages::asking;
use crate::support::decades::{AFTERWARDS, Decades, LEAD, SUCCESSION, newest};
use crate::support::office::{ORGANS, Office};

/// Seals and keeps copies, over decades.
struct Keeping {
    decades: Decades,
    office: Office,
    preserver: Preserver,
    validator: Validator,
}

/// One copy on its way through time.
struct Kept {
    organ: &'static str,
    request: PreserveRequest,
    file: Vec<u8>,
}

impl Keeping {
    fn start() -> Option<Self> {
        let decades = Decades::start()?;
        // Copies of the test environment answer for thirty days; these are to be kept for decades.
        let office = Office::lasting(365 * 40, decades.means());
        let preserver = office.preserver(decades.means(), decades.anchors.clone(), LEAD);
        let validator = office.validator_trusting(decades.anchors.clone());
        Some(Self {
            decades,
            office,
            preserver,
            validator,
        })
    }

    /// A copy of level B-T, to be kept at B-LTA.
    fn seal(&self, organ: &'static str) -> Kept {
        let request = asking(&self.office, organ, BT);
        let stamp = |imprint: &_| self.decades.stamp(imprint);
        let clock = || self.decades.now();
        let issued = self
            .office
            .sealer()
            .seal_with(request, clock, &Deadline::never(), stamp);
        Kept {
            organ,
            request: PreserveRequest {
                index: issued.expect("a copy").record.intent.index,
                level: BLta,
                application: None,
            },
            file: Vec::new(),
        }
    }

    fn preserve(&self, copy: &Kept) -> (Preserved, Vec<u8>) {
        let done = self.decades.preserve(&self.preserver, &copy.request);
        let file = newest(self.office.archive(), &done);
        (done, file)
    }

    fn assert_ours_passes(&self, copy: &Kept, done: &Preserved, parts: usize, sealed: Timestamp) {
        let place = format!("{}, {}", copy.organ, self.decades.now());
        let judged = self.decades.report(&self.validator, &copy.file);
        assert_eq!(judged.verdict, Verdict::Identical, "{place}");
        let ours = judged.copy.as_ref().expect("a copy of ours");
        assert_eq!(ours.version, done.standing.versions(), "{place}");
        assert_eq!(ours.parts.len(), parts, "{place}");
        let stamps = ours.parts.iter();
        let stamps = stamps.filter(|part| part.kind == CopyPartKind::Timestamp);
        assert_eq!(stamps.count(), (parts - 1) / 2, "{place}");
        let seal = &judged.signatures[0];
        assert_eq!(
            (judged.indication, seal.level),
            (Some(Indication::TotalPassed), Some(BLta)),
            "{place}: {:#?}",
            judged.findings
        );
        let proved = seal.best_signature_time.expect("a time");
        assert!(
            proved < sealed + SignedDuration::from_hours(1),
            "{place}: {proved}"
        );
    }
}

#[test]
fn copies_that_are_renewed_in_time_are_valid_after_their_seals_and_authorities_ended() {
    let Some(keeping) = Keeping::start() else {
        return;
    };
    let sealed = keeping.decades.now();
    // RSA-2048 with PKCS #1 v1.5, RSA-3072 with PSS, ECDSA on P-256.
    let copies = ORGANS[..3].iter().map(|organ| keeping.seal(organ));
    let mut copies: Vec<Kept> = copies.collect();
    for (date, extended, parts) in [
        (None, true, 3),
        (Some("2027-02-01"), false, 3),
        // The data of the new authority join it at once: so far the copy knew nothing of it.
        (Some(SUCCESSION), true, 6),
        (Some("2044-06-02"), false, 6),
        (Some(AFTERWARDS), true, 8),
    ] {
        if let Some(date) = date {
            keeping.decades.travel_to(date);
        }
        for copy in &mut copies {
            let place = format!("{}, {date:?}", copy.organ);
            let (done, file) = keeping.preserve(copy);
            assert_eq!((done.extended, done.level), (extended, BLta), "{place}");
            assert!(file.starts_with(&copy.file), "{place}");
            assert_eq!(file.len() > copy.file.len(), extended, "{place}");
            copy.file = file;
            if extended {
                keeping.assert_ours_passes(copy, &done, parts, sealed);
            }
        }
        if extended {
            let files: Vec<&[u8]> = copies.iter().map(|copy| copy.file.as_slice()).collect();
            keeping.decades.assert_others_agree(&files);
        }
    }
}

#[test]
fn a_copy_whose_seal_was_revoked_after_its_timestamp_stays_passed() {
    let Some(keeping) = Keeping::start() else {
        return;
    };
    let Keeping { decades, .. } = &keeping;
    let copy = keeping.seal(ORGANS[0]);
    let (_, file) = keeping.preserve(&copy);
    decades.travel(SignedDuration::from_hours(24 * 30));
    decades.service.revoke(copy.organ, "key_compromise");
    decades.runtime.block_on(decades.revocation.refresh());
    let judged = decades.report(&keeping.validator, &file);
    assert_eq!(
        judged.indication,
        Some(Indication::TotalPassed),
        "{:#?}",
        judged.findings
    );
    // pyHanko would want an answer about the authority that is fresh on that day, from the network.
    assert_eq!(decades.pyhanko(&[&file])[0]["changes"], "LTA_UPDATES");
}
