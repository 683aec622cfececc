//! Who may ask for copies.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::http::ApplicationKey;
use crate::model::{Dir3, Sha256Digest};
use crate::seal::{Application, RECEIPTS_ID};
use crate::settings::{Profile, Settings};

/// The key of the evaluation profile. Everybody knows it, so it opens from this machine only.
pub const EVALUATION_KEY: &str = "segell_pre_evaluation";
/// The id under which the evaluation key's copies are made.
const EVALUATION_ID: &str = "evaluation";
/// The organ that the evaluation key means when a request names none, when it is there.
const EVALUATION_ORGAN: &str = "L01990015";
/// The id under which the command line makes copies.
pub(super) const COMMAND_LINE_ID: &str = "cli";
/// Ids that the program uses itself.
const RESERVED_IDS: [&str; 3] = [EVALUATION_ID, COMMAND_LINE_ID, RECEIPTS_ID];

/// Why the applications file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplicationsFault {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationsFile {
    #[serde(default)]
    application: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    key_sha256: Sha256Digest,
    organs: Vec<Dir3>,
    #[serde(default)]
    default_organ: Option<Dir3>,
}

/// The keys that the settings allow: those of the applications file, and under evaluation whoever
/// has the key that everybody knows. `organs` are the codes of all organs known, in the order of
/// their files.
pub(super) fn load(
    settings: &Settings,
    organs: &[Dir3],
) -> Result<Vec<ApplicationKey>, ApplicationsFault> {
    let mut keys = match &settings.applications.file {
        Some(path) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| ApplicationsFault::Unreadable {
                    path: path.clone(),
                    cause: error.to_string(),
                })?;
            read(path, &text)?
        }
        None => Vec::new(),
    };
    if admits_evaluation(settings) {
        keys.push(ApplicationKey {
            digest: Sha256Digest::of(EVALUATION_KEY.as_bytes()),
            application: Application {
                default_organ: evaluation_organ(organs),
                ..of_all_organs(EVALUATION_ID, "Evaluation", organs)
            },
            local_only: true,
        });
    }
    Ok(keys)
}

/// Whether the evaluation key opens. Behind a proxy every caller would seem to be on this machine.
pub(super) fn admits_evaluation(settings: &Settings) -> bool {
    settings.profile == Profile::Evaluation && !settings.server.behind_proxy
}

/// The organs that applications may ask for and that no file describes. Nobody is stopped by it: the
/// file of the organ may be the faulty one.
pub(super) fn unknown_organs(keys: &[ApplicationKey], organs: &[Dir3]) -> Vec<UnknownOrgan> {
    keys.iter()
        .flat_map(|key| {
            let named = key.application.organs.iter();
            let unknown = named.filter(|organ| !organs.contains(organ));
            unknown.map(|organ| UnknownOrgan {
                application: key.application.id.clone(),
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
pub(super) struct UnknownOrgan {
    application: String,
    organ: Dir3,
}

/// The application as which the command line makes copies. A real copy is never sealed by an organ
/// that nobody named, unless there is only one.
pub(super) fn command_line(profile: Profile, organs: &[Dir3]) -> Application {
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
    }
}

fn read(path: &Path, text: &str) -> Result<Vec<ApplicationKey>, ApplicationsFault> {
    let file: ApplicationsFile =
        toml::from_str(text).map_err(|error| ApplicationsFault::Malformed {
            path: path.to_owned(),
            line: error.span().map_or(1, |span| {
                let before = text.as_bytes().iter().take(span.start);
                1 + before.filter(|byte| **byte == b'\n').count()
            }),
            cause: error.message().replace('\n', " "),
        })?;
    let mut ids = BTreeSet::new();
    let mut keys = BTreeSet::new();
    for entry in &file.application {
        let fault = entry
            .fault()
            .or_else(|| {
                (!ids.insert(&entry.id)).then(|| "another application has the same id".to_owned())
            })
            .or_else(|| {
                (!keys.insert(entry.key_sha256))
                    .then(|| "another application has the same key".to_owned())
            });
        if let Some(cause) = fault {
            return Err(ApplicationsFault::Invalid {
                path: path.to_owned(),
                id: entry.id.clone(),
                cause,
            });
        }
    }
    Ok(file.application.into_iter().map(Entry::key).collect())
}

impl Entry {
    /// What is wrong with this entry by itself.
    fn fault(&self) -> Option<String> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if self.id.is_empty() || self.id.len() > 64 || !self.id.bytes().all(allowed) {
            return Some("an id has 1 to 64 letters, digits, `-`, `_` or `.`".to_owned());
        }
        if RESERVED_IDS.contains(&self.id.as_str()) {
            return Some("this id is the program's own; choose another".to_owned());
        }
        if self.key_sha256 == Sha256Digest::of(EVALUATION_KEY.as_bytes()) {
            return Some(
                "its key is the evaluation key, which everybody knows; make another, for example \
                 with `openssl rand -hex 32`"
                    .to_owned(),
            );
        }
        if self.key_sha256 == Sha256Digest::of(b"") {
            return Some("its key is empty; make one with `openssl rand -hex 32`".to_owned());
        }
        if self.organs.is_empty() {
            return Some("it may ask for no organ; name some in `organs`".to_owned());
        }
        match &self.default_organ {
            Some(organ) if !self.organs.contains(organ) => {
                Some(format!("its default organ {organ} is not among its organs"))
            }
            _ => None,
        }
    }

    fn key(self) -> ApplicationKey {
        ApplicationKey {
            digest: self.key_sha256,
            application: Application {
                id: self.id,
                name: self.name,
                organs: self.organs,
                default_organ: self.default_organ,
            },
            local_only: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Surroundings;

    fn organs() -> Vec<Dir3> {
        ["L01990000", "L01990015"]
            .map(|code| code.parse().unwrap())
            .to_vec()
    }

    fn entry(id: &str, key: &str, organs: &str) -> String {
        let key = Sha256Digest::of(key.as_bytes());
        format!(
            "[[application]]\nid = \"{id}\"\nname = \"N\"\nkey_sha256 = \"{key}\"\norgans = {organs}\n"
        )
    }

    fn read_text(text: &str) -> Result<Vec<ApplicationKey>, ApplicationsFault> {
        read(Path::new("applications.toml"), text)
    }

    fn cause(text: &str) -> String {
        read_text(text).unwrap_err().to_string()
    }

    #[test]
    fn applications_are_read_with_the_digest_of_their_key() {
        let text = entry("gestor", "secret", "[\"L01990015\"]");
        let keys = read_text(&text).unwrap();
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0].digest, Sha256Digest::of(b"secret"));
        assert_eq!(keys[0].application.id, "gestor");
        assert!(!keys[0].local_only);
    }

    #[test]
    fn an_organ_that_is_not_known_is_named_and_stops_nobody() {
        let text = entry("gestor", "secret", "[\"L01990015\", \"L01999999\"]");
        let keys = read_text(&text).unwrap();
        let unknown = unknown_organs(&keys, &organs());
        assert_eq!(unknown.len(), 1);
        assert!(
            unknown[0]
                .to_string()
                .contains("`gestor` may ask for L01999999")
        );
    }

    #[test]
    fn the_evaluation_key_is_refused_in_a_file_even_as_a_digest() {
        let text = entry("gestor", EVALUATION_KEY, "[\"L01990015\"]");
        assert!(cause(&text).contains("everybody knows"));
    }

    #[test]
    fn ids_and_keys_are_unique_and_the_programs_own_ids_are_kept() {
        let one = entry("a", "1", "[\"L01990015\"]");
        let same_id = entry("a", "2", "[\"L01990015\"]");
        let same_key = entry("b", "1", "[\"L01990015\"]");
        assert!(cause(&format!("{one}{same_id}")).contains("same id"));
        assert!(cause(&format!("{one}{same_key}")).contains("same key"));
        assert!(cause(&entry("cli", "1", "[\"L01990015\"]")).contains("program's own"));
    }

    #[test]
    fn a_mistyped_field_is_named_with_its_line() {
        let text = entry("a", "1", "[\"L01990015\"]").replace("organs", "organ");
        assert!(cause(&text).starts_with("applications.toml:5: "));
    }

    #[test]
    fn the_command_line_seals_for_no_organ_that_nobody_named_in_production() {
        let evaluation = command_line(Profile::Evaluation, &organs());
        assert_eq!(evaluation.default_organ, "L01990015".parse().ok());
        let production = command_line(Profile::Production, &organs());
        assert_eq!(production.default_organ, None);
        assert_eq!(production.organs, organs());
    }

    #[test]
    fn the_evaluation_key_is_for_this_machine_and_for_evaluation() {
        let with = |name: &str, value: &str| {
            let variables = [(name.to_owned(), value.to_owned())].into();
            let (settings, _) = Settings::load(&Surroundings {
                folder: "/nonexistent".into(),
                variables,
            })
            .unwrap();
            load(&settings, &organs())
        };
        let keys = with("SEGELL_PROFILE", "evaluation").unwrap();
        assert_eq!(keys.len(), 1);
        assert!(keys[0].local_only);
        let default = keys[0].application.default_organ.as_ref();
        assert_eq!(default.map(Dir3::as_str), Some("L01990015"));
        assert_eq!(with("SEGELL__SERVER__BEHIND_PROXY", "true"), Ok(Vec::new()));
    }
}
