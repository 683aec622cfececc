//! Damaged sources: read as other readers read them, or refused by name; never half right.

use super::made::replaced;
use super::*;
use crate::pdf::facts::CrossReference;

/// Seals a damaged source and opens the copy, which must be sound.
fn mended(bytes: Vec<u8>) -> SourcePdf {
    let source = open(bytes).unwrap();
    assert!(source.facts().repaired.is_some());
    let copy = open(sealed(&source)).unwrap();
    assert_eq!(copy.facts().repaired, None);
    assert_eq!(copy.facts().signatures, 1);
    assert_eq!(copy.pages().len(), source.pages().len());
    copy
}

fn forms() -> [Vec<u8>; 2] {
    let made = Made::one_page()
        .with_trailer("/Info 4 0 R")
        .with(4, "<</Title(T)>>");
    [made.table(), made.stream(&[1, 2, 4])]
}

fn start_of(bytes: &[u8]) -> String {
    let at = memchr::memmem::rfind(bytes, b"startxref\n").unwrap() + 10;
    let number = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit());
    number.map(|digit| char::from(*digit)).collect()
}

#[test]
fn junk_before_the_header_is_refused_with_its_length() {
    let bytes = [&b"junk\n"[..], &Made::one_page().table()].concat();
    assert_eq!(refusal(bytes), Some(PdfError::JunkBeforeHeader(5)));
    assert_eq!(refusal(&b"PK\x03\x04"[..]), Some(PdfError::NotPdf));
    assert_eq!(refusal(Vec::new()), Some(PdfError::NotPdf));
}

#[test]
fn startxref_a_little_off_is_corrected_and_the_right_section_pointed_to() {
    for bytes in forms() {
        let start = start_of(&bytes);
        let off = format!("startxref\n{}", start.parse::<usize>().unwrap() + 7);
        let copy = mended(replaced(&bytes, &format!("startxref\n{start}"), &off));
        let previous = copy.references.trailer.get(b"Prev").unwrap();
        assert_eq!(previous.as_i64().unwrap().to_string(), start);
    }
}

#[test]
fn startxref_that_is_nonsense_or_missing_gets_a_complete_section() {
    for bytes in forms() {
        let start = start_of(&bytes);
        for (from, to) in [
            (
                format!("startxref\n{start}"),
                "startxref\n999999".to_owned(),
            ),
            (format!("startxref\n{start}\n%%EOF"), String::new()),
        ] {
            let copy = mended(replaced(&bytes, &from, &to));
            assert!(!copy.references.trailer.has(b"Prev"));
            let info = inner(&copy, &copy.references.trailer, "Info");
            assert_eq!(info.get(b"Title").unwrap().as_str().unwrap(), b"T");
        }
    }
}

#[test]
fn offsets_that_all_lead_elsewhere_are_found_by_scanning() {
    let [table, _] = forms();
    let shifted = replaced(&table, "1 0 obj", "       1 0 obj");
    let copy = mended(shifted);
    assert_eq!(copy.facts().cross_reference, CrossReference::Table);
}

#[test]
fn an_entry_that_leads_to_another_object_is_not_believed() {
    let made = Made::one_page()
        .with(3, "<</Type/Page/Contents 4 0 R>>")
        .with_stream(4, "", b"(right)")
        .with_stream(5, "", b"(wrong)");
    let bytes = made.table();
    let offset = |number: u32| {
        let header = format!("{number} 0 obj");
        memchr::memmem::find(&bytes, header.as_bytes()).unwrap()
    };
    let entry = |number| format!("{:010} 00000 n", offset(number));
    let swapped = replaced(&bytes, &entry(4), &entry(5));
    let copy = mended(swapped);
    let contents = copy.page_contents(&copy.pages()[0]).unwrap();
    assert_eq!(contents.as_deref(), Some(&b"(right)"[..]));
}

#[test]
fn a_chain_that_runs_in_a_circle_is_cut() {
    let [table, _] = forms();
    let start = start_of(&table);
    let size = "/Size 5";
    let circle = replaced(&table, size, &format!("{size}/Prev {start}"));
    mended(circle);
}

#[test]
fn objects_hidden_from_readers_of_tables_stay_reachable() {
    // The form of Microsoft Word: an update of nothing, which names a cross-reference stream.
    let made = Made::one_page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/MarkInfo 5 0 R>>")
        .with(5, "<</Marked true>>");
    let mut bytes = made.stream(&[5]);
    let hidden = start_of(&bytes);
    let offset = |number: u32| {
        let header = format!("{number} 0 obj");
        memchr::memmem::find(&bytes, header.as_bytes()).unwrap()
    };
    let mut section = String::from("xref\n0 6\n0000000005 65535 f \n");
    for number in 1..=3 {
        section.push_str(&format!("{:010} 00000 n \n", offset(number)));
    }
    section.push_str("0000000000 00001 f \n0000000000 00001 f \n");
    let start = bytes.len();
    section.push_str(&format!(
        "trailer\n<</Size 6/Root 1 0 R/XRefStm {hidden}>>\nstartxref\n{start}\n%%EOF\n"
    ));
    bytes.extend_from_slice(section.as_bytes());
    let source = open(bytes).unwrap();
    assert_eq!(source.facts().cross_reference, CrossReference::Hybrid);
    assert!(source.facts().tagged);
    let copy = open(sealed(&source)).unwrap();
    assert!(copy.facts().tagged);
    assert_eq!(copy.references.hybrid_sections, 0);
    assert!(!copy.references.trailer.has(b"XRefStm"));
}

#[test]
fn junk_behind_the_end_is_counted_and_left_where_it_is() {
    let [table, _] = forms();
    for (junk, counted) in [(&b"junk"[..], 4), (b"", 0), (b"\r\n\r\n", 4)] {
        let source = open([&table, junk].concat()).unwrap();
        assert_eq!(source.facts().trailing_bytes, counted);
        assert_eq!(open(sealed(&source)).unwrap().facts().signatures, 1);
    }
}

#[test]
fn a_source_without_a_final_line_end_gets_one() {
    let [mut table, _] = forms();
    table.pop();
    let source = open(table.clone()).unwrap();
    let copy = sealed(&source);
    assert_eq!(copy[..table.len()], table);
    assert_eq!(copy[table.len()], b'\n');
    assert!(open(copy).is_ok());
}

#[test]
fn what_has_no_catalog_or_no_page_is_refused() {
    let without = |made: Made| refusal(made.table());
    assert_eq!(
        without(Made::one_page().with(1, "<</Type/Catalog>>")),
        Some(PdfError::NoPages)
    );
    assert_eq!(
        without(Made::one_page().with(2, "<</Type/Pages/Kids[]/Count 0>>")),
        Some(PdfError::NoPages)
    );
    assert_eq!(
        without(Made::one_page().with(1, "7")),
        Some(PdfError::Damaged("no catalog"))
    );
    assert_eq!(
        refusal(&b"%PDF-1.4\n"[..]),
        Some(PdfError::Damaged("no cross-reference data and no catalog"))
    );
}

#[test]
fn a_table_that_says_there_is_no_catalog_is_refused() {
    let made = Made::one_page().table();
    let first = memchr::memmem::find(&made, b"\n1 1\n").unwrap() + 5;
    for denial in [b"0000000000 00000 f", b"0000000000 00000 n"] {
        let mut bytes = made.clone();
        bytes[first..first + denial.len()].copy_from_slice(denial);
        assert_eq!(
            refusal(bytes),
            Some(PdfError::Damaged(
                "the cross-reference data says that there is no catalog"
            ))
        );
    }
}

#[test]
fn a_page_tree_that_does_not_count_its_pages_is_refused() {
    for count in ["", "/Count null", "/Count -1", "/Count 3 0 R", "/Count (1)"] {
        let made = Made::one_page().with(2, format!("<</Type/Pages/Kids[3 0 R]{count}>>"));
        assert_eq!(
            refusal(made.table()),
            Some(PdfError::Damaged(
                "a page tree that does not count its pages"
            )),
            "{count}"
        );
    }
}

#[test]
fn a_table_with_two_mistakes_is_refused() {
    let made = Made::one_page().table();
    let wrong_head = replaced(&made, "xref\n0 1\n", "xref\n1 1\n");
    assert!(open(wrong_head.clone()).is_ok());
    let first = memchr::memmem::find(&wrong_head, b"\n2 1\n").unwrap() + 5;
    let mut both = wrong_head;
    both[first..first + 10].copy_from_slice(b"0000000000");
    assert!(matches!(refusal(both), Some(PdfError::Damaged(_))));
}

#[test]
fn a_table_with_a_generation_that_cannot_be_is_left_out_of_the_copy() {
    let made = Made::one_page().table();
    let source = open(replaced(&made, " 65535 f", " 65536 f")).unwrap();
    assert_eq!(source.facts().repaired, None);
    let copy = open(sealed(&source)).unwrap();
    assert!(copy.references.trailer.get(b"Prev").is_err());
    assert!(!copy.references.has_impossible_generation);
    assert_eq!(copy.pages().len(), 1);
}
