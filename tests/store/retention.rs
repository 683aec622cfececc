//! Copies that end, in real stores: what the public is told, and what is left.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use segell::archive::{Archive, ArchiveLocation};

use crate::bucket::Bucket;
use crate::program::{Settings, done, folder, run, run_with, seal};
use crate::support::paper;
use crate::support::service::{Policies, Service};

const TITLE: &str = "Expedient sancionador de Josep Vidal";
const WORDS: &str = "a resolution that names him";

/// What of a copy must be nowhere after its erasure.
fn content(source: &[u8]) -> [&[u8]; 4] {
    [TITLE.as_bytes(), b"E-2026-77001", WORDS.as_bytes(), source]
}

#[test]
fn no_version_of_any_object_in_a_bucket_holds_a_byte_of_an_erased_copy() {
    for name in ["plain", "versions"] {
        let Some(bucket) = Bucket::open(name, "erased") else {
            return;
        };
        let (settings, stage) = (bucket.settings(), tempfile::tempdir().expect("a folder"));
        let source = paper::one_page(WORDS);
        let code = seal(&settings, stage.path(), &source, TITLE);
        let kept = seal(
            &settings,
            stage.path(),
            &paper::one_page("another"),
            "Another",
        );
        for fragment in content(&source) {
            assert!(!bucket.holding(fragment).is_empty(), "{name}");
        }
        // The other copy has the same reference.
        let with_reference = bucket.holding(b"E-2026-77001").len();

        let only_said = run_with(&settings, &["archive", "erase"], &code);
        assert_eq!(only_said.exit, 1, "{only_said:?}");
        assert!(only_said.out.contains("would be erased"), "{only_said:?}");
        assert!(!bucket.holding(TITLE.as_bytes()).is_empty());

        let said = run_with(&settings, &["archive", "erase", "--yes"], &code);
        assert_eq!(said.exit, 0, "{said:?}");
        let [title, _, words, source] = content(&source);
        for fragment in [title, words, source] {
            assert_eq!(bucket.holding(fragment), Vec::<String>::new(), "{name}");
        }
        assert_eq!(
            bucket.holding(b"E-2026-77001").len(),
            with_reference / 2,
            "{name}"
        );
        done(&settings, &["archive", "check"]);
        assert_what_the_public_sees(&settings, &code, "erased");
        assert_what_the_public_sees(&settings, &kept, "in_force");
    }
}

#[test]
fn an_object_locked_bucket_refuses_with_its_date_and_the_copy_stays_as_it_was() {
    let Some(bucket) = Bucket::open("locked", "kept") else {
        return;
    };
    let (settings, stage) = (bucket.settings(), tempfile::tempdir().expect("a folder"));
    let code = seal(&settings, stage.path(), &paper::one_page(WORDS), TITLE);
    let names = bucket.names();
    let said = run_with(&settings, &["archive", "erase", "--yes"], &code);
    assert_eq!(said.exit, 3, "{said:?}");
    let until = (Timestamp::now() + SignedDuration::from_hours(30 * 24)).to_string();
    let sentence = format!("its object lock keeps it until {}", &until[..8]);
    assert!(said.error.contains(&sentence), "{said:?}");
    let new: Vec<_> = bucket
        .names()
        .into_iter()
        .filter(|name| !names.contains(name))
        .collect();
    assert!(
        new.iter().all(|name| name.starts_with("probes/")),
        "{new:?}"
    );
    let copy = stage.path().join("copy.pdf").display().to_string();
    done(&settings, &["validate", &copy]);
}

#[test]
fn what_is_past_its_availability_expires_and_is_erased_when_it_is_due() {
    let stage = tempfile::tempdir().expect("a folder");
    let archive = stage.path().join("archive");
    let settings = folder(&archive);
    let code = seal(&settings, stage.path(), &paper::one_page(WORDS), TITLE);
    let none = done(&settings, &["archive", "expire", "--json"]).json();
    assert_eq!(none["expired"], serde_json::json!([]));
    let due = done(&settings, &["archive", "erase", "--due", "--json"]).json();
    assert_eq!(
        (&due["copies"], &due["due"]),
        (&1.into(), &serde_json::json!([]))
    );

    // A month later.
    let later = Timestamp::now() + SignedDuration::from_hours(31 * 24);
    in_folder(&archive, |archive| {
        let expiry = archive
            .expire("cli", later, &mut |_, _| {})
            .expect("an archive");
        assert_eq!(expiry.expired.len(), 1);
    });
    assert_what_the_public_sees(&settings, &code, "expired");
    let copy = stage.path().join("copy.pdf").display().to_string();
    let report = run(&settings, &["validate", &copy, "--json"]).json();
    assert_eq!(
        (&report["verdict"], &report["status"]),
        (&"identical".into(), &"expired".into())
    );

    in_folder(&archive, |archive| {
        let due = archive
            .due_for_erasure(later, &mut |_, _| {})
            .expect("an archive")
            .due;
        let [copy] = &due[..] else {
            panic!("{due:?}");
        };
        archive.erase(copy.index, "cli", later).expect("an archive");
    });
    assert_what_the_public_sees(&settings, &code, "erased");
    let report = run(&settings, &["validate", &copy, "--json"]).json();
    assert_eq!(
        (&report["verdict"], &report["status"]),
        (&"identical".into(), &"erased".into())
    );
    done(&settings, &["archive", "check", "--tidy"]);
}

/// Asks a service that has this archive for the page, in both forms.
fn assert_what_the_public_sees(settings: &Settings, code: &str, status: &str) {
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let service = Service::start_with(Policies::Default, &settings);
    service.keep_secret(code);
    let record = service
        .get(&format!("/v1/copies/{code}"))
        .expect("an answer");
    assert_eq!(record.status, 200, "{status}");
    assert_eq!(record.json()["status"], status);
    let has_title = String::from_utf8_lossy(&record.body).contains(TITLE);
    assert!(!(status == "erased" && has_title));
    let page = service.get(&format!("/{code}")).expect("an answer");
    let page = String::from_utf8_lossy(&page.body).into_owned();
    assert!(!(status == "erased" && page.contains(TITLE)));
    let document = service
        .get(&format!("/v1/copies/{code}/document"))
        .expect("an answer");
    let expected = if status == "erased" { 410 } else { 200 };
    assert_eq!(document.status, expected, "{status}: {:?}", document.json());
    let public = service
        .get(&format!("/{code}/document"))
        .expect("an answer");
    assert_eq!(public.status == 200, status == "in_force", "{status}");
}

/// Opens the archive in a folder as a library does.
fn in_folder(folder: &Path, work: impl FnOnce(&Archive)) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let location = ArchiveLocation::Folder(folder.to_owned());
    let archive = Archive::open(&location, None, runtime.handle().clone());
    work(&archive.expect("an archive"));
}
