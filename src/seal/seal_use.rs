//! For which applications a seal is.

use std::collections::BTreeSet;

use super::RECEIPTS_ID;

/// For whom a seal is, by the ids of applications. It narrows what the applications' records allow and
/// never widens it: a seal is a rubber stamp, and its organ says on whose desk it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SealUse {
    /// Every application that may ask for the organ.
    #[default]
    Open,
    /// These ones.
    Shared(BTreeSet<String>),
    /// One and no other.
    Exclusive(String),
}

impl SealUse {
    /// Whether the application with this id may have copies sealed. Receipts are the organ's own words,
    /// which no application asks for.
    pub fn permits(&self, application: &str) -> bool {
        match self {
            _ if application == RECEIPTS_ID => true,
            Self::Open => true,
            Self::Shared(named) => named.contains(application),
            Self::Exclusive(only) => only == application,
        }
    }

    /// The word in an organ's file and in inventories.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Shared(_) => "shared",
            Self::Exclusive(_) => "exclusive",
        }
    }

    /// The applications named; none when every one may.
    pub fn applications(&self) -> impl Iterator<Item = &str> {
        let (shared, only) = match self {
            Self::Open => (None, None),
            Self::Shared(named) => (Some(named), None),
            Self::Exclusive(only) => (None, Some(only)),
        };
        let shared = shared.into_iter().flatten();
        shared.chain(only).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_for_others_refuses_an_application_and_never_the_receipts_of_its_organ() {
        let shared = SealUse::Shared(BTreeSet::from(["gestor".to_owned()]));
        let exclusive = SealUse::Exclusive("gestor".to_owned());
        for seal_use in [shared, exclusive] {
            assert!(seal_use.permits("gestor"));
            assert!(seal_use.permits(RECEIPTS_ID));
            assert!(!seal_use.permits("registre"));
            assert!(!seal_use.permits("cli"));
        }
    }
}
