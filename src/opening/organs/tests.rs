//! One good organ among many bad ones.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::opening::trust;
use crate::pki::trust_list::Purpose;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/certs-example");

/// A folder of organ files beside the example seals, and the example anchors.
struct Fixture {
    folder: tempfile::TempDir,
    anchors: Anchors,
}

impl Fixture {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            anchors: trust::anchors(&Path::new(EXAMPLE).join("trust"), Purpose::Seals).unwrap(),
        }
    }

    /// The example organ's file, its seal named by a path that works from anywhere, then changed.
    fn organ(&self, file: &str, change: impl Fn(String) -> String) -> &Self {
        let example = Path::new(EXAMPLE).join("organs/L01990015.toml");
        let text = fs::read_to_string(example).unwrap();
        let text = text.replace("../seals", &format!("{EXAMPLE}/seals"));
        self.file(file, &change(text))
    }

    fn file(&self, file: &str, text: &str) -> &Self {
        fs::write(self.folder.path().join(file), text).unwrap();
        self
    }

    fn load(&self, profile: Profile) -> LoadedOrgans {
        let terms = Terms {
            profile,
            anchors: &self.anchors,
            tokens: &Tokens::default(),
            now: "2026-11-21T12:00:00Z".parse().unwrap(),
        };
        let files = files(self.folder.path()).unwrap();
        load(
            self.folder.path(),
            &files,
            &terms,
            &Unchanged::new(),
            &|| {},
        )
    }
}

fn codes(loaded: &LoadedOrgans) -> BTreeMap<&str, &str> {
    let rows = loaded.inventory.seals.iter();
    rows.map(|row| {
        let code = row.trouble.as_ref().map_or("ok", |trouble| trouble.code);
        (row.file.as_str(), code)
    })
    .collect()
}

#[test]
fn every_example_organ_loads() {
    let folder = Path::new(EXAMPLE).join("organs");
    let fixture = Fixture::new();
    let terms = Terms {
        profile: Profile::Evaluation,
        anchors: &fixture.anchors,
        tokens: &Tokens::default(),
        now: "2026-11-21T12:00:00Z".parse().unwrap(),
    };
    let files = files(&folder).unwrap();
    let done = AtomicUsize::new(0);
    let count = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let loaded = load(&folder, &files, &terms, &Unchanged::new(), &count);
    assert_eq!(done.into_inner(), files.len());
    assert_eq!(loaded.inventory.loaded(), 5, "{:?}", codes(&loaded));
    assert!(loaded.seats.iter().all(|seat| seat.seal.is_ok()));
}

#[test]
fn one_bad_organ_never_stops_the_others_and_each_has_its_cause() {
    let fixture = Fixture::new();
    let other = |code: &'static str| move |text: String| text.replace("L01990015", code);
    let seals = format!("{EXAMPLE}/seals/L01990015");
    fixture
        .organ("a-good.toml", |text| text)
        .organ("b-twice.toml", |text| text)
        .file("c-nonsense.toml", "dir3 = \"L01999001\"\nthis is not TOML")
        .organ("d-nif.toml", |text| {
            let moved = text.replace("\"L01990015\"", "\"L01999002\"");
            moved.replace("P9900100J", "P0801900B")
        })
        .organ("e-ceded.toml", |text| {
            let moved = text.replace("\"L01990015\"", "\"L01999003\"");
            moved.replace("\"own\"", "\"ceded\"")
        })
        .organ("f-central.toml", |text| {
            let moved = text.replace("\"L01990015\"", "\"L01999004\"");
            moved.replace("\"own\"", "\"centralised\"")
        })
        .organ("g-absent.toml", other("L01999005"))
        .file("wrong.pass", "not the passphrase\n")
        .organ("h-passphrase.toml", |text| {
            let moved = text.replace("\"L01990015\"", "\"L01999006\"");
            moved.replace(&format!("{seals}.pass"), "wrong.pass")
        })
        .organ("i-letters.toml", |text| {
            let moved = text.replace("\"L01990015\"", "\"L01999007\"");
            moved.replace("Ajuntament de Vallserena", "市役所")
        })
        .file("notes.txt", "not an organ");
    let loaded = fixture.load(Profile::Evaluation);
    let expected = BTreeMap::from([
        ("a-good.toml", "ok"),
        ("b-twice.toml", "organ-code-twice"),
        ("c-nonsense.toml", "organ-file-malformed"),
        ("d-nif.toml", "other-nif"),
        ("e-ceded.toml", "ceded"),
        ("f-central.toml", "centralised"),
        ("g-absent.toml", "file-missing"),
        ("h-passphrase.toml", "wrong-passphrase"),
        ("i-letters.toml", "organ-file-malformed"),
    ]);
    assert_eq!(codes(&loaded), expected);
    assert_eq!(loaded.inventory.loaded(), 1);
    let troubles = loaded.inventory.seals.iter();
    for trouble in troubles.filter_map(|row| row.trouble.as_ref()) {
        assert!(!trouble.cause.is_empty() && !trouble.next_step.is_empty());
        assert!(!trouble.cause.contains("not the passphrase"));
    }
    let sealing: Vec<_> = loaded
        .seats
        .iter()
        .filter(|seat| seat.seal.is_ok())
        .map(|seat| seat.organ.dir3.as_str())
        .collect();
    assert_eq!(sealing, ["L01990015"]);
}

#[test]
fn evaluation_leaves_real_organs_out_and_production_refuses_example_seals() {
    let fixture = Fixture::new();
    fixture
        .organ("pre.toml", |text| text)
        .organ("pro.toml", |text| {
            let moved = text.replace("\"L01990015\"", "\"L01999002\"");
            moved.replace("environment = \"pre\"", "environment = \"pro\"")
        });
    let loaded = fixture.load(Profile::Evaluation);
    assert_eq!(loaded.inventory.left_out, ["pro.toml"]);
    assert_eq!(loaded.inventory.loaded(), 1);

    let loaded = fixture.load(Profile::Production);
    let expected = BTreeMap::from([
        ("pre.toml", "example-material"),
        ("pro.toml", "example-material"),
    ]);
    assert_eq!(codes(&loaded), expected);
}

#[test]
fn secret_files_that_everybody_may_read_are_listed() {
    let fixture = Fixture::new();
    fixture.file("mine.pass", "x").file("open.pass", "x");
    let set = |file: &str, mode| {
        let path = fixture.folder.path().join(file);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set("mine.pass", 0o400);
    set("open.pass", 0o444);
    for file in ["mine", "open"] {
        fixture.organ(&format!("{file}.toml"), |text| {
            let text = text.replace(&format!("{EXAMPLE}/seals/L01990015.p12"), "absent.p12");
            text.replace(
                &format!("{EXAMPLE}/seals/L01990015.pass"),
                &format!("{file}.pass"),
            )
        });
    }
    let exposed = |file: &str| {
        let path = [fixture.folder.path().join(file)];
        let terms = Terms {
            profile: Profile::Production,
            anchors: &fixture.anchors,
            tokens: &Tokens::default(),
            now: "2026-11-21T12:00:00Z".parse().unwrap(),
        };
        load(
            fixture.folder.path(),
            &path,
            &terms,
            &Unchanged::new(),
            &|| {},
        )
        .exposed
    };
    assert_eq!(
        exposed("open.toml"),
        [fixture.folder.path().join("open.pass")]
    );
    assert_eq!(exposed("mine.toml"), [""; 0].map(PathBuf::from));
}

#[test]
fn a_folder_that_is_not_there_holds_no_organ() {
    assert_eq!(
        files(Path::new("/nonexistent")).unwrap(),
        [""; 0].map(PathBuf::from)
    );
}

#[test]
fn an_organ_is_served_in_both_environments_and_only_once_in_each() {
    let fixture = Fixture::new();
    fixture
        .organ("a-pre.toml", |text| text)
        .organ("b-pro.toml", |text| text.replace("\"pre\"", "\"pro\""))
        .organ("c-pre.toml", |text| text);
    let loaded = fixture.load(Profile::Production);
    assert_eq!(codes(&loaded)["c-pre.toml"], "organ-code-twice");
    assert_eq!(loaded.seats.len(), 2);
    assert_eq!(loaded.codes().len(), 1);
}

#[test]
fn a_seal_that_is_exclusive_to_nobody_is_refused_by_name() {
    let fixture = Fixture::new();
    fixture.organ("a.toml", |text| {
        text.replace("[seal]\n", "[seal]\nuse = \"exclusive\"\n")
    });
    let loaded = fixture.load(Profile::Evaluation);
    assert_eq!(codes(&loaded)["a.toml"], "contradictory-use");
    assert_eq!(loaded.seats.len(), 1, "its requests get that problem");
}

#[test]
fn two_files_have_to_agree_about_one_seal() {
    let fixture = Fixture::new();
    fixture
        .organ("a.toml", |text| {
            let shared = "[seal]\nuse = \"exclusive\"\napplications = [\"registre\"]\n";
            text.replace("[seal]\n", shared)
        })
        .organ("b.toml", |text| {
            text.replace("\"L01990015\"", "\"L01990099\"")
        });
    let loaded = fixture.load(Profile::Evaluation);
    assert_eq!(codes(&loaded)["a.toml"], "ok");
    assert_eq!(codes(&loaded)["b.toml"], "contradictory-use");
    let trouble = loaded
        .inventory
        .seals
        .iter()
        .find_map(|row| row.trouble.as_ref());
    assert!(trouble.unwrap().cause.contains("a.toml has the same seal"));
}

#[test]
fn seals_that_wait_have_to_agree_too_and_a_contradiction_takes_nothing_that_is_in_force() {
    let fixture = Fixture::new();
    for (file, dir3, application) in [("a.toml", "L01990015", "a"), ("b.toml", "L01990099", "b")] {
        let next = format!(
            "\n[next_seal]\npkcs12 = \"{EXAMPLE}/seals/L01990015.p12\"\npassphrase_file = \
             \"{EXAMPLE}/seals/L01990015.pass\"\nuse = \"exclusive\"\napplications = [\"{application}\"]\n"
        );
        fixture.organ(file, |text| {
            text.replace("L01990015\"", &format!("{dir3}\"")) + &next
        });
    }
    let loaded = fixture.load(Profile::Evaluation);
    let rows = &loaded.inventory.seals;
    assert!(
        rows.iter()
            .all(|row| row.seal.is_some() && row.trouble.is_none())
    );
    let troubles = rows.iter().map(|row| {
        let trouble = row.next.as_ref().unwrap().trouble.as_ref();
        (row.file.as_str(), trouble.map(|trouble| trouble.code))
    });
    let mut troubles: Vec<_> = troubles.collect();
    troubles.sort_unstable();
    assert_eq!(
        troubles,
        [("a.toml", None), ("b.toml", Some("contradictory-use"))]
    );
}
