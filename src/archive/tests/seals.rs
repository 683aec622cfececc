use super::*;

#[test]
fn a_seal_is_registered_once_and_found_by_organ_and_fingerprint() {
    let rig = Rig::new();
    let organ = intent(&code(1)).organ;
    let other_organ = "L01990028".parse().unwrap();
    let facts = certificate();
    for _ in 0..2 {
        rig.archive.register_seal(&organ, &facts, "PEM").unwrap();
    }
    let found = rig
        .archive
        .registered_seal(&organ, facts.fingerprint)
        .unwrap();
    assert_eq!(found.as_ref().map(|seal| &seal.certificate), Some(&facts));
    assert_eq!(rig.archive.registered_seals().unwrap(), [found.unwrap()]);
    let elsewhere = rig.archive.registered_seal(&other_organ, facts.fingerprint);
    assert_eq!(elsewhere.unwrap(), None);
}

#[test]
fn a_seal_stored_under_another_organ_is_not_that_organs() {
    let rig = Rig::new();
    let organ = intent(&code(1)).organ;
    let other_organ = "L01990028".parse().unwrap();
    let fingerprint = certificate().fingerprint;
    rig.archive
        .register_seal(&organ, &certificate(), "PEM")
        .unwrap();
    let body = rig
        .get(&format!("seals/{organ}/{fingerprint}.json"))
        .unwrap();
    rig.put(&format!("seals/{other_organ}/{fingerprint}.json"), body);
    assert!(matches!(
        rig.archive.registered_seal(&other_organ, fingerprint),
        Err(ArchiveError::Corrupt(Defect::Misplaced))
    ));
}
