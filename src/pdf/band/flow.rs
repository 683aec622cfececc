//! Text broken into lines.

use super::Legend;
use crate::pdf::PdfError;
use crate::pdf::typeface::{Style, Typeface};

/// Stands between segments on the same line.
const SEPARATOR: &str = " · ";

/// Space before and after the words of the test mark inside its black box, and before the box.
pub(super) const MARK_PADDING: f64 = 3.5;
const MARK_GAP: f64 = 9.0;

/// What cannot be broken.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Atom {
    /// A word.
    Word(Style, String),
    /// The page number, drawn page by page; the template holds `{n}` and `{m}`.
    PageNumber(String),
    /// The test mark, white in a black box.
    Mark(String),
}

/// Words that stay on one line when they can. Between segments stands a middle dot, which a line
/// break replaces.
pub(super) type Segment = Vec<Atom>;

/// Type sizes, points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sizes {
    /// Of text.
    pub(super) text: f64,
    /// Of the code.
    pub(super) code: f64,
}

/// A piece of a line, set in one style.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Distance from the start of the line, points.
    pub(super) x: f64,
    /// Points.
    pub(super) width: f64,
    pub(super) atom: Atom,
}

/// One line.
pub(super) type Line = Vec<Piece>;

/// Breaks text into lines of a given width.
pub(super) struct Flow<'a> {
    pub(super) typeface: &'a Typeface,
    pub(super) sizes: Sizes,
    /// Width of the column, points.
    pub(super) width: f64,
    /// Digits of the number of pages.
    pub(super) digits: usize,
    lines: Vec<Line>,
    /// Where the last line ends.
    end: f64,
}

impl<'a> Flow<'a> {
    /// An empty column.
    pub(super) fn new(typeface: &'a Typeface, sizes: Sizes, width: f64, digits: usize) -> Self {
        Self {
            typeface,
            sizes,
            width,
            digits,
            lines: Vec::new(),
            end: 0.0,
        }
    }

    /// The lines so far.
    pub(super) fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    /// Sets a paragraph from a new line on.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`].
    pub(super) fn paragraph(&mut self, segments: &[Segment]) -> Result<(), PdfError> {
        self.new_line();
        for (index, segment) in segments.iter().enumerate() {
            if index > 0 {
                self.separate(segment)?;
            }
            for (index, atom) in segment.iter().enumerate() {
                self.atom(atom, index > 0)?;
            }
        }
        Ok(())
    }

    fn new_line(&mut self) {
        self.lines.push(Line::new());
        self.end = 0.0;
    }

    /// Goes on with a middle dot if all of `segment` fits, or else on a new line.
    fn separate(&mut self, segment: &Segment) -> Result<(), PdfError> {
        let mut needed = 0.0;
        for (index, atom) in segment.iter().enumerate() {
            needed += self.atom_width(atom)? + if index > 0 { self.space()? } else { 0.0 };
        }
        let boxed = matches!(segment.first(), Some(Atom::Mark(_)));
        let after_box = matches!(
            self.lines.last().and_then(|line| line.last()),
            Some(Piece {
                atom: Atom::Mark(_),
                ..
            })
        );
        let style = match self.lines.last().and_then(|line| line.last()) {
            Some(Piece {
                atom: Atom::Word(Style::Bold, _),
                ..
            }) => Style::Bold,
            _ => Style::Text,
        };
        let dot = Atom::Word(style, SEPARATOR.trim().to_owned());
        let gap = if boxed || after_box {
            MARK_GAP
        } else {
            self.space()? * 2.0 + self.atom_width(&dot)?
        };
        if self.end + gap + needed > self.width {
            self.new_line();
        } else if boxed || after_box {
            self.end += MARK_GAP;
        } else {
            self.atom(&dot, true)?;
            self.end += self.space()?;
        }
        Ok(())
    }

    /// Sets one atom, after a space or not, on the next line if it does not fit.
    fn atom(&mut self, atom: &Atom, after_space: bool) -> Result<(), PdfError> {
        let width = self.atom_width(atom)?;
        let space = if after_space && self.end > 0.0 {
            self.space()?
        } else {
            0.0
        };
        if self.end > 0.0 && self.end + space + width > self.width {
            self.new_line();
        } else {
            self.end += space;
        }
        if width > self.width
            && let Atom::Word(style, word) = atom
            && *style != Style::Code
        {
            return self.long_word(*style, word);
        }
        self.place(atom.clone(), width);
        Ok(())
    }

    fn place(&mut self, atom: Atom, width: f64) {
        let piece = Piece {
            x: self.end,
            width,
            atom,
        };
        self.end += width;
        match self.lines.last_mut() {
            Some(line) => line.push(piece),
            None => self.lines.push(vec![piece]),
        }
    }

    /// Breaks a word that is wider than the column wherever the column ends.
    fn long_word(&mut self, style: Style, word: &str) -> Result<(), PdfError> {
        let mut part = String::new();
        let mut width = 0.0;
        for character in word.chars() {
            let advance = self
                .typeface
                .width(style, character.encode_utf8(&mut [0; 4]))?
                * self.sizes.text;
            if !part.is_empty() && self.end + width + advance > self.width {
                self.place(Atom::Word(style, std::mem::take(&mut part)), width);
                self.new_line();
                width = 0.0;
            }
            part.push(character);
            width += advance;
        }
        self.place(Atom::Word(style, part), width);
        Ok(())
    }

    fn space(&self) -> Result<f64, PdfError> {
        Ok(self.typeface.width(Style::Text, " ")? * self.sizes.text)
    }

    /// Width of `atom`, points.
    pub(super) fn atom_width(&self, atom: &Atom) -> Result<f64, PdfError> {
        let text = self.sizes.text;
        Ok(match atom {
            Atom::Word(Style::Code, word) => {
                self.typeface.width(Style::Code, word)? * self.sizes.code
            }
            Atom::Word(style, word) => self.typeface.width(*style, word)? * text,
            Atom::PageNumber(template) => {
                let widest = page_number(template, "0".repeat(self.digits).as_str());
                self.typeface.width(Style::Text, &widest)? * text
            }
            Atom::Mark(words) => {
                self.typeface.width(Style::Bold, words)? * text + 2.0 * MARK_PADDING
            }
        })
    }
}

/// The template with the same digits for page and pages.
fn page_number(template: &str, digits: &str) -> String {
    template.replace("{n}", digits).replace("{m}", digits)
}

/// `text` cut at its middle dots, in one style.
pub(super) fn segments(style: Style, text: &str) -> Vec<Segment> {
    text.split(SEPARATOR)
        .map(|segment| words(style, segment))
        .filter(|segment: &Segment| !segment.is_empty())
        .collect()
}

/// The words of `text`, in one style. A short parenthesis, such as `(NIF P0800000A)`, is one word.
pub(super) fn words(style: Style, text: &str) -> Segment {
    const LONGEST: usize = 24;
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(open)
                if open.starts_with('(')
                    && !open.ends_with(')')
                    && open.chars().count() + word.chars().count() < LONGEST =>
            {
                open.push(' ');
                open.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
        .into_iter()
        .map(|word| Atom::Word(style, word))
        .collect()
}

/// The paragraphs of the band in full.
pub(super) fn full(legend: &Legend) -> Vec<Vec<Segment>> {
    let mut code = words(Style::Text, &legend.code_label);
    code.push(Atom::Word(Style::Code, legend.code.clone()));
    let mut code = vec![code];
    code.extend(mark(legend));
    // `issued` ends with the separator that leads to the page number.
    let issued = legend.issued.trim_end_matches(['·', ' ']);
    let mut issued = segments(Style::Text, issued);
    issued.push(vec![Atom::PageNumber(legend.page.clone())]);
    vec![
        segments(Style::Bold, &legend.title),
        code,
        vec![words(Style::Text, &legend.check)],
        issued,
    ]
}

/// The one paragraph of the compact band.
pub(super) fn compact(legend: &Legend) -> Vec<Vec<Segment>> {
    let mut paragraph: Vec<Segment> = mark(legend).into_iter().collect();
    let mut has_code = false;
    for segment in legend.compact.split(SEPARATOR) {
        if segment.contains("{n}") || segment.contains("{m}") {
            paragraph.push(vec![Atom::PageNumber(segment.trim().to_owned())]);
        } else if let Some((before, after)) = segment.split_once(&legend.code) {
            let mut atoms = words(Style::Text, before);
            atoms.push(Atom::Word(Style::Code, legend.code.clone()));
            atoms.extend(words(Style::Text, after));
            paragraph.push(atoms);
            has_code = true;
        } else {
            paragraph.push(words(Style::Text, segment));
        }
    }
    if !has_code {
        paragraph.push(vec![Atom::Word(Style::Code, legend.code.clone())]);
    }
    paragraph.retain(|segment| !segment.is_empty());
    vec![paragraph]
}

fn mark(legend: &Legend) -> Option<Segment> {
    let mark = legend.test_mark.as_ref()?;
    Some(vec![Atom::Mark(mark.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: Sizes = Sizes {
        text: 8.0,
        code: 10.0,
    };

    fn text(line: &Line) -> String {
        line.iter()
            .map(|piece| match &piece.atom {
                Atom::Word(_, text) | Atom::PageNumber(text) | Atom::Mark(text) => text.as_str(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn set(width: f64, paragraph: &[Segment]) -> Vec<String> {
        let typeface =
            Typeface::covering("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").unwrap();
        let mut flow = Flow::new(&typeface, SIZES, width, 2);
        flow.paragraph(paragraph).unwrap();
        for line in &flow.lines {
            let end = line.last().map_or(0.0, |piece| piece.x + piece.width);
            assert!(end <= width + 1e-9, "{line:?}");
        }
        flow.lines.iter().map(text).collect()
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        let lines = set(
            500.0,
            &segments(Style::Text, "Kind of copy · Organ (NIF P1)"),
        );
        assert_eq!(lines, ["Kind of copy · Organ (NIF P1)"]);
    }

    #[test]
    fn a_line_breaks_at_a_middle_dot_and_drops_it() {
        let lines = set(
            90.0,
            &segments(Style::Text, "Kind of copy · Organ (NIF P1)"),
        );
        assert_eq!(lines, ["Kind of copy", "Organ (NIF P1)"]);
    }

    #[test]
    fn a_segment_too_long_for_a_line_breaks_between_words() {
        let lines = set(
            60.0,
            &segments(Style::Text, "Kind · Organ with a long name"),
        );
        assert_eq!(lines, ["Kind", "Organ with a", "long name"]);
    }

    #[test]
    fn a_short_parenthesis_is_not_broken() {
        let lines = set(80.0, &segments(Style::Text, "Some organ (NIF P1234)"));
        assert_eq!(lines, ["Some organ", "(NIF P1234)"]);
    }

    #[test]
    fn a_word_wider_than_the_column_is_broken() {
        let lines = set(60.0, &segments(Style::Text, "a incomprehensibilities b"));
        assert_eq!(lines, ["a", "incomprehensi", "bilities b"]);
    }

    #[test]
    fn a_code_is_never_broken() {
        let code = Atom::Word(Style::Code, "K7Q2-9FHM-3XTD".to_owned());
        let mut paragraph = words(Style::Text, "Code of verification");
        paragraph.push(code);
        assert_eq!(
            set(100.0, &[paragraph]),
            ["Code of verification", "K7Q2-9FHM-3XTD"]
        );
    }

    #[test]
    fn room_is_kept_for_the_longest_page_number() {
        let paragraph = [vec![Atom::PageNumber("Page {n} of {m}".to_owned())]];
        let typeface = Typeface::covering("Page of").unwrap();
        let width = |digits| {
            let mut flow = Flow::new(&typeface, SIZES, 300.0, digits);
            flow.paragraph(&paragraph).unwrap();
            flow.lines[0][0].width
        };
        assert!(width(4) > width(1) + 8.0);
    }
}
