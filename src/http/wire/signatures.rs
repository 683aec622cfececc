//! The signatures that the source of a copy brought with it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{Indication, SourceSignature};

/// How many signatures of a source came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) indeterminate: usize,
    pub(crate) failed: usize,
}

impl Tally {
    /// `None` when the source carried none.
    pub(crate) fn of(signatures: &[SourceSignature]) -> Option<Self> {
        let mut tally = Self::default();
        for signature in signatures {
            *match signature.indication {
                Indication::TotalPassed => &mut tally.passed,
                Indication::Indeterminate => &mut tally.indeterminate,
                Indication::TotalFailed => &mut tally.failed,
            } += 1;
        }
        (!signatures.is_empty()).then_some(tally)
    }

    /// In a sentence.
    pub(crate) fn statement(self) -> String {
        let Self {
            passed,
            indeterminate,
            failed,
        } = self;
        let counted = [
            (passed, Indication::TotalPassed),
            (indeterminate, Indication::Indeterminate),
            (failed, Indication::TotalFailed),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, indication)| format!("{count} {indication}"))
        .collect::<Vec<_>>()
        .join(", ");
        let all = passed + indeterminate + failed;
        let noun = if all == 1 { "signature" } else { "signatures" };
        format!("the source carried {all} {noun}: {counted}")
    }
}

/// A signature of the source, as it was judged when the copy was made. It stays inside the source; the
/// copy's own form has the seal only.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SourceSignature)]
pub struct SourceSignatureView {
    /// Name of its field.
    pub field: String,
    /// Who signed, when the certificate could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
    /// The signer's organisation, when the certificate names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// The time that it claims for itself, which proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claimed_time: Option<Timestamp>,
    /// The time at which a trusted timestamp proves that it existed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub time: Option<Timestamp>,
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED` (ETSI EN 319 102-1).
    #[schema(example = "TOTAL-PASSED")]
    pub indication: String,
    /// Why not passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "NO_CERTIFICATE_CHAIN_FOUND")]
    pub sub_indication: Option<String>,
    /// Signature level reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "B-T")]
    pub level: Option<&'static str>,
    /// It covers the source to its last byte.
    pub covers_whole_file: bool,
}

impl From<&SourceSignature> for SourceSignatureView {
    fn from(signature: &SourceSignature) -> Self {
        let signer = signature.signed_by.as_ref();
        Self {
            field: signature.field.clone(),
            signed_by: signer.map(|signer| signer.name.clone()),
            organisation: signer
                .map(|signer| signer.organisation.clone())
                .filter(|organisation| !organisation.is_empty()),
            claimed_time: signature.claimed_time,
            time: signature.time,
            indication: signature.indication.to_string(),
            sub_indication: signature.sub_indication.map(|why| why.to_string()),
            level: signature.level.map(|level| level.as_str()),
            covers_whole_file: signature.covers_whole_file,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(indication: Indication) -> SourceSignature {
        SourceSignature {
            field: "Signature1".to_owned(),
            signed_by: None,
            claimed_time: None,
            time: None,
            indication,
            sub_indication: None,
            level: None,
            covers_whole_file: true,
        }
    }

    #[test]
    fn the_statement_counts_what_there_is() {
        assert_eq!(Tally::of(&[]), None);
        let one = [signature(Indication::TotalPassed)];
        assert_eq!(
            Tally::of(&one).unwrap().statement(),
            "the source carried 1 signature: 1 TOTAL-PASSED"
        );
        let three = [
            signature(Indication::TotalFailed),
            signature(Indication::Indeterminate),
            signature(Indication::TotalFailed),
        ];
        assert_eq!(
            Tally::of(&three).unwrap().statement(),
            "the source carried 3 signatures: 1 INDETERMINATE, 2 TOTAL-FAILED"
        );
    }
}
