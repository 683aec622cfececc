//! `segell seals`: the inventory, its checks, and seals on their way from one to the next.

pub mod addition;
pub mod arguments;
pub mod check;
pub mod passphrase;
pub mod plan;
pub mod step;

use std::io::Write;

pub use self::arguments::{CheckArguments, SealsCommand};
use super::arguments::Format;
use super::failure::{Exit, Failure};
use super::inventory::{Inventory, State};
use super::write_json;

/// Lists the seals. Fails when a seal is not loaded or ends within 30 days, so that a monitor can
/// call it.
pub fn list(inventory: &Inventory, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    if format.json {
        write_json(out, inventory)?;
    } else {
        inventory.write(out)?;
        writeln!(out)?;
        writeln!(out, "{}", inventory.summary())?;
    }
    if inventory.seals.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            format!("there is no organ in {}", inventory.folder),
        )
        .with_next_step(
            "put one file per organ there, in the shape of those in certs-example/organs, or set \
             organs.folder",
        ));
    }
    if inventory.is_pressing() {
        let count = |state| {
            inventory
                .seals
                .iter()
                .filter(|row| row.state == state)
                .count()
        };
        return Err(Failure::new(
            Exit::Refused,
            format!(
                "{} not loaded, {} ending within 30 days",
                count(State::Bad),
                count(State::Critical)
            ),
        ));
    }
    Ok(())
}
