//! Opening a source: what must hold before anything is looked at, and the repairs that readers make.

use std::sync::atomic::AtomicUsize;

use bytes::Bytes;
use lopdf::{Object, ObjectId};

use super::budget::Budget;
use super::cross_reference::{Basis, CrossReferences};
use super::loader::{self, Loaded};
use super::source::Page;
use super::{Limits, PdfError, SourcePdf, page_tree, rebuild, survey};
use crate::model::Deadline;

impl SourcePdf {
    /// Opens `bytes`.
    ///
    /// Cross-reference data that cannot be followed, or that misses an object which the document
    /// needs, is rebuilt by scanning, as readers do; [`super::facts::SourceFacts::repaired`] says so.
    ///
    /// # Errors
    /// The named refusals of [`PdfError`] that need no policy.
    pub fn open(bytes: Bytes, limits: &Limits, deadline: &Deadline) -> Result<Self, PdfError> {
        check_header(&bytes)?;
        let mut budget = Budget::new(limits, deadline);
        let draft = match CrossReferences::read(&bytes, &mut budget)? {
            // Who believes the table sees no document here, who scans the file sees one: it cannot be
            // said which of them the source is.
            Some(references) if references.denies_catalog() => {
                return Err(PdfError::Damaged(
                    "the cross-reference data says that there is no catalog",
                ));
            }
            Some(references) => match Draft::load(&bytes, references, &mut budget) {
                Ok(draft) if !draft.misses_objects() => draft,
                Ok(_) => Draft::rebuild(&bytes, &mut budget)?,
                Err(refusal @ (PdfError::Damaged(_) | PdfError::NoPages)) => {
                    Draft::rebuild(&bytes, &mut budget).map_err(|_| refusal)?
                }
                Err(refusal) => return Err(refusal),
            },
            None => Draft::rebuild(&bytes, &mut budget)?,
        };
        draft.finish(bytes, limits, deadline, &budget)
    }
}

/// `%PDF-1.4` at byte 0 (ISO 32000-2, 7.5.2): every offset counts from there.
pub(super) fn check_header(bytes: &[u8]) -> Result<(), PdfError> {
    const SEARCHED: usize = 1 << 20;
    if bytes.starts_with(b"%PDF-") {
        return Ok(());
    }
    let start = bytes.get(..SEARCHED).unwrap_or(bytes);
    match memchr::memmem::find(start, b"%PDF-") {
        Some(junk) => Err(PdfError::JunkBeforeHeader(junk)),
        None => Err(PdfError::NotPdf),
    }
}

/// A document read in one of two ways.
struct Draft {
    references: CrossReferences,
    loaded: Loaded,
    catalog: ObjectId,
    pages: Vec<Page>,
    reached: survey::Reached,
}

impl Draft {
    fn load(
        bytes: &[u8],
        mut references: CrossReferences,
        budget: &mut Budget<'_>,
    ) -> Result<Self, PdfError> {
        let loaded = loader::load(bytes, &mut references, budget)?;
        let root = references.trailer.get(b"Root").ok();
        let Some(Object::Reference(root)) = root else {
            return Err(PdfError::Damaged("no catalog"));
        };
        let catalog = *root;
        let Some(Object::Dictionary(dictionary)) = loaded.objects.get(&catalog) else {
            return Err(PdfError::Damaged("no catalog"));
        };
        let pages = page_tree::walk(&loaded.objects, dictionary, budget)?;
        let reached = survey::reach(&references.trailer, &loaded.objects, budget)?;
        Ok(Self {
            references,
            loaded,
            catalog,
            pages,
            reached,
        })
    }

    fn rebuild(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Self, PdfError> {
        match rebuild::rebuild(bytes, budget)? {
            Some(references) => Self::load(bytes, references, budget),
            None => Err(PdfError::Damaged("no cross-reference data and no catalog")),
        }
    }

    /// Whether the document refers to an object that its entry does not lead to.
    fn misses_objects(&self) -> bool {
        self.references.basis != Basis::Rebuilt
            && self
                .reached
                .missing
                .iter()
                .any(|id| self.loaded.lost.contains(&id.0))
    }

    fn finish(
        self,
        bytes: Bytes,
        limits: &Limits,
        deadline: &Deadline,
        budget: &Budget<'_>,
    ) -> Result<SourcePdf, PdfError> {
        let mut source = SourcePdf {
            bytes,
            objects: self.loaded.objects,
            streams: self.loaded.streams,
            references: self.references,
            catalog: self.catalog,
            cipher: self.loaded.cipher,
            pages: self.pages,
            facts: super::SourceFacts::default(),
            limits: limits.clone(),
            deadline: deadline.clone(),
            inflated: AtomicUsize::new(budget.inflated()),
        };
        source.facts = survey::facts(
            &source,
            &self.reached,
            &self.loaded.containers,
            self.loaded.encryption,
        )?;
        Ok(source)
    }
}
