//! `UTCTime` and `GeneralizedTime` (X.680, 46 and 47), in UTC as CMS and RFC 3161 want them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::asn1::Element;

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Reads either kind; `None` when it is no time, or one that is not in UTC.
pub(super) fn read(element: Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(element.content).ok()?;
    let text = text.strip_suffix('Z')?;
    match element.tag {
        // RFC 5280, 4.1.2.5.1: years from 50 on are of the last century.
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year = number(year)?;
            let century = if year >= 50 { 1900 } else { 2000 };
            moment(century + year, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            moment(number(year)?, rest)
        }
        _ => None,
    }
}

/// `MMDDhhmm[ss[.fraction]]` of a year.
fn moment(year: i16, text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = [0_i8, 0, 0, 0, 0];
    let mut rest = whole;
    for (index, part) in parts.iter_mut().enumerate() {
        if index == 4 && rest.is_empty() {
            break; // without seconds, as only BER allows
        }
        let (digits, after) = rest.split_at_checked(2)?;
        *part = i8::try_from(number(digits)?).ok()?;
        rest = after;
    }
    if !rest.is_empty() {
        return None;
    }
    let [month, day, hour, minute, second] = parts;
    let civil = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let time = civil.to_zoned(TimeZone::UTC).ok()?.timestamp();
    time.checked_add(SignedDuration::from_nanos(nanoseconds(fraction)?))
        .ok()
}

/// The first nine digits after the point.
fn nanoseconds(fraction: &str) -> Option<i64> {
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(digits.fold(0, |nanoseconds, digit| {
        nanoseconds * 10 + i64::from(digit - b'0')
    }))
}

fn number(digits: &str) -> Option<i16> {
    let all_digits = digits.bytes().all(|digit| digit.is_ascii_digit());
    all_digits.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::super::asn1::{Fields, element};
    use super::*;

    fn time(tag: u8, text: &str) -> Option<String> {
        let encoded = element(tag, &[text.as_bytes()]);
        let time = read(Fields::new(&encoded).any().unwrap())?;
        Some(time.to_string())
    }

    #[test]
    fn times_are_read_to_the_nanosecond_and_only_in_utc() {
        let cases = [
            (GENERALIZED_TIME, "20180523131829Z", "2018-05-23T13:18:29Z"),
            (
                GENERALIZED_TIME,
                "20180523131829.25Z",
                "2018-05-23T13:18:29.25Z",
            ),
            (GENERALIZED_TIME, "201805231318Z", "2018-05-23T13:18:00Z"),
            (UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"),
            (UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"),
        ];
        for (tag, text, expected) in cases {
            assert_eq!(time(tag, text).as_deref(), Some(expected), "{text}");
        }
        for wrong in [
            "",
            "Z",
            "20180523131829",
            "20180523131829+0100",
            "20181323131829Z",
            "20180523131829.2x5Z",
            "2018052313182Z",
            "201805231318291Z",
            "+0180523131829Z",
        ] {
            assert_eq!(time(GENERALIZED_TIME, wrong), None, "{wrong}");
        }
        assert_eq!(time(0x0C, "20180523131829Z"), None, "a string is no time");
    }
}
