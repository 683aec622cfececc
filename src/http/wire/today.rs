//! How a copy stands today, whatever was written when it was made.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::archive::{Access, CopyStatus, Extension, Standing, Withdrawn};
use crate::model::PublicText;

/// What may have changed since a copy was made.
pub(crate) struct Today<'a> {
    /// Whether it is answered for.
    pub(crate) status: CopyStatus,
    /// Who may see it.
    pub(crate) access: &'a Access,
    /// Its withdrawal.
    pub(crate) withdrawal: Option<&'a Withdrawn>,
    /// What was appended to it since.
    pub(crate) extensions: &'a [Extension],
}

impl<'a> From<&'a Standing> for Today<'a> {
    fn from(standing: &'a Standing) -> Self {
        Self {
            status: standing.status,
            access: &standing.access,
            withdrawal: standing.withdrawal.as_ref(),
            extensions: &standing.extensions,
        }
    }
}

/// Why and when a copy was withdrawn.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Withdrawal)]
pub struct WithdrawalView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `error_in_document`, `superseded`, `issued_by_mistake`, `court_order` or `other`.
    #[schema(example = "superseded")]
    pub reason: &'static str,
    /// What the public is told: a text, or texts by language.
    #[schema(value_type = Object)]
    pub text: PublicText,
}

impl From<&Withdrawn> for WithdrawalView {
    fn from(withdrawn: &Withdrawn) -> Self {
        Self {
            at: withdrawn.at,
            reason: withdrawn.withdrawal.reason.word(),
            text: withdrawn.withdrawal.text.clone(),
        }
    }
}
