//! DER elements one after the other, where they stand: for structures too long to be decoded whole.

use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader};

/// What is inside an element, read from front to back.
pub(super) struct Elements<'a>(SliceReader<'a>);

impl<'a> Elements<'a> {
    /// The octet that begins an explicit or constructed field `[number]`.
    pub(super) const fn context(number: u8) -> u8 {
        0xA0 | number
    }

    /// The elements inside `element`.
    pub(super) fn of(element: AnyRef<'a>) -> der::Result<Self> {
        Self::in_octets(element.value())
    }

    /// The elements in `octets`.
    pub(super) fn in_octets(octets: &'a [u8]) -> der::Result<Self> {
        SliceReader::new(octets).map(Self)
    }

    /// Nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_finished()
    }

    /// The next element, whatever it is.
    pub(super) fn any(&mut self) -> der::Result<AnyRef<'a>> {
        AnyRef::decode(&mut self.0)
    }

    /// The next element if it begins with this octet.
    pub(super) fn optional(&mut self, first: u8) -> der::Result<Option<AnyRef<'a>>> {
        if self.next_is(first) {
            self.any().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next element begins with this octet.
    pub(super) fn next_is(&self, first: u8) -> bool {
        self.0.peek_byte() == Some(first)
    }
}
