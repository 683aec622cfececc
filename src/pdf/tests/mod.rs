//! Sources opened and extended, from the corpus and made up.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read the corpus, run other readers, and say what they left out"
)]

mod corpus;
mod damage;
mod encrypted;
mod facts;
mod limits;
pub(in crate::pdf) mod made;
mod mutation;
mod old_signatures;
mod pages;
mod seal;

use bytes::Bytes;
use lopdf::{Dictionary, Object};

use super::{Limits, PdfError, SignatureFields, SourcePdf, Update};
use crate::model::Deadline;
use made::Made;

fn open(bytes: impl Into<Bytes>) -> Result<SourcePdf, PdfError> {
    open_under(bytes, &Limits::default())
}

fn open_under(bytes: impl Into<Bytes>, limits: &Limits) -> Result<SourcePdf, PdfError> {
    SourcePdf::open(bytes.into(), limits, &Deadline::never())
}

fn refusal(bytes: impl Into<Bytes>) -> Option<PdfError> {
    open(bytes).err()
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

/// The dictionary under `key`, references followed.
fn inner<'a>(source: &'a SourcePdf, owner: &'a Dictionary, key: &str) -> &'a Dictionary {
    source
        .resolve(owner.get(key.as_bytes()).unwrap())
        .as_dict()
        .unwrap()
}

/// The array under `key`, references followed.
fn items<'a>(source: &'a SourcePdf, owner: &'a Dictionary, key: &str) -> &'a [Object] {
    source
        .resolve(owner.get(key.as_bytes()).unwrap())
        .as_array()
        .unwrap()
}

/// The signature dictionary that the catalog's `/Perms` names.
fn certification(source: &SourcePdf) -> &Dictionary {
    let permissions = inner(source, source.catalog(), "Perms");
    inner(source, permissions, "DocMDP")
}
