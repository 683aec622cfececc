//! The signatures that a source brings with it, judged before it is copied (DESIGN §10).

use bytes::Bytes;
use jiff::Timestamp;

use super::{MAX_SIGNATURES, Validator, signature};
use crate::model::{Deadline, SourceSignature};
use crate::pdf::Limits;
use crate::pdf::byte_range::signatures_in;

impl Validator {
    /// Judges the signatures of a source at a time. What cannot be judged is `INDETERMINATE` or missing,
    /// never an error.
    pub fn source_signatures(
        &self,
        source: &Bytes,
        _limits: &Limits,
        _deadline: &Deadline,
        at: Timestamp,
    ) -> Vec<SourceSignature> {
        signatures_in(source)
            .into_iter()
            .take(MAX_SIGNATURES)
            .map(|found| signature::judge(source, found, &self.seals, &self.anchors, at).report)
            .map(|report| SourceSignature {
                field: report.field,
                signed_by: report.signed_by,
                claimed_time: report.claims.time,
                time: report.time,
                indication: report.indication,
                sub_indication: report.sub_indication,
                level: report.level,
                covers_whole_file: report.covers_whole_file,
            })
            .collect()
    }
}
