//! Every source of the corpus.

use std::path::Path;
use std::process::Command;

use super::*;
use crate::model::corpus;

/// Name, class and bytes of the files under `folder`.
fn files(corpus: &Path, folder: &str) -> Vec<(String, String, Vec<u8>)> {
    let manifest = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    manifest
        .lines()
        .filter(|line| line.starts_with(folder))
        .map(|line| {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap().to_owned();
            let class = columns.nth(1).unwrap().to_owned();
            let bytes = std::fs::read(corpus.join(&name)).unwrap();
            (name, class, bytes)
        })
        .collect()
}

/// What `qpdf --check` makes of a file: 0 fine, 3 warnings, 2 errors; `None` without qpdf.
fn qpdf(folder: &Path, bytes: &[u8]) -> Option<i32> {
    let file = folder.join("checked.pdf");
    std::fs::write(&file, bytes).unwrap();
    let output = Command::new("qpdf")
        .arg("--check")
        .arg(&file)
        .output()
        .ok()?;
    output.status.code()
}

fn severity(code: i32) -> u8 {
    match code {
        0 => 0,
        3 => 1,
        _ => 2,
    }
}

#[test]
fn every_source_is_extended_soundly_or_refused_as_its_class_allows() {
    let Some(corpus) = corpus::folder() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut judged = true;
    for (name, class, bytes) in files(&corpus, "seal/") {
        let source = match open(bytes.clone()) {
            Ok(source) => source,
            Err(refusal) => {
                match class.as_str() {
                    "SEALABLE" => panic!("{name}: {refusal}"),
                    "REFUSE_ENCRYPTED" => assert_eq!(refusal, PdfError::UserPassword, "{name}"),
                    _ => assert!(
                        matches!(
                            refusal,
                            PdfError::NotPdf
                                | PdfError::JunkBeforeHeader(_)
                                | PdfError::NoPages
                                | PdfError::Damaged(_)
                        ),
                        "{name}: {refusal}"
                    ),
                }
                continue;
            }
        };
        assert_ne!(class, "REFUSE_ENCRYPTED", "{name}");
        let file = sealed(&source);
        assert!(file.starts_with(&bytes), "{name}");
        let copy = open(file.clone()).unwrap();
        let (before, after) = (source.facts(), copy.facts());
        assert_eq!(after.pages, before.pages, "{name}");
        assert_eq!(after.repaired, None, "{name}");
        assert_eq!(after.signatures, before.signatures + 1, "{name}");
        assert_eq!(after.form_fields, before.form_fields + 1, "{name}");
        assert_eq!(after.encryption, before.encryption, "{name}");
        assert_eq!(after.active_content, before.active_content, "{name}");
        for (page, original) in copy.pages().iter().zip(source.pages()) {
            let contents = copy.page_contents(page);
            assert_eq!(contents, source.page_contents(original), "{name}");
        }
        match (qpdf(folder.path(), &bytes), qpdf(folder.path(), &file)) {
            (Some(before), Some(after)) => {
                assert!(
                    severity(after) <= severity(before),
                    "{name}: {before} became {after}"
                );
            }
            _ => judged = false,
        }
    }
    if !judged {
        println!("left out: qpdf is not installed");
    }
}

#[test]
fn signed_and_attacked_files_neither_panic_nor_lose_a_signature() {
    use crate::pdf::byte_range::signatures_in;
    let Some(corpus) = corpus::folder() else {
        return;
    };
    for folder in ["signed/", "attacks/"] {
        for (name, class, bytes) in files(&corpus, folder) {
            let found = signatures_in(&bytes);
            if class == "VALID" && !name.contains("structure_") {
                let intact = found.iter().filter(|found| found.is_ok()).count();
                assert!(intact > 0, "{name}: {found:?}");
            }
            if class == "BYTERANGE_INVALID" {
                assert!(found.iter().any(Result::is_err), "{name}");
            }
            if let Ok(source) = open(bytes) {
                for page in source.pages() {
                    drop(source.page_contents(page));
                }
            }
        }
    }
}
