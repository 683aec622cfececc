//! Names of fields.

/// The partial name of a field as text (ISO 32000-2, 7.9.2 and 12.7.4.2). `None`: not well-formed.
pub(super) fn field_name(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Option<Vec<u16>> = rest
                .chunks(2)
                .map(|unit| Some(u16::from_be_bytes(unit.try_into().ok()?)))
                .collect();
            String::from_utf16(&units?).ok()
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        // PDFDocEncoding: two names that differ here differ there.
        rest => Some(rest.iter().map(|byte| char::from(*byte)).collect()),
    }
}
