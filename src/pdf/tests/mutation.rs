//! Thousands of damaged sources: none may panic, hang, or come out as a copy that does not open.

use super::made::deflated;
use super::*;

/// A fixed sequence of numbers that look random (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const TOKENS: [&[u8]; 20] = [
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b")",
    b"<",
    b"/Kids",
    b"/Prev",
    b"/Length",
    b" 3 0 R ",
    b"99999999999999999999",
    b"-1",
    b"obj",
    b"endobj",
    b"stream\n",
    b"endstream",
    b"xref\n",
    b"startxref\n0",
    b"%%EOF\n",
];

fn mutated(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        match chance.below(6) {
            0 => bytes[at] = chance.below(256) as u8,
            1 => bytes.truncate(at.max(8)),
            2 => {
                let token = TOKENS[chance.below(TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
            3 => {
                let end = (at + chance.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let digits = bytes
                    .iter()
                    .enumerate()
                    .filter(|(_, byte)| byte.is_ascii_digit());
                let places: Vec<usize> = digits.map(|(place, _)| place).collect();
                if let Some(place) = places.get(chance.below(places.len())) {
                    bytes[*place] = b'0' + chance.below(10) as u8;
                }
            }
            _ => {
                let from = chance.below(bytes.len());
                let end = (from + chance.below(200)).min(bytes.len());
                let piece = bytes[from..end].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

#[test]
fn damaged_sources_are_refused_or_come_out_sound() {
    let made = Made::one_page()
        .with(
            1,
            "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R/OpenAction<</S/JavaScript>>/Metadata 4 0 R>>",
        )
        .with(3, "<</Type/Page/Contents[4 0 R]/Annots[6 0 R]/Parent 2 0 R>>")
        .with_stream(4, "/Filter/FlateDecode", &deflated(b"BT (text) Tj ET"))
        .with(5, "<</Fields[6 0 R]/DA(x)>>")
        .with(6, "<</T(a)/FT/Tx/Kids[<</Subtype/Widget/Rect[0 0 9 9]>>]/Parent 5 0 R>>")
        .with_trailer("/ID[<01><02>]");
    let plain = [made.table(), made.stream(&[1, 2, 3, 5, 6])];
    let seeds = plain
        .clone()
        .into_iter()
        .chain(plain.into_iter().map(|bytes| sealed(&open(bytes).unwrap())));
    let limits = Limits {
        stream_bytes: 1 << 20,
        inflated_bytes: 4 << 20,
        ..Limits::default()
    };
    let mut chance = Chance(0x5E6E_1100);
    let mut opened = 0;
    for seed in seeds {
        for _ in 0..1000 {
            let bytes = mutated(&seed, &mut chance);
            let Ok(source) = open_under(bytes.clone(), &limits) else {
                continue;
            };
            opened += 1;
            for page in source.pages() {
                drop(source.page_contents(page));
            }
            let before = source.facts();
            let copy = Update::new(&source).finish(&fields(), 64).unwrap();
            let copy = copy.embed(&[0]).unwrap().parts().concat();
            assert!(copy.starts_with(&bytes));
            let copy = open_under(copy, &limits).unwrap();
            assert_eq!(copy.facts().pages, before.pages);
            assert_eq!(copy.facts().repaired, None);
        }
    }
    assert!(opened > 500, "only {opened} were opened");
}
