//! Tokens of SoftHSM2, each test with its own.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::{root, tools};

/// The PIN of every token made here.
pub(crate) const PIN: &str = "4829137730551864";
/// What has to be installed.
pub(crate) const PROGRAMS: &[&str] = &["softhsm2-util", "openssl"];

/// In the process of a [scene](alone): the folder of its tokens.
const FOLDER: &str = "SEGELL_TEST_SOFTHSM";

/// Where tokens are made and kept.
pub(crate) struct SoftHsm {
    folder: PathBuf,
    _kept: Option<TempDir>,
}

/// A token: its label, and the folder in which SoftHSM keeps it.
pub(crate) struct Token {
    pub(crate) label: &'static str,
    folder: PathBuf,
    away: PathBuf,
}

/// The library.
pub(crate) fn module() -> PathBuf {
    let places = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib64/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    ];
    let found = places.iter().find(|path| Path::new(path).exists());
    PathBuf::from(found.expect("the library comes with softhsm2-util"))
}

/// Plays a scene in a process of its own: SoftHSM reads where its tokens are from the environment, and a
/// library can be started only once in a process. `test` is the path of the test that calls this.
pub(crate) fn alone(test: &str, scene: impl FnOnce(&SoftHsm)) {
    if let Some(folder) = env::var_os(FOLDER) {
        scene(&SoftHsm {
            folder: folder.into(),
            _kept: None,
        });
        return;
    }
    if !tools::present(PROGRAMS) {
        return;
    }
    let hsm = SoftHsm::new();
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command
        .args(["--exact", test, "--nocapture"])
        .env("SOFTHSM2_CONF", hsm.configuration())
        .env(FOLDER, &hsm.folder);
    let output = tools::run_command(&mut command).expect("this program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{}: {said}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

impl SoftHsm {
    /// Without tokens.
    pub(crate) fn new() -> Self {
        let kept = TempDir::new().expect("a temporary folder can be made");
        let folder = kept.path().to_owned();
        for name in ["tokens", "away"] {
            fs::create_dir(folder.join(name)).expect("a folder can be made");
        }
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            folder.join("tokens").display()
        );
        fs::write(folder.join("softhsm2.conf"), text).expect("a file can be written");
        Self {
            folder,
            _kept: Some(kept),
        }
    }

    /// What `SOFTHSM2_CONF` has to name.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.join("softhsm2.conf")
    }

    /// Its folder, for whatever else a test wants to keep.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes a token.
    pub(crate) fn token(&self, label: &'static str) -> Token {
        let before = self.token_folders();
        self.util([
            "--init-token",
            "--free",
            "--label",
            label,
            "--pin",
            PIN,
            "--so-pin",
            "739105",
        ]);
        let made = self.token_folders();
        let made = made.into_iter().find(|folder| !before.contains(folder));
        let folder = made.expect("the token was made");
        let name = folder.file_name().expect("a folder has a name");
        Token {
            label,
            away: self.folder.join("away").join(name),
            folder,
        }
    }

    /// Imports the key of an example organ's seal under its DIR3 code; its id is the end of the code.
    pub(crate) fn import(&self, token: &Token, organ: &str) {
        let key = self.folder.join(format!("{organ}.pem"));
        let seals = root().join("certs-example/seals");
        let pkcs12 = seals.join(format!("{organ}.p12"));
        if pkcs12.exists() {
            let passphrase = seals.join(format!("{organ}.pass"));
            let passphrase = format!("file:{}", passphrase.display());
            let mut command = Command::new("openssl");
            command
                .args(["pkcs12", "-nodes", "-nocerts", "-in"])
                .arg(&pkcs12)
                .args(["-passin", &passphrase, "-out"])
                .arg(&key);
            succeed(&mut command);
        } else {
            fs::copy(seals.join(format!("{organ}.key.pem")), &key).expect("a file can be copied");
        }
        self.util([
            OsStr::new("--import"),
            key.as_os_str(),
            OsStr::new("--token"),
            OsStr::new(token.label),
            OsStr::new("--label"),
            OsStr::new(organ),
            OsStr::new("--id"),
            OsStr::new(id(organ)),
            OsStr::new("--pin"),
            OsStr::new(PIN),
        ]);
    }

    /// The chain of an example organ's seal, as a PEM file.
    pub(crate) fn chain(&self, organ: &str) -> PathBuf {
        let seals = root().join("certs-example/seals");
        let chain = seals.join(format!("{organ}.chain.pem"));
        if chain.exists() {
            return chain;
        }
        let chain = self.folder.join(format!("{organ}.chain.pem"));
        let passphrase = seals.join(format!("{organ}.pass"));
        let mut command = Command::new("openssl");
        command
            .args(["pkcs12", "-nokeys", "-in"])
            .arg(seals.join(format!("{organ}.p12")))
            .args(["-passin", &format!("file:{}", passphrase.display()), "-out"])
            .arg(&chain);
        succeed(&mut command);
        chain
    }

    fn token_folders(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.join("tokens")).expect("the folder is there");
        entries
            .map(|entry| entry.expect("the folder can be listed").path())
            .collect()
    }

    fn util<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) {
        let mut command = Command::new("softhsm2-util");
        command
            .args(arguments)
            .env("SOFTHSM2_CONF", self.configuration());
        succeed(&mut command);
    }
}

impl Token {
    /// Pulls it out.
    pub(crate) fn pull_out(&self) {
        fs::rename(&self.folder, &self.away).expect("a folder can be moved");
    }

    /// Puts it back.
    pub(crate) fn put_back(&self) {
        fs::rename(&self.away, &self.folder).expect("a folder can be moved");
    }
}

/// The id under which the key of an organ is imported.
pub(crate) fn id(organ: &str) -> &str {
    organ.get(5..).expect("a DIR3 code has nine symbols")
}

fn succeed(command: &mut Command) {
    let output = tools::run_command(command).expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
