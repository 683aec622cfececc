//! The five icons of the pages, each beside a word that says the same.

/// It is as it should be.
pub(super) const TICK: &str = r##"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="m6.5 12.5 3.7 3.7 7.3-8"/></svg>"##;
/// It is not.
pub(super) const CROSS: &str = r##"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="m7.8 7.8 8.4 8.4m0-8.4-8.4 8.4"/></svg>"##;
/// Take care.
pub(super) const WARNING: &str = r##"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path class="body" d="M12 1.8 23 21.5H1Z"/><path d="M12 9v6.2m0 2.6v.4"/></svg>"##;
/// Neither good nor bad.
pub(super) const INFO: &str = r##"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path d="M12 11v6.5M12 6.6v.6"/></svg>"##;
/// A document to open.
pub(super) const DOCUMENT: &str = r##"<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 2.5h8l4.5 4.5v14.5h-12.5ZM14 2.5V7h4.5M9.2 12h6M9.2 16h6"/></svg>"##;

/// How a page feels about what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// As it should be.
    Good,
    /// Take care.
    Careful,
    /// Against the document.
    Bad,
    /// Neither: our own trouble is never green and never red.
    Neutral,
}

impl Mood {
    /// The class of the sheet.
    pub(super) const fn class(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Careful => "careful",
            Self::Bad => "bad",
            Self::Neutral => "neutral",
        }
    }

    /// The icon beside the title.
    pub(super) const fn icon(&self) -> &'static str {
        match self {
            Self::Good => TICK,
            Self::Careful => WARNING,
            Self::Bad => CROSS,
            Self::Neutral => INFO,
        }
    }
}
