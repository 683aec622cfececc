//! The list of organs that have to be served, as an operator or a counterpart keeps it.

use std::path::Path;

use crate::cli::{Exit, Failure};
use crate::model::{Dir3, Environment};
use crate::opening::tsv::{Sheet, SheetFault};
use crate::seal::inspection::Expected;

/// What a list may say; more columns than these are for other readers of it.
const COLUMNS: [&str; 4] = ["dir3", "environment", "ine10", "nif"];

/// Reads the list.
pub(super) fn read(path: &Path) -> Result<Vec<Expected>, Failure> {
    let faults = |faults: Vec<SheetFault>| {
        Failure::new(Exit::Usage, format!("{} cannot be used", path.display()))
            .with_details(faults.iter().map(ToString::to_string))
            .with_next_step("the header line names the columns: dir3, environment, ine10, nif")
    };
    let sheet = Sheet::open(path, &known(), &["dir3", "environment"]).map_err(faults)?;
    rows(&sheet).map_err(faults)
}

/// A list for `segell organs import` says more, and serves here too.
fn known() -> Vec<&'static str> {
    let others = crate::commands::roster::COLUMNS.iter().copied();
    let others = others.filter(|column| !COLUMNS.contains(column));
    COLUMNS.into_iter().chain(others).collect()
}

fn rows(sheet: &Sheet) -> Result<Vec<Expected>, Vec<SheetFault>> {
    let mut faults = Vec::new();
    let mut rows: Vec<Expected> = Vec::new();
    for row in &sheet.rows {
        sheet.need(row, "dir3", &mut faults);
        sheet.need(row, "environment", &mut faults);
        let dir3: Option<Dir3> = sheet.value(row, "dir3", &mut faults);
        let environment = sheet.value_by(row, "environment", &mut faults, |word| {
            Environment::from_word(word).ok_or_else(|| "neither pre nor pro".to_owned())
        });
        let ine10 = sheet.value(row, "ine10", &mut faults);
        let nif = sheet.value(row, "nif", &mut faults);
        let (Some(dir3), Some(environment)) = (dir3, environment) else {
            continue;
        };
        let mut earlier = rows.iter();
        let twice = earlier.find(|other| other.dir3 == dir3 && other.environment == environment);
        if let Some(other) = twice {
            let cause = format!("{dir3} is in line {} too", other.line);
            faults.push(sheet.fault(row, "dir3", cause));
        }
        rows.push(Expected {
            line: row.line,
            dir3,
            environment,
            ine10,
            nif,
        });
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Expected>, Vec<String>> {
        let sheet = Sheet::read(text, &known(), &["dir3", "environment"]).unwrap();
        rows(&sheet).map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_list_says_what_it_likes_beside_organ_and_environment() {
        let rows = read("dir3\tenvironment\tplace\tnif\nL01990015\tpro\tVallserena\tP9900100J\n");
        let rows = rows.unwrap();
        assert_eq!(rows[0].environment, Environment::Pro);
        assert_eq!(rows[0].nif, "P9900100J".parse().ok());
        assert_eq!((rows[0].line, &rows[0].ine10), (2, &None));
    }

    #[test]
    fn an_organ_that_is_listed_twice_and_an_environment_that_is_none_are_named() {
        let faults = read("dir3\tenvironment\nL01990015\tpro\nL01990015\tpro\nL01990015\tprod\n");
        let faults = faults.unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("line 3") && faults[0].contains("line 2 too"));
        assert!(faults[1].contains("neither pre nor pro"));
    }
}
