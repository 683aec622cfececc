//! What the container image promises, checked on the recipe: no engine is needed.

use std::fs;
use std::process::Command;

use segell::settings::Settings;

use crate::settings_of;
use crate::support::root;

/// The instructions, continuation lines joined and comments left out.
fn instructions() -> Vec<String> {
    fs::read_to_string(root().join("Dockerfile"))
        .unwrap()
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n")
        .replace("\\\n", " ")
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

/// The last stage, which is what runs.
fn runtime() -> Vec<String> {
    let instructions = instructions();
    let from = instructions
        .iter()
        .rposition(|line| line.starts_with("FROM "))
        .unwrap();
    instructions[from..].to_vec()
}

fn having<'a>(lines: &'a [String], word: &str) -> Vec<&'a str> {
    lines
        .iter()
        .filter_map(|line| line.strip_prefix(word)?.strip_prefix(' '))
        .collect()
}

#[test]
fn base_images_are_pinned_to_a_version() {
    for image in having(&instructions(), "FROM") {
        let name = image.split(' ').next().unwrap();
        let (_, tag) = name.split_once(':').expect("an image has a tag");
        assert!(
            tag.starts_with(|c: char| c.is_ascii_digit()) && tag.contains('.'),
            "{name} is not pinned"
        );
    }
}

#[test]
fn the_service_runs_as_nobody_in_particular() {
    let runtime = runtime();
    let user = having(&runtime, "USER");
    assert_eq!(user.len(), 1, "{user:?}");
    let uid: u32 = user[0].split(':').next().unwrap().parse().unwrap();
    assert!(uid >= 1000, "uid {uid}");
}

#[test]
fn the_image_is_for_production_and_says_when_it_is_unwell() {
    let runtime = runtime();
    let environment = having(&runtime, "ENV").join(" ");
    assert!(environment.contains("SEGELL_PROFILE=production"));
    let health = having(&runtime, "HEALTHCHECK");
    assert_eq!(health.len(), 1);
    assert!(
        health[0].contains(r#"CMD ["segell", "health"]"#),
        "{health:?}"
    );
}

#[test]
fn no_example_key_and_no_archive_can_reach_the_image() {
    for line in runtime() {
        assert!(!line.contains("certs-example"), "{line}");
    }
    for line in instructions() {
        assert!(!line.starts_with("COPY . "), "{line}");
        assert!(!line.starts_with("ADD "), "{line}");
    }
    let ignored = fs::read_to_string(root().join(".dockerignore")).unwrap();
    let mut rules = ignored
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(rules.next(), Some("*"), "everything is left out at first");
    let rules: Vec<&str> = rules.collect();
    // Where an operator keeps secrets beside the compose file; the last rule that fits counts.
    let place = |wanted: &str| rules.iter().position(|rule| *rule == wanted);
    assert!(place("config/deploy") > place("!config"));
    for rule in rules.iter().filter_map(|rule| rule.strip_prefix('!')) {
        assert!(
            [
                "Cargo.toml",
                "Cargo.lock",
                "LICENSE",
                // Certificates only: the program recognises and refuses what they issued.
                "certs-example/trust",
                "src",
                "config",
            ]
            .contains(&rule),
            "{rule} would be sent to the build"
        );
    }
}

#[test]
fn every_file_that_the_recipe_copies_exists() {
    for line in having(&instructions(), "COPY") {
        if line.contains("--from=") {
            continue;
        }
        let mut parts: Vec<&str> = line.split(' ').filter(|p| !p.starts_with("--")).collect();
        parts.pop();
        for path in parts {
            assert!(root().join(path).exists(), "{path} does not exist");
        }
    }
}

#[test]
fn the_layer_of_the_dependencies_is_a_package_for_cargo() {
    let build = instructions();
    let runs = having(&build, "RUN");
    let run = runs.iter().find(|run| run.starts_with("mkdir src"));
    let (before, _) = run.unwrap().split_once("&& cargo build").unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(root().join(name), folder.path().join(name)).unwrap();
    }
    let made = Command::new("sh")
        .args(["-euc", before.trim()])
        .current_dir(&folder)
        .status();
    assert!(made.unwrap().success());
    let read = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(read.status.success(), "{read:?}");
    let metadata: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    let targets = metadata["packages"][0]["targets"].as_array().unwrap();
    let benches = targets.iter().filter(|target| target["kind"][0] == "bench");
    for bench in benches {
        let path = bench["src_path"].as_str().unwrap();
        assert!(fs::exists(path).unwrap(), "{path}");
    }
}

#[test]
fn its_labels_say_what_it_is() {
    let runtime = runtime();
    let labels = having(&runtime, "LABEL").join(" ");
    for (label, value) in [
        ("version", env!("CARGO_PKG_VERSION")),
        ("licenses", env!("CARGO_PKG_LICENSE")),
        (
            "base.name",
            &runtime[0].replace("FROM ", "docker.io/library/"),
        ),
    ] {
        let label = format!("org.opencontainers.image.{label}=\"{value}\"");
        assert!(labels.contains(&label), "{label} is not in {labels}");
    }
}

#[test]
fn it_listens_where_it_says_and_stops_as_it_is_told() {
    let runtime = runtime();
    let words = having(&runtime, "ENV").join(" ");
    let variables = words.split(' ').filter_map(|word| word.split_once('='));
    let settings: Settings = settings_of(variables);
    let ports = [settings.server.bind, settings.server.operations_bind].map(|a| a.port());
    let exposed = format!("{} {}", ports[0], ports[1]);
    assert_eq!(having(&runtime, "EXPOSE"), [exposed]);
    assert_eq!(having(&runtime, "STOPSIGNAL"), ["SIGTERM"]);
    // The archive, and the folder in which the audit log has its own.
    let archive = settings.archive.url.strip_prefix("file://").unwrap();
    let audit = settings.audit.folder.unwrap();
    let log = audit.parent().unwrap().display();
    assert_eq!(having(&runtime, "VOLUME"), [format!("{archive} {log}")]);
    assert_eq!(having(&runtime, "ENTRYPOINT"), [r#"["segell"]"#]);
}

#[test]
fn nothing_that_builds_is_in_it() {
    let runtime = runtime();
    let installed = having(&runtime, "RUN").join(" ");
    for tool in ["build-essential", "perl", "gcc", "make", "curl", "rust"] {
        assert!(!installed.contains(tool), "{tool}");
    }
    assert!(installed.contains("--no-install-recommends"));
}
