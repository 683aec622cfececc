//! The program as people run it: every command, its answer and its exit code.

mod copies;
mod service;
mod settings;
mod stage;
