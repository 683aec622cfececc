//! What `config/deploy` and the Dockerfile promise, checked on the files themselves: no engine and no cluster
//! is needed. What they say to the program is read by the program's own settings.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "reads files of this package from disk"
)]

#[path = "../support/mod.rs"]
mod support;

mod compose;
mod dockerfile;
mod kubernetes;
mod systemd;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use segell::settings::{Settings, Surroundings};
use serde_json::Value;
use support::{root, tools};

/// A file of `config/deploy`.
fn deployed(name: &str) -> String {
    let path = root().join("config/deploy").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The documents of a YAML file of `config/deploy`; `None`, said aloud, where there is no Python to read them.
fn yaml(name: &str) -> Option<Vec<Value>> {
    let python = tools::python();
    if !tools::present(&[&python]) {
        return None;
    }
    let path = root().join("config/deploy").join(name);
    let read = "import json, sys, yaml\n\
                print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))";
    let output = Command::new(python).args(["-c", read]).arg(&path).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// What the program makes of these variables.
#[track_caller]
fn settings_of<N: Into<String>, V: Into<String>>(
    variables: impl IntoIterator<Item = (N, V)>,
) -> Settings {
    let variables = variables.into_iter();
    let surroundings = Surroundings {
        folder: "/nowhere".into(),
        variables: variables.map(|(n, v)| (n.into(), v.into())).collect(),
    };
    let (settings, _) = Settings::load(&surroundings).expect("every key exists");
    settings
}

/// The same, accepted by production.
#[track_caller]
fn accepted_by_production(variables: &BTreeMap<String, String>) -> Settings {
    let surroundings = Surroundings {
        folder: "/nowhere".into(),
        variables: variables.clone(),
    };
    let (settings, origins) = Settings::load(&surroundings).expect("every key exists");
    assert_eq!(variables["SEGELL_PROFILE"], "production");
    let refusals = settings.refusals(&origins);
    assert!(refusals.is_empty(), "{refusals:?}");
    settings
}

/// The variables of an object whose values are texts.
fn variables(object: &Value) -> BTreeMap<String, String> {
    let object = object.as_object().expect("an object");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    object
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// The variables that the image sets.
fn of_image() -> BTreeMap<String, String> {
    [
        ("SEGELL_PROFILE", "production"),
        ("SEGELL__SERVER__BIND", "0.0.0.0:8080"),
        ("SEGELL__SERVER__OPERATIONS_BIND", "0.0.0.0:8081"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
