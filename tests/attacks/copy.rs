//! A copy as an attacker has it: its bytes, where its parts stand, and what can be appended.

use std::ops::Range;

use segell::seal::LoadedSeal;
use sha2::{Digest, Sha256};

use crate::source::stream;

/// A copy that was issued, and what an attacker reads in it.
#[derive(Clone)]
pub(crate) struct Copy {
    /// The bytes issued.
    pub(crate) bytes: Vec<u8>,
    /// Length of the source that they begin with.
    pub(crate) source: usize,
    pub(crate) root: u32,
    /// The lowest number that is free.
    pub(crate) next: u32,
    pub(crate) startxref: usize,
    /// The trailer's `/ID`, as written.
    pub(crate) id: String,
    /// Object number of the form.
    pub(crate) form: u32,
    /// Object number of the seal's field.
    pub(crate) seal_field: u32,
    /// Object number of the seal's signature dictionary.
    pub(crate) seal: u32,
}

/// An object to be appended.
pub(crate) type Object = (u32, Vec<u8>);

/// The cross-reference of an appended revision, open to be spoilt.
pub(crate) struct Section {
    /// Number, kind (`n` or `f`), offset, generation.
    pub(crate) entries: Vec<(u32, char, usize, u16)>,
    /// Key and value.
    pub(crate) trailer: Vec<(&'static str, String)>,
    /// What `startxref` names.
    pub(crate) startxref: usize,
}

impl Copy {
    /// Reads a copy whose source is `source` bytes long.
    pub(crate) fn read(bytes: Vec<u8>, source: usize) -> Self {
        let at = find_last(&bytes, b"trailer");
        let trailer: String = bytes[at..].iter().map(|byte| char::from(*byte)).collect();
        let id_at = trailer.find("/ID").expect("an identifier");
        let id = trailer[id_at + 3..]
            .split_inclusive(']')
            .next()
            .expect("an array");
        let root = number_after(&bytes[at..], b"/Root");
        let startxref = number_after(&bytes[at..], b"startxref");
        let mut copy = Self {
            source,
            root,
            next: number_after(&bytes[at..], b"/Size"),
            startxref: startxref as usize,
            id: id.to_owned(),
            form: 0,
            seal_field: 0,
            seal: 0,
            bytes,
        };
        copy.form = number_after(&copy.object(root), b"/AcroForm");
        copy.seal = copy.holder_of(b"/Type/Sig/");
        copy.seal_field = copy.holder_of(b"/FT/Sig");
        copy
    }

    /// The object in whose body this stands last.
    fn holder_of(&self, part: &[u8]) -> u32 {
        let at = find_last(&self.bytes, part);
        let header = find_last(&self.bytes[..at], b" 0 obj");
        let digits = self.bytes[..header]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit());
        let start = header - digits.count();
        text(&self.bytes[start..header]).parse().expect("a number")
    }

    /// The newest body of an object.
    pub(crate) fn object(&self, number: u32) -> Vec<u8> {
        let header = format!("\n{number} 0 obj\n");
        let start = find_last(&self.bytes, header.as_bytes()) + header.len();
        let length = find(&self.bytes[start..], b"\nendobj").expect("its end");
        self.bytes[start..start + length].to_vec()
    }

    /// The dictionary of an object, with more entries at its end.
    pub(crate) fn with_entries(&self, number: u32, more: &str) -> Vec<u8> {
        let body = self.object(number);
        let open = body.strip_suffix(b">>").expect("a dictionary");
        [open, more.as_bytes(), b">>"].concat()
    }

    /// The dictionary of an object, with one part in the place of another.
    pub(crate) fn with_replaced(&self, number: u32, from: &str, to: &str) -> Vec<u8> {
        replaced(&self.object(number), from, to)
    }

    /// The form with one more field.
    pub(crate) fn form_with_field(&self, field: u32) -> Object {
        let last = format!("{} 0 R]", self.seal_field);
        let fields = format!("{} 0 R {field} 0 R]", self.seal_field);
        (self.form, self.with_replaced(self.form, &last, &fields))
    }

    /// The hole of the seal, brackets included.
    pub(crate) fn hole(&self) -> Range<usize> {
        let start = find_last(&self.bytes, b"/Contents<") + b"/Contents".len();
        let length = find(&self.bytes[start..], b">").expect("its end");
        start..start + length + 1
    }

    /// The `/ByteRange` with its value.
    pub(crate) fn byte_range(&self) -> Range<usize> {
        let start = find_last(&self.bytes, b"/ByteRange[");
        let length = find(&self.bytes[start..], b"]").expect("its end");
        start..start + length + 1
    }

    /// The copy with another part of the same length.
    pub(crate) fn patched(&self, at: Range<usize>, with: &[u8]) -> Vec<u8> {
        assert!(with.len() <= at.len(), "there is no room");
        let mut bytes = self.bytes.clone();
        bytes[at.clone()].fill(b' ');
        bytes[at.start..at.start + with.len()].copy_from_slice(with);
        bytes
    }

    /// The copy with another `/ByteRange`, which has room to spare.
    pub(crate) fn with_byte_range(&self, value: &str) -> Vec<u8> {
        self.patched(self.byte_range(), format!("/ByteRange{value}").as_bytes())
    }

    /// The copy and one revision more.
    pub(crate) fn append(&self, objects: &[Object]) -> Vec<u8> {
        self.append_spoilt(objects, |_| {})
    }

    /// The same, its cross-reference spoilt before it is written.
    pub(crate) fn append_spoilt(
        &self,
        objects: &[Object],
        spoil: impl FnOnce(&mut Section),
    ) -> Vec<u8> {
        let mut file = self.bytes.clone();
        let mut entries = write_objects(&mut file, objects);
        entries.sort_unstable();
        let highest = entries.last().map_or(0, |entry| entry.0);
        let mut section = Section {
            entries,
            trailer: self.trailer(highest),
            startxref: file.len(),
        };
        spoil(&mut section);
        file.extend(b"xref\n");
        for (number, kind, offset, generation) in &section.entries {
            file.extend(format!("{number} 1\n{offset:010} {generation:05} {kind} \n").bytes());
        }
        file.extend(trailer_text(&section.trailer, section.startxref).bytes());
        file
    }

    /// The copy and one revision with a cross-reference stream, whose rows are given as they stand.
    pub(crate) fn append_with_stream(
        &self,
        objects: &[Object],
        more: &[(u32, [u64; 3])],
    ) -> Vec<u8> {
        let mut file = self.bytes.clone();
        let mut rows: Vec<(u32, [u64; 3])> = write_objects(&mut file, objects)
            .into_iter()
            .map(|(number, _, offset, _)| (number, [1, offset as u64, 0]))
            .collect();
        let own = self
            .next
            .max(rows.iter().map(|row| row.0 + 1).max().unwrap_or(0));
        let start = file.len();
        rows.extend(more);
        rows.push((own, [1, start as u64, 0]));
        rows.sort_unstable();
        let index: String = rows
            .iter()
            .map(|(number, _)| format!("{number} 1 "))
            .collect();
        let mut data = Vec::new();
        for (_, [kind, second, third]) in &rows {
            data.push(u8::try_from(*kind).expect("a kind"));
            data.extend(u32::try_from(*second).expect("an offset").to_be_bytes());
            data.extend(u16::try_from(*third).expect("small").to_be_bytes());
        }
        let entries: String = self
            .trailer(own)
            .iter()
            .map(|(key, value)| format!("/{key} {value}"))
            .collect();
        let entries = format!("/Type/XRef/W[1 4 2]/Index[{index}]{entries}");
        write_objects(&mut file, &[(own, stream(&entries, &data))]);
        file.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
        file
    }

    fn trailer(&self, highest: u32) -> Vec<(&'static str, String)> {
        vec![
            ("Size", self.next.max(highest + 1).to_string()),
            ("Root", format!("{} 0 R", self.root)),
            ("ID", self.id.clone()),
            ("Prev", self.startxref.to_string()),
        ]
    }

    /// The copy and one revision that holds `objects` and a sound signature by another seal over all of
    /// it, in the field number [`Self::next`].
    pub(crate) fn countersigned(
        &self,
        seal: &LoadedSeal,
        rectangle: &str,
        objects: &[Object],
    ) -> Vec<u8> {
        let (field, value) = (self.next, self.next + 1);
        let room = 2 * seal.cms.reserved(seal.key.signature_len());
        let dictionary = |range: &str| {
            format!(
                "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached\
                 /M(D:20261122120000Z)/ByteRange{range:<60}/Contents<{}>>>",
                "0".repeat(room)
            )
            .into_bytes()
        };
        let mut all = vec![
            (
                field,
                format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Second)/Rect[{rectangle}]/F 132\
                     /V {value} 0 R>>"
                )
                .into_bytes(),
            ),
            (value, dictionary("")),
            self.form_with_field(field),
        ];
        all.extend(objects.iter().cloned());
        let mut file = self.append(&all);
        let start = find_last(&file, b"/Contents<") + b"/Contents".len();
        let end = start + room + 2;
        let range = format!("[0 {start} {end} {}]", file.len() - end);
        let at = find_last(&file, b"/ByteRange") + b"/ByteRange".len();
        file[at..at + range.len()].copy_from_slice(range.as_bytes());
        let mut hash = Sha256::new();
        hash.update(&file[..start]);
        hash.update(&file[end..]);
        let attributes = seal.cms.signed_attributes(&hash.finalize());
        let signed = seal
            .key
            .sign(attributes.to_be_signed())
            .expect("a signature");
        let digits: String = seal
            .cms
            .assemble(&attributes, &signed)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        file[start + 1..start + 1 + digits.len()].copy_from_slice(digits.as_bytes());
        file
    }
}

fn write_objects(file: &mut Vec<u8>, objects: &[Object]) -> Vec<(u32, char, usize, u16)> {
    let mut entries = Vec::new();
    for (number, body) in objects {
        entries.push((*number, 'n', file.len(), 0));
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    }
    entries
}

/// A trailer and what follows it.
pub(crate) fn trailer_text(entries: &[(&'static str, String)], startxref: usize) -> String {
    let entries: String = entries
        .iter()
        .map(|(key, value)| format!("/{key} {value}"))
        .collect();
    format!("trailer\n<<{entries}>>\nstartxref\n{startxref}\n%%EOF\n")
}

impl Section {
    /// Sets an entry of the trailer.
    pub(crate) fn set(&mut self, key: &'static str, value: impl Into<String>) {
        self.trailer.retain(|(other, _)| *other != key);
        self.trailer.push((key, value.into()));
    }
}

/// Where a part stands first.
pub(crate) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, part)
}

/// Where a part stands last.
#[track_caller]
pub(crate) fn find_last(bytes: &[u8], part: &[u8]) -> usize {
    memchr::memmem::rfind(bytes, part).unwrap_or_else(|| panic!("no {}", text(part)))
}

/// The bytes with the first occurrence of one part replaced.
#[track_caller]
pub(crate) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = find(bytes, from.as_bytes()).unwrap_or_else(|| panic!("no {from} in {}", text(bytes)));
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The number that follows a key.
#[track_caller]
fn number_after(bytes: &[u8], key: &[u8]) -> u32 {
    let after = text(&bytes[find(bytes, key).expect("the key") + key.len()..]);
    let digits: String = after
        .trim_start()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().expect("a number")
}
