//! What there is to say about a problem.

use serde::Serialize;
use utoipa::ToSchema;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever wrote the program that calls.
    Integrator,
    /// The organ: its policy, its documents.
    Organ,
    /// Whoever runs the service: its settings, its seals.
    Operator,
    /// The service itself.
    Service,
}

/// Whether the same request may succeed another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Not unless something is changed.
    Never,
    /// In a while; after `Retry-After`, when it is there.
    Later,
    /// At once.
    Now,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Stable word for programs.
    #[schema(example = "pdf-encrypted")]
    pub code: &'static str,
    /// HTTP status it is answered with.
    #[schema(example = 422)]
    pub status: u16,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What to do, in a sentence or two.
    pub advice: &'static str,
    /// Whose turn it is.
    pub who: Who,
    /// Whether the same request may succeed another time.
    pub retry: Retry,
}
