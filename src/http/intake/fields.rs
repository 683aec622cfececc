//! The fields of a request, out of the query or out of the JSON of a multipart body: the same names,
//! the same values, the same refusals.

use std::fmt::Write as _;

use actix_web::web::Query;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::http::problem::{Problem, ProblemCode};
use crate::model::policy::{OnLowerLevel, SourceSignatures};
use crate::model::visibility::InvalidFactor;
use crate::model::{
    AccessFactor, CopyKind, Dir3, DocumentType, ExternalRef, Language, Origin, Placement,
    SignatureLevel, Visibility,
};
use crate::seal::Fields;

/// Every field of a request, as named in the query and in the JSON.
pub(crate) const NAMES: [&str; 17] = [
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
    "on_lower_level",
    "visibility",
    "access_factor",
    "source_signatures",
    "force_new",
];

/// In the query, which knows no objects, a reference is two parameters.
const REFERENCE_SYSTEM: &str = "external_ref.system";
const REFERENCE_ID: &str = "external_ref.id";

/// Fields that are objects. A second factor has no parameters at all: addresses end up in logs.
const OBJECTS: [&str; 2] = ["external_ref", "access_factor"];

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
            _ if NAMES.contains(&name.as_str()) && !OBJECTS.contains(&name.as_str()) => {
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
            "level" => set(
                &mut fields.level,
                &name,
                word(&value, SignatureLevel::from_word, "B-B, B-T, B-LT, B-LTA"),
            )?,
            "on_lower_level" => set(
                &mut fields.on_lower_level,
                &name,
                word(&value, OnLowerLevel::from_word, "fail, accept"),
            )?,
            "visibility" => set(
                &mut fields.visibility,
                &name,
                word(&value, Visibility::from_word, "open, metadata, restricted"),
            )?,
            "access_factor" => {
                let factor = access_factor(value)?;
                set(&mut fields.access_factor, &name, Ok(factor))?;
            }
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
    let [system, id] = two_texts("external_ref", ["system", "id"], value)?;
    Ok(ExternalRef { system, id })
}

/// Reads a second factor. What is refused is never repeated.
pub(crate) fn access_factor(value: Value) -> Result<AccessFactor, Problem> {
    let [label, value] = two_texts("access_factor", ["label", "value"], value)?;
    let value = Zeroizing::new(value);
    AccessFactor::new(&label, &value).map_err(|error| {
        let at = match error {
            InvalidFactor::Label => "/access_factor/label",
            InvalidFactor::Value => "/access_factor/value",
        };
        invalid(at, &error.to_string())
    })
}

/// The two members of an object field.
fn two_texts(field: &str, names: [&str; 2], value: Value) -> Result<[String; 2], Problem> {
    let [first, second] = names;
    let Value::Object(mut object) = value else {
        let allowed = format!("an object with {first} and {second}");
        return Err(invalid(&format!("/{field}"), &allowed));
    };
    let mut member = |name: &str| match object.remove(name) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(invalid(&format!("/{field}/{name}"), "a text")),
    };
    let texts = [member(first)?, member(second)?];
    match object.keys().next() {
        Some(other) => Err(invalid(
            &format!("/{field}{}", pointer(other)),
            &format!("left out: there are {first} and {second} only"),
        )),
        None => Ok(texts),
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

/// A value that cannot be accepted: where it is, and what could be. It is not repeated.
pub(crate) fn invalid(pointer: &str, allowed: &str) -> Problem {
    let what = if pointer.is_empty() {
        "The body or its metadata"
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
        .filter(|known| !OBJECTS.contains(known) || what == "field")
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
        let mut query = from_query(
            "organ=L01990015&kind=EE03&title=Acta%20del%20Ple&document_type=TD01&origin=citizen\
             &captured_at=2026-11-21T10:00:00%2B01:00&source_id=s&requested_by=r\
             &external_ref.system=reg&external_ref.id=7&language=oc-aranes&placement=extend\
             &level=B-B&on_lower_level=accept&visibility=restricted&source_signatures=refuse&force_new=true",
        )
        .unwrap();
        let mut json = Fields::default();
        add_json(
            &mut json,
            br#"{"organ":"L01990015","kind":"paper","title":"Acta del Ple","document_type":"TD01",
                "origin":"citizen","captured_at":"2026-11-21T09:00:00Z","source_id":"s",
                "requested_by":"r","external_ref":{"system":"reg","id":"7"},"language":"oc-aranes",
                "placement":"extend","level":"B-B","on_lower_level":"accept","visibility":"restricted",
                "access_factor":{"label":"your number","value":"12345"},
                "source_signatures":"refuse","force_new":true}"#,
        )
        .unwrap();
        query.access_factor = json.access_factor.clone();
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
    fn a_second_factor_is_never_repeated_and_never_in_the_query() {
        for json in [
            r#"{"access_factor":{"label":"your number","value":"77"}}"#,
            r#"{"access_factor":{"label":"","value":"77777"}}"#,
            r#"{"access_factor":{"label":"x","value":"77777","hint":"77777"}}"#,
            r#"{"access_factor":"77777"}"#,
        ] {
            let problem = add_json(&mut Fields::default(), json.as_bytes()).unwrap_err();
            let (pointer, detail) = document(&problem);
            assert!(pointer.starts_with("/access_factor"), "{json}: {pointer}");
            assert!(!detail.contains("77"), "{json}: {detail}");
        }
        for query in ["access_factor=77777", "access_factor.value=77777"] {
            let (_, detail) = document(&from_query(query).unwrap_err());
            assert!(!detail.contains("77"), "{query}: {detail}");
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
