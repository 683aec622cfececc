//! Facts about a source, collected in bounded walks over its objects.

mod reachability;

use std::collections::BTreeSet;

pub(super) use reachability::{Reached, reach};

use super::facts::Encryption;
use super::{PdfError, SourceFacts, SourcePdf};

pub(super) fn facts(
    source: &SourcePdf,
    reached: &Reached,
    containers: &BTreeSet<u32>,
    encryption: Option<Encryption>,
) -> Result<SourceFacts, PdfError> {
    let _ = (reached, containers);
    Ok(SourceFacts {
        pages: source.pages.len() as u32,
        objects: source.objects.len() as u32,
        cross_reference: source.references.form,
        encryption,
        ..SourceFacts::default()
    })
}
