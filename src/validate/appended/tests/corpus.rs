//! Third-party files: each of their revisions as if it were a copy of ours, and what follows it judged.
#![expect(
    clippy::disallowed_methods,
    reason = "the corpus is a folder beside the repository"
)]

use super::super::{Appended, BaseFacts, judge};
use crate::model::corpus;

/// Files of the corpus in which a revision that may be appended follows an altered one: its prefix is
/// already the altered document, so nothing is wrong with accepting what comes after it.
const EXPLAINED: [(&str, usize); 1] = [("shadow_afirma_Ejemplo_PDF_Shadow_Attack_1.pdf", 297_170)];

/// Offsets just after each `%%EOF`.
fn marks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes
        .windows(5)
        .enumerate()
        .filter(|(_, window)| *window == b"%%EOF")
        .map(|(start, _)| start + 5)
}

/// A suffix that was accepted.
struct Accepted {
    file: String,
    base: usize,
    appended: Appended,
}

/// Every accepted suffix of the files in a folder, and how many were judged.
fn accepted_suffixes(folder: &str) -> Option<(Vec<Accepted>, usize)> {
    let folder = corpus::folder()?.join(folder);
    let mut accepted = Vec::new();
    let mut judged = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).unwrap();
        for mark in marks(&bytes).filter(|mark| *mark < bytes.len()) {
            let (base, suffix) = bytes.split_at(mark);
            let Ok(facts) = BaseFacts::read(base) else {
                continue;
            };
            judged += 1;
            if let Ok(appended) = judge(base, suffix, &facts) {
                accepted.push(Accepted {
                    file: file.clone(),
                    base: mark,
                    appended,
                });
            }
        }
    }
    Some((accepted, judged))
}

#[test]
fn no_attack_of_the_corpus_is_accepted_as_an_addition() {
    let Some((accepted, judged)) = accepted_suffixes("attacks") else {
        return;
    };
    assert!(judged > 20, "{judged} suffixes");
    let found: Vec<_> = accepted
        .iter()
        .map(|one| (one.file.as_str(), one.base))
        .collect();
    assert_eq!(found, EXPLAINED);
}

#[test]
fn what_is_accepted_after_a_genuine_signature_is_validation_data() {
    let Some((accepted, judged)) = accepted_suffixes("signed") else {
        return;
    };
    assert!(judged > 100, "{judged} suffixes");
    let files: Vec<&str> = accepted.iter().map(|one| one.file.as_str()).collect();
    // The one addition of another tool in the corpus that keeps to the grammar.
    assert_eq!(files, ["LT_dss_doc-firmado-LT.pdf"]);
    let mut revisions = accepted.iter().flat_map(|one| &one.appended.revisions);
    assert!(revisions.all(|revision| revision.dss.is_some()));
}
