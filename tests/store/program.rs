//! The program, run as an operator runs it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::root;

/// What the program said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Said {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// An archive, as the program is told of it.
pub(crate) type Settings = Vec<(&'static str, String)>;

/// An archive in a folder.
pub(crate) fn folder(path: &Path) -> Settings {
    vec![("SEGELL__ARCHIVE__URL", format!("file://{}", path.display()))]
}

/// Runs the program to its end, with this on its standard input.
pub(crate) fn run_with(settings: &Settings, arguments: &[&str], input: &str) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_segell"))
        .args(arguments)
        .current_dir(root())
        // These archives come and go; the log would speak of copies that nobody has any more.
        .env("SEGELL__AUDIT__FOLDER", "")
        .envs(settings.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("it was asked for");
    // A program that refuses before it reads closes its end.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    Said {
        exit: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        error: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs the program to its end.
pub(crate) fn run(settings: &Settings, arguments: &[&str]) -> Said {
    run_with(settings, arguments, "")
}

/// Runs the program, which must succeed.
#[track_caller]
pub(crate) fn done(settings: &Settings, arguments: &[&str]) -> Said {
    let said = run(settings, arguments);
    assert_eq!(said.exit, 0, "{arguments:?}: {said:?}");
    said
}

/// Makes a copy of `source` with a title and a reference; gives its code.
pub(crate) fn seal(settings: &Settings, folder: &Path, source: &[u8], title: &str) -> String {
    let (input, output) = (folder.join("source.pdf"), folder.join("copy.pdf"));
    std::fs::write(&input, source).expect("a file");
    let [input, output] = [&input, &output].map(|path| path.display().to_string());
    let said = done(
        settings,
        &[
            "seal",
            &input,
            "-o",
            &output,
            "--force",
            "--json",
            "--organ",
            crate::support::service::ORGAN,
            "--title",
            title,
            "--external-ref",
            "registre:E-2026-77001",
        ],
    );
    let code = said.json()["verification_code"].clone();
    code.as_str().expect("a code").to_owned()
}
