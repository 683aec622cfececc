//! What every setting is in the end, and where it came from.

use std::collections::BTreeMap;

use config::ValueKind;

use super::layer::Layer;

/// One setting as it is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The value as it would be written in a file. Access data inside an address are left out.
    pub value: String,
    /// Where it was written: a file with its line, or a variable.
    pub origin: String,
}

/// Every setting in effect, by dotted key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, Effective>);

impl Origins {
    pub(super) fn of(layers: &[Layer]) -> Self {
        let mut effective = BTreeMap::new();
        for (key, value) in layers.iter().flat_map(Layer::leaves) {
            effective.insert(
                key.clone(),
                Effective {
                    value: shown(&value.kind),
                    origin: value.origin().unwrap_or_default().to_owned(),
                },
            );
        }
        Self(effective)
    }

    /// Where the value of a key came from. A key inside a list answers for its list.
    pub fn origin(&self, key: &str) -> Option<&str> {
        let key = key.split('[').next().unwrap_or_default();
        self.0.get(key).map(|effective| effective.origin.as_str())
    }

    /// All settings, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Effective)> {
        self.0
            .iter()
            .map(|(key, effective)| (key.as_str(), effective))
    }
}

/// A value as TOML.
fn shown(value: &ValueKind) -> String {
    match value {
        ValueKind::String(text) => format!("{:?}", without_access_data(text)),
        ValueKind::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| shown(&item.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        ValueKind::Table(table) => {
            let sorted: BTreeMap<_, _> = table.iter().collect();
            let pairs: Vec<_> = sorted
                .into_iter()
                .map(|(key, item)| format!("{key} = {}", shown(&item.kind)))
                .collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

/// `https://user:word@host/…` without what stands before the `@`.
fn without_access_data(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rfind('@') {
        Some(at) => format!("{scheme}://…{}", rest.get(at..).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_data_in_an_address_are_not_shown() {
        assert_eq!(
            without_access_data("https://me:word@tsa.example/tsp"),
            "https://…@tsa.example/tsp"
        );
        assert_eq!(without_access_data("file://./a@b"), "file://./a@b");
    }
}
