//! The file of an organ, as its operator writes it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::http::Accent;
use crate::model::organ::{Cession, Environment, Names, VerificationAddress};
use crate::model::policy::Policy;
use crate::model::{Dir3, Ine10, Language, Nif, Organ, SealAlgorithm};
use crate::seal::SealUse;

/// Everything an organ's file says. Paths are relative to the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganFile {
    dir3: Dir3,
    #[serde(default)]
    ine10: Option<Ine10>,
    nif: Nif,
    environment: Environment,
    cession: Cession,
    name: Names,
    place: String,
    #[serde(default)]
    language: Language,
    verification_address: VerificationAddress,
    #[serde(default)]
    accent: Option<Accent>,
    #[serde(default)]
    coat_of_arms: Option<PathBuf>,
    #[serde(default)]
    seal: Option<SealTable>,
    #[serde(default)]
    policy: Policy,
}

/// What an organ's file says about the looks of its public pages.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LookSource {
    /// The colour.
    pub(super) accent: Option<Accent>,
    /// The file with its coat of arms, SVG.
    pub(super) coat_of_arms: Option<PathBuf>,
}

/// `[seal]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealTable {
    pkcs12: Option<PathBuf>,
    certificates: Option<PathBuf>,
    key: Option<PathBuf>,
    pkcs11: Option<toml::Table>,
    passphrase_file: Option<PathBuf>,
    #[serde(default = "compatible")]
    algorithm: SealAlgorithm,
    #[serde(rename = "use")]
    seal_use: Option<UseWord>,
    applications: Option<BTreeSet<String>>,
}

/// `use` as written.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum UseWord {
    Shared,
    Exclusive,
}

/// Where a seal is kept, and how it signs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SealSource {
    /// The files.
    pub(super) container: ContainerFiles,
    /// The file that holds the passphrase.
    pub(super) passphrase_file: Option<PathBuf>,
    /// How it signs.
    pub(super) algorithm: SealAlgorithm,
    /// For whom it is; or what contradicts itself about that.
    pub(super) seal_use: Result<SealUse, String>,
}

/// The files of a seal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ContainerFiles {
    /// One PKCS#12 container.
    Pkcs12(PathBuf),
    /// A PEM chain and a PEM key.
    Pem {
        /// The chain, leaf first.
        certificates: PathBuf,
        /// The key.
        key: PathBuf,
    },
}

impl SealSource {
    /// The files nobody else should read, as the organ's file names them.
    pub(super) fn secret_files(&self) -> impl Iterator<Item = &Path> {
        let key = match &self.container {
            ContainerFiles::Pkcs12(path) => path,
            ContainerFiles::Pem { key, .. } => key,
        };
        [Some(key), self.passphrase_file.as_ref()]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }
}

/// Why an organ's file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrganFileFault {
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// It is not TOML, has a field that does not exist, or a value that cannot be.
    #[error("line {line}: {cause}")]
    NotAnOrgan {
        /// 1-based.
        line: usize,
        /// What is wrong there.
        cause: String,
    },
    /// A name or place that is empty.
    #[error("{0} is empty, and it is printed on every copy")]
    Empty(&'static str),
    /// `cession = "own"` and no `[seal]`.
    #[error("there is no [seal] section")]
    NoSeal,
    /// `[seal]` names no container, or more than one.
    #[error("[seal] has to name one place of its key")]
    Container,
    /// A character in the organ's texts that no typeface of the band has.
    #[error("a name of the organ holds a character that the band cannot print")]
    Unprintable,
    /// A seal in an HSM.
    #[error("PKCS#11 is not in this version")]
    Pkcs11,
    /// Another file has the same code.
    #[error("{dir3} is the code of {other} too")]
    Duplicate {
        /// The code.
        dir3: Dir3,
        /// The file that came first.
        other: String,
    },
}

impl OrganFileFault {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "organ-file-unreadable",
            Self::NotAnOrgan { .. } | Self::Empty(_) | Self::Unprintable => "organ-file-malformed",
            Self::NoSeal | Self::Container => "organ-file-without-seal",
            Self::Pkcs11 => "pkcs11-not-supported",
            Self::Duplicate { .. } => "organ-code-twice",
        }
    }

    /// What the operator has to do.
    pub fn next_step(&self) -> String {
        match self {
            Self::Unreadable(_) => {
                "give the service's user the right to read it (chmod, chown)".to_owned()
            }
            Self::NotAnOrgan { .. } => {
                "correct that line; the files in certs-example/organs show every field".to_owned()
            }
            Self::Unprintable => "write the names in Latin letters".to_owned(),
            Self::Empty(field) => format!("write the organ's {field}"),
            Self::NoSeal => {
                "add [seal] with pkcs12 and passphrase_file, or declare cession = \"centralised\" \
                 or \"ceded\""
                    .to_owned()
            }
            Self::Container => {
                "name either pkcs12, or certificates and key, and nothing else".to_owned()
            }
            Self::Pkcs11 => "use pkcs12, or certificates and key".to_owned(),
            Self::Duplicate { other, .. } => format!("remove this file or {other}"),
        }
    }
}

impl OrganFile {
    /// Reads the text of an organ's file: the organ, where its seal is kept when it may be loaded here,
    /// and its looks.
    pub(super) fn read(
        text: &str,
    ) -> Result<(Organ, Option<SealSource>, LookSource), OrganFileFault> {
        let file: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().map_or(0, |span| span.start);
            let lines = text.as_bytes().iter().take(before);
            OrganFileFault::NotAnOrgan {
                line: 1 + lines.filter(|byte| **byte == b'\n').count(),
                cause: error.message().replace('\n', " "),
            }
        })?;
        for (field, text) in [("name", &file.name.ca), ("place", &file.place)] {
            if text.trim().is_empty() {
                return Err(OrganFileFault::Empty(field));
            }
        }
        let seal = match (file.cession, file.seal) {
            (Cession::Own, Some(table)) => Some(table.source()?),
            (Cession::Own, None) => return Err(OrganFileFault::NoSeal),
            // The key belongs in other hands, so its files are not even opened.
            (Cession::Centralised | Cession::Ceded, _) => None,
        };
        let look = LookSource {
            accent: file.accent,
            coat_of_arms: file.coat_of_arms,
        };
        let organ = Organ {
            dir3: file.dir3,
            ine10: file.ine10,
            nif: file.nif,
            environment: file.environment,
            cession: file.cession,
            names: file.name,
            place: file.place,
            language: file.language,
            verification_address: file.verification_address,
            policy: file.policy,
        };
        Ok((organ, seal, look))
    }
}

impl OrganFile {
    /// The code in a file that cannot be used otherwise, so that the inventory can name the organ.
    pub(super) fn code_in(text: &str) -> Option<Dir3> {
        let table: toml::Table = text.parse().ok()?;
        table.get("dir3")?.as_str()?.parse().ok()
    }
}

impl SealTable {
    fn source(self) -> Result<SealSource, OrganFileFault> {
        if self.pkcs11.is_some() {
            return Err(OrganFileFault::Pkcs11);
        }
        let seal_use = seal_use(self.seal_use, self.applications);
        let container = match (self.pkcs12, self.certificates, self.key) {
            (Some(path), None, None) => ContainerFiles::Pkcs12(path),
            (None, Some(certificates), Some(key)) => ContainerFiles::Pem { certificates, key },
            _ => return Err(OrganFileFault::Container),
        };
        Ok(SealSource {
            container,
            passphrase_file: self.passphrase_file,
            algorithm: self.algorithm,
            seal_use,
        })
    }
}

/// For whom a seal is.
fn seal_use(
    word: Option<UseWord>,
    applications: Option<BTreeSet<String>>,
) -> Result<SealUse, String> {
    let named = applications.map(Vec::from_iter);
    match (word, named.as_deref()) {
        (None, None) => Ok(SealUse::Open),
        (None | Some(UseWord::Shared), Some([_, ..])) => {
            Ok(SealUse::Shared(named.into_iter().flatten().collect()))
        }
        (Some(UseWord::Exclusive), Some([only])) => Ok(SealUse::Exclusive(only.clone())),
        (Some(UseWord::Exclusive), Some([_, _, ..])) => {
            Err("it is exclusive to more than one application".to_owned())
        }
        (Some(UseWord::Exclusive), None | Some([])) => {
            Err("it is exclusive to no application".to_owned())
        }
        (Some(UseWord::Shared), None) | (_, Some([])) => {
            Err("it is shared among no applications".to_owned())
        }
    }
}

const fn compatible() -> SealAlgorithm {
    SealAlgorithm::RsaPkcs1Sha256
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORGAN: &str = r#"
dir3 = "L01990015"
nif = "P0801900B"
environment = "pre"
cession = "own"
name = { ca = "Ajuntament de Prova" }
place = "Prova"
verification_address = "https://verifica.exemple.cat"
"#;

    fn fault(text: &str) -> OrganFileFault {
        OrganFile::read(text).unwrap_err()
    }

    #[test]
    fn an_organ_with_a_pkcs12_seal_is_read_with_defaults() {
        let text = format!("{ORGAN}[seal]\npkcs12 = \"a.p12\"\npassphrase_file = \"a.pass\"\n");
        let (organ, seal, _) = OrganFile::read(&text).unwrap();
        assert_eq!(organ.dir3.as_str(), "L01990015");
        assert_eq!(organ.language, Language::Ca);
        assert_eq!(organ.policy, Policy::default());
        let seal = seal.unwrap();
        assert_eq!(seal.container, ContainerFiles::Pkcs12("a.p12".into()));
        assert_eq!(seal.algorithm, SealAlgorithm::RsaPkcs1Sha256);
    }

    #[test]
    fn the_files_of_a_seal_kept_elsewhere_are_not_asked_for() {
        let text = ORGAN.replace("\"own\"", "\"ceded\"");
        let (organ, seal, _) = OrganFile::read(&text).unwrap();
        assert_eq!(organ.cession, Cession::Ceded);
        assert_eq!(seal, None);
    }

    #[test]
    fn a_field_that_does_not_exist_is_named_with_its_line() {
        let OrganFileFault::NotAnOrgan { line, cause } = fault(&format!("{ORGAN}nmae = 1\n"))
        else {
            panic!("another fault");
        };
        assert_eq!(line, 9);
        assert!(cause.contains("nmae"), "{cause}");
    }

    #[test]
    fn a_wrong_nif_is_named_with_its_line() {
        let OrganFileFault::NotAnOrgan { line, cause } =
            fault(&ORGAN.replace("P0801900B", "P0801900C"))
        else {
            panic!("another fault");
        };
        assert_eq!(line, 3);
        assert!(cause.contains("NIF"), "{cause}");
    }

    #[test]
    fn a_seal_in_no_place_or_in_two_is_refused() {
        assert_eq!(fault(ORGAN), OrganFileFault::NoSeal);
        for seal in [
            "[seal]\n",
            "[seal]\nkey = \"a\"\n",
            "[seal]\npkcs12 = \"a\"\nkey = \"b\"\ncertificates = \"c\"\n",
        ] {
            assert_eq!(fault(&format!("{ORGAN}{seal}")), OrganFileFault::Container);
        }
        let pkcs11 = format!("{ORGAN}[seal]\npkcs11 = {{ module = \"m\" }}\n");
        assert_eq!(fault(&pkcs11), OrganFileFault::Pkcs11);
    }

    #[test]
    fn an_accent_on_which_white_text_cannot_be_read_is_refused_with_its_line() {
        let with = |colour: &str| {
            let looks = format!("accent = \"{colour}\"\ncoat_of_arms = \"escut.svg\"\n");
            ORGAN.replace("\"own\"", "\"ceded\"") + &looks
        };
        let (_, _, look) = OrganFile::read(&with("#7a1f2b")).unwrap();
        assert_eq!(look.accent, "#7a1f2b".parse().ok());
        assert_eq!(look.coat_of_arms, Some("escut.svg".into()));
        let OrganFileFault::NotAnOrgan { line, cause } = fault(&with("#ffcc00")) else {
            panic!("another fault");
        };
        assert_eq!(line, 9);
        assert!(cause.contains("4.5:1"), "{cause}");
    }

    #[test]
    fn a_seal_is_open_shared_or_exclusive_and_a_contradiction_is_told() {
        let read = |use_of: &str| {
            let text = format!("{ORGAN}[seal]\npkcs12 = \"a.p12\"\n{use_of}");
            let (_, seal, _) = OrganFile::read(&text).unwrap();
            seal.unwrap().seal_use
        };
        assert_eq!(read(""), Ok(SealUse::Open));
        let shared = read("use = \"shared\"\napplications = [\"a\", \"b\"]\n").unwrap();
        assert!(shared.permits("a") && shared.permits("b") && !shared.permits("c"));
        let exclusive = read("use = \"exclusive\"\napplications = [\"a\"]\n");
        assert_eq!(exclusive, Ok(SealUse::Exclusive("a".to_owned())));
        for contradiction in [
            "use = \"exclusive\"\n",
            "use = \"exclusive\"\napplications = [\"a\", \"b\"]\n",
            "use = \"shared\"\n",
            "use = \"shared\"\napplications = []\n",
            "applications = []\n",
        ] {
            assert!(read(contradiction).is_err(), "{contradiction}");
        }
    }

    #[test]
    fn an_empty_name_is_refused() {
        let text = ORGAN.replace("Ajuntament de Prova", " ");
        assert_eq!(fault(&text), OrganFileFault::Empty("name"));
    }
}
