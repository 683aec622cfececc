//! The folder of organs: each file read, each seal opened. One that fails stops no other.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::organ_file::{ContainerFiles, LookSource, OrganFile, OrganFileFault, SealSource};
use crate::cades::CmsProfile;
use crate::cli::inventory::{Inventory, Row, SealEntry, State, Trouble, UseEntry};
use crate::http::{CoatOfArms, Look};
use crate::model::organ::Cession;
use crate::model::{Dir3, Environment, Organ, Sha256Digest};
use crate::pdf::typeface::Typeface;
use crate::pki::{Anchors, SealContainer, SealDefect, SealKey, SealRules, is_example_material};
use crate::seal::{LoadedSeal, SealUse, Seat, legend};
use crate::settings::Profile;

/// What the organs are judged by.
pub(super) struct Terms<'a> {
    /// Evaluation loads test organs only; production refuses example material.
    pub(super) profile: Profile,
    /// Issuers trusted for seals.
    pub(super) anchors: &'a Anchors,
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
    /// The codes of all organs, in the order of their files. An organ in both environments has one.
    pub(super) fn codes(&self) -> Vec<Dir3> {
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
    let mut owners = Owners::new();
    let mut uses = Uses::new();
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
                let (row, seat) = seat(path, organ, source, terms, &mut uses);
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

/// The file of each organ in each environment.
type Owners = BTreeMap<(Dir3, Environment), String>;

/// For whom each seal is, by the fingerprint of its certificate, and the file that said so.
type Uses = BTreeMap<Sha256Digest, (SealUse, String)>;

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
    owners: &mut Owners,
) -> Result<Read, (Option<Dir3>, OrganFileFault)> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| (None, OrganFileFault::Unreadable(error.to_string())))?;
    let (organ, source, look) =
        OrganFile::read(&text).map_err(|fault| (OrganFile::code_in(&text), fault))?;
    if profile == Profile::Evaluation && organ.environment != Environment::Pre {
        return Ok(None);
    }
    let dir3 = organ.dir3.clone();
    match owners.entry((dir3.clone(), organ.environment)) {
        Entry::Occupied(other) => {
            let fault = OrganFileFault::Duplicate {
                dir3: dir3.clone(),
                other: other.get().clone(),
            };
            return Err((Some(dir3), fault));
        }
        Entry::Vacant(free) => {
            free.insert(file_name(path));
        }
    }
    Ok(Some((organ, source, look)))
}

/// The row of an organ, and its seat unless its copies could not even be drawn.
fn seat(
    path: &Path,
    organ: Organ,
    source: Option<SealSource>,
    terms: &Terms<'_>,
    uses: &mut Uses,
) -> (Row, Option<Seat>) {
    let file = file_name(path);
    let declared = source.as_ref().map(|source| source.seal_use.clone());
    let seal_use = declared.clone().and_then(Result::ok).unwrap_or_default();
    let Ok(typeface) = Typeface::covering(&legend::alphabet(&organ)) else {
        let trouble = trouble_of_file(&OrganFileFault::Unprintable);
        return (Row::of(file, &organ, &seal_use, Err(trouble)), None);
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
        let declared = declared.unwrap_or(Ok(SealUse::Open));
        agrees(&key, declared, &file, uses)?;
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
    let row = Row::of(file, &organ, &seal_use, shown);
    let seat = Seat {
        organ,
        seal,
        seal_use,
    };
    (row, Some(seat))
}

/// Refuses a use that contradicts itself, or what another file says about the same seal.
fn agrees(
    key: &SealKey,
    declared: Result<SealUse, String>,
    file: &str,
    uses: &mut Uses,
) -> Result<(), SealDefect> {
    let contradictory = |cause| SealDefect::ContradictoryUse { cause };
    let seal_use = declared.map_err(contradictory)?;
    let fingerprint = key.facts().fingerprint;
    let (known, other) = uses
        .entry(fingerprint)
        .or_insert_with(|| (seal_use.clone(), file.to_owned()));
    let exclusive = |seal_use: &SealUse| matches!(seal_use, SealUse::Exclusive(_));
    if *known != seal_use && (exclusive(known) || exclusive(&seal_use)) {
        return Err(contradictory(format!(
            "{other} has the same seal, where it is {}",
            known.word()
        )));
    }
    Ok(())
}

/// Opens a seal from its files.
fn open(
    folder: &Path,
    source: &SealSource,
    organ: &Organ,
    terms: &Terms<'_>,
) -> Result<SealKey, SealDefect> {
    let rules = SealRules {
        nif: &organ.nif,
        algorithm: source.algorithm,
        anchors: terms.anchors,
        now: terms.now,
    };
    let passphrase = match &source.passphrase_file {
        Some(path) => Some(passphrase(&folder.join(path))?),
        None => None,
    };
    let key = match &source.container {
        ContainerFiles::Pkcs12(path) => {
            let bytes = secret_bytes(&folder.join(path), "the container")?;
            let passphrase = passphrase.unwrap_or_default();
            let container = SealContainer::Pkcs12 {
                bytes: &bytes,
                passphrase: &passphrase,
            };
            SealKey::open(&container, &rules)
        }
        ContainerFiles::Pem { certificates, key } => {
            let certificates = secret_bytes(&folder.join(certificates), "the certificates' file")?;
            let key = secret_bytes(&folder.join(key), "the key file")?;
            let container = SealContainer::Pem {
                certificates: &certificates,
                key: &key,
                passphrase: passphrase.as_ref(),
            };
            SealKey::open(&container, &rules)
        }
    }?;
    if terms.profile == Profile::Production && is_example_material(key.chain()) {
        return Err(SealDefect::ExampleMaterial);
    }
    Ok(key)
}

/// Whether every user of this machine may read a file.
pub(super) fn is_open_to_all(path: &Path) -> bool {
    const OTHERS_MAY_READ: u32 = 0o004;
    path.metadata()
        .is_ok_and(|metadata| metadata.mode() & OTHERS_MAY_READ != 0)
}

/// A passphrase file holds the passphrase, and at most one line break after it.
fn passphrase(path: &Path) -> Result<Zeroizing<String>, SealDefect> {
    let bytes = secret_bytes(path, "the passphrase file")?;
    let text = std::str::from_utf8(&bytes).map_err(|_| SealDefect::WrongPassphrase)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    Ok(Zeroizing::new(text.to_owned()))
}

fn secret_bytes(path: &Path, what: &str) -> Result<Zeroizing<Vec<u8>>, SealDefect> {
    let bytes = std::fs::read(path)
        .map_err(|error| missing(&format!("{what} {} ({error})", path.display())))?;
    Ok(Zeroizing::new(bytes))
}

fn missing(what: &str) -> SealDefect {
    SealDefect::FileMissing {
        what: what.to_owned(),
    }
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
            cession: None,
            seal_use: None,
            used_by: None,
            state: State::Bad,
            seal: None,
            trouble: Some(trouble),
        }
    }

    /// The row of an organ.
    fn of(
        file: String,
        organ: &Organ,
        seal_use: &SealUse,
        seal: Result<SealEntry, Trouble>,
    ) -> Self {
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
            environment: Some(organ.environment),
            cession: Some(organ.cession.word()),
            seal_use: (organ.cession == Cession::Own).then(|| UseEntry {
                word: seal_use.word(),
                applications: seal_use.applications().map(str::to_owned).collect(),
            }),
            used_by: None,
            state,
            seal,
            trouble,
        }
    }
}

#[cfg(test)]
mod tests;
