//! What else is loaded from files while the service runs: whom to trust, who may call, the service's own
//! certificate. Each is exchanged whole, or not at all: what cannot be used leaves in use what was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::files::{Stamps, settled};
use super::{Caretaker, Doors, Occasion};
use crate::cli::{Exit, Failure};
use crate::commands::examine;
use crate::http::{PartReport, ReloadOutcome, ReloadReport, ReloadedPart, SealChanges};
use crate::model::Dir3;
use crate::opening::anchors::{OpenedAnchors, log_trust, open_anchors};
use crate::opening::{self, applications, audit, tls, trust};
use crate::pki::{Anchors, TrustState};
use crate::seal::warnings::Warning;
use crate::seal::{Organs, SealChange};
use crate::settings::Settings;
use crate::telemetry::measure;
use crate::validate::{Trust, TrustedSet};

/// The parts that are watched here, in the order in which one rests on another.
const WATCHED: [ReloadedPart; 3] = [
    ReloadedPart::Trust,
    ReloadedPart::Applications,
    ReloadedPart::Tls,
];

/// The parts whose files could not be used when they were last read: shared with who tells of them.
pub(crate) type Refusals = Arc<ArcSwap<BTreeMap<ReloadedPart, Warning>>>;

/// What is known of the files of these parts.
#[derive(Default)]
pub(super) struct Surroundings {
    /// Each as it was when it was last read.
    seen: BTreeMap<ReloadedPart, Stamps>,
    pub(super) refusals: Refusals,
}

impl Surroundings {
    /// Of files that were just read.
    pub(super) fn new(settings: &Settings) -> Self {
        let seen = WATCHED.map(|part| (part, files(settings, part)));
        Self {
            seen: seen.into(),
            refusals: Refusals::default(),
        }
    }
}

/// The files of a part, as they are now.
fn files(settings: &Settings, part: ReloadedPart) -> Stamps {
    let paths: Vec<PathBuf> = match part {
        ReloadedPart::Trust => {
            let folders = [
                Some(&settings.trust.seals),
                settings.trust.timestamps.as_ref(),
            ];
            let folders = folders.into_iter().flatten();
            folders
                .flat_map(|folder| trust::paths(folder).unwrap_or_default())
                .collect()
        }
        ReloadedPart::Applications => applications::files(settings),
        ReloadedPart::Tls => {
            let tls = &settings.tls;
            let named = [&tls.certificate, &tls.key_file, &tls.client_ca];
            named.into_iter().flatten().cloned().collect()
        }
        // The caretaker itself watches these.
        ReloadedPart::Organs => Vec::new(),
    };
    Stamps::of_files(paths)
}

impl Caretaker {
    /// Loads the parts whose files have changed.
    pub(super) fn look_around(&mut self, doors: &Doors) {
        for part in WATCHED {
            let settings = &self.charge.settings;
            let seen = self.surroundings.seen.get(&part);
            if !seen.is_some_and(|seen| settled(seen, || files(settings, part))) {
                continue;
            }
            tracing::info!(part = part.word(), "files have changed");
            let report = self.load(part, doors);
            // Whose issuer was not trusted may be sealed with now, and the other way round.
            if part == ReloadedPart::Trust && report.outcome == ReloadOutcome::Changed {
                self.reload(Occasion::Told);
            }
        }
    }

    /// Loads everything, whether or not it has changed.
    pub(super) fn reload_everything(&mut self, doors: &Doors) -> ReloadReport {
        let trust = self.load(ReloadedPart::Trust, doors);
        let before = self.charge.sealer.organs();
        self.reload(Occasion::Told);
        let seals = changes(&before, &self.charge.sealer.organs());
        let organs = self.organs_report(&seals);
        let applications = self.load(ReloadedPart::Applications, doors);
        let tls = self.load(ReloadedPart::Tls, doors);
        ReloadReport {
            parts: vec![trust, organs, applications, tls],
            seals,
            troubles: self.troubles.clone(),
        }
    }

    /// What came of loading the organs.
    fn organs_report(&self, seals: &SealChanges) -> PartReport {
        let part = ReloadedPart::Organs;
        let same = SealChanges {
            unchanged: seals.unchanged,
            ..SealChanges::default()
        };
        if self.unfinished {
            let folder = self.charge.settings.organs.folder.display();
            let failure = Failure::new(
                Exit::Trouble,
                format!("{folder} cannot be read, or its new seals cannot be registered"),
            );
            return self.note(part, false, Err(failure));
        }
        self.note(part, *seals != same, Ok(()))
    }

    /// Loads a part.
    fn load(&mut self, part: ReloadedPart, doors: &Doors) -> PartReport {
        // As they are before they are read: what changes meanwhile has changed.
        let now = files(&self.charge.settings, part);
        let outcome = match part {
            ReloadedPart::Trust => self.load_trust(),
            ReloadedPart::Applications => self.load_applications(doors),
            ReloadedPart::Tls => self.load_tls(doors),
            ReloadedPart::Organs => Ok(()),
        };
        let before = self.surroundings.seen.insert(part, now.clone());
        self.note(part, before.is_some_and(|before| before != now), outcome)
    }

    /// Tells what came of loading a part, and remembers a refusal until it is overcome.
    fn note(&self, part: ReloadedPart, changed: bool, outcome: Result<(), Failure>) -> PartReport {
        let mut refusals = BTreeMap::clone(&self.surroundings.refusals.load());
        let (outcome, cause) = match outcome.map_err(examine::trouble) {
            Ok(()) => {
                refusals.remove(&part);
                match changed {
                    true => (ReloadOutcome::Changed, None),
                    false => (ReloadOutcome::Unchanged, None),
                }
            }
            Err(trouble) => {
                tracing::error!(
                    part = part.word(),
                    code = part.refusal(),
                    cause = trouble.cause,
                    next_step = trouble.next_step,
                    "new files cannot be used; what was in use goes on"
                );
                let warning = Warning {
                    code: part.refusal(),
                    organ: None,
                    environment: None,
                    about: None,
                    fact: trouble.cause.clone(),
                    next_step: trouble.next_step,
                };
                refusals.insert(part, warning);
                (ReloadOutcome::Refused, Some(trouble.cause))
            }
        };
        self.surroundings.refusals.store(Arc::new(refusals));
        measure::reloaded(part.word(), outcome.word());
        PartReport {
            part,
            outcome,
            cause,
        }
    }

    /// Whom to trust. Folders that are suddenly empty were emptied by accident: whoever wants to trust nobody
    /// starts the service so.
    fn load_trust(&mut self) -> Result<(), Failure> {
        let now = (self.charge.clock)();
        let OpenedAnchors {
            seals, timestamps, ..
        } = open_anchors(&self.charge.settings, now)?;
        let trusted = self.charge.validator.trust();
        refuse_emptied(&self.charge.settings.trust.seals, &trusted.seals, &seals)?;
        if let Some(folder) = &self.charge.settings.trust.timestamps {
            refuse_emptied(folder, &trusted.timestamps, &timestamps)?;
        }
        log_trust(&TrustState::of(&seals, &timestamps), now);
        let (seals, timestamps) = (Arc::new(seals), Arc::new(timestamps));
        let trust = Trust {
            seals: TrustedSet::new(Arc::clone(&seals)),
            timestamps: TrustedSet::new(Arc::clone(&timestamps)),
        };
        let charge = &mut self.charge;
        charge.validator.replace_trust(trust.clone());
        charge.sealer.replace_trust(trust);
        charge
            .revocation
            .replace_anchors(vec![Arc::clone(&seals), Arc::clone(&timestamps)]);
        charge.timestamps.replace_anchors(Arc::clone(&timestamps));
        charge.anchors = seals;
        charge.timestamp_anchors = timestamps;
        Ok(())
    }

    /// Who may call.
    fn load_applications(&self, doors: &Doors) -> Result<(), Failure> {
        let codes = codes(&self.charge.sealer.organs());
        let registrations = opening::open_applications(&self.charge.settings, &codes)?;
        for unknown in opening::unknown_organs(&registrations, &codes) {
            tracing::warn!(
                cause = unknown.cause,
                next_step = unknown.next_step,
                "concern"
            );
        }
        tracing::info!(applications = registrations.len(), "applications loaded");
        audit::tell_applications(&self.auditor, &registrations);
        doors.state.replace_applications(registrations);
        Ok(())
    }

    /// The evaluation key is for every organ: those that came since are its own too.
    pub(super) fn admit_new_organs(&mut self, before: &Organs, doors: &Doors) {
        let evaluates = applications::admits_evaluation(&self.charge.settings);
        if evaluates && codes(before) != codes(&self.charge.sealer.organs()) {
            self.load(ReloadedPart::Applications, doors);
        }
    }

    /// The service's own certificate and key.
    fn load_tls(&self, doors: &Doors) -> Result<(), Failure> {
        let opened = tls::open(&self.charge.settings)?;
        if let (Some(current), Some(opened)) = (&doors.tls, opened) {
            let replaced = current.replace(opened);
            replaced.map_err(|fault| Failure::new(Exit::Usage, format!("[tls]: {fault}")))?;
        }
        Ok(())
    }
}

/// Refuses to go from some anchors to none.
fn refuse_emptied(folder: &Path, before: &TrustedSet, now: &Anchors) -> Result<(), Failure> {
    if before.anchors.is_empty() || !now.is_empty() {
        return Ok(());
    }
    let sentence = format!("{} holds no anchor any more", folder.display());
    Err(Failure::new(Exit::Usage, sentence).with_next_step(
        "put the certificates back; to trust nobody, start the service with the folder as it is",
    ))
}

/// The codes of the organs that are served, each once.
fn codes(organs: &Organs) -> Vec<Dir3> {
    let mut codes: Vec<Dir3> = organs.iter().map(|seat| seat.organ.dir3.clone()).collect();
    codes.dedup();
    codes
}

/// How many seals went which way.
fn changes(before: &Organs, after: &Organs) -> SealChanges {
    let mut changes = SealChanges::default();
    for (_, change) in before.changes_to(after) {
        match change {
            SealChange::Loaded(_) => changes.loaded += 1,
            SealChange::Renewed { .. } => changes.renewed += 1,
            SealChange::Same => changes.unchanged += 1,
            SealChange::Ended(_) => changes.ended += 1,
            SealChange::Retired(_) => changes.retired += 1,
            SealChange::Absent => {}
        }
    }
    changes
}
