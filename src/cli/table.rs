//! Plain tables for people: columns aligned, a little colour, which `anstream` takes away again when
//! the output is not a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

/// Widest cell that is shown whole; names beyond it are cut.
const WIDEST: usize = 34;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    title: &'static str,
    right: bool,
    whole: bool,
}

impl Column {
    /// Text.
    pub(crate) const fn left(title: &'static str) -> Self {
        Self {
            title,
            right: false,
            whole: false,
        }
    }

    /// Numbers.
    pub(crate) const fn right(title: &'static str) -> Self {
        Self {
            title,
            right: true,
            whole: true,
        }
    }

    /// Text that is never cut.
    pub(crate) const fn whole(title: &'static str) -> Self {
        Self {
            title,
            right: false,
            whole: true,
        }
    }
}

/// The colour of a row's first cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    /// None.
    Plain,
    /// Good.
    Green,
    /// Look soon.
    Yellow,
    /// Look now.
    Red,
}

impl Paint {
    /// The style of text so painted.
    pub(crate) const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Green => AnsiColor::Green.on_default().bold(),
            Self::Yellow => AnsiColor::Yellow.on_default().bold(),
            Self::Red => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// Titles and notes.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// What matters most.
pub(crate) const STRONG: Style = Style::new().bold();

enum Line {
    Row(Paint, Vec<String>),
    Note(String),
}

/// Rows under titles.
pub(crate) struct Table {
    columns: Vec<Column>,
    lines: Vec<Line>,
}

impl Table {
    /// An empty table with these columns.
    pub(crate) fn new(columns: &[Column]) -> Self {
        Self {
            columns: columns.to_vec(),
            lines: Vec::new(),
        }
    }

    /// Adds a row; `paint` is for its first cell.
    pub(crate) fn row(&mut self, paint: Paint, cells: Vec<String>) {
        let cells = self
            .columns
            .iter()
            .zip(cells)
            .map(|(column, cell)| {
                let most = if column.whole { usize::MAX } else { WIDEST };
                cut(&cell, most)
            })
            .collect();
        self.lines.push(Line::Row(paint, cells));
    }

    /// Adds a line across the table, indented below the row before it.
    pub(crate) fn note(&mut self, text: &str) {
        self.lines.push(Line::Note(text.to_owned()));
    }

    /// Writes it, two spaces between columns and no spaces at the ends of lines.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths();
        let titles: Vec<_> = self
            .columns
            .iter()
            .map(|column| column.title.to_owned())
            .collect();
        let head = self.aligned(&titles, &widths).join("  ");
        writeln!(out, "{FAINT}{}{FAINT:#}", head.trim_end())?;
        let indent = " ".repeat(widths.first().map_or(0, |width| width + 2));
        for line in &self.lines {
            match line {
                Line::Note(text) => writeln!(out, "{indent}{text}")?,
                Line::Row(paint, cells) => {
                    let style = paint.style();
                    let cells = self.aligned(cells, &widths);
                    let (first, rest) = cells
                        .split_first()
                        .map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
                    let rest = rest.join("  ");
                    writeln!(out, "{style}{first}{style:#}  {}", rest.trim_end())?;
                }
            }
        }
        Ok(())
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<_> = self
            .columns
            .iter()
            .map(|column| column.title.chars().count())
            .collect();
        for line in &self.lines {
            if let Line::Row(_, cells) = line {
                for (width, cell) in widths.iter_mut().zip(cells) {
                    *width = cell.chars().count().max(*width);
                }
            }
        }
        widths
    }

    fn aligned(&self, cells: &[String], widths: &[usize]) -> Vec<String> {
        self.columns
            .iter()
            .zip(cells)
            .zip(widths)
            .map(|((column, cell), width)| {
                if column.right {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            })
            .collect()
    }
}

/// A cell on one line, cut with an ellipsis, its control characters made visible.
fn cut(text: &str, most: usize) -> String {
    let clean: String = text
        .chars()
        .map(|written| if written.is_control() { '·' } else { written })
        .collect();
    if clean.chars().count() <= most {
        return clean;
    }
    let mut short: String = clean.chars().take(most - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(table: &Table) -> String {
        let mut plain = anstream::StripStream::new(Vec::new());
        table.write(&mut plain).unwrap();
        String::from_utf8(plain.into_inner()).unwrap()
    }

    #[test]
    fn columns_are_aligned_and_lines_end_with_their_text() {
        let mut table = Table::new(&[
            Column::left("STATE"),
            Column::left("NAME"),
            Column::right("N"),
        ]);
        table.row(Paint::Green, vec!["OK".into(), "Vallès".into(), "7".into()]);
        table.row(Paint::Red, vec!["BAD".into(), "X".into(), "1000".into()]);
        table.note("because");
        assert_eq!(
            text_of(&table),
            "STATE  NAME       N\nOK     Vallès     7\nBAD    X       1000\n       because\n"
        );
    }

    #[test]
    fn a_cell_can_neither_break_the_table_nor_steer_the_terminal() {
        let mut table = Table::new(&[Column::left("NAME")]);
        table.row(
            Paint::Plain,
            vec![format!("a\u{1b}[31m\n{}", "b".repeat(60))],
        );
        let text = text_of(&table);
        assert_eq!(text.lines().count(), 2);
        assert!(!text.contains('\u{1b}'));
        assert!(text.contains('…'));
    }
}
