use super::*;

fn status_of(rig: &Rig, at: Timestamp) -> Result<CopyStatus, ArchiveError> {
    match rig.archive.look_up(CodeIndex::of(&code(1)), at)? {
        LookUp::Committed { status, .. } => Ok(status),
        other => panic!("not committed: {other:?}"),
    }
}

/// Stores an event of the copy of `code(1)` under a number.
fn add_event(rig: &Rig, number: &str, kind: &str) {
    let index = CodeIndex::of(&code(1)).0;
    let more = match kind {
        "withdrawn" => r#","reason":"other","text":"x""#,
        "visibility" => r#","visibility":"open""#,
        _ => "",
    };
    let body = format!(
        r#"{{"schema":1,"index":"{index}","kind":"{kind}"{more},"at":"2026-11-21T11:00:00Z"}}"#
    );
    rig.put(&format!("{}/events/{number}.json", folder(&code(1))), body);
}

#[test]
fn a_code_is_absent_then_begun_then_committed() {
    let rig = Rig::new();
    let index = CodeIndex::of(&code(1));
    assert_eq!(rig.archive.look_up(index, now()).unwrap(), LookUp::Absent);

    let intent = intent(&code(1));
    rig.archive.begin(&intent).unwrap();
    let begun = rig.archive.look_up(index, now()).unwrap();
    assert_eq!(begun, LookUp::Begun(intent.clone()));

    let parts = document(&code(1), b"seal");
    let committed = rig
        .archive
        .commit(&intent, &parts, digest_of(&parts), now())
        .unwrap();
    assert_eq!(
        rig.archive.look_up(index, now()).unwrap(),
        LookUp::Committed {
            record: committed.record,
            status: CopyStatus::InForce,
            extensions: Vec::new(),
        }
    );
}

#[test]
fn a_copy_expires_after_its_last_instant_and_not_before() {
    let rig = Rig::new();
    let until = rig.commit(&code(1)).record.intent.available_until;
    let just_after = until + SignedDuration::from_nanos(1);
    assert_eq!(status_of(&rig, until).unwrap(), CopyStatus::InForce);
    assert_eq!(status_of(&rig, just_after).unwrap(), CopyStatus::Expired);
}

#[test]
fn events_decide_the_status_and_the_gravest_prevails() {
    let rig = Rig::new();
    rig.commit(&code(1));
    for (number, kind, status) in [
        ("0001", "visibility", CopyStatus::InForce),
        ("0002", "expired", CopyStatus::Expired),
        ("0003", "withdrawn", CopyStatus::Withdrawn),
        ("0004", "visibility", CopyStatus::Withdrawn),
        ("0005", "erased", CopyStatus::Erased),
        ("0006", "withdrawn", CopyStatus::Erased),
    ] {
        add_event(&rig, number, kind);
        assert_eq!(status_of(&rig, now()).unwrap(), status);
    }
}

#[test]
fn a_copy_whose_events_cannot_be_read_is_never_in_force() {
    for (number, kind, defect) in [
        ("0001", "an unknown word", Defect::Unreadable),
        ("0002", "withdrawn", Defect::EventMissing),
        ("1", "withdrawn", Defect::EventMissing),
    ] {
        let rig = Rig::new();
        rig.commit(&code(1));
        add_event(&rig, number, kind);
        let error = status_of(&rig, now()).unwrap_err();
        assert!(matches!(error, ArchiveError::Corrupt(found) if found == defect));
    }
}

#[test]
fn a_record_of_a_newer_version_or_of_another_copy_is_not_guessed_at() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let name = format!("{}/record.json", folder(&code(1)));
    let record = String::from_utf8(rig.get(&name).unwrap().to_vec()).unwrap();
    for (body, defect) in [
        (
            record.replace("\"schema\": 1", "\"schema\": 2"),
            Defect::NewerSchema,
        ),
        (
            record.replace(
                &CodeIndex::of(&code(1)).0.to_string(),
                &CodeIndex::of(&code(2)).0.to_string(),
            ),
            Defect::Misplaced,
        ),
        ("{".into(), Defect::Unreadable),
        (String::new(), Defect::Unreadable),
    ] {
        assert_ne!(body, record);
        rig.put(&name, body);
        let error = status_of(&rig, now()).unwrap_err();
        assert!(
            matches!(error, ArchiveError::Corrupt(found) if found == defect),
            "{error:?}"
        );
    }
}

#[test]
fn a_store_that_does_not_answer_is_not_an_absent_copy() {
    let rig = Rig::new();
    let dead = faulty::Dying::after_writes(rig.objects.clone(), 0, false);
    let archive = rig.archive_over(dead);
    assert!(archive.begin(&intent(&code(1))).unwrap_err().is_transient());
    let error = archive.look_up(CodeIndex::of(&code(1)), now()).unwrap_err();
    assert!(error.is_transient());
    assert_eq!(error.to_string(), "the archive cannot be reached now");
}

#[test]
fn a_file_is_identified_by_its_digest() {
    let rig = Rig::new();
    let record = rig.commit(&code(1)).record;
    let known = rig
        .archive
        .identify(&record.document.digest, now())
        .unwrap();
    let known = known.unwrap();
    assert_eq!((known.index, known.version), (record.intent.index, 1));
    assert!(matches!(known.copy, LookUp::Committed { record: found, .. } if found == record));
    let unknown = rig.archive.identify(&Sha256Digest::of(b"other"), now());
    assert_eq!(unknown.unwrap(), None);
}

#[test]
fn a_digest_without_a_record_is_undetermined() {
    let rig = Rig::new();
    let digest = rig.commit(&code(1)).record.document.digest;
    rig.delete(&format!("{}/record.json", folder(&code(1))));
    let found = rig.archive.identify(&digest, now()).unwrap().unwrap();
    assert!(matches!(found.copy, LookUp::Begun(_)));
}

#[test]
fn a_digest_that_leads_to_a_copy_with_another_document_identifies_nothing() {
    let rig = Rig::new();
    let digest = rig.commit(&code(1)).record.document.digest;
    let entry = rig.get(&format!("digests/{digest}")).unwrap();
    let forged = Sha256Digest::of(b"forged");
    rig.put(&format!("digests/{forged}"), entry);
    assert!(matches!(
        rig.archive.identify(&forged, now()),
        Err(ArchiveError::Corrupt(Defect::DigestDiffers))
    ));
}
