//! Tagged documents and PDF/A stay what they are.

use segell::model::Placement;

use super::builder::{A4, Builder};
use super::judges::assert_readable;
use super::{banded, legend, options};

fn document(part: &str, catalog: &str) -> Vec<u8> {
    let mut builder = Builder::new();
    let packet = format!(
        "<?xpacket begin='\u{feff}' id='W5M0MpCehiHzreSzNTczkc9d'?>\
         <x:xmpmeta xmlns:x='adobe:ns:meta/'>\
         <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
         <rdf:Description rdf:about='' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'>\
         <pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    );
    let metadata = builder.stream("/Type/Metadata/Subtype/XML", packet);
    let stream = builder.stream("", "");
    builder.page(&format!("{A4}/Contents {stream} 0 R"));
    let catalog = format!("/Metadata {metadata} 0 R{catalog}");
    builder.catalog(&catalog).finish()
}

/// What was appended, as text.
fn appended(source: &[u8], placement: Placement) -> String {
    let (copy, report) = banded(source, &legend(), options(placement)).unwrap();
    assert_readable(&copy, report.pages, "archival");
    String::from_utf8_lossy(&copy[source.len()..]).into_owned()
}

#[test]
fn a_pdfa_without_output_intent_gets_no_device_colour() {
    for placement in Placement::ALL {
        let source = document("2", "");
        assert!(appended(&source, placement).contains("/CalGray"));
        let intent = "/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1>>]";
        let source = document("2", intent);
        assert!(!appended(&source, placement).contains("/CalGray"));
    }
}

#[test]
fn only_pdfa_1_gets_a_cid_set() {
    for (part, expected) in [("1", true), ("2", false), ("3", false)] {
        let source = document(part, "");
        assert_eq!(
            appended(&source, Placement::Fit).contains("/CIDSet"),
            expected
        );
    }
}

#[test]
fn the_band_of_a_tagged_document_is_an_artifact() {
    for placement in Placement::ALL {
        let source = document("2", "/MarkInfo<</Marked true>>");
        assert!(appended(&source, placement).contains("/Artifact"));
        let source = document("2", "");
        assert!(!appended(&source, placement).contains("/Artifact"));
    }
}

#[test]
fn nothing_appended_is_transparent() {
    let tail = appended(&document("1", ""), Placement::Fit);
    for key in ["/SMask", "/Group", "/ca", "/CA", "/BM", "/ExtGState"] {
        assert!(!tail.contains(key), "{key}");
    }
}

#[test]
fn the_viewer_is_not_told_to_show_the_old_page_only() {
    let source = document(
        "2",
        "/ViewerPreferences<</PrintArea/TrimBox/ViewArea/TrimBox/PrintScaling/None/Duplex/Simplex>>",
    );
    let tail = appended(&source, Placement::Fit);
    assert!(tail.contains("/Duplex"));
    assert!(!tail.contains("/PrintArea") && !tail.contains("/PrintScaling"));
}
