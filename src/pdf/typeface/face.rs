//! One face: its subset, its metrics and the objects by which it is embedded.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest as _, Sha256};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use subsetter::GlyphRemapper;

use super::{NewObjects, truetype};
use crate::pdf::PdfError;
use crate::pdf::template::{Links, Template};

/// A hard space is drawn as the space, with which it shares its glyph.
const HARD_SPACE: char = '\u{A0}';

/// A glyph of the subset.
#[derive(Clone, Copy)]
struct Glyph {
    /// Its number in the subset, which is also its character code and its CID.
    id: u16,
    /// Advance width, thousandths of the type size.
    width: f64,
}

/// The glyphs of a subset by character. Nearly all are Latin, and looked up for every letter of a
/// band several times.
#[derive(Default)]
struct Glyphs {
    latin: Vec<Option<Glyph>>,
    others: BTreeMap<char, Glyph>,
}

impl Glyphs {
    /// Code points of Basic Latin to Latin Extended-A.
    const LATIN: usize = 0x180;

    fn insert(&mut self, character: char, glyph: Glyph) {
        self.latin.resize(Self::LATIN, None);
        match self.latin.get_mut(character as usize) {
            Some(slot) => *slot = Some(glyph),
            None => {
                self.others.insert(character, glyph);
            }
        }
    }

    fn get(&self, character: char) -> Option<Glyph> {
        match self.latin.get(character as usize) {
            Some(slot) => *slot,
            None => self.others.get(&character).copied(),
        }
    }
}

/// A face of the band, subset and ready to be embedded.
pub(super) struct Face {
    glyphs: Glyphs,
    cap_height: f64,
    program: Arc<Template>,
    to_unicode: Arc<Template>,
    cid_set: Arc<Template>,
    /// Without `/FontFile2` and `/CIDSet`.
    descriptor: Arc<Template>,
    /// Without `/FontDescriptor`.
    descendant: Arc<Template>,
    /// Without `/DescendantFonts` and `/ToUnicode`.
    font: Arc<Template>,
}

/// A stream deflated once.
fn deflated(mut dictionary: Dictionary, plain: &[u8]) -> Result<Arc<Template>, PdfError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let bytes = encoder
        .write_all(plain)
        .and_then(|()| encoder.finish())
        .map_err(|_| PdfError::Damaged("font program"))?;
    dictionary.set("Filter", "FlateDecode");
    Ok(Arc::new(Template::stream(dictionary, bytes)))
}

impl Face {
    /// The subset of the TrueType font `data` that draws `text`.
    pub(super) fn subset(base_name: &str, data: &[u8], text: &str) -> Result<Self, PdfError> {
        let damaged = |_| PdfError::Damaged("font program");
        let font = FontRef::new(data).map_err(damaged)?;
        let charmap = font.charmap();
        let location = LocationRef::default();
        let metrics = font.metrics(Size::unscaled(), location);
        let advances = font.glyph_metrics(Size::unscaled(), location);
        let per_thousand = 1000.0 / f64::from(metrics.units_per_em);

        let characters: BTreeSet<char> = text.chars().filter(|c| *c != HARD_SPACE).collect();
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = Glyphs::default();
        let mut widths = vec![advances.advance_width(skrifa::GlyphId::NOTDEF)];
        let mut first_character: BTreeMap<u16, char> = BTreeMap::new();
        for character in characters {
            let missing = PdfError::NoGlyph(u32::from(character));
            if character == '\u{AD}' || character.is_control() {
                return Err(missing);
            }
            let Some(old) = charmap.map(character).filter(|id| id.to_u32() != 0) else {
                return Err(missing);
            };
            let advance = advances.advance_width(old);
            let old = u16::try_from(old.to_u32()).map_err(|_| missing)?;
            let id = remapper.remap(old);
            if usize::from(id) == widths.len() {
                widths.push(advance);
            }
            first_character.entry(id).or_insert(character);
            let width = f64::from(advance.unwrap_or(0.0)) * per_thousand;
            glyphs.insert(character, Glyph { id, width });
        }

        let subset =
            subsetter::subset(data, 0, &remapper).map_err(|_| PdfError::Damaged("font program"))?;
        let program = truetype::without_hints(&subset).ok_or(PdfError::Damaged("font program"))?;
        let glyph_count = remapper.num_gids();
        // With the subset's six-letter tag (ISO 32000-2, 9.9.2).
        let name = format!("{}+{base_name}", tag(&program));
        let bounds = metrics.bounds.unwrap_or_default();
        let scaled = |value: f32| Object::Integer((f64::from(value) * per_thousand).round() as i64);
        // 4: not the standard Latin set, for the encoding is the subset's own. 1: fixed pitch.
        let flags = if metrics.is_monospace { 5 } else { 4 };
        let cap_height = f64::from(metrics.cap_height.unwrap_or(metrics.ascent)) * per_thousand;
        let descriptor = dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => name.as_str(),
            "Flags" => flags,
            "FontBBox" => vec![
                scaled(bounds.x_min), scaled(bounds.y_min), scaled(bounds.x_max), scaled(bounds.y_max),
            ],
            "ItalicAngle" => 0,
            "Ascent" => scaled(metrics.ascent),
            "Descent" => scaled(metrics.descent),
            "CapHeight" => cap_height.round() as i64,
            "StemV" => if base_name.ends_with("Bold") { 140 } else { 84 },
        };
        let widths: Vec<Object> = widths
            .into_iter()
            .map(|advance| width_object(f64::from(advance.unwrap_or(0.0)) * per_thousand))
            .collect();
        let descendant = dictionary! {
            "Type" => "Font",
            "Subtype" => "CIDFontType2",
            "BaseFont" => name.as_str(),
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::String(b"Adobe".to_vec(), StringFormat::Literal),
                "Ordering" => Object::String(b"Identity".to_vec(), StringFormat::Literal),
                "Supplement" => 0,
            },
            "DW" => 0,
            "W" => all_widths(widths),
            "CIDToGIDMap" => "Identity",
        };
        let font = dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => name.as_str(),
            "Encoding" => "Identity-H",
        };
        let length = dictionary! { "Length1" => program.len() as i64 };
        let template = |dictionary| Arc::new(Template::dictionary(dictionary));
        Ok(Self {
            glyphs,
            cap_height: cap_height / 1000.0,
            program: deflated(length, &program)?,
            to_unicode: deflated(Dictionary::new(), &to_unicode(&first_character))?,
            cid_set: deflated(Dictionary::new(), &cid_set(glyph_count))?,
            descriptor: template(descriptor),
            descendant: template(descendant),
            font: template(font),
        })
    }

    fn glyph(&self, character: char) -> Result<Glyph, PdfError> {
        let drawn = if character == HARD_SPACE {
            ' '
        } else {
            character
        };
        self.glyphs
            .get(drawn)
            .ok_or(PdfError::NoGlyph(u32::from(character)))
    }

    /// Width of `text` at a size of one.
    pub(super) fn width(&self, text: &str) -> Result<f64, PdfError> {
        text.chars().try_fold(0.0, |width, character| {
            Ok(width + self.glyph(character)?.width / 1000.0)
        })
    }

    /// Height of a capital at a size of one.
    pub(super) fn cap_height(&self) -> f64 {
        self.cap_height
    }

    /// Appends `<…>`, two bytes a glyph.
    pub(super) fn show(&self, text: &str, content: &mut Vec<u8>) -> Result<(), PdfError> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        content.push(b'<');
        for character in text.chars() {
            let id = self.glyph(character)?.id;
            for shift in [12, 8, 4, 0] {
                content.push(DIGITS[usize::from(id >> shift & 0xF)]);
            }
        }
        content.push(b'>');
        Ok(())
    }

    /// The `/ToUnicode` map, which two faces with the same characters may share.
    pub(super) const fn to_unicode(&self) -> &Arc<Template> {
        &self.to_unicode
    }

    /// Adds the font and what hangs from it (ISO 32000-2, 9.7.4 to 9.10.3). `to_unicode` is where its
    /// map was added. `/CIDSet` is asked for by PDF/A-1, and deprecated in PDF 2.0.
    pub(super) fn embed(
        &self,
        objects: &mut impl NewObjects,
        to_unicode: ObjectId,
        with_cid_set: bool,
    ) -> ObjectId {
        let program = objects.place_template(&self.program, Links::new());
        let mut links = vec![("FontFile2", Object::Reference(program))];
        if with_cid_set {
            let cid_set = objects.place_template(&self.cid_set, Links::new());
            links.push(("CIDSet", Object::Reference(cid_set)));
        }
        let descriptor = objects.place_template(&self.descriptor, links);
        let links = vec![("FontDescriptor", Object::Reference(descriptor))];
        let descendant = objects.place_template(&self.descendant, links);
        let links = vec![
            (
                "DescendantFonts",
                Object::Array(vec![Object::Reference(descendant)]),
            ),
            ("ToUnicode", Object::Reference(to_unicode)),
        ];
        objects.place_template(&self.font, links)
    }

    #[cfg(test)]
    pub(super) fn program_len(&self) -> usize {
        self.program.content().len() + self.to_unicode.content().len()
    }
}

/// `/W`: all widths from the first glyph on, or the one they share. (`/DW` would be shorter, but has to be
/// an integer.)
fn all_widths(widths: Vec<Object>) -> Object {
    let last = widths.len().saturating_sub(1) as i64;
    Object::Array(match widths.split_first() {
        Some((first, others)) if others.iter().all(|width| width == first) => {
            vec![0.into(), last.into(), first.clone()]
        }
        _ => vec![0.into(), Object::Array(widths)],
    })
}

/// Whole numbers stay whole: that is how most faces are made.
fn width_object(width: f64) -> Object {
    if width.fract() == 0.0 {
        Object::Integer(width as i64)
    } else {
        Object::Real(((width * 1000.0).round() / 1000.0) as f32)
    }
}

/// Six letters that differ between different subsets.
fn tag(program: &[u8]) -> String {
    Sha256::digest(program)
        .iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect()
}

/// One bit per CID, the highest first. PDF/A-1 asks for it; later parts ask that it be complete.
fn cid_set(glyph_count: u16) -> Vec<u8> {
    let full = usize::from(glyph_count / 8);
    let mut bits = vec![0xFF; full];
    let rest = glyph_count % 8;
    if rest > 0 {
        bits.push(0xFFu8 << (8 - rest));
    }
    bits
}

/// A `/ToUnicode` CMap (ISO 32000-2, 9.10.3) with the first code point of each glyph, so that no
/// glyph is ever copied as one of its doubles, such as a hyphen as a soft one.
fn to_unicode(characters: &BTreeMap<u16, char>) -> Vec<u8> {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let entries: Vec<_> = characters.iter().collect();
    // A block holds at most a hundred entries.
    for block in entries.chunks(100) {
        map += &format!("{} beginbfchar\n", block.len());
        for (id, character) in block {
            map += &format!("<{id:04X}> <");
            for unit in character.encode_utf16(&mut [0; 2]) {
                map += &format!("{unit:04X}");
            }
            map += ">\n";
        }
        map += "endbfchar\n";
    }
    map += "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
    map.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cid_of_the_subset_is_in_the_cid_set() {
        assert_eq!(cid_set(8), [0xFF]);
        assert_eq!(cid_set(11), [0xFF, 0b1110_0000]);
    }

    #[test]
    fn a_glyph_is_copied_as_the_character_asked_for() {
        let map = to_unicode(&BTreeMap::from([(1, '-'), (2, 'à')]));
        let map = String::from_utf8(map).unwrap();
        assert!(map.contains("2 beginbfchar\n<0001> <002D>\n<0002> <00E0>\nendbfchar"));
    }

    #[test]
    fn the_subset_is_a_font_with_the_same_advances() {
        let data = epaint_default_fonts::HACK_REGULAR;
        let face = Face::subset("Hack-Regular", data, "K7Q2-0").unwrap();
        let mut plain = Vec::new();
        flate2::write::ZlibDecoder::new(&mut plain)
            .write_all(face.program.content())
            .unwrap();
        let font = FontRef::new(&plain).unwrap();
        let advances = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        for glyph in face.glyphs.latin.iter().flatten() {
            let advance = advances.advance_width(u32::from(glyph.id).into()).unwrap();
            assert!((f64::from(advance) * 1000.0 / 2048.0 - glyph.width).abs() < 1e-6);
        }
    }

    #[test]
    fn the_tag_has_six_capitals() {
        let tag = tag(b"program");
        assert!(tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_uppercase()));
    }
}
