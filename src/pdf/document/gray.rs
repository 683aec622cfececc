//! What greys mean: an output intent (ISO 19005-2, 6.2.3), so that black is the printer's black, white is
//! the paper, and the greys between are the same everywhere.

/// XYZ of the illuminant D50, the profile connection space's white, in sixteenths of bits (s15Fixed16).
const D50: [u32; 3] = [0xF6D6, 0x1_0000, 0xD32D];

/// Gamma 2.2 (u8Fixed8).
const GAMMA: u16 = 0x0233;

/// What the profile is called.
pub(super) const NAME: &str = "Gray gamma 2.2";

/// A profile of greys (ICC.1:2001-04, version 2.1, display device).
pub(super) fn profile() -> Vec<u8> {
    let tags: [(&[u8; 4], Vec<u8>); 4] = [
        (b"desc", description()),
        (b"cprt", element(b"text", b"Public domain\0")),
        (b"wtpt", element(b"XYZ ", &white())),
        (b"kTRC", curve()),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    for (name, element) in &tags {
        table.extend_from_slice(*name);
        table.extend_from_slice(&((start + data.len()) as u32).to_be_bytes());
        table.extend_from_slice(&(element.len() as u32).to_be_bytes());
        data.extend_from_slice(element);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = ((start + data.len()) as u32).to_be_bytes().to_vec();
    profile.extend_from_slice(&[0; 4]);
    profile.extend_from_slice(&[2, 0x10, 0, 0]);
    profile.extend_from_slice(b"mntrGRAYXYZ ");
    for number in [2026_u16, 1, 1, 0, 0, 0] {
        profile.extend_from_slice(&number.to_be_bytes());
    }
    profile.extend_from_slice(b"acsp");
    // Platform, flags, manufacturer, model, attributes, and the perceptual intent: nothing special.
    profile.resize(68, 0);
    profile.extend_from_slice(&white());
    profile.resize(128, 0);
    profile.extend_from_slice(&table);
    profile.extend_from_slice(&data);
    profile
}

fn white() -> Vec<u8> {
    D50.iter().flat_map(|value| value.to_be_bytes()).collect()
}

/// A tagged element: its type, four zeros, its data.
fn element(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [kind.as_slice(), &[0; 4], data].concat()
}

fn description() -> Vec<u8> {
    let mut data = (NAME.len() as u32 + 1).to_be_bytes().to_vec();
    data.extend_from_slice(NAME.as_bytes());
    // The end of the text, and no names in Unicode or for old Macintoshes, which have a fixed length.
    data.extend_from_slice(&[0; 1 + 8 + 3 + 67]);
    element(b"desc", &data)
}

fn curve() -> Vec<u8> {
    let mut data = 1_u32.to_be_bytes().to_vec();
    data.extend_from_slice(&GAMMA.to_be_bytes());
    element(b"curv", &data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_states_its_own_length_and_every_tag_lies_inside() {
        let profile = profile();
        let word = |at: usize| {
            let bytes = profile[at..at + 4].try_into().unwrap();
            u32::from_be_bytes(bytes) as usize
        };
        assert_eq!(word(0), profile.len());
        assert_eq!(&profile[12..24], b"mntrGRAYXYZ ");
        assert_eq!(&profile[36..40], b"acsp");
        assert_eq!(word(128), 4);
        for tag in 0..4 {
            let at = 132 + 12 * tag;
            assert_eq!(word(at + 4) % 4, 0);
            assert!(word(at + 4) + word(at + 8) <= profile.len());
        }
    }
}
