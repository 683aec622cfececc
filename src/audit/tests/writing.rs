//! Lines are on the disk when they are said to be, and none is lost in silence.

use super::*;
use crate::archive::CodeIndex;
use crate::cades::{Imprint, TimestampToken};
use crate::model::Sha256Digest;

#[test]
fn whoever_waits_finds_the_line_on_the_disk_and_a_restart_goes_on_from_it() {
    let mut rig = Rig::new();
    let disk = rig.disk("a");
    let (auditor, shift) = rig.begin("a");
    auditor.tell(Fact::new(Event::CopyLookedUp).outcome("shown"));
    let told = auditor.tell_first(Fact::new(Event::CopyIssued).outcome("new"));
    assert_eq!(told.wait(), Ok(()));
    let safe = disk.safe_text();
    assert_eq!(safe.lines().count(), 2, "{safe}");
    assert!(safe.contains("copy-issued"), "{safe}");
    drop(shift);
    rig.live("a", 3);
    let text = disk.text();
    let numbers: Vec<u64> = text
        .lines()
        .map(|line| Line::read(line.as_bytes()).unwrap().seq)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
    let verification = rig.verify();
    assert_eq!(verification.findings, []);
    let log = &verification.logs[0];
    assert_eq!((log.lines, log.proved, log.tail), (5, 5, None));
}

#[test]
fn a_line_that_nobody_waits_for_is_safe_within_a_second_or_so() {
    let mut rig = Rig::new();
    let disk = rig.disk("a");
    let (auditor, _shift) = rig.begin("a");
    auditor.tell(Fact::new(Event::CopyLookedUp).outcome("shown"));
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert_eq!(disk.safe_text().lines().count(), 1);
}

#[test]
fn many_who_wait_share_a_synchronisation_and_look_ups_wait_for_none() {
    let mut rig = Rig::new();
    rig.cadence = Cadence::default();
    let disk = rig.disk("a");
    disk.slow.store(10, Ordering::Relaxed);
    let (auditor, shift) = rig.begin("a");
    for _ in 0..100 {
        auditor.tell(Fact::new(Event::CopyLookedUp).outcome("shown"));
    }
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let told = auditor.tell_first(Fact::new(Event::CopyIssued));
                    assert_eq!(told.wait(), Ok(()));
                }
            });
        }
    });
    let syncs = disk.syncs.load(Ordering::Relaxed);
    assert!(syncs <= 40, "{syncs} synchronisations for 260 lines");
    drop(shift);
    assert_eq!(rig.verify().logs[0].lines, 260);
}

#[test]
fn a_full_disk_refuses_keeps_what_changes_something_and_counts_the_rest() {
    let mut rig = Rig::new();
    let disk = rig.disk("a");
    let (auditor, shift) = rig.begin("a");
    auditor
        .tell_first(Fact::new(Event::CopyIssued))
        .wait()
        .unwrap();
    disk.full.store(true, Ordering::Relaxed);
    let refused = auditor.tell_first(Fact::new(Event::CopyWithdrawn)).wait();
    assert_eq!(refused, Err(AuditUnavailable));
    assert!(!auditor.is_available());
    for _ in 0..3 {
        let lost = auditor.tell_first(Fact::new(Event::CopyLookedUp)).wait();
        assert_eq!(lost, Err(AuditUnavailable));
    }
    assert_eq!(auditor.lost(), 3);
    disk.full.store(false, Ordering::Relaxed);
    auditor
        .tell_first(Fact::new(Event::CopyExtended))
        .wait()
        .unwrap();
    assert!(auditor.is_available());
    drop(shift);
    let events: Vec<_> = disk
        .text()
        .lines()
        .map(|line| Line::read(line.as_bytes()).unwrap().entry.unwrap())
        .map(|entry| (entry.event, entry.count))
        .collect();
    assert_eq!(
        events,
        [
            (Event::CopyIssued, None),
            (Event::LinesLost, Some(3)),
            (Event::CopyWithdrawn, None),
            (Event::CopyExtended, None),
        ]
    );
    assert_eq!(rig.verify().findings, []);
}

#[test]
fn a_log_without_traffic_recovers_by_itself() {
    let mut rig = Rig::new();
    let disk = rig.disk("a");
    let (auditor, _shift) = rig.begin("a");
    disk.full.store(true, Ordering::Relaxed);
    let refused = auditor.tell_first(Fact::new(Event::CopyIssued)).wait();
    assert_eq!(refused, Err(AuditUnavailable));
    disk.full.store(false, Ordering::Relaxed);
    for _ in 0..50 {
        if auditor.is_available() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(auditor.is_available());
    assert!(disk.text().contains("copy-issued"));
}

#[test]
fn a_line_cut_off_by_a_death_is_taken_away_and_the_chain_goes_on() {
    let mut rig = Rig::new();
    rig.live("a", 3);
    let disk = rig.disk("a");
    let last = *disk.segments.lock().unwrap().keys().last().unwrap();
    let torn = b"{\"seq\":4,\"instance\":\"a\",\"pr";
    let mut segments = disk.segments.lock().unwrap();
    segments.get_mut(&last).unwrap().extend(torn);
    drop(segments);
    rig.live("a", 2);
    assert_eq!(rig.verify().findings, []);
    assert_eq!(rig.lines("a").len(), 5);
}

#[test]
fn a_machine_that_lost_its_disk_goes_on_from_what_the_archive_proves() {
    let mut rig = Rig::new();
    rig.live("a", 25);
    rig.disks.clear();
    rig.live("a", 2);
    let verification = rig.verify();
    assert_eq!(verification.findings, []);
    assert_eq!(verification.logs[0].lines, 27);
    // Lines that were proved and whose segment never came into the archive are missing, and it shows.
    let last = rig.names("audit/segments/a").pop().unwrap();
    rig.delete(&last);
    rig.disks.clear();
    rig.live("a", 1);
    assert_eq!(rig.words(), ["lines-missing"]);
}

#[test]
fn checkpoints_of_one_instance_tell_how_far_the_others_had_come() {
    let mut rig = Rig::new();
    rig.live("a", 9);
    rig.live("b", 1);
    rig.live("a", 1);
    let newest = rig.names("audit/checkpoints/2026-11-22/a").pop().unwrap();
    let newest = Checkpoint::read(&rig.read(&newest), &rig.keys).unwrap();
    assert_eq!(newest.statement.head.count, 10);
    let [b] = newest.statement.others.as_slice() else {
        panic!("{newest:?}")
    };
    assert_eq!((b.instance.as_str(), b.head.count), ("b", 1));
    assert_eq!(rig.verify().findings, []);
}

#[test]
fn old_segments_leave_the_machine_once_the_archive_holds_them() {
    let mut rig = Rig::new();
    rig.live("a", 25);
    rig.pass(40 * 24 * 3600);
    let parts = AuditParts {
        keep: Some(SignedDuration::from_hours(30 * 24)),
        ..rig.parts("a")
    };
    let (auditor, shift) = begin(parts).unwrap();
    auditor
        .tell_first(Fact::new(Event::CopyIssued))
        .wait()
        .unwrap();
    drop(shift);
    let disk = rig.disk("a");
    assert_eq!(disk.segments().unwrap(), [26]);
    assert_eq!(rig.verify().findings, []);
    assert_eq!(rig.verify().logs[0].lines, 26);
}

#[test]
fn one_checkpoint_a_day_is_time_stamped_off_the_way_of_whoever_tells() {
    let mut rig = Rig::new();
    let asked: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
    let seen = Arc::clone(&asked);
    let parts = AuditParts {
        stamp: Some(Arc::new(move |imprint: &Imprint| {
            seen.lock().unwrap().push(imprint.value.clone());
            Ok(TimestampToken {
                der: b"a token".to_vec(),
                time: Timestamp::UNIX_EPOCH,
                chain: Vec::new(),
            })
        })),
        ..rig.parts("a")
    };
    let (auditor, shift) = begin(parts).unwrap();
    for _ in 0..30 {
        auditor
            .tell_first(Fact::new(Event::CopyIssued))
            .wait()
            .unwrap();
    }
    drop(shift);
    let tokens: Vec<Path> = rig
        .names("audit/checkpoints")
        .into_iter()
        .filter(|name| name.as_ref().ends_with(".tst"))
        .collect();
    let [token] = tokens.as_slice() else {
        panic!("{tokens:?}")
    };
    let checkpoint = token.as_ref().replace(".tst", ".json");
    let checkpoint = rig.read(&Path::from(checkpoint));
    let asked = asked.lock().unwrap();
    assert_eq!(*asked, [Sha256Digest::of(&checkpoint).as_bytes().to_vec()]);
    // This token is none, and that is found.
    assert_eq!(rig.words(), ["timestamp-unfit"]);
}

#[test]
fn nothing_that_names_a_person_a_file_or_a_copy_is_written_down() {
    let mut rig = Rig::new();
    let (auditor, shift) = rig.begin("a");
    let (copy, file) = (Sha256Digest::of(b"copy"), Sha256Digest::of(b"file"));
    let key = Sha256Digest::of(b"segell_pro_secret");
    let fact = Fact::new(Event::CopyIssued)
        .copy(CodeIndex(copy))
        .file(file)
        .person("12345678Z")
        .key(key);
    auditor.tell_first(fact).wait().unwrap();
    drop(shift);
    let text = rig.disk("a").text();
    let whole_key = key.to_string();
    for secret in [&copy.to_string(), &file.to_string(), "12345678", &whole_key] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let reference = rig.keys.copy(CodeIndex(copy)).to_string();
    assert!(
        text.contains(&format!("\"copy_ref\":\"{reference}\"")),
        "{text}"
    );
    assert!(
        text.contains(&format!("\"key\":\"{}\"", &whole_key[..8])),
        "{text}"
    );
}
