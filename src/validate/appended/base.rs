//! What must be known of a base before anything that follows it can be judged.

use std::collections::{BTreeMap, BTreeSet};

use super::chain::{Chain, Parts};
use super::item::ItemKind;
use super::scanner::Scanner;
use super::signatures::Signatures;
use super::text::field_name;
use super::trailer::Trailer;
use super::value::{Reference, Value};
use super::violation::{Rule, Violation};

/// Fields of the base's form that are looked at.
const MAX_FIELDS: usize = 10_000;

/// Entries of a `/VRI` dictionary that are looked at.
const MAX_VRI_ENTRIES: usize = 1_000;

/// What a version stored here says of itself, read from its last revision: that one was written here.
///
/// Objects of older revisions are taken in as far as this reader can see them. What it cannot see, such
/// as an object inside an object stream, stays unknown, and whatever would need it is refused.
#[derive(Clone, Debug)]
pub struct BaseFacts {
    /// Length of the base in bytes.
    pub(super) len: u64,
    /// The base ends with a line end.
    pub(super) ends_line: bool,
    pub(super) trailer: Trailer,
    /// Offset that the last `startxref` names.
    pub(super) startxref: u64,
    /// Objects that may be written again, each with its value as it stands in the base: the catalog, and
    /// those of form, `/Fields`, DSS, VRI and their arrays that are indirect.
    pub(super) overridable: BTreeMap<u32, Vec<u8>>,
    /// Streams of the DSS, and what they hold.
    pub(super) items: BTreeMap<u32, ItemKind>,
    /// Names of the form's fields.
    pub(super) field_names: BTreeSet<String>,
    /// Whether those are all of them.
    pub(super) all_names_known: bool,
    /// The form's signatures: a `/VRI` key names one.
    pub(super) signatures: Signatures,
}

impl BaseFacts {
    /// Reads the last revision of a base, from its last `startxref`.
    ///
    /// # Errors
    /// The rule by which nothing that follows this base could be accepted, with its offset in the base.
    pub fn read(base: &[u8]) -> Result<Self, Violation> {
        Self::read_parts(&[base])
    }

    /// The same of a base whose parts are not joined: it is cut between revisions.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_parts(parts: &[&[u8]]) -> Result<Self, Violation> {
        let base = Parts(parts);
        let len = base.len() as u64;
        let startxref = last_startxref(base.last(), len)?;
        let (chain, newest) = Chain::begin(base, startxref)?;
        let trailer = Trailer::read(&newest)?;
        let root = trailer.root;
        let mut reader = Reader {
            chain,
            facts: Self {
                len,
                ends_line: matches!(base.last().last(), Some(b'\n' | b'\r')),
                trailer,
                startxref,
                overridable: BTreeMap::new(),
                items: BTreeMap::new(),
                field_names: BTreeSet::new(),
                all_names_known: true,
                signatures: Signatures::default(),
            },
        };
        let catalog = reader
            .object(root)
            .ok_or_else(|| Rule::S7.broken(newest.at, "the base's catalog cannot be read"))?;
        let entries = catalog
            .as_dictionary()
            .ok_or_else(|| Rule::S7.broken(catalog.at, "the base's catalog is no dictionary"))?;
        if let Some(form) = entries.get(b"AcroForm") {
            reader.read_form(form);
        }
        if let Some(dss) = entries.get(b"DSS") {
            reader.read_dss(dss);
        }
        Ok(reader.facts)
    }

    /// With the names of all top-level fields of the base's form, from somebody who could see them all.
    /// Without them, a document timestamp can only be accepted when this reader could see them itself:
    /// a name that cannot be compared is not known to be new (S9).
    #[must_use]
    pub fn with_field_names(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.field_names.extend(names);
        self.all_names_known = true;
        self
    }

    /// Length of the base in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a base is never empty")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the base is encrypted, so that what stands in its strings and streams cannot be seen.
    pub fn is_encrypted(&self) -> bool {
        self.trailer.is_encrypted()
    }

    /// Numbers of the objects that may be written again, ascending.
    pub fn overridable(&self) -> impl Iterator<Item = u32> {
        self.overridable.keys().copied()
    }
}

/// The offset between `startxref` and the `%%EOF` with which the base ends, at `end`.
fn last_startxref(base: &[u8], end: u64) -> Result<u64, Violation> {
    let line_ends: [&[u8]; 4] = [b"\r\n", b"\n", b"\r", b""];
    let digits = line_ends
        .iter()
        .find_map(|line_end| base.strip_suffix(*line_end)?.strip_suffix(b"%%EOF"))
        .map(<[u8]>::trim_ascii_end)
        .ok_or_else(|| Rule::S1.broken(end, "the base does not end with %%EOF"))?;
    let count = digits
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .take(20)
        .count();
    let (before, digits) = digits.split_at(digits.len() - count);
    let offset = before
        .trim_ascii_end()
        .ends_with(b"startxref")
        .then(|| std::str::from_utf8(digits).ok()?.parse().ok())
        .flatten();
    offset.ok_or_else(|| Rule::S1.broken(end, "the base does not end with a startxref"))
}

struct Reader<'p, 'a> {
    chain: Chain<'p, 'a>,
    facts: BaseFacts,
}

impl<'a> Reader<'_, 'a> {
    /// A plain object that may be written again.
    fn object(&mut self, number: u32) -> Option<Value<'a>> {
        let value = self.chain.load(number)?.into_plain()?;
        self.facts.overridable.insert(number, value.raw.to_vec());
        Some(value)
    }

    /// A value, or what its reference leads to.
    fn resolve(&mut self, value: &Value<'a>) -> Option<Value<'a>> {
        match value.as_reference() {
            Some(Reference {
                number,
                generation: 0,
            }) => self.object(number),
            Some(_) => None,
            None => Some(value.clone()),
        }
    }

    fn read_form(&mut self, form: &Value<'a>) {
        let fields = self
            .resolve(form)
            .and_then(|form| self.resolve(form.as_dictionary()?.get(b"Fields")?));
        let Some(fields) = fields.as_ref().and_then(Value::as_array) else {
            self.facts.all_names_known = false;
            return;
        };
        // The strings of an encrypted document cannot be compared.
        let readable = fields.len() <= MAX_FIELDS && !self.facts.trailer.is_encrypted();
        self.facts.all_names_known = readable;
        for field in fields.iter().take(MAX_FIELDS) {
            let name = self.read_field(field);
            self.facts.all_names_known &= name.is_some();
            self.facts.field_names.extend(name);
        }
    }

    /// The name of a field; its signature, if it has one, on the way.
    fn read_field(&mut self, field: &Value<'a>) -> Option<String> {
        let field = self.load_plain(field)?;
        let field = field.as_dictionary()?;
        if let Some(contents) = field
            .get(b"V")
            .and_then(|value| self.load_plain(value))
            .as_ref()
            .and_then(|value| value.as_dictionary()?.get(b"Contents"))
        {
            self.facts.signatures.add(contents.raw);
        }
        field_name(&field.get(b"T")?.string_bytes()?)
    }

    /// A plain object that may not be written again.
    fn load_plain(&mut self, value: &Value<'a>) -> Option<Value<'a>> {
        match value.as_reference()? {
            Reference {
                number,
                generation: 0,
            } => self.chain.load(number)?.into_plain(),
            _ => None,
        }
    }

    fn read_dss(&mut self, dss: &Value<'a>) {
        let Some(dss) = self.resolve(dss) else {
            return;
        };
        let Some(dss) = dss.as_dictionary() else {
            return;
        };
        for kind in ItemKind::ALL {
            if let Some(items) = kind.dss_key().and_then(|key| dss.get(key)) {
                self.read_items(items, kind);
            }
        }
        let Some(vri) = dss.get(b"VRI").and_then(|vri| self.resolve(vri)) else {
            return;
        };
        let entries = vri
            .as_dictionary()
            .map(|vri| vri.entries.values())
            .into_iter()
            .flatten();
        for entry in entries.take(MAX_VRI_ENTRIES) {
            self.read_vri_entry(entry);
        }
    }

    fn read_vri_entry(&mut self, entry: &Value<'a>) {
        let Some(entry) = self.resolve(entry) else {
            return;
        };
        for kind in ItemKind::ALL {
            match entry
                .as_dictionary()
                .and_then(|entry| entry.get(kind.vri_key()))
            {
                Some(item) if kind == ItemKind::Timestamp => self.remember(item, kind),
                Some(items) => self.read_items(items, kind),
                None => {}
            }
        }
    }

    fn read_items(&mut self, items: &Value<'a>, kind: ItemKind) {
        let items = self.resolve(items);
        for item in items.as_ref().and_then(Value::as_array).unwrap_or_default() {
            self.remember(item, kind);
        }
    }

    fn remember(&mut self, item: &Value<'a>, kind: ItemKind) {
        if let Some(Reference {
            number,
            generation: 0,
        }) = item.as_reference()
        {
            self.facts.items.insert(number, kind);
        }
    }
}

/// A value that was kept from a base, read again.
pub(super) fn read_kept(raw: &[u8]) -> Option<Value<'_>> {
    Scanner::new(raw, 0).read_value().ok()
}
