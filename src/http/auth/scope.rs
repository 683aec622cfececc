//! What a credential may be used for, and how a route demands it.

use serde::{Deserialize, Serialize};

/// One kind of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Make copies, and ask beforehand what would happen.
    #[serde(rename = "copies:issue")]
    Issue,
    /// Read the copies of its organs: record, document, source.
    #[serde(rename = "copies:read")]
    Read,
    /// Withdraw copies of its organs, and decide who sees them.
    #[serde(rename = "copies:withdraw")]
    Withdraw,
    /// Have files judged.
    #[serde(rename = "validate")]
    Validate,
    /// Look after the service: who uses which seal, and loading its files anew.
    #[serde(rename = "operate")]
    Operate,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Issue,
        Self::Read,
        Self::Withdraw,
        Self::Validate,
        Self::Operate,
    ];

    /// The word in applications files, tokens and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Issue => "copies:issue",
            Self::Read => "copies:read",
            Self::Withdraw => "copies:withdraw",
            Self::Validate => "validate",
            Self::Operate => "operate",
        }
    }

    /// The scope of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// What an application is given that says nothing: everything but looking after the service.
    pub fn usual() -> Self {
        let usual = Scope::ALL.into_iter();
        usual.filter(|scope| *scope != Scope::Operate).collect()
    }

    /// Whether a scope is among them.
    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// Those that are in both sets.
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.contains(*scope))
    }

    /// Their words.
    pub fn words(self) -> Vec<&'static str> {
        self.iter().map(Scope::word).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | bit(scope)))
    }
}

const fn bit(scope: Scope) -> u8 {
    1 << scope as u8
}

/// What a route demands of whoever calls it.
pub(crate) trait Demand: 'static {
    /// The scope; `None` for a route that is open to every application.
    const SCOPE: Option<Scope>;
}

macro_rules! demands {
    ($($(#[$meta:meta])* $name:ident = $scope:expr;)*) => {
        $($(#[$meta])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Demand for $name {
            const SCOPE: Option<Scope> = $scope;
        })*
    };
}

demands! {
    /// A credential, whatever its scopes.
    Any = None;
    /// [`Scope::Issue`].
    Issue = Some(Scope::Issue);
    /// [`Scope::Read`].
    Read = Some(Scope::Read);
    /// [`Scope::Withdraw`].
    Withdraw = Some(Scope::Withdraw);
    /// [`Scope::Validate`].
    Validate = Some(Scope::Validate);
    /// [`Scope::Operate`].
    Operate = Some(Scope::Operate);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scope_reads_back_from_its_word_and_is_a_bit_of_its_own() {
        for scope in Scope::ALL {
            assert_eq!(Scope::from_word(scope.word()), Some(scope));
            let only: Scopes = [scope].into_iter().collect();
            assert_eq!(only.words(), [scope.word()]);
        }
        assert_eq!(Scope::from_word("copies"), None);
    }

    #[test]
    fn who_says_nothing_does_not_operate() {
        let usual = Scopes::usual();
        assert!(!usual.contains(Scope::Operate));
        assert_eq!(usual.iter().count(), 4);
    }
}
