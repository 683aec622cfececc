//! The signature field, its places, and the hole.

use sha2::{Digest, Sha256, Sha384};

use super::*;
use crate::model::Sha256Digest;
use crate::pdf::byte_range::{revision_ends, signatures_in};

fn copy_of(made: &Made) -> SourcePdf {
    open(sealed(&open(made.table()).unwrap())).unwrap()
}

fn form(copy: &SourcePdf) -> &Dictionary {
    inner(copy, copy.catalog(), "AcroForm")
}

fn field_name(copy: &SourcePdf) -> Vec<u8> {
    let fields = items(copy, form(copy), "Fields");
    let field = copy.resolve(fields.last().unwrap()).as_dict().unwrap();
    field.get(b"T").unwrap().as_str().unwrap().to_vec()
}

#[test]
fn the_document_is_certified_with_no_changes_permitted() {
    let copy = copy_of(&Made::one_page());
    let signature = certification(&copy);
    let name = |owner: &Dictionary, key: &[u8]| owner.get(key).unwrap().as_name().unwrap().to_vec();
    assert_eq!(name(signature, b"SubFilter"), b"ETSI.CAdES.detached");
    assert_eq!(
        signature.get(b"M").unwrap().as_str().unwrap(),
        b"D:19700101000000Z"
    );
    let reference = items(&copy, signature, "Reference")[0].as_dict().unwrap();
    assert_eq!(name(reference, b"TransformMethod"), b"DocMDP");
    let parameters = inner(&copy, reference, "TransformParams");
    assert_eq!(parameters.get(b"P").unwrap().as_i64().unwrap(), 1);
    assert_eq!(form(&copy).get(b"SigFlags").unwrap().as_i64().unwrap(), 3);
    let page = &copy.pages()[0];
    let widget = copy.resolve(&items(&copy, &page.dictionary, "Annots")[0]);
    let widget = widget.as_dict().unwrap();
    assert_eq!(widget.get(b"P").unwrap().as_reference().unwrap(), page.id);
    assert_eq!(items(&copy, widget, "Rect").len(), 4);
}

#[test]
fn the_hole_is_all_that_the_byte_range_leaves_out() {
    let source = open(Made::one_page().table()).unwrap();
    let revision = Update::new(&source).finish(&fields(), 100).unwrap();
    let sealed = revision.embed(&[0xAB, 0xCD]).unwrap();
    let file = sealed.parts().concat();
    assert_eq!(sealed.len(), file.len() as u64);
    let hole = sealed.byte_range.hole_start as usize..sealed.byte_range.hole_end as usize;
    let digits = format!("<ABCD{}>", "0".repeat(196));
    assert_eq!(file[hole], *digits.as_bytes());
    assert!(sealed.byte_range.covers_whole_file(sealed.len()));
    let found = signatures_in(&file);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].as_ref().unwrap().byte_range, sealed.byte_range);
    let ends = [source.bytes().len() as u64, sealed.len()];
    assert_eq!(revision_ends(&file, 128), ends);
}

#[test]
fn digests_continue_the_one_of_the_source() {
    let source = open(Made::one_page().table()).unwrap();
    let state = Sha256::new().chain_update(source.bytes());
    let revision = Update::new(&source).finish(&fields(), 100).unwrap();
    let (digest, digest_sha384) = (revision.digest(&state), revision.digest_sha384());
    let sealed = revision.embed(&[1; 100]).unwrap();
    let file = sealed.parts().concat();
    let mut signed = file.clone();
    signed.drain(sealed.byte_range.hole_start as usize..sealed.byte_range.hole_end as usize);
    assert_eq!(digest, Sha256Digest::of(&signed));
    assert_eq!(digest_sha384, <[u8; 48]>::from(Sha384::digest(&signed)));
    assert_eq!(sealed.digest(&state), Sha256Digest::of(&file));
}

#[test]
fn a_signature_may_fill_its_hole_and_not_pass_it() {
    let source = open(Made::one_page().table()).unwrap();
    let revision = || Update::new(&source).finish(&fields(), 100).unwrap();
    assert!(revision().embed(&[1; 100]).is_ok());
    let too_long = PdfError::SignatureTooLong {
        needed: 101,
        reserved: 100,
    };
    assert_eq!(revision().embed(&[1; 101]).err(), Some(too_long));
}

#[test]
fn the_same_update_gives_the_same_bytes() {
    let source = open(Made::one_page().table()).unwrap();
    assert_eq!(sealed(&source), sealed(&source));
}

#[test]
fn a_form_keeps_what_it_has_wherever_its_parts_stand() {
    let annotation = "<</Subtype/Link/Rect[0 0 1 1]>>";
    let field = "<</T(a)/FT/Tx/V(x)>>";
    let direct = Made::one_page()
        .with(
            1,
            format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</DA(/F 0 Tf)/Fields[{field}]>>>>"),
        )
        .with(3, format!("<</Type/Page/Annots[{annotation}]>>"));
    let indirect = Made::one_page()
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>")
        .with(3, "<</Type/Page/Annots 6 0 R>>")
        .with(4, "<</DA(/F 0 Tf)/Fields 5 0 R>>")
        .with(5, format!("[{field}]"))
        .with(6, format!("[{annotation}]"));
    for (made, overridden) in [(direct, vec![1, 3]), (indirect, vec![1, 3, 4, 6])] {
        let source = open(made.table()).unwrap();
        let revision = Update::new(&source).finish(&fields(), 10).unwrap();
        assert_eq!(revision.overridden(), overridden);
        let copy = copy_of(&made);
        assert!(form(&copy).has(b"DA"));
        assert_eq!(items(&copy, form(&copy), "Fields").len(), 2);
        let page = &copy.pages()[0];
        assert_eq!(items(&copy, &page.dictionary, "Annots").len(), 2);
    }
}

#[test]
fn a_form_that_makes_no_sense_is_replaced() {
    for broken in ["null", "7", "99 0 R", "3 0 R/Annots 7 0 R", "<</Fields 7>>"] {
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm {broken}>>");
        let copy = copy_of(&Made::one_page().with(1, catalog));
        assert_eq!(items(&copy, form(&copy), "Fields").len(), 1, "{broken}");
    }
}

#[test]
fn the_name_of_the_field_is_one_that_is_free() {
    let with_names = |names: &str| {
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{names}]>>>>");
        field_name(&copy_of(&Made::one_page().with(1, catalog)))
    };
    assert_eq!(with_names("<</T(Other)>>"), b"Segell");
    assert_eq!(with_names("<</T(Segell)>>"), b"Segell-2");
    let utf_16 = "<</T<FEFF0053006500670065006C006C>>><</T(Segell-2)>>";
    assert_eq!(with_names(utf_16), b"Segell-3");
}

#[test]
fn an_older_certification_gives_way() {
    let made = Made::one_page().with(
        1,
        "<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 4 0 R/UR3 4 0 R>>>>",
    );
    let copy = copy_of(&made.with(4, "<</Type/Sig>>"));
    let permissions = inner(&copy, copy.catalog(), "Perms");
    assert_eq!(permissions.len(), 1);
    assert!(certification(&copy).has(b"ByteRange"));
}

#[test]
fn the_trailer_keeps_what_it_says_of_the_document() {
    let made = Made::one_page()
        .with(4, "<</Title(T)>>")
        .with_trailer("/Info 4 0 R/ID[<01><02>]/Own/Entry");
    for bytes in [made.table(), made.stream(&[1])] {
        let source = open(bytes).unwrap();
        let copy = open(sealed(&source)).unwrap();
        let trailer = &copy.references.trailer;
        assert_eq!(copy.references.form, source.references.form);
        assert!(trailer.has(b"Info") && trailer.has(b"Own"));
        let identifier = items(&copy, trailer, "ID");
        assert_eq!(identifier[0].as_str().unwrap(), [1]);
        assert_eq!(identifier[1].as_str().unwrap().len(), 16);
    }
}

#[test]
fn what_the_update_already_changed_is_not_undone() {
    let source = open(Made::one_page().table()).unwrap();
    let mut update = Update::new(&source);
    let page = source.pages()[0].id;
    update.dictionary_mut(page).unwrap().set("Rotate", 90);
    update
        .catalog_mut()
        .unwrap()
        .set("Lang", Object::string_literal("ca"));
    let stream = update.add_stream(Dictionary::new(), b"q Q".to_vec());
    update.dictionary_mut(page).unwrap().set("Contents", stream);
    let copy = update.finish(&fields(), 10).unwrap().embed(&[]).unwrap();
    let copy = open(copy.parts().concat()).unwrap();
    assert_eq!(copy.pages()[0].rotate, 90);
    assert!(copy.pages()[0].dictionary.has(b"Annots"));
    assert!(copy.catalog().has(b"Lang") && copy.catalog().has(b"Perms"));
    let contents = copy.page_contents(&copy.pages()[0]).unwrap();
    assert_eq!(contents.as_deref(), Some(&b"q Q"[..]));
}

#[test]
fn new_objects_never_take_a_number_that_is_or_was_in_use() {
    let made = Made::one_page().with(40, "null");
    let free = made::replaced(&made.table(), "00000 n", "00001 f");
    let source = open(free).unwrap();
    assert!(Update::new(&source).reserve().0 > 40);
    let stated = made::replaced(&Made::one_page().table(), "/Size 4", "/Size 70");
    let source = open(stated).unwrap();
    assert_eq!(Update::new(&source).reserve(), (70, 0));
}
