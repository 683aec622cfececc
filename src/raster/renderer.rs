//! The drawing processes, seen from the one that serves.

use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::comparison::{Comparison, compare};
use super::wire::Leaves;
use super::{Grain, Leaf, symbols};

/// The subcommand that draws. It takes a number of bytes and a number of seconds, the limits that it puts
/// on itself, and dots per inch, then a PDF on standard input.
pub const SUBCOMMAND: &str = "render-pages";

/// Starts drawing processes: this program again, with nothing of its environment.
#[derive(Clone, Debug)]
pub struct Renderer {
    /// The program.
    pub program: PathBuf,
    /// Bytes of memory of one process.
    pub memory: u64,
    /// Time for a whole comparison.
    pub time: Duration,
}

impl Renderer {
    /// Compares a copy of so many pages with a file. Whatever the two do, the answer is there when the
    /// time is up. Blocks.
    ///
    /// # Errors
    /// A process cannot be started.
    pub fn compare(
        &self,
        copy: &[u8],
        file: &[u8],
        copy_pages: u32,
        picture_bytes: usize,
    ) -> io::Result<Comparison> {
        let (copy_process, copy_input, copy_pixels) = self.start(Grain::SEEN)?;
        let (file_process, file_input, file_pixels) = self.start(Grain::SEEN)?;
        let expired = Arc::new(AtomicBool::new(false));
        let processes = vec![copy_process, file_process];
        let watch = Watch::start(self.time, processes.clone(), Arc::clone(&expired))?;
        feed(copy_input, copy);
        feed(file_input, file);
        let expired = || expired.load(Ordering::Relaxed);
        let comparison = compare(copy_pixels, file_pixels, copy_pages, picture_bytes, expired);
        drop(watch);
        Ok(comparison)
    }

    /// Draws the first page of a document and reads every QR symbol on it; `None` when the page cannot be
    /// drawn, or not in time. Blocks.
    ///
    /// # Errors
    /// A process cannot be started.
    pub fn read_symbols(&self, document: &[u8]) -> io::Result<Option<Vec<String>>> {
        let (process, input, pixels) = self.start(Grain::SCANNED)?;
        let watch = Watch::start(self.time, vec![process], Arc::default())?;
        feed(input, document);
        let page = Leaves::open(pixels, Grain::SCANNED).and_then(|mut leaves| leaves.next());
        drop(watch);
        Ok(match page {
            Some(Leaf::Drawn { raster, .. }) => Some(symbols::read(&raster)),
            Some(Leaf::Undrawn) | None => None,
        })
    }

    fn start(&self, grain: Grain) -> io::Result<(Process, ChildStdin, ChildStdout)> {
        let mut child = Command::new(&self.program)
            .arg0(env!("CARGO_PKG_NAME"))
            .args([SUBCOMMAND, "--memory", &self.memory.to_string()])
            .args(["--seconds", &self.time.as_secs().max(1).to_string()])
            .args(["--resolution", &grain.resolution.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let process = Process(Arc::new(Mutex::new(child)));
        let (input, output) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok((process, input, output))
    }
}

/// Hands a document over and closes the pipe. A process that died already will send nothing, which says
/// enough.
fn feed(mut input: ChildStdin, document: &[u8]) {
    let _ = input.write_all(document);
}

/// A drawing process. Its last owner ends it and waits for its end.
#[derive(Clone, Debug)]
struct Process(Arc<Mutex<Child>>);

impl Process {
    fn end(&self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Ends processes when the time is up, unless it is dropped before.
struct Watch {
    done: Option<mpsc::Sender<()>>,
    watching: Option<thread::JoinHandle<()>>,
}

impl Watch {
    fn start(
        time: Duration,
        processes: Vec<Process>,
        expired: Arc<AtomicBool>,
    ) -> io::Result<Self> {
        let (done, waiting) = mpsc::channel::<()>();
        let watching = thread::Builder::new()
            .name("time box".to_owned())
            .spawn(move || {
                if waiting.recv_timeout(time) == Err(RecvTimeoutError::Timeout) {
                    expired.store(true, Ordering::Relaxed);
                }
                for process in &processes {
                    process.end();
                }
            })?;
        Ok(Self {
            done: Some(done),
            watching: Some(watching),
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(watching) = self.watching.take() {
            // It cannot panic; and nothing here depends on it any more.
            let _ = watching.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::raster::{Cause, Outcome};

    /// A program in the place of the drawing one.
    fn renderer(script: &str, time: Duration) -> (tempfile::TempDir, Renderer) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("program");
        #[expect(clippy::disallowed_methods, reason = "makes the program")]
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
        let renderer = Renderer {
            program,
            memory: 1 << 28,
            time,
        };
        (folder, renderer)
    }

    const LONG: Duration = Duration::from_secs(60);

    fn compared(script: &str, time: Duration) -> Comparison {
        let (_folder, renderer) = renderer(script, time);
        renderer.compare(b"copy", b"file", 2, 0).unwrap()
    }

    #[test]
    fn a_process_that_never_answers_is_ended_when_the_time_is_up() {
        let comparison = compared("exec sleep 60", Duration::from_millis(200));
        assert_eq!(comparison, Comparison::none(2, Cause::Time));
    }

    #[test]
    fn a_process_that_dies_or_talks_nonsense_compared_nothing() {
        for script in ["exit 1", "kill -SEGV $$", "cat", "exec yes"] {
            let comparison = compared(script, LONG);
            assert_eq!(comparison, Comparison::none(2, Cause::Undrawn), "{script}");
        }
    }

    #[test]
    fn a_process_that_stops_in_the_middle_is_believed_so_far() {
        // Two pages, the first of one black pixel.
        let script =
            r"printf 'segell1\n\000\000\000\002D\000\001\000\001\000\000\000'; exec sleep 60";
        let comparison = compared(script, Duration::from_millis(400));
        let unseen = Outcome::NotCompared(Cause::Time);
        assert_eq!(comparison.pages, [Outcome::Equal, unseen]);
    }

    #[test]
    fn the_process_is_given_nothing_of_the_environment() {
        let script =
            r#"test -z "$HOME$CARGO_MANIFEST_DIR" && printf 'segell1\n\000\000\000\002UU'"#;
        let comparison = compared(script, LONG);
        assert_eq!(comparison.file_pages, Some(2));
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let (_folder, mut renderer) = renderer("", LONG);
        renderer.program.push("not-there");
        assert!(renderer.compare(b"", b"", 1, 0).is_err());
    }
}
