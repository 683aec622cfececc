//! Problems: what the door says when it does not do what it was asked (RFC 9457).
//!
//! [`catalogue`] lists every kind, [`table`] maps every error of the rooms below to one of them, and
//! `respond` turns one into an answer. Only the last knows actix: the command line says the same
//! sentences.

pub mod catalogue;
mod entry;
mod respond;
pub mod table;

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

pub use catalogue::ProblemCode;
pub use entry::{Entry, Retry, Who};

use super::wire::FindingView;

/// One problem: its kind and what is special this time.
///
/// At 500 and above the special part stays inside: [`Problem::detail`] and [`Problem::document`]
/// give the catalogue's sentence, and the cause goes to the log once.
#[derive(Clone, Debug)]
pub struct Problem {
    code: ProblemCode,
    special: Box<Special>,
}

/// What is special about a problem this time. In a box, because every handler's result carries it.
#[derive(Clone, Debug, Default)]
struct Special {
    sentence: Option<String>,
    pointer: Option<String>,
    page: Option<u32>,
    findings: Vec<FindingView>,
    fields: Vec<(&'static str, String)>,
    cause: Option<String>,
}

/// The answer to a request that was not fulfilled (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Address of the kind's description.
    #[serde(rename = "type")]
    #[schema(example = "/v1/problems#page-no-room")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: &'static str,
    /// HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened this time and what to do.
    pub detail: String,
    /// Stable word for programs.
    #[schema(example = "page-no-room")]
    pub code: &'static str,
    /// Whose turn it is.
    pub who: Who,
    /// Whether the same request may succeed another time.
    pub retry: Retry,
    /// The value of `X-Request-Id`; the log has it too.
    pub request_id: String,
    /// JSON pointer (RFC 6901) to the field it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/kind")]
    pub pointer: Option<String>,
    /// Page it is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Everything found in the document, when the organ's policy refuses it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingView>,
}

impl Problem {
    /// A problem of which nothing is special.
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            special: Box::default(),
        }
    }

    /// Says what happened this time: a whole sentence. Kept inside at 500 and above.
    pub fn with_detail(mut self, sentence: impl Into<String>) -> Self {
        self.special.sentence = Some(sentence.into());
        self
    }

    /// Names the field by its JSON pointer.
    pub fn with_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.special.pointer = Some(pointer.into());
        self
    }

    /// Names the page, from 1.
    pub fn with_page(mut self, page: Option<u32>) -> Self {
        self.special.page = page;
        self
    }

    /// Adds everything that was found in the document.
    pub fn with_findings(mut self, findings: Vec<FindingView>) -> Self {
        self.special.findings = findings;
        self
    }

    /// Adds a sentence to what happened this time.
    pub fn and(mut self, sentence: &str) -> Self {
        let words = self.special.sentence.get_or_insert_default();
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(sentence);
        self
    }

    /// Adds a header field to the answer, such as `Allow`.
    pub fn with_field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.special.fields.push((name, value.into()));
        self
    }

    /// Keeps the chain of errors for the log.
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        let mut chain = error.to_string();
        let mut next = error.source();
        while let Some(source) = next {
            chain.push_str(": ");
            chain.push_str(&source.to_string());
            next = source.source();
        }
        self.special.cause = Some(chain);
        self
    }

    /// Its name.
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    /// What the catalogue says about it.
    pub fn entry(&self) -> &'static Entry {
        self.code.entry()
    }

    /// Below 500, what happened this time and what to do; from 500 on, the catalogue's sentence only.
    pub fn detail(&self) -> String {
        let entry = self.entry();
        match &self.special.sentence {
            Some(special) if entry.status < 500 => format!("{special} {}", entry.advice),
            _ => entry.advice.to_owned(),
        }
    }

    /// The page it is about, from 1.
    pub fn page(&self) -> Option<u32> {
        self.special.page
    }

    /// The chain of errors behind it, for the log and never for an answer.
    pub fn cause(&self) -> Option<&str> {
        self.special.cause.as_deref()
    }

    /// The document to answer with.
    pub fn document(&self, request_id: &str) -> ProblemDocument {
        let entry = self.entry();
        let opaque = entry.status >= 500;
        ProblemDocument {
            kind: format!("/v1/problems#{}", entry.code),
            title: entry.title,
            status: entry.status,
            detail: self.detail(),
            code: entry.code,
            who: entry.who,
            retry: entry.retry,
            request_id: request_id.to_owned(),
            pointer: self.special.pointer.clone().filter(|_| !opaque),
            page: self.special.page.filter(|_| !opaque),
            findings: if opaque {
                Vec::new()
            } else {
                self.special.findings.clone()
            },
        }
    }
}

/// A number as people read it: `67,108,864`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.entry().title, self.detail())
    }
}

impl std::error::Error for Problem {}
