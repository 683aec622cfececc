//! Format checking (EN 319 102-1, 5.2.2): is it a signature of a form that can be verified at all, does
//! it cover what it should, and is it the one that was made?

use super::{Answer, Rule, SignatureRule};
use crate::pdf::byte_range::ByteRangeDefect;
use crate::validate::case::Case;
use crate::validate::report::SubIndication;

/// The sub-filters whose `/Contents` are a CMS (ISO 32000-2, table 255; EN 319 142-1, 6.3).
const DETACHED: [&str; 2] = ["adbe.pkcs7.detached", "ETSI.CAdES.detached"];
const PKCS7_SHA1: &str = "adbe.pkcs7.sha1";
/// Dotted OID of id-data.
const DATA: &str = "1.2.840.113549.1.7.1";

/// The block.
pub(in crate::validate) const RULES: &[SignatureRule] = &[
    Rule {
        id: "sub-filter",
        clause: "ISO 32000-2, 12.8.3",
        check: is_of_a_known_form,
    },
    Rule {
        id: "B1",
        clause: "ISO 32000-2, 12.8.1",
        check: byte_range_is_four_numbers,
    },
    Rule {
        id: "B2",
        clause: "ISO 32000-2, 12.8.1",
        check: byte_range_lies_in_the_file,
    },
    Rule {
        id: "B3",
        clause: "ISO 32000-2, 12.8.1",
        check: gap_is_the_contents,
    },
    Rule {
        id: "B6",
        clause: "EN 319 142-1, 6.3",
        check: covers_a_whole_revision,
    },
    Rule {
        id: "C16",
        clause: "RFC 5652, 5.1",
        check: is_used_once,
    },
    Rule {
        id: "V3",
        clause: "ISO 32000-2, 12.8.1",
        check: dictionary_was_not_rewritten,
    },
    Rule {
        id: "V2",
        clause: "EN 319 102-1, 5.2.2.4",
        check: can_be_read,
    },
    Rule {
        id: "C1",
        clause: "ISO 32000-2, 12.8.3.3",
        check: is_der,
    },
    Rule {
        id: "C3",
        clause: "ISO 32000-2, 12.8.3.3.1",
        check: encloses_what_its_form_says,
    },
    Rule {
        id: "C4",
        clause: "RFC 5652, 5.1",
        check: announces_its_digest,
    },
    Rule {
        id: "C5",
        clause: "EN 319 142-1, 6.3",
        check: has_one_signer,
    },
    Rule {
        id: "C15",
        clause: "ISO 32000-2, 12.8.1",
        check: padding_is_zero,
    },
];

fn is_of_a_known_form(case: &Case<'_>) -> Answer {
    match case.signature.facts.sub_filter.as_deref() {
        // Found from the bytes alone: the CMS will tell.
        None if case.evidence.survey().is_none() => Answer::Held,
        None => Answer::doubt("the signature does not say of which form it is"),
        Some(PKCS7_SHA1) => Answer::note("a legacy form: adbe.pkcs7.sha1"),
        Some(known) if DETACHED.contains(&known) => Answer::Held,
        Some(legacy @ "adbe.x509.rsa_sha1") => Answer::failed(
            SubIndication::FormatFailure,
            format!("a legacy form of signature that is not verified here: {legacy}"),
        ),
        Some(_) => Answer::failed(
            SubIndication::FormatFailure,
            "a form of signature that is not known here",
        ),
    }
}

/// The rule that a defect of the byte range breaks.
const fn rule_of(defect: ByteRangeDefect) -> &'static str {
    match defect {
        ByteRangeDefect::NotFourNumbers
        | ByteRangeDefect::InObjectStream
        | ByteRangeDefect::RepeatedKey => "B1",
        ByteRangeDefect::NotFromStart
        | ByteRangeDefect::NotAscending
        | ByteRangeDefect::BeyondFile => "B2",
        ByteRangeDefect::HoleIsNotContents | ByteRangeDefect::NoContents => "B3",
        ByteRangeDefect::NotAtRevisionEnd => "B6",
        ByteRangeDefect::NoDictionary => "V2",
        ByteRangeDefect::Repeated => "C16",
    }
}

/// The defect of the byte range, when this rule is the one it breaks.
fn defect(case: &Case<'_>, rule: &str) -> Answer {
    match case.signature.facts.byte_range {
        Err(defect) if rule_of(defect) == rule => Answer::failed(
            SubIndication::FormatFailure,
            format!("the byte range: {defect}"),
        ),
        _ => Answer::Held,
    }
}

fn byte_range_is_four_numbers(case: &Case<'_>) -> Answer {
    defect(case, "B1")
}

fn byte_range_lies_in_the_file(case: &Case<'_>) -> Answer {
    defect(case, "B2")
}

fn gap_is_the_contents(case: &Case<'_>) -> Answer {
    defect(case, "B3")
}

fn covers_a_whole_revision(case: &Case<'_>) -> Answer {
    let facts = &case.signature.facts;
    let ends_nowhere =
        facts.byte_range.is_ok() && facts.revision.is_none() && case.evidence.survey().is_some();
    if ends_nowhere {
        return Answer::failed(
            SubIndication::FormatFailure,
            "what is covered does not end where a revision of the document ends",
        );
    }
    defect(case, "B6")
}

/// The same CMS in two fields: whoever copies a signature wants it counted twice.
fn is_used_once(case: &Case<'_>) -> Answer {
    let contents = &case.signature.facts.contents;
    let twins = case.evidence.signatures.iter().filter(|other| {
        !other.facts.contents.is_empty()
            && other.facts.contents == *contents
            && other.facts.offset != case.signature.facts.offset
    });
    if twins.count() > 0 {
        return Answer::failed(
            SubIndication::FormatFailure,
            "the same signature stands in another field too",
        );
    }
    defect(case, "C16")
}

fn dictionary_was_not_rewritten(case: &Case<'_>) -> Answer {
    match case.signature.facts.rewritten_in {
        Some(revision) if case.judges_revision(revision) => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "revision {} shows another signature dictionary than the one that was signed",
                revision + 1
            ),
        ),
        _ => Answer::Held,
    }
}

/// What cannot be verified is failed, never passed over.
fn can_be_read(case: &Case<'_>) -> Answer {
    let contents = &case.signature.facts.contents;
    match &case.signature.cms {
        Ok(_) => defect(case, "V2"),
        Err(_) if contents.iter().all(|byte| *byte == 0) => Answer::failed(
            SubIndication::FormatFailure,
            "the place for the signature is empty",
        ),
        Err(error) => Answer::failed(SubIndication::FormatFailure, error.clone()),
    }
}

fn is_der(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(cms.is_der, || {
            Answer::doubt("the signature is BER where DER is asked for")
        })
    })
}

fn encloses_what_its_form_says(case: &Case<'_>) -> Answer {
    let legacy = case.signature.facts.sub_filter.as_deref() == Some(PKCS7_SHA1);
    case.with_cms(|cms| {
        if cms.encapsulated_type != DATA {
            return Answer::failed(
                SubIndication::FormatFailure,
                "the content signed is not plain data",
            );
        }
        Answer::unless(cms.detached != legacy, || {
            let text = match legacy {
                true => "the digest of the document is not inside the signature",
                false => "a detached signature that has content of its own",
            };
            Answer::failed(SubIndication::FormatFailure, text)
        })
    })
}

fn announces_its_digest(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(
            cms.digest_algorithms.contains(&cms.digest_algorithm),
            || Answer::doubt("the signer's digest algorithm is not among those announced"),
        )
    })
}

fn has_one_signer(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(cms.signers == 1, || {
            Answer::failed(
                SubIndication::FormatFailure,
                format!("{} signers in one signature; PDF allows one", cms.signers),
            )
        })
    })
}

fn padding_is_zero(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(cms.padding_is_zero, || {
            Answer::failed(
                SubIndication::FormatFailure,
                "something other than zeros stands after the signature in its place",
            )
        })
    })
}
