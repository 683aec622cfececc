//! What can be wrong with a log.

use jiff::Timestamp;

use crate::archive::CodeIndex;
use crate::audit::checkpoint::CheckpointFault;
use crate::audit::line::LineFault;
use crate::model::Dir3;

/// Something that shows that a log is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditFinding {
    /// What stands where a line should is none.
    #[error("{instance}: after line {after} stands something that is no line: {fault}")]
    LineUnreadable {
        /// Whose log.
        instance: String,
        /// The last line before it.
        after: u64,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// A line does not hang on the one before: one of the two was changed.
    #[error("{instance}: line {seq} does not follow from the line before it")]
    ChainBroken {
        /// Whose log.
        instance: String,
        /// The later line.
        seq: u64,
    },
    /// Lines are gone.
    #[error("{instance}: lines {from} to {to} are missing")]
    LinesMissing {
        /// Whose log.
        instance: String,
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// A line stands where another belongs, or a second time.
    #[error("{instance}: line {seq} stands in the wrong place or twice")]
    LineMisplaced {
        /// Whose log.
        instance: String,
        /// The line.
        seq: u64,
    },
    /// A line of another log.
    #[error("{instance}: segment {first} has a line of another instance")]
    LineForeign {
        /// Whose log.
        instance: String,
        /// The segment.
        first: u64,
    },
    /// A segment that does not begin with the line after which it is named.
    #[error("{instance}: segment {first} begins with line {found}")]
    SegmentMisplaced {
        /// Whose log.
        instance: String,
        /// The line that its name says.
        first: u64,
        /// The line with which it begins.
        found: u64,
    },
    /// A segment on this machine is another than the one in the archive.
    #[error("{instance}: segment {first} on this machine is not the one in the archive")]
    SegmentDiffers {
        /// Whose log.
        instance: String,
        /// The segment.
        first: u64,
    },
    /// A segment cannot be read.
    #[error("{instance}: segment {first} cannot be read: {cause}")]
    SegmentUnreadable {
        /// Whose log.
        instance: String,
        /// The segment.
        first: u64,
        /// What the system says.
        cause: String,
    },
    /// A checkpoint says another line than there is.
    #[error("{instance}: line {count} is not the one of which a checkpoint tells")]
    CheckpointContradicts {
        /// Whose log.
        instance: String,
        /// The line.
        count: u64,
    },
    /// A checkpoint that proves nothing.
    #[error("{instance}: the checkpoint after line {count} proves nothing: {fault}")]
    CheckpointUnfit {
        /// Whose log.
        instance: String,
        /// The line that its name says.
        count: u64,
        /// Why.
        fault: CheckpointFault,
    },
    /// A checkpoint that stands under another name than its own.
    #[error("{instance}: the checkpoint after line {count} belongs elsewhere")]
    CheckpointMisplaced {
        /// Whose log its name says.
        instance: String,
        /// The line that its name says.
        count: u64,
    },
    /// A timestamp that does not prove its checkpoint.
    #[error(
        "{instance}: the timestamp over the checkpoint after line {count} does not hold: {cause}"
    )]
    TokenUnfit {
        /// Whose log.
        instance: String,
        /// The line.
        count: u64,
        /// Why.
        cause: String,
    },
    /// Another log knew this one, and nothing of it is left.
    #[error("{instance}: the whole log is gone; another instance knew it with {count} lines")]
    InstanceMissing {
        /// Whose log.
        instance: String,
        /// Lines that it had.
        count: u64,
    },
    /// There are copies and no log at all.
    #[error("there are copies in the archive and there is no audit log")]
    LogMissing,
    /// A copy that answers and of which no line tells.
    #[error("no line tells of a copy of {organ}, committed {committed_at} (index {})", index.0)]
    CopyWithoutLine {
        /// The copy.
        index: CodeIndex,
        /// Its organ.
        organ: Dir3,
        /// When it was committed.
        committed_at: Timestamp,
    },
    /// An export that does not begin with what an export begins with.
    #[error("this is no export of an audit log")]
    NotAnExport,
}

impl AuditFinding {
    /// The stable word, for programs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::LineUnreadable { .. } => "line-unreadable",
            Self::ChainBroken { .. } => "chain-broken",
            Self::LinesMissing { .. } => "lines-missing",
            Self::LineMisplaced { .. } => "line-misplaced",
            Self::LineForeign { .. } => "line-foreign",
            Self::SegmentMisplaced { .. } => "segment-misplaced",
            Self::SegmentDiffers { .. } => "segment-differs",
            Self::SegmentUnreadable { .. } => "segment-unreadable",
            Self::CheckpointContradicts { .. } => "checkpoint-contradicts",
            Self::CheckpointUnfit { .. } => "checkpoint-unfit",
            Self::CheckpointMisplaced { .. } => "checkpoint-misplaced",
            Self::TokenUnfit { .. } => "timestamp-unfit",
            Self::InstanceMissing { .. } => "instance-missing",
            Self::LogMissing => "log-missing",
            Self::CopyWithoutLine { .. } => "copy-without-line",
            Self::NotAnExport => "not-an-export",
        }
    }
}
