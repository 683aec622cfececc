//! What the settings name, opened: organs and their seals, applications, keys of the service, anchors, archive,
//! audit log, authorities, the public site, TLS. An operator's files are read here; what is right and what is wrong
//! about them is decided in the rooms below, and the commands that change them are in [`crate::commands`].
//!
//! The service of [`crate::startup`] and the commands both open with this, each as much as it needs.
#![expect(
    clippy::disallowed_methods,
    reason = "this room reads the files that the settings name, and the clock"
)]

pub(crate) mod anchors;
pub(crate) mod applications;
pub(crate) mod audit;
pub(crate) mod authorities;
pub(crate) mod clock;
pub(crate) mod levels;
pub(crate) mod organ_file;
pub(crate) mod organs;
pub(crate) mod replacement;
pub(crate) mod seal_source;
pub(crate) mod service_keys;
pub(crate) mod site;
pub(crate) mod store_access;
pub(crate) mod tls;
pub(crate) mod trust;
pub(crate) mod tsv;

use std::path::PathBuf;

use jiff::Timestamp;
use tokio::runtime::{Handle, Runtime};

use self::organs::{LoadedOrgans, Terms, Unchanged};
use crate::archive::{Archive, ArchiveLocation, FactorKeys};
use crate::cli::archive::{of_error, progress_bar};
use crate::cli::inventory::Trouble;
use crate::cli::{Exit, Failure};
use crate::http::Registration;
use crate::model::Dir3;
use crate::pdf;
use crate::pki::Anchors;
use crate::seal::Seat;
use crate::settings::{Profile, Settings};
use crate::tokens::Tokens;

/// A progress bar is worth its place from so many seals on.
const MANY_SEALS: usize = 20;

/// The runtime that drives the archive and whatever goes out to authorities.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("archive")
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Trouble, format!("no threads can be had: {error}")))
}

/// Opens the archive and proves that it keeps what is created once.
pub(crate) fn open_archive(
    settings: &Settings,
    runtime: &Handle,
    now: Timestamp,
) -> Result<Archive, Failure> {
    open_archive_at(&settings.archive.url, settings, runtime, now)
}

/// The same with an archive at another address.
pub(crate) fn open_archive_at(
    address: &str,
    settings: &Settings,
    runtime: &Handle,
    now: Timestamp,
) -> Result<Archive, Failure> {
    let location: ArchiveLocation = address.parse().map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("archive.url is \"{address}\": {error}"),
        )
    })?;
    let access = store_access::of_process(&settings.archive);
    let factor_keys = service_keys::of_factors(settings)
        .map_err(|fault| Failure::new(Exit::Usage, fault.to_string()))?;
    let archive = Archive::open(&location, access.as_ref(), runtime.clone())
        .map_err(|error| of_error(&error))?
        .with_factor_keys(FactorKeys::new(factor_keys));
    archive.probe(now).map_err(|error| of_error(&error))?;
    Ok(archive)
}

/// Secret files that every user of this machine may read: worth a word in production.
pub(crate) fn exposed_secrets(settings: &Settings, seals: &[PathBuf]) -> Vec<Trouble> {
    if settings.profile == Profile::Evaluation {
        return Vec::new();
    }
    let codes = settings.codes.keys_file.iter();
    codes
        .chain(&settings.access.factor_keys_file)
        .chain(&settings.audit.keys_file)
        .chain(&settings.tls.key_file)
        .chain(authorities::secrets(settings))
        .filter(|path| organs::is_open_to_all(path))
        .chain(seals)
        .map(|path| Trouble {
            code: "secret-exposed",
            cause: format!("every user of this machine may read {}", path.display()),
            next_step: format!("chmod 400 {}", path.display()),
        })
        .collect()
}

/// Reads the folder of organs and opens their seals.
pub(crate) fn load_organs(
    settings: &Settings,
    anchors: &Anchors,
    tokens: &Tokens,
    now: Timestamp,
) -> Result<LoadedOrgans, Failure> {
    let folder = &settings.organs.folder;
    let files = organs::files(folder).map_err(|error| Failure::file(folder, "read", &error))?;
    let terms = Terms {
        profile: settings.profile,
        anchors,
        tokens,
        now,
    };
    let unchanged = Unchanged::new();
    if files.len() < MANY_SEALS {
        return Ok(organs::load(folder, &files, &terms, &unchanged, &|| {}));
    }
    let bar = progress_bar("opening seals");
    bar.set_length(files.len() as u64);
    let loaded = organs::load(folder, &files, &terms, &unchanged, &|| bar.inc(1));
    bar.finish_and_clear();
    Ok(loaded)
}

/// Reads who may call.
pub(crate) fn open_applications(
    settings: &Settings,
    organs: &[Dir3],
) -> Result<Vec<Registration>, Failure> {
    applications::load(settings, organs).map_err(|fault| {
        Failure::new(Exit::Usage, fault.to_string())
            .with_next_step("config/default.toml shows the shape of the file under [applications]")
    })
}

/// Applications that may ask for organs nobody knows.
pub(crate) fn unknown_organs(applications: &[Registration], organs: &[Dir3]) -> Vec<Trouble> {
    applications::unknown_organs(applications, organs)
        .into_iter()
        .map(|unknown| Trouble {
            code: "organ-unknown",
            cause: unknown.to_string(),
            next_step: "correct the code in the applications file, or add the organ's file"
                .to_owned(),
        })
        .collect()
}

/// Applications for which a seal is kept and that nobody knows.
pub(crate) fn unknown_applications(seats: &[Seat], applications: &[Registration]) -> Vec<Trouble> {
    applications::unknown_applications(seats, applications)
        .into_iter()
        .map(|unknown| Trouble {
            code: "application-unknown",
            cause: unknown.to_string(),
            next_step: "correct the id under [seal] applications, or add the application's record"
                .to_owned(),
        })
        .collect()
}

/// The limits that the PDF reader keeps.
pub(crate) fn source_limits(settings: &Settings) -> pdf::Limits {
    let limits = &settings.limits;
    pdf::Limits {
        pages: limits.pages,
        objects: limits.objects,
        nesting: limits.nesting,
        stream_bytes: limits.stream_bytes.bytes(),
        inflated_bytes: limits.inflated_bytes.bytes(),
        revisions: limits.revisions,
    }
}

/// Random bits from the operating system.
pub(crate) fn random() -> [u8; 32] {
    let mut bits = [0; 32];
    match getrandom::fill(&mut bits) {
        Ok(()) => bits,
        // A code that could be guessed is worse than no service.
        Err(_) => std::process::abort(),
    }
}
