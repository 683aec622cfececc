//! The objects that cross-reference data leads to, as lopdf values. Stream data is never copied: it
//! stays in the file and is found again by its range.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectId, Stream};

use super::budget::{Budget, objects_passed};
use super::cross_reference::{Basis, CrossReferences, Location};
use super::encryption::{self, Cipher};
use super::facts::Encryption;
use super::filters::{self, FilterError};
use super::lexer::{LexError, Lexer, header_at};
use super::{PdfError, stream_data, values};

/// Objects by number and generation.
pub(super) type Objects = BTreeMap<ObjectId, Object>;

/// Values handed to the parser at a time, between two looks at the deadline.
const BATCH: usize = 2048;

/// What a file holds.
pub(super) struct Loaded {
    /// The objects in use. Streams have their dictionary only; their `content` is empty.
    pub(super) objects: Objects,
    /// Where the data of each stream stands in the file.
    pub(super) streams: BTreeMap<ObjectId, Range<usize>>,
    /// Entries in use that lead to no such object.
    pub(super) lost: BTreeSet<u32>,
    /// The object streams that were opened.
    pub(super) containers: BTreeSet<u32>,
    pub(super) cipher: Option<Cipher>,
    pub(super) encryption: Option<Encryption>,
}

/// An object found at its offset.
struct Found {
    id: ObjectId,
    value: Range<usize>,
    /// Where the data starts, if it is a stream.
    data: Option<usize>,
    /// Where the next object starts.
    end: usize,
}

/// Objects that are known already, by number and generation.
pub(super) type Known<'a> = &'a dyn Fn(ObjectId) -> Option<&'a Object>;

/// Loads every object of `references`, whose entries are completed when they were rebuilt.
///
/// # Errors
/// Limits and the refusals of encryption; what cannot be read is listed as lost.
pub(super) fn load(
    bytes: &[u8],
    references: &mut CrossReferences,
    budget: &mut Budget<'_>,
) -> Result<Loaded, PdfError> {
    load_beside(bytes, references, &|_| None, budget)
}

/// The same for entries that are a part of what a revision holds: what they refer to may be among the
/// objects `known` of an older one.
///
/// # Errors
/// As [`load`].
pub(super) fn load_beside(
    bytes: &[u8],
    references: &mut CrossReferences,
    known: Known<'_>,
    budget: &mut Budget<'_>,
) -> Result<Loaded, PdfError> {
    let used = references
        .entries
        .values()
        .filter(|location| **location != Location::Free)
        .count();
    if used > budget.limits.objects as usize {
        return Err(objects_passed(budget.limits));
    }
    let mut loaded = Loaded {
        objects: Objects::new(),
        streams: BTreeMap::new(),
        lost: BTreeSet::new(),
        containers: BTreeSet::new(),
        cipher: None,
        encryption: None,
    };
    let found = loaded.find(bytes, references, budget)?;
    loaded.build(bytes, &found, budget)?;
    let unlocked = encryption::unlock(&references.trailer, |id| {
        loaded.objects.get(&id).or_else(|| known(id))
    })?;
    if let Some((cipher, encryption)) = unlocked {
        for (id, object) in &mut loaded.objects {
            cipher.decrypt_strings(*id, object);
        }
        loaded.cipher = Some(cipher);
        loaded.encryption = Some(encryption);
    }
    loaded.open_containers(bytes, references, &found, known, budget)?;
    for one in &found {
        loaded.place_stream(bytes, one, known);
    }
    Ok(loaded)
}

impl Loaded {
    /// Finds the objects that stand by themselves. An object ends before the next one begins, so
    /// all of them together are read once, however they are laid out.
    fn find(
        &mut self,
        bytes: &[u8],
        references: &CrossReferences,
        budget: &Budget<'_>,
    ) -> Result<Vec<Found>, PdfError> {
        let mut headers: Vec<(usize, ObjectId, usize)> = Vec::new();
        for (&number, location) in &references.entries {
            if let Location::Offset { offset, generation } = *location {
                match header_at(bytes, offset) {
                    Some((id, body)) if id == (number, generation) => {
                        headers.push((offset, id, body));
                    }
                    _ => {
                        self.lost.insert(number);
                    }
                }
            }
        }
        headers.sort_unstable();
        let mut found = Vec::with_capacity(headers.len());
        for (index, &(_, id, body)) in headers.iter().enumerate() {
            if index % BATCH == 0 {
                budget.check_time()?;
            }
            let end = headers.get(index + 1).map_or(bytes.len(), |next| next.0);
            let own = bytes.get(..end).unwrap_or_default();
            let mut lexer = Lexer::new(own, body);
            match lexer.object(values::depth(budget.limits)) {
                Ok(value) => found.push(Found {
                    id,
                    value,
                    data: stream_data::start(&lexer),
                    end,
                }),
                Err(LexError::TooDeep) => return Err(values::too_deep(budget.limits)),
                Err(LexError::Malformed) => {
                    self.lost.insert(id.0);
                }
            }
        }
        Ok(found)
    }

    fn build(
        &mut self,
        bytes: &[u8],
        found: &[Found],
        budget: &Budget<'_>,
    ) -> Result<(), PdfError> {
        for batch in found.chunks(BATCH) {
            budget.check_time()?;
            let ranges: Vec<_> = batch.iter().map(|one| one.value.clone()).collect();
            for (one, value) in batch.iter().zip(values::parse_values(bytes, &ranges)) {
                match (value, one.data) {
                    (Some(Object::Dictionary(dict)), Some(_)) => {
                        let stream = Stream {
                            dict,
                            content: Vec::new(),
                            allows_compression: false,
                            start_position: None,
                        };
                        self.objects.insert(one.id, Object::Stream(stream));
                    }
                    (Some(value), None) => {
                        self.objects.insert(one.id, value);
                    }
                    _ => {
                        self.lost.insert(one.id.0);
                    }
                }
            }
        }
        Ok(())
    }

    /// Finds the data of a stream, if `one` is a stream and its data was not found before.
    fn place_stream(&mut self, bytes: &[u8], one: &Found, known: Known<'_>) {
        let (Some(start), Some(Object::Stream(stream))) = (one.data, self.objects.get(&one.id))
        else {
            return;
        };
        if self.streams.contains_key(&one.id) {
            return;
        }
        let length = match stream.dict.get(b"Length") {
            Ok(Object::Reference(id)) => self.objects.get(id).or_else(|| known(*id)),
            other => other.ok(),
        };
        let length = length
            .and_then(|length| length.as_i64().ok())
            .and_then(|length| u64::try_from(length).ok());
        let own = bytes.get(..one.end).unwrap_or_default();
        match stream_data::extent(own, start, length) {
            Some(range) => {
                self.streams.insert(one.id, range);
            }
            None => {
                self.objects.remove(&one.id);
                self.lost.insert(one.id.0);
            }
        }
    }

    /// Loads what stands in object streams (ISO 32000-2, 7.5.7).
    fn open_containers(
        &mut self,
        bytes: &[u8],
        references: &mut CrossReferences,
        found: &[Found],
        known: Known<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<(), PdfError> {
        let rebuilt = references.basis == Basis::Rebuilt;
        let mut members: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (&number, location) in &references.entries {
            if let Location::Member { container, .. } = *location {
                members.entry(container).or_default().insert(number);
            }
        }
        for one in found {
            if !rebuilt && !members.contains_key(&one.id.0) {
                continue;
            }
            let is_container = matches!(self.objects.get(&one.id), Some(Object::Stream(stream))
                if values::name_entry(&stream.dict, b"Type") == Some(b"ObjStm"));
            if !is_container {
                continue;
            }
            self.place_stream(bytes, one, known);
            let Some(content) = self.container(bytes, one.id, known, budget)? else {
                continue;
            };
            self.containers.insert(one.id.0);
            if rebuilt {
                self.adopt(&content, one.id.0, references, budget)?;
            } else if let Some(wanted) = members.get(&one.id.0) {
                let chosen: Vec<Member> = content
                    .members()
                    .into_iter()
                    .filter(|member| wanted.contains(&member.number))
                    .collect();
                self.build_members(&content, &chosen, budget)?;
            }
        }
        for number in members.into_values().flatten() {
            if !self.objects.contains_key(&(number, 0)) {
                self.lost.insert(number);
            }
        }
        Ok(())
    }

    /// Members of a container found by scanning, which come to the cross-reference data only now.
    /// An object that stands by itself after its container is newer.
    fn adopt(
        &mut self,
        content: &Container,
        container: u32,
        references: &mut CrossReferences,
        budget: &Budget<'_>,
    ) -> Result<(), PdfError> {
        let place = |entry: Option<&Location>| match entry {
            Some(Location::Offset { offset, .. }) => *offset,
            _ => 0,
        };
        let own_place = place(references.entries.get(&container));
        let mut chosen = Vec::new();
        for member in content.members() {
            if place(references.entries.get(&member.number)) < own_place {
                let index = member.index;
                let location = Location::Member { container, index };
                let older = references.entries.insert(member.number, location);
                if let Some(Location::Offset { generation, .. }) = older {
                    self.objects.remove(&(member.number, generation));
                }
                chosen.push(member);
            }
        }
        if references.entries.len() > budget.limits.objects as usize {
            return Err(objects_passed(budget.limits));
        }
        self.build_members(content, &chosen, budget)
    }

    fn build_members(
        &mut self,
        content: &Container,
        members: &[Member],
        budget: &Budget<'_>,
    ) -> Result<(), PdfError> {
        budget.check_time()?;
        let mut numbers = Vec::with_capacity(members.len());
        let mut ranges = Vec::with_capacity(members.len());
        let mut read = 0_usize;
        for member in members {
            let mut lexer = Lexer::new(&content.bytes, member.offset);
            match lexer.object(values::depth(budget.limits)) {
                Ok(range) => {
                    numbers.push(member.number);
                    ranges.push(range);
                }
                Err(LexError::TooDeep) => return Err(values::too_deep(budget.limits)),
                Err(LexError::Malformed) => {}
            }
            // Members that lie inside one another would be read over and over.
            read = read.saturating_add(lexer.position().saturating_sub(member.offset));
            if read > content.bytes.len().saturating_mul(2) {
                return Err(PdfError::Damaged("overlapping objects in an object stream"));
            }
        }
        for (number, value) in numbers
            .into_iter()
            .zip(values::parse_values(&content.bytes, &ranges))
        {
            if let Some(value) = value {
                self.objects.insert((number, 0), value);
            }
        }
        Ok(())
    }

    fn container(
        &self,
        bytes: &[u8],
        id: ObjectId,
        known: Known<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<Option<Container>, PdfError> {
        let (Some(Object::Stream(stream)), Some(range)) =
            (self.objects.get(&id), self.streams.get(&id))
        else {
            return Ok(None);
        };
        let raw = bytes.get(range.clone()).unwrap_or_default();
        let decrypted = match &self.cipher {
            Some(cipher) => match cipher.decrypt_data(id, &stream.dict, raw) {
                Some(decrypted) => Some(decrypted),
                None => return Ok(None),
            },
            None => None,
        };
        let raw = decrypted.as_deref().unwrap_or(raw);
        let filters = filters::chain(&stream.dict, |object| match object {
            Object::Reference(id) => {
                let own = self.objects.get(id).or_else(|| known(*id));
                own.unwrap_or(&Object::Null)
            }
            direct => direct,
        });
        let Some(filters) = filters else {
            return Ok(None);
        };
        let allowance = budget.allowance();
        let content = match filters::decode_leniently(filters, raw, allowance.bytes) {
            Ok(content) => content,
            Err(FilterError::TooLong) => return Err(allowance.passed()),
            Err(FilterError::Undecodable) => return Ok(None),
        };
        budget.spend(content.len());
        Ok(Container::new(content, &stream.dict))
    }
}

/// The decoded content of an object stream.
struct Container {
    bytes: Vec<u8>,
    count: u64,
    first: usize,
}

struct Member {
    number: u32,
    index: u32,
    offset: usize,
}

impl Container {
    fn new(bytes: Vec<u8>, dictionary: &Dictionary) -> Option<Self> {
        let first = usize::try_from(values::unsigned_entry(dictionary, b"First")?).ok()?;
        Some(Self {
            bytes,
            count: values::unsigned_entry(dictionary, b"N")?,
            first,
        })
    }

    fn members(&self) -> Vec<Member> {
        let index = self.bytes.get(..self.first).unwrap_or_default();
        let mut lexer = Lexer::new(index, 0);
        let mut members = Vec::new();
        for index in 0..self.count {
            let (Some(number), Some(offset)) = (lexer.unsigned(), lexer.unsigned()) else {
                break;
            };
            let place = usize::try_from(offset)
                .ok()
                .and_then(|offset| self.first.checked_add(offset));
            if let (Ok(number), Ok(index), Some(offset)) =
                (u32::try_from(number), u32::try_from(index), place)
                && number != 0
            {
                members.push(Member {
                    number,
                    index,
                    offset,
                });
            }
        }
        members
    }
}
