//! Signature wrapping: what was signed is moved, and something else is shown in its place.

use crate::copy::{find_last, replaced, trailer_text};
use crate::source::CONTENT;
use crate::{Attack, Target, forged_content};

pub(crate) const ATTACKS: &[Attack] = &[
    Attack {
        id: "A05",
        name: "second-part-moved-to-the-end",
        make: second_part_moved,
        appended: None,
        signed: &["B3", "V1"],
    },
    Attack {
        id: "A05",
        name: "gap-wider-than-the-contents",
        make: gap_widened,
        appended: None,
        signed: &["B3"],
    },
    Attack {
        id: "A06",
        name: "length-taken-from-the-last-pair",
        make: three_pairs,
        appended: None,
        signed: &["B1"],
    },
    Attack {
        id: "A06",
        name: "a-revision-not-covered-to-its-end",
        make: last_bytes_left_out,
        appended: None,
        signed: &["B6"],
    },
];

/// A05: the second signed part stands at the end of the file, byte for byte, and in between there is a
/// cross-reference, just where the signed `startxref` leads, with other content and a signature
/// dictionary whose `/ByteRange` finds both parts: the digest is right.
fn second_part_moved(target: &Target<'_>) -> Vec<u8> {
    let copy = target.copy;
    let hole = copy.hole();
    let moved = &copy.bytes[hole.end..];
    let room = hole.len() + 4_000;
    // The signed bytes up to the hole, then everything up to the cross-reference as it was.
    let mut file = copy.bytes[..copy.startxref].to_vec();
    let second_part = file.len() + room;
    let range = format!("/ByteRange[0 {} {second_part} {}]", hole.start, moved.len());
    let dictionary = copy.object(copy.seal);
    let old = String::from_utf8(copy.bytes[copy.byte_range()].to_vec()).expect("numbers");
    let dictionary = replaced(&dictionary, &old, &range);
    // The cross-reference comes first, so what follows it is laid out before it is written.
    let objects = [(CONTENT, forged_content()), (copy.seal, dictionary)];
    let length_of_table = 5 + objects
        .iter()
        .map(|(number, _)| format!("{number} 1\n").len() + 20)
        .sum::<usize>();
    let trailer = trailer_text(
        &[
            ("Size", copy.next.to_string()),
            ("Root", format!("{} 0 R", copy.root)),
            ("ID", copy.id.clone()),
            ("Prev", previous(copy)),
        ],
        copy.startxref,
    );
    let mut offset = file.len() + length_of_table + trailer.len();
    let (mut table, mut bodies) = (b"xref\n".to_vec(), Vec::new());
    for (number, body) in objects {
        let written = [format!("{number} 0 obj\n").as_bytes(), &body, b"\nendobj\n"].concat();
        table.extend(format!("{number} 1\n{offset:010} 00000 n \n").bytes());
        offset += written.len();
        bodies.extend(written);
    }
    file.extend(table);
    file.extend(trailer.bytes());
    file.extend(bodies);
    file.resize(second_part, b'\n');
    file.extend(moved);
    file
}

/// The cross-reference before that of the seal leads to everything else; the seal's own objects are
/// found by readers that repair.
fn previous(copy: &crate::copy::Copy) -> String {
    let at = find_last(&copy.bytes, b"/Prev ") + b"/Prev ".len();
    copy.bytes[at..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .map(|byte| char::from(*byte))
        .collect()
}

/// A05: the gap takes in what stands before the hole.
fn gap_widened(target: &Target<'_>) -> Vec<u8> {
    let (copy, hole) = (target.copy, target.copy.hole());
    let rest = copy.bytes.len() - hole.end;
    copy.with_byte_range(&format!("[0 {} {} {rest}]", hole.start - 10, hole.end))
}

/// A06: six numbers, for readers that look at the last pair only.
fn three_pairs(target: &Target<'_>) -> Vec<u8> {
    let (copy, hole) = (target.copy, target.copy.hole());
    let rest = copy.bytes.len() - hole.end;
    copy.with_byte_range(&format!("[0 {} {} {rest} 0 9]", hole.start, hole.end))
}

/// A06: what is covered ends before the revision does.
fn last_bytes_left_out(target: &Target<'_>) -> Vec<u8> {
    let (copy, hole) = (target.copy, target.copy.hole());
    let rest = copy.bytes.len() - hole.end - 40;
    copy.with_byte_range(&format!("[0 {} {} {rest}]", hole.start, hole.end))
}
