//! Every limit at its value and one past it.

use super::made::deflated;
use super::*;

fn passed(result: Result<SourcePdf, PdfError>) -> Option<&'static str> {
    match result {
        Err(PdfError::LimitPassed { limit, .. }) => Some(limit),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    }
}

/// One page more for each of `numbers`.
fn with_pages(numbers: std::ops::RangeInclusive<u32>) -> Vec<u8> {
    let mut made = Made::one_page();
    let mut kids = String::new();
    for number in numbers {
        kids.push_str(&format!("{number} 0 R "));
        made = made.with(number, "<</Type/Page/Parent 2 0 R>>");
    }
    made.with(2, format!("<</Type/Pages/Kids[{kids}]/Count 1>>"))
        .table()
}

#[test]
fn pages_are_allowed_up_to_the_limit() {
    let limits = Limits {
        pages: 4,
        ..Limits::default()
    };
    assert_eq!(passed(open_under(with_pages(10..=13), &limits)), None);
    assert_eq!(
        passed(open_under(with_pages(10..=14), &limits)),
        Some("pages")
    );
}

#[test]
fn objects_are_allowed_up_to_the_limit_wherever_they_stand() {
    let limits = Limits {
        objects: 5,
        ..Limits::default()
    };
    let five = Made::one_page().with(4, "4").with(5, "5");
    assert_eq!(passed(open_under(five.table(), &limits)), None);
    let six = five.with(6, "6");
    assert_eq!(passed(open_under(six.table(), &limits)), Some("objects"));
    // In a stream form the object stream and the section are objects too.
    let three = Made::one_page();
    assert_eq!(passed(open_under(three.stream(&[1, 2]), &limits)), None);
    let four = three.with(4, "null");
    assert_eq!(
        passed(open_under(four.stream(&[1, 4]), &limits)),
        Some("objects")
    );
}

#[test]
fn a_table_of_very_many_objects_is_refused_from_its_entries() {
    let mut bytes = Made::one_page().table();
    let start = bytes.len();
    bytes.extend_from_slice(b"xref\n0 400000\n");
    for _ in 0..400_000 {
        bytes.extend_from_slice(b"0000000015 00000 n \n");
    }
    bytes.extend_from_slice(
        format!("trailer\n<</Size 400000/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    assert_eq!(passed(open(bytes)), Some("objects"));
}

#[test]
fn very_many_objects_without_cross_references_are_refused() {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    for number in 1..=200_001 {
        bytes.extend_from_slice(format!("{number} 0 obj 1 endobj\n").as_bytes());
    }
    assert_eq!(passed(open(bytes)), Some("objects"));
}

#[test]
fn values_nest_up_to_the_limit() {
    for limit in [10, 100] {
        let limits = Limits {
            nesting: limit,
            ..Limits::default()
        };
        let nested = |arrays: usize| {
            let value = format!("{}1{}", "[".repeat(arrays), "]".repeat(arrays));
            Made::one_page().with(4, value).with_trailer("/Extra 4 0 R")
        };
        let at_limit = nested(limit as usize - 1);
        for bytes in [at_limit.table(), at_limit.stream(&[4])] {
            let source = open_under(bytes, &limits).unwrap();
            assert!(matches!(source.object((4, 0)), Some(Object::Array(_))));
        }
        let past = nested(limit as usize);
        for bytes in [past.table(), past.stream(&[4])] {
            assert_eq!(passed(open_under(bytes, &limits)), Some("nesting"));
        }
    }
}

#[test]
fn page_trees_nest_up_to_the_limit() {
    let limits = Limits {
        nesting: 8,
        ..Limits::default()
    };
    let tree = |nodes: u32| {
        let mut made = Made::one_page().with(1, "<</Type/Catalog/Pages 10 0 R>>");
        for node in 0..nodes {
            let kid = if node + 1 == nodes { 3 } else { 11 + node };
            made = made.with(
                10 + node,
                format!("<</Type/Pages/Kids[{kid} 0 R]/Count 1>>"),
            );
        }
        made.table()
    };
    assert_eq!(passed(open_under(tree(8), &limits)), None);
    assert_eq!(passed(open_under(tree(9), &limits)), Some("nesting"));
}

#[test]
fn revisions_are_allowed_up_to_the_limit() {
    let limits = Limits {
        revisions: 3,
        ..Limits::default()
    };
    for first in [Made::one_page().table(), Made::one_page().stream(&[1, 2])] {
        let second = sealed(&open(first).unwrap());
        let third = sealed(&open(second).unwrap());
        let source = open_under(third, &limits).unwrap();
        assert_eq!(source.facts().earlier_revisions, 2);
        let fourth = sealed(&source);
        assert_eq!(passed(open_under(fourth, &limits)), Some("revisions"));
    }
}

#[test]
fn a_stream_inflates_up_to_the_limit() {
    let contents = deflated(&[b' '; 1000]);
    let bytes = Made::one_page()
        .with(3, "<</Type/Page/Contents[4 0 R 4 0 R]>>")
        .with_stream(4, "/Filter/FlateDecode", &contents)
        .table();
    let read = |stream_bytes, inflated_bytes| {
        let limits = Limits {
            stream_bytes,
            inflated_bytes,
            ..Limits::default()
        };
        let source = open_under(bytes.clone(), &limits).unwrap();
        source.page_contents(&source.pages()[0])
    };
    assert_eq!(
        read(1000, 2000).map(|contents| contents.unwrap().len()),
        Ok(2001)
    );
    let passed = |limit, allowed| Err(PdfError::LimitPassed { limit, allowed });
    assert_eq!(read(999, 2000), passed("stream_bytes", 999));
    assert_eq!(read(1000, 1999), passed("inflated_bytes", 1999));
}

#[test]
fn object_streams_count_towards_the_same_limits() {
    let padded = Made::one_page().with(4, format!("({})", " ".repeat(5000)));
    let bytes = padded.stream(&[1, 2, 4]);
    let under = |stream_bytes, inflated_bytes| {
        let limits = Limits {
            stream_bytes,
            inflated_bytes,
            ..Limits::default()
        };
        passed(open_under(bytes.clone(), &limits))
    };
    assert_eq!(under(6000, 6000), None);
    assert_eq!(under(5000, 6000), Some("stream_bytes"));
    assert_eq!(under(6000, 5000), Some("inflated_bytes"));
}

#[test]
fn a_bomb_in_place_of_an_object_stream_is_refused() {
    let bomb = deflated(&deflated(&vec![0; 64 << 20]));
    let bytes = Made::one_page()
        .with_stream(
            9,
            "/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]",
            &bomb,
        )
        .stream(&[]);
    // Nothing is said to stand in it, so it is never opened.
    assert_eq!(passed(open(bytes.clone())), None);
    let lost = made::replaced(&bytes, "startxref", "startxxxx");
    assert_eq!(passed(open(lost)), Some("stream_bytes"));
}

#[test]
fn streams_laid_over_one_another_are_not_read_over_and_over() {
    // Every object claims all that follows as its data.
    const COUNT: usize = 4000;
    let header = |number: usize| format!("{:05} 0 obj <</Length 99999999>> stream\n", number + 10);
    let mut body: String = (0..COUNT).map(header).collect();
    body.push_str(&" ".repeat(1 << 20));
    body.push_str("\nendstream endobj\n");
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let first = bytes.len();
    bytes.extend_from_slice(body.as_bytes());
    let start = bytes.len();
    let mut section = format!("xref\n10 {COUNT}\n");
    for number in 0..COUNT {
        let offset = first + number * header(number).len();
        section.push_str(&format!("{offset:010} 00000 n \n"));
    }
    section.push_str(&format!(
        "trailer\n<</Size 9999/Root 10 0 R>>\nstartxref\n{start}\n%%EOF\n"
    ));
    bytes.extend_from_slice(section.as_bytes());
    assert!(matches!(refusal(bytes), Some(PdfError::Damaged(_))));
}

#[test]
fn arrays_of_kids_that_many_nodes_share_are_refused() {
    let limits = Limits {
        objects: 300,
        ..Limits::default()
    };
    let mut made = Made::one_page()
        .with(4, format!("[{}]", "null ".repeat(50)))
        .with(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields 5 0 R>>>>");
    let mut kids = String::new();
    for number in 10..210 {
        made = made.with(number, "<</Type/Pages/T(f)/Kids 4 0 R>>");
        kids.push_str(&format!("{number} 0 R "));
    }
    let fields = made.clone().with(5, format!("[{kids}]")).table();
    assert_eq!(passed(open_under(fields, &limits)), Some("objects"));
    let tree = made
        .with(2, format!("<</Type/Pages/Kids[{kids} 3 0 R]/Count 1>>"))
        .table();
    assert_eq!(passed(open_under(tree, &limits)), Some("objects"));
}

#[test]
fn time_that_is_up_ends_the_work() {
    let over = Deadline::new(|| true);
    let bytes = Bytes::from(Made::one_page().table());
    let result = SourcePdf::open(bytes, &Limits::default(), &over);
    assert_eq!(result.err(), Some(PdfError::OutOfTime));
}

#[test]
fn streams_that_nothing_ends_are_searched_once() {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    for number in 1..=60_000 {
        let object = format!("{number} 0 obj<<>>stream\n{}", "x".repeat(60));
        bytes.extend_from_slice(object.as_bytes());
    }
    assert!(matches!(refusal(bytes), Some(PdfError::Damaged(_))));
}

#[test]
fn objects_that_never_end_are_not_read_over_and_over() {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    for number in 1..=60_000 {
        bytes.extend_from_slice(format!("{number} 0 obj(").as_bytes());
    }
    let endless = PdfError::Damaged("objects without an end");
    assert_eq!(refusal(bytes), Some(endless));
}
