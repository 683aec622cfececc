//! `segell trust signers`: who may sign the lists that a list of lists points to.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::{SignersArguments, tell};
use crate::cli::arguments::Format;
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{Column, Paint, Table};
use crate::cli::write_json;
use crate::model::Sha256Digest;
use crate::pki::trust_list::{ListKind, Pointer, Territory, TrustedList, pem};

/// What is answered to programs about one pointer.
#[derive(Serialize)]
struct PointerAnswer<'a> {
    territory: &'a Territory,
    operator: &'a str,
    location: &'a str,
    media_type: &'a str,
    signers: Vec<Sha256Digest>,
}

/// Runs the command.
pub fn run(
    arguments: &SignersArguments,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let list = super::read(&arguments.source, now)?;
    let Some(country) = &arguments.country else {
        return tell_pointers(&list, arguments.format, now, out);
    };
    let pointers: Vec<&Pointer> = list
        .pointers
        .iter()
        .filter(|pointer| pointer.territory == *country && pointer.is_for_machines())
        .collect();
    // The list of a state points to the list of lists, but does not speak for other states.
    let speaks = list.kind == ListKind::ListOfLists;
    if pointers.is_empty() || !speaks {
        let known: Vec<&str> = list
            .pointers
            .iter()
            .map(|pointer| pointer.territory.as_str())
            .collect();
        let step = match speaks {
            true => format!("operator: it points to {}", known.join(", ")),
            false => "operator: name the list of lists".to_owned(),
        };
        return Err(Failure::new(
            Exit::Refused,
            format!("the list does not say who signs the list of {country}"),
        )
        .with_next_step(step));
    }
    if arguments.format.json {
        let answers: Vec<_> = pointers.iter().map(|pointer| answer(pointer)).collect();
        return Ok(write_json(out, &answers)?);
    }
    let mut told: Vec<Sha256Digest> = Vec::new();
    for der in pointers.iter().flat_map(|pointer| &pointer.certificates) {
        let fingerprint = Sha256Digest::of(der);
        // One that cannot be read cannot have signed either.
        let (false, Ok(pem)) = (told.contains(&fingerprint), pem(der)) else {
            continue;
        };
        told.push(fingerprint);
        writeln!(
            out,
            "# May sign the list of {country}, says the {} list number {}. SHA-256 {fingerprint}",
            list.territory, list.sequence
        )?;
        write!(out, "{pem}")?;
    }
    Ok(())
}

/// Tells where a list of lists points.
pub(super) fn tell_pointers(
    list: &TrustedList,
    format: Format,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if format.json {
        let answers: Vec<_> = list.pointers.iter().map(answer).collect();
        return Ok(write_json(out, &answers)?);
    }
    tell(list, now, out)?;
    writeln!(out)?;
    let mut table = Table::new(&[
        Column::whole("LIST"),
        Column::right("SIGNERS"),
        Column::left("OPERATOR"),
        Column::whole("ADDRESS"),
    ]);
    for pointer in list
        .pointers
        .iter()
        .filter(|pointer| pointer.is_for_machines())
    {
        table.row(
            Paint::Plain,
            vec![
                pointer.territory.to_string(),
                pointer.certificates.len().to_string(),
                pointer.operator.clone(),
                pointer.location.clone(),
            ],
        );
    }
    Ok(table.write(out)?)
}

fn answer(pointer: &Pointer) -> PointerAnswer<'_> {
    PointerAnswer {
        territory: &pointer.territory,
        operator: &pointer.operator,
        location: &pointer.location,
        media_type: &pointer.media_type,
        signers: pointer
            .certificates
            .iter()
            .map(|der| Sha256Digest::of(der))
            .collect(),
    }
}
