//! `batch seal` and `batch validate`: a folder at once, and again after whatever happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::stage::{Said, Stage};
use crate::support::corpus::{self, Class};
use crate::support::tools;

/// Corpus files that every run takes; each of them is small.
const SPECIMENS: usize = 8;
const SMALL: u64 = 100_000;

/// A folder `in` with made documents, files of the corpus, one content under two names, one file that is no
/// PDF in spite of its name, and one that is none by its name.
fn full_stage() -> Stage {
    let stage = Stage::new();
    for number in 0..3 {
        let name = format!("in/{number}/agreement.pdf");
        stage.pdf(&name, &format!("agreement {number}"));
    }
    stage.pdf("in/again.PDF", "agreement 0");
    stage.file("in/not.pdf", "a letter");
    stage.file("in/note.txt", "a note");
    let Some(specimens) = corpus::folder("seal") else {
        return stage;
    };
    let small = |path: &Path| path.metadata().unwrap().len() < SMALL;
    let of = |class: Class| {
        let specimens = specimens.iter();
        specimens.filter(move |specimen| specimen.class() == class && small(&specimen.path))
    };
    let sealable = of(Class::Sealable).take(SPECIMENS);
    for specimen in sealable.chain(of(Class::RefuseEncrypted).take(1)) {
        stage.file(&format!("in/{}.pdf", specimen.stem()), specimen.bytes());
    }
    stage
}

/// The last line of a manifest for each file.
fn manifest(path: &Path) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        (line["path"].as_str().unwrap().to_owned(), line)
    });
    lines.collect()
}

/// Every file below a folder, hidden ones too.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_below(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

fn sum(said: &Said) -> Value {
    let last = said.out.lines().next_back().unwrap();
    let mut last: Value = serde_json::from_str(last).unwrap();
    last["sum"].take()
}

const SEAL: [&str; 5] = ["batch", "seal", "in", "--output", "out"];

#[test]
fn a_folder_is_sealed_whatever_some_of_its_files_are() {
    let stage = full_stage();
    let said = stage.run(&SEAL);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.out.contains("1 other file(s) passed over"), "{said:?}");
    assert!(said.out.contains("× not-pdf"), "{said:?}");
    let lines = manifest(&stage.path("out/manifest.jsonl"));
    let pdfs = files_below(&stage.path("in")).len() - 1;
    assert_eq!(lines.len(), pdfs);
    let refused = &lines["not.pdf"];
    assert_eq!(refused["outcome"], "refused");
    assert!(!refused["what_to_do"].as_str().unwrap().is_empty());
    assert!(!stage.path("out/not.pdf").exists());

    // One content has one copy, under both names.
    let (one, other) = (&lines["0/agreement.pdf"], &lines["again.PDF"]);
    assert_eq!(one["verification_code"], other["verification_code"]);
    assert!(one["same_as"].is_string() != other["same_as"].is_string());
    let read = |name: &str| fs::read(stage.path(name)).unwrap();
    assert_eq!(read("out/0/agreement.pdf"), read("out/again.PDF"));

    // It is the very copy that `segell seal` makes.
    let alone = stage.run(&["seal", "in/1/agreement.pdf", "-o", "alone.pdf", "--json"]);
    assert_eq!(alone.json()["replayed"], true, "{alone:?}");
    assert_eq!(read("alone.pdf"), read("out/1/agreement.pdf"));

    let sealed = lines
        .iter()
        .filter(|(_, line)| line["copy_sha256"].is_string());
    let sealed: Vec<_> = sealed.map(|(name, _)| format!("out/{name}")).collect();
    assert!(sealed.len() >= 4, "{lines:?}");
    if tools::present(&["qpdf"]) {
        let of_forms = sealed.iter().map(String::as_str);
        let of_forms = of_forms.filter(|name| name.starts_with("out/acroform"));
        for name in of_forms.chain(["out/2/agreement.pdf"]) {
            let judged = tools::run("qpdf", ["--check".into(), stage.path(name)]).unwrap();
            assert!(
                matches!(judged.status.code(), Some(0 | 3)),
                "{name}: {judged:?}"
            );
        }
    }
    let judged = stage.run(&["batch", "validate", "out", "--json"]);
    assert_eq!(judged.exit, 0, "{judged:?}");
    assert_eq!(sum(&judged)["outcomes"]["confirmed"], sealed.len());
}

#[test]
fn what_is_done_is_passed_over_and_what_is_missing_is_made_again() {
    let stage = full_stage();
    assert_eq!(stage.run(&SEAL).exit, 1);
    let copies = files_below(&stage.path("out"));
    let before: Vec<_> = copies.iter().map(|path| fs::read(path).unwrap()).collect();
    let gone = copies
        .iter()
        .filter(|path| path.extension().unwrap() != "jsonl");
    let gone: Vec<_> = gone.step_by(2).collect();
    gone.iter().for_each(|path| fs::remove_file(path).unwrap());

    let mut again = SEAL.to_vec();
    again.push("--json");
    let said = stage.run(&again);
    assert_eq!(said.exit, 1, "{said:?}");
    let pdfs = copies
        .iter()
        .filter(|path| path.extension().unwrap() != "jsonl");
    let kept = pdfs.count() - gone.len();
    assert_eq!(sum(&said)["done_before"], kept, "{said:?}");
    for (path, bytes) in copies.iter().zip(before) {
        if path.extension().unwrap() != "jsonl" {
            assert_eq!(fs::read(path).unwrap(), bytes, "{}", path.display());
        }
    }
    // Other options ask for other copies, which never take the place of these.
    let other = stage.run(&["batch", "seal", "in", "-o", "out", "--kind", "paper"]);
    assert_eq!(other.exit, 3, "{other:?}");
    assert!(other.out.contains("× output-exists"), "{other:?}");
    assert!(
        stage
            .run(&["batch", "validate", "out"])
            .out
            .contains("issued here and in force")
    );
}

#[test]
fn a_file_that_somebody_else_put_there_is_left_as_it_is() {
    let stage = Stage::new();
    stage.pdf("in/a.pdf", "agreement");
    stage.pdf("in/b.pdf", "another");
    stage.file("out/a.pdf", "mine");
    let said = stage.run(&SEAL);
    assert_eq!(said.exit, 3, "{said:?}");
    assert_eq!(fs::read(stage.path("out/a.pdf")).unwrap(), b"mine");
    assert!(stage.path("out/b.pdf").exists());
    fs::remove_file(stage.path("out/a.pdf")).unwrap();
    let said = stage.run(&SEAL);
    assert_eq!(said.exit, 0, "{said:?}");
    let same = stage.run(&["batch", "seal", "in", "--output", "in"]);
    assert_eq!(same.exit, 2, "{same:?}");
    let absent = stage.run(&["batch", "seal", "absent", "--output", "out"]);
    assert_eq!(absent.exit, 2, "{absent:?}");
}

#[test]
fn a_dry_run_says_what_would_be_refused_and_makes_nothing() {
    let stage = full_stage();
    let said = stage.run(&["batch", "seal", "in", "--dry-run"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.out.contains("can be sealed"), "{said:?}");
    assert!(said.out.contains("1 × not-pdf"), "{said:?}");
    assert!(!stage.path("out").exists());
    let check = stage.run(&["archive", "check"]);
    assert!(check.out.contains("sound: 0 copies"), "{check:?}");
}

#[test]
fn verdicts_are_counted_and_kept_by_content() {
    let stage = Stage::new();
    stage.pdf("in/a.pdf", "agreement");
    assert_eq!(stage.run(&["batch", "seal", "in", "-o", "back"]).exit, 0);
    let mut altered = fs::read(stage.path("back/a.pdf")).unwrap();
    altered[100] ^= 1;
    stage.file("back/altered.pdf", altered);
    stage.pdf("back/foreign.pdf", "foreign");
    let judge = [
        "batch",
        "validate",
        "back",
        "--manifest",
        "judged.jsonl",
        "--json",
    ];
    for done_before in [0, 3] {
        let said = stage.run(&judge);
        assert_eq!(said.exit, 1, "{said:?}");
        let sum = sum(&said);
        assert_eq!(sum["done_before"], done_before, "{said:?}");
        assert_eq!(sum["outcomes"]["confirmed"], 1);
        assert_eq!(sum["outcomes"]["not_confirmed"], 2);
    }
    let lines = manifest(&stage.path("judged.jsonl"));
    assert_eq!(lines["a.pdf"]["verdict"], "identical");
    assert_eq!(lines["a.pdf"]["status"], "in_force");
    assert_eq!(lines["foreign.pdf"]["verdict"], "not_ours");
    assert!(lines["altered.pdf"]["what_to_do"].is_string());
}

/// A run over many files that is interrupted once it has done some of them.
fn interrupted(
    stage: &Stage,
    files: usize,
    interrupt: impl Fn(&mut Child),
) -> std::process::Output {
    for number in 0..files {
        stage.pdf(
            &format!("in/{number:03}.pdf"),
            &format!("agreement {number}"),
        );
    }
    let mut arguments = SEAL.to_vec();
    arguments.extend(["--jobs", "2"]);
    let mut child = stage
        .command(&arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let manifest = stage.path("out/manifest.jsonl");
    let begun = Instant::now();
    while fs::read_to_string(&manifest).map_or(0, |text| text.lines().count()) < 3 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is done");
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(2));
    }
    interrupt(&mut child);
    child.wait_with_output().unwrap()
}

/// The same command ends the work: every copy is there, whole, once, and nothing else.
fn goes_on(stage: &Stage, files: usize) {
    let said = stage.run(&SEAL);
    assert_eq!(said.exit, 0, "{said:?}");
    let left = files_below(&stage.path("out"));
    assert_eq!(left.len(), files + 1, "{left:?}");
    let judged = stage.run(&["batch", "validate", "out", "--json"]);
    assert_eq!(judged.exit, 0, "{judged:?}");
    let check = stage.run(&["archive", "check"]);
    assert!(
        check.out.contains(&format!("sound: {files} copies")),
        "{check:?}"
    );
}

#[test]
fn a_run_that_is_killed_leaves_no_half_copy_and_the_next_one_goes_on() {
    const FILES: usize = 30;
    let stage = Stage::new();
    let killed = interrupted(&stage, FILES, |child| child.kill().unwrap());
    assert_eq!(killed.status.code(), None, "{killed:?}");
    let copies = files_below(&stage.path("out"));
    let named = copies
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "pdf"));
    for copy in named {
        let judged = stage.run(&["validate", copy.to_str().unwrap(), "--json"]);
        assert_eq!(judged.json()["verdict"], "identical", "{}", copy.display());
    }
    goes_on(&stage, FILES);
}

#[test]
fn who_interrupts_it_is_told_how_to_go_on() {
    const FILES: usize = 30;
    let stage = Stage::new();
    let ended = interrupted(&stage, FILES, |child| {
        let id = child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
    });
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
    let error = String::from_utf8(ended.stderr).unwrap();
    assert!(error.contains("finishing what is under way"), "{error}");
    assert!(error.contains("run the same command again"), "{error}");
    goes_on(&stage, FILES);
}
