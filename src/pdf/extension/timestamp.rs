//! Revisions with a document timestamp (ISO 32000-2, 12.8.5; EN 319 142-1, 5.4.3).

use std::ops::Range;

use bytes::Bytes;
use lopdf::{Object, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::CopyBase;
use super::store::take;
use crate::model::Sha256Digest;
use crate::pdf::signature::fill_hole;
use crate::pdf::tail::Tail;
use crate::pdf::{ByteRange, PdfError};

/// Printed if it could be seen, and locked (ISO 32000-2, table 167).
const PRINT_AND_LOCKED: i64 = 4 | 128;

/// A revision written around the hole for its timestamp token.
#[derive(Debug)]
pub struct PreparedTimestamp {
    tail: Vec<u8>,
    hole: Range<usize>,
    byte_range: ByteRange,
    digest: Sha256Digest,
}

impl CopyBase {
    /// A revision with a document timestamp over the whole copy. `state` has hashed exactly the copy;
    /// the token may take up to `reserved` bytes.
    ///
    /// The field is no page's annotation, so that no page is written again, and its name is drawn from
    /// the copy's digest: nobody could have given it to a field of the source.
    ///
    /// # Errors
    /// [`PdfError::LimitPassed`] when the copy would pass 4 GiB, [`PdfError::Damaged`] without a free
    /// object number, or the refusal of a cipher.
    pub fn prepare_timestamp(
        &self,
        state: &Sha256,
        reserved: usize,
    ) -> Result<PreparedTimestamp, PdfError> {
        let mut next = self.next;
        let field_id = (take(&mut next)?, 0);
        let timestamp_id = (take(&mut next)?, 0);
        let digest = Sha256Digest::of_state(state).to_string();
        let name = format!("Segell-T-{}", digest.get(..16).unwrap_or_default());
        let field = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Widget",
            "FT" => "Sig",
            "T" => Object::String(name.into_bytes(), StringFormat::Literal),
            "V" => timestamp_id,
            "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
            "F" => PRINT_AND_LOCKED,
        };
        let field = self.sealed_in(field_id, field)?;
        let timestamp = dictionary! {
            "Type" => "DocTimeStamp",
            "Filter" => "Adobe.PPKLite",
            "SubFilter" => "ETSI.RFC3161",
        };
        let (form_id, mut form) = self.form.clone();
        let mut fields = self.fields.clone();
        fields.push(Object::Reference(field_id));
        form.set("Fields", fields);
        // `SignaturesExist` and `AppendOnly` (ISO 32000-2, table 225).
        form.set("SigFlags", 3);

        let base = self.base();
        let mut tail = Tail::new(&base, 2 * reserved + 4096);
        match form_id {
            Some(id) => tail.write(id, &Object::Dictionary(form)),
            None => {
                let mut catalog = self.catalog.clone();
                catalog.set("AcroForm", form);
                tail.write(self.catalog_id, &Object::Dictionary(catalog));
            }
        }
        tail.write(field_id, &field);
        let hole = tail.write_signature(timestamp_id, &timestamp, reserved);
        tail.write_section(next, Some(&hole))?;
        let byte_range = tail.fill_byte_range(&hole)?;
        let (tail, hole) = (tail.into_bytes(), hole.extent());

        let part = |range: Range<usize>| tail.get(range).unwrap_or_default();
        let state = state
            .clone()
            .chain_update(part(0..hole.start))
            .chain_update(part(hole.end..tail.len()));
        Ok(PreparedTimestamp {
            digest: Sha256Digest::of_state(&state),
            tail,
            hole,
            byte_range,
        })
    }
}

impl PreparedTimestamp {
    /// SHA-256 over both parts of the byte range: what is to be stamped.
    pub const fn digest(&self) -> Sha256Digest {
        self.digest
    }

    /// The byte range.
    pub const fn byte_range(&self) -> ByteRange {
        self.byte_range
    }

    /// Puts the token (DER of a CMS `ContentInfo`) into its hole.
    ///
    /// # Errors
    /// [`PdfError::SignatureTooLong`].
    pub fn embed(mut self, token: &[u8]) -> Result<Bytes, PdfError> {
        fill_hole(&mut self.tail, self.hole, token)?;
        Ok(Bytes::from(self.tail))
    }
}
