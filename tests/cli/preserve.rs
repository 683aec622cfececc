//! `segell preserve`: a whole archive kept provable, said beforehand, and gone on with after a kill.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::stage::{Said, Stage};
use crate::support::pki_service::PkiService;

/// An archive with so many copies of level B-B, one of them withdrawn.
fn archive(pki: &PkiService, copies: usize) -> Stage {
    let settings = pki.settings().into_iter();
    let stage = settings.fold(Stage::new(), |stage, (name, value)| {
        stage.with(name, &value)
    });
    for number in 0..copies {
        let name = format!("{number}.pdf");
        stage.pdf(&name, &name);
        let copy = format!("copy-{name}");
        let sealed = stage.run(&["seal", &name, "-o", &copy, "--organ", "L01990015", "--json"]);
        assert_eq!(sealed.exit, 0, "{sealed:?}");
        if number == 0 {
            let code = sealed.json()["verification_code"].clone();
            let code = code.as_str().expect("a code").to_owned();
            let withdraw = [
                "archive", "withdraw", &code, "--reason", "other", "--text", "x",
            ];
            let withdrawn = stage.run(&withdraw);
            assert_eq!(withdrawn.exit, 0, "{withdrawn:?}");
        }
    }
    stage
}

/// The lines of one run, the sum last.
fn lines(said: &Said) -> Vec<Value> {
    let lines = said.out.lines().map(serde_json::from_str);
    lines
        .collect::<Result<_, _>>()
        .expect("a line of JSON each")
}

fn sum(said: &Said, of: &str) -> u64 {
    let lines = lines(said);
    let sum = &lines.last().expect("a sum")["sum"];
    sum[of].as_u64().unwrap_or_else(|| panic!("{of}: {said:?}"))
}

/// The objects of the archive that tell of extensions.
fn extensions(stage: &Stage) -> usize {
    let mut found = 0;
    let mut folders = vec![stage.path("archive/copies")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => found += usize::from(path.extension().is_some_and(|kind| kind == "bin")),
            }
        }
    }
    found
}

#[test]
fn an_archive_is_preserved_as_announced_and_a_run_that_was_killed_is_gone_on_with() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let stage = archive(&pki, 4);
    let in_force = 3;

    let announced = stage.run(&["preserve", "--dry-run", "--json"]);
    assert_eq!(announced.exit, 0, "{announced:?}");
    assert_eq!(sum(&announced, "due"), in_force);
    assert_eq!(sum(&announced, "not_in_force"), 1);
    let needs = lines(&announced);
    let needs = needs.iter().filter(|line| line["need"] == "raise");
    assert_eq!(needs.count() as u64, in_force);
    assert_eq!(extensions(&stage), 0, "that was all talk");

    // Killed when it told of the first copy: at most one more was under way.
    let mut killed: Command = stage.command(&["preserve", "--json"]);
    let mut killed = killed
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut first = String::new();
    let out = killed.stdout.take().expect("it has an output");
    BufReader::new(out).read_line(&mut first).expect("a line");
    killed.kill().expect("it runs");
    killed.wait().expect("it ends");
    assert!(first.contains("extended"), "{first}");
    let done = extensions(&stage) as u64;
    assert!((1..=in_force).contains(&done), "{done}");

    let resumed = stage.run(&["preserve", "--json"]);
    assert_eq!(resumed.exit, 0, "{resumed:?}");
    let (extended, kept) = (sum(&resumed, "extended"), sum(&resumed, "kept"));
    assert_eq!(extended + kept, in_force, "{resumed:?}");
    assert!(
        kept >= 1 && kept <= done,
        "what was done stays done: {resumed:?}"
    );
    for line in lines(&resumed)
        .iter()
        .filter(|line| line["outcome"] == "extended")
    {
        assert_eq!(
            (&line["level"], &line["version"]),
            (&"B-LTA".into(), &2.into())
        );
    }
    assert_eq!(extensions(&stage) as u64, in_force, "nothing twice");

    let again = stage.run(&["preserve"]);
    assert_eq!(again.exit, 0, "{again:?}");
    assert!(again.out.contains("0 extended"), "{again:?}");
    let checked = stage.run(&["archive", "check"]);
    assert_eq!(checked.exit, 0, "{checked:?}");
}

#[test]
fn without_a_timestamp_nothing_is_preserved_and_the_run_says_so() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let stage = archive(&pki, 2);
    pki.set_down(true);
    let said = stage.run(&["preserve", "--level", "B-T"]);
    assert_ne!(said.exit, 0, "{said:?}");
    let told = format!("{}{}", said.out, said.error);
    assert!(told.contains("no timestamp"), "{said:?}");
    assert_eq!(extensions(&stage), 0);
    let bare = stage.with("SEGELL__TIMESTAMP__AUTHORITIES", "[]");
    let said = bare.run(&["preserve"]);
    assert_eq!(said.exit, 2, "{said:?}");
    assert!(said.error.contains("timestamp"), "{said:?}");
}
