//! The administrative body that seals, and what it has decided.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::language::Language;
use super::policy::Policy;

/// A DIR3 code: nine characters, one or two letters and then digits (`L01080193`, `EA0000000`).
/// The directory publishes no check character, so only the shape is checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Dir3(String);

/// An INE10 code: ten digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ine10(String);

/// The NIF of a legal person: a letter, seven digits and a check character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nif(String);

/// Text that is not the identifier it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    /// Not a DIR3 code.
    #[error("not a DIR3 code: one or two capital letters and digits, nine characters in all")]
    Dir3,
    /// Not an INE10 code.
    #[error("not an INE10 code: ten digits")]
    Ine10,
    /// Not the shape of a legal person's NIF.
    #[error("not the NIF of a legal person: a letter, seven digits and a check character")]
    NifShape,
    /// The check character is not the one the other eight demand.
    #[error("the check character of the NIF does not match its digits")]
    NifCheck,
    /// Not an `https` origin.
    #[error("not an origin: https://HOST without path, query or user")]
    Origin,
}

impl FromStr for Dir3 {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
        let rest = text.bytes().skip(letters);
        if text.len() == 9 && (1..=2).contains(&letters) && rest.clone().all(|b| b.is_ascii_digit())
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::Dir3)
        }
    }
}

impl FromStr for Ine10 {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        if text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::Ine10)
        }
    }
}

impl FromStr for Nif {
    type Err = InvalidIdentifier;

    /// Checks the control character as the Spanish tax agency defines it for legal persons: digits in
    /// odd places doubled and cast out, even ones added; a letter for public bodies, a digit for others.
    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let bytes = text.as_bytes();
        let &[kind, ref digits @ .., check] = bytes else {
            return Err(InvalidIdentifier::NifShape);
        };
        if bytes.len() != 9
            || !b"ABCDEFGHJNPQRSUVW".contains(&kind)
            || !digits.iter().all(u8::is_ascii_digit)
        {
            return Err(InvalidIdentifier::NifShape);
        }
        let sum: usize = digits
            .iter()
            .enumerate()
            .map(|(index, digit)| {
                let value = usize::from(digit - b'0');
                if index % 2 == 0 {
                    value * 2 / 10 + value * 2 % 10
                } else {
                    value
                }
            })
            .sum();
        let control = (10 - sum % 10) % 10;
        let letter = b"JABCDEFGHI"[control];
        let digit = b"0123456789"[control];
        let matches = if b"NPQRSW".contains(&kind) {
            check == letter
        } else {
            check == letter || check == digit
        };
        if matches {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidIdentifier::NifCheck)
        }
    }
}

macro_rules! text_identifier {
    ($name:ident) => {
        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidIdentifier;

            fn try_from(text: String) -> Result<Self, InvalidIdentifier> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(identifier: $name) -> Self {
                identifier.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_identifier!(Dir3);
text_identifier!(Ine10);
text_identifier!(Nif);
text_identifier!(VerificationAddress);

/// The origin at which an organ's copies are checked: `https://HOST`, no path. Many organs may
/// share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VerificationAddress(String);

impl VerificationAddress {
    /// The host, with its port when there is one, as printed and as put in the QR.
    pub fn host(&self) -> &str {
        self.0.strip_prefix("https://").unwrap_or(&self.0)
    }
}

impl FromStr for VerificationAddress {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let text = text.strip_suffix('/').unwrap_or(text);
        let host = text
            .strip_prefix("https://")
            .ok_or(InvalidIdentifier::Origin)?;
        let (name, port) = host.split_once(':').unwrap_or((host, "443"));
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if name.len() <= 100 && name.split('.').all(label) && port.parse::<u16>().is_ok() {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(InvalidIdentifier::Origin)
        }
    }
}

/// The environment an organ and its seal belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Test: its copies say so in every band and have no legal value.
    Pre,
    /// Real.
    Pro,
}

impl Environment {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Pre, Self::Pro];

    /// The one that it is not.
    pub const fn other(self) -> Self {
        match self {
            Self::Pre => Self::Pro,
            Self::Pro => Self::Pre,
        }
    }

    /// The environment of a word in settings.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// The word in settings, answers and archive paths: `pre` or `pro`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Pro => "pro",
        }
    }
}

/// How an organ's seal was ceded, as the operator declares it. A seal ceded in exclusivity belongs
/// in the other administration's hands, so its key is not loaded here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cession {
    /// *Ús directe propi*: the organ uses it itself, here.
    Own,
    /// Kept by a central service.
    Centralised,
    /// Ceded to another administration.
    Ceded,
}

impl Cession {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Own, Self::Centralised, Self::Ceded];

    /// The cession of a word in settings.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.word() == word)
    }

    /// The word in settings and inventories.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Centralised => "centralised",
            Self::Ceded => "ceded",
        }
    }
}

/// A name per language; Catalan is always there and stands in for the missing ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// In Catalan.
    pub ca: String,
    /// In Spanish.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub es: Option<String>,
    /// In Aranese.
    #[serde(default, rename = "oc-aranes", skip_serializing_if = "Option::is_none")]
    pub oc_aranes: Option<String>,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Names {
    /// The name in `language`, or else in Catalan.
    pub fn in_language(&self, language: Language) -> &str {
        let name = match language {
            Language::Ca => None,
            Language::Es => self.es.as_deref(),
            Language::OcAranes => self.oc_aranes.as_deref(),
            Language::En => self.en.as_deref(),
        };
        name.unwrap_or(&self.ca)
    }
}

/// An organ as its file describes it, without its seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organ {
    /// Its DIR3 code.
    pub dir3: Dir3,
    /// Its INE10 code, when it is a local body.
    pub ine10: Option<Ine10>,
    /// Its NIF.
    pub nif: Nif,
    /// Test or real.
    pub environment: Environment,
    /// How its seal was ceded.
    pub cession: Cession,
    /// Its name per language.
    pub names: Names,
    /// Municipality, for `/Location`.
    pub place: String,
    /// The language of its copies unless the request says another.
    pub language: Language,
    /// Where its copies are checked.
    pub verification_address: VerificationAddress,
    /// Its decisions.
    pub policy: Policy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_of_a_nif_is_verified() {
        assert!("P0801900B".parse::<Nif>().is_ok());
        assert_eq!("P0801900C".parse::<Nif>(), Err(InvalidIdentifier::NifCheck));
        assert_eq!("P08019B".parse::<Nif>(), Err(InvalidIdentifier::NifShape));
    }

    #[test]
    fn a_dir3_code_has_nine_characters() {
        assert!("L01080193".parse::<Dir3>().is_ok());
        assert!("EA0000000".parse::<Dir3>().is_ok());
        assert!("L0108019".parse::<Dir3>().is_err());
        assert!("L010801934".parse::<Dir3>().is_err());
    }

    #[test]
    fn a_verification_address_is_an_https_origin_without_a_path() {
        let address: VerificationAddress = "https://Verifica.Exemple.cat/".parse().unwrap();
        assert_eq!(address.host(), "verifica.exemple.cat");
        assert!(
            "http://verifica.exemple.cat"
                .parse::<VerificationAddress>()
                .is_err()
        );
        assert!(
            "https://verifica.exemple.cat/c"
                .parse::<VerificationAddress>()
                .is_err()
        );
        assert!(
            "https://u@exemple.cat"
                .parse::<VerificationAddress>()
                .is_err()
        );
    }
}
