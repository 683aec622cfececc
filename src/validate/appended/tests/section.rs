//! Cross-reference sections and streams as they are written here.

use super::super::cross_reference::Form;

/// A cross-reference section before it is written, open to be spoilt.
pub(super) struct Section {
    /// Number, kind (`n`, `f` or `c`), offset, generation.
    pub(super) entries: Vec<(u32, char, u64, u16)>,
    /// Key and value.
    pub(super) trailer: Vec<(&'static str, String)>,
    /// What `startxref` names.
    pub(super) startxref: u64,
    /// From `%%EOF` on.
    pub(super) ending: Vec<u8>,
}

impl Section {
    /// Sets an entry of the trailer.
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<String>) {
        self.trailer.retain(|(other, _)| *other != key);
        self.trailer.push((key, value.into()));
    }

    /// Takes an entry out of the trailer.
    pub(super) fn remove(&mut self, key: &str) {
        self.trailer.retain(|(other, _)| *other != key);
    }

    /// Writes it to the end of a file, a stream as object `own`.
    pub(super) fn write(&self, form: Form, own: u32, file: &mut Vec<u8>) {
        let mut trailer: String = self
            .trailer
            .iter()
            .map(|(key, value)| format!("/{key} {value}"))
            .collect();
        match form {
            Form::Table => {
                file.extend(b"xref\n0 1\n0000000000 65535 f \n");
                for (number, kind, offset, generation) in &self.entries {
                    let entry = format!("{number} 1\n{offset:010} {generation:05} {kind} \n");
                    file.extend(entry.bytes());
                }
                file.extend(format!("trailer\n<<{trailer}>>\n").bytes());
            }
            Form::Stream => {
                let mut rows = Vec::new();
                let mut index = String::new();
                for (number, kind, offset, generation) in &self.entries {
                    rows.push(match kind {
                        'n' => 1,
                        'c' => 2,
                        _ => 0,
                    });
                    rows.extend(u32::try_from(*offset).unwrap().to_be_bytes());
                    rows.extend(generation.to_be_bytes());
                    index.push_str(&format!("{number} 1 "));
                }
                for (key, value) in [
                    ("Type", "/XRef".to_owned()),
                    ("W", "[1 4 2]".to_owned()),
                    ("Index", format!("[{index}]")),
                ] {
                    if !self.trailer.iter().any(|(other, _)| *other == key) {
                        trailer.push_str(&format!("/{key} {value}"));
                    }
                }
                file.extend(format!("{own} 0 obj\n").bytes());
                file.extend(stream(&trailer, &rows));
                file.extend(b"\nendobj\n");
            }
        }
        file.extend(format!("startxref\n{}\n", self.startxref).bytes());
        file.extend(&self.ending);
    }
}

/// A stream with these entries beside its length.
pub(super) fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<<{entries}/Length {}>>stream\n", data.len()).into_bytes();
    bytes.extend(data);
    bytes.extend(b"\nendstream");
    bytes
}

#[track_caller]
pub(super) fn find_first(bytes: &[u8], pattern: &[u8]) -> usize {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
        .unwrap()
}

#[track_caller]
pub(super) fn find_last(bytes: &[u8], pattern: &[u8]) -> usize {
    bytes
        .windows(pattern.len())
        .rposition(|window| window == pattern)
        .unwrap()
}
