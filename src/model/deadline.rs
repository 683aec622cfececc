//! How long a piece of work may take, without knowing a clock.

use std::fmt;
use std::sync::Arc;

/// Tells long work when to stop. The clock behind it is the caller's: the core has none.
#[derive(Clone)]
pub struct Deadline(Arc<dyn Fn() -> bool + Send + Sync>);

impl Deadline {
    /// A deadline that has passed as soon as `expired` answers `true`.
    pub fn new(expired: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(expired))
    }

    /// A deadline that never passes.
    pub fn never() -> Self {
        Self::new(|| false)
    }

    /// Whether the work has to stop. Cheap enough to ask once per page or every few thousand tokens.
    pub fn has_passed(&self) -> bool {
        (self.0)()
    }
}

impl fmt::Debug for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deadline")
    }
}
