//! A document of our own, made from nothing: A4, a few kinds of block, the typefaces of the band.
//!
//! It is what the service itself has to say on paper, and is sealed like any other source. It is tagged
//! (ISO 32000-2, 14.8), so that it is read aloud in order, says its language, and keeps to what PDF/A-2b
//! asks for (ISO 19005-2): fonts embedded, an output intent for its greys, nothing transparent. The same document is
//! the same bytes: no clock and no chance in it.

mod file;
mod gray;
mod layout;
mod text;

use super::PdfError;
use super::typeface::Typeface;

/// What stands at the head of the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letterhead {
    /// Who speaks.
    pub name: String,
    /// What identifies them, under the name.
    pub identifier: String,
    /// The service by which they speak, at the other edge.
    pub service: String,
}

/// The sign beside a result. Never its only expression: the words say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A tick.
    Good,
    /// An exclamation mark.
    Careful,
    /// A cross.
    Bad,
}

/// A row of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
    /// It is to be read letter by letter: a code, a digest.
    pub literal: bool,
}

/// A part of a document, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// What the document is; one in a document.
    Title(String),
    /// An opening paragraph.
    Lead(String),
    /// The result, in a frame: what matters before everything else.
    Result {
        /// Its sign.
        sign: Sign,
        /// In a few words.
        title: String,
        /// In whole sentences, a paragraph each.
        text: Vec<String>,
    },
    /// The title of what follows.
    Heading(String),
    /// Labels and values.
    Data(Vec<Entry>),
    /// What to do, in order.
    Steps(Vec<String>),
    /// A paragraph in small type.
    Note(String),
}

/// A document in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its title, for the window of the reader.
    pub title: String,
    /// Its language (BCP 47).
    pub language: &'static str,
    /// The head of its first page.
    pub letterhead: Letterhead,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl Document {
    /// Writes it as a PDF.
    ///
    /// # Errors
    /// [`PdfError::NoGlyph`] names the first character that the typefaces cannot draw.
    pub fn to_pdf(&self) -> Result<Vec<u8>, PdfError> {
        let (texts, literals) = self.characters();
        let typeface = Typeface::covering_also(&texts, &literals)?;
        let layout = layout::lay_out(self, &typeface)?;
        file::write(self, &layout, &typeface)
    }

    /// Everything that is written, in the text faces and in the monospace.
    fn characters(&self) -> (String, String) {
        let (mut texts, mut literals) = (String::new(), String::new());
        let head = &self.letterhead;
        for text in [&head.name, &head.identifier, &head.service] {
            texts.push_str(text);
        }
        for block in &self.blocks {
            match block {
                Block::Title(text)
                | Block::Lead(text)
                | Block::Heading(text)
                | Block::Note(text) => texts.push_str(text),
                Block::Result { title, text, .. } => {
                    texts.push_str(title);
                    texts.extend(text.iter().map(String::as_str));
                }
                Block::Steps(steps) => texts.extend(steps.iter().map(String::as_str)),
                Block::Data(entries) => {
                    for entry in entries {
                        texts.push_str(&entry.label);
                        let value = if entry.literal {
                            &mut literals
                        } else {
                            &mut texts
                        };
                        value.push_str(&entry.value);
                    }
                }
            }
        }
        // Where a text is broken into lines does not matter here.
        texts.retain(|character| !character.is_control());
        (texts, literals)
    }
}

#[cfg(test)]
mod tests;
