//! Which files there are, and whether they are the same as before.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::opening::organs::{self, Source};

/// How long files have to stay the same before they are read.
const SETTLING: Duration = Duration::from_millis(300);
/// How often there is a look whether they do.
const MOST_LOOKS: usize = 10;

/// What tells one state of a file from another: time of writing (seconds and nanoseconds), length, inode.
type Stamp = (i64, i64, u64, u64);

/// The state of every organ file and of every file that one of them names. `None`: not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamps(BTreeMap<PathBuf, Option<Stamp>>);

impl Stamps {
    /// Of the organ files in a folder, and of the files that these sources name.
    pub(super) fn of(folder: &Path, sources: &BTreeMap<String, Source>) -> Self {
        // A folder that cannot be read holds what it held before: that is not the same as nothing.
        let organs = organs::files(folder).unwrap_or_default();
        let named = sources.values().flat_map(|source| source.files.clone());
        Self::of_files(organs.into_iter().chain(named))
    }

    /// Of these files.
    pub(super) fn of_files(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let stamps = paths.into_iter().map(|path| {
            let stamp = stamp(&path);
            (path, stamp)
        });
        Self(stamps.collect())
    }

    /// These, but for files seen before as they were seen then: what changed while it was read has
    /// changed.
    pub(super) fn with_earlier(mut self, earlier: &Self) -> Self {
        for (path, stamp) in &mut self.0 {
            if let Some(before) = earlier.0.get(path) {
                *stamp = *before;
            }
        }
        self
    }

    /// The files that differ between two looks.
    pub(super) fn changed(&self, other: &Self) -> BTreeSet<PathBuf> {
        let paths = self.0.keys().chain(other.0.keys());
        paths
            .filter(|path| self.0.get(*path) != other.0.get(*path))
            .cloned()
            .collect()
    }
}

/// Whether a look shows others than those last read. Waits for somebody who is writing them.
pub(super) fn settled(last: &Stamps, look: impl Fn() -> Stamps) -> bool {
    let mut seen = look();
    if seen == *last {
        return false;
    }
    for _ in 0..MOST_LOOKS {
        thread::sleep(SETTLING);
        let again = look();
        if again == seen {
            break;
        }
        seen = again;
    }
    true
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = path.metadata().ok()?;
    Some((
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.len(),
        metadata.ino(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_written_added_or_taken_away_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let look = || Stamps::of(folder.path(), &BTreeMap::new());
        write("a.toml", "a");
        write("a.pass", "not an organ's file");
        let first = look();
        assert_eq!(first, look());
        write("a.toml", "longer");
        let second = look();
        assert_eq!(first.changed(&second).len(), 1);
        write("b.toml", "b");
        let third = look();
        assert_ne!(second, third);
        std::fs::remove_file(folder.path().join("b.toml")).unwrap();
        assert_eq!(second, look());
    }

    #[test]
    fn what_changed_while_it_was_read_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let look = || Stamps::of(folder.path(), &BTreeMap::new());
        write("a.toml", "a");
        let before = look();
        write("a.toml", "meanwhile");
        write("b.toml", "new");
        let kept = look().with_earlier(&before);
        let changed = kept.changed(&look());
        assert_eq!(changed, BTreeSet::from([folder.path().join("a.toml")]));
    }
}
