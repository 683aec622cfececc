//! What is said of every page, pages of which the same is said in one line.

use std::ops::RangeInclusive;

use crate::http::public::icons::Mood;
use crate::http::public::texts::Words;
use crate::raster::{Cause, Comparison, Outcome};

/// Pages one after the other of which the same is said.
pub(super) struct Run {
    pub(super) pages: String,
    pub(super) said: String,
    pub(super) mood: Mood,
    /// Where the pages are shown.
    pub(super) link: Option<String>,
}

/// What is said of a page; pages that follow each other with the same are one run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Equal,
    /// With its own picture, so never part of a run.
    Shown(usize),
    Unshown,
    OnlyInCopy,
    OnlyInFile,
    NotCompared(Cause),
}

impl Said {
    fn of(index: usize, outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Equal => Self::Equal,
            Outcome::Different(difference) if difference.pictures.is_some() => Self::Shown(index),
            Outcome::Different(_) => Self::Unshown,
            Outcome::OnlyInCopy(Some(_)) | Outcome::OnlyInFile(Some(_)) => Self::Shown(index),
            Outcome::OnlyInCopy(None) => Self::OnlyInCopy,
            Outcome::OnlyInFile(None) => Self::OnlyInFile,
            Outcome::NotCompared(cause) => Self::NotCompared(*cause),
        }
    }

    fn text(self, words: Words<'_>, pages: u32, comparison: &Comparison) -> String {
        match self {
            Self::Equal => words.count("compare-equal", "pages", &pages),
            Self::Shown(index) => match comparison.pages.get(index) {
                Some(outcome) => difference_of(words, outcome),
                None => String::new(),
            },
            Self::Unshown => words.count("compare-unshown", "pages", &pages),
            Self::OnlyInCopy => words.count("compare-only-copy", "pages", &pages),
            Self::OnlyInFile => words.count("compare-only-file", "pages", &pages),
            Self::NotCompared(Cause::Time) => words.count("compare-time", "pages", &pages),
            Self::NotCompared(Cause::Undrawn) => words.count("compare-undrawn", "pages", &pages),
        }
    }

    const fn mood(self) -> Mood {
        match self {
            Self::Equal => Mood::Good,
            Self::Shown(_) | Self::Unshown | Self::OnlyInCopy | Self::OnlyInFile => Mood::Careful,
            Self::NotCompared(_) => Mood::Neutral,
        }
    }
}

/// How a page that is shown differs.
pub(super) fn difference_of(words: Words<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Different(difference) if difference.regions.is_empty() => {
            words.say("compare-other-size")
        }
        Outcome::Different(difference) => {
            let number = u32::try_from(difference.regions.len()).unwrap_or(u32::MAX);
            words.count("compare-regions", "regions", &number)
        }
        Outcome::OnlyInCopy(_) => words.count("compare-only-copy", "pages", &1),
        Outcome::OnlyInFile(_) => words.count("compare-only-file", "pages", &1),
        Outcome::Equal | Outcome::NotCompared(_) => String::new(),
    }
}

/// What is said of the pages, in as few lines as it takes.
pub(super) fn runs(words: Words<'_>, comparison: &Comparison) -> Vec<Run> {
    let mut spans: Vec<(Said, RangeInclusive<usize>)> = Vec::new();
    for (index, outcome) in comparison.pages.iter().enumerate() {
        let said = Said::of(index, outcome);
        match spans.last_mut() {
            Some((same, span)) if *same == said => *span = *span.start()..=index,
            _ => spans.push((said, index..=index)),
        }
    }
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    spans
        .into_iter()
        .map(|(said, span)| {
            let pages = number(span.end() - span.start() + 1);
            Run {
                pages: words.fill(
                    "compare-pages",
                    [
                        ("pages", pages.into()),
                        ("first", number(span.start() + 1).into()),
                        ("last", number(span.end() + 1).into()),
                    ],
                ),
                said: said.text(words, pages, comparison),
                mood: said.mood(),
                link: matches!(said, Said::Shown(_)).then(|| anchor(*span.start())),
            }
        })
        .collect()
}

/// The name of the place where a page is shown.
pub(super) fn anchor(index: usize) -> String {
    format!("p{}", index + 1)
}
