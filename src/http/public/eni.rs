//! The minimum mandatory metadata of an electronic document, shown by name and value to whoever
//! consults it (technical interoperability standard of the electronic document, VIII.c).

use super::pages::Datum;
use super::texts::Words;
use crate::archive::CopyRecord;
use crate::model::{DocumentType, Origin};

/// The version of the standard that the metadata follow.
const VERSION: &str = "http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e";

/// Hexadecimal digits of the document's digest in its identifier: as many as it has room for.
const IDENTIFYING_DIGITS: usize = 30;

/// The metadata of a copy, in the order of the standard.
pub(super) fn metadata(words: Words<'_>, record: &CopyRecord) -> Vec<Datum> {
    let intent = &record.intent;
    let description = &intent.description;
    let state = description.kind.elaboration_state();
    let kind = String::from(description.document_type);
    let origin = match description.origin {
        Origin::Citizen => words.say("origin-citizen"),
        Origin::Administration => words.say("origin-administration"),
    };
    let captured = description.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ");
    vec![
        Datum::literal(words.say("eni-version"), VERSION),
        Datum::literal(words.say("eni-identifier"), identifier(record)),
        Datum::literal(words.say("eni-organ"), intent.organ.as_str()),
        Datum::literal(words.say("eni-captured"), captured.to_string()),
        Datum::new(words.say("eni-origin"), origin),
        Datum::new(
            words.say("eni-state"),
            format!("{state} · {}", words.say(&format!("state-{state}"))),
        ),
        Datum::literal(words.say("eni-source"), &description.source_id),
        Datum::new(words.say("eni-format"), "PDF"),
        Datum::new(
            words.say("eni-type"),
            format!(
                "{kind} · {}",
                words.say(&name_of_type(description.document_type))
            ),
        ),
        Datum::new(
            words.say("eni-signature"),
            format!("TF06 · {}", words.say("signature-TF06")),
        ),
    ]
}

/// The identifier of the copy itself: `ES_<organ>_<year>_` and the beginning of its digest, as for
/// sources that come without one.
fn identifier(record: &CopyRecord) -> String {
    let digest = record.document.digest.to_string().to_ascii_uppercase();
    let digits: String = digest.chars().take(IDENTIFYING_DIGITS).collect();
    let intent = &record.intent;
    let year = intent.issued_at.strftime("%Y");
    format!("ES_{}_{year}_{digits}", intent.organ)
}

/// The message that names a document type.
fn name_of_type(kind: DocumentType) -> String {
    let word = String::from(kind);
    match word
        .strip_prefix("TD")
        .and_then(|number| number.parse().ok())
    {
        Some(1..=20_u8) => word.to_ascii_lowercase().replace("td", "td-"),
        Some(51..=69) => "td-parliament".to_owned(),
        _ => "td-other".to_owned(),
    }
}
