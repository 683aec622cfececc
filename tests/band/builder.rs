//! Small PDFs, byte by byte.

/// A PDF in the making. Object 1 is the catalog, object 2 the page tree.
pub(crate) struct Builder {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    catalog: String,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            objects: vec![Vec::new(), Vec::new()],
            pages: Vec::new(),
            catalog: String::new(),
        }
    }

    /// Entries of the catalog.
    pub(crate) fn catalog(mut self, entries: &str) -> Self {
        self.catalog.push_str(entries);
        self
    }

    /// Adds an object and gives its number.
    pub(crate) fn object(&mut self, body: impl AsRef<[u8]>) -> usize {
        self.objects.push(body.as_ref().to_vec());
        self.objects.len()
    }

    /// Adds a stream and gives its number.
    pub(crate) fn stream(&mut self, entries: &str, data: impl AsRef<[u8]>) -> usize {
        let data = data.as_ref();
        let mut body = format!("<<{entries} /Length {}>>\nstream\n", data.len()).into_bytes();
        body.extend(data);
        body.extend(b"\nendstream");
        self.object(body)
    }

    /// Adds a page with these entries besides `/Type` and `/Parent`.
    pub(crate) fn page(&mut self, entries: &str) -> usize {
        let number = self.object(format!("<</Type/Page/Parent 2 0 R {entries}>>"));
        self.pages.push(number);
        number
    }

    /// The file.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let kids: Vec<String> = self.pages.iter().map(|n| format!("{n} 0 R")).collect();
        self.objects[0] = format!("<</Type/Catalog/Pages 2 0 R {}>>", self.catalog).into_bytes();
        self.objects[1] = format!(
            "<</Type/Pages/Kids[{}]/Count {}>>",
            kids.join(" "),
            kids.len()
        )
        .into_bytes();
        let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", self.objects.len() + 1);
        for (index, object) in self.objects.iter().enumerate() {
            table.push_str(&format!("{:010} 00000 n \n", file.len()));
            file.extend(format!("{} 0 obj\n", index + 1).as_bytes());
            file.extend(object);
            file.extend(b"\nendobj\n");
        }
        let start = file.len();
        file.extend(table.as_bytes());
        let size = self.objects.len() + 1;
        file.extend(
            format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
        );
        file
    }
}

/// What most pages of these tests have: A4, and a font `/F`.
pub(crate) const A4: &str = "/MediaBox[0 0 595 842]";
pub(crate) const FONT: &str = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";

/// One A4 page with these contents.
pub(crate) fn page_with(contents: impl AsRef<[u8]>) -> Vec<u8> {
    let mut builder = Builder::new();
    let stream = builder.stream("", contents);
    builder.page(&format!("{A4}/Contents {stream} 0 R/Resources<<{FONT}>>"));
    builder.finish()
}
