//! Who may see a copy, and the second thing that has to be known for a restricted one.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

/// Who may see a copy. The organ decides when it asks for the copy, and may change it later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Whoever has the code sees what the copy is, and its content.
    #[default]
    Open,
    /// Whoever has the code sees what the copy is, and no content: files in hand can be compared.
    Metadata,
    /// Whoever has the code learns that the copy exists; the rest takes an [`AccessFactor`].
    Restricted,
}

impl Visibility {
    /// The word in requests and answers: `open`, `metadata`, `restricted`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Metadata => "metadata",
            Self::Restricted => "restricted",
        }
    }

    /// The visibility with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Open, Self::Metadata, Self::Restricted]
            .into_iter()
            .find(|visibility| visibility.word() == word)
    }
}

/// Shortest and longest factor, in characters once [normalised](FactorValue::read). Shorter ones could be
/// guessed within the tries that are allowed.
const VALUE_CHARS: std::ops::RangeInclusive<usize> = 4..=100;

/// Longest label, in characters.
const LABEL_CHARS: usize = 100;

/// What has to be known besides the code: what it is called, which everybody may read, and what it is,
/// which only the addressee knows.
///
/// As JSON it has a label only: whatever is derived from it in the clear could be guessed back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessFactor {
    label: String,
    value: FactorValue,
}

/// What is wrong with a factor. None of these repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFactor {
    /// The label is empty, too long or holds control characters.
    #[error("a label of 1 to 100 characters, none of them a control character")]
    Label,
    /// The value is too short, too long or holds control characters.
    #[error(
        "4 to 100 characters, none of them a control character; spaces around them do not count"
    )]
    Value,
}

impl AccessFactor {
    /// A factor with its label, which stands in the middle of a sentence: "you need *your date of birth*".
    ///
    /// # Errors
    /// [`InvalidFactor`].
    pub fn new(label: &str, value: &str) -> Result<Self, InvalidFactor> {
        let label = label.trim();
        let length = label.chars().count();
        if !(1..=LABEL_CHARS).contains(&length) || label.chars().any(char::is_control) {
            return Err(InvalidFactor::Label);
        }
        Ok(Self {
            label: label.to_owned(),
            value: FactorValue::read(value).ok_or(InvalidFactor::Value)?,
        })
    }

    /// What it is called.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What it is.
    pub const fn value(&self) -> &FactorValue {
        &self.value
    }
}

impl Serialize for AccessFactor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("label", &self.label)?;
        map.end()
    }
}

/// A factor as somebody writes it, normalised. It has no printed form and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorValue(Zeroizing<String>);

impl FactorValue {
    /// Reads a factor so that people need not write it exactly: spaces around it do not count, those
    /// inside count as one, capitals as small letters. `None` when it cannot be a factor.
    pub fn read(written: &str) -> Option<Self> {
        // No need to look at more than could be accepted with generous spacing.
        if written.len() > 4096 {
            return None;
        }
        let mut value = Zeroizing::new(String::with_capacity(written.len() * 2));
        for word in written.split_whitespace() {
            if !value.is_empty() {
                value.push(' ');
            }
            value.extend(word.chars().flat_map(char::to_lowercase));
        }
        let fits = VALUE_CHARS.contains(&value.chars().count());
        (fits && !value.chars().any(char::is_control)).then_some(Self(value))
    }

    /// The normalised bytes, for a keyed hash and for nothing else.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for FactorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorValue(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_the_same_however_it_is_spaced_and_capitalised() {
        let read = |text| FactorValue::read(text).unwrap();
        assert_eq!(read("  Maria  ROSELL \n"), read("maria rosell"));
        assert_eq!(read("ÀNGEL 12"), read("àngel 12"));
        assert_ne!(read("12 03 1980"), read("12031980"));
    }

    #[test]
    fn a_factor_that_could_be_guessed_or_is_no_text_is_refused() {
        assert!(FactorValue::read("abc").is_none());
        assert!(FactorValue::read("  a b ").is_none());
        assert!(FactorValue::read("abc\u{0}d").is_none());
        assert!(FactorValue::read(&"a".repeat(100)).is_some());
        assert!(FactorValue::read(&"a".repeat(101)).is_none());
        assert_eq!(AccessFactor::new(" ", "abcd"), Err(InvalidFactor::Label));
        assert_eq!(AccessFactor::new("x", "abc"), Err(InvalidFactor::Value));
    }

    #[test]
    fn a_factor_is_never_printed() {
        let factor = AccessFactor::new("your number", "Secret-4471").unwrap();
        let printed = format!("{factor:?} {}", serde_json::to_string(&factor).unwrap());
        assert!(!printed.to_lowercase().contains("4471"), "{printed}");
        assert!(printed.contains("your number"), "{printed}");
    }
}
