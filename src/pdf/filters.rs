//! Stream filters (ISO 32000-2, 7.4), decoded under a limit and without guessing.

use std::io::Read;

use lopdf::{DecompressError, Dictionary, Error, Object, Stream};

/// Why a stream cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FilterError {
    /// It decodes to more bytes than allowed.
    TooLong,
    /// A filter that is not known, or data that ends in an error.
    Undecodable,
}

/// One filter with its parameters, references already followed.
pub(super) struct Filter {
    pub(super) name: Vec<u8>,
    pub(super) parameters: Option<Dictionary>,
}

/// More filters than any writer chains.
const MOST_FILTERS: usize = 8;

/// The filters that `dictionary` names, in decoding order; `None` when they cannot be read.
pub(super) fn chain<'a>(
    dictionary: &'a Dictionary,
    resolve: impl Fn(&'a Object) -> &'a Object,
) -> Option<Vec<Filter>> {
    let entry = |long: &[u8]| dictionary.get(long).ok().map(&resolve);
    let list = |object: Option<&'a Object>| match object {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Array(items)) => items.iter().take(MOST_FILTERS + 1).map(&resolve).collect(),
        Some(other) => vec![other],
    };
    let names = list(entry(b"Filter"));
    let parameters = list(entry(b"DecodeParms"));
    if names.len() > MOST_FILTERS || dictionary.has(b"F") {
        return None;
    }
    names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let parameters = parameters.get(index).and_then(|one| one.as_dict().ok());
            let parameters = parameters.map(|one| {
                one.iter()
                    .map(|(key, value)| (key.clone(), resolve(value).clone()))
                    .collect()
            });
            Some(Filter {
                name: name.as_name().ok()?.to_vec(),
                parameters,
            })
        })
        .collect()
}

/// Decodes `raw` through `filters`, none of whose outputs may pass `limit` bytes. Anything that two
/// readers could take differently (data cut short, a missing end mark) is an error.
pub(super) fn decode(filters: &[Filter], raw: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut decoded: Option<Vec<u8>> = None;
    for filter in filters {
        let input = decoded.as_deref().unwrap_or(raw);
        let output = match filter.name.as_slice() {
            b"FlateDecode" => predicted(filter, input, inflate(input, limit)?, limit)?,
            b"LZWDecode" => predicted(filter, input, unpack_lzw(filter, input, limit)?, limit)?,
            b"ASCII85Decode" => decode_ascii85(input)?,
            b"ASCIIHexDecode" => decode_hexadecimal(input)?,
            b"RunLengthDecode" => decode_run_lengths(input, limit)?,
            _ => return Err(FilterError::Undecodable),
        };
        if output.len() > limit {
            return Err(FilterError::TooLong);
        }
        decoded = Some(output);
    }
    match decoded {
        Some(decoded) => Ok(decoded),
        None if raw.len() > limit => Err(FilterError::TooLong),
        None => Ok(raw.to_vec()),
    }
}

/// Decodes as much of `raw` as can be had: for object and cross-reference streams, where what is
/// missing shows afterwards.
pub(super) fn decode_leniently(
    filters: Vec<Filter>,
    raw: &[u8],
    limit: usize,
) -> Result<Vec<u8>, FilterError> {
    let mut dictionary = Dictionary::new();
    let mut names = Vec::new();
    let mut parameters = Vec::new();
    for filter in filters {
        names.push(Object::Name(filter.name));
        parameters.push(filter.parameters.map_or(Object::Null, Object::Dictionary));
    }
    dictionary.set("Filter", names);
    dictionary.set("DecodeParms", parameters);
    by_lopdf(dictionary, raw, limit)
}

fn by_lopdf(dictionary: Dictionary, raw: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    Stream::new(dictionary, raw.to_vec())
        .get_plain_content_with_limit(limit)
        .map_err(|error| match error {
            Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => FilterError::TooLong,
            _ => FilterError::Undecodable,
        })
}

fn inflate(input: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut output = Vec::with_capacity(input.len().saturating_mul(3).min(limit));
    let mut reader = flate2::bufread::ZlibDecoder::new(input).take(limit as u64 + 1);
    reader
        .read_to_end(&mut output)
        .map_err(|_| FilterError::Undecodable)?;
    Ok(output)
}

fn unpack_lzw(filter: &Filter, mut input: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    use weezl::{BitOrder, LzwStatus, decode::Decoder};
    let early_change = filter
        .parameters
        .as_ref()
        .and_then(|parameters| parameters.get(b"EarlyChange").ok())
        .and_then(|value| value.as_i64().ok())
        .is_none_or(|value| value != 0);
    let mut decoder = if early_change {
        Decoder::with_tiff_size_switch(BitOrder::Msb, 8)
    } else {
        Decoder::new(BitOrder::Msb, 8)
    };
    let mut output = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let result = decoder.decode_bytes(input, &mut buffer);
        output.extend_from_slice(buffer.get(..result.consumed_out).unwrap_or_default());
        input = input.get(result.consumed_in..).unwrap_or_default();
        if output.len() > limit {
            return Err(FilterError::TooLong);
        }
        match result.status {
            Ok(LzwStatus::Done) => return Ok(output),
            Ok(LzwStatus::Ok) if result.consumed_in + result.consumed_out > 0 => {}
            _ => return Err(FilterError::Undecodable),
        }
    }
}

/// Undoes a predictor, which lopdf knows how to: what the plain decoder already found sound is
/// decoded once more by lopdf's.
fn predicted(
    filter: &Filter,
    input: &[u8],
    plain: Vec<u8>,
    limit: usize,
) -> Result<Vec<u8>, FilterError> {
    let Some(parameters) = &filter.parameters else {
        return Ok(plain);
    };
    match parameters.get(b"Predictor") {
        Err(_) | Ok(Object::Integer(1)) => Ok(plain),
        Ok(_) if plain.len() > limit => Err(FilterError::TooLong),
        Ok(_) => {
            let mut dictionary = Dictionary::new();
            dictionary.set("Filter", Object::Name(filter.name.clone()));
            dictionary.set("DecodeParms", parameters.clone());
            by_lopdf(dictionary, input, limit)
        }
    }
}

fn decode_ascii85(input: &[u8]) -> Result<Vec<u8>, FilterError> {
    let end = memchr::memmem::find(input, b"~>").ok_or(FilterError::Undecodable)?;
    let mut output = Vec::with_capacity(end);
    let mut group: u64 = 0;
    let mut digits = 0;
    for &byte in input.iter().take(end) {
        match byte {
            b'z' if digits == 0 => output.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group * 85 + u64::from(byte - b'!');
                digits += 1;
                if digits == 5 {
                    let value = u32::try_from(group).map_err(|_| FilterError::Undecodable)?;
                    output.extend_from_slice(&value.to_be_bytes());
                    (group, digits) = (0, 0);
                }
            }
            _ if super::lexer::is_blank(byte) => {}
            _ => return Err(FilterError::Undecodable),
        }
    }
    match digits {
        0 => Ok(output),
        1 => Err(FilterError::Undecodable),
        _ => {
            for _ in digits..5 {
                group = group * 85 + 84;
            }
            let value = u32::try_from(group).map_err(|_| FilterError::Undecodable)?;
            output.extend(value.to_be_bytes().into_iter().take(digits - 1));
            Ok(output)
        }
    }
}

fn decode_hexadecimal(input: &[u8]) -> Result<Vec<u8>, FilterError> {
    let end = memchr::memchr(b'>', input).ok_or(FilterError::Undecodable)?;
    let mut output = Vec::with_capacity(end / 2 + 1);
    let mut high: Option<u8> = None;
    for &byte in input.iter().take(end) {
        if super::lexer::is_blank(byte) {
            continue;
        }
        let digit = char::from(byte)
            .to_digit(16)
            .ok_or(FilterError::Undecodable)? as u8;
        match high.take() {
            Some(high) => output.push(high << 4 | digit),
            None => high = Some(digit),
        }
    }
    output.extend(high.map(|high| high << 4));
    Ok(output)
}

fn decode_run_lengths(input: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut output = Vec::new();
    let mut rest = input;
    loop {
        let (&length, after) = rest.split_first().ok_or(FilterError::Undecodable)?;
        rest = match length {
            128 => return Ok(output),
            0..=127 => {
                let (run, after) = after
                    .split_at_checked(usize::from(length) + 1)
                    .ok_or(FilterError::Undecodable)?;
                output.extend_from_slice(run);
                after
            }
            _ => {
                let (&byte, after) = after.split_first().ok_or(FilterError::Undecodable)?;
                output.resize(output.len() + 257 - usize::from(length), byte);
                after
            }
        };
        if output.len() > limit {
            return Err(FilterError::TooLong);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn filter(name: &str) -> Filter {
        Filter {
            name: name.as_bytes().to_vec(),
            parameters: None,
        }
    }

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_filter_decodes_what_it_should() {
        let cases: [(&str, &[u8], &[u8]); 4] = [
            ("ASCIIHexDecode", b"41 4 2 4>", b"AB@"),
            ("ASCII85Decode", b"87cUR D]~>", b"Hello"),
            (
                "RunLengthDecode",
                &[1, b'a', b'b', 254, b'c', 128],
                b"abccc",
            ),
            (
                "LZWDecode",
                &[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01],
                &[45, 45, 45, 45, 45, 65, 45, 45, 45, 66],
            ),
        ];
        for (name, raw, expected) in cases {
            assert_eq!(
                decode(&[filter(name)], raw, 99).as_deref(),
                Ok(expected),
                "{name}"
            );
        }
        let twice = deflated(&deflated(b"BT ET"));
        let chain = [filter("FlateDecode"), filter("FlateDecode")];
        assert_eq!(decode(&chain, &twice, 99).as_deref(), Ok(&b"BT ET"[..]));
    }

    #[test]
    fn data_cut_short_is_an_error_and_not_a_shorter_text() {
        let whole = deflated(&[7; 300]);
        let cases: [(&str, &[u8]); 5] = [
            ("FlateDecode", &whole[..whole.len() - 5]),
            ("ASCIIHexDecode", b"4142"),
            ("ASCII85Decode", b"87cUR"),
            ("RunLengthDecode", &[1, b'a', b'b']),
            ("LZWDecode", &[0x80, 0x0B, 0x60]),
        ];
        for (name, raw) in cases {
            assert_eq!(
                decode(&[filter(name)], raw, 999),
                Err(FilterError::Undecodable),
                "{name}"
            );
        }
    }

    #[test]
    fn output_may_reach_the_limit_and_not_one_byte_more() {
        let raw = deflated(&[7; 300]);
        assert_eq!(
            decode(&[filter("FlateDecode")], &raw, 300).map(|out| out.len()),
            Ok(300)
        );
        assert_eq!(
            decode(&[filter("FlateDecode")], &raw, 299),
            Err(FilterError::TooLong)
        );
        assert_eq!(decode(&[], &[0; 300], 299), Err(FilterError::TooLong));
        assert_eq!(
            decode(&[filter("JPXDecode")], &raw, 300),
            Err(FilterError::Undecodable)
        );
    }
}
