//! `segell render-pages`: draws the pages of a PDF that somebody sent. The service starts it, one process
//! per document, and reads what it writes.

use std::io::{self, Read};

use clap::Args;

use super::failure::{Exit, Failure};
use crate::raster::{Confinement, Grain, confine, draw};

/// `segell render-pages`: the limits that the process puts on itself.
#[derive(Args, Clone, Copy, Debug)]
pub struct RenderPagesArguments {
    /// Bytes of memory
    #[arg(long, value_name = "BYTES")]
    pub memory: u64,
    /// Seconds of processor time
    #[arg(long, value_name = "SECONDS")]
    pub seconds: u64,
    /// Dots per inch
    #[arg(long, value_name = "DPI")]
    pub resolution: u16,
}

/// Confines this process, then draws standard input into standard output.
///
/// # Errors
/// A process that cannot be confined, a document that cannot be opened.
pub fn run(arguments: RenderPagesArguments) -> Result<(), Failure> {
    let grain = Grain::of_resolution(arguments.resolution)
        .ok_or_else(|| Failure::new(Exit::Usage, "pages are not drawn at this resolution"))?;
    let confinement = Confinement {
        memory: arguments.memory,
        seconds: arguments.seconds,
    };
    confine(confinement).map_err(|error| {
        Failure::new(Exit::Trouble, format!("the process has no limits: {error}"))
    })?;
    // What the service needs to know is that there are no pages.
    std::panic::set_hook(Box::new(|_| {}));
    let mut pdf = Vec::new();
    io::stdin().lock().read_to_end(&mut pdf)?;
    // Not the terminal's own writer, which takes what looks like colours out of the pixels.
    let mut out = io::BufWriter::new(io::stdout().lock());
    draw(pdf, grain, &mut out)
        .map_err(|error| Failure::new(Exit::Trouble, format!("no more pages: {error}")))
}
