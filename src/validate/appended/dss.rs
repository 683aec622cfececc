//! The document security store (S11; ISO 32000-2, 12.8.4.3 and 12.8.4.4).

use std::collections::BTreeMap;

use super::DssFacts;
use super::der;
use super::item::ItemKind;
use super::object::IndirectObject;
use super::scanner::hexadecimal_digit;
use super::signatures::Signatures;
use super::value::{Dictionary, Kind, Reference, Value};
use super::view::{Reached, Role, View};
use super::violation::{Rule, Violation};

/// Bytes that one item may inflate to.
const MAX_ITEM_BYTES: usize = 10 << 20;

const DSS_KEYS: [&[u8]; 5] = [b"Type", b"VRI", b"Certs", b"OCSPs", b"CRLs"];

const VRI_ENTRY_KEYS: [&[u8]; 6] = [b"Type", b"Cert", b"CRL", b"OCSP", b"TU", b"TS"];

const STREAM_KEYS: [&[u8]; 2] = [b"Length", b"Filter"];

/// What is known of the file's validation data before the revision.
pub(super) struct Known<'k> {
    /// Streams that hold validation data already.
    pub(super) items: &'k BTreeMap<u32, ItemKind>,
    /// The signatures of the form.
    pub(super) signatures: &'k Signatures,
    /// Bytes that items may still inflate to, all together.
    pub(super) inflated_left: &'k mut usize,
}

/// S11: judges the store as this revision leaves it, and returns what the revision adds to it. `None`:
/// the revision leaves it as it was.
pub(super) fn check<'d, 'a>(
    view: &View<'d, 'a>,
    reached: &mut Reached,
    before: &'d Dictionary<'a>,
    after: &'d Dictionary<'a>,
    known: Known<'_>,
) -> Result<Option<DssFacts>, Violation> {
    let (before, value) = match (before.get(b"DSS"), after.get(b"DSS")) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(Rule::S11.broken(after.at, "the validation data is gone")),
        (before, Some(after)) => (before, after),
    };
    let mut reader = Reader {
        view,
        reached,
        known,
        added: DssFacts::default(),
    };
    let Some(store) = reader.resolve(value, before, Role::Dss)? else {
        return Ok(None);
    };
    let old = before
        .and_then(|before| view.before(before))
        .and_then(Value::as_dictionary);
    reader.read_store(dictionary(store)?, old)?;
    let added = reader.added;
    let objects = &view.revision.objects;
    let touched = reached
        .0
        .iter()
        .any(|(number, role)| role.is_of_dss() && objects.contains_key(number));
    let same = before.is_some_and(|before| before.same_tokens(value));
    Ok((touched || !same).then_some(added))
}

fn dictionary<'v, 'a>(value: &'v Value<'a>) -> Result<&'v Dictionary<'a>, Violation> {
    value
        .as_dictionary()
        .ok_or_else(|| Rule::S11.broken(value.at, "a dictionary was expected here"))
}

fn check_type(dictionary: &Dictionary<'_>, expected: &[u8]) -> Result<(), Violation> {
    match dictionary.get(b"Type") {
        Some(kind) if !kind.is_name(expected) => {
            Err(Rule::S11.broken(kind.at, "validation data of another type"))
        }
        _ => Ok(()),
    }
}

struct Reader<'r, 'd, 'a> {
    view: &'r View<'d, 'a>,
    reached: &'r mut Reached,
    known: Known<'r>,
    added: DssFacts,
}

impl<'d, 'a> Reader<'_, 'd, 'a> {
    fn resolve(
        &mut self,
        value: &'d Value<'a>,
        before: Option<&Value<'a>>,
        role: Role,
    ) -> Result<Option<&'d Value<'a>>, Violation> {
        self.view
            .resolve(self.reached, value, before, role, Rule::S11)
    }

    fn read_store(
        &mut self,
        store: &'d Dictionary<'a>,
        before: Option<&'d Dictionary<'a>>,
    ) -> Result<(), Violation> {
        store.only(&DSS_KEYS, Rule::S11, "an entry that a DSS does not have")?;
        check_type(store, b"DSS")?;
        for kind in ItemKind::ALL {
            let Some(key) = kind.dss_key() else { continue };
            if let Some(items) = store.get(key) {
                self.read_items(items, before.and_then(|before| before.get(key)), kind)?;
            }
        }
        let Some(vri) = store.get(b"VRI") else {
            return Ok(());
        };
        let before = before.and_then(|before| before.get(b"VRI"));
        let Some(vri) = self.resolve(vri, before, Role::Vri)? else {
            return Ok(());
        };
        let before = before
            .and_then(|before| self.view.before(before))
            .and_then(Value::as_dictionary);
        for (key, entry) in &dictionary(vri)?.entries {
            self.check_vri_key(key, entry.at)?;
            let before = before.and_then(|before| before.get(key));
            if let Some(found) = self.resolve(entry, before, Role::VriEntry)? {
                let before = before.and_then(|before| self.view.before(before));
                self.read_vri_entry(dictionary(found)?, before.and_then(Value::as_dictionary))?;
            }
        }
        Ok(())
    }

    /// A key is the SHA-1 of a signature in this file, in capital hexadecimal digits.
    fn check_vri_key(&self, key: &[u8], at: u64) -> Result<(), Violation> {
        let mut digest = [0; 20];
        let mut well_formed = key.len() == 40 && !key.iter().any(u8::is_ascii_lowercase);
        for (byte, pair) in digest.iter_mut().zip(key.chunks(2)) {
            match pair
                .iter()
                .map(|digit| hexadecimal_digit(*digit))
                .collect::<Vec<_>>()[..]
            {
                [Some(high), Some(low)] => *byte = high << 4 | low,
                _ => well_formed = false,
            }
        }
        if well_formed && self.known.signatures.have(&digest) {
            return Ok(());
        }
        Err(Rule::S11.broken(
            at,
            "validation data for a signature that is not in this file",
        ))
    }

    fn read_vri_entry(
        &mut self,
        entry: &'d Dictionary<'a>,
        before: Option<&'d Dictionary<'a>>,
    ) -> Result<(), Violation> {
        entry.only(
            &VRI_ENTRY_KEYS,
            Rule::S11,
            "an entry that validation data does not have",
        )?;
        check_type(entry, b"VRI")?;
        if let Some(time) = entry.get(b"TU")
            && !matches!(time.kind, Kind::LiteralString)
        {
            return Err(Rule::S11.broken(time.at, "a time that is no date"));
        }
        for kind in ItemKind::ALL {
            let key = kind.vri_key();
            match entry.get(key) {
                None => {}
                Some(item) if kind == ItemKind::Timestamp => self.read_item(item, kind)?,
                Some(items) => {
                    self.read_items(items, before.and_then(|before| before.get(key)), kind)?;
                }
            }
        }
        Ok(())
    }

    fn read_items(
        &mut self,
        items: &'d Value<'a>,
        before: Option<&Value<'a>>,
        kind: ItemKind,
    ) -> Result<(), Violation> {
        let Some(found) = self.resolve(items, before, Role::Items(kind))? else {
            return Ok(());
        };
        let found = found.as_array().ok_or_else(|| {
            Rule::S11.broken(items.at, "an array of validation data was expected here")
        })?;
        found.iter().try_for_each(|item| self.read_item(item, kind))
    }

    /// A reference to a stream that this revision adds, or that held data of the same kind before.
    fn read_item(&mut self, item: &Value<'a>, kind: ItemKind) -> Result<(), Violation> {
        let broken = |text| Err(Rule::S11.broken(item.at, text));
        let Some(Reference {
            number,
            generation: 0,
        }) = item.as_reference()
        else {
            return broken("validation data that is no reference to a stream");
        };
        match (self.view.added(item), self.known.items.get(&number)) {
            (Some(object), _) => {
                if self.reached.claim(number, Role::Item(kind), item.at)? {
                    self.read_stream(object, kind)?;
                }
                Ok(())
            }
            (None, Some(before)) if *before == kind => self
                .reached
                .claim(number, Role::Item(kind), item.at)
                .map(|_| ()),
            (None, _) => broken("a reference to something that is not validation data"),
        }
    }

    fn read_stream(
        &mut self,
        object: &IndirectObject<'a>,
        kind: ItemKind,
    ) -> Result<(), Violation> {
        let broken = |text| Rule::S11.broken(object.at, text);
        let (entries, data) = object
            .as_stream()
            .ok_or_else(|| broken("validation data that is no stream"))?;
        entries.only(
            &STREAM_KEYS,
            Rule::S11,
            "an entry that a stream of validation data does not have",
        )?;
        let limit = MAX_ITEM_BYTES.min(*self.known.inflated_left);
        let decoded = data
            .decode(entries, limit)
            .ok_or_else(|| broken("validation data that cannot be decoded, or is too long"))?;
        *self.known.inflated_left -= decoded.len();
        if !der::is_exactly_one(&decoded, kind) {
            return Err(broken(
                "a stream that is not exactly one item of validation data",
            ));
        }
        match kind {
            ItemKind::Certificate => self.added.certificates.push(decoded),
            ItemKind::Ocsp => self.added.ocsps.push(decoded),
            ItemKind::Crl => self.added.crls.push(decoded),
            ItemKind::Timestamp => {}
        }
        Ok(())
    }
}
