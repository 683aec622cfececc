//! Signature levels above B-B: how a copy reaches them, what becomes of it when it cannot, and what others
//! say of it.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests read and write files and start programs"
)]

#[path = "../support/mod.rs"]
mod support;

mod authority;
mod lowering;
mod past;
mod preserved;
mod preserving;
mod races;
mod revocation;
mod service;
mod stages;
