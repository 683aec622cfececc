//! Makes files in the shape of our copies and appends revisions to them.

use std::collections::BTreeMap;

use super::super::cross_reference::Form;
use super::super::{Appended, BaseFacts, Rule, Violation, judge};
use super::additions::signature_dictionary;
use super::section::{Section, find_first, stream};

/// Where the form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormPlace {
    InCatalog,
    Indirect,
    /// And its `/Fields` in an object of their own.
    IndirectWithFields,
}

/// A copy, and what was appended to it.
#[derive(Clone)]
pub(super) struct Copy {
    pub(super) bytes: Vec<u8>,
    /// Length of what we issued.
    pub(super) base: usize,
    pub(super) cross_reference: Form,
    pub(super) place: FormPlace,
    /// The lowest number that is free.
    pub(super) next: u32,
    pub(super) startxref: u64,
    /// Number of the form, when it is an object.
    pub(super) form: u32,
    /// Number of `/Fields`, when they are an object.
    pub(super) field_list: u32,
    pub(super) seal_field: u32,
    pub(super) seal: u32,
    /// Numbers of the form's fields.
    pub(super) fields: Vec<u32>,
    /// Number of the DSS, once there is one.
    pub(super) dss: Option<u32>,
    /// More entries of the trailer, from the base on.
    pub(super) trailer: Vec<(&'static str, String)>,
}

pub(super) const CATALOG: u32 = 1;
pub(super) const PAGE: u32 = 3;
pub(super) const CONTENT: u32 = 4;
pub(super) const FONT: u32 = 5;
pub(super) const TEXT_FIELD: u32 = 6;

impl Copy {
    /// A source of one page with a text field, and the revision that seals it.
    pub(super) fn new(cross_reference: Form, place: FormPlace) -> Self {
        Self::with_trailer(cross_reference, place, Vec::new())
    }

    /// The same, with more in its trailer.
    pub(super) fn with_trailer(
        cross_reference: Form,
        place: FormPlace,
        trailer: Vec<(&'static str, String)>,
    ) -> Self {
        let mut copy = Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            base: 0,
            cross_reference,
            place,
            next: 1,
            startxref: 0,
            form: 0,
            field_list: 0,
            seal_field: 0,
            seal: 0,
            fields: vec![TEXT_FIELD],
            dss: None,
            trailer,
        };
        let content = "BT /F1 24 Tf 72 700 Td (Hola) Tj ET";
        copy.append(&[
            (
                CATALOG,
                "<</Type/Catalog/Pages 2 0 R/Lang(ca-ES)/AcroForm<</Fields[6 0 R]>>>>".into(),
            ),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into()),
            (
                PAGE,
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]\
                /Resources<</Font<</F1 5 0 R>>>>>>"
                    .into(),
            ),
            (CONTENT, stream("", content.as_bytes())),
            (
                FONT,
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
            ),
            (
                TEXT_FIELD,
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(10)/Rect[72 600 200 620]>>".into(),
            ),
        ]);
        copy.seal();
        copy.base = copy.bytes.len();
        copy
    }

    fn seal(&mut self) {
        let first = self.next;
        (self.seal_field, self.seal, self.form, self.field_list) =
            (first, first + 1, first + 2, first + 3);
        self.fields.push(self.seal_field);
        let mut objects = vec![
            (
                self.seal_field,
                format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Segell)/Rect[0 0 0 0]/F 132/V {} 0 R>>",
                    self.seal
                )
                .into_bytes(),
            ),
            (
                self.seal,
                signature_dictionary(
                    "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached",
                ),
            ),
        ];
        objects.extend(self.form_objects());
        objects.push((CATALOG, self.catalog()));
        self.append(&objects);
        self.patch_byte_range();
    }

    /// The catalog as it has to be now.
    pub(super) fn catalog(&self) -> Vec<u8> {
        self.catalog_with("")
    }

    /// The same with more entries.
    pub(super) fn catalog_with(&self, more: &str) -> Vec<u8> {
        let form = match self.place {
            FormPlace::InCatalog => self.form_dictionary(),
            FormPlace::Indirect | FormPlace::IndirectWithFields => format!(" {} 0 R", self.form),
        };
        let dss = self
            .dss
            .map_or(String::new(), |dss| format!("/DSS {dss} 0 R"));
        format!(
            "<</Type/Catalog/Pages 2 0 R/Lang(ca-ES)/AcroForm{form}/Perms<</DocMDP {} 0 R>>{dss}{more}>>",
            self.seal
        )
        .into_bytes()
    }

    fn form_dictionary(&self) -> String {
        let fields = match self.place {
            FormPlace::IndirectWithFields => format!(" {} 0 R", self.field_list),
            FormPlace::InCatalog | FormPlace::Indirect => self.field_array(),
        };
        format!("<</Fields{fields}/SigFlags 3/DA(/Helv 0 Tf 0 g)>>")
    }

    pub(super) fn field_array(&self) -> String {
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|field| format!("{field} 0 R"))
            .collect();
        format!("[{}]", fields.join(" "))
    }

    /// The objects of the form that a new field changes; the catalog when it holds the form.
    pub(super) fn form_objects(&self) -> Vec<(u32, Vec<u8>)> {
        match self.place {
            FormPlace::InCatalog => Vec::new(),
            FormPlace::Indirect => vec![(self.form, self.form_dictionary().into_bytes())],
            FormPlace::IndirectWithFields => vec![
                (self.form, self.form_dictionary().into_bytes()),
                (self.field_list, self.field_array().into_bytes()),
            ],
        }
    }

    /// Appends a revision of these objects.
    pub(super) fn append(&mut self, objects: &[(u32, Vec<u8>)]) {
        self.append_spoilt(objects, |_| {});
    }

    /// Appends a revision whose cross-reference was spoilt.
    pub(super) fn append_spoilt(
        &mut self,
        objects: &[(u32, Vec<u8>)],
        spoil: impl FnOnce(&mut Section),
    ) {
        let mut entries = BTreeMap::new();
        for (number, body) in objects {
            entries.insert(*number, (*number, 'n', self.bytes.len() as u64, 0));
            self.bytes.extend(format!("{number} 0 obj\n").bytes());
            self.bytes.extend(body);
            self.bytes.extend(b"\nendobj\n");
        }
        let highest = entries.last_key_value().map_or(0, |(number, _)| *number);
        self.next = self.next.max(highest + 1);
        let startxref = self.bytes.len() as u64;
        let own = self.next;
        if self.cross_reference == Form::Stream {
            self.next += 1;
            entries.insert(own, (own, 'n', startxref, 0));
        }
        let id = "<00112233445566778899aabbccddeeff>";
        let mut section = Section {
            entries: entries.into_values().collect(),
            trailer: vec![
                ("Size", self.next.to_string()),
                ("Root", format!("{CATALOG} 0 R")),
                ("ID", format!("[{id}<{:032x}>]", self.bytes.len())),
            ],
            startxref,
            ending: b"%%EOF\n".to_vec(),
        };
        if self.startxref != 0 {
            section.set("Prev", self.startxref.to_string());
        }
        section.trailer.extend(self.trailer.iter().cloned());
        self.startxref = startxref;
        spoil(&mut section);
        section.write(self.cross_reference, own, &mut self.bytes);
    }

    /// What we issued.
    pub(super) fn issued(&self) -> &[u8] {
        &self.bytes[..self.base]
    }

    /// What was appended to it.
    pub(super) fn suffix(&self) -> &[u8] {
        &self.bytes[self.base..]
    }

    /// Judges what was appended.
    pub(super) fn judged(&self) -> Result<Appended, Violation> {
        judge_after(self.issued(), self.suffix())
    }

    /// Asserts that what was appended breaks `rule`, at an offset in the appended part.
    #[track_caller]
    pub(super) fn assert_breaks(&self, rule: Rule) {
        let violation = self.judged().expect_err("this was to be refused");
        assert_eq!(violation.rule, rule, "{violation}");
        assert!(violation.offset >= self.base as u64, "{violation}");
        assert!(violation.offset <= self.bytes.len() as u64, "{violation}");
    }

    /// Replaces bytes of the appended part by others of the same length.
    #[track_caller]
    pub(super) fn replace(&mut self, old: &str, new: &str) {
        assert_eq!(old.len(), new.len());
        let start = self.base + find_first(self.suffix(), old.as_bytes());
        self.bytes[start..start + old.len()].copy_from_slice(new.as_bytes());
    }
}

/// Judges a suffix after a base, whose facts are read first.
pub(super) fn judge_after(base: &[u8], suffix: &[u8]) -> Result<Appended, Violation> {
    let facts = BaseFacts::read(base).expect("a base of ours can be read");
    judge(base, suffix, &facts)
}

/// Every shape of copy.
pub(super) fn shapes() -> Vec<Copy> {
    let forms = [Form::Table, Form::Stream];
    let places = [
        FormPlace::InCatalog,
        FormPlace::Indirect,
        FormPlace::IndirectWithFields,
    ];
    forms
        .into_iter()
        .flat_map(|form| places.map(|place| Copy::new(form, place)))
        .collect()
}

/// The usual shape.
pub(super) fn copy() -> Copy {
    Copy::new(Form::Table, FormPlace::Indirect)
}
