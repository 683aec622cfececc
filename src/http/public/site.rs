//! The public site of a service: its words, the looks of its organs, how often one may ask.

use std::collections::BTreeMap;

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
    pub looks: BTreeMap<Dir3, Look>,
    /// How often one address may ask.
    pub limits: RateLimits,
    /// Draws the pages of files that are compared.
    pub renderer: Renderer,
}

impl Site {
    /// The looks of an organ.
    pub(super) fn look(&self, organ: &Dir3) -> Option<&Look> {
        self.looks.get(organ)
    }

    /// Where an organ's coat of arms is, if it has one.
    pub(super) fn coat_of_arms(&self, organ: &Dir3) -> Option<String> {
        self.look(organ)?.coat_of_arms.as_ref()?;
        Some(format!("/organs/{organ}/coat-of-arms.svg"))
    }
}
