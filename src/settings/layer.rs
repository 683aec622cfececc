//! One layer of settings: keys and values, each with the place where it was written.

use std::collections::BTreeMap;

use config::{ConfigError, Map, Source, Value, ValueKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Kind, SettingsError};
use super::size::ByteSize;

/// The variables that are not settings themselves.
const OTHER_VARIABLES: [&str; 4] = [
    "SEGELL_PROFILE",
    "SEGELL_CONFIG",
    "SEGELL_CORPUS",
    "SEGELL_REQUIRE_CORPUS",
];

/// The dotted keys there are, with the kind of value each takes.
pub(super) type KnownKeys = BTreeMap<String, Kind>;

/// Leaves by dotted key. An array is a leaf.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    leaves: BTreeMap<String, Value>,
}

impl Layer {
    /// From TOML; `name` is how people know the file.
    pub(super) fn of_text(name: &str, text: &str) -> Result<Self, SettingsError> {
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            SettingsError::NotToml {
                origin: format!("{name}:{line}"),
                cause: error.message().to_owned(),
            }
        })?;
        let mut leaves = BTreeMap::new();
        let place = |offset: usize| format!("{name}:{}", line_of(text, offset));
        gather("", table.get_ref(), &place, &mut leaves)?;
        Ok(Self { leaves })
    }

    /// From `SEGELL__SECTION__KEY` variables, each read as the kind of value its key takes.
    pub(super) fn of_environment(
        variables: &BTreeMap<String, String>,
        known: &KnownKeys,
    ) -> Result<Self, Vec<SettingsError>> {
        let mut leaves = BTreeMap::new();
        let mut faults = Vec::new();
        for (name, text) in variables {
            let origin = format!("the environment, {name}");
            let Some(rest) = name.strip_prefix("SEGELL__") else {
                faults.extend(misspelt_variable(name, known));
                continue;
            };
            let key = rest.to_ascii_lowercase().replace("__", ".");
            match known.get(&key) {
                None => faults.push(SettingsError::unknown_key(key, origin, known)),
                Some(kind) => match read_as(*kind, text) {
                    Some(value) => {
                        leaves.insert(key, Value::new(Some(&origin), value));
                    }
                    None => faults.push(SettingsError::WrongKind {
                        key,
                        origin,
                        expected: *kind,
                    }),
                },
            }
        }
        if faults.is_empty() {
            Ok(Self { leaves })
        } else {
            Err(faults)
        }
    }

    /// The keys of this layer and the kinds of their values; the complete file's are all there are.
    pub(super) fn known_keys(&self) -> KnownKeys {
        self.leaves
            .iter()
            .map(|(key, value)| (key.clone(), kind_of(&value.kind)))
            .collect()
    }

    /// Keys that do not exist, and values of another kind than their key takes.
    pub(super) fn faults(&self, known: &KnownKeys) -> Vec<SettingsError> {
        self.leaves
            .iter()
            .filter_map(|(key, value)| {
                let origin = value.origin().unwrap_or_default().to_owned();
                let found = kind_of(&value.kind);
                match known.get(key) {
                    Some(expected) if expected.takes(found) => None,
                    Some(expected) => Some(SettingsError::WrongKind {
                        key: key.clone(),
                        origin,
                        expected: *expected,
                    }),
                    None => Some(SettingsError::unknown_key(key.clone(), origin, known)),
                }
            })
            .collect()
    }

    /// The leaves, by dotted key.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.leaves.iter()
    }
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    /// Dotted keys; the builder unfolds them into tables.
    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.leaves.clone().into_iter().collect())
    }
}

/// Walks the tables of a file. A table that is empty leaves nothing behind.
fn gather(
    prefix: &str,
    table: &DeTable<'_>,
    place: &impl Fn(usize) -> String,
    leaves: &mut BTreeMap<String, Value>,
) -> Result<(), SettingsError> {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{prefix}.{}", name.get_ref())
        };
        if let DeValue::Table(inner) = value.get_ref() {
            gather(&key, inner, place, leaves)?;
        } else {
            let origin = place(name.span().start);
            let value = value_of(value, &origin).ok_or_else(|| SettingsError::NotToml {
                origin: origin.clone(),
                cause: format!("the number at `{key}` is out of range"),
            })?;
            leaves.insert(key, value);
        }
    }
    Ok(())
}

/// A value of the file as `config` knows it; `None` for a number that does not fit.
fn value_of(value: &Spanned<DeValue<'_>>, origin: &String) -> Option<Value> {
    let kind = match value.get_ref() {
        DeValue::String(text) => ValueKind::String(text.to_string()),
        DeValue::Boolean(flag) => ValueKind::Boolean(*flag),
        DeValue::Integer(number) => {
            ValueKind::I64(i64::from_str_radix(number.as_str(), number.radix()).ok()?)
        }
        DeValue::Float(number) => ValueKind::Float(number.as_str().parse().ok()?),
        DeValue::Datetime(moment) => ValueKind::String(moment.to_string()),
        DeValue::Array(items) => ValueKind::Array(
            items
                .iter()
                .map(|item| value_of(item, origin))
                .collect::<Option<_>>()?,
        ),
        DeValue::Table(table) => ValueKind::Table(
            table
                .iter()
                .map(|(key, item)| Some((key.get_ref().to_string(), value_of(item, origin)?)))
                .collect::<Option<_>>()?,
        ),
    };
    Some(Value::new(Some(origin), kind))
}

/// The kind of a value. A text that is a size, in the complete file, makes its key take sizes.
fn kind_of(value: &ValueKind) -> Kind {
    match value {
        ValueKind::String(text) if text.ends_with('B') && text.parse::<ByteSize>().is_ok() => {
            Kind::Size
        }
        ValueKind::String(_) => Kind::Text,
        ValueKind::Boolean(_) => Kind::Flag,
        ValueKind::Array(_) => Kind::List,
        ValueKind::I64(_) => Kind::Number,
        _ => Kind::Other,
    }
}

/// Reads a variable's text as the kind its key takes.
fn read_as(kind: Kind, text: &str) -> Option<ValueKind> {
    match kind {
        Kind::Text | Kind::Size | Kind::Other => Some(ValueKind::String(text.to_owned())),
        Kind::Flag => text.parse().ok().map(ValueKind::Boolean),
        Kind::Number => text.parse().ok().map(ValueKind::I64),
        Kind::List => {
            let line = format!("list = {text}");
            let table = DeTable::parse(&line).ok()?;
            let (_, value) = table.get_ref().iter().next()?;
            value_of(value, &String::new()).map(|value| value.kind)
        }
    }
}

/// A variable with single underscores that would be a setting with double ones. Others are left
/// alone: orchestrators put their own `SEGELL_…` variables into the environment.
fn misspelt_variable(name: &str, known: &KnownKeys) -> Option<SettingsError> {
    if OTHER_VARIABLES.contains(&name) {
        return None;
    }
    let rest = name.strip_prefix("SEGELL_")?.to_ascii_lowercase();
    let meant = known.keys().find(|key| key.replace('.', "_") == rest)?;
    Some(SettingsError::MisspeltVariable {
        name: name.to_owned(),
        meant: variable_of(meant),
    })
}

/// The variable that sets a key.
pub(super) fn variable_of(key: &str) -> String {
    format!("SEGELL__{}", key.to_ascii_uppercase().replace('.', "__"))
}

/// The 1-based line in which a byte lies.
fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    1 + before.filter(|byte| **byte == b'\n').count()
}
