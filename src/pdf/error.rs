//! Why a source cannot be sealed.

/// A reason for which a PDF cannot be read or extended. Each is a named refusal at the door.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// No `%PDF-` header in the first kilobyte.
    #[error("not a PDF")]
    NotPdf,
    /// `%PDF-` does not stand at byte 0; the number is where it stands.
    #[error("{0} bytes stand before the %PDF- header")]
    JunkBeforeHeader(usize),
    /// Opens only with a user password.
    #[error("a user password is needed")]
    UserPassword,
    /// A security handler or cipher that cannot be written.
    #[error("unsupported encryption: {0}")]
    UnsupportedEncryption(&'static str),
    /// Cannot be read, or only by guessing; the text says what failed.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// The page tree holds no page.
    #[error("no pages")]
    NoPages,
    /// A limit of [`super::Limits`] is passed.
    #[error("{limit} limit of {allowed} passed")]
    LimitPassed {
        /// Which limit, in the word of the settings (`pages`, `objects`, `nesting`, …).
        limit: &'static str,
        /// The value configured.
        allowed: u64,
    },
    /// The deadline passed while the document was worked on.
    #[error("out of time")]
    OutOfTime,
    /// The band does not fit on this page (1-based), or a side would pass 14,400 units.
    #[error("no room for the band on page {page}")]
    PageNoRoom {
        /// 1-based page number.
        page: u32,
    },
    /// An annotation that cannot be flattened reaches outside the page (1-based).
    #[error("an annotation reaches outside page {page}")]
    AnnotationOutsidePage {
        /// 1-based page number.
        page: u32,
    },
    /// The signature is longer than the hole reserved for it.
    #[error("signature of {needed} bytes in a hole of {reserved}")]
    SignatureTooLong {
        /// Length of the DER.
        needed: usize,
        /// Length reserved.
        reserved: usize,
    },
    /// Text of the band that the typeface cannot draw.
    #[error("the typeface has no glyph for U+{0:04X}")]
    NoGlyph(u32),
}
