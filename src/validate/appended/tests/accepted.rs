//! What may be appended.

use super::super::cross_reference::Form;
use super::super::{AppendedRevision, MAX_REVISIONS};
use super::copy::{CATALOG, Copy, FormPlace, copy, judge_after, shapes};
use super::section::stream;
use super::validation_data::{certificate, crl, ocsp, token};

fn timestamp_covers_to_its_end(revision: &AppendedRevision) -> bool {
    revision
        .timestamp
        .as_ref()
        .is_some_and(|timestamp| timestamp.byte_range.end == revision.end_offset)
}

#[test]
fn validation_data_is_accepted_on_every_shape_of_copy() {
    for mut copy in shapes() {
        let appended = copy.add_dss().judged().unwrap();
        let [revision] = &appended.revisions[..] else {
            panic!("one revision");
        };
        let dss = revision.dss.as_ref().unwrap();
        assert_eq!(dss.certificates, [certificate(b"one")]);
        assert_eq!(dss.crls, [crl()]);
        assert_eq!(dss.ocsps, [ocsp()]);
        assert_eq!(revision.timestamp, None);
        assert_eq!(revision.end_offset, copy.bytes.len() as u64);
    }
}

#[test]
fn an_invisible_document_timestamp_is_accepted_on_every_shape_of_copy() {
    for mut copy in shapes() {
        let field = copy.next;
        let appended = copy.add_timestamp().judged().unwrap();
        let [revision] = &appended.revisions[..] else {
            panic!("one revision");
        };
        let timestamp = revision.timestamp.as_ref().unwrap();
        assert_eq!(revision.dss, None);
        assert_eq!(timestamp.contents, token());
        assert_eq!(timestamp.field_name, format!("Timestamp{field}"));
        let hole = usize::try_from(timestamp.byte_range.hole_start).unwrap();
        assert!(copy.bytes[..hole].ends_with(b"/Contents"));
        assert_eq!(copy.bytes[hole], b'<');
        assert!(timestamp_covers_to_its_end(revision));
    }
}

#[test]
fn validation_data_and_timestamps_in_turn_are_accepted() {
    for mut copy in shapes() {
        copy.add_dss().add_timestamp().add_dss().add_timestamp();
        let revisions = copy.judged().unwrap().revisions;
        let kinds: Vec<(bool, bool)> = revisions
            .iter()
            .map(|one| (one.dss.is_some(), one.timestamp.is_some()))
            .collect();
        assert_eq!(
            kinds,
            [(true, false), (false, true), (true, false), (false, true)]
        );
        assert!(timestamp_covers_to_its_end(&revisions[1]));
        assert!(timestamp_covers_to_its_end(&revisions[3]));
    }
}

#[test]
fn what_follows_a_version_that_was_extended_here_is_judged_just_so() {
    for mut copy in shapes() {
        copy.add_dss().add_timestamp();
        copy.base = copy.bytes.len();
        copy.add_dss().add_timestamp();
        let revisions = copy.judged().unwrap().revisions;
        assert_eq!(revisions.len(), 2);
        assert_eq!(revisions[0].dss.as_ref().unwrap().certificates.len(), 1);
    }
}

#[test]
fn a_later_revision_may_refer_to_earlier_validation_data_of_the_same_kind() {
    let mut copy = copy();
    let first = copy.next;
    copy.add_dss();
    let dss = copy.dss.unwrap();
    let new = copy.next;
    copy.append(&[
        (new, stream("", &certificate(b"two"))),
        (
            dss,
            format!("<</Certs[{first} 0 R {new} 0 R]>>").into_bytes(),
        ),
    ]);
    let revisions = copy.judged().unwrap().revisions;
    assert_eq!(
        revisions[1].dss.as_ref().unwrap().certificates,
        [certificate(b"two")]
    );
}

#[test]
fn validation_data_may_stand_in_the_catalog_itself() {
    let mut copy = copy();
    let new = copy.next;
    let catalog = copy.catalog_with(&format!("/DSS<</Certs[{new} 0 R]>>"));
    copy.append(&[(new, stream("", &certificate(b"one"))), (CATALOG, catalog)]);
    assert_eq!(
        copy.judged().unwrap().revisions[0]
            .dss
            .as_ref()
            .unwrap()
            .certificates
            .len(),
        1
    );
}

#[test]
fn validation_data_for_a_timestamp_is_accepted_once_the_timestamp_stands() {
    let mut copy = copy();
    copy.add_timestamp();
    let new = copy.next;
    let digest = sha1_of_last_contents(&copy);
    let catalog = copy.catalog_with(&format!("/DSS<</VRI<</{digest}<</Cert[{new} 0 R]>>>>>>"));
    copy.append(&[(new, stream("", &certificate(b"one"))), (CATALOG, catalog)]);
    assert_eq!(
        copy.judged().map(|appended| appended.revisions.len()),
        Ok(2)
    );
}

/// Of the token without its padding: the other of the two ways in which a key is made.
fn sha1_of_last_contents(copy: &Copy) -> String {
    use sha1::{Digest, Sha1};
    let appended = copy.judged().unwrap();
    let contents = &appended
        .revisions
        .last()
        .unwrap()
        .timestamp
        .as_ref()
        .unwrap()
        .contents;
    Sha1::digest(contents)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

#[test]
fn the_extension_of_etsi_may_be_declared() {
    let mut copy = copy();
    let catalog = copy.catalog_with(
        "/Extensions<</ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 1>>>>",
    );
    copy.append(&[(CATALOG, catalog)]);
    assert!(copy.judged().is_ok());
}

#[test]
fn sixteen_revisions_are_accepted() {
    let mut copy = copy();
    for _ in 0..MAX_REVISIONS {
        copy.add_dss();
    }
    assert_eq!(copy.judged().unwrap().revisions.len(), MAX_REVISIONS);
}

#[test]
fn the_last_line_end_may_be_missing_or_of_another_kind() {
    for ending in ["%%EOF", "%%EOF\r", "%%EOF\r\n"] {
        let mut copy = copy();
        copy.add_timestamp_of("", "", |section| section.ending = ending.into());
        assert!(copy.judged().is_ok(), "{ending:?}");
    }
}

#[test]
fn a_copy_without_a_last_line_end_may_be_extended_after_one() {
    let mut copy = copy();
    copy.bytes.truncate(copy.base - 1);
    copy.base = copy.bytes.len();
    copy.bytes.extend(b"\r\n");
    copy.add_dss();
    assert!(copy.judged().is_ok());
}

#[test]
fn a_deflated_cross_reference_stream_with_a_head_entry_is_accepted() {
    let copy = Copy::new(Form::Stream, FormPlace::Indirect);
    let (new, own) = (copy.next, copy.next + 1);
    let origin = copy.bytes.len();
    let catalog = copy.catalog_with("");
    let mut suffix = format!("{CATALOG} 0 obj\n").into_bytes();
    suffix.extend(&catalog);
    suffix.extend(b"\nendobj\n");
    let at = origin + suffix.len();
    let mut rows = vec![0, 0, 0, 0, 0, 0xFF, 0xFF];
    for offset in [origin, at] {
        rows.push(1);
        rows.extend(u32::try_from(offset).unwrap().to_be_bytes());
        rows.extend([0, 0]);
    }
    let entries = format!(
        "/Type/XRef/W[1 4 2]/Index[0 2 {new} 1]/Size {own}/Root 1 0 R/Prev {}\
         /ID[<00112233445566778899aabbccddeeff><00>]/Filter/FlateDecode",
        copy.startxref
    );
    suffix.extend(format!("{new} 0 obj\n").bytes());
    suffix.extend(stream(&entries, &super::validation_data::deflated(&rows)));
    suffix.extend(format!("\nendobj\nstartxref\n{at}\n%%EOF\n").bytes());
    assert_eq!(
        judge_after(copy.issued(), &suffix).map(|appended| appended.revisions.len()),
        Ok(1)
    );
}

#[test]
fn the_same_encryption_is_carried_on() {
    let trailer = vec![("Encrypt", "5 0 R".to_owned())];
    let mut copy = Copy::with_trailer(Form::Table, FormPlace::Indirect, trailer);
    let catalog = copy.catalog_with("/DSS<<>>");
    copy.append(&[(CATALOG, catalog)]);
    assert!(copy.judged().is_ok());
}
