//! The form and the one field that a revision may add to it (S8, S9).

use std::collections::BTreeSet;

use super::text::field_name;
use super::value::{Dictionary, Value};
use super::view::{Reached, Role, View};
use super::violation::{Rule, Violation};

/// What a revision's document timestamp is made of.
pub(super) struct AddedField<'d, 'a> {
    pub(super) name: String,
    /// The timestamp dictionary.
    pub(super) timestamp: &'d Dictionary<'a>,
}

/// S8: the form is the one before, with at most one field more. Returns the reference to that field.
pub(super) fn check<'d, 'a>(
    view: &View<'d, 'a>,
    reached: &mut Reached,
    before: &'d Dictionary<'a>,
    after: &'d Dictionary<'a>,
) -> Result<Option<&'d Value<'a>>, Violation> {
    let (before, after) = match (before.get(b"AcroForm"), after.get(b"AcroForm")) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(Rule::S8.broken(after.at, "the form is gone")),
        (None, Some(form)) => return Err(Rule::S8.broken(form.at, "a form where there was none")),
        (Some(before), Some(after)) => (before, after),
    };
    let Some(form) = view.resolve(reached, after, Some(before), Role::Form, Rule::S8)? else {
        return Ok(None);
    };
    let not_a_form = || {
        Rule::S8.broken(
            after.at,
            "a form that cannot be compared with the one before",
        )
    };
    let form = form.as_dictionary().ok_or_else(not_a_form)?;
    let before = view
        .before(before)
        .and_then(Value::as_dictionary)
        .ok_or_else(not_a_form)?;
    check_entries(before, form)?;

    let fields = form.require(b"Fields", Rule::S8, "a form without /Fields")?;
    let old_fields = before.require(b"Fields", Rule::S8, "a form without /Fields")?;
    let Some(list) = view.resolve(reached, fields, Some(old_fields), Role::Fields, Rule::S8)?
    else {
        return Ok(None);
    };
    let not_a_list =
        || Rule::S8.broken(fields.at, "/Fields cannot be compared with the one before");
    let list = list.as_array().ok_or_else(not_a_list)?;
    let old_list = view
        .before(old_fields)
        .and_then(Value::as_array)
        .ok_or_else(not_a_list)?;
    let (kept, added) = list
        .split_at_checked(old_list.len())
        .ok_or_else(|| Rule::S8.broken(fields.at, "a field is gone"))?;
    if let Some((field, _)) = kept
        .iter()
        .zip(old_list)
        .find(|(one, two)| !one.same_tokens(two))
    {
        return Err(Rule::S8.broken(field.at, "a field that was replaced or moved"));
    }
    match added {
        [] => Ok(None),
        [field] if form.integer(b"SigFlags")? == Some(3) => Ok(Some(field)),
        [field] => Err(Rule::S8.broken(field.at, "/SigFlags is not 3")),
        [_, second, ..] => Err(Rule::S8.broken(second.at, "more than one field added")),
    }
}

fn check_entries(before: &Dictionary<'_>, after: &Dictionary<'_>) -> Result<(), Violation> {
    for (key, value) in &after.entries {
        let same = before
            .get(key)
            .is_some_and(|before| before.same_tokens(value));
        let allowed = match key.as_ref() {
            b"Fields" => true,
            b"SigFlags" => same || value.as_integer() == Some(3),
            _ => same,
        };
        if !allowed {
            return Err(Rule::S8.broken(value.at, "an entry of the form that was added or changed"));
        }
    }
    if before.entries.keys().any(|key| after.get(key).is_none()) {
        return Err(Rule::S8.broken(after.at, "an entry of the form is gone"));
    }
    Ok(())
}

/// All that the field of a document timestamp may say.
const FIELD_KEYS: [&[u8]; 10] = [
    b"FT", b"T", b"TU", b"Rect", b"V", b"Type", b"Subtype", b"F", b"Ff", b"P",
];

/// All that a document timestamp may say (EN 319 142-1, 5.4.3).
const TIMESTAMP_KEYS: [&[u8]; 8] = [
    b"Type",
    b"Filter",
    b"SubFilter",
    b"ByteRange",
    b"Contents",
    b"M",
    b"V",
    b"Prop_Build",
];

/// Names of fields already in the form.
pub(super) struct TakenNames<'n> {
    pub(super) names: &'n BTreeSet<String>,
    /// Whether those are all of them.
    pub(super) complete: bool,
}

/// S9: the field that was added is an invisible document timestamp, new in every part.
pub(super) fn check_field<'d, 'a>(
    view: &View<'d, 'a>,
    reached: &mut Reached,
    reference: &Value<'a>,
    taken: &TakenNames<'_>,
) -> Result<AddedField<'d, 'a>, Violation> {
    let broken = |at, text| Err(Rule::S9.broken(at, text));
    let Some(object) = view.added(reference) else {
        return broken(reference.at, "a field that this revision does not add");
    };
    reached.claim(object.number, Role::Field, reference.at)?;
    let Some(field) = object.plain().and_then(Value::as_dictionary) else {
        return broken(object.at, "a field that is no dictionary");
    };
    field.only(
        &FIELD_KEYS,
        Rule::S9,
        "an entry that an invisible timestamp does not have",
    )?;
    check_widget(field)?;
    let name = check_name(field, taken)?;

    let value = field.require(b"V", Rule::S9, "a signature field without a signature")?;
    let Some(object) = view.added(value) else {
        return broken(value.at, "a signature that this revision does not add");
    };
    reached.claim(object.number, Role::Timestamp, value.at)?;
    let Some(timestamp) = object.plain().and_then(Value::as_dictionary) else {
        return broken(object.at, "a signature that is no dictionary");
    };
    for (key, expected) in [
        (b"Type".as_slice(), b"DocTimeStamp".as_slice()),
        (b"SubFilter", b"ETSI.RFC3161"),
    ] {
        if !timestamp
            .get(key)
            .is_some_and(|value| value.is_name(expected))
        {
            return broken(timestamp.at, "a signature that is no document timestamp");
        }
    }
    timestamp.only(
        &TIMESTAMP_KEYS,
        Rule::S9,
        "an entry that a document timestamp does not have",
    )?;
    if let Some(value) = timestamp
        .entries
        .values()
        .find(|value| value.has_reference())
    {
        return broken(value.at, "a document timestamp that leads to other objects");
    }
    Ok(AddedField { name, timestamp })
}

/// A signature field, and a widget without an extent if it is a widget.
fn check_widget(field: &Dictionary<'_>) -> Result<(), Violation> {
    let broken = |text| Err(Rule::S9.broken(field.at, text));
    let named = |key: &[u8], name: &[u8]| field.get(key).is_none_or(|value| value.is_name(name));
    if field.get(b"FT").is_none() || !named(b"FT", b"Sig") {
        return broken("a field that is no signature field");
    }
    if !named(b"Type", b"Annot") || !named(b"Subtype", b"Widget") {
        return broken("a field that is something else as well");
    }
    let edges = field
        .get(b"Rect")
        .and_then(Value::as_array)
        .unwrap_or_default();
    if edges.len() != 4 || edges.iter().any(|edge| edge.as_integer() != Some(0)) {
        return broken("a field that can be seen: its /Rect is not [0 0 0 0]");
    }
    field.integer(b"F")?;
    field.integer(b"Ff")?;
    if field
        .get(b"P")
        .is_some_and(|page| page.as_reference().is_none())
    {
        return broken("a page that is no reference");
    }
    if field
        .get(b"TU")
        .is_some_and(|text| text.string_bytes().is_none())
    {
        return broken("a tooltip that is no text");
    }
    Ok(())
}

/// A name of its own: plain, so that every reader sees the same one, and not in use.
fn check_name(field: &Dictionary<'_>, taken: &TakenNames<'_>) -> Result<String, Violation> {
    let value = field.require(b"T", Rule::S9, "a field without a name")?;
    let name = value
        .string_bytes()
        .and_then(|bytes| field_name(&bytes))
        .filter(|name| !name.is_empty() && name.bytes().all(|byte| matches!(byte, b' '..=b'~')))
        .filter(|name| !name.contains('.'))
        .ok_or_else(|| Rule::S9.broken(value.at, "a field name that is not plain ASCII"))?;
    if taken.names.contains(&name) {
        return Err(Rule::S9.broken(value.at, "a field name that is in use"));
    }
    if !taken.complete {
        return Err(Rule::S9.broken(
            value.at,
            "a field name that cannot be compared with those in use",
        ));
    }
    Ok(name)
}
