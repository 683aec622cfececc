//! Long texts: paragraphs parted by empty lines; a line that begins with `## ` is a heading, and
//! lines that begin with `- ` are the items of a list.

/// A piece of a long text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http::public) enum Block {
    /// A heading below the page's own.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
}

/// The pieces of a long text, in order.
pub(in crate::http::public) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            open = false;
        } else if let Some(heading) = line.strip_prefix("## ") {
            blocks.push(Block::Heading(heading.to_owned()));
            open = false;
        } else if let Some(item) = line.strip_prefix("- ") {
            match blocks.last_mut() {
                Some(Block::List(items)) if open => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
            open = true;
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(text)) if open => {
                    text.push(' ');
                    text.push_str(line);
                }
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
            open = true;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_falls_into_headings_paragraphs_and_lists() {
        let text = "One\nline.\n\n## Two\n- three\n- four\n\n- five\nsix";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph("One line.".to_owned()),
                Block::Heading("Two".to_owned()),
                Block::List(vec!["three".to_owned(), "four".to_owned()]),
                Block::List(vec!["five".to_owned()]),
                Block::Paragraph("six".to_owned()),
            ]
        );
    }
}
