//! A service that is killed at any moment of making a copy loses nothing: the next identical request
//! answers with the one copy, or `segell archive check` completes it without anybody asking.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests run the program, kill it and look at what it left"
)]

#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;

use support::paper;
use support::service::{KEY, ORGAN, Policies, Service};

/// Kills, spread evenly over the time that a copy takes and a little beyond.
const ROUNDS: u32 = 16;

#[test]
fn a_copy_survives_a_kill_at_any_moment_of_its_making() {
    let archive = tempfile::tempdir().expect("a temporary folder");
    let url = format!("file://{}", archive.path().display());
    let start = || Service::start_with(Policies::Default, &[("SEGELL__ARCHIVE__URL", &url)]);
    let query = |round: u32| format!("organ={ORGAN}&title=round-{round}");
    let source = paper::one_page("crash");

    let service = start();
    let before = Instant::now();
    service.seal(&source, &query(ROUNDS)).expect("an answer");
    let whole = before.elapsed();
    drop(service);

    for round in 0..ROUNDS {
        let service = start();
        let address = service.address().to_owned();
        let (body, path) = (source.clone(), query(round));
        // Nobody hears its answer: the service is gone before or after it.
        let asking = thread::spawn(move || {
            let _ = ureq::post(format!("{address}/v1/copies?{path}"))
                .header("Authorization", format!("Bearer {KEY}"))
                .header("Content-Type", "application/pdf")
                .send(body.as_slice());
        });
        thread::sleep(whole * round * 5 / (ROUNDS * 4));
        drop(service);
        asking.join().expect("the request ends with the service");
        if round % 2 == 0 {
            assert_archive_is_sound(archive.path(), &url);
        }
    }

    let service = start();
    for round in 0..ROUNDS {
        let first = service.seal(&source, &query(round)).expect("an answer");
        let again = service.seal(&source, &query(round)).expect("an answer");
        assert!(
            matches!(first.status, 200 | 201),
            "round {round}: {}",
            first.status
        );
        assert_eq!(again.status, 200, "round {round}");
        assert_eq!(
            first.body, again.body,
            "round {round}: one request, two copies"
        );
    }
    drop(service);
    assert_archive_is_sound(archive.path(), &url);
    assert_eq!(copies(archive.path()), ROUNDS as usize + 1);
}

/// Runs `segell archive check`, which completes what can be completed.
fn assert_archive_is_sound(folder: &Path, url: &str) {
    let checked = Command::new(env!("CARGO_BIN_EXE_segell"))
        .args(["archive", "check", "--json"])
        .current_dir(support::root())
        .env("SEGELL__ARCHIVE__URL", url)
        .env("SEGELL__AUDIT__FOLDER", "")
        .output()
        .expect("the program runs");
    assert!(
        checked.status.success(),
        "{}{}",
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr)
    );
    let documents = files_named(folder, "document.pdf");
    let records = files_named(folder, "record.json");
    assert_eq!(documents, records, "a document without its record");
}

/// Copies that answer.
fn copies(folder: &Path) -> usize {
    files_named(folder, "record.json")
}

fn files_named(folder: &Path, name: &str) -> usize {
    std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| match path.is_dir() {
            true => files_named(&path, name),
            false => usize::from(path.file_name().is_some_and(|found| found == name)),
        })
        .sum()
}
