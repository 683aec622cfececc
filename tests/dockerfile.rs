//! What the container image promises, checked on the recipe: no engine is needed.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "reads files of this package from disk"
)]

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

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
    for rule in rules.filter_map(|rule| rule.strip_prefix('!')) {
        assert!(
            [
                "Cargo.toml",
                "Cargo.lock",
                "LICENSE",
                // Certificates only: the program recognises and refuses what they issued.
                "certs-example/trust",
                "src",
                "config",
                "benches"
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
