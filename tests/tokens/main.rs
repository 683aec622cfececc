//! The keys of seals in a running service: changed, lost and found again. On tokens: SoftHSM2 (Debian) behind the real program, and pdfsig and pyHanko as judges of
//! what it seals.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "these tests read and write files, and one tells how long it took"
)]

#[path = "../support/mod.rs"]
mod support;

mod preserved;
mod renewal;
mod sealing;
mod sessions;
mod softhsm;
mod succession;
