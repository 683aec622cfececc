//! What a copy says of itself to programs: page-piece data in the catalog (ISO 32000-2, 14.5), which
//! readers do not show and PDF/A allows. It repeats what the band prints and proves nothing by itself.

use jiff::Timestamp;
use lopdf::{Dictionary, Object, StringFormat};

use super::{PdfError, Update};
use crate::model::Sha256Digest;

/// The note in a copy's catalog, under `/PieceInfo /Segell`.
pub struct CopyNote {
    /// The verification code, grouped, as printed.
    pub verification_code: String,
    /// Where it is checked.
    pub verification_address: String,
    /// DIR3 code of the organ.
    pub organ: String,
    /// ENI elaboration state: `EE02`, `EE03`, `EE04`.
    pub elaboration_state: &'static str,
    /// SHA-256 of the source, which is the beginning of the copy.
    pub source_digest: Sha256Digest,
    /// Length of the source in bytes.
    pub source_len: u64,
    /// The time of issue, UTC.
    pub time: Timestamp,
}

impl Update<'_> {
    /// Puts the note into the catalog, beside the notes of other programs.
    ///
    /// # Errors
    /// [`PdfError::Damaged`] when there is no catalog.
    pub fn note(&mut self, note: &CopyNote) -> Result<(), PdfError> {
        let mut private = Dictionary::new();
        for (key, value) in [
            ("VerificationCode", note.verification_code.as_str()),
            ("VerificationAddress", note.verification_address.as_str()),
            ("Organ", note.organ.as_str()),
            ("ElaborationState", note.elaboration_state),
            ("SourceDigest", note.source_digest.to_string().as_str()),
        ] {
            private.set(key, text(value));
        }
        // A PDF integer may be limited to 32 bits; text is not.
        private.set("SourceLength", text(&note.source_len.to_string()));

        let mut segell = Dictionary::new();
        let modified = note.time.strftime("D:%Y%m%d%H%M%SZ").to_string();
        segell.set("LastModified", text(&modified));
        segell.set("Private", private);

        let present = self.catalog_mut()?.get(b"PieceInfo").ok().cloned();
        let mut pieces = match present.as_ref().map(|object| self.resolve(object).1) {
            Some(Object::Dictionary(pieces)) => pieces.clone(),
            _ => Dictionary::new(),
        };
        pieces.set("Segell", segell);
        self.catalog_mut()?.set("PieceInfo", pieces);
        Ok(())
    }
}

/// ASCII text as a literal string.
fn text(ascii: &str) -> Object {
    Object::String(ascii.as_bytes().to_vec(), StringFormat::Literal)
}
