//! The rename guard: counterparts know a seal by its name, NIF and class, and load its renewal by themselves
//! only while these stay.

use jiff::SignedDuration;

use super::{Ground, Warning};
use crate::seal::{Seat, succession};

/// How long a change is news: by then the counterparts have the new forms or copies were refused.
const NEWS: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The certificate in use has another name, NIF or class than the one before it.
pub(super) fn renamed(seat: &Seat, ground: &Ground<'_>) -> Option<Warning> {
    let current = seat.seal.as_ref().ok()?.key.facts();
    if ground.now.duration_since(current.not_before) > NEWS {
        return None;
    }
    let others = succession::others(seat, &ground.seats, ground.registered);
    let before = succession::predecessor(current, others)?;
    let changes = before.changes_in(current);
    let [_, ..] = changes.as_slice() else {
        return None;
    };
    let changes: Vec<String> = changes
        .iter()
        .map(|change| {
            format!(
                "{} \u{201c}{}\u{201d}, before \u{201c}{}\u{201d}",
                change.what, change.after, change.before
            )
        })
        .collect();
    Some(Warning::about_seal(
        seat,
        current,
        "seal-renamed",
        format!("the renewed seal is another one: {}", changes.join("; ")),
        "Operator: send the forms of every counterpart again with the new certificate; they load a \
         renewal by themselves only while its name stays.",
    ))
}
