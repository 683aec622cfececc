//! `segell audit export`: a part of the log in a file.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::arguments::ExportArguments;
use crate::audit::export::{ExportError, Selection, export};
use crate::audit::verify::Sources;
use crate::cli::archive::of_error;
use crate::cli::failure::{Exit, Failure};
use crate::cli::write_json;

/// Runs the command. A file that is there is left as it is.
pub fn run(
    sources: &Sources<'_>,
    arguments: &ExportArguments,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let path: &Path = &arguments.out;
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let file = file.map_err(|error| Failure::file(path, "written", &error))?;
    let mut file = BufWriter::new(file);
    let selection = Selection {
        from: arguments.from,
        to: arguments.to,
        organ: arguments.organ.clone(),
    };
    let exported = export(sources, &selection, &mut file).map_err(|error| match error {
        ExportError::Archive(error) => of_error(&error),
        ExportError::Output(error) => Failure::file(path, "written", &error),
    })?;
    let written = file.into_inner().map_err(|error| error.into_error());
    written
        .and_then(|file| file.sync_all())
        .map_err(|error| Failure::file(path, "written", &error))?;
    if arguments.format.json {
        write_json(
            out,
            &serde_json::json!({
                "told": exported.told,
                "untold": exported.untold,
                "checkpoints": exported.checkpoints,
            }),
        )?;
    } else {
        writeln!(
            out,
            "{}: {} line(s), {} without what they say, {} checkpoint(s)",
            path.display(),
            exported.told,
            exported.untold,
            exported.checkpoints
        )?;
    }
    if exported.told == 0 {
        return Err(Failure::new(Exit::Refused, "there is no such line"));
    }
    Ok(())
}
