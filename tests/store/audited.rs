//! The audit logs of replicas that share a bucket, read back where none of them ran.

use tempfile::TempDir;

use crate::bucket::Bucket;
use crate::program::{Said, run};
use crate::replicas::start;
use crate::support::paper;
use crate::support::service::ORGAN;

fn findings(said: &Said) -> Vec<String> {
    let json = said.json();
    let findings = json["findings"].as_array().expect("a list").iter();
    let words = findings.map(|finding| finding["finding"].as_str().expect("a word").to_owned());
    words.collect()
}

#[test]
fn the_logs_of_replicas_meet_in_the_bucket_and_a_letter_that_changes_there_is_found() {
    let Some(bucket) = Bucket::open("plain", "audited") else {
        return;
    };
    for name in ["one", "two"] {
        let mut settings = bucket.settings();
        settings.push(("SEGELL__AUDIT__INSTANCE", name.to_owned()));
        let replica = start(&settings);
        let copy = replica.seal(&paper::one_page(name), &format!("organ={ORGAN}"));
        assert_eq!(copy.expect("an answer").status, 201);
        // At its end it brings its lines into the archive.
        replica.terminate();
    }

    let elsewhere = TempDir::new().expect("a folder");
    let mut settings = bucket.settings();
    let folder = elsewhere.path().display().to_string();
    settings.push(("SEGELL__AUDIT__FOLDER", folder));
    let verify = || run(&settings, &["audit", "verify", "--json"]);
    let sound = verify();
    assert_eq!((sound.exit, findings(&sound)), (0, Vec::new()), "{sound:?}");
    let json = sound.json();
    let logs = json["logs"].as_array().expect("a list");
    let names: Vec<&str> = logs
        .iter()
        .filter_map(|log| log["instance"].as_str())
        .collect();
    assert_eq!(names, ["one", "two"]);
    assert!(logs.iter().all(|log| log["lines"] == log["proved"]));
    assert_eq!(json["copies"], 2);

    let segment = "audit/segments/one/";
    let names = bucket.names();
    let segment = names.iter().find(|name| name.starts_with(segment));
    bucket.swap_a_letter(segment.expect("a segment"));
    let changed = verify();
    assert_eq!(changed.exit, 1, "{changed:?}");
    assert_ne!(findings(&changed), Vec::<String>::new(), "{changed:?}");
}
