use super::faulty::Dying;
use super::*;

#[test]
fn a_commit_writes_exactly_the_objects_of_the_layout() {
    let rig = Rig::new();
    let committed = rig.commit(&code(1));
    let folder = folder(&code(1));
    let index = CodeIndex::of(&code(1)).0;
    assert!(folder.starts_with(&format!("copies/{}/", &index.to_string()[..2])));
    assert!(committed.newly);

    let reference = rig
        .names()
        .iter()
        .find(|name| name.starts_with("refs/"))
        .unwrap()
        .clone();
    assert_eq!(
        rig.names(),
        [
            format!("{folder}/document.pdf"),
            format!("{folder}/intent.json"),
            format!("{folder}/record.json"),
            format!("digests/{}", digest_of(&document(&code(1), b"seal"))),
            format!("organs/L01990015/pre/2026-11-21/{index}"),
            reference.clone(),
            format!("seals/L01990015/{}.json", certificate().fingerprint),
        ]
    );
    assert_eq!(reference.len(), "refs/".len() + 64 + 1 + 64);
    assert_eq!(
        rig.get(&format!("{folder}/document.pdf")).unwrap(),
        document(&code(1), b"seal").concat()
    );
}

#[test]
fn no_object_and_no_name_contains_the_code() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let (compact, grouped) = (code(1).compact(), code(1).grouped());
    for name in rig.names() {
        let body = rig.get(&name).unwrap();
        let text = format!("{name} {}", String::from_utf8_lossy(&body));
        assert!(
            !text.contains(&compact) && !text.contains(&grouped),
            "{name}"
        );
    }
}

#[test]
fn a_second_intent_for_the_same_code_gets_the_first() {
    let rig = Rig::new();
    let first = intent(&code(1));
    let mut second = first.clone();
    second.issued_at += SignedDuration::from_secs(1);
    assert_eq!(rig.archive.begin(&first).unwrap(), Begun::New);
    assert_eq!(
        rig.archive.begin(&second).unwrap(),
        Begun::Existing(Box::new(first))
    );
}

#[test]
fn the_document_that_was_stored_first_is_the_copy() {
    let rig = Rig::new();
    let first = rig.commit(&code(1));
    let other = document(&code(1), b"SEAL");
    let second = rig
        .archive
        .commit(&intent(&code(1)), &other, digest_of(&other), now())
        .unwrap();
    assert!(!second.newly);
    assert_eq!(second.record, first.record);
    assert_eq!(
        second.record.document.digest,
        digest_of(&document(&code(1), b"seal"))
    );
    assert_eq!(
        rig.archive.identify(&digest_of(&other), now()).unwrap(),
        None
    );
}

#[test]
fn ten_parallel_commits_make_one_copy() {
    let rig = Rig::new();
    parallel_commits_make_one_copy(&rig);
    let folder = tempfile::tempdir().unwrap();
    parallel_commits_make_one_copy(&Rig::in_folder(folder.path()));
}

fn parallel_commits_make_one_copy(rig: &Rig) {
    for round in 0..10 {
        let code = code(round);
        let start = std::sync::Barrier::new(10);
        let committed: Vec<Committed> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..10_u8)
                .map(|caller| {
                    let (code, start) = (&code, &start);
                    scope.spawn(move || {
                        // Seals with randomness in them: every caller has other bytes.
                        let parts = document(code, &[b'a', b'b', b'c', b'0' + caller]);
                        let mut intent = intent(code);
                        intent.application = format!("caller {caller}");
                        start.wait();
                        if let Begun::Existing(first) = rig.archive.begin(&intent).unwrap() {
                            intent = *first;
                        }
                        rig.archive
                            .commit(&intent, &parts, digest_of(&parts), now())
                            .unwrap()
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(committed.iter().filter(|one| one.newly).count(), 1);
        let record = &committed[0].record;
        assert!(committed.iter().all(|one| one.record == *record));
        let stored = rig.get(&format!("{}/document.pdf", folder(&code))).unwrap();
        assert_eq!(record.document.digest, Sha256Digest::of(&stored));
    }
    let documents = rig
        .names()
        .into_iter()
        .filter(|name| name.ends_with(".pdf"));
    let digests = rig
        .names()
        .into_iter()
        .filter(|name| name.starts_with("digests/"));
    assert_eq!((documents.count(), digests.count()), (10, 10));
}

#[test]
fn a_document_that_cannot_be_the_intended_one_is_not_stored() {
    let rig = Rig::new();
    let intent = intent(&code(1));
    rig.archive.begin(&intent).unwrap();
    let short = vec![Bytes::from_static(SOURCE)];
    let mut elsewhere = document(&code(1), b"seal");
    elsewhere.insert(1, Bytes::from_static(b" "));
    for parts in [short, elsewhere, vec![]] {
        assert!(matches!(
            rig.archive
                .commit(&intent, &parts, digest_of(&parts), now()),
            Err(ArchiveError::OtherDocument)
        ));
    }
    assert_eq!(rig.names(), [format!("{}/intent.json", folder(&code(1)))]);
}

/// What a request does, as the sealer does it.
fn request(archive: &Archive, seal: &[u8; 4]) -> Result<Committed, ArchiveError> {
    let wanted = intent(&code(1));
    let intent = match archive.look_up(wanted.index, now())? {
        LookUp::Committed { record, .. } => {
            return Ok(Committed {
                record,
                newly: false,
            });
        }
        LookUp::Begun(intent) => intent,
        LookUp::Absent => match archive.begin(&wanted)? {
            Begun::New => wanted,
            Begun::Existing(intent) => *intent,
        },
    };
    let parts = document(&code(1), seal);
    archive.commit(&intent, &parts, digest_of(&parts), now())
}

/// Writes of a request: intent, document, digest, organ, reference, record.
const WRITES: usize = 6;

/// A rig in which a request died at write `n`, from 0, and whether anything was answered.
fn rig_after_death(n: usize, lands: bool) -> Rig {
    let rig = Rig::new();
    rig.archive
        .register_seal(&intent(&code(1)).organ, &certificate(), "PEM")
        .unwrap();
    let dying = Dying::after_writes(rig.objects.clone(), n, lands);
    let died = request(&rig.archive_over(dying.clone()), b"dead");
    assert!(dying.is_dead() && died.unwrap_err().is_transient());
    rig
}

#[test]
fn death_at_every_write_is_completed_by_the_next_identical_request() {
    for n in 0..WRITES {
        for lands in [false, true] {
            let rig = rig_after_death(n, lands);
            let document_stored = n > 1 || n == 1 && lands;
            let record_stored = n == WRITES - 1 && lands;

            let retried = request(&rig.archive, b"live").unwrap();
            let seal = if document_stored { b"dead" } else { b"live" };
            assert_eq!(
                retried.record.document.digest,
                digest_of(&document(&code(1), seal))
            );
            assert_eq!(retried.newly, !record_stored);
            assert_eq!(
                request(&rig.archive, b"more").unwrap().record,
                retried.record
            );
            let check = rig.archive.check(now(), &mut |_, _| {}).unwrap();
            let sound = ArchiveCheck {
                copies: 1,
                ..ArchiveCheck::default()
            };
            assert_eq!(check, sound, "write {n}, lands {lands}");
        }
    }
}

#[test]
fn death_at_every_write_is_completed_by_a_check_without_the_request() {
    for n in 0..WRITES {
        for lands in [false, true] {
            let rig = rig_after_death(n, lands);
            let index = CodeIndex::of(&code(1));
            let intent_stored = n > 0 || lands;
            let document_stored = n > 1 || n == 1 && lands;
            let record_stored = n == WRITES - 1 && lands;

            let check = rig.archive.check(now(), &mut |_, _| {}).unwrap();
            let expected = ArchiveCheck {
                copies: u64::from(document_stored),
                completed: if document_stored && !record_stored {
                    vec![index]
                } else {
                    vec![]
                },
                in_progress: u64::from(intent_stored && !document_stored),
                ..ArchiveCheck::default()
            };
            assert_eq!(check, expected, "write {n}, lands {lands}");
            let looked_up = rig.archive.look_up(index, now()).unwrap();
            assert_eq!(
                matches!(looked_up, LookUp::Committed { .. }),
                document_stored
            );
            if document_stored {
                let again = rig.archive.check(now(), &mut |_, _| {}).unwrap();
                assert_eq!(
                    (again.copies, again.completed, again.findings),
                    (1, vec![], vec![])
                );
            }
        }
    }
}

#[test]
fn a_request_makes_as_many_writes_as_the_deaths_above_assume() {
    let rig = Rig::new();
    let dying = Dying::after_writes(rig.objects.clone(), WRITES, false);
    assert!(
        request(&rig.archive_over(dying.clone()), b"live")
            .unwrap()
            .newly
    );
    assert!(!dying.is_dead());
    let dying = Dying::after_writes(Rig::new().objects, WRITES - 1, false);
    assert!(request(&rig.archive_over(dying), b"live").is_err());
}

#[test]
fn completing_distinguishes_what_was_begun_from_what_was_not() {
    let rig = Rig::new();
    let index = CodeIndex::of(&code(1));
    assert_eq!(
        rig.archive.complete(index, now()).unwrap(),
        Completion::Absent
    );
    let intent = intent(&code(1));
    rig.archive.begin(&intent).unwrap();
    assert_eq!(
        rig.archive.complete(index, now()).unwrap(),
        Completion::NoDocument(Box::new(intent))
    );
}

#[test]
fn a_stored_document_that_does_not_begin_with_its_source_is_not_completed() {
    let rig = Rig::new();
    rig.archive.begin(&intent(&code(1))).unwrap();
    let mut bytes = document(&code(1), b"seal").concat();
    bytes[10] ^= 1;
    rig.put(&format!("{}/document.pdf", folder(&code(1))), bytes);
    assert!(matches!(
        rig.archive.complete(CodeIndex::of(&code(1)), now()),
        Err(ArchiveError::Corrupt(Defect::SourceDiffers))
    ));
}
