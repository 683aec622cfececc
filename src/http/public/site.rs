//! The public site of a service: its words, the looks of its organs, how often one may ask.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::limits::RateLimits;
use super::look::Look;
use super::texts::Texts;
use crate::model::Dir3;
use crate::raster::Renderer;

/// What startup gives to the public pages.
#[derive(Debug)]
pub struct Site {
    /// The words.
    pub texts: Texts,
    /// The looks of the organs that have any.
    pub looks: Arc<Looks>,
    /// How often one address may ask.
    pub limits: RateLimits,
    /// Draws the pages of files that are compared.
    pub renderer: Renderer,
}

/// The looks of organs, which can be replaced while pages are made.
#[derive(Debug, Default)]
pub struct Looks(ArcSwap<BTreeMap<Dir3, Look>>);

impl Looks {
    /// Of these organs.
    pub fn new(looks: BTreeMap<Dir3, Look>) -> Self {
        Self(ArcSwap::from_pointee(looks))
    }

    /// Shows these from the next page on.
    pub fn replace(&self, looks: BTreeMap<Dir3, Look>) {
        self.0.store(Arc::new(looks));
    }
}

impl Site {
    /// The looks of an organ.
    pub(super) fn look(&self, organ: &Dir3) -> Option<Look> {
        self.looks.0.load().get(organ).cloned()
    }

    /// Where an organ's coat of arms is, if it has one.
    pub(super) fn coat_of_arms(&self, organ: &Dir3) -> Option<String> {
        self.look(organ)?.coat_of_arms?;
        Some(format!("/organs/{organ}/coat-of-arms.svg"))
    }
}
