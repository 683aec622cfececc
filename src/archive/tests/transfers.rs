//! Archives that move.

use super::*;

fn transfer(from: &Rig, to: &Rig) -> Transfer {
    from.archive.transfer(&to.archive, &mut |_, _| {}).unwrap()
}

fn check(rig: &Rig) -> ArchiveCheck {
    rig.archive.check(now(), &mut |_, _| {}).unwrap()
}

#[test]
fn an_archive_moves_whole_and_the_same_again_finds_everything_there() {
    let (from, folder) = (Rig::new(), tempfile::tempdir().unwrap());
    for seed in 0..5 {
        from.commit(&code(seed));
    }
    from.put("probes/1-1-0", "left by a store that keeps everything");
    let to = Rig::in_folder(folder.path());
    let mut steps = Vec::new();
    let moved = (from.archive)
        .transfer(&to.archive, &mut |done, total| steps.push((done, total)))
        .unwrap();
    let names: Vec<_> = from
        .names()
        .into_iter()
        .filter(|name| !name.starts_with("probes"))
        .collect();
    assert_eq!(to.names(), names);
    assert_eq!((moved.objects, moved.already), (names.len() as u64, 0));
    assert_eq!(steps.last(), Some(&(names.len(), names.len())));
    assert_eq!((check(&to).copies, check(&to).findings), (5, vec![]));
    let again = transfer(&from, &to);
    assert_eq!(
        (again.objects, again.already),
        (moved.objects, moved.objects)
    );
}

#[test]
fn a_transfer_that_dies_leaves_no_record_without_what_it_needs_and_is_finished_by_the_next() {
    let from = Rig::new();
    (0..4).for_each(|seed| drop(from.commit(&code(seed))));
    let writes = from.names().len();
    for died_at in [0, 5, writes - 4, writes - 1] {
        let to = Rig::new();
        let dying = faulty::Dying::after_writes(to.objects.clone(), died_at, false);
        let outcome = from
            .archive
            .transfer(&to.archive_over(dying), &mut |_, _| {});
        assert!(outcome.unwrap_err().is_transient());
        let records = to
            .names()
            .iter()
            .filter(|name| name.ends_with("record.json"))
            .count();
        assert_eq!(records > 0, died_at == writes - 1);
        assert_eq!(transfer(&from, &to).conflicts, Vec::<String>::new());
        assert_eq!(to.names(), from.names());
    }
}

#[test]
fn what_stands_in_the_target_is_never_replaced_but_named() {
    let (from, to) = (Rig::new(), Rig::new());
    from.commit(&code(1));
    let name = format!("{}/document.pdf", folder(&code(1)));
    to.put(&name, "somebody else's");
    let moved = transfer(&from, &to);
    assert_eq!(moved.conflicts, std::slice::from_ref(&name));
    assert_eq!(to.get(&name).unwrap(), "somebody else's");
}

#[test]
fn one_organ_is_taken_out_with_everything_that_speaks_for_its_copies() {
    let (from, to) = (Rig::new(), Rig::new());
    let own = from.commit(&code(1)).record;
    let mut begun = intent(&code(2));
    begun.index = CodeIndex::of(&code(2));
    from.archive.begin(&begun).unwrap();
    from.put(&format!("{}/tries/0/2026-11-21/10-1", folder(&code(1))), "");
    from.withdraw(own.intent.index);
    // A later version of the document, and one of another organ.
    let later = Sha256Digest::of(b"the whole of version 2");
    let size = own.document.size + 6;
    let line = format!(r#"{{"document":{{"digest":"{later}","size":{size}}}}}"#);
    from.put(
        &format!("{}/extensions/0001.bin", folder(&code(1))),
        format!("{line}\n% more"),
    );
    from.put(
        &format!("digests/{later}"),
        from.get(&format!("digests/{}", own.document.digest))
            .unwrap(),
    );
    let mut other = intent(&code(3));
    other.organ = "L01990027".parse().unwrap();
    from.archive.begin(&other).unwrap();
    let parts = document(&code(3), b"seal");
    from.archive
        .commit(&other, &parts, digest_of(&parts), now())
        .unwrap();

    let organ = &own.intent.organ;
    let (moved, copies) = (from.archive)
        .transfer_organ(organ, &to.archive, now(), &mut |_, _| {})
        .unwrap();
    let copy = folder(&code(1));
    let mut expected: Vec<String> = [
        "document.pdf",
        "events/0001.json",
        "extensions/0001.bin",
        "intent.json",
        "record.json",
    ]
    .iter()
    .map(|name| format!("{copy}/{name}"))
    .collect();
    let index = own.intent.index.0;
    expected.push(format!("digests/{}", own.document.digest));
    expected.push(format!("digests/{later}"));
    expected.push(format!("organs/L01990015/pre/2026-11-21/{index}"));
    expected.push(
        from.names()
            .into_iter()
            .find(|name| name.starts_with("refs/") && name.ends_with(&index.to_string()))
            .unwrap(),
    );
    expected.push(format!(
        "seals/L01990015/{}.json",
        certificate().fingerprint
    ));
    expected.sort();
    assert_eq!(to.names(), expected);
    assert_eq!(moved.objects, expected.len() as u64);
    assert_eq!(
        copies,
        [ExportedCopy {
            record: own,
            status: CopyStatus::Withdrawn,
            document: Some(format!("{copy}/document.pdf")),
        }]
    );
}
