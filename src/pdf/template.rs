//! Objects that are the same in every copy but for the numbers of the objects they refer to, such as the
//! fonts of the band: serialised once, and from then on copied.

use lopdf::{Dictionary, Object, Stream};

use super::serialize::{write_entries, write_entry, write_stream_content};

/// A dictionary or stream, as an object and as the bytes it is written with.
#[derive(PartialEq)]
pub(super) struct Template {
    dictionary: Dictionary,
    /// The entries of `dictionary`, serialised.
    entries: Vec<u8>,
    /// The content of a stream, encoded as the dictionary says.
    content: Option<Vec<u8>>,
}

/// Entries that differ from copy to copy: they refer to other objects.
pub(super) type Links = Vec<(&'static str, Object)>;

impl Template {
    /// A dictionary with all entries that do not refer to other objects.
    pub(super) fn dictionary(dictionary: Dictionary) -> Self {
        let mut entries = Vec::new();
        write_entries(&mut entries, &dictionary);
        Self {
            dictionary,
            entries,
            content: None,
        }
    }

    /// A stream whose content is encoded as `dictionary` says.
    pub(super) fn stream(dictionary: Dictionary, content: Vec<u8>) -> Self {
        Self {
            content: Some(content),
            ..Self::dictionary(dictionary)
        }
    }

    /// Bytes of the content of a stream; none for a dictionary.
    pub(super) fn content(&self) -> &[u8] {
        self.content.as_deref().unwrap_or_default()
    }

    /// Bytes it is written with, without its links.
    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.content().len() + 32
    }

    /// The object with its links, for a writer that has to go into it.
    pub(super) fn object(&self, links: &Links) -> Object {
        let mut dictionary = self.dictionary.clone();
        for (key, value) in links {
            dictionary.set(*key, value.clone());
        }
        match &self.content {
            Some(content) => Stream::new(dictionary, content.clone()).into(),
            None => dictionary.into(),
        }
    }

    /// Appends the object with its links.
    pub(super) fn write(&self, out: &mut Vec<u8>, links: &Links) {
        out.extend_from_slice(b"<<");
        out.extend_from_slice(&self.entries);
        for (key, value) in links {
            write_entry(out, key.as_bytes(), value);
        }
        match &self.content {
            Some(content) => write_stream_content(out, content),
            None => out.extend_from_slice(b">>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;
    use crate::pdf::serialize::write_object;

    #[test]
    fn a_template_is_written_as_the_object_it_stands_for() {
        let links = vec![("Map", Object::Reference((7, 0)))];
        let entries = dictionary! { "Type" => "Font", "W" => vec![0.into(), 600.into()] };
        for template in [
            Template::dictionary(entries.clone()),
            Template::stream(entries, b"content".to_vec()),
        ] {
            let (mut ready, mut slow) = (Vec::new(), Vec::new());
            template.write(&mut ready, &links);
            write_object(&mut slow, &template.object(&links));
            assert_eq!(ready, slow);
        }
    }
}
