//! The document as a whole: what its single signatures do not tell (rules V1, V2, B6).

use super::{Answer, DocumentRule, Rule};
use crate::validate::evidence::{
    Addition, DocumentReading, Evidence, IdentityFacts, MAX_SIGNATURES,
};
use crate::validate::report::{Role, SubIndication};

/// A document in front of the rules: its evidence, and what each of its signatures stands for.
pub(in crate::validate) struct Whole<'a> {
    pub(in crate::validate) evidence: &'a Evidence,
    pub(in crate::validate) roles: &'a [Role],
    /// Document timestamps that do not stamp what they should.
    pub(in crate::validate) broken_timestamps: usize,
}

/// Rules that hold for every document, signed or not: what looks like a signature and is none.
pub(in crate::validate) const ALWAYS: &[DocumentRule] = &[
    Rule {
        id: "V1",
        clause: "EN 319 102-1, 5.2.2.4",
        check: every_byte_range_is_a_signature,
    },
    Rule {
        id: "limit",
        clause: "EN 319 102-1, 5.2.2.4",
        check: signatures_are_few,
    },
    Rule {
        id: "usage-rights",
        clause: "ISO 32000-2, 12.8.2.3",
        check: usage_rights_sign_nothing,
    },
    Rule {
        id: "empty-field",
        clause: "ISO 32000-2, 12.7.5.5",
        check: fields_are_signed,
    },
];

/// Rules for a document that something signs.
pub(in crate::validate) const SIGNED: &[DocumentRule] = &[
    Rule {
        id: "unreadable",
        clause: "EN 319 102-1, 5.2.2.4",
        check: can_be_read,
    },
    Rule {
        id: "repaired",
        clause: "ISO 32000-2, 7.5",
        check: needs_no_repair,
    },
    Rule {
        id: "readers",
        clause: "ISO 32000-2, 7.5.8.4",
        check: readers_agree,
    },
    Rule {
        id: "V1",
        clause: "ISO 32000-2, 12.8.1",
        check: no_signature_was_removed,
    },
    Rule {
        id: "B6",
        clause: "ISO 32000-2, 12.8.1",
        check: nothing_follows_the_last_revision,
    },
    Rule {
        id: "T0",
        clause: "EN 319 102-1, 5.4",
        check: document_timestamps_are_sound,
    },
    Rule {
        id: "identity",
        clause: "EN 319 142-1, 5.4",
        check: addition_is_harmless,
    },
];

fn is_ours(whole: &Whole<'_>) -> bool {
    whole.evidence.identity.is_whole()
}

fn every_byte_range_is_a_signature(whole: &Whole<'_>) -> Answer {
    let stray = whole
        .evidence
        .survey()
        .map_or(&[][..], |survey| &survey.stray_byte_ranges);
    match stray {
        [] => Answer::Held,
        [first, ..] if !is_ours(whole) => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "{} byte range(s) that belong to no signature field, the first at byte {first}: made \
                 to look like a signature",
                stray.len()
            ),
        ),
        _ => Answer::note("byte ranges that belong to no signature field"),
    }
}

fn signatures_are_few(whole: &Whole<'_>) -> Answer {
    Answer::unless(!whole.evidence.excess, || {
        Answer::failed(
            SubIndication::FormatFailure,
            format!("more than {MAX_SIGNATURES} signatures; the rest was not judged"),
        )
    })
}

fn usage_rights_sign_nothing(whole: &Whole<'_>) -> Answer {
    let rights = whole
        .evidence
        .survey()
        .map_or(0, |survey| survey.usage_rights);
    Answer::unless(rights == 0, || {
        Answer::note("a usage rights signature, which unlocks a reader program and signs nothing")
    })
}

fn fields_are_signed(whole: &Whole<'_>) -> Answer {
    let empty = whole
        .evidence
        .survey()
        .map_or(0, |survey| survey.empty_fields.len());
    Answer::unless(empty == 0, || {
        Answer::note(format!("{empty} signature field(s) that nobody has signed"))
    })
}

fn can_be_read(whole: &Whole<'_>) -> Answer {
    match &whole.evidence.document {
        DocumentReading::Survey { .. } | DocumentReading::OwnCopy => Answer::Held,
        DocumentReading::Unreadable {
            reason,
            beyond_reader: true,
        } => Answer::open(
            SubIndication::Generic,
            format!("the document cannot be read here ({reason}): what it shows is not judged"),
        ),
        DocumentReading::Unreadable { reason, .. } => Answer::failed(
            SubIndication::FormatFailure,
            format!("the document cannot be read: {reason}"),
        ),
    }
}

/// Readers that repair a file do not agree on what it shows. What a signature covers to the last byte
/// was at least shown to its signer.
fn needs_no_repair(whole: &Whole<'_>) -> Answer {
    let Some(repaired) = whole
        .evidence
        .survey()
        .and_then(|survey| survey.repaired.as_ref())
    else {
        return Answer::Held;
    };
    let size = whole.evidence.size;
    let covered = whole
        .evidence
        .signatures
        .iter()
        .any(|signature| signature.end() == Some(size) && signature.is_intact());
    match covered {
        true => Answer::doubt(format!("the document had to be repaired: {repaired}")),
        false => Answer::open(
            SubIndication::SigConstraintsFailure,
            format!(
                "the document had to be repaired ({repaired}), and no signature covers all of it: \
                 readers may show different things"
            ),
        ),
    }
}

/// Later revisions in which not every reader sees the same objects (ISO 32000-2, 7.5.8.4).
fn readers_agree(whole: &Whole<'_>) -> Answer {
    let Some(survey) = whole.evidence.survey() else {
        return Answer::Held;
    };
    // What hides objects from some readers once does so in every revision built upon it: what counts is
    // which revision added to it.
    let mut hybrid_before = 0;
    let doubtful: Vec<usize> = survey
        .revisions
        .iter()
        .enumerate()
        .filter(|(_, revision)| {
            let hides_more = revision.hybrid_sections > hybrid_before;
            hybrid_before = hybrid_before.max(revision.hybrid_sections);
            hides_more
                || !revision.readable
                || revision.lost_objects > 0
                || revision.ambiguous_objects > 0
        })
        .map(|(index, _)| index)
        .collect();
    let first_signed = whole
        .evidence
        .signatures
        .iter()
        .filter_map(|signature| signature.facts.revision)
        .min();
    let after = doubtful
        .iter()
        .find(|index| first_signed.is_some_and(|signed| **index > signed));
    match after {
        Some(index) => Answer::open(
            SubIndication::SigConstraintsFailure,
            format!(
                "revision {} can be read in several ways: readers may show different things",
                index + 1
            ),
        ),
        None if !doubtful.is_empty() => {
            Answer::doubt("what was signed can be read in several ways")
        }
        None => Answer::Held,
    }
}

fn no_signature_was_removed(whole: &Whole<'_>) -> Answer {
    let removed = whole
        .evidence
        .signatures
        .iter()
        .zip(whole.roles)
        .find(|(signature, role)| {
            **role != Role::SourceSignature && signature.facts.removed_in.is_some()
        });
    match removed {
        Some((signature, _)) if !is_ours(whole) => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "the signature \"{}\" was taken away by a later revision",
                signature.facts.field
            ),
        ),
        _ => Answer::Held,
    }
}

fn nothing_follows_the_last_revision(whole: &Whole<'_>) -> Answer {
    let trailing = whole
        .evidence
        .survey()
        .map_or(0, |survey| survey.trailing_bytes);
    Answer::unless(trailing == 0, || {
        Answer::failed(
            SubIndication::FormatFailure,
            format!("{trailing} byte(s) follow the document that belong to no revision of it"),
        )
    })
}

fn document_timestamps_are_sound(whole: &Whole<'_>) -> Answer {
    Answer::unless(whole.broken_timestamps == 0, || {
        Answer::open(
            SubIndication::SigConstraintsFailure,
            format!(
                "{} document timestamp(s) do not stamp this document",
                whole.broken_timestamps
            ),
        )
    })
}

/// Of a copy of ours more is asked than of other documents: only what our grammar explains may follow.
fn addition_is_harmless(whole: &Whole<'_>) -> Answer {
    let IdentityFacts::Version {
        added: Some(added), ..
    } = &whole.evidence.identity
    else {
        return Answer::Held;
    };
    match &added.judged {
        Addition::Harmless { .. } => Answer::Held,
        Addition::Refused { .. } => Answer::open(
            SubIndication::SigConstraintsFailure,
            "something other than validation data was added to the copy that was issued",
        ),
    }
}
