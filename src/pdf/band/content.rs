//! A content stream, read to its end (ISO 32000-2, 7.8.2) to learn how it ends.
//!
//! What follows a page's contents is drawn in the state in which they end. Where every reader must
//! come to the same end, operators can close what is open; where two readers could disagree, the
//! contents are [`Ending::Unruly`] and have to be enclosed in a form of their own.

use super::operators::{self, Effect};
use super::scanner::{Scanner, Token};
use crate::model::Deadline;
use crate::pdf::PdfError;

/// `q` levels that every reader can hold.
const MAX_SAVES: usize = 200;

/// Operands that every reader can hold for one operator.
const MAX_OPERANDS: usize = 32;

/// Tokens between two looks at the deadline.
const TOKENS_PER_LOOK: u32 = 8192;

/// How contents end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// At operator level, with text objects, marked content and images closed and `q`/`Q` never
    /// below zero.
    Orderly {
        /// `q` without `Q`.
        open_saves: usize,
    },
    /// In any other way.
    Unruly {
        /// What closes text objects, marked content and unfinished tokens, as far as can be told.
        /// Nothing where only the operators themselves are odd.
        closing: Vec<u8>,
    },
}

/// Reads `content` to its end.
///
/// # Errors
/// [`PdfError::OutOfTime`].
pub(super) fn ending(content: &[u8], deadline: &Deadline) -> Result<Ending, PdfError> {
    let mut state = State::default();
    let mut scanner = Scanner::new(content);
    let mut until_look = TOKENS_PER_LOOK;
    while let Some(token) = scanner.next_token() {
        state.take(token, &mut scanner);
        // An inline image may take as long as thousands of other tokens.
        until_look = until_look.saturating_sub(if token == Token::Keyword(b"BI") {
            TOKENS_PER_LOOK
        } else {
            1
        });
        if until_look == 0 {
            if deadline.has_passed() {
                return Err(PdfError::OutOfTime);
            }
            until_look = TOKENS_PER_LOOK;
        }
    }
    Ok(state.end(&scanner))
}

/// What is open at a point of the contents.
#[derive(Default)]
struct State {
    saves: usize,
    in_text: bool,
    marked: usize,
    compatibility: usize,
    /// Arrays (`[`) and dictionaries (`<`).
    containers: Vec<u8>,
    operands: usize,
    odd: bool,
}

impl State {
    fn take(&mut self, token: Token<'_>, scanner: &mut Scanner<'_>) {
        match token {
            Token::Operand => self.operand(),
            Token::Open(kind) => {
                // Deep nesting is refused by readers, each at a depth of its own.
                self.odd |= self.containers.len() > 32;
                self.containers.push(kind);
            }
            Token::Close(kind) => {
                if self.containers.pop() == Some(kind) {
                    self.operand();
                } else {
                    self.odd = true;
                }
            }
            Token::Keyword(b"true" | b"false" | b"null") => self.operand(),
            Token::Keyword(operator) if self.containers.is_empty() => {
                self.operator(operator, scanner);
                self.operands = 0;
            }
            Token::Keyword(_) | Token::Odd => self.odd = true,
        }
    }

    fn operand(&mut self) {
        if self.containers.is_empty() {
            self.operands += 1;
            self.odd |= self.operands > MAX_OPERANDS;
        }
    }

    fn operator(&mut self, operator: &[u8], scanner: &mut Scanner<'_>) {
        match operators::effect(operator) {
            Some(Effect::None) => {}
            Some(Effect::Save) => {
                self.saves += 1;
                self.odd |= self.saves > MAX_SAVES;
            }
            Some(Effect::Restore) => match self.saves.checked_sub(1) {
                Some(saves) => self.saves = saves,
                None => self.odd = true,
            },
            Some(Effect::BeginText) => {
                self.odd |= self.in_text;
                self.in_text = true;
            }
            Some(Effect::EndText) => {
                self.odd |= !self.in_text;
                self.in_text = false;
            }
            Some(Effect::BeginMarked) => self.marked += 1,
            Some(Effect::EndMarked) => match self.marked.checked_sub(1) {
                Some(marked) => self.marked = marked,
                None => self.odd = true,
            },
            Some(Effect::BeginCompatibility) => self.compatibility += 1,
            Some(Effect::EndCompatibility) => match self.compatibility.checked_sub(1) {
                Some(open) => self.compatibility = open,
                None => self.odd = true,
            },
            Some(Effect::InlineImage) => self.odd |= !scanner.skip_inline_image(),
            // In a compatibility section, operators may be unknown.
            None => self.odd |= self.compatibility == 0,
        }
    }

    fn end(self, scanner: &Scanner<'_>) -> Ending {
        let mut closing = scanner.closing();
        for container in self.containers.iter().rev() {
            let end: &[u8] = if *container == b'[' { b"]" } else { b">>" };
            closing.extend(end);
        }
        if self.in_text {
            closing.extend(b"\nET");
        }
        for _ in 0..self.marked {
            closing.extend(b"\nEMC");
        }
        if !self.odd && self.operands == 0 && self.compatibility == 0 && closing.is_empty() {
            Ending::Orderly {
                open_saves: self.saves,
            }
        } else {
            Ending::Unruly { closing }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(content: &str) -> Ending {
        ending(content.as_bytes(), &Deadline::never()).unwrap()
    }

    fn orderly(open_saves: usize) -> Ending {
        Ending::Orderly { open_saves }
    }

    fn unruly(closing: &str) -> Ending {
        Ending::Unruly {
            closing: closing.as_bytes().to_vec(),
        }
    }

    #[test]
    fn plain_contents_end_orderly() {
        assert_eq!(of(""), orderly(0));
        assert_eq!(
            of("q 1 0 0 1 72 720 cm BT /F1 12 Tf (a \\) (b) c) Tj [(x) -.5 <41 42>] TJ ET Q"),
            orderly(0)
        );
        assert_eq!(
            of("/P <</MCID 0 /A [1 null true]>> BDC 0 0 1 rg f* EMC % (\n"),
            orderly(0)
        );
        assert_eq!(of("BX 1 /Odd thing EX"), orderly(0));
    }

    #[test]
    fn open_saves_are_counted() {
        assert_eq!(of("q q 0 0 1 1 re W n Q q"), orderly(2));
    }

    #[test]
    fn what_is_open_is_closed_in_the_right_order() {
        assert_eq!(of("q Q Q"), unruly(""));
        assert_eq!(of("BT /F1 12 Tf"), unruly("\nET"));
        assert_eq!(of("/OC /L BDC /P BMC"), unruly("\nEMC\nEMC"));
        assert_eq!(of("BT (abc (d)"), unruly(")\nET"));
        assert_eq!(of("(abc \\"), unruly(" )"));
        assert_eq!(of("<4142"), unruly(">"));
        assert_eq!(of("[ << /A [ (x)"), unruly("]>>]"));
        assert_eq!(of("EMC"), unruly(""));
        assert_eq!(of("ET"), unruly(""));
    }

    #[test]
    fn pending_operands_are_unruly() {
        assert_eq!(of("1 0 0"), unruly(""));
    }

    #[test]
    fn whatever_two_readers_could_read_differently_is_unruly() {
        for content in [
            "5q",
            "qQ",
            "q 1w Q",
            "{ } f",
            ") f",
            "> f",
            "<4G> Tj",
            "[ f ]",
            "/A << f >> BDC EMC",
            "1e5 w",
            "EX",
            "\u{1}\u{2}\u{3}",
            "[ (a) >> Tj",
        ] {
            assert_eq!(of(content), unruly(""), "{content}");
        }
    }

    #[test]
    fn an_inline_image_of_the_declared_length_is_orderly() {
        assert_eq!(
            of("q BI /W 4 /H 2 /BPC 8 /CS /G ID 12345678 EI Q"),
            orderly(0)
        );
        assert_eq!(of("BI /W 9 /H 2 /IM true ID abcd\nEI"), orderly(0));
    }

    #[test]
    fn an_inline_image_of_any_other_length_is_unruly() {
        for content in [
            "BI /W 4 /H 2 /BPC 8 /CS /G ID 123456 EI",
            "BI /W 400 /H 200 /BPC 8 /CS /G ID 1234567 EI",
            "BI /W 4 /H 2 /BPC 8 /CS /G ID 12 EI 78 EI",
            "BI /W 4 /H 2 /BPC 8 /CS /Named ID 12345678 EI",
            "BI /W 4 /W 4 /H 2 /BPC 8 /CS /G ID 12345678 EI",
            "BI /W 4 /H 2 /BPC 8 /CS /G /F /DCT ID 12345678 EI",
        ] {
            assert_eq!(of(content), unruly(""), "{content}");
        }
        assert_eq!(of("BI /W 4 /H 2 ID 1234"), unruly("\nEI"));
    }

    #[test]
    fn a_deflated_inline_image_of_the_declared_length_is_orderly() {
        use std::io::Write as _;
        let mut encoder =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&[7; 8]).unwrap();
        let data = encoder.finish().unwrap();
        let mut content = b"BI /W 4 /H 2 /BPC 8 /CS /G /F /Fl ID ".to_vec();
        content.extend(&data);
        content.extend(b"\nEI\n");
        let deadline = Deadline::never();
        assert_eq!(ending(&content, &deadline), Ok(orderly(0)));
        let longer = content.iter().map(|b| if *b == b'2' { b'3' } else { *b });
        let longer: Vec<u8> = longer.collect();
        assert_eq!(ending(&longer, &deadline), Ok(unruly("")));
    }

    #[test]
    fn the_deadline_is_looked_at() {
        let expired = Deadline::new(|| true);
        let content = "q Q ".repeat(10_000);
        assert_eq!(
            ending(content.as_bytes(), &expired),
            Err(PdfError::OutOfTime)
        );
    }

    #[test]
    fn any_bytes_come_to_an_end() {
        let mut seed = 1u32;
        let mut content = Vec::new();
        for _ in 0..50_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let alphabet = b"()<>[]{}/% \n\\0123qQBTEIDMCWn.-+'\"\xFF\0";
            content.push(alphabet[seed as usize % alphabet.len()]);
        }
        for start in (0..content.len()).step_by(997) {
            assert!(ending(&content[start..], &Deadline::never()).is_ok());
        }
    }
}
