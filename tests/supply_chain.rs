//! Holds the dependency tree to the licences and bans of `.deny.toml`, with nothing but cargo.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "reads .deny.toml and runs cargo"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn policy() -> toml::Table {
    fs::read_to_string(root().join(".deny.toml"))
        .unwrap()
        .parse()
        .unwrap()
}

fn output_of(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Every package that is built on this platform with all features, this one left out.
fn dependencies() -> Vec<Value> {
    let rustc = output_of(Command::new("rustc").arg("-vV"));
    let host = rustc
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap();
    let metadata: Value = serde_json::from_str(&output_of(Command::new(env!("CARGO")).args([
        "metadata",
        "--locked",
        "--all-features",
        "--format-version=1",
        "--filter-platform",
        host,
    ])))
    .unwrap();
    // The metadata also resolve what an optional dependency of a dependency would bring; the tree
    // holds what is built.
    let tree = output_of(Command::new(env!("CARGO")).args([
        "tree",
        "--locked",
        "--all-features",
        "--prefix=none",
        "--format={p}",
        "--target",
        host,
    ]));
    let built: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, rest)| (name, rest.split(' ').next().unwrap()))
        .collect();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| {
            let [name, version] = ["name", "version"].map(|key| package[key].as_str().unwrap());
            built.contains(&(name, version))
        })
        .filter(|package| package["name"] != env!("CARGO_PKG_NAME"))
        .cloned()
        .collect()
}

/// Whether an SPDX expression can be met with the licences allowed. `/` is the old way of writing `OR`.
fn acceptable(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut tokens = spaced.split_whitespace().peekable();
    either(&mut tokens, allowed)
}

type Tokens<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(tokens: &mut Tokens<'_>, allowed: &[&str]) -> bool {
    let mut met = both(tokens, allowed);
    while tokens.next_if_eq(&"OR").is_some() {
        met |= both(tokens, allowed);
    }
    met
}

fn both(tokens: &mut Tokens<'_>, allowed: &[&str]) -> bool {
    let mut met = licence(tokens, allowed);
    while tokens.next_if_eq(&"AND").is_some() {
        met &= licence(tokens, allowed);
    }
    met
}

fn licence(tokens: &mut Tokens<'_>, allowed: &[&str]) -> bool {
    match tokens.next() {
        Some("(") => {
            let met = either(tokens, allowed);
            tokens.next();
            met
        }
        Some(name) if tokens.next_if_eq(&"WITH").is_some() => {
            let exception = tokens.next().unwrap_or_default();
            allowed.contains(&format!("{name} WITH {exception}").as_str())
        }
        Some(name) => allowed.contains(&name),
        None => false,
    }
}

#[test]
fn every_dependency_has_a_permissive_licence() {
    let policy = policy();
    let allowed: Vec<&str> = policy["licenses"]["allow"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let refused: Vec<String> = dependencies()
        .iter()
        .filter(|package| !acceptable(package["license"].as_str().unwrap_or_default(), &allowed))
        .map(|package| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}

#[test]
fn nothing_banned_is_in_the_tree_and_no_crypto_crate_twice() {
    let policy = policy();
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for package in dependencies() {
        *versions
            .entry(package["name"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    for ban in policy["bans"]["deny"].as_array().unwrap() {
        let name = ban["name"].as_str().unwrap();
        let count = versions.get(name).copied().unwrap_or_default();
        match ban.get("deny-multiple-versions") {
            Some(_) => assert_eq!(count, 1, "{name} has to be in the tree once"),
            None => assert_eq!(count, 0, "{name}: {}", ban["reason"]),
        }
    }
}

#[test]
fn every_dependency_comes_from_the_registry() {
    for package in dependencies() {
        let source = package["source"].as_str().unwrap_or("a path");
        assert!(
            source.starts_with("registry+"),
            "{} comes from {source}",
            package["name"]
        );
    }
}

#[test]
fn licence_expressions_are_read_as_spdx_says() {
    let allowed = ["MIT", "OFL-1.1", "Apache-2.0 WITH LLVM-exception"];
    assert!(acceptable("MIT OR GPL-3.0-only", &allowed));
    assert!(acceptable("GPL-3.0-only/MIT", &allowed));
    assert!(acceptable("(MIT OR Apache-2.0) AND OFL-1.1", &allowed));
    assert!(acceptable("Apache-2.0 WITH LLVM-exception OR X", &allowed));
    assert!(!acceptable("MIT AND GPL-3.0-only", &allowed));
    assert!(!acceptable("(GPL-3.0-only OR X) AND OFL-1.1", &allowed));
    assert!(!acceptable("", &allowed));
}
