//! Blocks laid out on pages: each becomes strips as wide as the page, which are filled in from the top
//! and never torn apart.

use super::text::Setting;
use super::{Block, Document, Entry, Sign};
use crate::pdf::PdfError;
use crate::pdf::typeface::{Style, Typeface};

/// ISO A4, points.
pub(super) const WIDTH: f64 = 595.276;
/// ISO A4, points.
pub(super) const HEIGHT: f64 = 841.89;

const SIDE: f64 = 62.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 40.0;
const MEASURE: f64 = WIDTH - 2.0 * SIDE;

/// Where the values of data begin, from the left edge of the column.
const VALUES: f64 = 148.0;
/// How far the text of steps is set in.
const INDENT: f64 = 20.0;
/// The ground of the result reaches so far around its text.
const PADDING: f64 = 16.0;
/// The sign beside the result.
const SIGN: f64 = 26.0;

const BLACK: f64 = 0.0;
const QUIET: f64 = 0.33;
const HAIRLINE: f64 = 0.78;
const GROUND: f64 = 0.955;

const fn setting(style: Style, size: f64, leading: f64, gray: f64) -> Setting {
    Setting {
        style,
        size,
        leading,
        gray,
    }
}

const NAME: Setting = setting(Style::Bold, 12.5, 16.0, BLACK);
const IDENTIFIER: Setting = setting(Style::Text, 9.0, 13.0, QUIET);
const TITLE: Setting = setting(Style::Bold, 25.0, 31.0, BLACK);
const LEAD: Setting = setting(Style::Text, 10.5, 15.5, QUIET);
const RESULT: Setting = setting(Style::Bold, 15.0, 20.0, BLACK);
const RESULT_TEXT: Setting = setting(Style::Text, 10.0, 14.5, BLACK);
const HEADING: Setting = setting(Style::Bold, 11.0, 15.0, BLACK);
const LABEL: Setting = setting(Style::Text, 9.5, 14.0, QUIET);
const VALUE: Setting = setting(Style::Text, 10.0, 14.0, BLACK);
const LITERAL: Setting = setting(Style::Code, 10.0, 14.0, BLACK);
/// For a literal that would not fit on a line otherwise, such as a digest.
const LONG_LITERAL: Setting = setting(Style::Code, 8.0, 14.0, BLACK);
const STEP: Setting = setting(Style::Text, 10.0, 14.5, BLACK);
const STEP_NUMBER: Setting = setting(Style::Bold, 10.0, 14.5, BLACK);
const NOTE: Setting = setting(Style::Text, 8.5, 12.5, QUIET);

/// A structure element (ISO 32000-2, 14.8.4); its parent is among those before it.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) tag: &'static str,
    pub(super) parent: Option<usize>,
}

/// Something drawn. Ordinates count upwards from the foot of the page.
#[derive(Debug)]
pub(super) enum Mark {
    /// A line of text of an element.
    Text {
        x: f64,
        y: f64,
        setting: Setting,
        text: String,
        element: usize,
    },
    /// A filled rectangle.
    Area {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        gray: f64,
    },
    /// A sign in a square of this side, its lower left corner here.
    Sign {
        x: f64,
        y: f64,
        side: f64,
        sign: Sign,
    },
}

/// The marks of each page, and the elements that they belong to.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) pages: Vec<Vec<Mark>>,
    pub(super) elements: Vec<Element>,
}

/// A part of a page that is never torn apart. Ordinates of its marks count from its top, downwards being
/// negative.
#[derive(Default)]
struct Strip {
    /// Space above, unless it is the first of its page.
    gap: f64,
    height: f64,
    /// It stays with what follows.
    heads: bool,
    marks: Vec<Mark>,
}

/// Lays a document out.
pub(super) fn lay_out(document: &Document, typeface: &Typeface) -> Result<Layout, PdfError> {
    let mut setter = Setter {
        typeface,
        elements: vec![Element {
            tag: "Document",
            parent: None,
        }],
        strips: Vec::new(),
    };
    setter.letterhead(document)?;
    for block in &document.blocks {
        setter.block(block)?;
    }
    Ok(Layout {
        pages: paginate(setter.strips),
        elements: setter.elements,
    })
}

/// Fills pages with strips.
fn paginate(strips: Vec<Strip>) -> Vec<Vec<Mark>> {
    let mut pages = vec![Vec::new()];
    let mut y = HEIGHT - TOP;
    let mut strips = strips.into_iter().peekable();
    while let Some(strip) = strips.next() {
        let first = pages.last().is_none_or(Vec::is_empty);
        let gap = if first { 0.0 } else { strip.gap };
        let with_next = match strips.peek() {
            Some(next) if strip.heads => next.gap + next.height,
            _ => 0.0,
        };
        if !first && y - gap - strip.height - with_next < BOTTOM {
            pages.push(Vec::new());
            y = HEIGHT - TOP;
        } else {
            y -= gap;
        }
        if let Some(page) = pages.last_mut() {
            page.extend(strip.marks.into_iter().map(|mark| mark.lowered_to(y)));
        }
        y -= strip.height;
    }
    pages
}

impl Mark {
    fn lowered_to(mut self, top: f64) -> Self {
        match &mut self {
            Self::Text { y, .. } | Self::Area { y, .. } | Self::Sign { y, .. } => *y += top,
        }
        self
    }
}

struct Setter<'a> {
    typeface: &'a Typeface,
    elements: Vec<Element>,
    strips: Vec<Strip>,
}

impl Setter<'_> {
    /// A new element inside `parent`.
    fn element(&mut self, tag: &'static str, parent: usize) -> usize {
        self.elements.push(Element {
            tag,
            parent: Some(parent),
        });
        self.elements.len() - 1
    }

    /// The baseline of the `line`th line, from the top of the text.
    fn baseline(&self, setting: Setting, line: usize) -> f64 {
        // The capitals of a line stand in the middle of its height.
        let inside =
            (setting.leading + self.typeface.cap_height(setting.style) * setting.size) / 2.0;
        -(setting.leading * line as f64) - inside
    }

    /// The lines of a text at `x`, from `top` downwards, and the height that they take.
    fn column(
        &self,
        marks: &mut Vec<Mark>,
        text: &str,
        setting: Setting,
        (x, top): (f64, f64),
        measure: f64,
        element: usize,
    ) -> Result<f64, PdfError> {
        let lines = setting.lines(self.typeface, text, measure)?;
        let height = setting.leading * lines.len() as f64;
        for (number, text) in lines.into_iter().enumerate() {
            marks.push(Mark::Text {
                x,
                y: top + self.baseline(setting, number),
                setting,
                text,
                element,
            });
        }
        Ok(height)
    }

    fn letterhead(&mut self, document: &Document) -> Result<(), PdfError> {
        let head = &document.letterhead;
        let element = self.element("P", 0);
        let mut strip = Strip::default();
        let service = IDENTIFIER.width(self.typeface, &head.service)?;
        let measure = (MEASURE - service - 24.0).max(MEASURE / 2.0);
        let mut height = 0.0;
        for (text, setting) in [(&head.name, NAME), (&head.identifier, IDENTIFIER)] {
            let at = (SIDE, -height);
            height += self.column(&mut strip.marks, text, setting, at, measure, element)?;
        }
        let element = self.element("P", 0);
        let at = (WIDTH - SIDE - service.min(MEASURE / 2.0), -1.5);
        let service = &head.service;
        self.column(
            &mut strip.marks,
            service,
            IDENTIFIER,
            at,
            MEASURE / 2.0,
            element,
        )?;
        strip.height = height + 10.0;
        strip.marks.push(rule(-strip.height, 1.4, BLACK));
        self.strips.push(strip);
        Ok(())
    }

    fn block(&mut self, block: &Block) -> Result<(), PdfError> {
        match block {
            Block::Title(text) => self.paragraph("H1", text, TITLE, 26.0, true),
            Block::Lead(text) => self.paragraph("P", text, LEAD, 8.0, false),
            Block::Result { sign, title, text } => self.result(*sign, title, text),
            Block::Heading(text) => self.heading(text),
            Block::Data(entries) => self.data(entries),
            Block::Steps(steps) => self.steps(steps),
            Block::Note(text) => self.note(text),
        }
    }

    /// Paragraphs may go on overleaf.
    fn paragraph(
        &mut self,
        tag: &'static str,
        text: &str,
        setting: Setting,
        gap: f64,
        heads: bool,
    ) -> Result<(), PdfError> {
        let element = self.element(tag, 0);
        let lines = setting.lines(self.typeface, text, MEASURE)?;
        for (number, text) in lines.into_iter().enumerate() {
            let mark = Mark::Text {
                x: SIDE,
                y: self.baseline(setting, 0),
                setting,
                text,
                element,
            };
            self.strips.push(Strip {
                gap: if number == 0 { gap } else { 0.0 },
                height: setting.leading,
                heads,
                marks: vec![mark],
            });
        }
        Ok(())
    }

    /// A note is short and stays in one piece.
    fn note(&mut self, text: &str) -> Result<(), PdfError> {
        let element = self.element("P", 0);
        let mut marks = Vec::new();
        let height = self.column(&mut marks, text, NOTE, (SIDE, 0.0), MEASURE, element)?;
        self.strips.push(Strip {
            gap: 18.0,
            height,
            heads: false,
            marks,
        });
        Ok(())
    }

    fn result(&mut self, sign: Sign, title: &str, text: &[String]) -> Result<(), PdfError> {
        let x = SIDE + PADDING + SIGN + 14.0;
        let measure = WIDTH - SIDE - PADDING - x;
        let mut marks = Vec::new();
        let mut height = PADDING - 2.0;
        let element = self.element("H2", 0);
        height += self.column(&mut marks, title, RESULT, (x, -height), measure, element)?;
        for paragraph in text {
            height += 4.0;
            let element = self.element("P", 0);
            let at = (x, -height);
            height += self.column(&mut marks, paragraph, RESULT_TEXT, at, measure, element)?;
        }
        height = (height + PADDING - 2.0).max(SIGN + 2.0 * PADDING);
        let area = |width, gray| Mark::Area {
            x: SIDE,
            y: -height,
            width,
            height,
            gray,
        };
        let mut ground = vec![area(MEASURE, GROUND), area(3.5, BLACK)];
        ground.push(Mark::Sign {
            x: SIDE + PADDING + 3.0,
            y: -PADDING - SIGN + 3.0,
            side: SIGN,
            sign,
        });
        ground.append(&mut marks);
        self.strips.push(Strip {
            gap: 20.0,
            height,
            heads: false,
            marks: ground,
        });
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), PdfError> {
        let element = self.element("H2", 0);
        let mut marks = Vec::new();
        let at = (SIDE, 0.0);
        let height = self.column(&mut marks, text, HEADING, at, MEASURE, element)? + 5.0;
        marks.push(rule(-height, 0.7, BLACK));
        self.strips.push(Strip {
            gap: 20.0,
            height,
            heads: true,
            marks,
        });
        Ok(())
    }

    fn data(&mut self, entries: &[Entry]) -> Result<(), PdfError> {
        const ABOVE: f64 = 3.0;
        let table = self.element("Table", 0);
        for entry in entries {
            let row = self.element("TR", table);
            let label = self.element("TH", row);
            let value = self.element("TD", row);
            let mut marks = Vec::new();
            let at = (SIDE, -ABOVE);
            let measure = VALUES - 12.0;
            let left = self.column(&mut marks, &entry.label, LABEL, at, measure, label)?;
            let at = (SIDE + VALUES, -ABOVE);
            let measure = MEASURE - VALUES;
            let setting = if !entry.literal {
                VALUE
            } else if LITERAL.width(self.typeface, &entry.value)? <= measure {
                LITERAL
            } else {
                LONG_LITERAL
            };
            let right = self.column(&mut marks, &entry.value, setting, at, measure, value)?;
            let height = left.max(right) + 2.0 * ABOVE;
            marks.push(rule(-height, 0.4, HAIRLINE));
            self.strips.push(Strip {
                height,
                marks,
                ..Strip::default()
            });
        }
        Ok(())
    }

    fn steps(&mut self, steps: &[String]) -> Result<(), PdfError> {
        let list = self.element("L", 0);
        for (number, text) in steps.iter().enumerate() {
            let item = self.element("LI", list);
            let label = self.element("Lbl", item);
            let body = self.element("LBody", item);
            let mut marks = Vec::new();
            let figure = format!("{}.", number + 1);
            self.column(&mut marks, &figure, STEP_NUMBER, (SIDE, 0.0), INDENT, label)?;
            let at = (SIDE + INDENT, 0.0);
            let height = self.column(&mut marks, text, STEP, at, MEASURE - INDENT, body)?;
            self.strips.push(Strip {
                gap: if number == 0 { 7.0 } else { 3.0 },
                height,
                heads: false,
                marks,
            });
        }
        Ok(())
    }
}

/// A line across the page, its upper edge at `y`.
fn rule(y: f64, thickness: f64, gray: f64) -> Mark {
    Mark::Area {
        x: SIDE,
        y: y - thickness / 2.0,
        width: MEASURE,
        height: thickness,
        gray,
    }
}
