//! The program as people run it: every command, its answer and its exit code.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "these tests read files, start the program and measure time"
)]

#[path = "../support/mod.rs"]
mod support;

mod authorities;
mod copies;
mod councils;
mod inspection;
mod keys;
mod seals;
mod service;
mod settings;
mod stage;
mod trust;
