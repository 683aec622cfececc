//! Spoilt at random: whatever is still accepted says the same.

use super::super::MAX_REVISIONS;
use super::super::cross_reference::{Form, Section};
use super::super::revision::{MAX_OBJECTS, Revision};
use super::super::scanner::Scanner;
use super::super::value::{Dictionary, Kind, Value};
use super::super::{BaseFacts, judge};
use super::copy::{Copy, FormPlace, shapes};

/// Mutants of each file.
const MUTANTS: u32 = 1_600;

/// Entries whose value no rule fixes to the letter: text, dates, flags of an invisible widget, its page,
/// the signature handler; the hole of a timestamp, and its `/ByteRange`, which S10 ties to that hole and
/// which may leave out the last line end.
const FREE: [&[u8]; 8] = [
    b"M",
    b"TU",
    b"T",
    b"F",
    b"P",
    b"Filter",
    b"Contents",
    b"ByteRange",
];

/// Everything that an appended part says, but for the payload of its streams, the hole of its timestamps
/// and what is [`FREE`].
fn structure(suffix: &[u8], origin: u64) -> Vec<String> {
    let mut scanner = Scanner::new(suffix, origin);
    let mut objects_left = MAX_OBJECTS;
    let mut said = Vec::new();
    for _ in 0..MAX_REVISIONS {
        let Ok(revision) = Revision::read(&mut scanner, &mut objects_left) else {
            break;
        };
        for (number, object) in &revision.objects {
            let kind = if object.stream.is_some() {
                "stream"
            } else {
                "object"
            };
            said.push(format!("{number} {kind} {}", written(&object.value)));
        }
        said.push(trailer(&revision.section));
    }
    said
}

fn trailer(section: &Section<'_>) -> String {
    let identifier = section
        .trailer
        .get(b"ID")
        .and_then(Value::as_array)
        .unwrap();
    let mut rest: Dictionary<'_> = section.trailer.clone();
    for key in [b"ID".as_slice(), b"W", b"Index", b"Length"] {
        rest.entries.remove(key);
    }
    format!(
        "{:?} {:?} {}",
        section.form,
        identifier[0].string_bytes(),
        dictionary(&rest)
    )
}

fn written(value: &Value<'_>) -> String {
    match &value.kind {
        Kind::Dictionary(entries) => dictionary(entries),
        Kind::Array(items) => format!(
            "[{}]",
            items.iter().map(written).collect::<Vec<_>>().join(" ")
        ),
        Kind::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
        Kind::Integer(integer) => integer.to_string(),
        Kind::Reference(reference) => format!("{} {} R", reference.number, reference.generation),
        Kind::LiteralString | Kind::HexadecimalString => format!("{:?}", value.string_bytes()),
        Kind::Real | Kind::Keyword => String::from_utf8_lossy(value.raw).into_owned(),
    }
}

fn dictionary(dictionary: &Dictionary<'_>) -> String {
    let entries = dictionary.entries.iter().map(|(key, value)| {
        let free = FREE.contains(&key.as_ref());
        let value = if free { String::new() } else { written(value) };
        format!("/{} {value}", String::from_utf8_lossy(key))
    });
    format!("<<{}>>", entries.collect::<String>())
}

/// A small generator of pseudo-random numbers (xorshift): the same mutants every time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: &[u8] = b"0123456789 \n\r()<>[]/%#RfnD";
        let place = self.throw(bytes.len());
        match self.throw(6) {
            0 => bytes[place] ^= 1 << self.throw(8),
            1 => bytes[place] = TELLING[self.throw(TELLING.len())],
            2 => bytes.insert(place, TELLING[self.throw(TELLING.len())]),
            3 => drop(bytes.remove(place)),
            4 => {
                let other = self.throw(bytes.len());
                bytes.swap(place, other);
            }
            _ => {
                let len = self.throw(40).min(bytes.len() - place);
                let piece = bytes[place..place + len].to_vec();
                let to = self.throw(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
}

/// Where payloads and holes begin and end: bytes that may change without changing what is said.
fn opaque_ranges(suffix: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    for (open, close) in [
        (&b"stream\n"[..], &b"\nendstream"[..]),
        (b"/Contents<", b">"),
    ] {
        let mut from = 0;
        while let Some(start) = suffix[from..]
            .windows(open.len())
            .position(|window| window == open)
        {
            let start = from + start + open.len();
            let len = suffix[start..]
                .windows(close.len())
                .position(|window| window == close)
                .unwrap();
            ranges.push(start..start + len);
            from = start + len + close.len();
        }
    }
    ranges
}

fn files() -> Vec<Copy> {
    let mut files = shapes();
    for copy in &mut files {
        copy.add_dss().add_timestamp();
    }
    for mut copy in shapes() {
        copy.add_dss();
        files.push(copy);
    }
    let mut long = Copy::new(Form::Table, FormPlace::Indirect);
    long.add_dss().add_timestamp().add_dss().add_timestamp();
    files.push(long);
    files
}

#[test]
fn whatever_random_change_is_accepted_says_the_same() {
    let mut dice = Dice(0x5EA1_0F7E_57ED_C0DE);
    let (mut tried, mut accepted) = (0, 0);
    for copy in files() {
        let facts = BaseFacts::read(copy.issued()).unwrap();
        let origin = copy.base as u64;
        let original = structure(copy.suffix(), origin);
        assert!(judge(copy.issued(), copy.suffix(), &facts).is_ok());
        for _ in 0..MUTANTS {
            let mut suffix = copy.suffix().to_vec();
            for _ in 0..=dice.throw(2) {
                dice.mutate(&mut suffix);
            }
            tried += 1;
            if judge(copy.issued(), &suffix, &facts).is_ok() {
                accepted += 1;
                assert_eq!(structure(&suffix, origin), original);
            }
        }
    }
    assert!(tried >= 20_000, "{tried} mutants");
    assert!(
        accepted > 0,
        "some bytes are free, so some mutants must be accepted"
    );
}

#[test]
fn every_single_bit_flipped_outside_payloads_changes_nothing_or_is_refused() {
    let mut copy = Copy::new(Form::Table, FormPlace::Indirect);
    copy.add_dss().add_timestamp();
    let facts = BaseFacts::read(copy.issued()).unwrap();
    let origin = copy.base as u64;
    let original = structure(copy.suffix(), origin);
    let opaque = opaque_ranges(copy.suffix());
    let mut suffix = copy.suffix().to_vec();
    let (mut tried, mut accepted_outside) = (0, 0);
    for place in 0..suffix.len() {
        for bit in 0..8 {
            suffix[place] ^= 1 << bit;
            tried += 1;
            if judge(copy.issued(), &suffix, &facts).is_ok() {
                assert_eq!(
                    structure(&suffix, origin),
                    original,
                    "byte {place}, bit {bit}"
                );
                accepted_outside += u32::from(!opaque.iter().any(|range| range.contains(&place)));
            }
            suffix[place] ^= 1 << bit;
        }
    }
    // The identifiers of the material are random, and so its length: some two thousand bytes.
    assert_eq!(tried as usize, 8 * suffix.len());
    assert!(suffix.len() > 2_000, "{} bytes", suffix.len());
    assert!(
        accepted_outside < tried / 20,
        "{accepted_outside} of {tried}"
    );
}
