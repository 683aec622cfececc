use super::*;

fn check(rig: &Rig, at: Timestamp) -> ArchiveCheck {
    rig.archive.check(at, &mut |_, _| {}).unwrap()
}

fn defects(rig: &Rig) -> Vec<Defect> {
    let found = check(rig, now()).findings;
    let mut defects: Vec<_> = found.into_iter().map(|finding| finding.defect).collect();
    defects.sort();
    defects.dedup();
    defects
}

#[test]
fn a_sound_archive_has_no_findings_and_tells_how_far_the_check_is() {
    let folder = tempfile::tempdir().unwrap();
    for rig in [Rig::new(), Rig::in_folder(folder.path())] {
        for seed in 0..5 {
            rig.commit(&code(seed));
        }
        let mut steps = Vec::new();
        let check = rig
            .archive
            .check(now(), &mut |done, total| steps.push((done, total)))
            .unwrap();
        assert_eq!((check.copies, check.findings), (5, vec![]));
        let (_, total) = steps[0];
        assert_eq!(
            steps,
            (0..=total).map(|done| (done, total)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn an_empty_archive_is_sound() {
    let folder = tempfile::tempdir().unwrap();
    for rig in [Rig::new(), Rig::in_folder(folder.path())] {
        assert_eq!(check(&rig, now()), ArchiveCheck::default());
    }
}

#[test]
fn an_intent_is_abandoned_when_it_is_a_day_old_and_has_no_document() {
    let rig = Rig::new();
    let intent = intent(&code(1));
    rig.archive.begin(&intent).unwrap();
    let day = SignedDuration::from_hours(24);
    let young = check(&rig, now() + day - SignedDuration::from_nanos(1));
    assert_eq!((young.in_progress, young.abandoned), (1, vec![]));
    let old = check(&rig, now() + day);
    assert_eq!(old.in_progress, 0);
    assert_eq!(
        old.abandoned,
        [AbandonedIntent {
            index: intent.index,
            organ: intent.organ,
            application: intent.application,
            issued_at: intent.issued_at,
        }]
    );
}

#[test]
fn a_folder_left_by_a_process_killed_in_its_first_write_is_no_finding() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::in_folder(folder.path());
    let copy = folder.path().join(super::folder(&code(1)));
    #[expect(clippy::disallowed_methods, reason = "a test lays out a folder")]
    {
        std::fs::create_dir_all(&copy).unwrap();
        std::fs::write(copy.join("intent.json#1"), "{").unwrap();
    }
    assert_eq!(check(&rig, now()), ArchiveCheck::default());
    rig.commit(&code(1));
    assert_eq!(check(&rig, now()).copies, 1);
}

#[test]
fn every_kind_of_damage_is_named() {
    let index = CodeIndex::of(&code(1));
    let copy = folder(&code(1));
    let digest = format!("digests/{}", digest_of(&document(&code(1), b"seal")));
    let organ = format!("organs/L01990015/pre/2026-11-21/{}", index.0);
    let seal = format!("seals/L01990015/{}.json", certificate().fingerprint);
    type Damage<'a> = Box<dyn Fn(&Rig) + 'a>;
    let delete = |name: String| -> Damage<'_> { Box::new(move |rig: &Rig| rig.delete(&name)) };
    let change = |name: String, at: usize| -> Damage<'_> {
        Box::new(move |rig: &Rig| {
            let mut bytes = rig.get(&name).unwrap().to_vec();
            bytes[at] ^= 1;
            rig.put(&name, bytes);
        })
    };
    let reference: Damage<'_> = Box::new(|rig| {
        let names = rig.names();
        rig.delete(names.iter().find(|name| name.starts_with("refs/")).unwrap());
    });
    let other_intent: Damage<'_> = Box::new(|rig| {
        let mut intent = intent(&code(1));
        intent.application = "another".into();
        let body = serde_json::to_vec(&intent).unwrap();
        rig.put(&format!("{}/intent.json", folder(&code(1))), body);
    });
    let stray_file: Damage<'_> = Box::new(|rig| rig.put("copies/zz/notes/a.txt", "x"));
    let event: Damage<'_> =
        Box::new(|rig| rig.put(&format!("{}/events/0001.json", folder(&code(1))), "{}"));
    let stray_copy = Sha256Digest::of(b"stray");
    let stray: Damage<'_> = Box::new(move |rig| {
        rig.put(&format!("organs/L01990015/pre/2026-11-21/{stray_copy}"), "");
    });
    let forged: Damage<'_> = Box::new(|rig| {
        let entry = rig
            .get(&format!(
                "digests/{}",
                digest_of(&document(&code(1), b"seal"))
            ))
            .unwrap();
        rig.put(&format!("digests/{stray_copy}"), entry);
    });
    for (damage, expected) in [
        (
            change(format!("{copy}/document.pdf"), SOURCE.len() + 2),
            Defect::DocumentDiffers,
        ),
        (
            change(format!("{copy}/document.pdf"), 10),
            Defect::SourceDiffers,
        ),
        (
            delete(format!("{copy}/document.pdf")),
            Defect::DocumentMissing,
        ),
        (change(format!("{copy}/record.json"), 0), Defect::Unreadable),
        (other_intent, Defect::IntentDiffers),
        (event, Defect::Unreadable),
        (delete(digest), Defect::DigestMissing),
        (delete(organ), Defect::OrganPointerMissing),
        (reference, Defect::ReferenceMissing),
        (delete(seal), Defect::SealUnknown),
        (stray, Defect::PointerStray),
        (forged, Defect::DigestDiffers),
        (stray_file, Defect::Misplaced),
    ] {
        let rig = Rig::new();
        rig.commit(&code(1));
        rig.commit(&code(2));
        damage(&rig);
        assert_eq!(defects(&rig), [expected], "{}", expected.word());
    }
}

#[test]
fn a_copy_without_an_intent_is_one_finding() {
    let rig = Rig::new();
    rig.commit(&code(1));
    rig.delete(&format!("{}/intent.json", folder(&code(1))));
    assert_eq!(defects(&rig), [Defect::IntentMissing]);
}

#[test]
fn a_store_that_stops_answering_ends_the_check_with_an_error() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let dead = faulty::Dying::after_writes(rig.objects.clone(), 0, false);
    let archive = rig.archive_over(dead);
    assert!(archive.begin(&intent(&code(2))).is_err());
    assert!(
        archive
            .check(now(), &mut |_, _| {})
            .unwrap_err()
            .is_transient()
    );
}
