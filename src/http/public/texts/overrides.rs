//! A service's own words in the place of those that come with the program.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;

use super::built_in;
use crate::model::Language;

/// Why a service's own words cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextsFault {
    /// Not Fluent.
    #[error("the texts in {language} cannot be read: {cause}")]
    NotFluent {
        /// The language's tag.
        language: &'static str,
        /// What the parser says first.
        cause: String,
    },
    /// A message that no page has.
    #[error("the texts in {language} have a message `{message}` that no page shows")]
    UnknownMessage {
        /// The language's tag.
        language: &'static str,
        /// Its name.
        message: String,
    },
    /// A variable that the message is not given.
    #[error("the message `{message}` in {language} names ${variable}, which it is not given")]
    UnknownVariable {
        /// The language's tag.
        language: &'static str,
        /// The message.
        message: String,
        /// The variable.
        variable: String,
    },
}

/// A Fluent resource, and what is wrong with its text.
pub(super) fn resource(text: &str) -> (FluentResource, Option<String>) {
    match FluentResource::try_new(text.to_owned()) {
        Ok(resource) => (resource, None),
        Err((resource, errors)) => {
            let first = errors.first().map(ToString::to_string);
            (resource, Some(first.unwrap_or_default()))
        }
    }
}

/// A service's own words, once they fit the pages.
pub(super) fn checked(language: Language, text: &str) -> Result<FluentResource, TextsFault> {
    let tag = language.tag();
    let (resource, fault) = resource(text);
    if let Some(cause) = fault {
        return Err(TextsFault::NotFluent {
            language: tag,
            cause,
        });
    }
    let known = messages(built_in(language));
    for (message, variables) in messages(text) {
        let Some(given) = known.get(&message) else {
            return Err(TextsFault::UnknownMessage {
                language: tag,
                message,
            });
        };
        let everywhere = ["operator", "contact"];
        let unknown = variables
            .into_iter()
            .find(|name| !given.contains(name) && !everywhere.contains(&name.as_str()));
        if let Some(variable) = unknown {
            return Err(TextsFault::UnknownVariable {
                language: tag,
                message,
                variable,
            });
        }
    }
    Ok(resource)
}

/// The messages of a Fluent text with the variables that each names.
pub(super) fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut rest = line;
        if let Some((name, value)) = begun(line) {
            current = Some(name.to_owned());
            messages.entry(name.to_owned()).or_default();
            rest = value;
        }
        let variables = current.as_ref().and_then(|name| messages.get_mut(name));
        if let Some(variables) = variables {
            variables.extend(variables_in(rest));
        }
    }
    messages
}

/// A line that begins a message: its name, and what follows the equals sign.
fn begun(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
    begins.then(|| (name.trim_end(), value))
}

/// The names after every `$`.
fn variables_in(text: &str) -> impl Iterator<Item = String> {
    text.split('$').skip(1).map(|rest| {
        let name = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-';
        rest.chars().take_while(name).collect()
    })
}
