//! Signatures surveyed, in files of the corpus and made up.
#![expect(clippy::disallowed_methods, reason = "tests read the corpus")]

mod corpus;
mod facts;
mod forbidden;
mod limits;
mod permitted;
mod signed_file;

use super::{ChangeClass, SignatureFacts, SignatureSurvey};
use crate::model::Deadline;
use crate::pdf::Limits;

fn survey(bytes: &[u8]) -> SignatureSurvey {
    let bytes = bytes.to_vec().into();
    SignatureSurvey::of(&bytes, &Limits::default(), &Deadline::never()).unwrap()
}

/// The worst that later revisions did to the first signature.
fn worst(bytes: &[u8]) -> Option<ChangeClass> {
    let survey = survey(bytes);
    let signature = survey.signatures.first().unwrap();
    signature.changes.iter().map(|change| change.class).max()
}

/// What speaks against a survey as it stands, without any cryptography: the judgement that the corpus
/// is compared with.
fn flaws(survey: &SignatureSurvey) -> Vec<String> {
    let mut flaws: Vec<String> = survey.signatures.iter().flat_map(flaws_of).collect();
    if survey.trailing_bytes > 0 {
        flaws.push(format!(
            "{} bytes behind the last revision",
            survey.trailing_bytes
        ));
    }
    if !survey.stray_byte_ranges.is_empty() {
        flaws.push("byte ranges of nobody's".to_owned());
    }
    if let Some(repaired) = &survey.repaired {
        flaws.push(repaired.clone());
    }
    flaws
}

fn flaws_of(signature: &SignatureFacts) -> Vec<String> {
    let mut flaws = Vec::new();
    if let Err(defect) = signature.byte_range {
        flaws.push(defect.to_string());
    }
    if signature.removed_in.or(signature.rewritten_in).is_some() {
        flaws.push("removed or rewritten".to_owned());
    }
    let most = match signature.doc_mdp {
        Some(1) => ChangeClass::ValidationData,
        Some(3) => ChangeClass::Annotations,
        _ => ChangeClass::FormFill,
    };
    let forbidden = signature
        .changes
        .iter()
        .filter(|change| change.class > most || change.class == ChangeClass::LockedField);
    flaws.extend(forbidden.map(|change| change.text.clone()));
    flaws
}
