//! Makes small signed files and appends revisions to them.

use std::collections::BTreeMap;

pub(super) const CATALOG: u32 = 1;
pub(super) const PAGE_TREE: u32 = 2;
pub(super) const PAGE: u32 = 3;
pub(super) const CONTENT: u32 = 4;
pub(super) const FORM: u32 = 5;
pub(super) const TEXT_FIELD: u32 = 6;
pub(super) const APPEARANCE: u32 = 7;
pub(super) const FONT: u32 = 8;
pub(super) const LINK: u32 = 9;
/// Content that the catalog's page does not use.
pub(super) const HIDDEN: u32 = 10;
pub(super) const OUTLINES: u32 = 11;
pub(super) const SEAL_FIELD: u32 = 12;
pub(super) const SEAL: u32 = 13;
/// The lowest number that is free once the file is signed.
pub(super) const FREE: u32 = 14;

/// A file of several revisions, each with a classic cross-reference table.
#[derive(Clone)]
pub(super) struct SignedFile {
    pub(super) bytes: Vec<u8>,
    startxref: usize,
    size: u32,
    /// More entries of every trailer.
    trailer: &'static str,
}

pub(super) fn stream(entries: &str, data: &str) -> String {
    format!(
        "<<{entries}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
}

/// The catalog with more entries.
pub(super) fn catalog(more: &str) -> String {
    format!("<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/Outlines 11 0 R{more}>>")
}

pub(super) fn form(fields: &str, more: &str) -> String {
    format!("<</Fields[6 0 R 12 0 R{fields}]/SigFlags 3{more}>>")
}

pub(super) fn page(annotations: &str, more: &str) -> String {
    format!(
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
         /Resources<</Font<</F1 8 0 R>>>>/Annots[6 0 R 9 0 R 12 0 R{annotations}]{more}>>"
    )
}

pub(super) fn text_field(value: &str, more: &str) -> String {
    format!(
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V({value})/Rect[72 600 200 620]/P 3 0 R\
         /AP<</N 7 0 R>>{more}>>"
    )
}

/// A signature field whose value is `value`.
pub(super) fn signature_field(name: &str, value: u32, rectangle: &str) -> String {
    format!(
        "<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/V {value} 0 R/F 132/Rect[{rectangle}]/P 3 0 R>>"
    )
}

/// A signature dictionary whose `/ByteRange` is not known yet.
pub(super) fn signature(more: &str) -> String {
    let hole = "ab".repeat(64);
    format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached{more}\
         /ByteRange[0 ********** ********** **********]/Contents<{hole}>>>"
    )
}

pub(super) fn timestamp() -> String {
    signature("")
        .replace("/Type/Sig", "/Type/DocTimeStamp")
        .replace("ETSI.CAdES.detached", "ETSI.RFC3161")
}

impl SignedFile {
    /// One page with a text field and a link, not signed.
    pub(super) fn unsigned(trailer: &'static str) -> Self {
        let mut file = Self {
            bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
            startxref: 0,
            size: SEAL_FIELD,
            trailer,
        };
        file.append(&[
            (CATALOG, catalog("")),
            (PAGE_TREE, "<</Type/Pages/Kids[3 0 R]/Count 1>>".into()),
            (PAGE, page("", "").replace(" 12 0 R", "")),
            (CONTENT, stream("", "BT /F1 24 Tf 72 700 Td (Hola) Tj ET")),
            (FORM, form("", "").replace(" 12 0 R", "")),
            (TEXT_FIELD, text_field("10", "")),
            (
                APPEARANCE,
                stream("/Subtype/Form/BBox[0 0 128 20]", "BT ET"),
            ),
            (
                FONT,
                "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".into(),
            ),
            (LINK, "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]>>".into()),
            (HIDDEN, stream("", "BT /F1 24 Tf 72 700 Td (Adeu) Tj ET")),
            (OUTLINES, "<</Type/Outlines/Count 0>>".into()),
        ]);
        file
    }

    /// The same, signed.
    pub(super) fn new() -> Self {
        Self::signed_by(&signature(""), "")
    }

    /// The same with a signature dictionary and more entries of its field.
    pub(super) fn signed_by(dictionary: &str, field: &str) -> Self {
        let mut file = Self::unsigned("");
        let widget = signature_field("seal", SEAL, "0 0 0 0").replace("/F 132", field);
        file.append(&[
            (PAGE, page("", "")),
            (FORM, form("", "")),
            (SEAL_FIELD, widget),
            (SEAL, dictionary.to_owned()),
        ]);
        file
    }

    /// Appends a revision, with the byte ranges in it filled in.
    pub(super) fn append(&mut self, objects: &[(u32, String)]) -> &mut Self {
        self.append_with(objects, &[])
    }

    /// The same with entries that lead to where something stands already, or free an object.
    pub(super) fn append_with(
        &mut self,
        objects: &[(u32, String)],
        entries: &[(u32, Option<usize>)],
    ) -> &mut Self {
        let first = self.bytes.len();
        let mut places: BTreeMap<u32, Option<usize>> = entries.iter().copied().collect();
        for (number, value) in objects {
            places.insert(*number, Some(self.bytes.len()));
            self.size = self.size.max(number + 1);
            let object = format!("{number} 0 obj\n{value}\nendobj\n");
            self.bytes.extend_from_slice(object.as_bytes());
        }
        let start = self.bytes.len();
        let mut section = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, place) in places {
            section.push_str(&match place {
                Some(offset) => format!("{number} 1\n{offset:010} 00000 n \n"),
                None => format!("{number} 1\n0000000000 00001 f \n"),
            });
        }
        let previous = match self.startxref {
            0 => String::new(),
            offset => format!("/Prev {offset}"),
        };
        section.push_str(&format!(
            "trailer\n<</Size {}/Root 1 0 R{previous}{}>>\nstartxref\n{start}\n%%EOF\n",
            self.size, self.trailer
        ));
        self.bytes.extend_from_slice(section.as_bytes());
        self.startxref = start;
        self.fill_byte_ranges(first);
        self
    }

    fn fill_byte_ranges(&mut self, first: usize) {
        const UNKNOWN: &str = "********** ********** **********";
        let end = self.bytes.len();
        while let Some(at) = find(&self.bytes, first, UNKNOWN) {
            let hole = find(&self.bytes, at, "/Contents").unwrap() + "/Contents".len();
            let behind = find(&self.bytes, hole, ">").unwrap() + 1;
            let numbers = format!("{hole:>10} {behind:>10} {:>10}", end - behind);
            self.bytes
                .splice(at..at + UNKNOWN.len(), numbers.into_bytes());
        }
    }

    /// The offset of the last object with this number.
    pub(super) fn place(&self, number: u32) -> usize {
        memchr::memmem::rfind(&self.bytes, format!("\n{number} 0 obj\n").as_bytes()).unwrap() + 1
    }

    /// The file with the last `from` replaced by `to`, of the same length.
    pub(super) fn with(&self, from: &str, to: &str) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let at = memchr::memmem::rfind(&self.bytes, from.as_bytes()).unwrap();
        let mut bytes = self.bytes.clone();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        bytes
    }
}

fn find(bytes: &[u8], from: usize, text: &str) -> Option<usize> {
    memchr::memmem::find(&bytes[from..], text.as_bytes()).map(|at| from + at)
}
