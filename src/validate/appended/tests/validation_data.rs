//! Validation data that is well-formed and says nothing.

/// One DER element.
pub(super) fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let mut bytes = vec![tag];
    match len {
        0..0x80 => bytes.push(u8::try_from(len).unwrap()),
        0x80..0x100 => bytes.extend([0x81, u8::try_from(len).unwrap()]),
        0x100..0x1_0000 => {
            bytes.push(0x82);
            bytes.extend(u16::try_from(len).unwrap().to_be_bytes());
        }
        _ => {
            bytes.push(0x83);
            bytes.extend(&u32::try_from(len).unwrap().to_be_bytes()[1..]);
        }
    }
    bytes.extend(content);
    bytes
}

fn signed(tbs: &[Vec<u8>]) -> Vec<u8> {
    let algorithm = der(0x30, &der(0x06, &[0x2A, 0x86, 0x48]));
    der(
        0x30,
        &[der(0x30, &tbs.concat()), algorithm, der(0x03, &[0; 40])].concat(),
    )
}

/// In the form of a certificate.
pub(super) fn certificate(subject: &[u8]) -> Vec<u8> {
    let version = der(0xA0, &der(0x02, &[2]));
    let sequence = || der(0x30, &[]);
    let subject = der(0x30, &der(0x0C, subject));
    signed(&[
        version,
        der(0x02, &[1]),
        sequence(),
        sequence(),
        sequence(),
        subject,
        sequence(),
    ])
}

/// In the form of a revocation list.
pub(super) fn crl() -> Vec<u8> {
    let time = der(0x17, b"260101000000Z");
    signed(&[
        der(0x02, &[1]),
        der(0x30, &[]),
        der(0x30, &[]),
        time,
        der(0x30, &[0; 300]),
    ])
}

/// In the form of an OCSP response.
pub(super) fn ocsp() -> Vec<u8> {
    der(
        0x30,
        &[der(0x0A, &[0]), der(0xA0, &der(0x30, &[0; 90]))].concat(),
    )
}

/// In the form of a timestamp token.
pub(super) fn token() -> Vec<u8> {
    let signed_data = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    der(
        0x30,
        &[der(0x06, &signed_data), der(0xA0, &der(0x30, &[7; 200]))].concat(),
    )
}

/// Deflated, as a `/FlateDecode` stream holds it.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
