//! Asking people at the terminal: for a passphrase, which is not shown, and whether they are sure.

use std::io::{self, BufRead, IsTerminal, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Longest line that is read.
const LONGEST: u64 = 4096;

/// Whether somebody is there to be asked.
pub fn somebody_is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a passphrase, without showing what is typed.
pub fn ask_passphrase() -> io::Result<Zeroizing<String>> {
    let input = io::stdin().lock();
    let shown = tcgetattr(&input)?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Flush, &hidden)?;
    let typed = ask("Passphrase of the container: ", input);
    tcsetattr(io::stdin().lock(), OptionalActions::Flush, &shown)?;
    writeln!(io::stderr())?;
    typed
}

/// The first line of standard input.
pub fn first_line() -> io::Result<Zeroizing<String>> {
    line(io::stdin().lock())
}

/// Asks whether something is to be done; only a clear yes is one.
pub fn is_sure(question: &str) -> io::Result<bool> {
    let answer = ask(&format!("{question} [yes/no] "), io::stdin().lock())?;
    Ok(answer.as_str() == "yes")
}

fn ask(question: &str, input: impl BufRead) -> io::Result<Zeroizing<String>> {
    let mut out = io::stderr();
    write!(out, "{question}")?;
    out.flush()?;
    line(input)
}

fn line(input: impl BufRead) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    input.take(LONGEST).read_line(&mut line)?;
    let end = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(end);
    Ok(line)
}
