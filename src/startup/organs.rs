//! The folder of organs: each file read, each seal opened. One that fails stops no other.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, available_parallelism};

use jiff::Timestamp;

use super::opening::{missing, open};
use super::organ_file::{LookSource, OrganFile, OrganFileFault, SealSource};
use crate::cades::CmsProfile;
use crate::cli::inventory::{Inventory, Row, SealEntry, State, Trouble};
use crate::http::{CoatOfArms, Look};
use crate::model::organ::Cession;
use crate::model::{Dir3, Environment, Organ};
use crate::pdf::typeface::Typeface;
use crate::pki::{Anchors, SealDefect};
use crate::seal::{Health, LoadedSeal, Seat, legend};
use crate::settings::Profile;
use crate::tokens::Tokens;

/// What the organs are judged by.
pub(super) struct Terms<'a> {
    /// Evaluation loads test organs only; production refuses example material.
    pub(super) profile: Profile,
    /// Issuers trusted for seals.
    pub(super) anchors: &'a Anchors,
    /// The tokens that hold keys.
    pub(super) tokens: &'a Tokens,
    /// The time at which seals are judged.
    pub(super) now: Timestamp,
}

/// The organs of a folder.
pub(super) struct LoadedOrgans {
    /// One per organ whose file can be read, in the order of the files.
    pub(super) seats: Vec<Seat>,
    /// One row per file, and what was left out.
    pub(super) inventory: Inventory,
    /// Secret files that every user of this machine may read.
    pub(super) exposed: Vec<PathBuf>,
    /// How the public pages of the organs look.
    pub(super) looks: BTreeMap<Dir3, Look>,
    /// Coats of arms that cannot be shown.
    pub(super) unfit_drawings: Vec<Trouble>,
    /// What every organ file, by its name, says about where things are.
    pub(super) sources: BTreeMap<String, Source>,
}

/// An organ file that could be read as far as its names.
pub(super) struct Source {
    /// Its organ.
    pub(super) dir3: Dir3,
    /// It and every file that it names.
    pub(super) files: Vec<PathBuf>,
}

/// Seats that need no loading, by the name of their organ's file: nothing of theirs has changed.
pub(super) type Unchanged = BTreeMap<String, Seat>;

impl LoadedOrgans {
    /// The codes of all organs, in the order of their files.
    pub(super) fn codes(&self) -> Vec<Dir3> {
        let organs = self.seats.iter().map(|seat| &seat.organ);
        organs.map(|organ| organ.dir3.clone()).collect()
    }
}

/// The organ files of a folder, in the order of their names. A folder that is not there holds none.
pub(super) fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// An organ whose file was read and whose seal is to be opened.
struct Waiting<'a> {
    path: &'a Path,
    organ: Organ,
    source: Option<SealSource>,
}

/// Loads every file, several at once: what takes time is the passphrases' key derivation and tokens.
/// `progress` is called after each.
pub(super) fn load(
    folder: &Path,
    files: &[PathBuf],
    terms: &Terms<'_>,
    unchanged: &Unchanged,
    progress: &(dyn Fn() + Sync),
) -> LoadedOrgans {
    let mut loaded = LoadedOrgans {
        seats: Vec::new(),
        inventory: Inventory {
            folder: folder.display().to_string(),
            ..Inventory::default()
        },
        exposed: Vec::new(),
        looks: BTreeMap::new(),
        unfit_drawings: Vec::new(),
        sources: BTreeMap::new(),
    };
    let mut waiting = Vec::new();
    let mut owners: BTreeMap<Dir3, String> = BTreeMap::new();
    for path in files {
        let file = file_name(path);
        match read(path, terms.profile, &mut owners) {
            Ok(Some((organ, source, look))) => {
                let folder = path.parent().unwrap_or(Path::new("."));
                let named = source.iter().flat_map(SealSource::files);
                let named = named.chain(look.coat_of_arms.as_deref());
                let named = named.map(|file| folder.join(file));
                let named = [path.clone()].into_iter().chain(named).collect();
                loaded.sources.insert(
                    file,
                    Source {
                        dir3: organ.dir3.clone(),
                        files: named,
                    },
                );
                let coat_of_arms = look.coat_of_arms.as_deref();
                let coat_of_arms = match coat_of_arms.map(|file| drawing(&folder.join(file))) {
                    Some(Err(trouble)) => {
                        loaded.unfit_drawings.push(trouble);
                        None
                    }
                    Some(Ok(drawing)) => Some(drawing),
                    None => None,
                };
                let look = Look {
                    accent: look.accent,
                    coat_of_arms,
                };
                if look != Look::default() {
                    loaded.looks.insert(organ.dir3.clone(), look);
                }
                let secrets = source.iter().flat_map(SealSource::secret_files);
                let secrets = secrets.map(|secret| folder.join(secret));
                loaded
                    .exposed
                    .extend(secrets.filter(|secret| is_open_to_all(secret)));
                waiting.push(Waiting {
                    path,
                    organ,
                    source,
                });
            }
            Ok(None) => {
                loaded.inventory.left_out.push(file);
                progress();
            }
            Err((dir3, fault)) => {
                loaded.inventory.seals.push(Row {
                    dir3,
                    ..Row::bad(file, trouble_of_file(&fault))
                });
                progress();
            }
        }
    }
    let opened = side_by_side(waiting, |waiting| {
        let opened = match unchanged.get(&file_name(waiting.path)) {
            Some(seat) => (
                row(file_name(waiting.path), seat, terms.now),
                Some(seat.clone()),
            ),
            None => seat(waiting.path, waiting.organ, waiting.source, terms),
        };
        progress();
        opened
    });
    for (row, seat) in opened {
        loaded.inventory.seals.push(row);
        loaded.seats.extend(seat);
    }
    loaded.inventory.sort();
    loaded
}

/// Does something with each, on every core, and gives the outcomes in the order of what was given.
fn side_by_side<T: Send, U: Send>(all: Vec<T>, work: impl Fn(T) -> U + Sync) -> Vec<U> {
    let threads = available_parallelism().map_or(1, usize::from);
    let threads = threads.min(all.len());
    let queue = Mutex::new(all.into_iter().enumerate());
    let next = || lock(&queue).next();
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, item)) = next() {
                    let outcome = work(item);
                    lock(&done).insert(index, outcome);
                }
            });
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_values().collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An organ, where its seal is kept, and its looks; `None` for one that this profile leaves out.
type Read = Option<(Organ, Option<SealSource>, LookSource)>;

/// Reads a coat of arms.
fn drawing(path: &Path) -> Result<CoatOfArms, Trouble> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
    let drawing =
        text.and_then(|text| CoatOfArms::of_svg(&text).map_err(|fault| fault.to_string()));
    drawing.map_err(|cause| Trouble {
        code: "coat-of-arms-unfit",
        cause: format!("the coat of arms {} is not shown: {cause}", path.display()),
        next_step: "correct the file, or take coat_of_arms out of the organ's file".to_owned(),
    })
}

fn read(
    path: &Path,
    profile: Profile,
    owners: &mut BTreeMap<Dir3, String>,
) -> Result<Read, (Option<Dir3>, OrganFileFault)> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| (None, OrganFileFault::Unreadable(error.to_string())))?;
    let (organ, source, look) =
        OrganFile::read(&text).map_err(|fault| (OrganFile::code_in(&text), fault))?;
    if profile == Profile::Evaluation && organ.environment != Environment::Pre {
        return Ok(None);
    }
    let dir3 = organ.dir3.clone();
    if let Some(other) = owners.get(&dir3) {
        let fault = OrganFileFault::Duplicate {
            dir3: dir3.clone(),
            other: other.clone(),
        };
        return Err((Some(dir3), fault));
    }
    owners.insert(dir3, file_name(path));
    Ok(Some((organ, source, look)))
}

/// The row of an organ, and its seat unless its copies could not even be drawn.
fn seat(
    path: &Path,
    organ: Organ,
    source: Option<SealSource>,
    terms: &Terms<'_>,
) -> (Row, Option<Seat>) {
    let file = file_name(path);
    let Ok(typeface) = Typeface::covering(&legend::alphabet(&organ)) else {
        let trouble = trouble_of_file(&OrganFileFault::Unprintable);
        return (Row::of(file, &organ, Err(trouble)), None);
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let outcome = match (organ.cession, source) {
        (Cession::Ceded, _) => Err(SealDefect::Ceded),
        (Cession::Centralised, _) => Err(SealDefect::Centralised),
        // The reader of organ files makes sure of it.
        (Cession::Own, None) => Err(missing("the [seal] section")),
        (Cession::Own, Some(source)) => open(folder, &source, &organ, terms),
    };
    let seal = outcome.and_then(|key| {
        let cms = CmsProfile::new(key.chain(), key.algorithm()).map_err(|_| {
            SealDefect::UnreadableCertificate {
                what: "the seal".to_owned(),
            }
        })?;
        Ok(LoadedSeal {
            key,
            cms,
            typeface,
            health: Health::good(terms.now),
        })
    });
    let seat = Seat::new(organ, seal);
    (row(file, &seat, terms.now), Some(seat))
}

/// The row of a seat.
fn row(file: String, seat: &Seat, now: Timestamp) -> Row {
    let shown = match &seat.seal {
        Ok(seal) => Ok(entry(seal, now)),
        Err(defect) => Err(trouble_of_seal(defect)),
    };
    Row::of(file, &seat.organ, shown)
}

/// Whether every user of this machine may read a file.
pub(super) fn is_open_to_all(path: &Path) -> bool {
    const OTHERS_MAY_READ: u32 = 0o004;
    path.metadata()
        .is_ok_and(|metadata| metadata.mode() & OTHERS_MAY_READ != 0)
}

fn entry(seal: &LoadedSeal, now: Timestamp) -> SealEntry {
    let facts = seal.key.facts();
    SealEntry {
        name: facts.common_name.clone(),
        issuer: facts.issuer.clone(),
        public_key: facts.public_key.clone(),
        algorithm: seal.key.algorithm(),
        not_after: facts.not_after,
        days_left: SealEntry::days_between(now, facts.not_after),
        probed_at: seal.health.last().at,
    }
}

pub(super) fn trouble_of_seal(defect: &SealDefect) -> Trouble {
    Trouble {
        code: defect.code(),
        cause: defect.to_string(),
        next_step: defect.next_step(),
    }
}

fn trouble_of_file(fault: &OrganFileFault) -> Trouble {
    Trouble {
        code: fault.code(),
        cause: fault.to_string(),
        next_step: fault.next_step(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

impl Row {
    /// A file of which nothing is known but what is wrong with it.
    fn bad(file: String, trouble: Trouble) -> Self {
        Self {
            file,
            dir3: None,
            ine10: None,
            nif: None,
            organ: None,
            environment: None,
            state: State::Bad,
            seal: None,
            trouble: Some(trouble),
        }
    }

    /// The row of an organ.
    fn of(file: String, organ: &Organ, seal: Result<SealEntry, Trouble>) -> Self {
        let (state, seal, trouble) = match seal {
            Ok(seal) => (State::with_days_left(seal.days_left), Some(seal), None),
            Err(trouble) => (State::Bad, None, Some(trouble)),
        };
        Self {
            file,
            dir3: Some(organ.dir3.clone()),
            ine10: organ.ine10.clone(),
            nif: Some(organ.nif.clone()),
            organ: Some(organ.names.in_language(organ.language).to_owned()),
            environment: Some(organ.environment.word()),
            state,
            seal,
            trouble,
        }
    }
}

#[cfg(test)]
mod tests;
