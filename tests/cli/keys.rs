//! `keys`: made, shown once, listed and taken back in the file that the operator keeps.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use segell::model::Sha256Digest;

use crate::stage::{Said, Stage};

const FILE: &str = "# Ours.\n[[application]]\nid = \"gestor\"   # never change it\nname = \"Gestor\"\n\
                    organs = [\"L01990015\"]\nkey_sha256 = \
                    \"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\"\n";

fn stage() -> Stage {
    Stage::new().with("SEGELL__APPLICATIONS__FILE", "applications.toml")
}

fn text(stage: &Stage) -> String {
    fs::read_to_string(stage.path("applications.toml")).unwrap()
}

#[track_caller]
fn done(said: Said) -> Said {
    assert_eq!(said.exit, 0, "{said:?}");
    said
}

#[test]
fn a_key_is_shown_once_and_kept_as_its_digest() {
    let stage = stage();
    let file = stage.file("applications.toml", FILE);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let made = done(stage.run(&["keys", "new", "--application", "gestor", "--label", "2027"]));
    let key = made.out.lines().next().unwrap().to_owned();
    assert!(key.starts_with("segell_pre_") && key.len() == 75, "{key}");
    let after = text(&stage);
    assert!(after.starts_with(FILE), "{after}");
    assert!(!after.contains(&key));
    assert!(after.contains(&Sha256Digest::of(key.as_bytes()).to_string()));
    let mode = file.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o640, "{mode:o}");
    let left = fs::read_dir(file.parent().unwrap()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(
        left.into_iter().all(|name| !name.starts_with('.')),
        "nothing is left behind"
    );

    let listed = done(stage.run(&["keys", "list", "--json"])).json();
    let rows = listed.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["label"], "2027");
    assert_eq!(rows[1]["state"], "active");
    assert_eq!(rows[1]["environment"], "pre");
    let config = stage.run(&["check-config", "--json"]);
    assert!(!config.out.contains("applications file"), "{}", config.out);
}

#[test]
fn a_new_application_is_added_with_its_organs() {
    let stage = stage();
    let arguments = ["keys", "new", "--application", "registre"];
    let refused = stage.run(&arguments);
    assert_eq!(refused.exit, 2);
    assert!(refused.error.contains("--organ"), "{refused:?}");
    let organs = [
        "--organ",
        "L01990015",
        "--organ",
        "L01990027",
        "--env",
        "pro",
        "--json",
    ];
    let made = done(stage.run(&[&arguments[..], &organs[..]].concat())).json();
    assert!(made["key"].as_str().unwrap().starts_with("segell_pro_"));
    let file = stage.path("applications.toml");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let rows = done(stage.run(&["keys", "list", "--json"])).json();
    assert_eq!(rows[0]["organs"].as_array().unwrap().len(), 2);
    // The table is for people.
    let table = done(stage.run(&["keys", "list"]));
    assert!(
        table.out.contains("registre") && table.out.contains("active"),
        "{}",
        table.out
    );
}

#[test]
fn a_revoked_key_stays_in_the_file_and_opens_nothing() {
    let stage = stage();
    stage.file("applications.toml", FILE);
    done(stage.run(&["keys", "new", "--application", "gestor"]));
    let before = text(&stage);
    done(stage.run(&["keys", "revoke", "2bb80d53"]));
    let after = text(&stage);
    assert_eq!(after.lines().count(), before.lines().count() + 1);
    let rows = done(stage.run(&["keys", "list", "--json"])).json();
    assert_eq!(
        (&rows[0]["state"], &rows[1]["state"]),
        (&"revoked".into(), &"active".into())
    );
    for (digits, complaint) in [
        ("2bb80d53", "revoked since"),
        ("00000000", "there is no key"),
        ("2bb8", "8 digits"),
    ] {
        let refused = stage.run(&["keys", "revoke", digits]);
        assert_eq!(refused.exit, 2);
        assert!(refused.error.contains(complaint), "{refused:?}");
    }
    assert_eq!(text(&stage), after);
}

#[test]
fn without_a_file_that_can_be_edited_the_lines_are_shown() {
    let stage = Stage::new();
    let arguments = [
        "keys",
        "new",
        "--application",
        "nou",
        "--organ",
        "L01990015",
    ];
    let shown = done(stage.run(&arguments));
    assert!(
        shown.out.contains("[[application]]\nid = \"nou\"\n"),
        "{}",
        shown.out
    );
    let inline = "application = [{ id = \"nou\", name = \"N\", organs = [\"L01990015\"], key_sha256 = \
                  \"2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b\" }]\n";
    let stage = self::stage();
    stage.file("applications.toml", inline);
    let shown = done(stage.run(&["keys", "new", "--application", "nou"]));
    assert!(
        shown.out.contains("[[application.keys]]\nkey_sha256 = "),
        "{}",
        shown.out
    );
    assert_eq!(text(&stage), inline);
    assert_eq!(stage.run(&["keys", "revoke", "2bb80d53"]).exit, 1);
}
