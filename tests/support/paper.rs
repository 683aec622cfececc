//! Small documents made here, for tests that need a PDF and no corpus.

/// A sound one-page PDF 1.7 on A4 that shows one line of text.
pub(crate) fn one_page(text: &str) -> Vec<u8> {
    pages(&[&format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET")])
}

/// A sound PDF 1.7 with a page of A4 for each of these contents; `/F1` is Helvetica.
pub(crate) fn pages(contents: &[&str]) -> Vec<u8> {
    let streams: Vec<_> = contents
        .iter()
        .map(|content| (String::new(), content.as_bytes().to_vec()))
        .collect();
    pages_of(&streams)
}

/// The same with content streams as they are in the file: more entries of their dictionaries, and their
/// bytes.
pub(crate) fn pages_of(streams: &[(String, Vec<u8>)]) -> Vec<u8> {
    let page = |index: usize| 4 + 2 * index;
    let kids: String = (0..streams.len())
        .map(|index| format!("{} 0 R ", page(index)))
        .collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} >>",
            kids.trim_end(),
            streams.len()
        )
        .into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    for (index, (entries, content)) in streams.iter().enumerate() {
        let number = page(index);
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /Font << /F1 3 0 R >> >> >>",
                number + 1
            )
            .into_bytes(),
        );
        let mut stream = format!("<< /Length {}{entries} >>\nstream\n", content.len()).into_bytes();
        stream.extend_from_slice(content);
        stream.extend_from_slice(b"\nendstream");
        objects.push(stream);
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let tail = format!(
        "{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{}\n%%EOF\n",
        objects.len() + 1,
        file.len()
    );
    file.extend_from_slice(tail.as_bytes());
    file
}
