//! The folder of organs: each file read, each seal opened. One that fails stops no other.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::opening::{missing, open};
use super::organ_file::{LookSource, OrganFile, OrganFileFault, SealSource};
use crate::cades::CmsProfile;
use crate::cli::inventory::{Inventory, Row, SealEntry, State, Trouble};
use crate::http::{CoatOfArms, Look};
use crate::model::organ::Cession;
use crate::model::{Dir3, Environment, Organ};
use crate::pdf::typeface::Typeface;
use crate::pki::{Anchors, SealDefect, SealKey};
use crate::seal::{LoadedSeal, Seat, legend};
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
}

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

/// Loads every file. `progress` is called after each.
pub(super) fn load(
    folder: &Path,
    files: &[PathBuf],
    terms: &Terms<'_>,
    mut progress: impl FnMut(),
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
    };
    let mut owners: BTreeMap<Dir3, String> = BTreeMap::new();
    for path in files {
        let file = file_name(path);
        match read(path, terms.profile, &mut owners) {
            Ok(Some((organ, source, look))) => {
                let folder = path.parent().unwrap_or(Path::new("."));
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
                let (row, seat) = seat(path, organ, source, terms);
                loaded.inventory.seals.push(row);
                loaded.seats.extend(seat);
            }
            Ok(None) => loaded.inventory.left_out.push(file),
            Err((dir3, fault)) => loaded.inventory.seals.push(Row {
                dir3,
                ..Row::bad(file, trouble_of_file(&fault))
            }),
        }
        progress();
    }
    loaded.inventory.sort();
    loaded
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
        Ok(LoadedSeal { key, cms, typeface })
    });
    let shown = match &seal {
        Ok(seal) => Ok(entry(&seal.key, terms.now)),
        Err(defect) => Err(trouble_of_seal(defect)),
    };
    let row = Row::of(file, &organ, shown);
    (row, Some(Seat { organ, seal }))
}

/// Whether every user of this machine may read a file.
pub(super) fn is_open_to_all(path: &Path) -> bool {
    const OTHERS_MAY_READ: u32 = 0o004;
    path.metadata()
        .is_ok_and(|metadata| metadata.mode() & OTHERS_MAY_READ != 0)
}

fn entry(key: &SealKey, now: Timestamp) -> SealEntry {
    let facts = key.facts();
    SealEntry {
        name: facts.common_name.clone(),
        issuer: facts.issuer.clone(),
        public_key: facts.public_key.clone(),
        algorithm: key.algorithm(),
        not_after: facts.not_after,
        days_left: SealEntry::days_between(now, facts.not_after),
    }
}

fn trouble_of_seal(defect: &SealDefect) -> Trouble {
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
