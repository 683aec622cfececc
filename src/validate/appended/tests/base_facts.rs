//! What is read from a base.

use super::super::cross_reference::Form;
use super::super::{BaseFacts, Rule, judge};
use super::copy::{CATALOG, Copy, FormPlace, TEXT_FIELD, copy, shapes};

#[test]
fn catalog_and_form_of_a_copy_may_be_written_again_and_nothing_else() {
    for copy in shapes() {
        let facts = BaseFacts::read(copy.issued()).unwrap();
        let mut expected = vec![CATALOG];
        match copy.place {
            FormPlace::InCatalog => {}
            FormPlace::Indirect => expected.push(copy.form),
            FormPlace::IndirectWithFields => expected.extend([copy.form, copy.field_list]),
        }
        assert_eq!(facts.overridable().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn the_store_of_an_extended_version_may_be_written_again_with_its_arrays_and_entries() {
    let mut copy = copy();
    let first = copy.next;
    copy.add_dss().add_timestamp();
    let facts = BaseFacts::read(&copy.bytes).unwrap();
    let expected = [CATALOG, copy.form, first + 3, first + 4, first + 5];
    assert_eq!(facts.overridable().collect::<Vec<_>>(), expected);
}

#[test]
fn names_of_fields_are_read_from_every_revision_that_can_be_seen() {
    let facts = BaseFacts::read(copy().issued()).unwrap();
    assert!(
        facts
            .field_names
            .iter()
            .map(String::as_str)
            .eq(["Segell", "amount"])
    );
    assert!(facts.all_names_known);
}

#[test]
fn a_field_that_cannot_be_seen_leaves_the_names_unknown_until_they_are_given() {
    let mut copy = Copy::new(Form::Stream, FormPlace::Indirect);
    // The source's own cross-reference gets a filter that is not read here; the lengths stay.
    let place = super::section::find_first(&copy.bytes, b"/W [1 4 2]");
    copy.bytes[place..place + 10].copy_from_slice(b"/W [2 4 1]");
    let facts = BaseFacts::read(copy.issued()).unwrap();
    assert!(!facts.all_names_known);
    copy.add_timestamp();
    assert_eq!(
        judge(copy.issued(), copy.suffix(), &facts)
            .unwrap_err()
            .rule,
        Rule::S9
    );

    let taken = facts
        .clone()
        .with_field_names([format!("Timestamp{}", copy.fields[2])]);
    assert_eq!(
        judge(copy.issued(), copy.suffix(), &taken)
            .unwrap_err()
            .rule,
        Rule::S9
    );
    let free = facts.with_field_names(["amount".to_owned()]);
    assert!(judge(copy.issued(), copy.suffix(), &free).is_ok());
    assert_eq!(copy.fields[0], TEXT_FIELD);
}

#[test]
fn a_base_that_is_no_copy_of_ours_is_refused_by_name() {
    let copy = copy();
    let base = copy.issued();
    let cases: [(&[u8], Rule); 5] = [
        (b"", Rule::S1),
        (b"%%EOF\n", Rule::S1),
        (b"startxref\n99\n%%EOF\n", Rule::S1),
        (b"startxref\n99999999999999999999999\n%%EOF\n", Rule::S1),
        (b"startxref\n0\n%%EOF\n", Rule::S1),
    ];
    for (bytes, rule) in cases {
        assert_eq!(
            BaseFacts::read(bytes).unwrap_err().rule,
            rule,
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
    assert_eq!(
        BaseFacts::read(&base[..base.len() - 10]).unwrap_err().rule,
        Rule::S1
    );
}

#[test]
fn a_loop_of_cross_references_ends() {
    let mut copy = copy();
    let facts = BaseFacts::read(&copy.bytes).unwrap();
    // The last section names itself as the one before.
    let previous = format!(
        "/Prev {}",
        String::from_utf8_lossy(&copy.bytes)
            .rsplit("/Prev ")
            .next()
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .split('>')
            .next()
            .unwrap()
    );
    let itself = format!("/Prev {}", copy.startxref);
    let text = copy
        .bytes
        .windows(previous.len())
        .rposition(|window| window == previous.as_bytes())
        .unwrap();
    let end = text + previous.len();
    copy.bytes.splice(text..end, itself.bytes());
    let looped = BaseFacts::read(&copy.bytes).unwrap();
    assert!(facts.all_names_known && !looped.all_names_known);
}
