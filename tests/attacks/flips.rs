//! Single bits of our own copies, turned one after the other: no copy may remain the one that was issued.

use std::ops::Range;
use std::time::Instant;

use segell::model::HashTrail;
use segell::validate::Validator;
use segell::validate::identity::{Identity, identify};
use segell::validate::report::{Indication, Verdict};

use crate::support::corpus::folder;
use crate::support::office::{ORGANS, Office, now, report};
use crate::support::paper;
use crate::{copy, source, tell};

/// Bits turned in all copies together.
const FLIPS: usize = 21_000;
/// Of the files that this makes, one in so many is judged to the end.
const JUDGED: usize = 40;

/// Kinds of source in the corpus; the first small one of each is sealed too.
const KINDS: [&str; 17] = [
    "acroform",
    "actions",
    "attachments",
    "emptysigfield",
    "enc-empty",
    "es_",
    "hybrid",
    "incremental",
    "linearized",
    "manypages",
    "pdfa",
    "pdfua",
    "rotate",
    "tagged",
    "userunit",
    "v20",
    "xrefstream",
];

/// A copy and what it is.
type Named = (String, Vec<u8>);

/// Copies by every kind of key, of one page to thirty, and of many kinds of source.
fn copies(office: &Office) -> Vec<Named> {
    let mut copies = Vec::new();
    for organ in ORGANS {
        let sources = [
            ("one page", paper::one_page(organ)),
            ("a form", source::document(1)),
            ("three pages", source::document(3)),
            ("thirty pages", source::document(30)),
        ];
        for (name, source) in sources {
            copies.push((format!("{organ}, {name}"), office.seal(organ, &source)));
        }
    }
    // A source that is sealed itself, once such sources are taken.
    let (_, sealed) = &copies[0];
    let again = office.try_seal(ORGANS[1], sealed);
    copies.extend(
        again
            .into_iter()
            .map(|copy| ("a signed source".to_owned(), copy)),
    );
    copies.extend(copies_of_corpus(office));
    copies
}

fn copies_of_corpus(office: &Office) -> Vec<Named> {
    let specimens = folder("seal").unwrap_or_default();
    let small = |size: &str| size.parse().is_ok_and(|size: u64| size < 40_000);
    let copy_of_kind = |kind: &&str| {
        specimens
            .iter()
            .filter(|one| one.stem().starts_with(*kind) && small(&one.columns["size"]))
            .find_map(|one| {
                let copy = office.try_seal(ORGANS[2], &one.bytes()).ok()?;
                Some((one.name.clone(), copy))
            })
    };
    KINDS.iter().filter_map(copy_of_kind).collect()
}

/// Where the seal stands. It cannot cover itself: one of its digits may change its case and mean the same.
fn hole(copy: &[u8]) -> Range<usize> {
    let start = copy::find_last(copy, b"/Contents");
    let length = copy::find(&copy[start..], b">").expect("its end");
    start..start + length
}

/// Judges a changed copy to the end: not ours, and not sound outside the hole.
fn judge(validators: &[Validator], name: &str, changed: &[u8], in_hole: bool) {
    for validator in validators {
        let report = report(validator, changed);
        let ours = matches!(report.verdict, Verdict::Identical | Verdict::Extended);
        assert!(!ours, "{name}: {}", tell(&report));
        let passed = report.indication == Some(Indication::TotalPassed);
        assert!(!passed || in_hole, "{name}: {}", tell(&report));
    }
}

#[test]
fn no_copy_with_a_bit_turned_is_one_that_was_issued() {
    let start = Instant::now();
    let office = Office::open();
    let copies = copies(&office);
    let validators = [office.validator(), office.validator_elsewhere(&ORGANS)];
    let each = FLIPS.div_ceil(copies.len());
    let mut flips = 0;
    for (name, copy) in &copies {
        let sound = report(&validators[0], copy);
        assert_eq!(sound.verdict, Verdict::Identical, "{name}");
        let hole = hole(copy);
        let mut changed = copy.clone();
        for flip in 0..each {
            let (place, bit) = (flip * copy.len() / each, 1 << (flip % 8));
            let name = format!("{name}, byte {place}");
            changed[place] ^= bit;
            let hash = HashTrail::of(&changed);
            let identity = identify(office.archive(), &changed, &hash, now());
            let known = match identity {
                Identity::Unknown => 0,
                // The copy that a signed source is, in front of the byte.
                Identity::Prefix { len, .. } => len,
                Identity::Whole(_) | Identity::Silent => panic!("{name}"),
            };
            assert!(known <= place as u64, "{name}");
            if flip % JUDGED == 0 {
                judge(&validators, &name, &changed, hole.contains(&place));
            }
            changed[place] ^= bit;
            flips += 1;
        }
        assert_eq!(changed, *copy);
    }
    eprintln!(
        "{} copies, {flips} bits turned, {:?}",
        copies.len(),
        start.elapsed()
    );
    assert!(copies.len() >= 20 && flips >= 20_000);
}
