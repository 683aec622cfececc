//! The fields of an organ's file that a list can say.

use toml::{Table, Value};

/// A field, what a list says of it, and the column that says it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// The column.
    pub(super) column: &'static str,
    /// Where it stands in the file: the key, or table and key.
    pub(super) path: &'static [&'static str],
    /// Its value.
    pub(super) value: Value,
}

impl Field {
    /// The field for people: `name.es`.
    pub(super) fn name(&self) -> String {
        self.path.join(".")
    }

    /// Its value in a file.
    pub(super) fn found_in<'a>(&self, table: &'a Table) -> Option<&'a Value> {
        match self.path {
            [key] => table.get(*key),
            [outer, key] => table.get(*outer)?.as_table()?.get(*key),
            _ => None,
        }
    }

    /// Puts its value into a file as it is read; false when that has something else in the way.
    pub(super) fn put_into(&self, table: &mut Table) -> bool {
        let (table, key) = match self.path {
            [key] => (Some(table), *key),
            [outer, key] => {
                let inner = table
                    .entry((*outer).to_owned())
                    .or_insert_with(|| Value::Table(Table::new()));
                (inner.as_table_mut(), *key)
            }
            _ => (None, ""),
        };
        table
            .map(|table| table.insert(key.to_owned(), self.value.clone()))
            .is_some()
    }
}

/// A value for people: a text without its quotation marks.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The file of an organ of which this is all that is known.
pub(super) fn new_file(fields: &[Field]) -> String {
    let names: Vec<String> = of_table("name", fields)
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    let mut text = String::new();
    let mut named = false;
    for field in fields {
        match field.path {
            [key] => text.push_str(&format!("{key} = {}\n", field.value)),
            ["name", _] if !named => {
                named = true;
                text.push_str(&format!("name = {{ {} }}\n", names.join(", ")));
            }
            _ => {}
        }
    }
    let mut papers = of_table("commission", fields).peekable();
    if papers.peek().is_some() {
        text.push_str("\n[commission]\n");
    }
    for (key, value) in papers {
        text.push_str(&format!("{key} = {value}\n"));
    }
    text
}

fn of_table<'a>(
    outer: &'a str,
    fields: &'a [Field],
) -> impl Iterator<Item = (&'static str, &'a Value)> {
    fields.iter().filter_map(move |field| match field.path {
        [table, key] if *table == outer => Some((*key, &field.value)),
        _ => None,
    })
}
