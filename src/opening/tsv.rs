//! Lists that operators keep in spreadsheets: tab-separated, with a header line that names the columns.
//! Every complaint names its line and column, as the spreadsheet shows them.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// Longest list that is read, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// A list.
#[derive(Debug)]
pub(crate) struct Sheet {
    columns: Vec<String>,
    pub(crate) rows: Vec<SheetRow>,
}

/// A line of it that is not empty.
#[derive(Debug)]
pub(crate) struct SheetRow {
    /// From 1, the header included.
    pub(crate) line: usize,
    cells: Vec<String>,
}

/// What is wrong in a list, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SheetFault {
    /// From 1; `None` when it is about the whole file.
    pub(crate) line: Option<usize>,
    /// The column's name and its number from 1, when it is about one cell.
    pub(crate) column: Option<(String, usize)>,
    /// What.
    pub(crate) cause: String,
}

impl fmt::Display for SheetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
            if let Some((name, number)) = &self.column {
                write!(f, ", column {number} ({name})")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.cause)
    }
}

impl SheetFault {
    fn of_file(cause: impl Into<String>) -> Self {
        Self {
            line: None,
            column: None,
            cause: cause.into(),
        }
    }
}

impl Sheet {
    /// Reads a file whose columns are among `known` and have all of `needed`.
    pub(crate) fn open(
        path: &Path,
        known: &[&str],
        needed: &[&str],
    ) -> Result<Self, Vec<SheetFault>> {
        let bytes = std::fs::read(path)
            .map_err(|error| vec![SheetFault::of_file(format!("it cannot be read: {error}"))])?;
        if bytes.len() > MOST_BYTES {
            let cause = format!("it is longer than {MOST_BYTES} bytes");
            return Err(vec![SheetFault::of_file(cause)]);
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            vec![SheetFault::of_file(
                "it is not UTF-8: save it as \u{201c}tab-separated text, Unicode (UTF-8)\u{201d}",
            )]
        })?;
        Self::read(text, known, needed)
    }

    /// Reads a text. Empty lines and those that begin with `#` are passed over.
    pub(crate) fn read(
        text: &str,
        known: &[&str],
        needed: &[&str],
    ) -> Result<Self, Vec<SheetFault>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().enumerate();
        let mut lines = lines.filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        let Some((header_line, header)) = lines.next() else {
            return Err(vec![SheetFault::of_file("it is empty")]);
        };
        let columns: Vec<String> = header
            .split('\t')
            .map(|name| name.trim().to_ascii_lowercase())
            .collect();
        let mut faults = faults_of_header(header_line + 1, &columns, known, needed);
        let mut rows = Vec::new();
        for (index, line) in lines {
            let cells: Vec<String> = line
                .split('\t')
                .map(|cell| cell.trim().to_owned())
                .collect();
            let (number, wide) = (index + 1, cells.len());
            if wide > columns.len() {
                faults.push(SheetFault {
                    line: Some(number),
                    column: None,
                    cause: format!(
                        "it has {wide} cells, and there are {} columns",
                        columns.len()
                    ),
                });
            }
            rows.push(SheetRow {
                line: number,
                cells,
            });
        }
        if faults.is_empty() {
            Ok(Self { columns, rows })
        } else {
            Err(faults)
        }
    }

    /// What a row says in a column; `None` for an empty cell or a column that is not there.
    pub(crate) fn text<'a>(&self, row: &'a SheetRow, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        let cell = row.cells.get(at)?;
        (!cell.is_empty()).then_some(cell)
    }

    /// The same as a value of its kind. A cell that is none is a fault, and counts as empty.
    pub(crate) fn value<T: FromStr<Err: fmt::Display>>(
        &self,
        row: &SheetRow,
        column: &str,
        faults: &mut Vec<SheetFault>,
    ) -> Option<T> {
        let parse = |text: &str| text.parse().map_err(|error: T::Err| error.to_string());
        self.value_by(row, column, faults, parse)
    }

    /// The same with a reader of its own, which says what the text is not.
    pub(crate) fn value_by<T>(
        &self,
        row: &SheetRow,
        column: &str,
        faults: &mut Vec<SheetFault>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(row, column)?;
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                faults.push(self.fault(row, column, format!("\u{201c}{text}\u{201d} is {error}")));
                None
            }
        }
    }

    /// Says of a cell that must not be empty that it is.
    pub(crate) fn need(&self, row: &SheetRow, column: &str, faults: &mut Vec<SheetFault>) {
        if self.text(row, column).is_none() {
            faults.push(self.fault(row, column, "it is empty".to_owned()));
        }
    }

    /// A fault of a cell.
    pub(crate) fn fault(&self, row: &SheetRow, column: &str, cause: String) -> SheetFault {
        let at = self.columns.iter().position(|name| name == column);
        SheetFault {
            line: Some(row.line),
            column: Some((column.to_owned(), at.map_or(0, |at| at + 1))),
            cause,
        }
    }
}

fn faults_of_header(
    line: usize,
    columns: &[String],
    known: &[&str],
    needed: &[&str],
) -> Vec<SheetFault> {
    let fault = |cause: String| SheetFault {
        line: Some(line),
        column: None,
        cause,
    };
    let mut faults = Vec::new();
    for (index, name) in columns.iter().enumerate() {
        let earlier = columns.get(..index).unwrap_or_default();
        if earlier.contains(name) {
            faults.push(fault(format!("column {name} is there twice")));
        } else if !known.contains(&name.as_str()) {
            faults.push(fault(format!(
                "there is no column \u{201c}{name}\u{201d}; those that can be are {}",
                known.join(", ")
            )));
        }
    }
    for name in needed {
        if !columns.iter().any(|column| column == name) {
            faults.push(fault(format!("column {name} is missing")));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dir3;

    const KNOWN: [&str; 3] = ["dir3", "nif", "place"];

    fn complaints(text: &str) -> Vec<String> {
        let faults = Sheet::read(text, &KNOWN, &["dir3"]).unwrap_err();
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_of_a_spreadsheet_is_read_with_its_line_numbers() {
        let text =
            "\u{feff}DIR3\tplace\r\n# a note\r\n\r\nL01990015\t Vallserena \r\nL01990027\r\n";
        let sheet = Sheet::read(text, &KNOWN, &["dir3"]).unwrap();
        let lines: Vec<usize> = sheet.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [4, 5]);
        assert_eq!(sheet.text(&sheet.rows[0], "place"), Some("Vallserena"));
        assert_eq!(sheet.text(&sheet.rows[1], "place"), None);
        assert_eq!(sheet.text(&sheet.rows[0], "nif"), None);
    }

    #[test]
    fn every_fault_of_the_header_is_named() {
        let complaints = complaints("nif\tnif\tcolour\n");
        assert_eq!(complaints.len(), 3, "{complaints:?}");
        assert!(complaints[0].contains("twice"));
        assert!(complaints[1].contains("colour") && complaints[1].contains("place"));
        assert!(complaints[2].contains("dir3 is missing"));
    }

    #[test]
    fn a_cell_that_is_no_value_is_named_with_line_and_column() {
        let sheet = Sheet::read("place\tdir3\nPrat\tL0199\nPrat\t\n", &KNOWN, &["dir3"]).unwrap();
        let mut faults = Vec::new();
        for row in &sheet.rows {
            sheet.need(row, "dir3", &mut faults);
            assert_eq!(sheet.value::<Dir3>(row, "dir3", &mut faults), None);
        }
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(
            faults[0]
                .starts_with("line 2, column 2 (dir3): \u{201c}L0199\u{201d} is not a DIR3 code"),
            "{faults:?}"
        );
        assert_eq!(faults[1], "line 3, column 2 (dir3): it is empty");
    }

    #[test]
    fn a_row_with_too_many_cells_is_not_guessed_at() {
        assert_eq!(
            complaints("dir3\nL01990015\tVallserena\n"),
            ["line 2: it has 2 cells, and there are 1 columns"]
        );
    }
}
