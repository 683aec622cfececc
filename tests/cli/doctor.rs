//! `doctor`: what is well, what is not, and what to do.

use serde_json::Value;

use crate::stage::{EXAMPLE, Said, Stage};
use crate::support::service::{Policies, Service};

/// Nobody answers there, and nobody is asked for the name.
const NOWHERE: &str = "http://127.0.0.1:1";

fn doctor(stage: &Stage, more: &[&str]) -> Said {
    let mut arguments = vec!["doctor", "--public-address", NOWHERE];
    arguments.extend(more);
    stage.run(&arguments)
}

/// The states of the lines about something.
fn states<'a>(diagnosis: &'a Value, what: &str) -> Vec<&'a str> {
    let lines = diagnosis["lines"].as_array().unwrap().iter();
    let about = lines.filter(|line| line["what"] == what);
    about.map(|line| line["state"].as_str().unwrap()).collect()
}

#[test]
fn trying_it_out_needs_attention_and_nothing_is_broken() {
    let stage = Stage::new();
    let said = doctor(&stage, &["--json"]);
    assert_eq!(said.exit, 0, "{said:?}");
    let diagnosis = said.json();
    assert_eq!(diagnosis["profile"], "evaluation");
    assert_eq!(diagnosis["state"], "attention");
    for what in ["configuration", "seals", "rendering", "time zone"] {
        assert_eq!(states(&diagnosis, what), ["ok"], "{what}: {diagnosis:#}");
    }
    // On a busy machine it may be slow.
    let archive = states(&diagnosis, "archive");
    assert!(matches!(archive[..], ["ok" | "attention"]), "{diagnosis:#}");
    assert_eq!(states(&diagnosis, "applications"), ["attention"]);
    assert_eq!(states(&diagnosis, "public pages"), ["attention"]);
    let lines = diagnosis["lines"].as_array().unwrap();
    let silent = lines.iter().find(|line| {
        line["fact"].as_str().unwrap().is_empty()
            || (line["state"] == "attention" && line["next_step"].is_null())
    });
    assert_eq!(
        silent, None,
        "every line says a fact, and what to do about it"
    );

    let said = doctor(&stage, &[]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(said.out.contains("✔ rendering"), "{said:?}");
    assert!(!said.out.contains('\u{1b}'), "colour in a pipe");
}

#[test]
fn what_is_broken_is_named_and_hides_nothing_else() {
    let stage = Stage::new()
        .with("SEGELL__ARCHIVE__URL", "file://./archive")
        .with("SEGELL__ORGANS__FOLDER", "organs")
        .with("SEGELL__APPLICATIONS__FILE", "absent.toml");
    stage.file("archive", "a file where a folder should be");
    stage.file("my.pass", "a very secret passphrase\n");
    stage.organ("a.toml", |text| text).organ("b.toml", |text| {
        let text = text.replace("\"L01990015\"", "\"L01990027\"");
        text.replace(&format!("{EXAMPLE}/seals/L01990015.pass"), "../my.pass")
    });
    let said = doctor(&stage, &["--json"]);
    assert_eq!(said.exit, 1, "{said:?}");
    let diagnosis = said.json();
    assert_eq!(diagnosis["state"], "failed");
    for what in ["archive", "applications"] {
        assert_eq!(
            states(&diagnosis, what),
            ["failed"],
            "{what}: {diagnosis:#}"
        );
    }
    assert!(
        states(&diagnosis, "seals").contains(&"failed"),
        "{diagnosis:#}"
    );
    assert_eq!(
        states(&diagnosis, "rendering"),
        ["ok"],
        "of the seal that is left"
    );
    for named in ["file://./archive", "b.toml: the passphrase", "absent.toml"] {
        assert!(said.out.contains(named), "{named}: {said:?}");
    }
    let told = doctor(&stage, &[]);
    for text in [&said.out, &said.error, &told.out, &told.error] {
        assert!(!text.contains("very secret"), "{text}");
    }
    assert!(told.out.contains("1 of 2 seals cannot be used"), "{told:?}");
    assert!(told.out.contains("→ segell seals"), "{told:?}");
}

#[test]
fn the_service_is_recognised_where_it_answers_and_nothing_else_is_taken_for_it() {
    let service = Service::start(Policies::Default);
    let at = |address: &str| {
        let said = Stage::new().run(&["doctor", "--json", "--public-address", address]);
        said.json()
    };
    let ours = at(service.address());
    assert_eq!(states(&ours, "public pages"), ["ok"], "{ours:#}");
    let elsewhere = at(&format!("{}/elsewhere", service.address()));
    assert_eq!(
        states(&elsewhere, "public pages"),
        ["failed"],
        "{elsewhere:#}"
    );
}
