//! Why a seal cannot be loaded, and what to do about it.

/// A named cause for which a seal is not loaded. [`Self::next_step`] says who must do what.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealDefect {
    /// Placeholder until the room is furnished.
    #[error("not loaded")]
    NotLoaded,
}

impl SealDefect {
    /// A stable word for programs: `wrong-passphrase`, `no-private-key`, …
    pub fn code(&self) -> &'static str {
        todo!()
    }

    /// What the operator or the organ has to do next, one sentence, with the command where there is one.
    pub fn next_step(&self) -> String {
        todo!()
    }
}
