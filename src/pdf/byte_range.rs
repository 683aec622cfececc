//! The `/ByteRange` of a signature dictionary (ISO 32000-2, 12.8.1).

use serde::{Deserialize, Serialize};

/// The four numbers of a `/ByteRange`, already checked: starts at zero, two ascending parts, one hole
/// between them, nothing beyond the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByteRange {
    /// End of the first part: the offset of the `<` of `/Contents`.
    pub hole_start: u64,
    /// Start of the second part: just after the `>`.
    pub hole_end: u64,
    /// End of the second part.
    pub end: u64,
}
