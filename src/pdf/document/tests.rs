use super::*;
use crate::model::Deadline;
use crate::pdf::{Limits, SourcePdf};

fn entry(label: &str, value: &str, literal: bool) -> Entry {
    Entry {
        label: label.to_owned(),
        value: value.to_owned(),
        literal,
    }
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Justificant & <prova>".to_owned(),
        language: "ca",
        letterhead: Letterhead {
            name: "Ajuntament de Vallserena".to_owned(),
            identifier: "NIF P9900100J".to_owned(),
            service: "Verificació de documents".to_owned(),
        },
        blocks,
    }
}

fn sample() -> Document {
    document(vec![
        Block::Title("Justificant de comprovació".to_owned()),
        Block::Lead("Una frase. ".repeat(20)),
        Block::Result {
            sign: Sign::Good,
            title: "La còpia és oficial".to_owned(),
            text: vec!["Que ningú no la canviï.".to_owned()],
        },
        Block::Heading("Què es va comprovar".to_owned()),
        Block::Data(vec![
            entry("Codi (CSV)", "PR0V-9FHM-3XTD-W8RA-5CZN-J4PE", true),
            entry("Empremta", &"0123456789abcdef".repeat(4), true),
        ]),
        Block::Steps(vec!["Obriu l’adreça.".to_owned(), "Compareu.".to_owned()]),
        Block::Note("Text petit.".to_owned()),
    ])
}

fn opened(pdf: Vec<u8>) -> SourcePdf {
    SourcePdf::open(pdf.into(), &Limits::default(), &Deadline::never()).unwrap()
}

#[test]
fn a_document_is_one_tagged_a4_page_that_says_it_is_archival() {
    let source = opened(sample().to_pdf().unwrap());
    let facts = source.facts();
    assert_eq!((facts.pages, facts.tagged), (1, true));
    assert_eq!(facts.pdfa.as_deref(), Some("2b"));
    assert_eq!(facts.unreachable_objects, 0);
    assert_eq!(facts.repaired, None);
    let page = &source.pages()[0];
    assert!((page.media_box.right - 595.276).abs() < 0.01);
    assert!((page.media_box.top - 841.89).abs() < 0.01);
}

#[test]
fn the_same_document_is_the_same_bytes() {
    assert_eq!(sample().to_pdf().unwrap(), sample().to_pdf().unwrap());
}

#[test]
fn what_does_not_fit_goes_on_overleaf_and_a_heading_stays_with_its_text() {
    let mut blocks = Vec::new();
    for number in 0..40 {
        blocks.push(Block::Heading(format!("{number}")));
        blocks.push(Block::Data(vec![entry("a", "b", false)]));
    }
    let document = document(blocks);
    let (texts, literals) = document.characters();
    let typeface = Typeface::covering_also(&texts, &literals).unwrap();
    let layout = layout::lay_out(&document, &typeface).unwrap();
    assert!(layout.pages.len() > 2);
    for page in &layout.pages {
        let last = page.iter().rev().find_map(|mark| match mark {
            layout::Mark::Text { text, y, .. } => Some((text.as_str(), *y)),
            _ => None,
        });
        let (text, y) = last.unwrap();
        assert_eq!(text, "b", "a heading is never the last of its page");
        assert!(y > 0.0);
    }
    let pages = opened(document.to_pdf().unwrap()).facts().pages;
    assert_eq!(pages as usize, layout.pages.len());
}

#[test]
fn no_line_is_wider_than_its_column_and_a_long_word_is_broken() {
    let typeface = Typeface::covering("abcdefghij ").unwrap();
    let setting = text::Setting {
        style: crate::pdf::typeface::Style::Text,
        size: 10.0,
        leading: 14.0,
        gray: 0.0,
    };
    let words = format!("abc def {} ghij", "a".repeat(200));
    let lines = setting.lines(&typeface, &words, 100.0).unwrap();
    assert!(lines.len() > 5);
    for line in &lines {
        let width = setting.width(&typeface, line.trim_end()).unwrap();
        assert!(width <= 100.0, "{line}: {width}");
    }
    assert_eq!(lines.concat().replace(' ', ""), words.replace(' ', ""));
}

#[test]
fn a_character_that_cannot_be_drawn_is_named() {
    let unfit = document(vec![Block::Note("🏛".to_owned())]);
    assert_eq!(unfit.to_pdf(), Err(PdfError::NoGlyph(0x1F3DB)));
}
