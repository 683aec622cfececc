//! Lines that every mail program shows whole.

/// Characters of a line (RFC 3676 recommends no more than 78; quoting adds to them).
const WIDTH: usize = 72;

/// A paragraph.
pub(super) fn paragraph(text: &str) -> String {
    wrapped("", text, "")
}

/// An item of a list, its lines below each other.
pub(super) fn item(text: &str) -> String {
    wrapped("  - ", text, "    ")
}

/// A text that somebody copies, set in.
pub(super) fn quotation(text: &str) -> String {
    wrapped("    ", text, "    ")
}

fn wrapped(first: &str, text: &str, others: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = line.chars().count() + 1 + word.chars().count();
        if !is_empty && length > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = others.to_owned();
        } else if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines + &line + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_72_characters_unless_it_is_one_word() {
        let text = "Prepareu la renovació del segell ".repeat(9);
        for lines in [paragraph(&text), quotation(&text), item(&text)] {
            assert!(lines.lines().count() > 3);
            for line in lines.lines() {
                assert!(line.chars().count() <= WIDTH, "{line}");
                assert_eq!(line.trim_end(), line);
            }
        }
        let word = "a".repeat(100);
        assert_eq!(paragraph(&format!("b {word}")), format!("b\n{word}\n"));
    }

    #[test]
    fn the_lines_of_an_item_stand_below_its_first_word() {
        let lines = item(&"paraula ".repeat(12));
        let mut lines = lines.lines();
        assert!(lines.next().unwrap().starts_with("  - paraula"));
        assert!(lines.next().unwrap().starts_with("    paraula"));
    }
}
