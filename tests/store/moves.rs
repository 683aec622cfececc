//! Archives that move: to a bucket and back, out with an organ that leaves, and into a backup while copies
//! are made.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::bucket::Bucket;
use crate::program::{done, folder, run, seal};
use crate::support::paper;
use crate::support::service::{Answer, ORGAN, Policies, Service};

#[test]
fn an_archive_moves_to_a_bucket_and_back_and_every_copy_is_still_known() {
    let Some(bucket) = Bucket::open("plain", "moved") else {
        return;
    };
    let stage = tempfile::tempdir().expect("a folder");
    let [first, last] = ["first", "last"].map(|name| stage.path().join(name));
    let mut here = folder(&first);
    for number in 0..3 {
        seal(
            &here,
            stage.path(),
            &paper::one_page(&format!("page {number}")),
            "Moved",
        );
    }
    here.extend(bucket.settings().into_iter().skip(1));
    let moved = done(
        &here,
        &["archive", "migrate", "--to", &bucket.url(), "--json"],
    )
    .json();
    assert_eq!(moved["objects"], files(&first));
    assert_eq!(moved["already"], 0);
    let again = done(
        &here,
        &["archive", "migrate", "--to", &bucket.url(), "--json"],
    )
    .json();
    assert_eq!(
        again["already"], moved["objects"],
        "the same again moves nothing"
    );

    let there = bucket.settings();
    let check = done(&there, &["archive", "check", "--json"]).json();
    assert_eq!(check["copies"], 3);
    let copy = stage.path().join("copy.pdf").display().to_string();
    done(&there, &["validate", &copy]);
    let back = format!("file://{}", last.display());
    done(&there, &["archive", "migrate", "--to", &back]);
    assert_eq!(files(&last), files(&first));
    done(&folder(&last), &["archive", "check"]);
}

#[test]
fn an_organ_leaves_with_all_that_proves_its_copies_and_arrives_elsewhere() {
    let stage = tempfile::tempdir().expect("a folder");
    let [old, new, export] = ["old", "new", "export"].map(|name| stage.path().join(name));
    let settings = folder(&old);
    for number in 0..2 {
        seal(
            &settings,
            stage.path(),
            &paper::one_page(&format!("page {number}")),
            "=Acta del ple",
        );
    }
    let out = export.display().to_string();
    let export_it = ["archive", "export", "--organ", ORGAN, "--out", &out];
    done(&settings, &export_it);
    assert_eq!(
        run(&settings, &export_it).exit,
        2,
        "what is there is not written over"
    );

    let table = fs::read_to_string(export.join("index.tsv")).expect("a table");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    assert_eq!(rows.len(), 3);
    for row in &rows[1..] {
        assert_eq!((row.len(), row[7]), (14, "'=Acta del ple"), "{row:?}");
        let document = fs::read(export.join(row[13])).expect("the document it names");
        assert!(document.starts_with(b"%PDF"));
    }
    // Anybody's tools are enough.
    let sums = Command::new("sha256sum")
        .args(["--check", "--quiet", "SHA256SUMS"])
        .current_dir(&export)
        .status();
    assert!(sums.expect("sha256sum runs").success());

    let nowhere = vec![("SEGELL__ARCHIVE__URL", "none".to_owned())];
    let verified = done(&nowhere, &["archive", "verify-export", &out, "--json"]).json();
    assert_eq!(verified["copies"], 2);
    done(&folder(&new), &["archive", "import", &out]);
    let check = done(&folder(&new), &["archive", "check", "--json"]).json();
    assert_eq!(
        (&check["copies"], &check["findings"]),
        (&2.into(), &serde_json::json!([]))
    );
    let copy = stage.path().join("copy.pdf").display().to_string();
    done(&folder(&new), &["validate", &copy]);
    done(&folder(&new), &["archive", "import", &out]);

    let document = export.join(rows[1][13]);
    let mut bytes = fs::read(&document).expect("a document");
    bytes[40] ^= 1;
    fs::write(&document, bytes).expect("it can be changed");
    fs::write(export.join("archive/more.txt"), "x").expect("a file");
    let said = run(&folder(&new), &["archive", "import", &out]);
    assert_eq!(said.exit, 1, "{said:?}");
    for fault in [
        "document.pdf: changed since it was exported",
        "more.txt: was not exported",
    ] {
        assert!(said.error.contains(fault), "{said:?}");
    }
}

#[test]
fn a_backup_taken_while_copies_are_made_is_restored_into_an_empty_place_and_answers() {
    let stage = tempfile::tempdir().expect("a folder");
    let [live, backup, restored] =
        ["live", "backup", "restored"].map(|name| stage.path().join(name));
    let url = format!("file://{}", live.display());
    let service = Service::start_with(Policies::Default, &[("SEGELL__ARCHIVE__URL", &url)]);
    let source = paper::one_page("backup");
    let before: Vec<Answer> = (0..3)
        .map(|number| {
            let answer = service.seal(&source, &format!("organ={ORGAN}&title=before-{number}"));
            answer.expect("an answer")
        })
        .collect();
    assert!(before.iter().all(|answer| answer.status == 201));
    let to = format!("file://{}", backup.display());
    let ended = AtomicBool::new(false);
    let meanwhile = thread::scope(|scope| {
        let making = scope.spawn(|| {
            let mut made = 0;
            while !ended.load(Ordering::Relaxed) {
                let query = format!("organ={ORGAN}&title=meanwhile-{made}");
                assert_eq!(
                    service.seal(&source, &query).expect("an answer").status,
                    201
                );
                made += 1;
            }
            made
        });
        for _ in 0..2 {
            done(&folder(&live), &["archive", "migrate", "--to", &to]);
        }
        ended.store(true, Ordering::Relaxed);
        making.join().expect("copies")
    });
    // The machine is lost; nothing is left but the backup, which is carried to a place that is empty.
    drop(service);
    done(&folder(&live), &["archive", "check"]);
    fs::remove_dir_all(&live).expect("it can be lost");
    let there = format!("file://{}", restored.display());
    done(&folder(&backup), &["archive", "migrate", "--to", &there]);
    let check = done(&folder(&restored), &["archive", "check", "--json"]).json();
    let copies = check["copies"].as_u64().expect("a number");
    assert!(
        (3..=3 + meanwhile).contains(&copies),
        "{copies} of 3 + {meanwhile}"
    );
    assert_eq!(check["findings"], serde_json::json!([]));

    // Every copy from before the backup answers as it did, and a request that comes again is recognised.
    let service = Service::start_with(Policies::Default, &[("SEGELL__ARCHIVE__URL", &there)]);
    for (number, made) in before.iter().enumerate() {
        let code = made.header("Verification-Code");
        let document = service.get(&format!("/v1/copies/{code}/document"));
        let document = document.expect("an answer");
        assert_eq!((document.status, document.body == made.body), (200, true));
        let page = service.get(&format!("/{code}")).expect("an answer");
        assert_eq!(page.status, 200);
        let report = service.post("/v1/validations", "application/pdf", &made.body);
        assert_eq!(report.expect("a report").json()["verdict"], "identical");
        let query = format!("organ={ORGAN}&title=before-{number}");
        let again = service.seal(&source, &query).expect("an answer");
        assert_eq!(
            (again.status, again.header("Verification-Code")),
            (200, code)
        );
    }
}

/// The number of files below a folder.
fn files(folder: &Path) -> usize {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}
