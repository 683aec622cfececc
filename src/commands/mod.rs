//! What the commands work on that need no whole service: each gathers its facts, compares, or edits the
//! operator's files, and [`crate::cli`] says the outcome.
//!
//! Those that look: `inventory` (`segell seals`), `matrix` (`seals check`), `examine` (`check-config`), `doctor`,
//! `letter` (`report`), `archive`, `audit`. Those that change files: `renewal` (`seals add`, `plan`, `promote`,
//! `rollback`, `retire`), `roster` (`organs import`), `keys`, `trust`.
#![expect(
    clippy::disallowed_methods,
    reason = "the operator's files are read and written here, and the clock is looked at"
)]

pub(crate) mod archive;
pub(crate) mod audit;
pub(crate) mod doctor;
pub(crate) mod examine;
pub(crate) mod inventory;
pub(crate) mod keys;
pub(crate) mod letter;
pub(crate) mod matrix;
pub(crate) mod renewal;
pub(crate) mod roster;
pub(crate) mod trust;
