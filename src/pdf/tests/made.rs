//! Small documents made up for a test.

use std::io::Write;

/// A document as a list of objects, written in one of the forms of cross-reference.
#[derive(Clone)]
pub(in crate::pdf) struct Made {
    objects: Vec<(u32, Vec<u8>)>,
    trailer: String,
}

impl Made {
    /// One blank page: catalog 1, page tree 2, page 3.
    pub(in crate::pdf) fn one_page() -> Self {
        Self {
            objects: Vec::new(),
            trailer: "/Root 1 0 R".to_owned(),
        }
        .with(1, "<</Type/Catalog/Pages 2 0 R>>")
        .with(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
        .with(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")
    }

    /// An object, in place of the one that has its number.
    pub(in crate::pdf) fn with(mut self, number: u32, value: impl AsRef<[u8]>) -> Self {
        self.objects.retain(|(known, _)| *known != number);
        self.objects.push((number, value.as_ref().to_vec()));
        self
    }

    /// A stream whose data is already encoded as `entries` say.
    pub(in crate::pdf) fn with_stream(self, number: u32, entries: &str, data: &[u8]) -> Self {
        let mut value = format!("<<{entries}/Length {}>>\nstream\n", data.len()).into_bytes();
        value.extend_from_slice(data);
        value.extend_from_slice(b"\nendstream");
        self.with(number, value)
    }

    /// More entries for the trailer.
    pub(in crate::pdf) fn with_trailer(mut self, entries: &str) -> Self {
        self.trailer.push_str(entries);
        self
    }

    fn size(&self) -> u32 {
        self.objects
            .iter()
            .map(|(number, _)| number + 1)
            .max()
            .unwrap_or(1)
    }

    fn body(&self) -> (Vec<u8>, Vec<(u32, usize)>) {
        let mut bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut offsets = Vec::new();
        for (number, value) in &self.objects {
            offsets.push((*number, bytes.len()));
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        (bytes, offsets)
    }

    /// Written with a classic table.
    pub(in crate::pdf) fn table(&self) -> Vec<u8> {
        let (mut bytes, offsets) = self.body();
        let start = bytes.len();
        let mut section = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in offsets {
            section.push_str(&format!("{number} 1\n{offset:010} 00000 n \n"));
        }
        section.push_str(&format!(
            "trailer\n<</Size {}{}>>\nstartxref\n{start}\n%%EOF\n",
            self.size(),
            self.trailer
        ));
        bytes.extend_from_slice(section.as_bytes());
        bytes
    }

    /// Written with a cross-reference stream, the objects of `members` in an object stream.
    pub(in crate::pdf) fn stream(&self, members: &[u32]) -> Vec<u8> {
        let (inside, outside): (Vec<_>, Vec<_>) = self
            .objects
            .iter()
            .cloned()
            .partition(|(number, _)| members.contains(number));
        let container = self.size();
        let section = container + 1;
        let (mut index, mut values) = (String::new(), Vec::new());
        for (number, value) in &inside {
            index.push_str(&format!("{number} {} ", values.len()));
            values.extend_from_slice(value);
            values.push(b'\n');
        }
        let entries = format!(
            "/Type/ObjStm/N {}/First {}/Filter/FlateDecode",
            inside.len(),
            index.len()
        );
        let content = [index.as_bytes(), &values].concat();
        let outer = Self {
            objects: outside,
            trailer: String::new(),
        }
        .with_stream(container, &entries, &deflated(&content));
        let (mut bytes, offsets) = outer.body();
        let start = bytes.len();
        let mut records = Vec::new();
        let mut subsections = String::new();
        for (number, offset) in offsets.into_iter().chain([(section, start)]) {
            subsections.push_str(&format!("{number} 1 "));
            records.push(1);
            records.extend_from_slice(&(offset as u32).to_be_bytes());
            records.push(0);
        }
        for (position, (number, _)) in inside.iter().enumerate() {
            subsections.push_str(&format!("{number} 1 "));
            records.push(2);
            records.extend_from_slice(&container.to_be_bytes());
            records.push(position as u8);
        }
        let header = format!(
            "{section} 0 obj\n<</Type/XRef/W[1 4 1]/Index[{subsections}]/Size {}{}/Length {}>>\nstream\n",
            section + 1,
            self.trailer,
            records.len()
        );
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(&records);
        let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
        bytes.extend_from_slice(end.as_bytes());
        bytes
    }
}

pub(in crate::pdf) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `bytes` with the last `from` replaced by `to`.
pub(in crate::pdf) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = memchr::memmem::rfind(bytes, from.as_bytes()).unwrap();
    let rest = &bytes[at + from.len()..];
    [&bytes[..at], to.as_bytes(), rest].concat()
}
