//! Whether DIR3, INE10 and NIF say the same in the organ's file and in the list of those expected. That the
//! certificate has the NIF of the file is looked at when the seal is loaded.

use super::required::Absent;
use super::{Expected, Material};
use crate::model::{Dir3, Ine10, Organ};

/// What disagrees in an organ's codes, in sentences.
pub(super) fn disagreements(organ: &Organ, expected: Option<&Expected>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(ine10) = &organ.ine10
        && let Some(municipality) = municipality(&organ.dir3)
        && !ine10.as_str().starts_with(municipality)
    {
        found.push(format!(
            "its INE10 {ine10} is not of the municipality of {}, which is {municipality}",
            organ.dir3
        ));
    }
    let Some(expected) = expected else {
        return found;
    };
    let line = expected.line;
    match (&organ.ine10, &expected.ine10) {
        (Some(own), Some(other)) if own != other => {
            found.push(format!(
                "its INE10 is {own}, and {other} in line {line} of the list"
            ));
        }
        (None, Some(other)) => found.push(format!(
            "its file has no INE10, and line {line} of the list has {other}"
        )),
        _ => {}
    }
    if let Some(other) = &expected.nif
        && *other != organ.nif
    {
        let own = &organ.nif;
        found.push(format!(
            "its NIF is {own}, and {other} in line {line} of the list"
        ));
    }
    found
}

/// The six digits by which the statistics institute knows a municipality (province, number, check digit): they
/// stand in the DIR3 code of its council, `L01` and these, and begin its INE10.
fn municipality(dir3: &Dir3) -> Option<&str> {
    dir3.as_str().strip_prefix("L01")
}

/// The organ that an absent one is probably meant to be: the list has its INE10 or NIF under another DIR3.
pub(super) fn namesake<'a>(absent: &Absent<'_>, material: &Material<'a>) -> Option<&'a Organ> {
    let expected = absent.reasons.expected?;
    let same = |organ: &Organ| {
        let ine10: (&Option<Ine10>, _) = (&organ.ine10, &expected.ine10);
        let same_ine10 = matches!(ine10, (Some(own), Some(other)) if own == other);
        // Several organs of one body share its NIF: only without an INE10 does it tell.
        let same_nif = expected.ine10.is_none() && expected.nif.as_ref() == Some(&organ.nif);
        same_ine10 || same_nif
    };
    let seats = material.entries.iter().filter_map(|entry| entry.seat());
    let organs = seats.map(|seat| &*seat.organ);
    let mut organs = organs.filter(|organ| organ.environment == expected.environment);
    organs.find(|organ| same(organ))
}
