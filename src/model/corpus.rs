//! The corpus of third-party files, for the tests inside the rooms.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests read their data and say aloud what they leave out"
)]

use std::path::PathBuf;

/// The corpus: the folder that `SEGELL_CORPUS` names, by default a sibling of the project. `None` when
/// it is not there and `SEGELL_REQUIRE_CORPUS` does not demand it.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("SEGELL_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("SEGELL_REQUIRE_CORPUS").is_ok_and(|value| value == "1");
    assert!(!required, "no corpus at {}", folder.display());
    eprintln!("left out: no corpus at {}", folder.display());
    None
}

/// Name and bytes of every file in a folder of the corpus.
pub(crate) fn files(inside: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let entries = std::fs::read_dir(folder()?.join(inside)).unwrap();
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(&path).unwrap())
    };
    Some(entries.map(read).collect())
}
