//! The folder of organs: each file read, each seal opened. One that fails stops no other.

mod rows;
mod side_by_side;
mod uses;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use self::rows::{row, trouble_of_file};
pub(crate) use self::rows::{trouble_of_next, trouble_of_seal};
use self::side_by_side::side_by_side;
use super::organ_file::next::NextSource;
use super::organ_file::{LookSource, OrganFile, OrganFileFault, SealSource};
use super::seal_source::{missing, open};
use crate::cades::CmsProfile;
use crate::cli::inventory::{Inventory, Row, Trouble};
use crate::http::{CoatOfArms, Look};
use crate::model::organ::Cession;
use crate::model::{Dir3, Environment, Organ};
use crate::pdf::typeface::Typeface;
use crate::pki::{Anchors, SealDefect};
use crate::seal::{Health, LoadedSeal, NextSeal, NextSealDefect, SealUse, Seat, SeatKey, legend};
use crate::settings::Profile;
use crate::tokens::Tokens;

/// What the organs are judged by.
pub(crate) struct Terms<'a> {
    /// Evaluation loads test organs only; production refuses example material.
    pub(crate) profile: Profile,
    /// Issuers trusted for seals.
    pub(crate) anchors: &'a Anchors,
    /// The tokens that hold keys.
    pub(crate) tokens: &'a Tokens,
    /// The time at which seals are judged.
    pub(crate) now: Timestamp,
}

/// The organs of a folder.
pub(crate) struct LoadedOrgans {
    /// One per organ whose file can be read, in the order of the files.
    pub(crate) seats: Vec<Seat>,
    /// One row per file, and what was left out.
    pub(crate) inventory: Inventory,
    /// Secret files that every user of this machine may read.
    pub(crate) exposed: Vec<PathBuf>,
    /// How the public pages of the organs look.
    pub(crate) looks: BTreeMap<Dir3, Look>,
    /// Coats of arms that cannot be shown.
    pub(crate) unfit_drawings: Vec<Trouble>,
    /// What every organ file, by its name, says about where things are.
    pub(crate) sources: BTreeMap<String, Source>,
}

/// An organ file that could be read as far as its names.
pub(crate) struct Source {
    /// Its organ and environment.
    pub(crate) key: SeatKey,
    /// It and every file that it names.
    pub(crate) files: Vec<PathBuf>,
}

/// Seats that need no loading, by the name of their organ's file: nothing of theirs has changed.
pub(crate) type Unchanged = BTreeMap<String, Seat>;

impl LoadedOrgans {
    /// The codes of all organs, in the order of their files. An organ in both environments has one.
    pub(crate) fn codes(&self) -> Vec<Dir3> {
        let mut codes: Vec<Dir3> = Vec::new();
        for seat in &self.seats {
            if !codes.contains(&seat.organ.dir3) {
                codes.push(seat.organ.dir3.clone());
            }
        }
        codes
    }
}

/// The organ files of a folder, in the order of their names. A folder that is not there holds none.
pub(crate) fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
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
pub(crate) fn load(
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
    let mut owners = Owners::new();
    for path in files {
        let file = file_name(path);
        match read(path, terms.profile, &mut owners) {
            Ok(Some((organ, source, look))) => {
                let folder = path.parent().unwrap_or(Path::new("."));
                let named = source.iter().flat_map(SealSource::with_next);
                let named = named.flat_map(SealSource::files);
                let named = named.chain(look.coat_of_arms.as_deref());
                let named = named.map(|file| folder.join(file));
                let named = [path.clone()].into_iter().chain(named).collect();
                loaded.sources.insert(
                    file,
                    Source {
                        key: (organ.dir3.clone(), organ.environment),
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
                let secrets = source.iter().flat_map(SealSource::with_next);
                let secrets = secrets.flat_map(SealSource::secret_files);
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
            Err(unfit) => {
                loaded.inventory.seals.push(Row {
                    dir3: unfit.dir3,
                    environment: unfit.environment,
                    ..Row::bad(file, trouble_of_file(&unfit.fault))
                });
                progress();
            }
        }
    }
    let mut opened = side_by_side(waiting, |waiting| {
        let file = file_name(waiting.path);
        let seat = match unchanged.get(&file) {
            Some(seat) => Ok(seat.clone()),
            None => seat(waiting.path, waiting.organ, waiting.source, terms),
        };
        progress();
        (file, seat)
    });
    let seats = opened.iter_mut();
    let seats = seats.filter_map(|(file, seat)| Some((file.as_str(), seat.as_mut().ok()?)));
    uses::agree(seats.collect(), unchanged);
    for (file, seat) in opened {
        match seat {
            Ok(seat) => {
                loaded.inventory.seals.push(row(file, &seat, terms.now));
                loaded.seats.push(seat);
            }
            Err(organ) => {
                let trouble = trouble_of_file(&OrganFileFault::Unprintable);
                let row = Row::of(file, &organ, &SealUse::Open, Err(trouble));
                loaded.inventory.seals.push(row);
            }
        }
    }
    loaded.inventory.sort();
    loaded
}

/// The file of each organ in each environment.
type Owners = BTreeMap<SeatKey, String>;

/// A file that cannot be used, and what can be known of its organ all the same.
struct Unfit {
    dir3: Option<Dir3>,
    environment: Option<Environment>,
    fault: OrganFileFault,
}

impl Unfit {
    /// A file that cannot be read to its end.
    fn unknown(dir3: Option<Dir3>, fault: OrganFileFault) -> Self {
        Self {
            dir3,
            environment: None,
            fault,
        }
    }
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

fn read(path: &Path, profile: Profile, owners: &mut Owners) -> Result<Read, Unfit> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Unfit::unknown(None, OrganFileFault::Unreadable(error.to_string())))?;
    let (organ, source, look) =
        OrganFile::read(&text).map_err(|fault| Unfit::unknown(OrganFile::code_in(&text), fault))?;
    if profile == Profile::Evaluation && organ.environment != Environment::Pre {
        return Ok(None);
    }
    match owners.entry((organ.dir3.clone(), organ.environment)) {
        Entry::Occupied(other) => {
            let fault = OrganFileFault::Duplicate {
                dir3: organ.dir3.clone(),
                other: other.get().clone(),
            };
            return Err(Unfit {
                dir3: Some(organ.dir3),
                environment: Some(organ.environment),
                fault,
            });
        }
        Entry::Vacant(free) => {
            free.insert(file_name(path));
        }
    }
    Ok(Some((organ, source, look)))
}

/// The seat of an organ; the organ alone when its copies could not even be drawn.
fn seat(
    path: &Path,
    organ: Organ,
    source: Option<SealSource>,
    terms: &Terms<'_>,
) -> Result<Seat, Box<Organ>> {
    let Ok(typeface) = Typeface::covering(&legend::alphabet(&organ)) else {
        return Err(Box::new(organ));
    };
    let place = Place {
        folder: path.parent().unwrap_or(Path::new(".")),
        organ: &organ,
        typeface: &typeface,
    };
    let seal = match (organ.cession, &source) {
        (Cession::Ceded, _) => Err(SealDefect::Ceded),
        (Cession::Centralised, _) => Err(SealDefect::Centralised),
        // The reader of organ files makes sure of it.
        (Cession::Own, None) => Err(missing("the [seal] section")),
        (Cession::Own, Some(source)) => place.load(source, terms),
    };
    let next = source.as_ref().and_then(|source| source.next.as_ref());
    let next = next.map(|next| place.load_next(next, terms));
    let declared = source.map(|source| source.seal_use);
    let seal_use = declared.and_then(Result::ok).unwrap_or_default();
    let seat = Seat::new(organ, seal).with_use(seal_use).with_next(next);
    Ok(seat.succeeded(terms.now))
}

/// Where the seals of an organ are loaded from, and for whom.
struct Place<'a> {
    /// What the paths in the organ's file begin at.
    folder: &'a Path,
    organ: &'a Organ,
    typeface: &'a Typeface,
}

impl Place<'_> {
    fn load(&self, source: &SealSource, terms: &Terms<'_>) -> Result<LoadedSeal, SealDefect> {
        let key = open(self.folder, source, self.organ, terms)?;
        if let Err(cause) = &source.seal_use {
            let cause = cause.clone();
            return Err(SealDefect::ContradictoryUse { cause });
        }
        let cms = CmsProfile::new(key.chain(), key.algorithm()).map_err(|_| {
            SealDefect::UnreadableCertificate {
                what: "the seal".to_owned(),
            }
        })?;
        Ok(LoadedSeal {
            key,
            cms,
            typeface: self.typeface.clone(),
            health: Health::good(terms.now),
        })
    }

    /// The seal that takes over, judged for the time from which it will seal.
    fn load_next(&self, next: &NextSource, terms: &Terms<'_>) -> NextSeal {
        let moment = next.active_from.unwrap_or(terms.now);
        let then = Terms {
            now: moment.max(terms.now),
            ..*terms
        };
        let seal = match &next.source {
            Ok(source) => self.load(source, &then).map_err(NextSealDefect::from),
            Err(cause) => Err(NextSealDefect::Malformed {
                cause: cause.clone(),
            }),
        };
        if let Ok(seal) = &seal {
            seal.health.note(terms.now, Ok(()));
        }
        let declared = next.source.as_ref().ok().map(|source| &source.seal_use);
        let seal_use = declared.and_then(|declared| declared.clone().ok());
        NextSeal {
            active_from: next.active_from,
            seal: seal.map(Arc::new),
            seal_use: seal_use.unwrap_or_default(),
        }
    }
}

/// Whether every user of this machine may read a file.
pub(crate) fn is_open_to_all(path: &Path) -> bool {
    const OTHERS_MAY_READ: u32 = 0o004;
    path.metadata()
        .is_ok_and(|metadata| metadata.mode() & OTHERS_MAY_READ != 0)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests;
