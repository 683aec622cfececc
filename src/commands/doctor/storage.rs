//! The archive, and the disk under it.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::statvfs;

use super::Scene;
use crate::archive::ArchiveLocation;
use crate::cli::doctor::{Line, State};
use crate::commands::examine::trouble;
use crate::opening;

/// A probe that takes longer makes every copy slow.
const SLOW: Duration = Duration::from_millis(1000);
/// Bytes below which nothing more should be written.
const HARDLY_ANY: u64 = 256 << 20;
/// Bytes, and hundredths of the whole, below which somebody should make room.
const LITTLE: u64 = 2 << 30;
const LITTLE_PER_CENT: u64 = 5;

/// Whether it can be written and read, keeps what is created once, and how fast.
pub(super) fn archive(scene: &Scene) -> Vec<Line> {
    const WHAT: &str = "archive";
    let url = &scene.settings.archive.url;
    let runtime = match opening::runtime() {
        Ok(runtime) => runtime,
        Err(failure) => return vec![Line::of_trouble(WHAT, State::Failed, trouble(failure))],
    };
    let opened = opening::open_archive(&scene.settings, runtime.handle(), scene.now());
    let line = match opened {
        Err(failure) => {
            let mut trouble = trouble(failure);
            trouble.cause = format!("{url}: {}", trouble.cause);
            Line::of_trouble(WHAT, State::Failed, trouble)
        }
        Ok(archive) if !archive.keeps_copies() => {
            Line::ok(WHAT, "none: whoever asks for a copy keeps it")
        }
        Ok(archive) => {
            // Once more: the first one paid for the connection.
            let begun = Instant::now();
            match archive.probe(scene.now()) {
                Err(error) => Line::failed(WHAT, format!("{url}: {error}"))
                    .with_next_step("it answered a moment ago: look at the store, then again"),
                Ok(()) => probed(url, begun.elapsed()),
            }
        }
    };
    runtime.shutdown_background();
    vec![line]
}

fn probed(url: &str, took: Duration) -> Line {
    let fact = format!(
        "{url} keeps what is created once; two writes and a read in {} ms",
        took.as_millis()
    );
    match took > SLOW {
        false => Line::ok("archive", fact),
        true => Line::new("archive", State::Attention, fact)
            .with_next_step("every copy waits for it: look at the store and the way to it"),
    }
}

/// Room for more.
pub(super) fn disk(scene: &Scene) -> Vec<Line> {
    let location = scene.settings.archive.url.parse();
    vec![match location {
        Ok(ArchiveLocation::Folder(folder)) => room(&folder),
        Ok(_) | Err(_) => Line::new(
            "disk",
            State::NotAsked,
            "the archive is on none of this machine",
        ),
    }]
}

fn room(folder: &Path) -> Line {
    // Before the archive is opened for the first time its folder is not there yet.
    let there = folder.ancestors().find(|path| path.exists());
    let there = there.filter(|path| !path.as_os_str().is_empty());
    let room = match statvfs(there.unwrap_or(Path::new("."))) {
        Ok(room) => room,
        Err(error) => {
            let fact = format!("{} cannot be asked for its room: {error}", folder.display());
            return Line::new("disk", State::Attention, fact).with_next_step("df -h");
        }
    };
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let whole = room.f_blocks.saturating_mul(room.f_frsize).max(1);
    let per_cent = u64::try_from(u128::from(free) * 100 / u128::from(whole)).unwrap_or(100);
    let no_names = room.f_files > 0 && room.f_favail == 0;
    let fact = format!(
        "{} free under {}, {per_cent} % of it",
        readable(free),
        folder.display()
    );
    let step = "make room, or move the archive (`segell archive migrate`)";
    if no_names {
        Line::failed(
            "disk",
            format!("no further file fits under {}", folder.display()),
        )
        .with_next_step(step)
    } else if free < HARDLY_ANY {
        Line::failed("disk", fact).with_next_step(step)
    } else if free < LITTLE || per_cent < LITTLE_PER_CENT {
        Line::new("disk", State::Attention, fact).with_next_step(step)
    } else {
        Line::ok("disk", fact)
    }
}

/// `412 GB`, in units of a thousand as disks are sold.
fn readable(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [
        (1_000_000_000_000, "TB"),
        (1_000_000_000, "GB"),
        (1_000_000, "MB"),
    ];
    let unit = UNITS.into_iter().find(|(size, _)| bytes >= *size);
    unit.map_or_else(
        || format!("{bytes} bytes"),
        |(size, word)| format!("{} {word}", bytes / size),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_told_of_a_folder_that_is_still_to_be_made() {
        let home = tempfile::tempdir().unwrap();
        let line = room(&home.path().join("a/b/archive"));
        assert!(line.fact.contains(" free under "), "{line:?}");
    }

    #[test]
    fn sizes_are_told_in_the_unit_of_disks() {
        assert_eq!(readable(412_700_000_000), "412 GB");
        assert_eq!(readable(999), "999 bytes");
    }

    #[test]
    fn a_slow_archive_is_worth_a_look() {
        assert_eq!(probed("s3://a", Duration::from_millis(17)).state, State::Ok);
        assert_eq!(probed("s3://a", SLOW * 2).state, State::Attention);
    }
}
