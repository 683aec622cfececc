//! What [`crate::pdf::extension`] writes is what is accepted here: every source that can be sealed,
//! sealed and extended four times over.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the corpus is a folder beside the repository, and other readers judge the result"
)]

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::super::cross_reference::Form;
use super::super::{Appended, BaseFacts, Rule, judge};
use super::copy::{Copy, FormPlace};
use super::validation_data::{certificate, crl, ocsp, token};
use crate::model::corpus;
use crate::model::{Deadline, Octets, Sha256Digest};
use crate::pdf::extension::{CopyBase, StoreContent};
use crate::pdf::signed::{SignatureKind, SignatureSurvey};
use crate::pdf::{Limits, PdfError, SignatureFields, SourcePdf, Update};

/// A source, sealed with something that is no signature: its bytes in two parts.
fn sealed(source: &SourcePdf) -> Vec<Bytes> {
    let fields = SignatureFields {
        name: "Ajuntament d'Exemple".into(),
        reason: String::new(),
        location: String::new(),
        contact: String::new(),
        time: jiff::Timestamp::UNIX_EPOCH,
    };
    let revision = Update::new(source).finish(&fields, 256).unwrap();
    revision.embed(&[0x30, 0x01, 0x00]).unwrap().parts().into()
}

fn open(bytes: Bytes) -> Result<SourcePdf, PdfError> {
    SourcePdf::open(bytes, &Limits::default(), &Deadline::never())
}

fn read(parts: &[Bytes]) -> CopyBase {
    CopyBase::read(parts, &Limits::default(), &Deadline::never()).unwrap()
}

fn content(name: &[u8]) -> StoreContent {
    StoreContent {
        certificates: vec![certificate(b"shared").into(), certificate(name).into()],
        ocsp_responses: vec![ocsp().into()],
        crls: vec![crl().into()],
    }
}

fn add_data(parts: &mut Vec<Bytes>, name: &[u8]) {
    let tail = read(parts).add_data(&content(name)).unwrap().unwrap();
    parts.push(tail);
}

fn add_timestamp(parts: &mut Vec<Bytes>) -> Sha256Digest {
    let state = parts
        .iter()
        .fold(Sha256::new(), |state, part| state.chain_update(part));
    let prepared = read(parts).prepare_timestamp(&state, 512).unwrap();
    let digest = prepared.digest();
    parts.push(prepared.embed(&token()).unwrap());
    digest
}

/// Validation data, a timestamp, and both again: a copy after its first renewal.
fn extended(source: &SourcePdf) -> Vec<Bytes> {
    let mut parts = sealed(source);
    add_data(&mut parts, b"first");
    add_timestamp(&mut parts);
    add_data(&mut parts, b"second");
    add_timestamp(&mut parts);
    parts
}

fn verdict(parts: &[Bytes], named: bool) -> Result<Appended, super::super::Violation> {
    let base = parts[..2].concat();
    let facts = BaseFacts::read(&base).unwrap();
    let facts = match named {
        true => facts.with_field_names([]),
        false => facts,
    };
    judge(&base, &parts[2..].concat(), &facts)
}

/// What `qpdf --check` makes of a file: 0 fine, 1 warnings, 2 errors; `None` without qpdf.
fn qpdf(folder: &Path, bytes: &[u8]) -> Option<u8> {
    let file = folder.join("checked.pdf");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new("qpdf").arg("--check").arg(&file).output();
    Some(match output.ok()?.status.code()? {
        0 => 0,
        3 => 1,
        _ => 2,
    })
}

/// Every source of the corpus that can be sealed.
fn sources() -> Vec<(String, SourcePdf)> {
    let Some(folder) = corpus::folder() else {
        return Vec::new();
    };
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(folder.join("seal")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Ok(source) = open(std::fs::read(path).unwrap().into()) {
            sources.push((name, source));
        }
    }
    assert!(sources.len() > 50, "{} sources", sources.len());
    sources
}

#[test]
fn every_extension_of_every_source_is_accepted_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in sources() {
        let parts = extended(&source);
        let file = Bytes::from(parts.concat());
        let again = open(file.clone()).unwrap();
        assert_eq!(again.facts().repaired, None, "{name}");
        assert_eq!(again.facts().pages, source.facts().pages, "{name}");
        assert_eq!(
            again.facts().encryption,
            source.facts().encryption,
            "{name}"
        );
        assert_eq!(
            again.facts().signatures,
            source.facts().signatures + 3,
            "{name}"
        );

        let survey = SignatureSurvey::of(&file, &Limits::default(), &Deadline::never()).unwrap();
        let held = &survey.validation_data;
        let expected: Vec<Octets> = [&b"shared"[..], b"first", b"second"]
            .map(|name| certificate(name).into())
            .into();
        assert_eq!(held.certificates, expected, "{name}");
        assert_eq!(held.ocsp_responses, [Octets::from(ocsp())], "{name}");
        assert_eq!(held.crls, [Octets::from(crl())], "{name}");
        let ends: Vec<u64> = survey
            .signatures
            .iter()
            .filter(|one| one.kind == SignatureKind::DocumentTimestamp && !one.field.is_empty())
            .filter(|one| one.field.starts_with("Segell-T-"))
            .map(|one| one.byte_range.unwrap().end)
            .collect();
        let lengths =
            |count: usize| -> u64 { parts[..count].iter().map(|part| part.len() as u64).sum() };
        assert_eq!(ends, [lengths(4), lengths(6)], "{name}");

        // An encrypted copy is one that nobody else may add anything to.
        match (source.facts().encryption.is_some(), verdict(&parts, true)) {
            (false, Ok(appended)) => assert_eq!(appended.revisions.len(), 4, "{name}"),
            (false, Err(violation)) => panic!("{name}: {violation}"),
            (true, verdict) => assert_eq!(verdict.unwrap_err().rule, Rule::S11, "{name}"),
        }
        match qpdf(folder.path(), &file) {
            Some(0) => {}
            Some(after) => {
                let before = qpdf(folder.path(), &parts[..2].concat());
                assert!(Some(after) <= before, "{name}: {before:?} became {after}");
            }
            None => println!("left out: qpdf is not installed"),
        }
    }
}

fn made() -> SourcePdf {
    open(
        Copy::new(Form::Table, FormPlace::Indirect)
            .issued()
            .to_vec()
            .into(),
    )
    .unwrap()
}

#[test]
fn what_is_stamped_is_everything_but_the_hole() {
    let mut parts = sealed(&made());
    let digest = add_timestamp(&mut parts);
    let appended = verdict(&parts, false).unwrap();
    let range = appended.revisions[0].timestamp.as_ref().unwrap().byte_range;
    let mut file = parts.concat();
    assert_eq!(range.end, file.len() as u64);
    file.drain(range.hole_start as usize..range.hole_end as usize);
    assert_eq!(digest, Sha256Digest::of(&file));
}

#[test]
fn data_that_are_held_already_make_no_revision() {
    let mut parts = sealed(&made());
    add_data(&mut parts, b"first");
    let base = read(&parts);
    assert_eq!(base.add_data(&content(b"first")).unwrap(), None);
    assert_eq!(base.add_data(&StoreContent::default()).unwrap(), None);
    assert!(base.add_data(&content(b"other")).unwrap().is_some());
}

#[test]
fn a_token_longer_than_its_hole_is_refused() {
    let parts = sealed(&made());
    let prepared = read(&parts).prepare_timestamp(&Sha256::new(), 10).unwrap();
    let refusal = PdfError::SignatureTooLong {
        needed: 11,
        reserved: 10,
    };
    assert_eq!(prepared.embed(&[0; 11]).unwrap_err(), refusal);
}

#[test]
fn the_same_data_give_the_same_bytes_whatever_the_parts() {
    let parts = sealed(&made());
    let joined = [Bytes::from(parts.concat())];
    let tail = |parts: &[Bytes]| read(parts).add_data(&content(b"x")).unwrap().unwrap();
    assert_eq!(tail(&parts), tail(&joined));
}

#[test]
fn what_does_not_end_in_a_revision_of_ours_is_refused() {
    let parts = sealed(&made());
    let whole = parts.concat();
    let limits = Limits::default();
    for length in [0, 10, 500, whole.len() - 20] {
        let cut = [Bytes::copy_from_slice(&whole[..length])];
        let read = CopyBase::read(&cut, &limits, &Deadline::never());
        assert!(matches!(read, Err(PdfError::Damaged(_))), "{length}");
    }
}
