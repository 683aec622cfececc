//! What others add to a copy of ours after it was issued.

use std::fs;

/// Appends a document security store with one certificate, and `more` entries in the catalog.
pub(crate) fn with_dss(copy: &[u8], more: &str) -> Vec<u8> {
    let text: String = copy.iter().map(|byte| char::from(*byte)).collect();
    let trailer = &text[text.rfind("trailer").expect("a table")..];
    let number = |key: &str| -> usize {
        let value = &trailer[trailer.find(key).expect("an entry") + key.len()..];
        let digits: String = value
            .trim_start()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse().expect("a number")
    };
    let (root, size, start) = (number("/Root"), number("/Size"), number("startxref"));
    let header = format!("\n{root} 0 obj");
    let catalog = &text[text.rfind(&header).expect("the catalog was written again")..];
    let catalog = &catalog[header.len()..catalog.find("endobj").expect("its end")];
    let open = catalog.rfind(">>").expect("a dictionary");
    let certificate = fs::read_to_string(super::root().join("certs-example/trust/root.pem"))
        .expect("an example certificate");
    let base64: String = certificate
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let certificate =
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, base64).expect("PEM");

    let mut file = copy.to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, number: usize, body: &[u8]| {
        offsets.push((number, file.len()));
        file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        file.extend_from_slice(body);
        file.extend_from_slice(b"\nendobj\n");
    };
    let rewritten: Vec<u8> = format!("{}/DSS {size} 0 R{more}>>", &catalog[..open])
        .trim()
        .chars()
        .map(|byte| byte as u8)
        .collect();
    object(&mut file, root, &rewritten);
    let dss = format!("<</Type/DSS/Certs[{} 0 R]>>", size + 1);
    object(&mut file, size, dss.as_bytes());
    let mut stream = format!("<</Length {}>>\nstream\n", certificate.len()).into_bytes();
    stream.extend_from_slice(&certificate);
    stream.extend_from_slice(b"\nendstream");
    object(&mut file, size + 1, &stream);

    let xref = file.len();
    file.extend_from_slice(b"xref\n");
    for (number, offset) in offsets {
        file.extend_from_slice(format!("{number} 1\n{offset:010} 00000 n \n").as_bytes());
    }
    let id = &trailer[trailer.find("/ID").expect("an identifier")..];
    let id = &id[..=id.find(']').expect("an array")];
    let tail = format!(
        "trailer\n<</Size {}/Root {root} 0 R{id}/Prev {start}>>\nstartxref\n{xref}\n%%EOF\n",
        size + 2
    );
    file.extend(tail.chars().map(|byte| byte as u8));
    file
}
