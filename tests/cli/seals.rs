//! `seals add|plan|promote|rollback|retire`: what is refused, what is explained, and that nothing half-written
//! is ever left.

use std::fs;
use std::path::PathBuf;

use crate::stage::{EXAMPLE, Said, Stage};

const ORGAN: &str = "L01990015";
const NEXT: &str =
    "\n# waits\n[next_seal]\npkcs12 = \"seals/b.p12\"\npassphrase_file = \"seals/b.pass\"\n";

/// The example organ with copies of its seal, in the role of two: `a` in force, `b` to come.
fn stage(more: &str) -> Stage {
    let stage = Stage::new().with("SEGELL__ORGANS__FOLDER", "organs");
    for name in ["a", "b"] {
        for ending in ["p12", "pass"] {
            let example = format!("{EXAMPLE}/seals/{ORGAN}.{ending}");
            let bytes = fs::read(example).unwrap();
            stage.file(&format!("organs/seals/{name}.{ending}"), bytes);
        }
    }
    let text = fs::read_to_string(format!("{EXAMPLE}/organs/{ORGAN}.toml")).unwrap();
    let text = text.replace(&format!("../seals/{ORGAN}"), "seals/a");
    stage.file("organs/a.toml", text + more);
    stage
}

fn text(stage: &Stage) -> String {
    fs::read_to_string(stage.path("organs/a.toml")).unwrap()
}

/// The names of the files beside the seals.
fn files(stage: &Stage) -> Vec<String> {
    let entries = fs::read_dir(stage.path("organs/seals")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn seals(stage: &Stage, arguments: &[&str]) -> Said {
    stage.run(&[&["seals"], arguments].concat())
}

fn add(stage: &Stage, organ: &str, more: &[&str]) -> Said {
    let container = format!("{EXAMPLE}/seals/{organ}.p12");
    let passphrase = format!("{EXAMPLE}/seals/{organ}.pass");
    let say = [
        "add",
        &container,
        "--organ",
        ORGAN,
        "--passphrase-file",
        &passphrase,
    ];
    seals(stage, &[&say, more].concat())
}

#[track_caller]
fn refused(said: &Said, exit: i32, words: &str) {
    assert_eq!(said.exit, exit, "{said:?}");
    assert!(said.error.contains(words), "{said:?}");
}

#[test]
fn a_seal_that_does_not_fit_is_explained_refused_and_leaves_nothing_behind() {
    let stage = stage("");
    let before = (text(&stage), files(&stage));
    // The legacy container of another council.
    let other = add(&stage, "L01990048", &[]);
    refused(&other, 1, "other-nif");
    for fact in [
        "Segell electrònic de Castellfosc",
        "P9900400D",
        "medium level",
        "PSS fits",
        "complete, up to",
    ] {
        assert!(other.out.contains(fact), "{fact}: {}", other.out);
    }
    refused(&add(&stage, ORGAN, &[]), 1, "seal-in-force");
    let json = add(&stage, ORGAN, &["--json"]).json();
    assert_eq!(json["refused"]["code"], "seal-in-force");
    let wrong = format!("{EXAMPLE}/seals/L01990027.pass");
    let container = format!("{EXAMPLE}/seals/{ORGAN}.p12");
    let say = [
        "add",
        &container,
        "--organ",
        ORGAN,
        "--passphrase-file",
        &wrong,
    ];
    refused(&seals(&stage, &say), 1, "wrong-passphrase");
    let certificate_only = format!("{EXAMPLE}/seals/L01990033.chain.pem");
    refused(
        &seals(&stage, &["add", &certificate_only, "--organ", ORGAN]),
        1,
        "no-private-key",
    );
    refused(
        &add(&stage, ORGAN, &["--active-from", "2020-01-01T00:00:00Z"]),
        2,
        "is past",
    );
    refused(
        &seals(&stage, &["add", &container, "--organ", "L01999999"]),
        2,
        "L01999999",
    );
    assert_eq!((text(&stage), files(&stage)), before);
}

#[test]
fn the_first_seal_of_an_organ_is_taken_in_from_pem_too() {
    let stage = stage("");
    let file = stage.path("organs/a.toml");
    let organ = text(&stage);
    let organ = organ.replace("P9900100J", "P9900300F");
    let without = organ.split("[seal]").next().unwrap().to_owned();
    fs::write(&file, &without).unwrap();
    let chain = format!("{EXAMPLE}/seals/L01990033.chain.pem");
    let key = format!("{EXAMPLE}/seals/L01990033.key.pem");
    let say = ["add", &chain, "--key", &key, "--organ", ORGAN];
    let dry = seals(&stage, &[&say[..], &["--dry-run"]].concat());
    assert_eq!(dry.exit, 0, "{dry:?}");
    assert!(dry.out.contains("Nothing was written"), "{}", dry.out);
    assert_eq!(text(&stage), without);
    let added = seals(&stage, &say);
    assert_eq!(added.exit, 0, "{added:?}");
    assert!(text(&stage).starts_with(&without) && text(&stage).contains("ecdsa-p256-sha256"));
    let listed = seals(&stage, &["--json"]).json();
    assert_eq!(listed["seals"][0]["state"], "ok", "{listed}");
}

#[test]
fn a_file_that_cannot_be_edited_by_lines_keeps_its_seal_and_no_key_is_written() {
    let stage = stage("");
    let inline = text(&stage)
        .replace("[seal]", "[\"seal\"]")
        .replace("P9900100J", "P9900400D");
    fs::write(stage.path("organs/a.toml"), &inline).unwrap();
    let before = files(&stage);
    refused(
        &add(&stage, "L01990048", &["--as", "current"]),
        1,
        "cannot be edited by lines",
    );
    assert_eq!((text(&stage), files(&stage)), (inline, before));
}

#[test]
fn a_plan_goes_in_waves_and_says_what_holds_an_organ_up() {
    let stage = stage(NEXT);
    for (file, code, container) in [
        ("b", "L01990016", "b"),
        ("c", "L01990017", "gone"),
        ("d", "L01990018", "b"),
    ] {
        let organ = text(&stage).replace(ORGAN, code);
        let organ = organ.replace("seals/b.p12", &format!("seals/{container}.p12"));
        stage.file(&format!("organs/{file}.toml"), organ);
    }
    let say = [
        "plan",
        "--active-from",
        "2040-12-01T07:00:00Z",
        "--wave",
        "2",
        "--every",
        "24",
    ];
    let planned = seals(&stage, &[&say[..], &["--json"]].concat());
    assert_eq!(planned.exit, 1, "one is held up: {planned:?}");
    let rows = planned.json();
    let waves: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["wave"].as_u64())
        .collect();
    assert_eq!(waves, [Some(1), Some(1), None, Some(2)]);
    assert_eq!(rows[2]["held_up"][0]["code"], "file-missing");
    assert_eq!(rows[3]["planned"], "2040-12-02T07:00:00Z");
    assert!(
        !text(&stage).contains("active_from"),
        "nothing was said about writing"
    );

    let written = seals(&stage, &[&say[..], &["--organ", ORGAN, "--apply"]].concat());
    assert_eq!(written.exit, 0, "{written:?}");
    assert!(text(&stage).contains("b.pass\"\nactive_from = 2040-12-01T07:00:00Z\n"));
    let listed = seals(&stage, &["list", "--json"]).json();
    let next = listed["seals"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["dir3"] == ORGAN)
        .unwrap();
    assert_eq!(next["next"]["active_from"], "2040-12-01T07:00:00Z");
    let past_its_end = [
        "plan",
        "--organ",
        ORGAN,
        "--active-from",
        "2060-01-01T00:00:00Z",
        "--json",
    ];
    let past_its_end = seals(&stage, &past_its_end).json();
    assert_eq!(past_its_end[0]["held_up"][0]["code"], "expired");
}

#[test]
fn a_seal_is_promoted_with_its_use_and_rolled_back_unless_it_expired() {
    let used = NEXT.replace("[next_seal]", "\n[next_seal]");
    let stage = stage(&used);
    let exclusive = text(&stage).replace(
        "[seal]\n",
        "[seal]\nuse = \"exclusive\"\napplications = [\"registre\"]\n",
    );
    fs::write(stage.path("organs/a.toml"), &exclusive).unwrap();
    refused(
        &seals(&stage, &["promote", "--organ", ORGAN]),
        1,
        "1 of 1 not done",
    );
    let none_due = seals(&stage, &["promote", "--all-due"]);
    assert_eq!(
        (none_due.exit, none_due.out.as_str()),
        (0, "no seal is due\n")
    );
    assert_eq!(text(&stage), exclusive);

    let promoted = seals(&stage, &["promote", "--organ", ORGAN, "--now"]);
    assert_eq!(promoted.exit, 0, "{promoted:?}");
    let table: toml::Table = text(&stage).parse().unwrap();
    assert_eq!(table["seal"]["pkcs12"].as_str(), Some("seals/b.p12"));
    assert_eq!(table["seal"]["use"].as_str(), Some("exclusive"));
    assert_eq!(table["seal"]["applications"][0].as_str(), Some("registre"));
    assert!(text(&stage).contains("# waits"), "comments stay");
    assert_eq!(seals(&stage, &["--json"]).json()["seals"][0]["state"], "ok");

    let rolled = seals(&stage, &["rollback", "--organ", ORGAN]);
    assert_eq!(rolled.exit, 0, "{rolled:?}");
    let table: toml::Table = text(&stage).parse().unwrap();
    assert_eq!(table["seal"]["pkcs12"].as_str(), Some("seals/a.p12"));
    let before = text(&stage);
    fs::write(stage.path("organs/seals/b.p12"), "spoiled").unwrap();
    let refused = seals(&stage, &["rollback", "--organ", ORGAN]);
    assert_eq!(refused.exit, 1, "{refused:?}");
    assert!(refused.out.contains("not-a-container"), "{}", refused.out);
    assert_eq!(text(&stage), before);
}

#[test]
fn a_seal_is_retired_only_when_its_copies_stay_verifiable_and_nobody_else_needs_its_key() {
    let previous = NEXT.replace("next_seal", "previous_seal");
    let stage = stage(&previous);
    let before = text(&stage);
    let say = ["retire", "--organ", ORGAN, "--yes"];
    refused(&seals(&stage, &say), 1, "seal-not-registered");
    refused(
        &seals(&stage, &["retire", "--organ", ORGAN, "--next", "--yes"]),
        1,
        "no-such-seal",
    );
    assert_eq!(text(&stage), before);
    // The same certificate is in force: making a copy registers it.
    stage.pdf("a.pdf", "a");
    let sealed = stage.run(&["seal", "a.pdf", "-o", "b.pdf", "--organ", ORGAN]);
    assert_eq!(sealed.exit, 0, "{sealed:?}");
    refused(
        &seals(&stage, &["retire", "--organ", ORGAN]),
        2,
        "nobody is there",
    );
    assert_eq!(text(&stage), before);

    // Another organ's file names the container too.
    let other = before
        .replace(ORGAN, "L01990016")
        .replace("seals/a", "seals/b");
    let other = other.split("[previous_seal]").next().unwrap().to_owned();
    stage.file("organs/b.toml", other);
    let passphrase: PathBuf = stage.path("organs/seals/b.pass");
    let retired = seals(&stage, &say);
    assert_eq!(retired.exit, 0, "{retired:?}");
    assert!(
        retired.out.contains("another seal needs it"),
        "{}",
        retired.out
    );
    assert!(passphrase.exists() && !text(&stage).contains("previous_seal"));

    fs::remove_file(stage.path("organs/b.toml")).unwrap();
    fs::write(stage.path("organs/a.toml"), &before).unwrap();
    let retired = seals(&stage, &say);
    assert_eq!(retired.exit, 0, "{retired:?}");
    assert_eq!(files(&stage), ["a.p12", "a.pass"]);
    assert_eq!(seals(&stage, &["--json"]).json()["seals"][0]["state"], "ok");
}
