//! What the service logged must not give away what it keeps secret. Every service that the tests start has
//! its log searched when it ends, by [`leaks`]: for what the tests kept secret, for every code of any copy,
//! for all passphrases, keys and NIFs of the examples, and for pieces of documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use segell::model::Code;

/// What only a document, or a key in PEM, begins or ends with.
const MARKS: [&[u8]; 4] = [b"%PDF-", b"endobj", b"startxref", b"-----BEGIN "];

/// Bytes of a piece of a document that is looked for.
const PIECE: usize = 16;

/// What nobody may ever log, besides what a test keeps secret: each with its name.
static STANDING: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("certs-example");
    let mut found = Vec::new();
    for file in ["seals", "authorities", "organs"]
        .iter()
        .flat_map(|folder| fs::read_dir(examples.join(folder)).expect("the examples are there"))
    {
        let path = file.expect("the examples can be listed").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let bytes = fs::read(&path).expect("an example can be read");
        let text = String::from_utf8_lossy(&bytes);
        let mut secret = |what: &str| found.push((name.to_string(), what.to_owned()));
        if name.ends_with(".pass") {
            secret(text.trim());
        } else if name.ends_with(".key.pem") {
            text.lines()
                .filter(|line| line.len() > PIECE && !line.starts_with('-'))
                .for_each(secret);
        } else if name.ends_with(".p12") {
            pieces(&bytes).iter().for_each(|piece| secret(piece));
        } else if name.ends_with(".toml") {
            let nif = text.lines().find_map(|line| line.strip_prefix("nif = "));
            secret(nif.expect("an organ has a NIF").trim_matches('"'));
        }
    }
    for mark in MARKS {
        let spelt = spellings(mark).into_iter();
        found.extend(spelt.map(|piece| ("a document or key".to_owned(), piece)));
    }
    assert!(found.len() > 30, "the examples have secrets");
    found
});

/// Finds secrets in the log of a service.
pub(crate) fn leaks(log: &Path, secrets: &[String]) -> Vec<String> {
    let Ok(bytes) = fs::read(log) else {
        return vec![format!("no log at {}", log.display())];
    };
    let found = leaks_in(&String::from_utf8_lossy(&bytes), secrets).into_iter();
    found
        .map(|leak| format!("{}: {leak}", log.display()))
        .collect()
}

/// Finds [`pieces`] of documents in what was logged.
pub(crate) fn pieces_in(text: &str, pieces: &BTreeSet<String>) -> Vec<String> {
    let found = pieces.iter().filter(|piece| text.contains(*piece));
    found
        .map(|piece| format!("it contains {piece}, of a document"))
        .collect()
}

/// Finds secrets in what was logged. What a test kept secret counts however it is written: with hyphens,
/// without, in lower case, or only its second half, which is enough to guess nothing but is already too much.
pub(crate) fn leaks_in(text: &str, secrets: &[String]) -> Vec<String> {
    let plain = flatten(text);
    let kept = secrets
        .iter()
        .flat_map(|secret| [secret.as_str(), second_half(secret)])
        .filter(|secret| plain.contains(&flatten(secret)))
        .map(|secret| format!("it contains {secret}"));
    let standing = STANDING
        .iter()
        .filter(|(_, secret)| text.contains(secret))
        .map(|(name, secret)| format!("it contains {secret}, of {name}"));
    let codes = words(text, '-')
        .filter(|word| is_code(word))
        .map(|word| format!("it contains the code {word}"));
    let people = words(text, '_')
        .filter(|word| is_nif_of_a_person(word))
        .map(|word| format!("it contains the NIF {word}"));
    let found: BTreeSet<String> = kept.chain(standing).chain(codes).chain(people).collect();
    found.into_iter().collect()
}

/// Pieces of a document, in every spelling in which bytes get into a log.
pub(crate) fn pieces(document: &[u8]) -> Vec<String> {
    let windows: Vec<&[u8]> = document.chunks_exact(PIECE).collect();
    // Bytes that are alike, as those of a table, may stand anywhere.
    let telling = |piece: &&&[u8]| piece.iter().collect::<BTreeSet<_>>().len() > PIECE / 2;
    [windows.len() / 3, windows.len() * 2 / 3]
        .iter()
        .filter_map(|start| windows.get(*start..)?.iter().find(telling))
        .flat_map(|piece| spellings(piece))
        .collect()
}

/// Bytes as text, in hexadecimal, as a list of numbers, and as part of a longer Base64 text.
fn spellings(bytes: &[u8]) -> Vec<String> {
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut spelt = vec![numbers.join(", "), hexadecimal.to_uppercase(), hexadecimal];
    spelt.extend(std::str::from_utf8(bytes).map(str::to_owned).ok());
    // The first bytes share their characters with those before them, the last with those after.
    spelt.extend((0..3).filter_map(|before| {
        let encoded = STANDARD_NO_PAD.encode([&vec![0; before][..], bytes].concat());
        let end = encoded.len().checked_sub(2)?;
        encoded.get(before + 1..end).map(str::to_owned)
    }));
    spelt.retain(|piece| piece.len() > 4);
    spelt
}

/// The words of a text: letters, digits, and one sign more.
fn words(text: &str, sign: char) -> impl Iterator<Item = &str> {
    text.split(move |c: char| !c.is_ascii_alphanumeric() && c != sign)
        .filter(|word| !word.is_empty())
}

/// A code whose check symbols are right, with hyphens or without.
fn is_code(word: &str) -> bool {
    let symbols = word.bytes().filter(|byte| *byte != b'-').count();
    symbols == 24 && Code::read(word).is_ok()
}

/// A DNI or NIE with its right letter (Real Decreto 1553/2005, annex).
fn is_nif_of_a_person(word: &str) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let [first, .., letter] = word.as_bytes() else {
        return false;
    };
    let digits = match (first, word.get(1..8)) {
        (b'X', Some(rest)) => format!("0{rest}"),
        (b'Y', Some(rest)) => format!("1{rest}"),
        (b'Z', Some(rest)) => format!("2{rest}"),
        (_, Some(_)) => word[..8].to_owned(),
        _ => return false,
    };
    let number = digits.parse::<usize>();
    word.len() == 9 && number.is_ok_and(|number| LETTERS[number % 23] == *letter)
}

fn flatten(text: &str) -> String {
    text.chars()
        .filter(|character| *character != '-')
        .flat_map(char::to_uppercase)
        .collect()
}

fn second_half(secret: &str) -> &str {
    secret.get(secret.len() / 2..).unwrap_or(secret)
}
