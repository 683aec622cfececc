//! What the copies look like: a band drawn on a page, the page drawn as a picture, its QR symbol read back.
//! What breaks here breaks in silence: every copy is sound, and nobody can check one by its paper.

use std::collections::BTreeMap;

use super::{Scene, counted};
use crate::cli::doctor::{Line, State};
use crate::commands::examine::trouble;
use crate::model::{Code, Language};
use crate::opening::{self, site};
use crate::pdf::PdfError;
use crate::raster::Renderer;
use crate::seal::specimen::{Specimen, specimen};
use crate::seal::{LoadedSeal, Seat};

const WHAT: &str = "rendering";
/// Verification addresses tried, one organ for each.
const MOST_ADDRESSES: usize = 4;

/// Draws a page for each verification address, in every language, and reads the symbol of one back.
pub(super) fn rendering(scene: &Scene) -> Vec<Line> {
    let renderer = match site::open(&scene.settings, BTreeMap::new()) {
        Ok(site) => site.renderer,
        Err(failure) => return vec![Line::of_trouble(WHAT, State::Failed, trouble(failure))],
    };
    let seats = scene.organs.as_ref().map(|organs| organs.seats.as_slice());
    let mut by_address: BTreeMap<&str, (&Seat, &LoadedSeal)> = BTreeMap::new();
    for seat in seats.unwrap_or_default() {
        if let Ok(seal) = &seat.seal {
            let address = seat.organ.verification_address.as_str();
            by_address.entry(address).or_insert((seat, seal));
        }
    }
    if by_address.is_empty() {
        return vec![Line::new(WHAT, State::NotAsked, "no seal is loaded")];
    }
    let tried = by_address.len().min(MOST_ADDRESSES);
    let faults: Vec<Line> = by_address
        .into_values()
        .take(MOST_ADDRESSES)
        .filter_map(|(seat, seal)| look(scene, &renderer, seat, seal).err())
        .collect();
    if faults.is_empty() {
        let languages = Language::ALL.len();
        return vec![Line::ok(
            WHAT,
            format!(
                "bands in {languages} languages fit; the QR for {} is read back from a drawn page",
                match tried {
                    1 => "1 address".to_owned(),
                    number => format!("{number} addresses"),
                }
            ),
        )];
    }
    faults
}

fn look(scene: &Scene, renderer: &Renderer, seat: &Seat, seal: &LoadedSeal) -> Result<(), Line> {
    let organ = &seat.organ;
    let code = Code::for_test(&opening::random());
    let draw = |language| specimen(organ, &seal.typeface, language, &code, scene.now());
    let unfit = |error: PdfError| {
        Line::failed(
            WHAT,
            format!("the band of {} cannot be drawn: {error}", organ.dir3),
        )
        .with_next_step("look at the names in the organ's file: are they very long?")
    };
    for language in Language::ALL {
        draw(language).map_err(unfit)?;
    }
    let Specimen { pdf, address } = draw(organ.language).map_err(unfit)?;
    let step = "`segell seal` a document and scan it; then report this, with the copy";
    let undrawn = |why: String| {
        Line::failed(WHAT, format!("no page can be drawn: {why}"))
            .with_next_step("the program starts itself to draw: may it? (seccomp, noexec, memory)")
    };
    let said = renderer.read_symbols(&pdf);
    let said = said.map_err(|error| undrawn(error.to_string()))?;
    let seconds = renderer.time.as_secs();
    let said = said.ok_or_else(|| undrawn(format!("not within {seconds} s")))?;
    match said.as_slice() {
        [said] if *said == address => Ok(()),
        [] => Err(Line::failed(
            WHAT,
            format!("no QR can be read on a page of {}", organ.dir3),
        )
        .with_next_step(step)),
        several => Err(Line::failed(
            WHAT,
            format!(
                "{} on a page of {}, and not the one that was drawn",
                counted(several.len(), "QR symbol"),
                organ.dir3
            ),
        )
        .with_next_step(step)),
    }
}
