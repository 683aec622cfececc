//! Sources opened and extended, from the corpus and made up.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests read the corpus, run other readers, and say what they left out"
)]

mod corpus;

use bytes::Bytes;

use super::{Limits, PdfError, SignatureFields, SourcePdf, Update};
use crate::model::Deadline;

fn open(bytes: impl Into<Bytes>) -> Result<SourcePdf, PdfError> {
    open_under(bytes, &Limits::default())
}

fn open_under(bytes: impl Into<Bytes>, limits: &Limits) -> Result<SourcePdf, PdfError> {
    SourcePdf::open(bytes.into(), limits, &Deadline::never())
}

fn fields() -> SignatureFields {
    SignatureFields {
        name: "Ajuntament d'Exemple".into(),
        reason: "Còpia electrònica autèntica".into(),
        location: "Exemple".into(),
        contact: "https://verifica.exemple.cat".into(),
        time: jiff::Timestamp::UNIX_EPOCH,
    }
}

/// The source with a signature field appended, and a signature of three bytes in it.
fn sealed(source: &SourcePdf) -> Vec<u8> {
    let sealed = Update::new(source)
        .finish(&fields(), 2048)
        .unwrap()
        .embed(&[0x30, 0x01, 0x00])
        .unwrap();
    sealed.parts().concat()
}
