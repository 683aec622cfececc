//! The cage of the drawing process: it puts limits on itself before it reads a byte, and cannot lift
//! them again.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, nice, setrlimit};

/// Standard input, output and error are open; nothing else can be opened.
const OPEN_FILES: u64 = 3;

/// Sealing and judging go first.
const POLITENESS: i32 = 5;

/// What the process may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Confinement {
    /// Bytes of memory.
    pub memory: u64,
    /// Seconds of processor time.
    pub seconds: u64,
}

/// Confines this process for good. More memory than it may use ends it, and so does more processor time;
/// it opens no further file, writes none, and leaves no image of its memory behind.
///
/// # Errors
/// The system does not let it: then nothing may be drawn.
pub fn confine(confinement: Confinement) -> io::Result<()> {
    limit(Resource::As, confinement.memory)?;
    limit(Resource::Cpu, confinement.seconds)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, OPEN_FILES)?;
    // Courtesy, not safety: a system that refuses it is no reason to refuse.
    let _ = nice(POLITENESS);
    Ok(())
}

/// Sets a limit, or keeps the stricter one that is there already.
fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let most = getrlimit(resource)
        .maximum
        .map_or(most, |there| there.min(most));
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(resource, limit)?)
}
