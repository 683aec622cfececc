//! The band on every page.

use std::collections::HashSet;
use std::sync::Arc;

use lopdf::{Dictionary, Object, ObjectId};

use super::annotations::{self, Settled};
use super::deflate::Deflater;
use super::enclosure::{Encloser, Enclosure};
use super::forms::Forms;
use super::geometry::{Area, Grown, Matrix, RIM, Sheet};
use super::ink::Content;
use super::layout::{RULE, Run, Setter};
use super::old_signatures::OldSignatures;
use super::plan::{Plan, Planner};
use super::resources::{Banding, Names, Needs, ResourcePool};
use super::test_ground::{Paper, TestGrounds};
use super::{BandOptions, BandReport, page_boxes};
use crate::pdf::source::Page;
use crate::pdf::typeface::Typeface;
use crate::pdf::{PdfError, Update};

/// How far the ground reaches over the edges of the paper, points: no edge is half covered.
const OVERLAP: f64 = 2.0;

/// Marks what the band draws as no part of the text (ISO 32000-2, 14.8.2.2.2).
const ARTIFACT: &str = "/Artifact<</Type/Pagination/Subtype/Footer>>BDC\n";

/// Draws bands on pages, and keeps what they share.
pub(super) struct PagePainter<'a, 'u, 's> {
    pub(super) update: &'u mut Update<'s>,
    typeface: &'a Typeface,
    planner: Planner<'a>,
    forms: Forms<'a>,
    deflater: Deflater,
    options: BandOptions,
    pages: u32,
    is_test: bool,
    tagged: bool,
    encloser: Encloser,
    resources: ResourcePool,
    grounds: TestGrounds,
    old_signatures: OldSignatures,
    /// A page may hang in the tree twice; it gets its band once.
    done: HashSet<ObjectId>,
    report: BandReport,
}

impl<'a, 'u, 's> PagePainter<'a, 'u, 's> {
    pub(super) fn new(
        update: &'u mut Update<'s>,
        setter: Setter<'a>,
        forms: Forms<'a>,
        deflater: Deflater,
        options: BandOptions,
        old_signatures: OldSignatures,
    ) -> Self {
        let tagged = update.source().facts().tagged;
        Self {
            update,
            typeface: setter.typeface,
            forms,
            deflater,
            options,
            pages: setter.pages,
            is_test: setter.legend.test_mark.is_some(),
            tagged,
            planner: Planner::new(setter, options.placement),
            encloser: Encloser::default(),
            resources: ResourcePool::default(),
            grounds: TestGrounds::default(),
            old_signatures,
            done: HashSet::new(),
            report: BandReport {
                printed_scale_per_mille: 1000,
                ..BandReport::default()
            },
        }
    }

    /// What was done.
    pub(super) fn into_report(mut self) -> BandReport {
        self.report.pages = self.pages;
        self.report
    }

    /// Draws the band on `page`, 1-based `number`.
    ///
    /// # Errors
    /// As [`super::draw`].
    pub(super) fn paint(&mut self, page: &Page, number: u32) -> Result<(), PdfError> {
        if !self.begin(page)? {
            return Ok(());
        }
        let no_room = PdfError::PageNoRoom { page: number };
        let sheet = Sheet::of(page).ok_or(no_room.clone())?;
        let plan = self.planner.plan(&sheet)?.ok_or(no_room.clone())?;
        let grown = plan.grow(&sheet).ok_or(no_room)?;

        let mut dictionary = self.dictionary(page);
        let settled = self.settle(&dictionary, &grown, number)?;
        let enclosure =
            self.encloser
                .enclose(self.update, &mut self.deflater, page, grown.clip())?;

        let (resources, names) =
            self.resources(page, Some((&plan, &grown)), &enclosure, &settled)?;
        let mut content = self.old_contents(&grown, &enclosure, &settled, &names);
        self.band(&mut content, &plan, &grown, &names, number)?;
        self.set_contents(&mut dictionary, &enclosure, content);
        dictionary.set("Resources", resources);
        page_boxes::set(&mut dictionary, page, &grown);
        // Nothing is left to inherit: readers differ over damaged page trees.
        dictionary.set("Type", "Page");
        dictionary.set("Rotate", i64::from(page.rotate));
        // It shows the page without its band.
        dictionary.remove(b"Thumb");
        if let Some(annotations) = &settled.annotations {
            dictionary.set("Annots", annotations.clone());
        }
        self.update.set(page.id, dictionary);
        let per_mille = (plan.printed * 1000.0).round() as u32;
        let report = &mut self.report;
        report.printed_scale_per_mille = report.printed_scale_per_mille.min(per_mille);
        if plan.compact {
            report.compact_pages.push(number);
        }
        self.note(number, &enclosure, &settled);
        Ok(())
    }

    /// Leaves `page`, 1-based `number`, as it is, but for the old signatures: what they show becomes
    /// contents.
    ///
    /// # Errors
    /// As [`super::draw`].
    pub(super) fn keep(&mut self, page: &Page, number: u32) -> Result<(), PdfError> {
        if self.old_signatures.is_empty() || !self.begin(page)? {
            return Ok(());
        }
        let no_room = PdfError::PageNoRoom { page: number };
        let grown = Sheet::of(page).and_then(|sheet| sheet.grown(0.0, 0.0));
        let grown = grown.ok_or(no_room)?;
        let mut dictionary = self.dictionary(page);
        let settled = self.settle(&dictionary, &grown, number)?;
        let Some(annotations) = &settled.annotations else {
            return Ok(());
        };
        dictionary.set("Annots", annotations.clone());
        if !settled.flattened.is_empty() {
            let enclosure =
                self.encloser
                    .enclose(self.update, &mut self.deflater, page, grown.clip())?;
            let (resources, names) = self.resources(page, None, &enclosure, &settled)?;
            let content = self.old_contents(&grown, &enclosure, &settled, &names);
            self.set_contents(&mut dictionary, &enclosure, content);
            dictionary.set("Resources", resources);
            self.note(number, &enclosure, &settled);
        }
        self.update.set(page.id, dictionary);
        Ok(())
    }

    /// Whether `page` is still to be done.
    fn begin(&mut self, page: &Page) -> Result<bool, PdfError> {
        if self.update.source().deadline().has_passed() {
            return Err(PdfError::OutOfTime);
        }
        Ok(self.done.insert(page.id))
    }

    fn dictionary(&self, page: &Page) -> Dictionary {
        match self.update.current(page.id) {
            Some(Object::Dictionary(dictionary)) => dictionary.clone(),
            _ => page.dictionary.clone(),
        }
    }

    fn settle(
        &mut self,
        page: &Dictionary,
        grown: &Grown,
        number: u32,
    ) -> Result<Settled, PdfError> {
        let flatten = self.options.flatten_outside;
        annotations::settle(
            self.update,
            page,
            grown,
            number,
            flatten,
            &self.old_signatures,
        )
    }

    /// The old contents and `own`, which follows them.
    fn set_contents(&mut self, page: &mut Dictionary, enclosure: &Enclosure, own: Content) {
        let own = self.update.add_stream(Dictionary::new(), own.0);
        let contents: Vec<Object> = match enclosure {
            Enclosure::InPlace { streams, .. } => streams
                .iter()
                .copied()
                .chain([own])
                .map(Object::Reference)
                .collect(),
            Enclosure::Nothing | Enclosure::Form(_) => vec![Object::Reference(own)],
        };
        page.set("Contents", contents);
    }

    fn note(&mut self, number: u32, enclosure: &Enclosure, settled: &Settled) {
        let report = &mut self.report;
        if matches!(enclosure, Enclosure::Form(_)) {
            report.isolated_pages.push(number);
        }
        if settled.changed {
            report.flattened_pages.push(number);
        }
    }

    fn resources(
        &mut self,
        page: &Page,
        band: Option<(&Plan, &Grown)>,
        enclosure: &Enclosure,
        settled: &Settled,
    ) -> Result<(Object, Names), PdfError> {
        let mut under = Vec::new();
        if let Enclosure::Form(form) = enclosure {
            under.push((*form, None));
        }
        for flattened in &settled.flattened {
            under.push((flattened.form, flattened.layer.clone()));
        }
        let banding = match band {
            Some((plan, grown)) => Some(self.banding(plan, grown)?),
            None => None,
        };
        let needs = Needs { banding, under };
        let own = page.dictionary.get(b"Resources");
        let inline = matches!(own, Ok(Object::Dictionary(_))) || !needs.under.is_empty();
        // A form has the page's resources, so the page itself needs only the band's.
        let original = match enclosure {
            Enclosure::Form(_) => Arc::new(Object::Null),
            _ => Arc::clone(&page.resources),
        };
        Ok(self
            .resources
            .extend(self.update, &original, inline, &needs))
    }

    fn banding(&mut self, plan: &Plan, grown: &Grown) -> Result<Banding, PdfError> {
        let ink = self.forms.ink;
        Ok(Banding {
            band: self
                .forms
                .band(self.update, &mut self.deflater, &plan.layout)?,
            ground: self.is_test.then(|| {
                let paper = Paper::of(grown, plan.scale);
                self.grounds
                    .form(self.update, &mut self.deflater, paper, ink)
            }),
            font: self.forms.fonts.text,
            gray: ink.color_space(),
        })
    }

    /// What ends the old contents, or draws them, and what was flattened onto them.
    fn old_contents(
        &self,
        grown: &Grown,
        enclosure: &Enclosure,
        settled: &Settled,
        names: &Names,
    ) -> Content {
        let mut content = Content::default();
        let mut under = names.under.iter();
        match enclosure {
            Enclosure::Nothing => {}
            Enclosure::InPlace { open_saves, .. } => {
                content.raw("\n");
                for _ in 0..=*open_saves {
                    content.raw("Q\n");
                }
            }
            Enclosure::Form(_) => {
                if let Some((name, _)) = under.next() {
                    content.raw(&format!("q /{name} Do Q\n"));
                }
            }
        }
        for (flattened, (name, layer)) in settled.flattened.iter().zip(under) {
            self.flattened(
                &mut content,
                grown.clip(),
                flattened.matrix,
                name,
                layer.as_deref(),
            );
        }
        content
    }

    fn flattened(
        &self,
        content: &mut Content,
        clip: Area,
        matrix: Matrix,
        name: &str,
        layer: Option<&str>,
    ) {
        if self.tagged {
            content.raw("/Artifact BMC\n");
        }
        if let Some(layer) = layer {
            content.raw(&format!("/OC /{layer} BDC\n"));
        }
        content.raw("q\n");
        content.rectangle(clip);
        content.raw("W n\n");
        content.concatenate_exactly(matrix);
        content.raw(&format!("/{name} Do Q\n"));
        for _ in 0..usize::from(layer.is_some()) + usize::from(self.tagged) {
            content.raw("EMC\n");
        }
    }

    fn band(
        &self,
        content: &mut Content,
        plan: &Plan,
        grown: &Grown,
        names: &Names,
        number: u32,
    ) -> Result<(), PdfError> {
        let ink = self.forms.ink;
        let layout = &plan.layout;
        let scale = plan.scale;
        // From points on the sheet to the layout.
        let below = grown.bottom / scale - layout.height;
        let [width, height, side] = [grown.width(), grown.height(), grown.side].map(|v| v / scale);
        let (rim, overlap) = (RIM / scale, OVERLAP / scale);
        let outer = Area {
            left: -overlap,
            bottom: -below - overlap,
            right: width + overlap,
            top: height - below + overlap,
        };
        let old = Area {
            left: side - rim,
            bottom: layout.height - rim,
            right: width - side + rim,
            top: outer.top,
        };

        if self.tagged {
            content.raw(ARTIFACT);
        }
        content.raw("q ");
        content.concatenate(plan.to_user(grown));
        ink.fill(content, &names.gray, 1);
        content.rectangle(outer);
        content.rectangle(old);
        content.raw("f*\n");
        if !names.ground.is_empty() {
            content.raw("q ");
            let points = Matrix([1.0 / scale, 0.0, 0.0, 1.0 / scale, 0.0, -below]);
            content.concatenate(points);
            content.raw(&format!("/{} Do Q\n", names.ground));
        }
        ink.fill(content, &names.gray, 0);
        content.op(
            &[
                layout.margin,
                layout.rule(),
                width - 2.0 * layout.margin,
                RULE,
            ],
            "re",
        );
        content.raw("f\n");
        content.raw(&format!("/{} Do\n", names.band));
        let text = layout
            .page
            .text
            .replace("{n}", &number.to_string())
            .replace("{m}", &self.pages.to_string());
        let run = Run {
            text,
            ..layout.page.clone()
        };
        if !run.text.is_empty() {
            content.text(self.typeface, &names.font, &run)?;
        }
        content.raw("Q\n");
        if self.tagged {
            content.raw("EMC\n");
        }
        Ok(())
    }
}
