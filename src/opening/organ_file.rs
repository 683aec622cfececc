//! The file of an organ, as its operator writes it.

mod commission;
pub(crate) mod next;

use std::collections::BTreeSet;
use std::num::NonZeroU8;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub(crate) use self::commission::day_of;
use self::commission::{CommissionTable, ConfirmationTable};
use self::next::NextSource;
use crate::http::Accent;
use crate::model::organ::{Cession, Environment, Names, VerificationAddress};
use crate::model::policy::Policy;
use crate::model::{Dir3, Ine10, Language, Nif, Organ, SealAlgorithm};
use crate::seal::SealUse;
use crate::tokens::{KeyName, KeyPlace, TokenName};

/// Everything an organ's file says. Paths are relative to the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganFile {
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
    /// Read by itself, so that a fault in it leaves the organ its seal.
    #[serde(default)]
    next_seal: Option<toml::Table>,
    /// What rolling back puts into force again; the service has no use for it.
    #[serde(default, rename = "previous_seal")]
    _previous_seal: Option<toml::Table>,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    commission: Option<CommissionTable>,
    #[serde(default)]
    confirmations: Vec<ConfirmationTable>,
}

/// What an organ's file says about the looks of its public pages.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LookSource {
    /// The colour.
    pub(crate) accent: Option<Accent>,
    /// The file with its coat of arms, SVG.
    pub(crate) coat_of_arms: Option<PathBuf>,
}

/// `[seal]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SealTable {
    pkcs12: Option<PathBuf>,
    certificates: Option<PathBuf>,
    key: Option<PathBuf>,
    pkcs11: Option<TokenTable>,
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

/// `pkcs11 = { … }` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenTable {
    module: PathBuf,
    token: Option<String>,
    serial: Option<String>,
    key: Option<String>,
    id: Option<String>,
    pin_file: Option<PathBuf>,
    #[serde(default = "four")]
    sessions: NonZeroU8,
}

/// Where a seal is kept, and how it signs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SealSource {
    /// The files.
    pub(crate) container: ContainerFiles,
    /// The file that holds the passphrase.
    pub(crate) passphrase_file: Option<PathBuf>,
    /// How it signs.
    pub(crate) algorithm: SealAlgorithm,
    /// For whom it is; or what contradicts itself about that.
    pub(crate) seal_use: Result<SealUse, String>,
    /// The seal that takes over from it.
    pub(crate) next: Option<NextSource>,
}

/// The files of a seal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ContainerFiles {
    /// One PKCS#12 container.
    Pkcs12(PathBuf),
    /// A PEM chain and a PEM key.
    Pem {
        /// The chain, leaf first.
        certificates: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// A key on a token.
    Token {
        /// Where it is; the library as the organ's file names it.
        place: KeyPlace,
        /// The chain, leaf first; read from the token without one.
        certificates: Option<PathBuf>,
        /// The file that holds the PIN.
        pin_file: Option<PathBuf>,
    },
}

impl SealSource {
    /// This seal, and the one that takes over from it.
    pub(crate) fn with_next(&self) -> impl Iterator<Item = &Self> {
        let next = self.next.iter().flat_map(|next| next.source.as_deref());
        std::iter::once(self).chain(next)
    }

    /// Every file of the seal, as the organ's file names them. The library of a token is none of them.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        let certificates = match &self.container {
            ContainerFiles::Pkcs12(_) => None,
            ContainerFiles::Pem { certificates, .. } => Some(certificates),
            ContainerFiles::Token { certificates, .. } => certificates.as_ref(),
        };
        self.secret_files()
            .chain(certificates.map(PathBuf::as_path))
    }

    /// The files nobody else should read, as the organ's file names them.
    pub(crate) fn secret_files(&self) -> impl Iterator<Item = &Path> {
        let key = match &self.container {
            ContainerFiles::Pkcs12(path) => Some(path),
            ContainerFiles::Pem { key, .. } => Some(key),
            ContainerFiles::Token { pin_file, .. } => pin_file.as_ref(),
        };
        [key, self.passphrase_file.as_ref()]
            .into_iter()
            .flatten()
            .map(PathBuf::as_path)
    }
}

/// Why an organ's file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OrganFileFault {
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
    /// `pkcs11` does not say which token or which key.
    #[error("pkcs11 has to name {0}")]
    Pkcs11(&'static str),
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
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "organ-file-unreadable",
            Self::NotAnOrgan { .. } | Self::Empty(_) | Self::Unprintable => "organ-file-malformed",
            Self::NoSeal | Self::Container | Self::Pkcs11(_) => "organ-file-without-seal",
            Self::Duplicate { .. } => "organ-code-twice",
        }
    }

    /// What the operator has to do.
    pub(crate) fn next_step(&self) -> String {
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
                "name either pkcs12, or certificates and key, or pkcs11, and nothing else".to_owned()
            }
            Self::Pkcs11(_) => {
                "write pkcs11 = { module = \"LIBRARY\", token = \"LABEL\", key = \"LABEL\", pin_file = \
                 \"FILE\" }; serial = \"…\" can take the place of token, id = \"HEX\" that of key"
                    .to_owned()
            }
            Self::Duplicate { other, .. } => format!("remove this file or {other}"),
        }
    }
}

impl OrganFile {
    /// Reads the text of an organ's file: the organ, where its seal is kept when it may be loaded here,
    /// and its looks.
    pub(crate) fn read(
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
            (Cession::Own, Some(table)) => {
                let mut source = table.source()?;
                let next = file.next_seal.map(|table| NextSource::read(table, &source));
                source.next = next;
                Some(source)
            }
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
    pub(crate) fn code_in(text: &str) -> Option<Dir3> {
        let table: toml::Table = text.parse().ok()?;
        table.get("dir3")?.as_str()?.parse().ok()
    }
}

impl SealTable {
    fn source(self) -> Result<SealSource, OrganFileFault> {
        let seal_use = seal_use(self.seal_use, self.applications);
        let container = match (self.pkcs12, self.certificates, self.key, self.pkcs11) {
            (Some(path), None, None, None) => ContainerFiles::Pkcs12(path),
            (None, Some(certificates), Some(key), None) => {
                ContainerFiles::Pem { certificates, key }
            }
            (None, certificates, None, Some(token)) if self.passphrase_file.is_none() => {
                token.container(certificates)?
            }
            _ => return Err(OrganFileFault::Container),
        };
        Ok(SealSource {
            container,
            passphrase_file: self.passphrase_file,
            algorithm: self.algorithm,
            seal_use,
            next: None,
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

impl TokenTable {
    fn container(self, certificates: Option<PathBuf>) -> Result<ContainerFiles, OrganFileFault> {
        let token = match (self.token, self.serial) {
            (Some(label), None) => TokenName::Label(label),
            (None, Some(serial)) => TokenName::Serial(serial),
            _ => return Err(OrganFileFault::Pkcs11("one token, by token or by serial")),
        };
        let not_an_id = OrganFileFault::Pkcs11("the id of its key in hexadecimal digits");
        let id = self.id.map(|id| octets(&id).ok_or(not_an_id));
        let key = KeyName {
            label: self.key,
            id: id.transpose()?,
        };
        if key.label.is_none() && key.id.is_none() {
            return Err(OrganFileFault::Pkcs11("its key, by key or by id"));
        }
        Ok(ContainerFiles::Token {
            place: KeyPlace {
                module: self.module,
                token,
                key,
                sessions: usize::from(self.sessions.get()),
            },
            certificates,
            pin_file: self.pin_file,
        })
    }
}

/// Octets in hexadecimal, with or without colons.
fn octets(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let octet = |pair: &[u8; 2]| {
        let pair = std::str::from_utf8(pair).ok()?;
        let digits = pair.bytes().all(|digit| digit.is_ascii_hexdigit());
        u8::from_str_radix(pair, 16).ok().filter(|_| digits)
    };
    let octets: Option<Vec<u8>> = pairs.iter().map(octet).collect();
    octets.filter(|octets| !octets.is_empty())
}

/// Sessions with a token unless its file says another number.
const fn four() -> NonZeroU8 {
    NonZeroU8::MIN.saturating_add(3)
}

const fn compatible() -> SealAlgorithm {
    SealAlgorithm::RsaPkcs1Sha256
}

#[cfg(test)]
mod tests;
