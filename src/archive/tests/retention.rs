//! The end of copies: expiry, erasure and what is left.

use super::events::standing;
use super::extensions::version;
use super::*;
use crate::model::FactorValue;

fn until() -> Timestamp {
    intent(&code(1)).available_until
}

fn after() -> Timestamp {
    until() + SignedDuration::from_hours(1)
}

fn expire(rig: &Rig, at: Timestamp) -> Expiry {
    rig.archive.expire("cli", at, &mut |_, _| {}).unwrap()
}

fn erase(rig: &Rig) -> Result<Erasure, ArchiveError> {
    let index = CodeIndex::of(&code(1));
    rig.archive.erase(index, "cli", now())
}

fn due(rig: &Rig, before: Timestamp) -> DueForErasure {
    rig.archive.due_for_erasure(before, &mut |_, _| {}).unwrap()
}

#[test]
fn what_is_past_its_availability_gets_one_event_that_says_so() {
    let rig = Rig::new();
    rig.commit(&code(1));
    rig.commit(&code(2));
    let withdrawn = CodeIndex::of(&code(2));
    rig.withdraw(withdrawn);
    assert_eq!(expire(&rig, until()).expired, []);
    let index = CodeIndex::of(&code(1));
    let expiry = expire(&rig, after());
    assert_eq!((expiry.copies, expiry.expired), (2, vec![index]));
    assert!(
        rig.get(&format!("{}/events/0001.json", folder(&code(1))))
            .is_some()
    );
    assert_eq!(expire(&rig, after()).expired, [], "once is enough");
    let standing = rig.archive.stand(index, now()).unwrap().unwrap();
    assert_eq!(
        standing.status,
        CopyStatus::Expired,
        "whatever a clock says later"
    );
}

#[test]
fn one_copy_that_cannot_be_read_does_not_keep_the_others_from_expiring() {
    let rig = Rig::new();
    rig.commit(&code(1));
    rig.commit(&code(2));
    rig.put(&format!("{}/record.json", folder(&code(2))), "{");
    let expiry = expire(&rig, after());
    assert_eq!(expiry.expired, [CodeIndex::of(&code(1))]);
    let [finding] = &expiry.unreadable[..] else {
        panic!("{expiry:?}");
    };
    assert_eq!(
        (&finding.object, finding.defect),
        (&folder(&code(2)), Defect::Unreadable)
    );
}

#[test]
fn copies_are_due_from_the_day_that_was_said_until_they_are_erased() {
    let rig = Rig::new();
    rig.commit(&code(1));
    assert_eq!(due(&rig, until()).due, []);
    let found = due(&rig, after()).due;
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].index, found[0].available_until),
        (CodeIndex::of(&code(1)), until())
    );
    assert_eq!(erase(&rig).unwrap(), Erasure::Done);
    assert_eq!(
        due(&rig, after()),
        DueForErasure {
            copies: 1,
            ..DueForErasure::default()
        }
    );
}

/// Everything about a copy that must not survive its erasure.
fn content() -> Vec<Vec<u8>> {
    let texts = [
        "the source",
        "<seal>",
        "Acta del ple",
        "2026/1",
        "ES_L01990015_2026_1",
        "María",
    ];
    let mut content: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    content.push(b"your number".to_vec());
    content
}

/// What is left of that in any object or name of the store.
fn left(rig: &Rig) -> Vec<String> {
    let mut left = Vec::new();
    for name in rig.names() {
        let body = rig.get(&name).unwrap();
        for fragment in content() {
            let inside = body
                .windows(fragment.len())
                .any(|window| window == fragment);
            if inside
                || name
                    .as_bytes()
                    .windows(fragment.len())
                    .any(|part| part == fragment)
            {
                left.push(format!("{name}: {}", String::from_utf8_lossy(&fragment)));
            }
        }
    }
    left
}

/// What was appended to it.
const MORE: &[u8] = b"more of <seal>";

/// A copy with something in every place that may hold content.
fn commit_with_everything(rig: &Rig) -> CopyRecord {
    let mut wanted = intent(&code(1));
    wanted.description.requested_by = Some("María".to_owned());
    let factor = crate::model::AccessFactor::new("your number", "4471").unwrap();
    wanted.access = (rig.archive)
        .access(wanted.index, &NewAccess::Restricted(factor))
        .unwrap();
    rig.archive.begin(&wanted).unwrap();
    rig.archive
        .register_seal(&wanted.organ, &certificate(), "PEM")
        .unwrap();
    let parts = document(&code(1), b"seal");
    let committed = rig
        .archive
        .commit(&wanted, &parts, digest_of(&parts), now());
    let value = FactorValue::read("a wrong one").unwrap();
    rig.archive
        .try_factor(&standing(rig), &value, now())
        .unwrap();
    let more = version(&parts.concat(), MORE);
    rig.archive.extend(&standing(rig), more, now()).unwrap();
    committed.unwrap().record
}

#[test]
fn nothing_of_an_erased_copy_is_left_but_a_stub_its_events_its_digest_and_its_place_in_the_list() {
    let rig = Rig::new();
    let record = commit_with_everything(&rig);
    assert!(left(&rig).len() > content().len());
    assert_eq!(erase(&rig).unwrap(), Erasure::Done);
    assert_eq!(left(&rig), Vec::<String>::new());
    let index = CodeIndex::of(&code(1)).0;
    let later = [document(&code(1), b"seal").concat(), MORE.to_vec()].concat();
    let mut digests = [record.document.digest, Sha256Digest::of(&later)];
    digests.sort();
    assert_eq!(
        rig.names(),
        [
            format!("{}/events/0001.json", folder(&code(1))),
            format!("{}/stub.json", folder(&code(1))),
            format!("digests/{}", digests[0]),
            format!("digests/{}", digests[1]),
            format!("organs/L01990015/pre/2026-11-21/{index}"),
            format!("seals/L01990015/{}.json", certificate().fingerprint),
        ]
    );
    for digest in digests {
        let identified = rig.archive.identify(&digest, now()).unwrap().unwrap();
        assert!(matches!(
            identified.copy,
            LookUp::Committed {
                status: CopyStatus::Erased,
                ..
            }
        ));
    }
    let names = rig.names();
    assert_eq!(
        erase(&rig).unwrap(),
        Erasure::Done,
        "once more changes nothing"
    );
    assert_eq!(rig.names(), names);
}

#[test]
fn an_erased_copy_still_says_what_became_of_it_and_is_recognised() {
    let rig = Rig::new();
    let record = rig.commit(&code(1)).record;
    erase(&rig).unwrap();
    let standing = standing(&rig);
    assert_eq!(standing.status, CopyStatus::Erased);
    assert_eq!(standing.for_the_organ().unwrap_err(), CopyStatus::Erased);
    let stub = &standing.record;
    assert_eq!(stub.intent.organ, record.intent.organ);
    assert_eq!(stub.intent.issued_at, record.intent.issued_at);
    assert_eq!(stub.document, record.document);
    let identified = rig
        .archive
        .identify(&record.document.digest, now())
        .unwrap();
    assert!(matches!(
        identified.unwrap().copy,
        LookUp::Committed {
            status: CopyStatus::Erased,
            ..
        }
    ));
    let completed = rig.archive.complete(record.intent.index, now()).unwrap();
    assert!(
        matches!(completed, Completion::Committed(_)),
        "it is not begun anew"
    );
    let check = rig.archive.check(now(), &mut |_, _| {}).unwrap();
    assert_eq!((check.copies, check.findings), (1, vec![]));
}

#[test]
fn an_erasure_that_dies_anywhere_gives_no_content_and_is_finished_by_the_next() {
    // The event and the stub are its writes.
    for (writes, lands) in [(0, false), (0, true), (1, false), (1, true)] {
        let rig = Rig::new();
        commit_with_everything(&rig);
        let dying = faulty::Dying::after_writes(rig.objects.clone(), writes, lands);
        let index = CodeIndex::of(&code(1));
        let died = rig.archive_over(dying).erase(index, "cli", now());
        assert!(died.unwrap_err().is_transient());
        let is_erased = standing(&rig).status == CopyStatus::Erased;
        assert_eq!(is_erased, writes > 0 || lands);
        let unfinished = rig.archive.check(now(), &mut |_, _| {}).unwrap().findings;
        let named = unfinished
            .iter()
            .any(|found| found.defect == Defect::ErasureUnfinished);
        assert_eq!(named, is_erased, "{unfinished:?}");
        assert_eq!(due(&rig, after()).due.len(), 1, "still due");
        assert_eq!(erase(&rig).unwrap(), Erasure::Done);
        assert_eq!(left(&rig), Vec::<String>::new());
    }
}

#[test]
fn a_copy_that_does_not_exist_is_not_erased() {
    let rig = Rig::new();
    assert_eq!(erase(&rig).unwrap(), Erasure::Absent);
    rig.archive.begin(&intent(&code(1))).unwrap();
    assert_eq!(erase(&rig).unwrap(), Erasure::Absent, "nothing was issued");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test looks at a folder as a thief would"
)]
fn no_file_of_an_erased_copy_is_left_in_a_folder_not_even_what_a_killed_process_left() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::opened_in(folder.path());
    commit_with_everything(&rig);
    let copy = folder.path().join(super::folder(&code(1)));
    std::fs::write(copy.join("document.pdf#1"), "half of the source").unwrap();
    assert_eq!(erase(&rig).unwrap(), Erasure::Done);
    assert_eq!(left(&rig), Vec::<String>::new());
    let mut names: Vec<_> = std::fs::read_dir(&copy)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["stub.json"]);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test lays out a folder")]
fn what_killed_processes_left_is_named_and_removed_when_it_is_a_day_old() {
    let folder = tempfile::tempdir().unwrap();
    let rig = Rig::opened_in(folder.path());
    rig.commit(&code(1));
    let name = format!("{}/document.pdf#3", super::folder(&code(1)));
    std::fs::write(folder.path().join(&name), "%PDF").unwrap();
    let written = Timestamp::try_from(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert!(written < now());
    let modified = folder
        .path()
        .join(&name)
        .metadata()
        .unwrap()
        .modified()
        .unwrap();
    let modified = Timestamp::try_from(modified).unwrap();
    let day = SignedDuration::from_hours(24);
    assert_eq!(
        rig.archive.left_behind(modified + day).unwrap(),
        Vec::<String>::new()
    );
    let later = modified + day + SignedDuration::from_secs(1);
    let check = rig.archive.check(later, &mut |_, _| {}).unwrap();
    assert_eq!(
        (check.left_behind, check.findings),
        (vec![name.clone()], vec![])
    );
    assert_eq!(rig.archive.tidy(later).unwrap(), [name]);
    assert_eq!(
        rig.archive.left_behind(later).unwrap(),
        Vec::<String>::new()
    );
    let check = rig.archive.check(later, &mut |_, _| {}).unwrap();
    assert_eq!(
        (check.copies, check.findings),
        (1, vec![]),
        "objects are not staging files"
    );
}
