//! Every source of the corpus.

use std::path::PathBuf;

use super::*;

/// The folder of third-party files, if it is there.
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("SEGELL_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("SEGELL_REQUIRE_CORPUS").is_ok_and(|value| value == "1");
    assert!(!required, "no corpus at {}", folder.display());
    println!("left out: no corpus at {}", folder.display());
    None
}

#[test]
fn dump() {
    let Some(corpus) = corpus() else { return };
    let out = std::env::temp_dir().join("pdf-out");
    std::fs::create_dir_all(&out).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(corpus.join("seal"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let begun = std::time::Instant::now();
        match open(bytes) {
            Ok(source) => {
                let copy = sealed(&source);
                println!(
                    "{name}: {:?} undecodable {:?} {}",
                    begun.elapsed(),
                    source
                        .pages
                        .iter()
                        .filter(|page| source.page_contents(page).unwrap().is_none())
                        .count(),
                    serde_json::to_string(source.facts()).unwrap(),
                );
                std::fs::write(out.join(&name), copy).unwrap();
            }
            Err(error) => println!("{name}: {:?} REFUSED {error}", begun.elapsed()),
        }
    }
}
