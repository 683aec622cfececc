//! The settings of the audit log.

use std::path::PathBuf;

use serde::Deserialize;

use super::path_if_set;

/// `[audit]`: what is written down about everything that happens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    /// Folder of the logs on this machine; none, and nothing is written down.
    #[serde(deserialize_with = "path_if_set")]
    pub folder: Option<PathBuf>,
    /// Name of this instance; the machine's when it is empty.
    pub instance: String,
    /// The file with the audit keys.
    #[serde(deserialize_with = "path_if_set")]
    pub keys_file: Option<PathBuf>,
    /// Minutes after which lines go to the archive.
    pub segment_minutes: u32,
    /// Days that lines stay on this machine once the archive holds them; 0 means for ever.
    pub keep_days: u32,
}
