//! `segell batch`: every PDF below a folder, many at once, sealed or judged. What is done is written down as
//! it is finished, and passed over the next time; what fails stops nothing else.

pub mod arguments;
mod copies_folder;
mod crew;
mod folder;
mod manifest;
mod run;
pub mod seal;
mod tally;
pub mod validate;

pub use arguments::BatchCommand;
pub use run::Batch;
