//! The public site as the settings describe it: its words, its limits, whose word about addresses counts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::cli::inventory::Trouble;
use crate::cli::{Exit, Failure};
use crate::http::{Look, Looks, Network, RateLimits, Site, Texts};
use crate::model::{Dir3, Language};
use crate::raster::Renderer;
use crate::settings::Settings;

/// Opens the site.
pub(crate) fn open(settings: &Settings, looks: BTreeMap<Dir3, Look>) -> Result<Site, Failure> {
    let public = &settings.public;
    let said = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let overrides = match &public.texts {
        Some(folder) => own_texts(folder)?,
        None => Vec::new(),
    };
    let texts = Texts::new(&overrides).map_err(|fault| {
        Failure::new(Exit::Usage, format!("public.texts: {fault}"))
            .with_next_step("correct the file; the messages there are stand in the program's own")
    })?;
    Ok(Site {
        texts: texts.of(said(&public.operator), said(&public.contact)),
        looks: Arc::new(Looks::new(looks)),
        limits: limits(settings)?,
        renderer: Renderer {
            program: this_program()?,
            memory: public.compare_memory.bytes() as u64,
            time: Duration::from_secs(public.compare_seconds),
        },
    })
}

/// Where Linux keeps the program that a process runs, even when an upgrade has replaced its file.
const RUNNING: &str = "/proc/self/exe";

/// This program, to be started again for drawing.
fn this_program() -> Result<PathBuf, Failure> {
    let running = PathBuf::from(RUNNING);
    if running.exists() {
        return Ok(running);
    }
    std::env::current_exe().map_err(|error| {
        Failure::new(
            Exit::Trouble,
            format!("the program does not find itself: {error}"),
        )
    })
}

/// Behind a proxy that is not named, every citizen would seem to be that proxy.
pub(crate) fn concern(settings: &Settings) -> Option<Trouble> {
    unnamed_proxy(settings).then(|| Trouble {
        code: "proxy-unnamed",
        cause: "the proxy in front is not named, so the limits of [public] are off".to_owned(),
        next_step: "write its address into server.trusted_proxies".to_owned(),
    })
}

fn unnamed_proxy(settings: &Settings) -> bool {
    settings.server.behind_proxy && settings.server.trusted_proxies.is_empty()
}

/// How often one address may ask.
fn limits(settings: &Settings) -> Result<RateLimits, Failure> {
    let proxies = settings.server.trusted_proxies.iter();
    let trusted_proxies = proxies
        .map(|text| {
            text.parse::<Network>().map_err(|error| {
                Failure::new(
                    Exit::Usage,
                    format!("server.trusted_proxies: \"{text}\" is {error}"),
                )
            })
        })
        .collect::<Result<_, _>>()?;
    if unnamed_proxy(settings) {
        return Ok(RateLimits::default());
    }
    let public = &settings.public;
    Ok(RateLimits {
        look_ups_per_minute: public.look_ups_per_minute,
        look_ups_per_hour: public.look_ups_per_hour,
        files_per_minute: public.files_per_minute,
        receipts_per_hour: public.receipts_per_hour,
        trusted_proxies,
    })
}

/// The service's own words: a file per language, those that are there.
fn own_texts(folder: &Path) -> Result<Vec<(Language, String)>, Failure> {
    let mut texts = Vec::new();
    for language in Language::ALL {
        let path = folder.join(format!("{}.ftl", language.tag()));
        match std::fs::read_to_string(&path) {
            Ok(text) => texts.push((language, text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::file(&path, "read", &error)),
        }
    }
    if texts.is_empty() {
        let folder = folder.display();
        return Err(Failure::new(
            Exit::Usage,
            format!("public.texts: {folder} holds no ca.ftl, es.ftl, oc-aranes.ftl or en.ftl"),
        ));
    }
    Ok(texts)
}
