//! Whoever has every disk and the whole archive, and not the audit key, changes nothing before the last
//! checkpoint unnoticed.

use super::*;
use crate::archive::AuditShelf;

/// Two instances, of which each knew the other: `a` with 35 lines in four segments and all of them proved.
fn rig() -> Rig {
    let mut rig = Rig::new();
    rig.live("a", 20);
    rig.live("a", 15);
    rig.live("b", 4);
    assert_eq!(rig.verify().findings, []);
    rig
}

#[test]
fn any_byte_that_is_changed_is_found() {
    let rig = rig();
    let whole = rig.segments("a");
    for (number, (_, segment)) in whole.iter().enumerate() {
        // Many bytes of one segment, and a few of the others.
        for at in (0..segment.len()).filter(|at| at % 131 == 0 || (number == 1 && at % 29 == 0)) {
            let mut changed = whole.clone();
            changed[number].1[at] ^= 1;
            rig.replace("a", &changed);
            assert_ne!(rig.words(), [""; 0], "byte {at} of segment {number}");
        }
    }
    rig.replace("a", &whole);
    assert_eq!(rig.words(), [""; 0]);
}

#[test]
fn any_line_that_is_deleted_doubled_or_moved_is_found() {
    let rig = rig();
    let lines = rig.lines("a");
    for at in 0..lines.len() {
        let mut deleted = lines.clone();
        deleted.remove(at);
        rig.replace_lines("a", &deleted);
        assert!(rig.words().contains(&"lines-missing"), "line {at} deleted");

        let mut doubled = lines.clone();
        doubled.insert(at, lines[at].clone());
        rig.replace_lines("a", &doubled);
        assert!(rig.words().contains(&"line-misplaced"), "line {at} doubled");

        if at > 0 {
            let mut moved = lines.clone();
            moved.swap(at - 1, at);
            rig.replace_lines("a", &moved);
            assert!(rig.words().contains(&"line-misplaced"), "line {at} moved");
        }
    }
    rig.replace_lines("a", &lines);
    assert_eq!(rig.words(), [""; 0]);
}

#[test]
fn any_end_that_is_cut_off_is_found() {
    let rig = rig();
    let lines = rig.lines("a");
    for left in 0..lines.len() {
        rig.replace_lines("a", &lines[..left]);
        let verification = rig.verify();
        let [finding] = verification.findings.as_slice() else {
            panic!("{left}: {verification:?}")
        };
        let expected = format!("a: lines {} to 35 are missing", left + 1);
        assert_eq!(finding.to_string(), expected);
    }
}

#[test]
fn segments_that_are_deleted_swapped_renamed_or_of_another_log_are_found() {
    let rig = rig();
    let whole = rig.segments("a");
    assert_eq!(whole.len(), 4);
    for at in 0..whole.len() {
        let mut deleted = whole.clone();
        deleted.remove(at);
        rig.replace("a", &deleted);
        assert!(rig.words().contains(&"lines-missing"), "segment {at}");

        let mut swapped = whole.clone();
        let next = (at + 1) % whole.len();
        (swapped[at].1, swapped[next].1) = (whole[next].1.clone(), whole[at].1.clone());
        rig.replace("a", &swapped);
        assert!(rig.words().contains(&"segment-misplaced"), "segment {at}");

        let mut foreign = whole.clone();
        foreign[at].1 = rig.segments("b")[0].1.clone();
        rig.replace("a", &foreign);
        assert!(rig.words().contains(&"line-foreign"), "segment {at}");
    }
    rig.replace("a", &whole);
    // One side only: the other still has it right.
    rig.disks[&name("a")]
        .segments
        .lock()
        .unwrap()
        .get_mut(&11)
        .unwrap()[5] ^= 1;
    assert_eq!(rig.words(), ["segment-differs"]);
}

/// Lines that follow from each other, as somebody writes them who knows how.
fn rewritten(lines: &[Vec<u8>], from: usize) -> Vec<Vec<u8>> {
    let mut lines: Vec<Line> = lines.iter().map(|line| Line::read(line).unwrap()).collect();
    let before = from.checked_sub(1).map(|before| lines[before].head());
    let mut head = before.unwrap_or(Head::START);
    for line in &mut lines[from..] {
        let mut entry = line.entry.clone().unwrap();
        entry.outcome = Some("otherwise".to_owned());
        *line = Line::after(&head, &line.instance, entry);
        head = line.head();
    }
    lines.iter().map(Line::to_json).collect()
}

#[test]
fn a_chain_that_is_written_anew_contradicts_its_checkpoints_up_to_the_last() {
    let mut rig = rig();
    let lines = rig.lines("a");
    for from in 0..lines.len() {
        rig.replace_lines("a", &rewritten(&lines, from));
        assert_eq!(rig.words(), ["checkpoint-contradicts"], "from line {from}");
    }
    rig.replace_lines("a", &lines);

    // After the last checkpoint it is the unproved tail, and told as that.
    rig.cadence.checkpoint_lines = 1000;
    let (auditor, shift) = rig.begin("a");
    for _ in 0..5 {
        auditor
            .tell_first(Fact::new(Event::CopyIssued))
            .wait()
            .unwrap();
    }
    let log = rig.verify().logs.remove(0);
    let tail = log.tail.unwrap();
    assert_eq!((log.lines, log.proved, tail.lines), (40, 35, 5));
    assert_eq!(tail.since, Some(rig.now()));
    drop(shift);
    assert_eq!(rig.verify().logs[0].tail, None);
}

#[test]
fn a_checkpoint_that_is_changed_renamed_or_made_without_the_key_is_found() {
    let rig = rig();
    let names = rig.names("audit/checkpoints/2026-11-22/a");
    let (first, last) = (names.first().unwrap(), names.last().unwrap());
    let bodies = [rig.read(first), rig.read(last)];
    let text = String::from_utf8(bodies[1].clone()).unwrap();
    for (body, word) in [
        (
            text.replace("\"count\":35", "\"count\":34"),
            "checkpoint-unfit",
        ),
        (
            text.replace("\"instance\":\"a\"", "\"instance\":\"b\""),
            "checkpoint-unfit",
        ),
        (text.replace(' ', "") + " ", "checkpoint-unfit"),
        (
            String::from_utf8(bodies[0].clone()).unwrap(),
            "checkpoint-misplaced",
        ),
    ] {
        rig.put(last, body.into_bytes());
        assert_eq!(rig.words(), [word]);
    }
    let mine = Checkpoint::read(&bodies[1], &rig.keys).unwrap();
    let forged = Checkpoint::new(mine.statement, &keys(9));
    rig.put(last, forged.to_json());
    assert_eq!(rig.words(), ["checkpoint-unfit"]);
    rig.put(last, bodies[1].clone());
    assert_eq!(rig.words(), [""; 0]);
}

#[test]
fn a_log_that_is_rolled_back_with_its_checkpoints_is_remembered_by_another() {
    let rig = rig();
    let lines = rig.lines("a");
    for (left, word) in [
        (28, "lines-missing"),
        (14, "lines-missing"),
        (7, "lines-missing"),
        (0, "instance-missing"),
    ] {
        rig.replace_lines("a", &lines[..left]);
        for checkpoint in rig.names("audit/checkpoints/2026-11-22/a") {
            let digits = &checkpoint.filename().unwrap()[..12];
            if digits.parse::<usize>().unwrap() > left {
                rig.delete(&checkpoint);
            }
        }
        assert_eq!(rig.words(), [word], "{left}");
    }
}

#[test]
fn a_log_of_which_nothing_is_left_is_missed() {
    let mut rig = rig();
    rig.replace("a", &[]);
    for checkpoint in rig.names("audit/checkpoints/2026-11-22/a") {
        rig.delete(&checkpoint);
    }
    rig.disks.remove(&name("a"));
    let findings = rig.verify().findings;
    let [finding] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(
        finding.to_string(),
        "a: the whole log is gone; another instance knew it with 35 lines"
    );
}

#[test]
fn a_single_log_rolled_back_with_everything_is_found_by_a_checkpoint_kept_elsewhere() {
    let mut rig = Rig::new();
    rig.live("a", 7);
    let kept_before = rig.names("audit");
    let (lines, segments) = (rig.lines("a"), rig.segments("a"));
    rig.live("a", 7);
    let newest = rig.names("audit/checkpoints").pop().unwrap();
    let newest = Checkpoint::read(&rig.read(&newest), &rig.keys).unwrap();
    // Back to the earlier state, byte for byte.
    rig.replace("a", &segments);
    for object in rig.names("audit") {
        if !kept_before.contains(&object) {
            rig.delete(&object);
        }
    }
    assert_eq!(rig.lines("a"), lines);
    assert_eq!(rig.words(), [""; 0], "nothing in it shows it");
    let known = rig.verify_with(|sources| sources.known.push(newest));
    let words: Vec<_> = known
        .findings
        .iter()
        .map(|finding| finding.word())
        .collect();
    assert_eq!(words, ["lines-missing"]);
}

#[test]
fn lines_that_another_machine_still_has_are_no_finding_until_they_are_late() {
    let mut rig = Rig::new();
    rig.cadence.segment_lines = 1000;
    let (auditor, shift) = rig.begin("a");
    for _ in 0..8 {
        auditor
            .tell_first(Fact::new(Event::CopyIssued))
            .wait()
            .unwrap();
    }
    let checkpoints = || rig.archive.audit_objects(&AuditShelf::Checkpoints).unwrap();
    for _ in 0..100 {
        if !checkpoints().is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let elsewhere = |hours| {
        rig.verify_with(|sources| {
            sources.files.clear();
            sources.now = rig.now() + SignedDuration::from_hours(hours);
        })
    };
    let soon = elsewhere(1);
    assert_eq!(soon.findings, []);
    assert!(soon.logs[0].elsewhere >= 7, "{soon:?}");
    let late: Vec<_> = elsewhere(3).findings;
    assert_eq!(late.len(), 1, "{late:?}");
    drop(shift);
    assert_eq!(elsewhere(3).findings, []);
}
