//! The table of an export: one line a copy, tab-separated, for people and spreadsheets.

use std::fmt::Write;

use crate::archive::ExportedCopy;
use crate::cli::word_of;

/// The first line.
const HEAD: &str = "index\tenvironment\tissued_at\tavailable_until\tstatus\tkind\tdocument_type\ttitle\t\
                    source_id\texternal_ref\tseal\tsha256\tsize\tdocument\n";

/// The whole table.
pub(super) fn write(copies: &[ExportedCopy]) -> String {
    let mut table = String::from(HEAD);
    for copy in copies {
        let intent = &copy.record.intent;
        let about = &intent.description;
        let reference = about.external_ref.as_ref();
        let fields = [
            intent.index.0.to_string(),
            intent.environment.word().to_owned(),
            intent.issued_at.to_string(),
            intent.available_until.to_string(),
            word_of(&copy.status),
            about.kind.word().to_owned(),
            String::from(about.document_type),
            about.title.clone().unwrap_or_default(),
            about.source_id.clone(),
            reference.map_or_else(String::new, |one| format!("{}:{}", one.system, one.id)),
            intent.seal.fingerprint.to_string(),
            copy.record.document.digest.to_string(),
            copy.record.document.size.to_string(),
            copy.document
                .as_ref()
                .map_or_else(String::new, |name| format!("archive/{name}")),
        ];
        let line: Vec<String> = fields.iter().map(|field| flat(field)).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(table, "{}", line.join("\t"));
    }
    table
}

/// The copies that a table lists.
pub(super) fn count(table: &str) -> usize {
    table.lines().count().saturating_sub(1)
}

/// A field on one line: what would end it becomes a space. A spreadsheet takes a field that begins like a
/// formula for one, so that such a title gets an apostrophe in front.
fn flat(field: &str) -> String {
    let plain: String = field
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    if plain.starts_with(['=', '+', '-', '@']) {
        format!("'{plain}")
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_breaks_the_table_or_is_a_formula() {
        assert_eq!(flat("Acta\tdel\nple"), "Acta del ple");
        assert_eq!(flat("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(flat("2026-11-21"), "2026-11-21");
    }

    #[test]
    fn an_empty_table_counts_nothing() {
        assert_eq!(count(&write(&[])), 0);
        assert_eq!(HEAD.split('\t').count(), 14);
    }
}
