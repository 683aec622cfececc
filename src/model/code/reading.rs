//! Finding a code in what people type, paste and scan.
//!
//! The words of a legend are made of the same letters as a code, so nothing can be told from the
//! letters alone. The text is cut into words; a code is one word of 24 symbols, or neighbouring words
//! of 24 symbols in all with nothing but separators between them. Shape and checks decide.

use super::symbol::Symbol;
use super::{Code, CodeError, GROUP, LENGTH, Place};

/// Longest text looked at, in characters: a legend has some 400.
const LONGEST_TEXT: usize = 16_384;

/// Most letters and digits in a text that is still taken for an attempt to type just a code.
const LONGEST_ATTEMPT: usize = 40;

/// What stands before a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A hyphen, dash or dot, spaces around it or not.
    Dash,
    /// Spaces or line breaks only.
    Space,
    /// Anything that never stands inside a code, or the start of the text.
    Break,
}

/// A run of letters and digits.
struct Word {
    before: Gap,
    letters: Vec<char>,
}

/// How much like a code neighbouring words look, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// Six groups of four joined by dashes, or one word of 24.
    Printed,
    /// Six groups of four.
    Grouped,
    /// 24 letters and digits.
    Loose,
}

/// Neighbouring words of 24 letters and digits in all.
struct Candidate {
    shape: Shape,
    reading: Result<Code, CodeError>,
    /// It is all the text.
    whole: bool,
}

pub(super) fn read(text: &str) -> Result<Code, CodeError> {
    let words = words_of(text);
    let candidates = candidates_in(&words);
    for shape in [Shape::Printed, Shape::Grouped, Shape::Loose] {
        let mut codes = candidates
            .iter()
            .filter(|candidate| candidate.shape == shape)
            .filter_map(|candidate| candidate.reading.as_ref().ok());
        if let Some(code) = codes.next() {
            return if codes.all(|other| other == code) {
                Ok(code.clone())
            } else {
                Err(CodeError::Several)
            };
        }
    }
    Err(explain(&words, &candidates))
}

fn words_of(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut gap = Some(Gap::Break);
    for written in text.chars().take(LONGEST_TEXT) {
        if is_invisible(written) {
            continue;
        }
        let letter = half_width(written);
        if letter.is_alphanumeric() {
            match (gap.take(), words.last_mut()) {
                (None, Some(word)) => word.letters.push(letter),
                (before, _) => words.push(Word {
                    before: before.unwrap_or(Gap::Break),
                    letters: vec![letter],
                }),
            }
        } else {
            gap = Some(match (gap, gap_of(letter)) {
                (Some(Gap::Break), _) | (_, Gap::Break) => Gap::Break,
                (Some(Gap::Dash), _) | (_, Gap::Dash) => Gap::Dash,
                _ => Gap::Space,
            });
        }
    }
    words
}

/// Characters without width, which copying from a document or a page may leave behind.
fn is_invisible(written: char) -> bool {
    matches!(written, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// The ASCII form of a full-width character, as some keyboards type it.
fn half_width(written: char) -> char {
    match written {
        '\u{FF01}'..='\u{FF5E}' => u32::from(written)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(written),
        other => other,
    }
}

fn gap_of(separator: char) -> Gap {
    match separator {
        '-'
        | '.'
        | '_'
        | '·'
        | '•'
        | '\u{00AD}'
        | '\u{058A}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{30FB}'
        | '\u{FE58}'
        | '\u{FE63}' => Gap::Dash,
        other if other.is_whitespace() => Gap::Space,
        _ => Gap::Break,
    }
}

/// All runs of neighbouring words, nothing but separators between them, with 24 letters in all.
fn candidates_in(words: &[Word]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (start, first) in words.iter().enumerate() {
        let mut run: Vec<&Word> = vec![first];
        let mut length = first.letters.len();
        for word in words.iter().skip(start + 1) {
            if length >= LENGTH || word.before == Gap::Break {
                break;
            }
            length += word.letters.len();
            run.push(word);
        }
        if length == LENGTH {
            candidates.push(Candidate {
                shape: shape_of(&run),
                reading: code_of(&run),
                whole: run.len() == words.len(),
            });
        }
    }
    candidates
}

fn shape_of(run: &[&Word]) -> Shape {
    let joined = |gap| run.iter().skip(1).all(|word| word.before == gap);
    let grouped = run.iter().all(|word| word.letters.len() == GROUP);
    if run.len() == 1 || grouped && joined(Gap::Dash) {
        Shape::Printed
    } else if grouped {
        Shape::Grouped
    } else {
        Shape::Loose
    }
}

fn code_of(run: &[&Word]) -> Result<Code, CodeError> {
    let letters = run.iter().flat_map(|word| word.letters.iter().copied());
    let mut symbols = [Symbol::ZERO; LENGTH];
    for (index, (place, letter)) in symbols.iter_mut().zip(letters).enumerate() {
        *place = match (Symbol::of_char(letter), Place::of_index(index)) {
            (Some(symbol), _) => symbol,
            (None, Some(place)) => {
                return Err(CodeError::InvalidSymbol {
                    symbol: letter,
                    place,
                });
            }
            (None, None) => return Err(CodeError::Mistyped { place: None }),
        };
    }
    Code::of_symbols(symbols)
}

/// Why the text contains no code, in terms of what in it looks most like one.
fn explain(words: &[Word], candidates: &[Candidate]) -> CodeError {
    let letters: usize = words.iter().map(|word| word.letters.len()).sum();
    if letters == 0 {
        return CodeError::Empty;
    }
    // Words of running text only seem a code whose one wrong symbol can be located.
    let attempts = candidates.iter().filter_map(|candidate| {
        let error = candidate.reading.as_ref().err()?;
        let located = matches!(error, CodeError::Mistyped { place: Some(_) });
        let meant = match candidate.shape {
            Shape::Printed => true,
            Shape::Grouped => candidate.whole || located,
            Shape::Loose => candidate.whole,
        };
        meant.then_some(((candidate.shape, !located), *error))
    });
    if let Some((_, error)) = attempts.min_by_key(|(rank, _)| *rank) {
        return error;
    }
    match near_miss(words) {
        Some(found) => CodeError::WrongLength { found },
        None if letters <= LONGEST_ATTEMPT => CodeError::WrongLength { found: letters },
        None => CodeError::NoCode,
    }
}

/// The length of the first thing with digits that is printed like a code and is one to four symbols
/// too short or too long.
fn near_miss(words: &[Word]) -> Option<usize> {
    let mut runs: Vec<Vec<&Word>> = Vec::new();
    for word in words {
        match runs.last_mut() {
            Some(run) if word.before == Gap::Dash => run.push(word),
            _ => runs.push(vec![word]),
        }
    }
    runs.iter()
        .filter(|run| run.len() == 1 || run.len() >= LENGTH / GROUP - 1)
        .filter(|run| {
            run.iter()
                .any(|word| word.letters.iter().any(char::is_ascii_digit))
        })
        .map(|run| run.iter().map(|word| word.letters.len()).sum())
        .find(|found: &usize| found.abs_diff(LENGTH) <= GROUP)
}
