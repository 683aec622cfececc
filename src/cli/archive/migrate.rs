//! `segell archive migrate`: everything into another archive.

use std::io::Write;

use super::{refuse_conflicts, transfer_as_json, under_bar};
use crate::archive::Archive;
use crate::cli::arguments::Format;
use crate::cli::failure::Failure;
use crate::cli::table::{Paint, STRONG};
use crate::cli::write_json;

/// Copies everything from one archive into another.
pub fn run(
    from: &Archive,
    to: &Archive,
    address: &str,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let transfer = under_bar("copying", |progress| from.transfer(to, progress))?;
    if format.json {
        write_json(out, &transfer_as_json(&transfer))?;
    } else {
        let green = Paint::Green.style();
        writeln!(
            out,
            "{green}✔{green:#} {STRONG}{} object(s){STRONG:#} are in {address}, {} bytes, every one read back",
            transfer.objects, transfer.bytes
        )?;
        if transfer.already > 0 {
            writeln!(out, "  {} were there already", transfer.already)?;
        }
        writeln!(
            out,
            "  when nothing is written here any more: the same once more, then set archive.url"
        )?;
    }
    refuse_conflicts(&transfer)
}
