//! What is fuzzed: one function a reader that takes hostile bytes. The fuzz targets and the suite
//! `tests/fuzz/main.rs` call the same ones. None may panic, hang or eat memory out of proportion.

use bytes::Bytes;
use jiff::Timestamp;
use segell::cades::{CmsEvidence, TimestampEvidence};
use segell::model::{Deadline, HashTrail};
use segell::pdf::Limits;
use segell::validate::appended::{self, BaseFacts};
use segell::validate::evidence::{Evidence, IdentityFacts, Subject};
use segell::validate::report::Indication;
use segell::validate::{Options, Trust, judge};

/// The strict reader of what was appended to a copy: every prefix that ends with an end mark is taken
/// for the copy that was issued, and the rest is judged.
pub(crate) fn appended(bytes: &[u8]) {
    const MARK: &[u8] = b"%%EOF";
    const MOST: usize = 8;
    let marks = bytes.windows(MARK.len()).enumerate();
    let ends = marks.filter_map(|(at, window)| (window == MARK).then_some(at + MARK.len()));
    for end in ends.take(MOST) {
        let line_end = bytes[end..]
            .iter()
            .take(2)
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        let (base, suffix) = bytes.split_at(end + line_end);
        if let Ok(facts) = BaseFacts::read(base) {
            let judged = appended::judge(base, suffix, &facts);
            assert!(judged.is_err() || !suffix.is_empty(), "nothing was added");
        }
    }
}

/// The readers of signatures and timestamps.
pub(crate) fn cms(bytes: &[u8]) {
    if let Ok(evidence) = CmsEvidence::collect(bytes) {
        assert!(evidence.der_len <= bytes.len());
    }
    let _ = TimestampEvidence::collect(bytes);
}

/// The whole validator, beside an archive that knows nothing. It trusts nobody, so nothing can pass.
pub(crate) fn validator(bytes: &[u8]) {
    let bytes = Bytes::copy_from_slice(bytes);
    let subject = Subject {
        bytes: &bytes,
        hash: &HashTrail::of(&bytes),
        at: Timestamp::UNIX_EPOCH,
    };
    let evidence = Evidence::collect(
        &subject,
        IdentityFacts::Unknown,
        &|_| None,
        &Trust::default(),
        &Limits::default(),
        &Deadline::never(),
    );
    let report = judge(&evidence, &Options::default());
    assert_ne!(report.indication, Some(Indication::TotalPassed));
}
