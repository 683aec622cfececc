//! The catalog (S7).

use super::value::{Dictionary, Value};
use super::violation::{Rule, Violation};

/// Keys that have a rule of their own.
const JUDGED_ELSEWHERE: [&[u8]; 3] = [b"AcroForm", b"DSS", b"Extensions"];

/// Developer extensions that writers of validation data declare (ISO 32000-2, 7.12; EN 319 142-1, 5.4.2
/// and the extensions of Adobe it replaced): prefix and levels, all over `/BaseVersion /1.7`.
const EXTENSIONS: [(&[u8], &[i64]); 2] = [(b"ESIC", &[1, 2, 5]), (b"ADBE", &[3, 5, 8])];

/// S7: the catalog is the one before, key for key.
pub(super) fn check(before: &Value<'_>, after: &Value<'_>) -> Result<(), Violation> {
    let dictionary = |value| dictionary(value, after.at);
    let (before, after) = (dictionary(before)?, dictionary(after)?);
    for (key, value) in &after.entries {
        let same = || {
            before
                .get(key)
                .is_some_and(|before| before.same_tokens(value))
        };
        if !JUDGED_ELSEWHERE.contains(&key.as_ref()) && !same() {
            return Err(Rule::S7.broken(value.at, "a catalog entry that was added or changed"));
        }
    }
    let lost = |key: &[u8]| !JUDGED_ELSEWHERE.contains(&key) && after.get(key).is_none();
    if before.entries.keys().any(|key| lost(key)) {
        return Err(Rule::S7.broken(after.at, "a catalog entry is gone"));
    }
    check_extensions(before, after)
}

fn dictionary<'v, 'a>(value: &'v Value<'a>, at: u64) -> Result<&'v Dictionary<'a>, Violation> {
    value
        .as_dictionary()
        .ok_or_else(|| Rule::S7.broken(at, "the catalog is no dictionary"))
}

/// What was declared stays; what is added is one of [`EXTENSIONS`], to the letter.
fn check_extensions(before: &Dictionary<'_>, after: &Dictionary<'_>) -> Result<(), Violation> {
    let (before, value) = match (before.get(b"Extensions"), after.get(b"Extensions")) {
        (None, None) => return Ok(()),
        (Some(_), None) => return Err(Rule::S7.broken(after.at, "the extensions are gone")),
        (before, Some(after)) => (before, after),
    };
    if before.is_some_and(|before| before.same_tokens(value)) {
        return Ok(());
    }
    let broken = Rule::S7.broken(value.at, "an extension that has no place here");
    let after = value.as_dictionary().ok_or(broken)?;
    let before = match before.map(Value::as_dictionary) {
        None => None,
        Some(None) => return Err(broken),
        Some(before) => before,
    };
    for (prefix, extension) in &after.entries {
        let same = before
            .and_then(|before| before.get(prefix))
            .map(|before| before.same_tokens(extension));
        if !same.unwrap_or_else(|| is_allowed(prefix, extension)) {
            return Err(Rule::S7.broken(extension.at, "an extension that has no place here"));
        }
    }
    let kept =
        before.is_none_or(|before| before.entries.keys().all(|key| after.get(key).is_some()));
    if kept { Ok(()) } else { Err(broken) }
}

fn is_allowed(prefix: &[u8], extension: &Value<'_>) -> bool {
    let Some(extension) = extension.as_dictionary() else {
        return false;
    };
    let level = extension.get(b"ExtensionLevel").and_then(Value::as_integer);
    let levels = EXTENSIONS
        .iter()
        .find(|(allowed, _)| *allowed == prefix)
        .map(|(_, levels)| levels);
    let typed = extension.get(b"Type");
    levels
        .zip(level)
        .is_some_and(|(levels, level)| levels.contains(&level))
        && extension
            .get(b"BaseVersion")
            .is_some_and(|base| base.is_name(b"1.7"))
        && typed.is_none_or(|kind| kind.is_name(b"DeveloperExtensions"))
        && extension.entries.len() == 2 + usize::from(typed.is_some())
}
