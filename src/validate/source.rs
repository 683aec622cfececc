//! The signatures that a source brings with it, judged before it is copied (DESIGN §10).

use bytes::Bytes;
use jiff::Timestamp;

use super::evidence::{Evidence, IdentityFacts, Subject};
use super::report::{Indication, Report, SubIndication};
use super::trust::Trust;
use super::{Options, judge};
use crate::model::{Deadline, HashTrail, SourceSignature};
use crate::pdf::Limits;

/// What is known of a source's signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSignatures {
    /// One by one, in the order of what they cover; document timestamps are not among them.
    pub signatures: Vec<SourceSignature>,
    /// The source as a whole: the worst over its signatures and over what was done to it after them;
    /// `None` when nothing in it signs.
    pub indication: Option<Indication>,
    /// Why it did not pass.
    pub sub_indication: Option<SubIndication>,
}

/// Judges the signatures of a source that is hashed already, as of `at`, by the default policy.
/// Whether the source is itself a copy of ours plays no part. A source without signatures costs one
/// reading of the file and is no error; neither is one that cannot be read: it has an indication.
pub fn source_signatures(
    bytes: &Bytes,
    hash: &HashTrail,
    at: Timestamp,
    trust: &Trust,
    limits: &Limits,
    deadline: &Deadline,
) -> SourceSignatures {
    let subject = Subject { bytes, hash, at };
    let evidence = Evidence::collect(
        &subject,
        IdentityFacts::Unknown,
        &|_| None,
        trust,
        limits,
        deadline,
    );
    judge::report(&evidence, &Options::default()).into()
}

impl From<Report> for SourceSignatures {
    fn from(report: Report) -> Self {
        let signatures = report.signatures.into_iter().map(|judged| {
            let proven = judged.time.filter(|_| judged.time_proof.is_some());
            SourceSignature {
                field: judged.field,
                signed_by: judged.signed_by,
                claimed_time: judged.claims.time,
                time: proven,
                indication: judged.indication,
                sub_indication: judged.sub_indication,
                level: judged.level,
                covers_whole_file: judged.covers_whole_file,
            }
        });
        Self {
            signatures: signatures.collect(),
            indication: report.indication,
            sub_indication: report.sub_indication,
        }
    }
}
