use futures_util::TryStreamExt;

use super::*;

/// A committed copy with a source of `size` bytes.
fn commit_large(rig: &Rig, size: usize) -> (CopyRecord, Vec<u8>) {
    let source: Vec<u8> = (0..size).map(|index| (index % 251) as u8).collect();
    let mut intent = intent(&code(1));
    let length = source.len() as u64;
    intent.source.digest = Sha256Digest::of(&source);
    intent.source.size = length;
    intent.byte_range = ByteRange {
        hole_start: length,
        hole_end: length + 6,
        end: length + 18,
    };
    let parts = [Bytes::from(source), document(&code(1), b"seal").remove(1)];
    rig.archive.begin(&intent).unwrap();
    let committed = rig
        .archive
        .commit(&intent, &parts, digest_of(&parts), now())
        .unwrap();
    (committed.record, parts.concat())
}

fn stream(
    rig: &Rig,
    record: &CopyRecord,
    content: Content,
    range: std::ops::Range<u64>,
) -> (Vec<u8>, Result<(), ArchiveError>) {
    rig.runtime.block_on(async {
        let mut received = Vec::new();
        let mut chunks = match rig.archive.stream(disclosure(record), content, range).await {
            Ok(chunks) => chunks,
            Err(error) => return (received, Err(error)),
        };
        loop {
            match chunks.try_next().await {
                Ok(Some(chunk)) => received.extend_from_slice(&chunk),
                Ok(None) => return (received, Ok(())),
                Err(error) => return (received, Err(error)),
            }
        }
    })
}

fn rigs(folder: &Path) -> [Rig; 2] {
    [Rig::new(), Rig::in_folder(folder)]
}

#[test]
fn document_and_source_are_read_whole_and_in_part() {
    let folder = tempfile::tempdir().unwrap();
    for rig in rigs(folder.path()) {
        let (record, bytes) = commit_large(&rig, 1_000_000);
        let read = |content| {
            rig.archive
                .read(disclosure(&record), content)
                .unwrap()
                .unwrap()
                .concat()
        };
        assert_eq!(read(Content::Newest), bytes);
        assert_eq!(read(Content::Source), bytes[..1_000_000]);
        for range in [0..0, 0..1, 999_999..1_000_000, 300_000..900_000] {
            let expected = &bytes[range.start as usize..range.end as usize];
            let read = rig
                .archive
                .read_range(disclosure(&record), Content::Source, range.clone());
            assert_eq!(read.unwrap().concat(), expected);
            let (streamed, end) = stream(&rig, &record, Content::Source, range);
            assert!(end.is_ok() && streamed == expected);
        }
        let size = record.document.size;
        let (streamed, end) = stream(&rig, &record, Content::Newest, 0..size);
        assert!(end.is_ok() && streamed == bytes);
    }
}

#[test]
fn a_range_beyond_the_content_is_refused() {
    let rig = Rig::new();
    let record = rig.commit(&code(1)).record;
    let source = record.intent.source.size;
    #[expect(clippy::reversed_empty_ranges, reason = "a caller may send one")]
    for range in [0..source + 1, source + 1..source + 1, 5..3] {
        let read = rig
            .archive
            .read_range(disclosure(&record), Content::Source, range.clone());
        assert!(matches!(read, Err(ArchiveError::OutOfRange)));
        let (_, end) = stream(&rig, &record, Content::Source, range);
        assert!(matches!(end, Err(ArchiveError::OutOfRange)));
    }
}

#[test]
fn a_copy_that_does_not_begin_with_its_source_has_no_source_to_give() {
    let rig = Rig::new();
    let mut record = rig.commit(&code(1)).record;
    record.intent.prefix = false;
    assert_eq!(
        rig.archive
            .read(disclosure(&record), Content::Source)
            .unwrap(),
        None
    );
    assert!(
        rig.archive
            .read(disclosure(&record), Content::Newest)
            .unwrap()
            .is_some()
    );
}

#[test]
fn nobody_receives_a_complete_file_that_is_not_the_copy() {
    let folder = tempfile::tempdir().unwrap();
    for rig in rigs(folder.path()) {
        let (record, mut bytes) = commit_large(&rig, 1_000_000);
        bytes[500_000] ^= 1;
        rig.put(&format!("{}/document.pdf", super::folder(&code(1))), bytes);
        let whole = |content: Content| 0..content.extent(disclosure(&record)).unwrap().size;
        for (content, defect) in [
            (Content::Newest, Defect::DocumentDiffers),
            (Content::Source, Defect::SourceDiffers),
        ] {
            let read = rig.archive.read(disclosure(&record), content);
            assert!(matches!(read, Err(ArchiveError::Corrupt(found)) if found == defect));
            let (received, end) = stream(&rig, &record, content, whole(content));
            assert!(matches!(end, Err(ArchiveError::Corrupt(found)) if found == defect));
            assert!((received.len() as u64) < whole(content).end);
        }
    }
}

#[test]
fn a_document_that_is_missing_or_of_another_length_is_not_given_out() {
    let rig = Rig::new();
    let record = rig.commit(&code(1)).record;
    let name = format!("{}/document.pdf", folder(&code(1)));
    rig.put(
        &name,
        [SOURCE, b"longer than the document that was stored"].concat(),
    );
    assert!(matches!(
        rig.archive
            .read_range(disclosure(&record), Content::Newest, 0..5),
        Err(ArchiveError::Corrupt(Defect::DocumentDiffers))
    ));
    rig.delete(&name);
    assert!(matches!(
        rig.archive
            .read_range(disclosure(&record), Content::Newest, 0..5),
        Err(ArchiveError::Corrupt(Defect::DocumentMissing))
    ));
}
