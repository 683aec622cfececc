//! A time-stamp authority in this process, as far as it can be: `openssl ts` makes its tokens. And somebody
//! who keeps whatever revocation data a test needs.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use segell::cades::{Imprint, TimestampEvidence, TimestampToken};
use segell::model::{Octets, Sha256Digest};
use segell::pki::revocation::{NotCurrent, RevocationData, RevocationKeeper};
use segell::seal::{LevelMeans, NoTimestamp};
use tempfile::TempDir;

use crate::support::tools;

/// Bytes reserved for a token.
pub(crate) const ROOM: usize = 8 << 10;

const SETTINGS: &str = "[tsa]\n\
    serial = SERIAL\n\
    default_policy = 1.2.3.4\n\
    digests = sha256, sha384\n\
    signer_digest = sha256\n\
    ess_cert_id_chain = no\n\
    ess_cert_id_alg = sha256\n";

/// An authority with a root of its own.
pub(crate) struct Authority {
    folder: TempDir,
    chain: Vec<Octets>,
}

impl Authority {
    /// Makes it; `None` (said aloud) when OpenSSL's program is not here.
    pub(crate) fn new() -> Option<Self> {
        if !tools::present(&["openssl"]) {
            return None;
        }
        let folder = TempDir::new().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let key = |name: &str| {
            let (key, certificate) = (path(&format!("{name}.key")), path(&format!("{name}.pem")));
            let words = [
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
            ];
            let words = words.map(str::to_owned).into_iter();
            words.chain(["-keyout".to_owned(), key, "-out".to_owned(), certificate])
        };
        let certify = |name: &str, more: &[&str]| {
            let subject = format!("/CN={name}");
            let fixed = ["req", "-x509", "-days", "3650", "-subj", &subject];
            let words = fixed.iter().chain(more).map(|word| (*word).to_owned());
            tools::text_of("openssl", words.chain(key(name))).expect("a certificate");
        };
        certify("root", &[]);
        let (root, root_key) = (path("root.pem"), path("root.key"));
        certify(
            "tsa",
            &[
                "-CA",
                &root,
                "-CAkey",
                &root_key,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "keyUsage=critical,digitalSignature",
                "-addext",
                "extendedKeyUsage=critical,timeStamping",
            ],
        );
        let settings = SETTINGS.replace("SERIAL", &path("serial"));
        fs::write(folder.path().join("tsa.cnf"), settings).expect("a file can be written");
        let chain = ["tsa.pem", "root.pem"].map(|name| der(&folder.path().join(name)));
        Some(Self {
            folder,
            chain: chain.into(),
        })
    }

    /// A token over `imprint`.
    pub(crate) fn stamp(&self, imprint: &Imprint) -> TimestampToken {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        let digest: String = imprint
            .value
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let algorithm = match imprint.value.len() {
            48 => "-sha384",
            _ => "-sha256",
        };
        let (query, token) = (path("query"), path("token"));
        let run = |words: &[&str]| {
            let words = ["ts"].iter().chain(words);
            tools::text_of("openssl", words).expect("openssl ts");
        };
        run(&[
            "-query", "-digest", &digest, algorithm, "-cert", "-out", &query,
        ]);
        run(&[
            "-reply",
            "-config",
            &path("tsa.cnf"),
            "-section",
            "tsa",
            "-queryfile",
            &query,
            "-signer",
            &path("tsa.pem"),
            "-inkey",
            &path("tsa.key"),
            "-token_out",
            "-out",
            &token,
        ]);
        let der = fs::read(token).expect("a token");
        TimestampToken {
            time: TimestampEvidence::collect(&der).expect("a token").time,
            der,
            chain: self.chain.clone(),
        }
    }
}

/// The first certificate of a PEM file.
fn der(path: &Path) -> Octets {
    let der = path.with_extension("der");
    let (from, to) = (path.display().to_string(), der.display().to_string());
    let words = ["x509", "-in", &from, "-outform", "DER", "-out", &to];
    tools::text_of("openssl", words).expect("a certificate");
    Octets(fs::read(der).expect("a certificate"))
}

/// What an authority that is out gives.
pub(crate) fn outage() -> NoTimestamp {
    NoTimestamp::Outage {
        cause: "nobody answers".to_owned(),
        retry_after: None,
    }
}

/// Says of every chain what it was told to say.
#[derive(Default)]
pub(crate) struct Keeper {
    of_all: Mutex<Option<NotCurrent>>,
    /// A leaf that is revoked, whatever is said of all.
    of_one: Mutex<Option<(Sha256Digest, Timestamp)>>,
}

impl Keeper {
    /// One that has fresh data for everything, and the means of a service that has it and an authority.
    pub(crate) fn with_means() -> (Arc<Self>, LevelMeans) {
        let keeper = Arc::new(Self::default());
        let means = LevelMeans {
            token_bytes: Some(ROOM),
            revocation: Some(Arc::clone(&keeper) as Arc<dyn RevocationKeeper>),
        };
        (keeper, means)
    }

    /// From now on this stands against every chain.
    pub(crate) fn say(&self, why: NotCurrent) {
        *self.of_all.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// From now on this certificate is revoked, since then.
    pub(crate) fn revoke_at(&self, leaf: Sha256Digest, at: Timestamp) {
        *self.of_one.lock().unwrap_or_else(PoisonError::into_inner) = Some((leaf, at));
    }

    /// The same, so many hours after the tests seal.
    pub(crate) fn revoke(&self, leaf: Sha256Digest, hours: i64) {
        let at = crate::support::office::now() + jiff::Span::new().hours(hours);
        self.revoke_at(leaf, at);
    }
}

impl RevocationKeeper for Keeper {
    fn current(&self, chain: &[Octets], _: Timestamp) -> Result<RevocationData, NotCurrent> {
        let told = self.of_all.lock().unwrap_or_else(PoisonError::into_inner);
        match told.as_ref() {
            Some(why) => Err(why.clone()),
            None => Ok(RevocationData {
                certificates: chain.to_vec(),
                ..RevocationData::default()
            }),
        }
    }

    fn revoked_since(&self, leaf: Sha256Digest) -> Option<Timestamp> {
        let all = self.of_all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(NotCurrent::Revoked { at, .. }) = all.as_ref() {
            return Some(*at);
        }
        let one = self.of_one.lock().unwrap_or_else(PoisonError::into_inner);
        one.filter(|(known, _)| *known == leaf).map(|(_, at)| at)
    }
}

/// Revoked so many hours after the tests seal.
pub(crate) fn revoked(hours: i64) -> NotCurrent {
    NotCurrent::Revoked {
        subject: "the seal".to_owned(),
        at: crate::support::office::now() + jiff::Span::new().hours(hours),
        reason: Some("keyCompromise".to_owned()),
    }
}

/// Nothing is known.
pub(crate) fn missing() -> NotCurrent {
    NotCurrent::Missing {
        fingerprint: Sha256Digest::of(b"the seal"),
        subject: "the seal".to_owned(),
    }
}
