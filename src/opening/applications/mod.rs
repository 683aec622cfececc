//! Who may call: the applications file, and those that the program knows by itself.

mod edit;
pub(crate) mod file;

use std::path::{Path, PathBuf};

pub(crate) use edit::{NewKey, NewRecord, NotEdited, add_key, add_record, revoke};

use crate::http::{ApplicationKey, Registration, Scopes};
use crate::model::{Dir3, Environment, Sha256Digest};
use crate::seal::{Application, RECEIPTS_ID, Seat};
use crate::settings::{Profile, Settings};

/// The key of the evaluation profile. Everybody knows it, so it opens from this machine only.
pub(crate) const EVALUATION_KEY: &str = "segell_pre_evaluation";
/// The id under which the evaluation key's copies are made.
const EVALUATION_ID: &str = "evaluation";
/// The organ that the evaluation key means when a request names none, when it is there.
const EVALUATION_ORGAN: &str = "L01990015";
/// The id under which the command line makes copies.
pub(crate) const COMMAND_LINE_ID: &str = "cli";
/// Ids that the program uses itself.
const RESERVED_IDS: [&str; 3] = [EVALUATION_ID, COMMAND_LINE_ID, RECEIPTS_ID];

/// Why the applications file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ApplicationsFault {
    /// It cannot be read.
    #[error("the applications file {} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// It is not TOML or has a field that does not exist.
    #[error("{}:{line}: {cause}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong there.
        cause: String,
    },
    /// An entry that cannot be.
    #[error("{}: application `{id}`: {cause}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The application.
        id: String,
        /// What is wrong and what to do.
        cause: String,
    },
}

/// The applications that the settings allow: those of the applications file, and under evaluation whoever
/// has the key that everybody knows. `organs` are the codes of all organs known, in the order of
/// their files.
pub(crate) fn load(
    settings: &Settings,
    organs: &[Dir3],
) -> Result<Vec<Registration>, ApplicationsFault> {
    let mut applications = match &settings.applications.file {
        Some(path) => read(path, &text_of(path)?)?,
        None => Vec::new(),
    };
    if admits_evaluation(settings) {
        applications.push(Registration {
            application: Application {
                default_organ: evaluation_organ(organs),
                environment: Some(Environment::Pre),
                ..of_all_organs(EVALUATION_ID, "Evaluation", organs)
            },
            scopes: Scopes::usual(),
            copies_per_day: None,
            keys: vec![ApplicationKey {
                digest: Sha256Digest::of(EVALUATION_KEY.as_bytes()),
                environment: Some(Environment::Pre),
                expires: None,
                revoked: None,
            }],
            certificates: Vec::new(),
            issuer: None,
            local_only: true,
        });
    }
    Ok(applications)
}

/// The files that say who may call: the applications file, and those with the keys of its token issuers as far
/// as it can be read.
pub(crate) fn files(settings: &Settings) -> Vec<PathBuf> {
    let Some(path) = &settings.applications.file else {
        return Vec::new();
    };
    let entries = text_of(path).and_then(|text| file::entries(path, &text));
    let entries = entries.unwrap_or_default();
    let keys = entries.iter().filter_map(|entry| entry.token_keys(path));
    keys.chain([path.clone()]).collect()
}

/// The text of an applications file.
pub(crate) fn text_of(path: &Path) -> Result<String, ApplicationsFault> {
    std::fs::read_to_string(path).map_err(|error| ApplicationsFault::Unreadable {
        path: path.to_owned(),
        cause: error.to_string(),
    })
}

fn read(path: &Path, text: &str) -> Result<Vec<Registration>, ApplicationsFault> {
    let entries = file::entries(path, text)?.into_iter();
    entries.map(|entry| entry.registration(path)).collect()
}

/// Whether the evaluation key opens. Behind a proxy every caller would seem to be on this machine.
pub(crate) fn admits_evaluation(settings: &Settings) -> bool {
    settings.profile == Profile::Evaluation && !settings.server.behind_proxy
}

/// The organs that applications may ask for and that no file describes. Nobody is stopped by it: the
/// file of the organ may be the faulty one.
pub(crate) fn unknown_organs(applications: &[Registration], organs: &[Dir3]) -> Vec<UnknownOrgan> {
    applications
        .iter()
        .flat_map(|registration| {
            let named = registration.application.organs.iter();
            let unknown = named.filter(|organ| !organs.contains(organ));
            unknown.map(|organ| UnknownOrgan {
                application: registration.application.id.clone(),
                organ: organ.clone(),
            })
        })
        .collect()
}

/// An application may ask for an organ that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "application `{application}` may ask for {organ}, and no organ file that can be read has that code"
)]
pub(crate) struct UnknownOrgan {
    application: String,
    organ: Dir3,
}

/// The applications for which an organ keeps its seal and that no record describes.
pub(crate) fn unknown_applications(
    seats: &[Seat],
    applications: &[Registration],
) -> Vec<UnknownApplication> {
    let is_known = |id: &str| {
        let mut known = applications.iter();
        RESERVED_IDS.contains(&id) || known.any(|other| other.application.id == id)
    };
    seats
        .iter()
        .flat_map(|seat| {
            let named = seat.seal_use.applications();
            named
                .filter(|id| !is_known(id))
                .map(|id| UnknownApplication {
                    organ: seat.organ.dir3.clone(),
                    application: id.to_owned(),
                })
        })
        .collect()
}

/// An organ keeps its seal for an application that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the seal of {organ} is for application `{application}`, which has no record")]
pub(crate) struct UnknownApplication {
    organ: Dir3,
    application: String,
}

/// The application as which the command line makes copies. A real copy is never sealed by an organ
/// that nobody named, unless there is only one.
pub(crate) fn command_line(profile: Profile, organs: &[Dir3]) -> Application {
    Application {
        default_organ: match profile {
            Profile::Evaluation => evaluation_organ(organs),
            Profile::Production => None,
        },
        ..of_all_organs(COMMAND_LINE_ID, "Command line", organs)
    }
}

/// The organ meant when trying out: the first.
fn evaluation_organ(organs: &[Dir3]) -> Option<Dir3> {
    let known = organs
        .iter()
        .find(|organ| organ.as_str() == EVALUATION_ORGAN);
    known.or_else(|| organs.first()).cloned()
}

fn of_all_organs(id: &str, name: &str, organs: &[Dir3]) -> Application {
    Application {
        id: id.to_owned(),
        name: name.to_owned(),
        organs: organs.to_vec(),
        default_organ: None,
        environment: None,
    }
}

#[cfg(test)]
mod tests;
