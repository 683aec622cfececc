//! The functions that are fuzzed (`entries.rs`), fed in the ordinary suite: with every small file of the
//! corpus, with copies of ours, and with mutants of both, for a bounded time. And the limits of the
//! validator: at each of them, and one past it.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "these tests read files, measure time and say what they did"
)]

mod entries;
mod limits;

#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use support::office::{ORGANS, Office};
use support::{corpus, paper};

/// Each entry is fed mutants for so long.
const PATIENCE: Duration = Duration::from_secs(8);
/// No single input may take longer, in a build that is not optimised on a machine that is busy.
const LONGEST: Duration = Duration::from_secs(20);
/// Larger files are left to the fuzzer itself.
const LARGEST: usize = 150_000;

/// A small generator of pseudo-random numbers (xorshift): the same mutants every time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).expect("it fits") % sides.max(1)
    }

    /// One to four changes of the kinds that break parsers.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        const TELLING: &[u8] = b"0123456789 \n\r()<>[]/%#RfnD\x00\x30\x80\xFF";
        for _ in 0..=self.throw(4) {
            let place = self.throw(bytes.len());
            let Some(byte) = bytes.get_mut(place) else {
                return;
            };
            match self.throw(6) {
                0 => *byte ^= 1 << self.throw(8),
                1 => *byte = TELLING[self.throw(TELLING.len())],
                2 => bytes.insert(place, TELLING[self.throw(TELLING.len())]),
                3 => drop(bytes.drain(place..(place + 1 + self.throw(30)).min(bytes.len()))),
                4 => bytes.truncate(place),
                _ => {
                    let end = (place + self.throw(60)).min(bytes.len());
                    let piece = bytes[place..end].to_vec();
                    let to = self.throw(bytes.len());
                    bytes.splice(to..to, piece);
                }
            }
        }
    }
}

/// Small files of the corpus, and a copy of ours.
fn documents() -> Vec<Vec<u8>> {
    let office = Office::open();
    let mut documents = vec![office.seal(ORGANS[2], &paper::one_page("fuzz"))];
    for folder in ["signed", "attacks", "seal"] {
        let specimens = corpus::folder(folder).unwrap_or_default();
        documents.extend(specimens.iter().map(|specimen| specimen.bytes()));
    }
    documents.retain(|document| document.len() < LARGEST);
    documents
}

/// The signatures in documents: what stands between `/Contents<` and `>`.
fn signatures(documents: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let digit = |byte: &u8| {
        char::from(*byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut signatures = Vec::new();
    for document in documents {
        for key in [&b"/Contents<"[..], b"/Contents <"] {
            for at in memchr::memmem::find_iter(document, key) {
                let digits: Vec<u8> = document[at + key.len()..].iter().map_while(digit).collect();
                signatures.push(
                    digits
                        .chunks_exact(2)
                        .map(|pair| pair[0] << 4 | pair[1])
                        .collect(),
                );
            }
        }
    }
    signatures
}

/// Feeds the seeds, then mutants of them until the time is over.
fn feed(name: &str, seeds: &[Vec<u8>], entry: fn(&[u8])) {
    assert!(!seeds.is_empty());
    let mut fed = 0;
    let mut feed_one = |bytes: &[u8]| {
        let start = Instant::now();
        entry(bytes);
        assert!(start.elapsed() < LONGEST, "{name}: {:?}", start.elapsed());
        fed += 1;
    };
    seeds.iter().for_each(|seed| feed_one(seed));
    let mut dice = Dice(0x5EA1_F00D_0000_0001);
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let mut mutant = seeds[dice.throw(seeds.len())].clone();
        dice.mutate(&mut mutant);
        feed_one(&mutant);
    }
    eprintln!("{name}: {} seeds, {fed} inputs", seeds.len());
    assert!(fed > seeds.len());
}

#[test]
fn the_strict_reader_of_appended_data_bears_everything() {
    feed("appended", &documents(), entries::appended);
}

#[test]
fn the_reader_of_signatures_bears_everything() {
    let signatures = signatures(&documents());
    if let Some(folder) = std::env::var_os("CMS_SEEDS") {
        for (number, signature) in signatures.iter().enumerate() {
            let path = std::path::Path::new(&folder).join(number.to_string());
            std::fs::write(path, signature).expect("a seed can be written");
        }
    }
    feed("cms", &signatures, entries::cms);
}

#[test]
fn the_whole_validator_bears_everything() {
    feed("validator", &documents(), entries::validator);
}
