//! The pages, each a template with what it shows.

pub(super) mod check;
pub(super) mod compare;
pub(super) mod copy;
pub(super) mod form;
pub(super) mod notice;
pub(super) mod prose;
pub(super) mod restricted;
pub(in crate::http) mod seals;

/// A row of a list of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Datum {
    pub(crate) label: String,
    pub(crate) value: String,
    /// It is a code, to be shown letter by letter.
    pub(crate) literal: bool,
}

impl Datum {
    /// For people.
    pub(in crate::http::public) fn new(label: String, value: impl Into<String>) -> Self {
        Self {
            label,
            value: value.into(),
            literal: false,
        }
    }

    /// A code, a digest, a number.
    pub(in crate::http::public) fn literal(label: String, value: impl Into<String>) -> Self {
        Self {
            literal: true,
            ..Self::new(label, value)
        }
    }
}
