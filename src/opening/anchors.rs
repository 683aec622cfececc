//! The anchors for both purposes, opened, and what the operator should know about them.

use std::path::Path;

use jiff::Timestamp;

use super::trust::{self, TrustFault};
use crate::cli::inventory::Trouble;
use crate::cli::{Exit, Failure};
use crate::pki::trust_list::Purpose;
use crate::pki::{Anchors, ListState, TrustState, is_example_material};
use crate::settings::{Profile, Settings};

/// Anchors, and what the operator should know about them.
#[derive(Default)]
pub(crate) struct OpenedAnchors {
    /// Issuers of seals.
    pub(crate) seals: Anchors,
    /// Issuers of timestamps.
    pub(crate) timestamps: Anchors,
    /// What does not stop anything.
    pub(crate) concerns: Vec<Trouble>,
}

/// Reads the issuers trusted for seals and for timestamps. A folder without any for seals is a concern,
/// since everything but sealing works; one for timestamps may be absent. A file that cannot be understood
/// is not passed over.
pub(crate) fn open_anchors(settings: &Settings, now: Timestamp) -> Result<OpenedAnchors, Failure> {
    let mut concerns = Vec::new();
    let seals = match open(settings.profile, &settings.trust.seals, Purpose::Seals)? {
        Ok(anchors) => anchors,
        Err(absent) => {
            concerns.push(Trouble {
                code: "no-anchors",
                cause: absent.to_string(),
                next_step:
                    "put the certificates of the issuers you trust there (PEM), import a trusted \
                            list (`segell trust import`), or set trust.seals"
                        .to_owned(),
            });
            Anchors::default()
        }
    };
    let timestamps = match &settings.trust.timestamps {
        Some(folder) => open(settings.profile, folder, Purpose::Timestamps)?.unwrap_or_default(),
        None => Anchors::default(),
    };
    let lists = TrustState::of(&seals, &timestamps).lists;
    concerns.extend(lists.iter().filter(|list| list.is_stale(now)).map(stale));
    Ok(OpenedAnchors {
        seals,
        timestamps,
        concerns,
    })
}

/// The anchors of a folder, or why there are none.
fn open(
    profile: Profile,
    folder: &Path,
    purpose: Purpose,
) -> Result<Result<Anchors, TrustFault>, Failure> {
    let anchors = match trust::anchors(folder, purpose) {
        Ok(anchors) => anchors,
        Err(absent @ (TrustFault::Missing { .. } | TrustFault::Empty { .. })) => {
            return Ok(Err(absent));
        }
        Err(fault) => {
            let step = match fault {
                TrustFault::NotAsImported { .. } => {
                    "import the list again (`segell trust import`), or remove the file".to_owned()
                }
                _ => format!(
                    "correct or remove the file, or set trust.{} to another folder",
                    purpose.word()
                ),
            };
            return Err(Failure::new(Exit::Usage, fault.to_string()).with_next_step(step));
        }
    };
    refuse_example(profile, folder, &anchors)?;
    Ok(Ok(anchors))
}

/// Whoever trusts the example authorities trusts everybody: their private keys are public.
fn refuse_example(profile: Profile, folder: &Path, anchors: &Anchors) -> Result<(), Failure> {
    if profile == Profile::Evaluation || !is_example_material(&anchors.der()) {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!(
            "{} holds an authority of certs-example, whose private key is public",
            folder.display()
        ),
    )
    .with_next_step("remove it, or name another folder under [trust]"))
}

fn stale(list: &ListState) -> Trouble {
    let due = list.next_update.map_or_else(
        || "it was closed".to_owned(),
        |next| format!("the next was due on {}", day(next)),
    );
    Trouble {
        code: "trusted-list-stale",
        cause: format!(
            "the anchors for {} from the trusted list of {} are stale: number {}, issued on {}, {due}",
            list.purpose.word(),
            list.territory,
            list.sequence,
            day(list.issued)
        ),
        next_step: "fetch the current list and import it (`segell trust import`)".to_owned(),
    }
}

/// One line per list, for those who read logs.
pub(crate) fn log_trust(trust: &TrustState, now: Timestamp) {
    tracing::info!(
        seals = trust.seals,
        timestamps = trust.timestamps,
        lists = trust.lists.len(),
        "anchors loaded"
    );
    for list in &trust.lists {
        tracing::info!(
            territory = list.territory,
            purpose = list.purpose.word(),
            sequence = list.sequence,
            days_old = list.days_old(now),
            stale = list.is_stale(now),
            "trusted list loaded"
        );
    }
}

/// Anchors in a sentence: how many, and how old the lists are that they come from.
pub(crate) fn summary(anchors: &Anchors, folder: &Path, now: Timestamp) -> String {
    let mut text = format!("{} certificate(s) in {}", anchors.len(), folder.display());
    for list in anchors.lists() {
        let state = if list.is_stale(now) { ", STALE" } else { "" };
        text.push_str(&format!(
            "; trusted list of {}, number {}, {} day(s) old{state}",
            list.territory,
            list.sequence,
            list.days_old(now)
        ));
    }
    text
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
