//! The files in which one instance writes, as this room sees them, and where a restarted instance goes on.

use std::io;

use super::instance::Instance;
use super::line::{Head, Line, LineFault};

/// The segments of one instance on this machine, which nobody else writes meanwhile. Opened by `opening`.
pub trait SegmentFiles: Send + Sync {
    /// The number of the first line of every segment there is, in order.
    ///
    /// # Errors
    /// What the system says.
    fn segments(&self) -> io::Result<Vec<u64>>;

    /// A whole segment.
    ///
    /// # Errors
    /// What the system says; a segment that is not there is an error.
    fn read(&self, first: u64) -> io::Result<Vec<u8>>;

    /// Puts lines at `offset`, the end of what is known to be right in a segment; one that is not there is
    /// made. What stood behind, cut off by a death or a full disk, goes.
    ///
    /// # Errors
    /// What the system says; also a segment that has become shorter. Nothing is known of the lines then.
    fn append(&self, first: u64, offset: u64, lines: &[u8]) -> io::Result<()>;

    /// Returns once everything appended is on the disk.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&self) -> io::Result<()>;

    /// Removes a segment that the archive holds.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, first: u64) -> io::Result<()>;
}

/// Why a log cannot be continued.
#[derive(Debug, thiserror::Error)]
pub enum Unresumable {
    /// Its files cannot be read or written.
    #[error("the files of the audit log cannot be used: {0}")]
    Files(#[from] io::Error),
    /// Its last line is no line of this instance.
    #[error("the last line of segment {first} of the audit log cannot be continued: {fault}")]
    LastLine {
        /// The segment.
        first: u64,
        /// What is wrong with the line.
        fault: LineFault,
    },
    /// Its last line is another instance's.
    #[error("segment {first} of the audit log is another instance's")]
    Foreign {
        /// The segment.
        first: u64,
    },
}

/// The lines of a segment that are whole; the last may have been cut off by a death.
pub(super) fn whole_lines(segment: &[u8]) -> &[u8] {
    let end = memchr::memrchr(b'\n', segment).map_or(0, |last| last.saturating_add(1));
    segment.get(..end).unwrap_or_default()
}

/// The lines of a segment, without their line breaks.
pub(super) fn lines(segment: &[u8]) -> impl Iterator<Item = &[u8]> {
    let whole = segment.strip_suffix(b"\n").unwrap_or(segment);
    let is_empty = segment.is_empty();
    whole
        .split(|byte| *byte == b'\n')
        .filter(move |_| !is_empty)
}

/// How far the files have come. A line that was cut off is taken away: nobody was told that it stands.
///
/// # Errors
/// [`Unresumable`].
pub(super) fn resume(
    files: &dyn SegmentFiles,
    instance: &Instance,
) -> Result<Option<Head>, Unresumable> {
    for first in files.segments()?.into_iter().rev() {
        let segment = files.read(first)?;
        let whole = whole_lines(&segment);
        if whole.len() < segment.len() {
            files.append(first, whole.len() as u64, b"")?;
            files.sync()?;
        }
        if let Some(head) = last_head(whole, first, instance)? {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// The head after the last line of a segment; `None` when it has none.
pub(super) fn last_head(
    segment: &[u8],
    first: u64,
    instance: &Instance,
) -> Result<Option<Head>, Unresumable> {
    let Some(last) = lines(segment).last() else {
        return Ok(None);
    };
    let line = Line::read(last).map_err(|fault| Unresumable::LastLine { first, fault })?;
    if line.instance != *instance {
        return Err(Unresumable::Foreign { first });
    }
    Ok(Some(line.head()))
}
