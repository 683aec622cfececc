//! Later versions of a copy.

use futures_util::TryStreamExt;

use super::events::standing;
use super::faulty::Dying;
use super::*;
use crate::model::SignatureLevel;

const FIRST: &[u8] = b"validation data\n%%EOF\ntimestamp\n%%EOF\n";
const SECOND: &[u8] = b"and again\n%%EOF\n";

/// `tail` as the next version of the copy that stands so.
pub(super) fn version(before: &[u8], tail: &'static [u8]) -> NewVersion {
    let (data, timestamp) = tail.split_at(tail.len() / 2);
    NewVersion {
        tail: vec![Bytes::from_static(data), Bytes::from_static(timestamp)],
        digest: Sha256Digest::of(&[before, tail].concat()),
        level: SignatureLevel::BLta,
        parts: vec![
            ExtensionPart::ValidationData {
                size: data.len() as u64,
            },
            ExtensionPart::Timestamp {
                size: timestamp.len() as u64,
                time: now(),
                authority: "Clock".to_owned(),
            },
        ],
        renew_before: Some(now() + SignedDuration::from_hours(24 * 365)),
        software: "segell".to_owned(),
        application: Some("registre".to_owned()),
    }
}

/// A copy, extended twice; the bytes of its three versions.
fn extended(rig: &Rig) -> [Vec<u8>; 3] {
    rig.commit(&code(1));
    let issued = document(&code(1), b"seal").concat();
    let mut versions = vec![issued];
    for tail in [FIRST, SECOND] {
        let before = versions.last().unwrap();
        let outcome = rig
            .archive
            .extend(&standing(rig), version(before, tail), now());
        assert_eq!(outcome.unwrap(), StoredVersion::New);
        versions.push([before, tail].concat());
    }
    versions.try_into().unwrap()
}

fn stand(rig: &Rig) -> Result<Option<Standing>, ArchiveError> {
    rig.archive.stand(CodeIndex::of(&code(1)), now())
}

fn extension(number: u32) -> String {
    layout::extension(CodeIndex::of(&code(1)), number).to_string()
}

fn defects(rig: &Rig) -> Vec<Defect> {
    let check = rig.archive.check(now(), &mut |_, _| {}).unwrap();
    check.findings.iter().map(|found| found.defect).collect()
}

#[test]
fn every_version_is_read_whole_in_part_and_by_its_digest() {
    let folder = tempfile::tempdir().unwrap();
    for rig in [Rig::new(), Rig::in_folder(folder.path())] {
        let versions = extended(&rig);
        let standing = standing(&rig);
        assert_eq!(standing.versions(), 3);
        for version in &versions {
            assert!(standing.has_version(&Sha256Digest::of(version)));
        }
        assert!(!standing.has_version(&Sha256Digest::of(b"another document")));
        let disclosure = standing.for_the_public().unwrap();
        let read = |content| {
            let parts = rig.archive.read(disclosure, content).unwrap();
            parts.map(|parts| parts.concat())
        };
        for (bytes, number) in versions.iter().zip(1..) {
            assert_eq!(read(Content::Version(number)).unwrap(), *bytes);
            let found = rig.archive.identify(&Sha256Digest::of(bytes), now());
            assert_eq!(found.unwrap().unwrap().version, number);
        }
        assert_eq!(read(Content::Newest).unwrap(), versions[2]);
        assert_eq!(read(Content::Version(0)), None);
        assert_eq!(read(Content::Version(4)), None);
        assert_eq!(read(Content::Source).unwrap(), SOURCE);
        assert_eq!(standing.newest().digest, Sha256Digest::of(&versions[2]));
        assert_eq!(defects(&rig), []);
    }
}

#[test]
fn a_range_may_reach_over_the_seams() {
    let folder = tempfile::tempdir().unwrap();
    for rig in [Rig::new(), Rig::in_folder(folder.path())] {
        let newest = extended(&rig)[2].clone();
        let standing = standing(&rig);
        let disclosure = standing.for_the_organ().unwrap();
        let seams = [
            0,
            10,
            newest.len() - SECOND.len() - FIRST.len(),
            newest.len() - SECOND.len(),
            newest.len(),
        ];
        for from in seams {
            for to in seams.into_iter().filter(|to| *to >= from) {
                let range = from as u64..to as u64;
                let read = rig
                    .archive
                    .read_range(disclosure, Content::Newest, range.clone());
                assert_eq!(read.unwrap().concat(), newest[from..to]);
                let streamed: Vec<Bytes> = rig
                    .runtime
                    .block_on(async {
                        let chunks = rig
                            .archive
                            .stream(disclosure, Content::Newest, range)
                            .await?;
                        chunks.try_collect().await
                    })
                    .unwrap();
                assert_eq!(streamed.concat(), newest[from..to]);
            }
        }
        let beyond =
            rig.archive
                .read_range(disclosure, Content::Version(1), 0..newest.len() as u64);
        assert!(matches!(beyond, Err(ArchiveError::OutOfRange)));
    }
}

#[test]
fn who_comes_second_with_a_version_keeps_nothing() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let before = standing(&rig);
    let issued = document(&code(1), b"seal").concat();
    let extend = |tail| rig.archive.extend(&before, version(&issued, tail), now());
    assert_eq!(extend(FIRST).unwrap(), StoredVersion::New);
    let names = rig.names();
    assert_eq!(extend(SECOND).unwrap(), StoredVersion::Lost);
    assert_eq!(rig.names(), names);
    assert_eq!(
        standing(&rig).newest().size,
        (issued.len() + FIRST.len()) as u64
    );
}

#[test]
fn a_version_that_is_not_what_it_is_made_of_is_not_stored() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let issued = document(&code(1), b"seal").concat();
    let mut wrong = version(&issued, FIRST);
    wrong.tail.pop();
    let names = rig.names();
    for wrong in [
        wrong.clone(),
        NewVersion {
            tail: Vec::new(),
            parts: Vec::new(),
            ..wrong
        },
    ] {
        let outcome = rig.archive.extend(&standing(&rig), wrong, now());
        assert!(matches!(outcome, Err(ArchiveError::OtherDocument)));
    }
    assert_eq!(rig.names(), names);
}

#[test]
fn a_copy_whose_extensions_cannot_be_read_stands_nowhere() {
    type Damage = (&'static str, fn(&Rig), Defect);
    let damages: [Damage; 4] = [
        (
            "missing",
            |rig| rig.delete(&extension(1)),
            Defect::ExtensionMissing,
        ),
        (
            "cut",
            |rig| {
                let whole = rig.get(&extension(1)).unwrap();
                rig.put(&extension(1), whole.slice(..whole.len() - 1));
            },
            Defect::ExtensionDiffers,
        ),
        (
            "no record",
            |rig| rig.put(&extension(2), SECOND),
            Defect::Unreadable,
        ),
        (
            "another's",
            |rig| {
                let first = rig.get(&extension(1)).unwrap();
                rig.put(&extension(2), first);
            },
            Defect::Misplaced,
        ),
    ];
    for (name, damage, defect) in damages {
        let rig = Rig::new();
        let versions = extended(&rig);
        damage(&rig);
        for answer in [
            stand(&rig).map(|_| ()),
            rig.archive
                .look_up(CodeIndex::of(&code(1)), now())
                .map(|_| ()),
            rig.archive
                .identify(&Sha256Digest::of(&versions[0]), now())
                .map(|_| ()),
        ] {
            assert!(
                matches!(answer, Err(ArchiveError::Corrupt(found)) if found == defect),
                "{name}"
            );
        }
        assert!(defects(&rig).contains(&defect), "{name}");
    }
}

#[test]
fn bytes_that_were_changed_are_not_given_out_and_found_by_the_check() {
    let rig = Rig::new();
    extended(&rig);
    let mut object = rig.get(&extension(1)).unwrap().to_vec();
    *object.last_mut().unwrap() = b'!';
    rig.put(&extension(1), object);
    let standing = standing(&rig);
    let disclosure = standing.for_the_organ().unwrap();
    for content in [Content::Newest, Content::Version(2)] {
        let read = rig.archive.read(disclosure, content);
        assert!(matches!(
            read,
            Err(ArchiveError::Corrupt(Defect::DocumentDiffers))
        ));
    }
    assert!(rig.archive.read(disclosure, Content::Version(1)).is_ok());
    assert_eq!(defects(&rig), [Defect::ExtensionDiffers]);
}

#[test]
fn a_writer_that_dies_before_the_digest_leaves_a_version_that_is_known_and_completed() {
    let rig = Rig::new();
    rig.commit(&code(1));
    let before = standing(&rig);
    let issued = document(&code(1), b"seal").concat();
    let dying = Dying::after_writes(rig.objects.clone(), 0, true);
    let archive = rig.archive_over(dying);
    assert!(
        archive
            .extend(&before, version(&issued, FIRST), now())
            .is_err()
    );

    let digest = Sha256Digest::of(&[&issued, FIRST].concat());
    assert!(rig.archive.identify(&digest, now()).unwrap().is_none());
    let prefix = rig.archive.identify(&before.record.document.digest, now());
    let known = prefix.unwrap().unwrap().as_version(&digest);
    assert_eq!(known.unwrap().version, 2);

    assert_eq!(defects(&rig), []);
    assert_eq!(
        rig.archive
            .identify(&digest, now())
            .unwrap()
            .unwrap()
            .version,
        2
    );
}
