//! The house rules that the compiler does not know: who may use whom, and who may use which
//! library. The table is the one of the crate documentation in `src/lib.rs`.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "reads the sources of this package from disk"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Which rooms a room may use.
enum Uses {
    /// These; whatever is not listed is a stranger.
    Only(&'static [&'static str]),
    /// Every room that stands before it in the table.
    AllBefore,
}

use Uses::{AllBefore, Only};

const ROOMS: &[(&str, Uses)] = &[
    ("model", Only(&[])),
    ("pdf", Only(&["model"])),
    ("cades", Only(&["model"])),
    ("pki", Only(&["model"])),
    ("raster", Only(&[])),
    ("archive", Only(&["model", "pdf", "cades", "pki"])),
    ("authorities", Only(&["model", "cades", "pki", "telemetry"])),
    (
        "audit",
        Only(&["model", "cades", "pki", "archive", "authorities"]),
    ),
    (
        "validate",
        Only(&["model", "pdf", "cades", "pki", "archive"]),
    ),
    (
        "seal",
        Only(&["model", "pdf", "cades", "pki", "archive", "validate"]),
    ),
    ("settings", Only(&["model"])),
    ("telemetry", Only(&["model", "settings"])),
    ("http", AllBefore),
    ("cli", AllBefore),
    ("tokens", Only(&["model", "pki"])),
    ("opening", AllBefore),
    ("commands", AllBefore),
    ("startup", AllBefore),
];

/// Whether `room` may use `other`.
fn may_use(room: &str, other: &str) -> bool {
    let place = |name: &str| ROOMS.iter().position(|(room, _)| *room == name);
    match ROOMS.iter().find(|(name, _)| *name == room) {
        Some((_, Only(allowed))) => allowed.contains(&other),
        Some((_, AllBefore)) => place(other) < place(room),
        None => false,
    }
}

/// A library, recognised by the beginning of its name, and the only rooms that may know it.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("actix", &["http", "startup"]),
    ("tracing_actix_web", &["http", "startup"]),
    ("lopdf", &["pdf"]),
    ("openssl", &["pki", "cades"]),
    ("cryptoki", &["tokens"]),
    ("object_store", &["archive"]),
    ("hayro", &["raster"]),
    ("rqrr", &["raster"]),
    ("reqwest", &["archive", "authorities"]),
    ("clap", &["cli", "startup"]),
    ("metrics", &["telemetry"]),
    ("opentelemetry", &["telemetry"]),
    ("tracing_opentelemetry", &["telemetry"]),
];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "manager", "misc",
];

const LONGEST_FILE: usize = 450;

struct Source {
    /// Path under `src`, such as `pdf/band/mod.rs`.
    path: String,
    text: String,
}

impl Source {
    /// The room a file belongs to: `pdf` for `pdf/source.rs`, `startup` for `startup.rs`.
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The product's own lines, numbered from 1: no comments, nothing after the unit tests begin.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()))
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(Source {
                    path: path
                        .strip_prefix(&root)
                        .unwrap()
                        .to_string_lossy()
                        .into_owned(),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!sources.is_empty(), "no sources found");
    sources
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
}

/// Rooms that a line names: `crate::pdf::…` and `use crate::{pdf::…, pki}`.
fn rooms_named(line: &str) -> Vec<&str> {
    let mut named = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            named.extend(group_heads(group));
        } else {
            named.extend(words(rest).next());
        }
    }
    named
}

/// The first word of every member of a `{…}` group, inner groups skipped.
fn group_heads(group: &str) -> Vec<&str> {
    let mut heads = Vec::new();
    let mut depth = 0_i32;
    let mut start = 0;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                heads.extend(words(&group[start..at]).next());
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    heads
}

fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    none(
        sources()
            .iter()
            .filter(|source| !matches!(source.room(), "lib" | "main"))
            .filter(|source| ROOMS.iter().all(|(room, _)| *room != source.room()))
            .map(|source| format!("{}: room `{}` is unknown", source.path, source.room()))
            .collect(),
    );
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let room = source.room();
        if matches!(room, "lib" | "main") {
            continue;
        }
        for (number, line) in source.code() {
            for named in rooms_named(line) {
                let is_room = ROOMS.iter().any(|(other, _)| *other == named);
                if is_room && named != room && !may_use(room, named) {
                    complaints.push(format!(
                        "{}:{number}: `{room}` may not use `{named}`",
                        source.path
                    ));
                }
            }
        }
    }
    none(complaints);
}

#[test]
fn the_table_points_one_way() {
    assert!(may_use("startup", "commands") && !may_use("commands", "startup"));
    assert!(may_use("cli", "http") && !may_use("http", "cli"));
    assert!(may_use("opening", "tokens") && !may_use("cli", "tokens"));
    assert!(may_use("seal", "validate") && !may_use("validate", "seal"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut complaints = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        for (number, line) in source.code() {
            for (library, rooms) in LIBRARIES {
                let used = paths_begun(line).any(|crate_name| crate_name.starts_with(library));
                if used && !rooms.contains(&source.room()) {
                    complaints.push(format!(
                        "{}:{number}: `{library}` belongs to {}",
                        source.path,
                        rooms.join(" and ")
                    ));
                }
            }
        }
    }
    none(complaints);
}

/// Names followed by `::` or standing after `use`: where a path into a library can begin.
fn paths_begun(line: &str) -> impl Iterator<Item = &str> {
    let before_colons = line
        .match_indices("::")
        .filter_map(|(at, _)| words(&line[..at]).last().map(|name| (at, name)))
        // What another name and `::` stand before is a room of that library.
        .filter(|(at, name)| !line[..at.saturating_sub(name.len())].ends_with("::"))
        .map(|(_, name)| name);
    let imported = line
        .trim_start()
        .trim_start_matches("pub ")
        .strip_prefix("use ")
        .and_then(|rest| words(rest).next());
    before_colons.chain(imported)
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    none(
        sources()
            .iter()
            .map(|source| (source, source.text.lines().count()))
            .filter(|(_, lines)| *lines > LONGEST_FILE)
            .map(|(source, lines)| {
                format!("{}: {lines} lines, {LONGEST_FILE} at most", source.path)
            })
            .collect(),
    );
}

#[test]
fn every_file_is_named_after_what_is_inside() {
    none(
        sources()
            .iter()
            .filter(|source| {
                source
                    .path
                    .split('/')
                    .any(|part| EMPTY_NAMES.contains(&part.trim_end_matches(".rs")))
            })
            .map(|source| format!("{}: name it after its meaning", source.path))
            .collect(),
    );
}

#[test]
fn the_reader_of_imports_sees_through_groups() {
    assert_eq!(rooms_named("use crate::pdf::{band, Limits};"), ["pdf"]);
    assert_eq!(
        rooms_named("use crate::{archive::Finding, model::{Code, Organ}, pki};"),
        ["archive", "model", "pki"]
    );
    assert_eq!(rooms_named("let x: crate::seal::Fields = y;"), ["seal"]);
    assert!(paths_begun("pub use lopdf::Object;").any(|name| name == "lopdf"));
    assert!(paths_begun("    -> openssl::pkey::PKey").any(|name| name == "openssl"));
    let module = "use actix_tls::accept::openssl::TlsStream;";
    assert_eq!(paths_begun(module).collect::<Vec<_>>(), ["actix_tls"; 2]);
    assert!(!paths_begun("// nothing").any(|name| name == "lopdf"));
}
