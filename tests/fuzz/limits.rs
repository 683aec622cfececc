//! The limits of DESIGN §11 as the whole validator keeps them: at each of them a document is read, one
//! past it the report names the limit, and nothing about the document is said to be in order.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use segell::model::{Deadline, HashTrail};
use segell::pdf::Limits;
use segell::validate::evidence::{
    DocumentReading, Evidence, IdentityFacts, MAX_SIGNATURES, Subject,
};
use segell::validate::report::{Indication, Report};
use segell::validate::{Options, Trust, judge};

/// A document while it is written: numbered objects, revision by revision.
struct Document {
    bytes: Vec<u8>,
    previous: Option<usize>,
    size: u32,
}

impl Document {
    fn new() -> Self {
        Self {
            bytes: b"%PDF-1.7\n".to_vec(),
            previous: None,
            size: 1,
        }
    }

    /// One revision with these objects; object 1 is the catalog.
    fn revision(mut self, objects: &[(u32, Vec<u8>)]) -> Self {
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, body) in objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", self.bytes.len()));
            self.bytes.extend(format!("{number} 0 obj\n").bytes());
            self.bytes.extend(body);
            self.bytes.extend(b"\nendobj\n");
            self.size = self.size.max(number + 1);
        }
        let start = self.bytes.len();
        let previous = self
            .previous
            .map_or(String::new(), |at| format!("/Prev {at}"));
        self.bytes.extend(table.bytes());
        self.bytes.extend(
            format!(
                "trailer\n<</Size {}/Root 1 0 R{previous}>>\nstartxref\n{start}\n%%EOF\n",
                self.size
            )
            .bytes(),
        );
        self.previous = Some(start);
        self
    }
}

fn text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// A document of so many pages, with more objects.
fn document(pages: u32, more: &[(u32, Vec<u8>)]) -> Document {
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", 3 + page))
        .collect();
    let mut objects = vec![
        (1, text("<</Type/Catalog/Pages 2 0 R>>")),
        (
            2,
            format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>").into_bytes(),
        ),
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
    objects.extend((0..pages).map(|number| (3 + number, text(page))));
    objects.extend(more.iter().cloned());
    Document::new().revision(&objects)
}

fn collected(bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Evidence {
    let bytes = Bytes::copy_from_slice(bytes);
    let subject = Subject {
        bytes: &bytes,
        hash: &HashTrail::of(&bytes),
        at: Timestamp::UNIX_EPOCH,
    };
    let trust = Trust::default();
    Evidence::collect(
        &subject,
        IdentityFacts::Unknown,
        &|_| None,
        &trust,
        limits,
        deadline,
    )
}

fn report(evidence: &Evidence) -> Report {
    judge(evidence, &Options::default())
}

/// Why a document was not read; `None` when it was.
fn refusal(bytes: &[u8], limits: &Limits) -> Option<String> {
    let evidence = collected(bytes, limits, &Deadline::never());
    assert_ne!(report(&evidence).indication, Some(Indication::TotalPassed));
    match evidence.document {
        DocumentReading::Unreadable {
            reason,
            beyond_reader,
        } => {
            assert!(beyond_reader, "{reason}");
            Some(reason)
        }
        DocumentReading::Survey { .. } | DocumentReading::OwnCopy => None,
    }
}

/// `within` is read under the limits and `past` is not, for the reason named.
#[track_caller]
fn holds(limits: &Limits, name: &str, within: &Document, past: &Document) {
    assert_eq!(refusal(&within.bytes, limits), None);
    let reason = refusal(&past.bytes, limits).expect("one past the limit is refused");
    assert!(reason.contains(name), "{reason}");
}

#[test]
fn pages_are_read_up_to_the_limit() {
    let limits = Limits {
        pages: 4,
        ..Limits::default()
    };
    holds(&limits, "pages", &document(4, &[]), &document(5, &[]));
}

#[test]
fn objects_are_read_up_to_the_limit() {
    let limits = Limits {
        objects: 6,
        ..Limits::default()
    };
    let with = |count: u32| {
        let more: Vec<_> = (0..count)
            .map(|number| (10 + number, text("null")))
            .collect();
        document(1, &more)
    };
    holds(&limits, "objects", &with(3), &with(4));
}

#[test]
fn values_are_read_up_to_the_depth_of_the_limit() {
    let limits = Limits {
        nesting: 10,
        ..Limits::default()
    };
    let nested = |depth: usize| {
        let value = ["[".repeat(depth - 1), "1".to_owned(), "]".repeat(depth - 1)].concat();
        document(1, &[(10, value.into_bytes())])
    };
    holds(&limits, "nesting", &nested(10), &nested(11));
}

#[test]
fn thirty_two_revisions_are_read_and_no_more() {
    let limits = Limits::default();
    assert_eq!(limits.revisions, 32);
    let revisions = |count: u32| {
        (1..count).fold(document(1, &[]), |document, number| {
            document.revision(&[(10, number.to_string().into_bytes())])
        })
    };
    holds(&limits, "revisions", &revisions(32), &revisions(33));
}

/// A document whose last objects stand in so many object streams of 1,000 bytes.
fn with_object_streams(count: u32) -> Document {
    let mut streams = Vec::new();
    for number in 0..count {
        let head = format!("{} 0 ", 50 + number);
        let mut data = [head.as_bytes(), b"null"].concat();
        data.resize(1_000, b' ');
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&data).expect("memory");
        let deflated = encoder.finish().expect("memory");
        let entries = format!(
            "<</Type/ObjStm/N 1/First {}/Filter/FlateDecode/Length {}>>stream\n",
            head.len(),
            deflated.len()
        );
        streams.push((
            30 + number,
            [entries.as_bytes(), &deflated, b"\nendstream"].concat(),
        ));
    }
    let mut document = document(1, &streams);
    // A cross-reference stream leads into them.
    let start = document.bytes.len();
    let mut rows = Vec::new();
    let mut index = String::new();
    for number in 0..count {
        rows.extend([2, 0, 0, 0, u8::try_from(30 + number).expect("small"), 0]);
        index.push_str(&format!("{} 1 ", 50 + number));
    }
    let head = format!(
        "90 0 obj\n<</Type/XRef/Size 91/Root 1 0 R/W[1 4 1]/Index[{index}]/Prev {}/Length {}>>stream\n",
        document.previous.expect("a revision"),
        rows.len()
    );
    document.bytes.extend(head.bytes());
    document.bytes.extend(rows);
    let tail = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
    document.bytes.extend(tail.bytes());
    document
}

#[test]
fn a_stream_inflates_up_to_the_limit() {
    let document = with_object_streams(1);
    let limits = |stream_bytes| Limits {
        stream_bytes,
        ..Limits::default()
    };
    assert_eq!(refusal(&document.bytes, &limits(1_000)), None);
    let reason = refusal(&document.bytes, &limits(999)).expect("one past the limit is refused");
    assert!(reason.contains("stream"), "{reason}");
}

#[test]
fn all_streams_inflate_up_to_the_limit_together() {
    let limits = Limits {
        inflated_bytes: 3_100,
        ..Limits::default()
    };
    holds(
        &limits,
        "inflated",
        &with_object_streams(3),
        &with_object_streams(4),
    );
}

#[test]
fn sixty_four_signatures_are_judged_and_one_more_fails_the_document() {
    let signed = |count: usize| {
        let mut objects = Vec::new();
        let mut fields = String::new();
        for index in 0..count {
            let number = 100 + 2 * u32::try_from(index).expect("few");
            fields.push_str(&format!("{number} 0 R "));
            let field = format!("<</FT/Sig/T(S{index})/V {} 0 R>>", number + 1);
            objects.push((number, field.into_bytes()));
            let value =
                text("<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<30>>>");
            objects.push((number + 1, value));
        }
        let form = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]>>>>");
        objects.push((1, form.into_bytes()));
        document(1, &[]).revision(&objects)
    };
    for (count, past) in [(MAX_SIGNATURES, false), (MAX_SIGNATURES + 1, true)] {
        let evidence = collected(&signed(count).bytes, &Limits::default(), &Deadline::never());
        let report = report(&evidence);
        assert_eq!(report.signatures.len(), MAX_SIGNATURES);
        let named = report
            .findings
            .iter()
            .any(|finding| finding.rule == "limit");
        assert_eq!((evidence.excess, named), (past, past));
        assert_eq!(report.indication, Some(Indication::TotalFailed));
    }
}

#[test]
fn work_ends_when_its_time_is_over_wherever_that_is() {
    let document = with_object_streams(3);
    let mut looks = 0;
    loop {
        let left = AtomicUsize::new(looks);
        let left = Arc::new(left);
        let deadline = Deadline::new(move || {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_err()
        });
        let evidence = collected(&document.bytes, &Limits::default(), &deadline);
        match evidence.document {
            DocumentReading::Unreadable { beyond_reader, .. } => assert!(beyond_reader),
            DocumentReading::Survey { .. } | DocumentReading::OwnCopy => break,
        }
        looks += 1;
    }
    assert!(looks > 2, "{looks} looks at the clock");
}
