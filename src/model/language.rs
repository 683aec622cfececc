//! The languages in which a copy speaks.

use serde::{Deserialize, Serialize};

/// A language of the band and the pages, named by its BCP 47 tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Catalan (`ca`).
    #[default]
    Ca,
    /// Spanish (`es`).
    Es,
    /// Aranese Occitan (`oc-aranes`), official in Aran; its texts are a draft.
    OcAranes,
    /// English (`en`).
    En,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Ca, Self::Es, Self::OcAranes, Self::En];

    /// The BCP 47 tag: `ca`, `es`, `oc-aranes`, `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Es => "es",
            Self::OcAranes => "oc-aranes",
            Self::En => "en",
        }
    }

    /// The language with this tag, in any case.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(tag))
    }
}
