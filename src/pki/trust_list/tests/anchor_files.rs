//! Files of anchors: written, read back, compared, trusted.

use super::*;
use crate::pki::{Anchors, TrustState};

fn spanish(purpose: Purpose) -> Option<AnchorFile> {
    let bytes = of_corpus("ES.xml")?;
    let list = read(&bytes, &[own_pin(&bytes)]).unwrap();
    Some(AnchorFile::of(&list, Selection::default(), purpose))
}

#[test]
fn a_file_reads_back_as_it_was_written_and_is_pem_to_everybody() {
    for purpose in Purpose::ALL {
        let Some(file) = spanish(purpose) else {
            return;
        };
        let text = file.write().unwrap();
        assert!(AnchorFile::is_one(text.as_bytes()));
        assert_eq!(AnchorFile::read(text.as_bytes()), Ok(file.clone()));
        let pem = openssl::x509::X509::stack_from_pem(text.as_bytes()).unwrap();
        assert_eq!(pem.len(), file.anchors.len());
    }
}

#[test]
fn a_file_without_anchors_reads_back_too() {
    let Some(mut file) = spanish(Purpose::Timestamps) else {
        return;
    };
    file.anchors.clear();
    let text = file.write().unwrap();
    assert_eq!(AnchorFile::read(text.as_bytes()), Ok(file));
}

#[test]
fn an_edited_file_is_refused() {
    let Some(file) = spanish(Purpose::Timestamps) else {
        return;
    };
    let text = file.write().unwrap();
    let first = text.find("-----BEGIN").unwrap();
    let second = first + text[first + 1..].find("-----BEGIN").unwrap() + 1;
    let without_one = format!("{}{}", &text[..first], &text[second..]);
    assert_eq!(
        AnchorFile::read(without_one.as_bytes()),
        Err(AnchorFileFault::Edited)
    );
    let without_any = text[..first].trim_end().to_owned() + "\n";
    assert_eq!(
        AnchorFile::read(without_any.as_bytes()),
        Err(AnchorFileFault::Edited)
    );
    let format = text.replace("# format = 1", "# format = 2");
    assert!(matches!(
        AnchorFile::read(format.as_bytes()),
        Err(AnchorFileFault::Head { .. })
    ));
    let head = text.replace("# territory", "# territori");
    assert!(matches!(
        AnchorFile::read(head.as_bytes()),
        Err(AnchorFileFault::Head { .. })
    ));
}

#[test]
fn differences_tell_what_comes_goes_and_changes() {
    let Some(new) = spanish(Purpose::Timestamps) else {
        return;
    };
    assert!(new.differences(Some(&new)).is_empty());
    assert_eq!(new.differences(None).len(), new.anchors.len());
    let mut old = new.clone();
    let gone = old.anchors.remove(0);
    let until = Some(old.list.issued);
    old.anchors[0].trusted[0].until = until;
    let changes: Vec<_> = new
        .differences(Some(&old))
        .into_iter()
        .map(|difference| (difference.change, difference.anchor.fingerprint))
        .collect();
    assert_eq!(
        changes,
        [
            (Change::Added, gone.fingerprint),
            (Change::Changed, old.anchors[0].fingerprint)
        ]
    );
    assert_eq!(old.differences(Some(&new))[0].change, Change::Removed);
}

#[test]
fn an_anchor_that_was_withdrawn_is_one_for_the_past_only() {
    let Some(file) = spanish(Purpose::Timestamps) else {
        return;
    };
    let withdrawn = file
        .anchors
        .iter()
        .find(|anchor| anchor.status == "withdrawn");
    let withdrawn = withdrawn.unwrap();
    let period = withdrawn.trusted[0];
    let mut anchors = Anchors::default();
    anchors.add_list(&file).unwrap();
    assert_eq!(anchors.len(), 18);
    assert_eq!(anchors.certificates().len(), 17);
    let until = period.until.unwrap();
    assert!(anchors.is_trusted_at(withdrawn.fingerprint, period.from));
    assert!(!anchors.is_trusted_at(withdrawn.fingerprint, until));
    let at = |time| anchors.certificates_at(time).count();
    assert_eq!(at("2026-01-01T00:00:00Z".parse().unwrap()), 17);
    assert_eq!(at("2010-01-01T00:00:00Z".parse().unwrap()), 0);

    let state = TrustState::of(&Anchors::default(), &anchors);
    assert_eq!((state.seals, state.timestamps), (0, 17));
    assert_eq!(state.lists[0].territory, "ES");
    assert!(state.lists[0].is_stale("2020-03-01T00:00:00Z".parse().unwrap()));
    assert_eq!(
        state.lists[0].days_old("2019-08-18T02:00:00Z".parse().unwrap()),
        10
    );
}
