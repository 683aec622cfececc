//! Validating needs no network and asks for none: the program judges every signed file and every attack of
//! the corpus in a network namespace that has no route and no interface that is up, while `strace` writes
//! down every system call about the network.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "these tests read files, start the program and say aloud what they could not do"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use support::corpus::{self, Specimen};
use support::tools;

/// Ways to run the program without a network, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Namespace {
    /// As root, or with the capability to.
    Plain,
    /// As anybody, where the kernel allows user namespaces.
    OfUser,
    /// This machine allows neither: what the program asks for is watched all the same.
    Impossible,
}

impl Namespace {
    fn possible() -> Self {
        [Self::Plain, Self::OfUser]
            .into_iter()
            .find(|namespace| {
                let (program, arguments) = namespace.prefix().unwrap();
                let tried = tools::run(program, [arguments, &["true"]].concat());
                tried.is_ok_and(|output| output.status.success())
            })
            .unwrap_or(Self::Impossible)
    }

    fn prefix(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Plain => Some(("unshare", &["--net"])),
            Self::OfUser => Some(("unshare", &["--net", "--user", "--map-root-user"])),
            Self::Impossible => None,
        }
    }
}

/// The system calls about the network may be watched here.
fn may_watch() -> bool {
    let watch = tools::run(
        "strace",
        ["-f", "-e", "trace=network", "-o", "/dev/null", "true"],
    );
    watch.is_ok_and(|output| output.status.success())
}

/// How the program is run.
struct Isolation {
    namespace: Namespace,
    watched: bool,
}

impl Isolation {
    /// The best this machine allows; `None` (said aloud) if it allows nothing.
    fn possible() -> Option<Self> {
        let found = Self {
            namespace: Namespace::possible(),
            watched: may_watch(),
        };
        if found.namespace == Namespace::Impossible {
            eprintln!(
                "no network namespace can be made here: replaced by watching the system calls only"
            );
        }
        if !found.watched {
            eprintln!(
                "system calls cannot be watched here: replaced by the network namespace only"
            );
        }
        if found.namespace == Namespace::Impossible && !found.watched {
            assert!(
                !support::required("SEGELL_REQUIRE_TOOLS"),
                "neither unshare nor strace works here, so nothing can be proved"
            );
            eprintln!("left out: neither unshare nor strace works here");
            return None;
        }
        Some(found)
    }

    /// `segell validate FILE --json`, isolated; `log` is where the calls are written down.
    fn command(&self, file: &Path, archive: &Path, log: &Path) -> Command {
        let mut words: Vec<String> = Vec::new();
        if let Some((program, arguments)) = self.namespace.prefix() {
            words.push(program.to_owned());
            words.extend(arguments.iter().map(|word| (*word).to_owned()));
        }
        if self.watched {
            let strace = [
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-e",
                "trace=network",
                "-o",
            ];
            words.extend(strace.map(str::to_owned));
            words.push(log.display().to_string());
        }
        words.push(env!("CARGO_BIN_EXE_segell").to_owned());
        let mut command = Command::new(&words[0]);
        command
            .args(&words[1..])
            .args(["validate", "--json"])
            .arg(file)
            .current_dir(archive)
            .env("SEGELL__ORGANS__FOLDER", archive.join("organs"))
            .env(
                "SEGELL__TRUST__SEALS",
                support::root().join("certs-example/trust"),
            )
            .env(
                "SEGELL__TRUST__TIMESTAMPS",
                support::root().join("certs-example/trust"),
            );
        command
    }

    /// Judges a file and says what is wrong with how that went.
    fn complaint(&self, file: &Specimen, archive: &Path, log: &Path) -> Option<String> {
        let output = match tools::run_command(&mut self.command(&file.path, archive, log)) {
            Ok(output) => output,
            Err(error) => return Some(format!("{}: {error}", file.name)),
        };
        // 0 and 1 are verdicts; a report is there whatever it says.
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if !matches!(output.status.code(), Some(0 | 1)) || !report["verdict"].is_string() {
            return Some(format!("{}: no report: {output:?}", file.name));
        }
        let calls = if self.watched {
            fs::read_to_string(log).unwrap()
        } else {
            String::new()
        };
        // A pair of connected sockets is how a runtime wakes its own threads; it leads nowhere.
        let outside: Vec<&str> = calls
            .lines()
            .filter(|line| line.contains('(') && !line.contains("socketpair("))
            .filter(|line| !is_of_a_pair(line))
            .collect();
        (!outside.is_empty()).then(|| format!("{}: {}", file.name, outside.join("\n")))
    }
}

/// Sending and receiving need a socket, which was made by another call or is one of a pair.
fn is_of_a_pair(call: &str) -> bool {
    ["sendto(", "recvfrom(", "sendmsg(", "recvmsg(", "shutdown("]
        .iter()
        .any(|name| call.contains(name))
}

#[test]
fn every_file_is_judged_without_a_network_and_without_asking_for_one() {
    let (Some(signed), Some(attacks)) = (corpus::folder("signed"), corpus::folder("attacks"))
    else {
        return;
    };
    let Some(isolation) = Isolation::possible() else {
        return;
    };
    let files: Vec<Specimen> = [signed, attacks]
        .concat()
        .into_iter()
        .filter(|file| file.name.ends_with(".pdf"))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("organs")).unwrap();
    let (next, workers) = (AtomicUsize::new(0), 2);
    let complaints: Vec<String> = thread::scope(|scope| {
        let work = |worker: usize| {
            let log = folder.path().join(format!("calls-{worker}"));
            let (next, files, isolation) = (&next, &files, &isolation);
            let archive = folder.path();
            move || {
                let mut complaints = Vec::new();
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    complaints.extend(isolation.complaint(file, archive, &log));
                }
                complaints
            }
        };
        let running: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(work(worker)))
            .collect();
        running
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(files.len() > 80, "{} files", files.len());
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

/// The watch would notice: a program that does ask for a network is told on.
#[test]
fn the_watch_notices_a_program_that_asks_for_a_network() {
    let Some(isolation) = Isolation::possible() else {
        return;
    };
    if isolation.namespace != Namespace::Impossible {
        let (program, arguments) = isolation.namespace.prefix().unwrap();
        let routes = ["cat", "/proc/net/route"];
        let output = tools::run(program, [arguments, &routes].concat()).unwrap();
        let routes = String::from_utf8_lossy(&output.stdout)
            .lines()
            .skip(1)
            .count();
        assert_eq!(routes, 0, "the namespace has routes");
    }
    if isolation.watched {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("calls");
        let log_name = log.display().to_string();
        // The health check asks the service on this machine.
        let watched = ["-f", "-qq", "-e", "trace=network", "-o", &log_name];
        let program = [env!("CARGO_BIN_EXE_segell"), "health"];
        tools::run("strace", [&watched[..], &program].concat()).unwrap();
        assert!(fs::read_to_string(&log).unwrap().contains("AF_INET"));
    }
}
