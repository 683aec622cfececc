//! Changes one field of an organ's file and leaves everything else as its operator wrote it, comments
//! included. The file is read again after each change, and unless it says exactly what it said before plus the
//! change, nothing is changed.

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

use super::fields::Field;

/// The text with the field set; `None` when it is written in a way that cannot be edited.
pub(super) fn set(text: &str, field: &Field) -> Option<String> {
    let mut expected: Table = text.parse().ok()?;
    field.put_into(&mut expected).then_some(())?;
    let proved = |edited: &String| edited.parse::<Table>().is_ok_and(|said| said == expected);
    candidates(text, field)?.into_iter().find(proved)
}

/// The ways in which the field may be set; at most one of them says what is expected.
fn candidates(text: &str, field: &Field) -> Option<Vec<String>> {
    let file = DeTable::parse(text).ok()?;
    let file = file.get_ref();
    let key = *field.path.last()?;
    let line = format!("{key} = {}", field.value);
    match field.path {
        [_] => Some(match file.get(key) {
            Some(value) => vec![replaced(text, &value.span(), &field.value.to_string())?],
            None => after_the_last_line_of(text, &top_level(file), &line),
        }),
        [outer, _] => {
            let Some(table) = file.get(*outer) else {
                let text = text.trim_end();
                return Some(vec![format!("{text}\n\n[{outer}]\n{line}\n")]);
            };
            let DeValue::Table(table) = table.get_ref() else {
                return None;
            };
            if let Some(value) = table.get(key) {
                let edited = replaced(text, &value.span(), &field.value.to_string())?;
                return Some(vec![edited]);
            }
            let spans: Vec<_> = table.values().map(Spanned::span).collect();
            let last = spans.iter().max_by_key(|span| span.end)?;
            // In an inline table behind its last value; in one with a header on a line of its own.
            let inline = replaced(text, &(last.end..last.end), &format!(", {line}"))?;
            let mut ways = vec![inline];
            ways.extend(after_the_last_line_of(text, &spans, &line));
            Some(ways)
        }
        _ => None,
    }
}

/// Where the values of the keys before the first table stand.
fn top_level(file: &DeTable<'_>) -> Vec<Range<usize>> {
    let is_plain = |value: &&Spanned<DeValue<'_>>| {
        !matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_))
    };
    let plain = file.values().filter(is_plain);
    plain.map(Spanned::span).collect()
}

/// The text with a line behind that of the last of these values.
fn after_the_last_line_of(text: &str, values: &[Range<usize>], line: &str) -> Vec<String> {
    let last = values.iter().map(|span| span.end).max();
    let inserted = last.and_then(|end| {
        let rest = text.get(end..)?;
        let at = rest.find('\n').map(|length| end + length)?;
        replaced(text, &(at..at), &format!("\n{line}"))
    });
    inserted.into_iter().collect()
}

fn replaced(text: &str, range: &Range<usize>, with: &str) -> Option<String> {
    let (before, after) = (text.get(..range.start)?, text.get(range.end..)?);
    Some(format!("{before}{with}{after}"))
}

#[cfg(test)]
mod tests {
    use toml::Value;

    use super::*;

    const FILE: &str = r#"# The council of the estuary.
dir3 = "L01990015"
nif = "P9900100J"      # since 1979
name = { ca = "Ajuntament de l'Estany", es = "Ayuntamiento del Estany" } # official
place = 'Estany'

[seal]
pkcs12 = "segell.p12"  # from the safe

# By agreement.
[commission]
agreement = 2020-01-01 # signed
"#;

    fn field(path: &'static [&'static str], value: &str) -> Field {
        Field {
            column: "",
            path,
            value: match value.parse() {
                Ok(day) => Value::Datetime(day),
                Err(_) => Value::String(value.to_owned()),
            },
        }
    }

    /// The lines that differ, the old ones and the new ones.
    fn change(
        text: &str,
        path: &'static [&'static str],
        value: &str,
    ) -> (Vec<String>, Vec<String>) {
        let edited = set(text, &field(path, value)).unwrap();
        let without = |lines: &str, others: &str| -> Vec<String> {
            let lines = lines
                .lines()
                .filter(|line| !others.lines().any(|other| other == *line));
            lines.map(str::to_owned).collect()
        };
        (without(text, &edited), without(&edited, text))
    }

    #[test]
    fn a_value_is_exchanged_and_its_comment_stays() {
        let (old, new) = change(FILE, &["nif"], "P0801900B");
        assert_eq!(old, ["nif = \"P9900100J\"      # since 1979"]);
        assert_eq!(new, ["nif = \"P0801900B\"      # since 1979"]);
        let (_, new) = change(FILE, &["place"], "L'Estany \"nou\"");
        assert_eq!(new.len(), 1);
        let (_, new) = change(FILE, &["commission", "agreement"], "2026-01-15");
        assert_eq!(new, ["agreement = 2026-01-15 # signed"]);
    }

    #[test]
    fn a_name_in_another_language_joins_the_others() {
        let (_, new) = change(FILE, &["name", "en"], "Estany Town Council");
        assert_eq!(
            new,
            [
                "name = { ca = \"Ajuntament de l'Estany\", es = \"Ayuntamiento del Estany\", en = \
              \"Estany Town Council\" } # official"
            ]
        );
        let spelt_out = FILE.replace(
            "name = { ca = \"Ajuntament de l'Estany\", es = \"Ayuntamiento del Estany\" } # official\n",
            "",
        ) + "[name]\nca = \"Estany\"\n";
        let (old, new) = change(&spelt_out, &["name", "en"], "Estany Town Council");
        assert_eq!(
            (old.len(), new.as_slice()),
            (0, &["en = \"Estany Town Council\"".to_owned()][..])
        );
    }

    #[test]
    fn a_field_that_is_not_there_is_put_where_it_belongs() {
        let edited = set(FILE, &field(&["ine10"], "9900150000")).unwrap();
        assert!(
            edited.contains("place = 'Estany'\nine10 = \"9900150000\"\n\n[seal]"),
            "{edited}"
        );
        let edited = set(
            FILE,
            &field(&["commission", "contact"], "secretaria@exemple.cat"),
        )
        .unwrap();
        assert!(
            edited.ends_with("# signed\ncontact = \"secretaria@exemple.cat\"\n"),
            "{edited}"
        );
        let without = FILE.split("\n# By").next().unwrap();
        let edited = set(without, &field(&["commission", "agreement"], "2026-01-15")).unwrap();
        assert!(edited.ends_with("# from the safe\n\n[commission]\nagreement = 2026-01-15\n"));
    }

    #[test]
    fn what_cannot_be_edited_with_certainty_is_not() {
        let odd = FILE.replace("name = {", "name = 1 # {");
        assert_eq!(set(&odd, &field(&["name", "ca"], "Estany")), None);
        assert_eq!(set("not TOML", &field(&["nif"], "P0801900B")), None);
    }
}
