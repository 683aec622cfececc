//! Programs that others wrote and that the tests ask for their opinion.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);

/// Whether all these programs are here; says aloud what is missing.
///
/// `SEGELL_REQUIRE_TOOLS=1`, which `tests/run` sets, makes an absence a failure.
pub(crate) fn present(programs: &[&str]) -> bool {
    let missing: Vec<&str> = programs
        .iter()
        .copied()
        .filter(|program| which(program).is_none())
        .collect();
    if missing.is_empty() {
        return true;
    }
    assert!(
        !super::required("SEGELL_REQUIRE_TOOLS"),
        "SEGELL_REQUIRE_TOOLS=1 and missing: {}",
        missing.join(", ")
    );
    eprintln!("left out: missing {}; see tests/run", missing.join(", "));
    false
}

fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .chain(program.contains('/').then(|| PathBuf::from(program)))
        .find(|candidate| candidate.is_file())
}

/// The Python of the virtual environment that `tests/run` makes.
pub(crate) fn python() -> String {
    std::env::var("SEGELL_TEST_PYTHON").unwrap_or_else(|_| {
        super::target()
            .join("test-venv/bin/python")
            .to_string_lossy()
            .into_owned()
    })
}

/// The folder of Node packages that `tests/run` installs.
pub(crate) fn node_modules() -> PathBuf {
    std::env::var_os("SEGELL_TEST_NODE_MODULES").map_or_else(
        || super::target().join("test-node/node_modules"),
        PathBuf::from,
    )
}

/// Runs a program to its end, or kills it after two minutes.
pub(crate) fn run<S: AsRef<OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = S>,
) -> Result<Output, String> {
    run_command(Command::new(program).args(arguments))
}

/// Runs a command to its end, or kills it after two minutes.
pub(crate) fn run_command(command: &mut Command) -> Result<Output, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let id = child.id();
    let waiter = thread::spawn(move || child.wait_with_output());
    let start = Instant::now();
    while !waiter.is_finished() {
        if start.elapsed() > PATIENCE {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            return Err(format!("{name}: not done after {} s", PATIENCE.as_secs()));
        }
        thread::sleep(Duration::from_millis(5));
    }
    waiter
        .join()
        .map_err(|_| format!("{name}: could not be waited for"))?
        .map_err(|error| format!("{name}: {error}"))
}

/// Runs a program that must succeed, and gives what it wrote.
pub(crate) fn text_of<S: AsRef<OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = S>,
) -> Result<String, String> {
    let output = run(program, arguments)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "{program} ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }
}
