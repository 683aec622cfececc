//! A picture as a PNG file (ISO/IEC 15948): eight bits a channel, grey when the page is.

use std::io::{self, Write};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::{CHANNELS, Raster};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Colour types (11.2.2).
const GREY: u8 = 0;
const COLOUR: u8 = 2;

/// Filter types (9.2).
const NONE: u8 = 0;
const UP: u8 = 2;

/// The file.
pub(super) fn encode(raster: &Raster) -> io::Result<Vec<u8>> {
    let is_grey = raster
        .pixels
        .chunks_exact(CHANNELS)
        .all(|pixel| matches!(pixel, [red, green, blue] if red == green && green == blue));
    let channels = if is_grey { 1 } else { CHANNELS };
    let mut file = SIGNATURE.to_vec();
    let mut header = Vec::new();
    header.extend(u32::from(raster.width).to_be_bytes());
    header.extend(u32::from(raster.height).to_be_bytes());
    // Eight bits; deflate, adaptive filters, no interlacing.
    header.extend([8, if is_grey { GREY } else { COLOUR }, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header)?;
    chunk(&mut file, *b"IDAT", &image_data(raster, channels)?)?;
    chunk(&mut file, *b"IEND", &[])?;
    Ok(file)
}

fn image_data(raster: &Raster, channels: usize) -> io::Result<Vec<u8>> {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut above: Vec<u8> = Vec::new();
    for row in raster.rows() {
        let row: Vec<u8> = match channels {
            1 => row.iter().step_by(CHANNELS).copied().collect(),
            _ => row.to_vec(),
        };
        // Paper is mostly white under white, and photographs change little from row to row.
        let up: Vec<u8> = row
            .iter()
            .zip(above.iter().chain(std::iter::repeat(&0)))
            .map(|(here, above)| here.wrapping_sub(*above))
            .collect();
        if roughness(&up) < roughness(&row) {
            deflated.write_all(&[UP])?;
            deflated.write_all(&up)?;
        } else {
            deflated.write_all(&[NONE])?;
            deflated.write_all(&row)?;
        }
        above = row;
    }
    deflated.finish()
}

/// The usual guess at how badly a filtered row deflates: its bytes as signed numbers, summed (12.8).
fn roughness(row: &[u8]) -> u64 {
    row.iter()
        .map(|byte| u64::from((*byte as i8).unsigned_abs()))
        .sum()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> io::Result<()> {
    let length = u32::try_from(data.len()).map_err(io::Error::other)?;
    let mut sum = Crc::new();
    sum.update(&kind);
    sum.update(data);
    file.extend(length.to_be_bytes());
    file.extend(kind);
    file.extend(data);
    file.extend(sum.sum().to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::ZlibDecoder;

    use super::*;

    /// The pixels of a file, read by the letter of the standard; every chunk's sum is checked.
    fn decode(file: &[u8]) -> (u8, Vec<u8>) {
        let mut rest = file.strip_prefix(&SIGNATURE[..]).unwrap();
        let (mut header, mut data) = (Vec::new(), Vec::new());
        while !rest.is_empty() {
            let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
            let (kind, body) = (&rest[4..8], &rest[8..8 + length]);
            let mut sum = Crc::new();
            sum.update(&rest[4..8 + length]);
            assert_eq!(rest[8 + length..12 + length], sum.sum().to_be_bytes());
            match kind {
                b"IHDR" => header = body.to_vec(),
                b"IDAT" => data = body.to_vec(),
                kind => assert_eq!((kind, length), (&b"IEND"[..], 0)),
            }
            rest = &rest[12 + length..];
        }
        let width = u32::from_be_bytes(header[..4].try_into().unwrap()) as usize;
        let colour = header[9];
        let bytes = width * if colour == GREY { 1 } else { CHANNELS };
        let mut filtered = Vec::new();
        ZlibDecoder::new(&data[..])
            .read_to_end(&mut filtered)
            .unwrap();
        let mut pixels: Vec<u8> = Vec::new();
        for row in filtered.chunks_exact(bytes + 1) {
            let above = pixels.len().checked_sub(bytes);
            for (place, byte) in row[1..].iter().enumerate() {
                let over = match (row[0], above) {
                    (UP, Some(above)) => pixels[above + place],
                    _ => 0,
                };
                pixels.push(byte.wrapping_add(over));
            }
        }
        (colour, pixels)
    }

    #[test]
    fn a_coloured_page_is_the_same_when_it_is_read() {
        let pixels: Vec<u8> = (0..Raster::bytes(17, 9))
            .map(|index| (index * 37 % 251) as u8)
            .collect();
        let raster = Raster::new(17, 9, pixels.clone()).unwrap();
        assert_eq!(decode(&encode(&raster).unwrap()), (COLOUR, pixels));
    }

    #[test]
    fn a_grey_page_takes_one_channel() {
        let grey: Vec<u8> = (0..17 * 9).map(|index| (index * 13 % 256) as u8).collect();
        let pixels = grey.iter().flat_map(|level| [*level; 3]).collect();
        let raster = Raster::new(17, 9, pixels).unwrap();
        assert_eq!(decode(&encode(&raster).unwrap()), (GREY, grey));
    }

    #[test]
    fn a_white_page_is_small() {
        let raster = Raster::new(700, 1000, vec![255; Raster::bytes(700, 1000)]).unwrap();
        assert!(encode(&raster).unwrap().len() < 5_000);
    }
}
