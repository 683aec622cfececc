//! What every test of the running product needs: the corpus, the tools and the service itself.
//!
//! A suite takes it in with `#[path = "../support/mod.rs"] mod support;`.
#![allow(
    dead_code,
    clippy::print_stderr,
    reason = "every suite uses its own part of this, which says aloud what it leaves out"
)]

pub(crate) mod additions;
pub(crate) mod corpus;
pub(crate) mod decades;
pub(crate) mod logs;
pub(crate) mod office;
pub(crate) mod paper;
pub(crate) mod pki_service;
pub(crate) mod service;
pub(crate) mod tools;

use std::path::{Path, PathBuf};

/// The root of this package.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder in which cargo builds, where tests may leave what a person wants to look at.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the temporary folder lies inside the target folder")
        .to_owned()
}

/// Whether a switch of the environment is on.
pub(crate) fn required(switch: &str) -> bool {
    std::env::var_os(switch).is_some_and(|value| value == "1")
}
