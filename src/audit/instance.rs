//! The name under which a process writes its log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest name, in characters.
const LONGEST: usize = 63;

/// The name of an instance: 1 to 63 small letters, digits, dots, hyphens and underscores, the first a letter
/// or digit. It stands in file names and in every line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instance(String);

/// A text that is no name of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 1 to {LONGEST} small letters, digits, dots, hyphens or underscores")]
pub struct InvalidInstance;

impl Instance {
    /// A name made of whatever a machine is called.
    pub fn of_host(host: &str) -> Self {
        let plain: String = host
            .chars()
            .map(|character| character.to_ascii_lowercase())
            .map(|character| {
                if is_allowed(character) {
                    character
                } else {
                    '-'
                }
            })
            .collect();
        let plain = plain.trim_start_matches(['.', '-', '_']);
        let name: String = plain.chars().take(LONGEST / 2).collect();
        name.parse().unwrap_or_else(|_| Self("segell".to_owned()))
    }

    /// The same with something behind it, such as `node-cli`. What would be too long loses its end.
    #[must_use]
    pub fn with(&self, suffix: &str) -> Self {
        let room = LONGEST.saturating_sub(suffix.len() + 1);
        let name: String = self.0.chars().take(room).collect();
        let name = format!("{name}-{suffix}");
        name.parse().unwrap_or_else(|_| self.clone())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_lowercase() || character.is_ascii_digit() || ".-_".contains(character)
}

impl std::str::FromStr for Instance {
    type Err = InvalidInstance;

    fn from_str(text: &str) -> Result<Self, InvalidInstance> {
        let begins_well = text.starts_with(|first: char| first.is_ascii_alphanumeric());
        let is_one = begins_well && text.len() <= LONGEST && text.chars().all(is_allowed);
        is_one.then(|| Self(text.to_owned())).ok_or(InvalidInstance)
    }
}

impl TryFrom<String> for Instance {
    type Error = InvalidInstance;

    fn try_from(text: String) -> Result<Self, InvalidInstance> {
        text.parse()
    }
}

impl From<Instance> for String {
    fn from(instance: Instance) -> Self {
        instance.0
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_machine_has_a_name_and_no_name_leads_out_of_its_folder() {
        assert_eq!(
            Instance::of_host("Node_1.Example.CAT").as_str(),
            "node_1.example.cat"
        );
        assert_eq!(Instance::of_host("../etc").as_str(), "etc");
        assert_eq!(Instance::of_host("").as_str(), "segell");
        assert_eq!(Instance::of_host("a b/c").as_str(), "a-b-c");
        for text in ["", ".", "..", "-a", "a/b", "A", "a b", &"x".repeat(64)] {
            assert_eq!(text.parse::<Instance>(), Err(InvalidInstance), "{text}");
        }
        let long = Instance::of_host(&"x".repeat(200)).with("cli").with("2");
        assert!(long.as_str().ends_with("-cli-2"), "{long}");
    }
}
