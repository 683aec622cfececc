//! BER as others send it, brought to definite lengths without touching order or values.

use std::borrow::Cow;

use super::CmsError;
use super::asn1::{CONSTRUCTED, Header, OCTET_STRING, put_header};

/// Deeper nesting is refused; a timestamped signature with its certificates reaches about 25.
const MAX_DEPTH: usize = 64;

/// One element from the start of some bytes, in definite lengths.
pub(super) struct Definite<'a> {
    /// The element: the bytes as sent if they were definite already, else rewritten.
    pub(super) bytes: Cow<'a, [u8]>,
    /// How many of the bytes as sent it took.
    pub(super) sent_len: usize,
    /// Every length was definite and minimal and every string in one piece, as DER demands.
    pub(super) der: bool,
}

/// Takes the first element of `sent` and whatever follows stays out.
///
/// # Errors
/// [`CmsError`] if it ends early, nests too deep or is longer than `limit` octets.
pub(super) fn definite(sent: &[u8], limit: usize) -> Result<Definite<'_>, CmsError> {
    let (sent_len, der) = survey(sent, MAX_DEPTH)?;
    if sent_len > limit {
        return Err(CmsError::OverLimit("octets"));
    }
    let element = sent.get(..sent_len).ok_or(ENDS_EARLY)?;
    let bytes = if der {
        Cow::Borrowed(element)
    } else {
        let mut rewritten = Vec::with_capacity(sent_len);
        rewrite(element, MAX_DEPTH, &mut rewritten)?;
        Cow::Owned(rewritten)
    };
    Ok(Definite {
        bytes,
        sent_len,
        der,
    })
}

const ENDS_EARLY: CmsError = CmsError::Unreadable("an element ends early");
const TOO_DEEP: CmsError = CmsError::OverLimit("levels of nesting");

/// Length of the first element and whether all of it is shaped as DER.
fn survey(bytes: &[u8], depth: usize) -> Result<(usize, bool), CmsError> {
    let header = Header::read(bytes)?;
    let constructed = header.tag & CONSTRUCTED != 0;
    let body = bytes.get(header.len..).ok_or(ENDS_EARLY)?;
    let mut der = header.minimal && !is_string_in_pieces(header.tag);
    if !constructed {
        let content_len = header.content_len.ok_or(ENDS_EARLY)?;
        body.get(..content_len).ok_or(ENDS_EARLY)?;
        return Ok((header.len + content_len, der));
    }
    let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
    let len = for_each_child(&header, body, |child| {
        let (len, child_der) = survey(child, depth)?;
        der &= child_der;
        Ok(len)
    })?;
    Ok((header.len + len, der))
}

/// Appends the first element of `bytes` to `out` in definite lengths and says how long it was.
fn rewrite(bytes: &[u8], depth: usize, out: &mut Vec<u8>) -> Result<usize, CmsError> {
    let header = Header::read(bytes)?;
    let body = bytes.get(header.len..).ok_or(ENDS_EARLY)?;
    if header.tag & CONSTRUCTED == 0 {
        let content_len = header.content_len.ok_or(ENDS_EARLY)?;
        put_header(out, header.tag, content_len);
        out.extend_from_slice(body.get(..content_len).ok_or(ENDS_EARLY)?);
        return Ok(header.len + content_len);
    }
    let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
    let in_pieces = is_string_in_pieces(header.tag);
    let mut content = Vec::new();
    let len = for_each_child(&header, body, |child| {
        let start = content.len();
        let len = rewrite(child, depth, &mut content)?;
        if in_pieces {
            let piece = Header::read(content.get(start..).ok_or(ENDS_EARLY)?)?;
            content.drain(start..start + piece.len);
        }
        Ok(len)
    })?;
    let tag = if in_pieces {
        header.tag & !CONSTRUCTED
    } else {
        header.tag
    };
    put_header(out, tag, content.len());
    out.append(&mut content);
    Ok(header.len + len)
}

/// Calls `visit` with the bytes from each child on; it answers how long the child is. Returns the
/// octets of the body, the end marker of the indefinite form included.
fn for_each_child<'a>(
    header: &Header,
    body: &'a [u8],
    mut visit: impl FnMut(&'a [u8]) -> Result<usize, CmsError>,
) -> Result<usize, CmsError> {
    let (within, marker): (_, &[u8]) = match header.content_len {
        Some(len) => (body.get(..len).ok_or(ENDS_EARLY)?, &[]),
        None => (body, &[0, 0]),
    };
    let mut at = 0;
    loop {
        let rest = within.get(at..).ok_or(ENDS_EARLY)?;
        match header.content_len {
            Some(_) if rest.is_empty() => return Ok(at),
            None if rest.starts_with(marker) => return Ok(at + marker.len()),
            _ => at += visit(rest)?,
        }
    }
}

/// An `OCTET STRING` in constructed form, the only string others cut in pieces inside a CMS.
const fn is_string_in_pieces(tag: u8) -> bool {
    tag == OCTET_STRING | CONSTRUCTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_is_taken_as_it_stands_and_what_follows_stays_out() {
        let sent = [0x30, 3, 2, 1, 5, 0, 0];
        let element = definite(&sent, 100).unwrap();
        assert!(element.der);
        assert!(matches!(element.bytes, Cow::Borrowed([0x30, 3, 2, 1, 5])));
        assert_eq!(element.sent_len, 5);
    }

    #[test]
    fn indefinite_lengths_and_strings_in_pieces_become_definite() {
        // SEQUENCE (indefinite) { OCTET STRING (indefinite, pieces 01 02 | 03), INTEGER 5 }
        let sent = [
            0x30, 0x80, 0x24, 0x80, 4, 2, 1, 2, 4, 1, 3, 0, 0, 2, 1, 5, 0, 0, 0, 0,
        ];
        let element = definite(&sent, 100).unwrap();
        assert!(!element.der);
        assert_eq!(element.sent_len, 18);
        assert_eq!(*element.bytes, [0x30, 8, 4, 3, 1, 2, 3, 2, 1, 5]);
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let definite_form = definite(&[0x30, 0x80].repeat(5_000), 100_000).err();
        assert_eq!(definite_form, Some(TOO_DEEP));
    }

    #[test]
    fn an_end_marker_that_never_comes_is_an_error() {
        assert!(definite(&[0x30, 0x80, 2, 1, 5], 100).is_err());
    }

    #[test]
    fn a_child_may_not_reach_beyond_its_parent() {
        assert!(definite(&[0x30, 3, 4, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1], 100).is_err());
    }
}
