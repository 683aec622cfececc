//! What whoever runs the service sees through the door, and may do: startup puts it together.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;

use super::operate::ReloadReport;
use crate::authorities::{EndpointState, KeptState};
use crate::seal::warnings::Warning;
use crate::telemetry::measure::Exposition;

/// Has everything loaded anew, and tells what came of it; nothing when nobody is there to do it.
pub type Reloader =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Option<ReloadReport>> + Send>> + Send + Sync>;

/// What whoever runs the service sees and does. The default sees nothing and does nothing.
pub struct Oversight {
    /// The metrics; none where nobody counts.
    pub exposition: Option<Exposition>,
    /// How the archive did when it was last tried.
    pub archive: Arc<ArchiveProbe>,
    /// How the addresses of authorities have been doing.
    pub endpoints: Box<dyn Fn() -> Vec<EndpointState> + Send + Sync>,
    /// What is known of the revocation of certificates.
    pub revocations: Box<dyn Fn() -> Vec<KeptState> + Send + Sync>,
    /// What somebody should look at.
    pub warnings: Box<dyn Fn() -> Vec<Warning> + Send + Sync>,
    /// Loads everything anew.
    pub reload: Reloader,
}

impl Default for Oversight {
    fn default() -> Self {
        Self {
            exposition: None,
            archive: Arc::default(),
            endpoints: Box::new(Vec::new),
            revocations: Box::new(Vec::new),
            warnings: Box::new(Vec::new),
            reload: Arc::new(|| Box::pin(async { None })),
        }
    }
}

/// How the archive did when something was last written to it and read back for a try. Nothing is known
/// before the first one.
#[derive(Debug, Default)]
pub struct ArchiveProbe(ArcSwapOption<ProbeOutcome>);

/// One try of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProbeOutcome {
    /// When.
    pub(crate) at: Timestamp,
    /// What was created could be read, and could not be created again.
    pub(crate) success: bool,
    /// How long it took.
    pub(crate) took: Duration,
}

impl ArchiveProbe {
    /// Remembers a try.
    pub fn note(&self, at: Timestamp, success: bool, took: Duration) {
        self.0
            .store(Some(Arc::new(ProbeOutcome { at, success, took })));
    }

    /// Whether the last try went well; so it is before the first.
    pub fn is_good(&self) -> bool {
        self.last().is_none_or(|last| last.success)
    }

    pub(crate) fn last(&self) -> Option<Arc<ProbeOutcome>> {
        self.0.load_full()
    }
}
