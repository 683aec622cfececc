//! A TrueType font program (OpenType, ISO/IEC 14496-22) reduced to what a PDF needs of it: the
//! seven tables of ISO 32000-2, 9.9 without the hinting programs, which are half of a small subset
//! and which no printer and no screen of today needs.

/// `WE_HAVE_INSTRUCTIONS`, `ARG_1_AND_2_ARE_WORDS`, the three forms of scale and
/// `MORE_COMPONENTS` in the flags of a composite glyph.
const HAVE_INSTRUCTIONS: u16 = 0x0100;
const ARGUMENTS_ARE_WORDS: u16 = 0x0001;
const HAVE_SCALE: u16 = 0x0008;
const MORE_COMPONENTS: u16 = 0x0020;
const HAVE_TWO_SCALES: u16 = 0x0040;
const HAVE_MATRIX: u16 = 0x0080;

/// The font `data` without hints, or `None` where it is not a TrueType font.
pub(super) fn without_hints(data: &[u8]) -> Option<Vec<u8>> {
    let long_offsets = read_u16(table(data, b"head")?, 50)? != 0;
    let (glyf, loca) =
        glyphs_without_hints(table(data, b"glyf")?, table(data, b"loca")?, long_offsets)?;
    let mut head = table(data, b"head")?.to_vec();
    head.get_mut(8..12)?.fill(0);
    // Offsets are written long.
    head.get_mut(50..52)?.copy_from_slice(&[0, 1]);
    let mut maxp = table(data, b"maxp")?.to_vec();
    // One zone, and nothing for the interpreter: twilight points, storage, functions,
    // instruction definitions, stack elements, size of instructions.
    maxp.get_mut(14..16)?.copy_from_slice(&[0, 1]);
    maxp.get_mut(16..28)?.fill(0);
    let hhea = table(data, b"hhea")?.to_vec();
    let hmtx = table(data, b"hmtx")?.to_vec();
    Some(assemble(&[
        (*b"glyf", glyf),
        (*b"head", head),
        (*b"hhea", hhea),
        (*b"hmtx", hmtx),
        (*b"loca", loca),
        (*b"maxp", maxp),
    ]))
}

fn read_u16(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

fn read_offset(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
}

/// The bytes of a table, by the font's table directory.
fn table<'a>(data: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let count = usize::from(read_u16(data, 4)?);
    (0..count).find_map(|index| {
        let entry = data.get(12 + index * 16..28 + index * 16)?;
        if !entry.starts_with(tag) {
            return None;
        }
        let start = read_offset(entry, 8)?;
        data.get(start..start.checked_add(read_offset(entry, 12)?)?)
    })
}

/// `glyf` with every instruction left out, and the `loca` (long offsets) that fits it.
fn glyphs_without_hints(glyf: &[u8], loca: &[u8], long: bool) -> Option<(Vec<u8>, Vec<u8>)> {
    let offset = |index: usize| {
        if long {
            read_offset(loca, index * 4)
        } else {
            read_u16(loca, index * 2).map(|half| usize::from(half) * 2)
        }
    };
    let count = loca.len() / if long { 4 } else { 2 };
    let mut glyphs = Vec::with_capacity(glyf.len());
    let mut offsets = Vec::with_capacity(count * 4);
    for index in 0..count {
        offsets.extend(u32::try_from(glyphs.len()).ok()?.to_be_bytes());
        if index + 1 < count {
            let glyph = glyf.get(offset(index)?..offset(index + 1)?)?;
            if !glyph.is_empty() {
                append_glyph(&mut glyphs, glyph)?;
                glyphs.resize(glyphs.len().next_multiple_of(4), 0);
            }
        }
    }
    Some((glyphs, offsets))
}

/// One glyph description without its instructions.
fn append_glyph(out: &mut Vec<u8>, glyph: &[u8]) -> Option<()> {
    let contours = read_u16(glyph, 0)?.cast_signed();
    match usize::try_from(contours) {
        Ok(contours) => {
            let instructions = 10 + contours * 2;
            let length = usize::from(read_u16(glyph, instructions)?);
            out.extend(glyph.get(..instructions)?);
            out.extend([0, 0]);
            out.extend(glyph.get(instructions + 2 + length..)?);
        }
        Err(_) => append_composite(out, glyph)?,
    }
    Some(())
}

fn append_composite(out: &mut Vec<u8>, glyph: &[u8]) -> Option<()> {
    out.extend(glyph.get(..10)?);
    let mut at = 10;
    loop {
        let flags = read_u16(glyph, at)?;
        let arguments = if flags & ARGUMENTS_ARE_WORDS != 0 {
            4
        } else {
            2
        };
        let scale = if flags & HAVE_SCALE != 0 {
            2
        } else if flags & HAVE_TWO_SCALES != 0 {
            4
        } else if flags & HAVE_MATRIX != 0 {
            8
        } else {
            0
        };
        let end = at + 4 + arguments + scale;
        out.extend((flags & !HAVE_INSTRUCTIONS).to_be_bytes());
        out.extend(glyph.get(at + 2..end)?);
        at = end;
        if flags & MORE_COMPONENTS == 0 {
            return Some(());
        }
    }
}

/// A font file of these tables (sorted by tag), with its directory and checksums.
fn assemble(tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let selector = count.ilog2() as u16;
    let range = 16u16 << selector;
    let mut font = vec![0, 1, 0, 0];
    for value in [count, range, selector, count * 16 - range] {
        font.extend(value.to_be_bytes());
    }
    let mut offset = font.len() + tables.len() * 16;
    let mut head_at = None;
    for (tag, data) in tables {
        if tag == b"head" {
            head_at = Some(offset);
        }
        font.extend(tag);
        font.extend(checksum(data).to_be_bytes());
        font.extend((offset as u32).to_be_bytes());
        font.extend((data.len() as u32).to_be_bytes());
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in tables {
        font.extend(data);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xB1B0_AFBAu32.wrapping_sub(checksum(&font));
    if let Some(field) = head_at.and_then(|at| font.get_mut(at + 8..at + 12)) {
        field.copy_from_slice(&adjustment.to_be_bytes());
    }
    font
}

/// Sum of the big-endian words, the last one padded with zeros.
fn checksum(data: &[u8]) -> u32 {
    data.chunks(4).fold(0u32, |sum, chunk| {
        let mut word = [0; 4];
        word.iter_mut()
            .zip(chunk)
            .for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use subsetter::GlyphRemapper;

    fn subset(glyphs: std::ops::Range<u16>) -> Vec<u8> {
        let mut remapper = GlyphRemapper::new();
        for glyph in glyphs {
            remapper.remap(glyph);
        }
        subsetter::subset(notosans::REGULAR_TTF, 0, &remapper).unwrap()
    }

    #[test]
    fn the_whole_file_sums_to_the_magic_number() {
        let font = without_hints(&subset(1..80)).unwrap();
        assert_eq!(checksum(&font), 0xB1B0_AFBA);
    }

    #[test]
    fn no_hinting_program_is_left() {
        let font = without_hints(&subset(1..80)).unwrap();
        for tag in [b"fpgm", b"prep", b"cvt "] {
            assert_eq!(table(&font, tag), None);
        }
        let glyf = table(&font, b"glyf").unwrap();
        let loca = table(&font, b"loca").unwrap();
        let mut outlines = 0;
        for index in 0..loca.len() / 4 - 1 {
            let glyph = &glyf[read_offset(loca, index * 4).unwrap()..];
            let contours = read_u16(glyph, 0).unwrap().cast_signed();
            if let Ok(contours) = usize::try_from(contours)
                && read_offset(loca, index * 4) != read_offset(loca, index * 4 + 4)
            {
                assert_eq!(read_u16(glyph, 10 + contours * 2), Some(0));
                outlines += 1;
            }
        }
        assert!(outlines > 50);
    }

    #[test]
    fn the_outlines_are_those_of_the_font_with_hints() {
        use skrifa::outline::{DrawSettings, pen::SvgPen};
        use skrifa::prelude::{LocationRef, Size};
        use skrifa::{FontRef, GlyphId, MetadataProvider as _};
        let with = subset(1..300);
        let without = without_hints(&with).unwrap();
        let draw = |data: &[u8], glyph: u32| {
            let font = FontRef::new(data).unwrap();
            let mut pen = SvgPen::new();
            let settings = DrawSettings::unhinted(Size::new(100.0), LocationRef::default());
            let outline = font.outline_glyphs().get(GlyphId::new(glyph)).unwrap();
            outline.draw(settings, &mut pen).unwrap();
            pen.to_string()
        };
        for glyph in 1..300 {
            assert_eq!(draw(&with, glyph), draw(&without, glyph), "glyph {glyph}");
        }
    }

    #[test]
    fn anything_else_is_no_font() {
        assert_eq!(without_hints(b"%PDF-1.7"), None);
    }
}
