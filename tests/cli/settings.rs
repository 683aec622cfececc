//! `check-config`, `seals` and what is refused before anything starts.

use crate::stage::{EXAMPLE, Stage};

#[test]
fn check_config_shows_every_setting_with_its_origin_and_tries_all_out() {
    let stage = Stage::new();
    stage.file("config/local.toml", "[server]\nqueue = 7\n");
    let said = stage.run(&["check-config"]);
    assert_eq!(said.exit, 0, "{said:?}");
    let line = |key: &str| said.out.lines().find(|line| line.starts_with(key)).unwrap();
    assert!(line("server.queue").contains("config/local.toml:2"));
    assert!(line("organs.folder").contains("the environment, SEGELL__ORGANS__FOLDER"));
    assert!(line("limits.pages").contains("built in:"));
    assert!(said.out.contains("5 seals loaded"));
    assert!(!said.out.contains('\u{1b}'), "colour in a pipe");
}

#[test]
fn check_config_reports_every_problem_and_never_a_secret() {
    let key = "0123456789abcdef".repeat(4);
    let stage = Stage::new()
        .with("SEGELL__ARCHIVE__URL", "s3://bucket/prefix")
        .with("SEGELL__APPLICATIONS__FILE", "absent.toml")
        .with("SEGELL__CODES__KEYS_FILE", "codes.keys")
        .with("SEGELL__ORGANS__FOLDER", "organs");
    stage.file("codes.keys", &key);
    stage.file("my.pass", "a very secret passphrase\n");
    stage.organ("a.toml", |text| {
        text.replace(&format!("{EXAMPLE}/seals/L01990015.pass"), "../my.pass")
    });
    let said = stage.run(&["check-config"]);
    assert_eq!(said.exit, 2, "{said:?}");
    for problem in [
        "s3://bucket/prefix",
        "absent.toml",
        "passphrase does not open",
    ] {
        assert!(said.out.contains(problem), "{problem}: {said:?}");
    }
    assert!(said.out.contains("codes.keys"));
    let json = stage.run(&["check-config", "--json"]);
    for text in [&said.out, &said.error, &json.out, &json.error] {
        assert!(
            !text.contains(&key) && !text.contains("very secret"),
            "{text}"
        );
    }
    assert_eq!(json.json()["profile"], "evaluation");
}

#[test]
fn an_unknown_key_stops_every_command_with_the_nearest() {
    let stage = Stage::new().with("SEGELL__SERVER__BNID", "127.0.0.1:1");
    for command in ["serve", "seals", "check-config", "health"] {
        let said = stage.run(&[command]);
        assert_eq!(said.exit, 2, "{said:?}");
        assert!(
            said.error.contains("did you mean `server.bind`?"),
            "{said:?}"
        );
    }
}

#[test]
fn production_refuses_what_is_only_good_for_trying_out() {
    let stage = Stage::new()
        .with("SEGELL_PROFILE", "production")
        .with("SEGELL__CODES__KEYS_FILE", "")
        .with("SEGELL__SERVER__BIND", "0.0.0.0:0")
        .with("SEGELL__ARCHIVE__URL", "file://./archive");
    let said = stage.run(&["serve"]);
    assert_eq!(said.exit, 2, "{said:?}");
    for key in ["codes.keys_file", "server.bind", "archive.url"] {
        assert!(said.error.contains(key), "{said:?}");
    }
    let archive = format!("file://{}", stage.path("archive").display());
    let stage = stage
        .with("SEGELL__CODES__KEYS_FILE", "codes.keys")
        .with("SEGELL__ACCESS__FACTOR_KEYS_FILE", "factors.keys")
        .with("SEGELL__SERVER__BIND", "127.0.0.1:0")
        .with("SEGELL__ARCHIVE__URL", &archive)
        .with("SEGELL__APPLICATIONS__FILE", "");
    stage.file("codes.keys", "0a".repeat(32));
    stage.file("factors.keys", "0b".repeat(32));
    let said = stage.run(&["serve"]);
    assert_eq!(said.exit, 2, "{said:?}");
    assert!(
        said.error.contains("authority of certs-example"),
        "{said:?}"
    );
}

#[test]
fn the_inventory_names_each_cause_and_fails_when_a_seal_is_missing() {
    let stage = Stage::new().with("SEGELL__ORGANS__FOLDER", "organs");
    stage.organ("a.toml", |text| text).organ("b.toml", |text| {
        let moved = text.replace("\"L01990015\"", "\"L01999001\"");
        moved.replace("\"own\"", "\"ceded\"")
    });
    let said = stage.run(&["seals"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.out.contains("1 of 2 seals loaded from organs"));
    assert!(said.out.contains("b.toml: the seal is declared as ceded"));
    assert!(said.out.contains("→ "));
    let json = stage.run(&["seals", "--json"]).json();
    assert_eq!(json["seals"][0]["trouble"]["code"], "ceded");
    assert_eq!(json["seals"][1]["state"], "ok");
}

#[test]
fn without_any_organ_the_inventory_says_what_to_do() {
    let stage = Stage::new().with("SEGELL__ORGANS__FOLDER", "absent");
    let said = stage.run(&["seals"]);
    assert_eq!(said.exit, 2);
    assert!(said.error.contains("organs.folder"), "{said:?}");
}

#[test]
fn help_has_examples_and_exit_codes_and_nonsense_is_a_usage_error() {
    let stage = Stage::new();
    let help = stage.run(&["--help"]);
    assert_eq!(help.exit, 0);
    assert!(help.out.contains("Exit codes:"));
    assert!(stage.run(&["seal", "--help"]).out.contains("Examples:"));
    assert_eq!(stage.run(&["sael"]).exit, 2);
}
