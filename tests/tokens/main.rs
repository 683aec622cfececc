//! Seal keys on tokens: SoftHSM2 (Debian) behind the real program, and pdfsig and pyHanko as judges of
//! what it seals.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests read and write files"
)]

#[path = "../support/mod.rs"]
mod support;

mod sealing;
mod sessions;
mod softhsm;
