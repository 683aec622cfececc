//! Values compared and read: what is the same for every reader, whatever the way it is written.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use lopdf::{Dictionary, Object};

/// Whether two values are the same: numbers by what they are worth, strings by their octets, an entry
/// of null like none (ISO 32000-2, 7.3.7). Values nest no deeper than the parser allows.
pub(super) fn is_same(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Array(ones), Object::Array(others)) => {
            ones.len() == others.len()
                && ones
                    .iter()
                    .zip(others)
                    .all(|(one, other)| is_same(one, other))
        }
        (Object::Dictionary(one), Object::Dictionary(other)) => is_same_dictionary(one, other),
        (Object::Stream(one), Object::Stream(other)) => is_same_dictionary(&one.dict, &other.dict),
        (Object::String(one, _), Object::String(other, _)) => one == other,
        (Object::Integer(integer), Object::Real(real))
        | (Object::Real(real), Object::Integer(integer)) => *real == *integer as f32,
        (one, other) => one == other,
    }
}

fn is_same_dictionary(one: &Dictionary, other: &Dictionary) -> bool {
    changed_keys(one, other).next().is_none()
}

/// The keys under which two dictionaries have different values.
pub(super) fn changed_keys<'a>(
    one: &'a Dictionary,
    other: &'a Dictionary,
) -> impl Iterator<Item = &'a [u8]> {
    let value =
        |dictionary: &'a Dictionary, key: &[u8]| dictionary.get(key).unwrap_or(&Object::Null);
    let changed = one
        .iter()
        .filter(move |(key, own)| !is_same(own, value(other, key)));
    let added = other
        .iter()
        .filter(|(key, own)| !one.has(key) && !own.is_null());
    changed.chain(added).map(|(key, _)| key.as_slice())
}

/// A text string (ISO 32000-2, 7.9.2.2); what cannot be decoded becomes U+FFFD.
pub(super) fn text(object: &Object) -> String {
    match (lopdf::decode_text_string(object), object) {
        (Ok(text), _) => text,
        (Err(_), Object::String(octets, _)) => String::from_utf8_lossy(octets).into_owned(),
        _ => String::new(),
    }
}

/// A date (ISO 32000-2, 7.9.4): `D:YYYYMMDDHHmmSSOHH'mm`, cut short anywhere behind the year. Without a
/// zone it is taken as UTC.
pub(super) fn date(object: &Object) -> Option<Timestamp> {
    let text = text(object);
    let text = text.trim();
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count().min(14);
    let (stamp, zone) = text.split_at_checked(digits)?;
    let part = |from: usize, length: usize, absent: i8| match stamp.get(from..from + length) {
        Some(part) => part.parse::<i8>().ok(),
        None => (stamp.len() <= from).then_some(absent),
    };
    let year: i16 = stamp.get(..4)?.parse().ok()?;
    let time = DateTime::new(
        year,
        part(4, 2, 1)?,
        part(6, 2, 1)?,
        part(8, 2, 0)?,
        part(10, 2, 0)?,
        part(12, 2, 0)?,
        0,
    );
    offset(zone)?.to_timestamp(time.ok()?).ok()
}

/// `Z`, `+HH'mm'`, `-HH'mm`, or nothing.
fn offset(zone: &str) -> Option<Offset> {
    let sign = match zone.bytes().next() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Some(Offset::UTC),
    };
    let digits: Vec<i32> = zone
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| i32::from(digit - b'0'))
        .collect();
    let two = |from: usize| Some(digits.get(from)? * 10 + digits.get(from + 1)?);
    let seconds = two(0)? * 3600 + two(2).unwrap_or(0) * 60;
    Offset::from_seconds(sign * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Option<String> {
        date(&Object::string_literal(text)).map(|time| time.to_string())
    }

    #[test]
    fn dates_are_read_with_their_zone_and_cut_short() {
        let cases = [
            ("D:20190702123456+02'00'", "2019-07-02T10:34:56Z"),
            ("D:20190702123456-03'30", "2019-07-02T16:04:56Z"),
            ("D:20190702123456Z", "2019-07-02T12:34:56Z"),
            ("D:20190702123456Z00'00'", "2019-07-02T12:34:56Z"),
            ("20190702", "2019-07-02T00:00:00Z"),
            ("D:2019", "2019-01-01T00:00:00Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(instant(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "D:",
            "D:201",
            "D:20191302",
            "D:2019070",
            "D:20190702123456+99'00'",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn the_way_a_value_is_written_is_no_difference() {
        let one = Dictionary::from_iter([("A", Object::Integer(1)), ("B", Object::Null)]);
        let other = Dictionary::from_iter([("A", Object::Real(1.0))]);
        assert!(is_same(
            &Object::Dictionary(one.clone()),
            &other.clone().into()
        ));
        let third =
            Dictionary::from_iter([("A", Object::Integer(2)), ("C", Object::Boolean(true))]);
        let keys: Vec<_> = changed_keys(&one, &third).collect();
        assert_eq!(keys, [b"A".as_slice(), b"C"]);
    }
}
