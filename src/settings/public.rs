//! The settings of the pages for citizens.

use std::path::PathBuf;

use serde::Deserialize;

use super::{ByteSize, path_if_set};

/// `[public]`: the pages for citizens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// Who runs the service; empty when not said.
    pub operator: String,
    /// How that office is reached; empty when not said.
    pub contact: String,
    /// Folder with words of the service's own.
    #[serde(deserialize_with = "path_if_set")]
    pub texts: Option<PathBuf>,
    /// Look-ups in a minute from one address; 0 means no limit.
    pub look_ups_per_minute: u32,
    /// Look-ups in an hour from one address; 0 means no limit.
    pub look_ups_per_hour: u32,
    /// Files judged in a minute for one address; 0 means no limit.
    pub files_per_minute: u32,
    /// Receipts in an hour for one address; 0 means no limit.
    pub receipts_per_hour: u32,
    /// Seconds for showing a file beside its copy.
    pub compare_seconds: u64,
    /// Bytes of memory of each process that draws pages.
    pub compare_memory: ByteSize,
}
