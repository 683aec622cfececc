//! The corpus of third-party files: one row of `MANIFEST.tsv` a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// What is expected of a file of the folder `seal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Must be sealed.
    Sealable,
    /// Readable only with tolerance: sealed correctly or refused by name.
    SealableTolerant,
    /// Encrypted with an empty user password: sealed correctly or refused by name.
    EncryptedEmptyPassword,
    /// Defective: sealed correctly or refused by name.
    BrokenEither,
    /// Needs a user password: refused by name.
    RefuseEncrypted,
    /// No tool reads it: refused by name.
    RefuseBroken,
}

impl Class {
    fn parse(text: &str) -> Self {
        match text {
            "SEALABLE" => Self::Sealable,
            "SEALABLE_TOLERANT" => Self::SealableTolerant,
            "ENCRYPTED_EMPTY_PW" => Self::EncryptedEmptyPassword,
            "BROKEN_EITHER" => Self::BrokenEither,
            "REFUSE_ENCRYPTED" => Self::RefuseEncrypted,
            "REFUSE_BROKEN" => Self::RefuseBroken,
            other => panic!("the corpus has a class that the tests do not know: {other}"),
        }
    }

    /// The names of the problems that a file of this class may be refused with, even by an organ
    /// that allows everything.
    pub(crate) fn refusals(self) -> &'static [&'static str] {
        match self {
            Self::Sealable => &[],
            Self::RefuseEncrypted => &["pdf-encrypted", "pdf-encryption-unsupported"],
            Self::EncryptedEmptyPassword => &["pdf-encryption-unsupported"],
            Self::SealableTolerant => &["pdf-malformed"],
            Self::BrokenEither | Self::RefuseBroken => &[
                "not-pdf",
                "pdf-junk-before-header",
                "pdf-malformed",
                "too-deep",
                "too-many-objects",
                "too-much-inflated",
            ],
        }
    }

    /// A file of this class may be sealed.
    pub(crate) fn may_seal(self) -> bool {
        !matches!(self, Self::RefuseEncrypted | Self::RefuseBroken)
    }
}

/// One file of the corpus.
#[derive(Clone, Debug)]
pub(crate) struct Specimen {
    /// Path inside the corpus, such as `seal/acroform_….pdf`.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its columns, by the manifest's own names.
    pub(crate) columns: BTreeMap<String, String>,
}

impl Specimen {
    /// What is expected when it is sealed.
    pub(crate) fn class(&self) -> Class {
        Class::parse(&self.columns["expected_class"])
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs::read(&self.path).expect("a file that the manifest lists is there")
    }

    /// The file's own name, without folder and extension.
    pub(crate) fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        name.strip_suffix(".pdf").unwrap_or(name)
    }
}

/// The files of one folder of the corpus, or `None` (said aloud) when there is no corpus here.
///
/// The corpus is where `SEGELL_CORPUS` says, by default the sibling folder `../shared/corpus`.
/// `SEGELL_REQUIRE_CORPUS=1` makes its absence a failure.
pub(crate) fn folder(folder: &str) -> Option<Vec<Specimen>> {
    let corpus = std::env::var_os("SEGELL_CORPUS")
        .map_or_else(|| super::root().join("../shared/corpus"), PathBuf::from);
    let Ok(manifest) = fs::read_to_string(corpus.join("MANIFEST.tsv")) else {
        assert!(
            !super::required("SEGELL_REQUIRE_CORPUS"),
            "SEGELL_REQUIRE_CORPUS=1 and no corpus at {}",
            corpus.display()
        );
        eprintln!("left out: no corpus at {}", corpus.display());
        return None;
    };
    let mut rows = manifest.lines().map(|line| line.split('\t'));
    let head: Vec<&str> = rows.next().expect("a manifest has a head").collect();
    let specimens: Vec<Specimen> = rows
        .map(|row| {
            let columns: BTreeMap<String, String> = head
                .iter()
                .zip(row)
                .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
                .collect();
            let name = columns["file"].clone();
            Specimen {
                path: corpus.join(&name),
                name,
                columns,
            }
        })
        .filter(|specimen| specimen.name.starts_with(&format!("{folder}/")))
        .collect();
    assert!(!specimens.is_empty(), "the corpus has no folder {folder}");
    Some(specimens)
}
