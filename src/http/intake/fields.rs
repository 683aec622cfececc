//! The fields of a request, out of the query or out of the JSON of a multipart body: the same names,
//! the same values, the same refusals.

use std::fmt::Write as _;

use actix_web::web::Query;
use serde_json::{Map, Value};

use crate::http::problem::{Problem, ProblemCode};
use crate::model::policy::SourceSignatures;
use crate::model::{CopyKind, Dir3, DocumentType, ExternalRef, Language, Origin, Placement};
use crate::seal::Fields;

/// Every field of a request, as named in the query and in the JSON.
pub(crate) const NAMES: [&str; 15] = [
    "organ",
    "kind",
    "title",
    "document_type",
    "origin",
    "captured_at",
    "source_id",
    "requested_by",
    "external_ref",
    "language",
    "placement",
    "level",
    "visibility",
    "source_signatures",
    "force_new",
];

/// In the query, which knows no objects, a reference is two parameters.
const REFERENCE_SYSTEM: &str = "external_ref.system";
const REFERENCE_ID: &str = "external_ref.id";

/// Reads the fields from a query string.
pub(crate) fn from_query(query: &str) -> Result<Fields, Problem> {
    let pairs = Query::<Vec<(String, String)>>::from_query(query).map_err(|_| {
        Problem::new(ProblemCode::BadRequest).with_detail("The query cannot be read.")
    })?;
    let mut object = Map::new();
    for (name, value) in pairs.into_inner() {
        let taken = match name.strip_prefix("external_ref.") {
            Some(member @ ("system" | "id")) => {
                let reference = object
                    .entry("external_ref")
                    .or_insert_with(|| Value::Object(Map::new()));
                reference
                    .as_object_mut()
                    .and_then(|reference| reference.insert(member.to_owned(), Value::String(value)))
            }
            _ if NAMES.contains(&name.as_str()) && name != "external_ref" => {
                object.insert(name.clone(), Value::String(value))
            }
            _ => return Err(unknown(&name, "query parameter")),
        };
        if taken.is_some() {
            return Err(invalid(
                &pointer(&name),
                "a single value: it is given twice",
            ));
        }
    }
    let mut fields = Fields::default();
    fill(&mut fields, object)?;
    Ok(fields)
}

/// Reads the fields from the JSON of the `metadata` part, beside those of the query.
pub(crate) fn add_json(fields: &mut Fields, json: &[u8]) -> Result<(), Problem> {
    let value: Value = serde_json::from_slice(json).map_err(|error| {
        Problem::new(ProblemCode::MetadataInvalid)
            .with_detail(format!("The metadata is not JSON: {error}."))
            .with_pointer("")
    })?;
    let Value::Object(object) = value else {
        return Err(invalid("", "an object"));
    };
    fill(fields, object)
}

fn fill(fields: &mut Fields, object: Map<String, Value>) -> Result<(), Problem> {
    for (name, value) in object {
        match name.as_str() {
            "organ" => set(&mut fields.organ, &name, organ(&value))?,
            "kind" => set(
                &mut fields.kind,
                &name,
                word(
                    &value,
                    CopyKind::from_word,
                    "electronic, paper, partial (or EE02, EE03, EE04)",
                ),
            )?,
            "title" => set(&mut fields.title, &name, text(&value))?,
            "document_type" => set(&mut fields.document_type, &name, document_type(&value))?,
            "origin" => set(
                &mut fields.origin,
                &name,
                word(&value, Origin::from_word, "citizen, administration"),
            )?,
            "captured_at" => set(&mut fields.captured_at, &name, time(&value))?,
            "source_id" => set(&mut fields.source_id, &name, text(&value))?,
            "requested_by" => set(&mut fields.requested_by, &name, text(&value))?,
            "external_ref" => {
                let reference = external_ref(value)?;
                set(&mut fields.external_ref, &name, Ok(reference))?;
            }
            "language" => set(
                &mut fields.language,
                &name,
                word(&value, Language::from_tag, "ca, es, oc-aranes, en"),
            )?,
            "placement" => set(
                &mut fields.placement,
                &name,
                word(&value, Placement::from_word, "fit, extend, last"),
            )?,
            "level" => set(&mut fields.level, &name, text(&value))?,
            "visibility" => set(&mut fields.visibility, &name, text(&value))?,
            "source_signatures" => set(
                &mut fields.source_signatures,
                &name,
                word(&value, source_signatures, "require, accept, record, refuse"),
            )?,
            "force_new" => set(&mut fields.force_new, &name, boolean(&value))?,
            _ => return Err(unknown(&name, "field")),
        }
    }
    Ok(())
}

/// What would have been accepted.
type Allowed = &'static str;

/// Puts a value into its empty field.
fn set<T>(field: &mut Option<T>, name: &str, value: Result<T, Allowed>) -> Result<(), Problem> {
    let value = value.map_err(|allowed| invalid(&pointer(name), allowed))?;
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(invalid(
            &pointer(name),
            "given in the query or in the metadata, not in both",
        )),
    }
}

fn text(value: &Value) -> Result<String, Allowed> {
    value.as_str().map(str::to_owned).ok_or("a text")
}

fn word<T>(value: &Value, read: fn(&str) -> Option<T>, allowed: Allowed) -> Result<T, Allowed> {
    value.as_str().and_then(read).ok_or(allowed)
}

fn organ(value: &Value) -> Result<Dir3, Allowed> {
    const ALLOWED: Allowed =
        "a DIR3 code: one or two capital letters and digits, nine characters in all";
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or(ALLOWED)
}

fn document_type(value: &Value) -> Result<DocumentType, Allowed> {
    value
        .as_str()
        .and_then(|text| DocumentType::try_from(text.to_owned()).ok())
        .ok_or("TD01 to TD20, TD51 to TD69, TD99")
}

fn time(value: &Value) -> Result<jiff::Timestamp, Allowed> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or("a time with its offset, such as 2026-11-21T09:30:00Z")
}

fn boolean(value: &Value) -> Result<bool, Allowed> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        _ => Err("true, false"),
    }
}

fn source_signatures(text: &str) -> Option<SourceSignatures> {
    match text {
        "require" => Some(SourceSignatures::Require),
        "accept" => Some(SourceSignatures::Accept),
        "record" => Some(SourceSignatures::Record),
        "refuse" => Some(SourceSignatures::Refuse),
        _ => None,
    }
}

fn external_ref(value: Value) -> Result<ExternalRef, Problem> {
    let Value::Object(mut object) = value else {
        return Err(invalid("/external_ref", "an object with system and id"));
    };
    let mut member = |name: &str| match object.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(invalid(&format!("/external_ref/{name}"), "a text")),
    };
    let reference = ExternalRef {
        system: member("system")?,
        id: member("id")?,
    };
    match object.keys().next() {
        Some(other) => Err(invalid(
            &format!("/external_ref{}", pointer(other)),
            "left out: a reference has system and id only",
        )),
        None => Ok(reference),
    }
}

/// The JSON pointer (RFC 6901) to a member of the top level; a parameter `a.b` is `/a/b`.
fn pointer(name: &str) -> String {
    let mut pointer = String::from("/");
    for letter in name.chars().take(64) {
        let _ = match letter {
            '~' => write!(pointer, "~0"),
            '/' => write!(pointer, "~1"),
            '.' => write!(pointer, "/"),
            letter => write!(pointer, "{letter}"),
        };
    }
    pointer
}

fn invalid(pointer: &str, allowed: &str) -> Problem {
    let what = if pointer.is_empty() {
        "The metadata"
    } else {
        pointer
    };
    Problem::new(ProblemCode::MetadataInvalid)
        .with_detail(format!("{what} can be: {allowed}."))
        .with_pointer(pointer)
}

fn unknown(name: &str, what: &str) -> Problem {
    let known = NAMES
        .into_iter()
        .filter(|known| *known != "external_ref" || what == "field")
        .chain((what != "field").then_some(REFERENCE_SYSTEM))
        .chain((what != "field").then_some(REFERENCE_ID));
    let nearest = known
        .map(|known| {
            (
                strsim::damerau_levenshtein(name.get(..64).unwrap_or(name), known),
                known,
            )
        })
        .min()
        .filter(|(distance, known)| *distance <= known.len() / 2)
        .map(|(_, known)| format!(" Did you mean {known}?"));
    let shown: String = name.chars().take(64).collect();
    Problem::new(ProblemCode::MetadataInvalid)
        .with_detail(format!(
            "There is no {what} {shown:?}.{}",
            nearest.unwrap_or_default()
        ))
        .with_pointer(pointer(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(problem: &Problem) -> (String, String) {
        let document = problem.document("r");
        (document.pointer.unwrap_or_default(), document.detail)
    }

    #[test]
    fn query_and_json_say_the_same_things() {
        let query = from_query(
            "organ=L01990015&kind=EE03&title=Acta%20del%20Ple&document_type=TD01&origin=citizen\
             &captured_at=2026-11-21T10:00:00%2B01:00&source_id=s&requested_by=r\
             &external_ref.system=reg&external_ref.id=7&language=oc-aranes&placement=extend\
             &level=B-B&visibility=open&source_signatures=refuse&force_new=true",
        )
        .unwrap();
        let mut json = Fields::default();
        add_json(
            &mut json,
            br#"{"organ":"L01990015","kind":"paper","title":"Acta del Ple","document_type":"TD01",
                "origin":"citizen","captured_at":"2026-11-21T09:00:00Z","source_id":"s",
                "requested_by":"r","external_ref":{"system":"reg","id":"7"},"language":"oc-aranes",
                "placement":"extend","level":"B-B","visibility":"open",
                "source_signatures":"refuse","force_new":true}"#,
        )
        .unwrap();
        assert_eq!(query, json);
        let value = serde_json::to_value(&json).unwrap();
        assert_eq!(
            value.as_object().unwrap().len(),
            NAMES.len(),
            "every field is set"
        );
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_known_one() {
        let (pointer, detail) = document(&from_query("langauge=ca").unwrap_err());
        assert_eq!(pointer, "/langauge");
        assert!(detail.contains("Did you mean language?"), "{detail}");
        let mut fields = Fields::default();
        let problem = add_json(&mut fields, br#"{"a~b/c":1}"#).unwrap_err();
        assert_eq!(document(&problem).0, "/a~0b~1c");
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_pointer_and_what_is_allowed() {
        for (query, at, allowed) in [
            ("kind=copy", "/kind", "paper"),
            ("placement=top", "/placement", "extend"),
            ("language=fr", "/language", "oc-aranes"),
            ("organ=BARCELONA", "/organ", "DIR3"),
            ("document_type=TD50", "/document_type", "TD99"),
            ("captured_at=yesterday", "/captured_at", "2026"),
            ("force_new=yes", "/force_new", "true"),
            ("external_ref.system=x", "/external_ref/id", "a text"),
            ("kind=paper&kind=paper", "/kind", "twice"),
        ] {
            let problem = from_query(query).unwrap_err();
            let (pointer, detail) = document(&problem);
            assert_eq!(pointer, at, "{query}");
            assert!(detail.contains(allowed), "{query}: {detail}");
            assert_eq!(problem.code(), ProblemCode::MetadataInvalid);
        }
    }

    #[test]
    fn a_field_given_in_query_and_metadata_is_refused() {
        let mut fields = from_query("kind=paper").unwrap();
        let problem = add_json(&mut fields, br#"{"kind":"paper"}"#).unwrap_err();
        assert_eq!(document(&problem).0, "/kind");
    }

    #[test]
    fn metadata_that_is_no_object_is_refused() {
        let mut fields = Fields::default();
        assert!(add_json(&mut fields, b"[]").is_err());
        assert!(add_json(&mut fields, b"{").is_err());
        assert!(
            add_json(
                &mut fields,
                br#"{"external_ref":{"system":"a","id":"b","c":1}}"#
            )
            .is_err()
        );
    }
}
