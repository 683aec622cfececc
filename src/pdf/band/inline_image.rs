//! Where the data of an inline image end (ISO 32000-2, 8.9.7).
//!
//! Some readers count the bytes that the image needs, others look for `EI`. Content that lets them
//! find different ends can show one page to one reader and another to the next, so an end is
//! accepted only when both ways lead there.

use flate2::{Decompress, FlushDecompress, Status};

use super::scanner::{Scanner, Token, is_boundary, is_white};

/// Larger images do not belong inline, and readers stop counting.
const MAX_BYTES: usize = 1 << 20;

/// What is known of the data from the dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    bytes: usize,
    deflated: bool,
}

/// Reads from after `BI` to just after `ID`. `None` where the length cannot be told.
pub(super) fn read_dictionary(scanner: &mut Scanner<'_>) -> Option<Expected> {
    let (mut width, mut height, mut bits, mut components) = (None, None, None, None);
    let (mut mask, mut filter) = (None, None);
    loop {
        let (key, token) = scanner.token_text()?;
        if token == Token::Keyword(b"ID") {
            break;
        }
        let (value, kind) = scanner.token_text()?;
        if token != Token::Operand || matches!(kind, Token::Close(_) | Token::Odd) {
            return None;
        }
        // Twice the same key is anybody's guess.
        let twice = match key {
            b"/W" | b"/Width" => width.replace(number(value)?).is_some(),
            b"/H" | b"/Height" => height.replace(number(value)?).is_some(),
            b"/BPC" | b"/BitsPerComponent" => bits.replace(number(value)?).is_some(),
            b"/CS" | b"/ColorSpace" => components.replace(device_components(value)?).is_some(),
            b"/IM" | b"/ImageMask" => mask.replace(value == b"true").is_some(),
            b"/F" | b"/Filter" => filter.replace(value).is_some(),
            b"/I" | b"/Interpolate" | b"/Intent" => false,
            b"/D" | b"/Decode" => {
                skip_array(scanner, kind)?;
                false
            }
            _ => return None,
        };
        if twice {
            return None;
        }
    }
    let bits_per_pixel = if mask == Some(true) {
        1
    } else {
        bits?.checked_mul(components?)?
    };
    let row = width?.checked_mul(bits_per_pixel)?.div_ceil(8);
    let bytes = row
        .checked_mul(height?)
        .filter(|n| (1..=MAX_BYTES).contains(n))?;
    let deflated = match filter {
        None => false,
        Some(b"/Fl" | b"/FlateDecode") => true,
        Some(_) => return None,
    };
    Some(Expected { bytes, deflated })
}

fn number(text: &[u8]) -> Option<usize> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn device_components(name: &[u8]) -> Option<usize> {
    match name {
        b"/G" | b"/DeviceGray" => Some(1),
        b"/RGB" | b"/DeviceRGB" => Some(3),
        b"/CMYK" | b"/DeviceCMYK" => Some(4),
        _ => None,
    }
}

/// The rest of an array of plain operands.
fn skip_array(scanner: &mut Scanner<'_>, first: Token<'_>) -> Option<()> {
    if first != Token::Open(b'[') {
        return None;
    }
    loop {
        match scanner.next_token()? {
            Token::Close(b'[') => return Some(()),
            Token::Operand => {}
            _ => return None,
        }
    }
}

/// Whether `data` are exactly what is expected, then white space, then the first `EI` of all.
pub(super) fn is_exactly(expected: Expected, data: &[u8]) -> bool {
    let length = if expected.deflated {
        deflated_length(data, expected.bytes)
    } else {
        Some(expected.bytes)
    };
    let first_end = data.windows(2).position(|pair| pair == b"EI");
    let (Some(length), Some(end)) = (length, first_end) else {
        return false;
    };
    data.get(length..end)
        .is_some_and(|gap| gap.iter().all(|byte| is_white(*byte)))
        && end > 0
        && data.get(end - 1).is_some_and(|byte| is_white(*byte))
        && data.get(end + 2).is_none_or(|byte| is_boundary(*byte))
}

/// Length of the zlib stream at the start of `data`, if it inflates to exactly `bytes`.
fn deflated_length(data: &[u8], bytes: usize) -> Option<usize> {
    let mut inflater = Decompress::new(true);
    let mut out = vec![0; bytes + 1];
    let status = inflater.decompress(data, &mut out, FlushDecompress::Finish);
    let complete = matches!(status, Ok(Status::StreamEnd));
    (complete && inflater.total_out() == bytes as u64)
        .then(|| usize::try_from(inflater.total_in()).ok())
        .flatten()
}
