//! A part of the log, verified where there is no archive.

use super::export::{Selection, export, verify_export};
use super::*;

fn exported(rig: &Rig, selection: &Selection) -> String {
    let mut out = Vec::new();
    rig.verify_with(|sources| {
        export(sources, selection, &mut out).unwrap();
    });
    String::from_utf8(out).unwrap()
}

fn words(rig: &Rig, text: &str) -> Vec<&'static str> {
    let verified = verify_export(text.as_bytes(), &rig.keys, &Anchors::default(), Vec::new());
    verified
        .findings
        .iter()
        .map(|finding| finding.word())
        .collect()
}

/// Lines 10 to 19 of 35, told second by second.
fn selection(rig: &Rig, organ: Option<&str>) -> Selection {
    let start = rig.now() - SignedDuration::from_secs(35);
    Selection {
        from: Some(start + SignedDuration::from_secs(10)),
        to: Some(start + SignedDuration::from_secs(20)),
        organ: organ.map(|organ| organ.parse().unwrap()),
    }
}

#[test]
fn a_part_holds_by_itself_and_says_nothing_about_the_rest() {
    let mut rig = Rig::new();
    rig.live("a", 21);
    rig.live("a", 14);
    let text = exported(&rig, &selection(&rig, Some("L01990015")));
    assert_eq!(text.matches("L01990015").count(), 5 + 1, "{text}");
    assert!(!text.contains("L01990027"), "{text}");
    assert_eq!(words(&rig, &text), [""; 0]);
    let verified = verify_export(text.as_bytes(), &rig.keys, &Anchors::default(), Vec::new());
    let log = &verified.logs[0];
    assert_eq!(
        (log.proved, log.tail),
        (21, None),
        "a checkpoint proves the last line"
    );
    assert_eq!(log.lines, 12, "lines 10 to 21 stand without a gap");
}

#[test]
fn every_change_of_an_export_is_found() {
    let mut rig = Rig::new();
    rig.live("a", 21);
    rig.live("a", 14);
    let text = exported(&rig, &selection(&rig, Some("L01990015")));
    let lines: Vec<&str> = text.lines().collect();
    for at in 1..lines.len() - 1 {
        let mut deleted = lines.clone();
        deleted.remove(at);
        // Whoever cuts the beginning off has exported less, which is no lie.
        if at > 1 {
            let found = words(&rig, &deleted.join("\n"));
            assert_ne!(found, [""; 0], "line {at} deleted");
        }
        let changed = text.replacen(
            lines[at],
            &lines[at].replacen("\"seq\":", "\"seq\":1", 1),
            1,
        );
        assert_ne!(words(&rig, &changed), [""; 0], "line {at} changed");
    }
    let said = text.replacen("shown", "stolen", 1);
    assert_eq!(words(&rig, &said), ["line-unreadable"]);
    let vouched = text.replacen("\"count\":21", "\"count\":20", 1);
    assert_eq!(words(&rig, &vouched), ["checkpoint-unfit"]);
    assert_eq!(words(&rig, "{}\n"), ["not-an-export"]);
}

#[test]
fn the_chain_can_be_followed_without_this_program() {
    let mut rig = Rig::new();
    rig.live("a", 3);
    let lines = rig.lines("a");
    let mut link = "0".repeat(64);
    for line in &lines {
        let text = std::str::from_utf8(line).unwrap();
        assert!(text.contains(&format!("\"prev\":\"{link}\"")), "{text}");
        let (head, _) = text.split_once(",\"entry\":").unwrap();
        link = crate::model::Sha256Digest::of(format!("{head}}}").as_bytes()).to_string();
    }
    let expected = rig.verify().logs[0].head.link.to_string();
    assert_eq!(link, expected);
}
