//! Tag, length, value: reading slices where they stand, writing what is ours (ITU-T X.690).
//!
//! A validator has to look at foreign structures exactly as they were sent, and a certificate must be
//! embedded byte for byte, so nothing here is decoded into values and encoded again.

use super::CmsError;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const NULL: u8 = 0x05;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// The bit of a tag that says "made of elements".
pub(super) const CONSTRUCTED: u8 = 0x20;

/// Tag `[number]` of a constructed field.
pub(super) const fn context(number: u8) -> u8 {
    0xA0 | number
}

/// Identifier and length octets of one element.
pub(super) struct Header {
    /// The identifier octet.
    pub(super) tag: u8,
    /// How many octets identifier and length take.
    pub(super) len: usize,
    /// Length of the content; `None` is the indefinite form of BER.
    pub(super) content_len: Option<usize>,
    /// The length is written in the fewest octets, as DER demands.
    pub(super) minimal: bool,
}

impl Header {
    /// Reads the header at the start of `bytes`; at most four length octets are understood.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CmsError> {
        let (&tag, rest) = bytes.split_first().ok_or(TRUNCATED)?;
        if tag & 0x1F == 0x1F {
            return Err(CmsError::Unreadable("a tag of several octets"));
        }
        let (&first, rest) = rest.split_first().ok_or(TRUNCATED)?;
        let octets = usize::from(first & 0x7F);
        let (content_len, minimal) = match (first, octets) {
            (0x80, _) => (None, false),
            (0..=0x7F, _) => (Some(usize::from(first)), true),
            (_, 1..=4) => {
                let long = rest.get(..octets).ok_or(TRUNCATED)?;
                let length = long
                    .iter()
                    .fold(0_usize, |length, octet| (length << 8) | usize::from(*octet));
                let minimal = long.first() != Some(&0) && length > 0x7F;
                (Some(length), minimal)
            }
            _ => return Err(CmsError::Unreadable("a length beyond any limit")),
        };
        let long_form = if first & 0x80 == 0 { 0 } else { octets };
        Ok(Self {
            tag,
            len: 2 + long_form,
            content_len,
            minimal,
        })
    }
}

const TRUNCATED: CmsError = CmsError::Unreadable("an element ends early");

/// One element of definite length.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    /// Its identifier octet.
    pub(super) tag: u8,
    /// All of it.
    pub(super) whole: &'a [u8],
    /// Its content octets.
    pub(super) content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The fields inside.
    pub(super) const fn fields(&self) -> Fields<'a> {
        Fields(self.content)
    }
}

/// Elements of definite length, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The elements in `bytes`.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Nothing is left.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element, whatever it is.
    pub(super) fn any(&mut self) -> Result<Element<'a>, CmsError> {
        let header = Header::read(self.0)?;
        let content_len = header.content_len.ok_or(TRUNCATED)?;
        let end = header.len.checked_add(content_len).ok_or(TRUNCATED)?;
        let (whole, rest) = self.0.split_at_checked(end).ok_or(TRUNCATED)?;
        self.0 = rest;
        Ok(Element {
            tag: header.tag,
            whole,
            content: whole.get(header.len..).ok_or(TRUNCATED)?,
        })
    }

    /// The next element, which has to have this tag; `what` names it in the error.
    pub(super) fn expect(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>, CmsError> {
        let element = self.any()?;
        if element.tag == tag {
            Ok(element)
        } else {
            Err(CmsError::Unreadable(what))
        }
    }

    /// The next element if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, CmsError> {
        if self.0.first() == Some(&tag) {
            self.any().map(Some)
        } else {
            Ok(None)
        }
    }

    /// All that is left, at most `limit` elements.
    pub(super) fn all(
        mut self,
        limit: usize,
        what: &'static str,
    ) -> Result<Vec<Element<'a>>, CmsError> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            if elements.len() == limit {
                return Err(CmsError::OverLimit(what));
            }
            elements.push(self.any()?);
        }
        Ok(elements)
    }
}

/// One element whose content is `parts`, joined.
pub(super) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content_len = parts.iter().map(|part| part.len()).sum();
    let mut encoded = Vec::with_capacity(content_len + 6);
    put_header(&mut encoded, tag, content_len);
    for part in parts {
        encoded.extend_from_slice(part);
    }
    encoded
}

/// Writes identifier and length octets, the latter as short as possible.
pub(super) fn put_header(out: &mut Vec<u8>, tag: u8, content_len: usize) {
    out.push(tag);
    let octets = content_len.to_be_bytes();
    let significant = octets
        .iter()
        .skip_while(|octet| **octet == 0)
        .count()
        .max(1);
    if content_len > 0x7F {
        out.push(0x80 | significant as u8);
    }
    out.extend(octets.iter().skip(octets.len() - significant));
}

/// A `SET OF` in the order of DER: ascending by encoding (X.690, 11.6).
pub(super) fn set_of(tag: u8, mut members: Vec<&[u8]>) -> Vec<u8> {
    members.sort_unstable();
    element(tag, &members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_around_every_change_of_form_read_back() {
        for len in [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x1_0000] {
            let encoded = element(OCTET_STRING, &[&vec![7; len]]);
            let element = Fields::new(&encoded).any().unwrap();
            assert_eq!(element.content.len(), len);
            assert!(Header::read(&encoded).unwrap().minimal);
        }
    }

    #[test]
    fn a_length_longer_than_the_bytes_is_an_error() {
        assert!(Fields::new(&[0x04, 0x05, 1, 2]).any().is_err());
        assert!(
            Fields::new(&[0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF])
                .any()
                .is_err()
        );
        assert!(Fields::new(&[0x04, 0x85, 0, 0, 0, 0, 1, 9]).any().is_err());
        assert!(Fields::new(&[0x04]).any().is_err());
    }

    #[test]
    fn a_length_with_needless_octets_is_not_minimal() {
        assert!(!Header::read(&[0x04, 0x81, 0x05]).unwrap().minimal);
        assert!(!Header::read(&[0x04, 0x82, 0x00, 0x90]).unwrap().minimal);
        assert!(Header::read(&[0x04, 0x81, 0x90]).unwrap().minimal);
    }

    #[test]
    fn a_set_is_written_in_ascending_order() {
        let set = set_of(SET, vec![&[2, 1, 9], &[2, 1, 3], &[1, 1, 0]]);
        assert_eq!(set, [0x31, 9, 1, 1, 0, 2, 1, 3, 2, 1, 9]);
    }
}
