//! Objects written as PDF syntax (ISO 32000-2, 7.3), compact and without surprises.

use lopdf::{Dictionary, Object, StringFormat};

/// Appends `object`. A stream's `/Length` is the length of its content, whatever it said before.
pub(super) fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(value) => write_integer(out, *value),
        Object::Real(value) => write_real(out, *value),
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, format) => write_string(out, bytes, format),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            out.extend_from_slice(b"<<");
            write_entries(out, dictionary);
            out.extend_from_slice(b">>");
        }
        Object::Stream(stream) => {
            out.extend_from_slice(b"<<");
            for (key, value) in &stream.dict {
                if key != b"Length" {
                    write_entry(out, key, value);
                }
            }
            write_stream_content(out, &stream.content);
        }
        Object::Reference((number, generation)) => {
            write_integer(out, i64::from(*number));
            out.push(b' ');
            write_integer(out, i64::from(*generation));
            out.extend_from_slice(b" R");
        }
    }
}

/// Appends the end of a stream's dictionary, with its `/Length`, and its content.
pub(super) fn write_stream_content(out: &mut Vec<u8>, content: &[u8]) {
    out.extend_from_slice(b"/Length ");
    write_integer(out, content.len() as i64);
    out.extend_from_slice(b">>\nstream\n");
    out.extend_from_slice(content);
    out.extend_from_slice(b"\nendstream");
}

/// Appends the entries of `dictionary` without its brackets.
pub(super) fn write_entries(out: &mut Vec<u8>, dictionary: &Dictionary) {
    for (key, value) in dictionary {
        write_entry(out, key, value);
    }
}

/// Appends one entry of a dictionary.
pub(super) fn write_entry(out: &mut Vec<u8>, key: &[u8], value: &Object) {
    write_name(out, key);
    let separates_itself = matches!(
        value,
        Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_)
    );
    if !separates_itself {
        out.push(b' ');
    }
    write_object(out, value);
}

/// Decimal digits, of which a copy has thousands.
pub(super) fn write_integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Without an exponent, which PDF does not know, and never an integer.
fn write_real(out: &mut Vec<u8>, value: f32) {
    let text = if value.is_finite() {
        value.to_string()
    } else {
        "0".to_owned()
    };
    out.extend_from_slice(text.as_bytes());
    if !text.contains('.') {
        out.extend_from_slice(b".0");
    }
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            out.push(b'#');
            out.extend_from_slice(&hexadecimal(byte));
        }
    }
}

fn write_string(out: &mut Vec<u8>, bytes: &[u8], format: &StringFormat) {
    if *format == StringFormat::Hexadecimal {
        out.push(b'<');
        for &byte in bytes {
            out.extend_from_slice(&hexadecimal(byte));
        }
        out.push(b'>');
        return;
    }
    out.push(b'(');
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// Two upper-case digits.
pub(super) const fn hexadecimal(byte: u8) -> [u8; 2] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    [DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize]]
}

/// A text string (ISO 32000-2, 7.9.2.2): PDFDocEncoding where it is the same as Latin-1, else UTF-16BE.
pub(super) fn text_string(text: &str) -> Object {
    let in_both = |character: char| matches!(character, '\n' | '\r' | '\t' | ' '..='~' | '¡'..='¬' | '®'..='ÿ');
    if text.chars().all(in_both) && !text.starts_with("þÿ") && !text.starts_with("ï»¿") {
        let bytes = text
            .chars()
            .map(|character| character as u32 as u8)
            .collect();
        return Object::String(bytes, StringFormat::Literal);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;
    use crate::pdf::values::parse_values;

    fn written(object: &Object) -> Vec<u8> {
        let mut out = Vec::new();
        write_object(&mut out, object);
        out
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let object = Object::Dictionary(dictionary! {
            "A#b c/é" => Object::Name(b"(x)".to_vec()),
            "Reals" => vec![Object::Real(-0.5), Object::Real(3.0), Object::Real(1e12)],
            "Strings" => vec![
                Object::String(b"a)(\\\r\n\0\xFF".to_vec(), StringFormat::Literal),
                Object::String(vec![0, 255], StringFormat::Hexadecimal),
            ],
            "Nested" => dictionary! { "R" => Object::Reference((7, 1)), "N" => Object::Null },
            "True" => true,
        });
        let bytes = written(&object);
        let range = 0..bytes.len();
        assert_eq!(parse_values(&bytes, &[range]), vec![Some(object)]);
    }

    #[test]
    fn text_is_latin_where_it_can_be_and_utf_16_where_it_must() {
        assert_eq!(written(&text_string("Còpia (1)")), b"(C\xF2pia \\(1\\))");
        assert_eq!(written(&text_string("l\u{140}")), b"<FEFF006C0140>");
        assert_eq!(written(&text_string("þÿ")), b"<FEFF00FE00FF>");
    }

    #[test]
    fn numbers_that_pdf_cannot_write_become_zero() {
        assert_eq!(written(&Object::Real(f32::NAN)), b"0.0");
        assert_eq!(written(&Object::Real(f32::INFINITY)), b"0.0");
    }
}
