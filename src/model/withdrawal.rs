//! Why a copy was withdrawn, for everybody who holds it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Language;

/// The class of the reason for which an organ withdraws a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalReason {
    /// Something in the document is wrong.
    ErrorInDocument,
    /// Another copy or another document takes its place.
    Superseded,
    /// It should never have been issued.
    IssuedByMistake,
    /// A court ordered it.
    CourtOrder,
    /// What the text says.
    Other,
}

impl WithdrawalReason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ErrorInDocument,
        Self::Superseded,
        Self::IssuedByMistake,
        Self::CourtOrder,
        Self::Other,
    ];

    /// The word in requests and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ErrorInDocument => "error_in_document",
            Self::Superseded => "superseded",
            Self::IssuedByMistake => "issued_by_mistake",
            Self::CourtOrder => "court_order",
            Self::Other => "other",
        }
    }

    /// The reason with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// Longest text for the public, in characters.
const TEXT_CHARS: usize = 1000;

/// A text that the organ wrote for everybody, in one language or in several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct PublicText(Written);

/// A public text as it stands in JSON: a text, or an object from language tags to texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Written {
    /// In the organ's own language, or in whatever language.
    Plain(String),
    /// In these languages.
    ByLanguage(BTreeMap<String, String>),
}

/// A text that cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a text of 1 to 1000 characters without control characters, or an object of such texts by language \
     (ca, es, oc-aranes, en)"
)]
pub struct InvalidText;

impl TryFrom<Written> for PublicText {
    type Error = InvalidText;

    fn try_from(written: Written) -> Result<Self, InvalidText> {
        let fits = |text: &String| {
            let length = text.trim().chars().count();
            (1..=TEXT_CHARS).contains(&length)
                && !text
                    .chars()
                    .any(|letter| letter.is_control() && letter != '\n')
        };
        let fit = match &written {
            Written::Plain(text) => fits(text),
            Written::ByLanguage(texts) => {
                !texts.is_empty()
                    && texts.values().all(fits)
                    && texts
                        .keys()
                        .all(|tag| Language::from_tag(tag).is_some_and(|known| known.tag() == tag))
            }
        };
        fit.then_some(Self(written)).ok_or(InvalidText)
    }
}

impl From<PublicText> for Written {
    fn from(text: PublicText) -> Self {
        text.0
    }
}

impl PublicText {
    /// The text in a language, or in the first of `ca es oc-aranes en` that it has. With the language it
    /// is in, when that is known.
    pub fn in_language(&self, language: Language) -> (&str, Option<Language>) {
        match &self.0 {
            Written::Plain(text) => (text, None),
            Written::ByLanguage(texts) => std::iter::once(language)
                .chain(Language::ALL)
                .find_map(|language| Some((texts.get(language.tag())?.as_str(), Some(language))))
                .unwrap_or_default(),
        }
    }
}

/// The withdrawal of a copy, in the words of its organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The class of the reason.
    pub reason: WithdrawalReason,
    /// What the public is told.
    pub text: PublicText,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<PublicText, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_text_is_plain_or_by_language() {
        let plain = read("\"Error al preu\"").unwrap();
        assert_eq!(plain.in_language(Language::En), ("Error al preu", None));
        let tagged = read(r#"{"es":"Precio erróneo","ca":"Preu erroni"}"#).unwrap();
        let found = |language| tagged.in_language(language);
        assert_eq!(found(Language::Es), ("Precio erróneo", Some(Language::Es)));
        assert_eq!(found(Language::En), ("Preu erroni", Some(Language::Ca)));
        assert_eq!(
            serde_json::to_string(&tagged).unwrap(),
            r#"{"ca":"Preu erroni","es":"Precio erróneo"}"#
        );
    }

    #[test]
    fn a_text_that_cannot_be_shown_is_refused() {
        for json in [
            "\"\"",
            "\"  \"",
            "\"a\\u0007b\"",
            "{}",
            r#"{"fr":"x"}"#,
            r#"{"ca":""}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
        assert!(read(&format!("\"{}\"", "a".repeat(1000))).is_ok());
        assert!(read(&format!("\"{}\"", "a".repeat(1001))).is_err());
    }
}
