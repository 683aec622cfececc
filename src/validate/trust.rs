//! Whom a validator trusts, for each purpose apart: an authority that may stamp the time may not issue
//! seals, and the other way round (security rule T6).

use std::sync::Arc;

use jiff::Timestamp;

use super::report::{AnchorState, TrustState};
use crate::pki::Anchors;

/// The anchors of every purpose. Cheap to clone.
#[derive(Clone, Default)]
pub struct Trust {
    /// For the certificates of seals and signatures.
    pub seals: TrustedSet,
    /// For the certificates of time-stamp authorities.
    pub timestamps: TrustedSet,
}

/// The anchors of one purpose.
#[derive(Clone, Default)]
pub struct TrustedSet {
    /// The anchors.
    pub anchors: Arc<Anchors>,
    /// When the set was put together, if that is known: the issue of a trusted list, the newest file.
    pub as_of: Option<Timestamp>,
}

impl TrustedSet {
    /// Of unknown age.
    pub fn new(anchors: impl Into<Arc<Anchors>>) -> Self {
        Self {
            anchors: anchors.into(),
            as_of: None,
        }
    }

    fn state(&self) -> AnchorState {
        AnchorState {
            anchors: self.anchors.len(),
            as_of: self.as_of,
        }
    }
}

impl Trust {
    /// How much is trusted, for the report.
    pub fn state(&self) -> TrustState {
        TrustState {
            seals: self.seals.state(),
            timestamps: self.timestamps.state(),
        }
    }
}
