//! The documents that are sealed and then attacked: ordinary ones, with what the published attacks need
//! prepared inside before the seal.

/// Numbers of the source's objects.
pub(crate) const PAGE_TREE: u32 = 2;
pub(crate) const FONT: u32 = 3;
/// A form drawn on the first page, empty: the shadow that may later hide it.
pub(crate) const OVERLAY: u32 = 4;
/// A document attached to nothing, for whoever wants to attach it later.
pub(crate) const ATTACHMENT: u32 = 5;
/// A text field with a value, and its appearance.
pub(crate) const FIELD: u32 = 6;
/// What the field shows.
pub(crate) const APPEARANCE: u32 = 7;
/// The first page, and its content.
pub(crate) const PAGE: u32 = 8;
/// The content of the first page.
pub(crate) const CONTENT: u32 = 9;

/// Begins the content that no cross-reference leads to: it has the number of the first page's, and may
/// later take its place.
pub(crate) const SHADOW: &[u8] =
    b"9 0 obj\n<</Length 45>>stream\nBT /F1 24 Tf 72 700 Td (Pay 9999 euros)";

/// A document of so many pages.
pub(crate) fn document(pages: u32) -> Vec<u8> {
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", PAGE + 2 * page))
        .collect();
    let form = PAGE + 2 * pages;
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R/Lang(ca-ES)/AcroForm {form} 0 R>>").into_bytes(),
        format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>").into_bytes(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        stream("/Type/XObject/Subtype/Form/BBox[0 0 595 842]", b" "),
        stream("/Type/EmbeddedFile", b"another document"),
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(10)/Rect[72 600 200 620]/F 4\
          /AP<</N 7 0 R>>/P 8 0 R>>"
            .to_vec(),
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 128 20]/Resources<</Font<</F1 3 0 R>>>>",
            b"/Tx BMC BT /F1 12 Tf 2 5 Td (10) Tj ET EMC",
        ),
    ];
    for page in 0..pages {
        let number = PAGE + 2 * page;
        let annotations = if page == 0 { "/Annots[6 0 R]" } else { "" };
        let drawn = if page == 0 { " /Overlay Do" } else { "" };
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R{annotations}\
                 /Resources<</Font<</F1 3 0 R>>/XObject<</Overlay 4 0 R>>>>>>",
                number + 1
            )
            .into_bytes(),
        );
        let text = format!("BT /F1 24 Tf 72 700 Td (Pay 10 euros, {page}) Tj ET{drawn}");
        objects.push(stream("", text.as_bytes()));
    }
    objects.push(b"<</Fields[6 0 R]>>".to_vec());
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    file.extend(SHADOW);
    file.extend(b" Tj ET\nendstream\nendobj\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(table.bytes());
    file.extend(
        format!(
            "trailer\n<</Size {}/Root 1 0 R/ID[<0123456789ABCDEF><0123456789ABCDEF>]>>\n\
             startxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    file
}

/// A stream with these entries beside its length.
pub(crate) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<<{entries}/Length {}>>stream\n", data.len()).into_bytes();
    bytes.extend(data);
    bytes.extend(b"\nendstream");
    bytes
}
