//! Contents kept apart from what is drawn after them.
//!
//! A page's contents come in one of two ways: orderly ones stay where they are, between a prefix that
//! saves the graphics state and clips to the old page, and operators that close exactly what is
//! open. All others become one form XObject (ISO 32000-2, 8.10.1), whose end ends everything.

use std::collections::HashMap;
use std::sync::Arc;

use lopdf::{Object, ObjectId};

use super::content::{self, Ending};
use super::deflate::Deflater;
use super::forms::form_dictionary;
use super::geometry::Area;
use super::ink::Content;
use super::resources;
use crate::pdf::source::Page;
use crate::pdf::{PdfError, SourcePdf, Update};

/// How the old contents of a page are drawn.
#[derive(Clone, Debug)]
pub(super) enum Enclosure {
    /// There are none.
    Nothing,
    /// Where they are: streams in order, prefix included, and the `q` to be closed after them.
    InPlace {
        streams: Vec<ObjectId>,
        open_saves: usize,
    },
    /// By this form, which knows its clip and resources.
    Form(ObjectId),
}

/// A form made of contents, and what it was made for.
struct Made {
    resources: Arc<Object>,
    clip: Area,
    form: ObjectId,
}

/// Encloses contents, and those that pages share only once.
#[derive(Default)]
pub(super) struct Encloser {
    endings: HashMap<Vec<ObjectId>, Option<Ending>>,
    prefixes: HashMap<[u64; 4], ObjectId>,
    forms: HashMap<Vec<ObjectId>, Vec<Made>>,
    separator: Option<ObjectId>,
    /// Bytes written again so far.
    rewritten: usize,
}

impl Encloser {
    /// Encloses the contents of `page` in `clip` (user units).
    ///
    /// # Errors
    /// [`PdfError::Damaged`] where readers cannot come to the same contents; limits.
    pub(super) fn enclose(
        &mut self,
        update: &mut Update<'_>,
        deflater: &mut Deflater,
        page: &Page,
        clip: Area,
    ) -> Result<Enclosure, PdfError> {
        let source = update.source();
        let streams = source
            .content_streams(page)
            .ok_or(PdfError::Damaged("the contents of a page"))?;
        if streams.is_empty() {
            return Ok(Enclosure::Nothing);
        }
        let ending = match self.endings.get(&streams) {
            Some(known) => known.clone(),
            None => {
                let ending = match source.page_contents(page)? {
                    Some(content) => Some(content::ending(&content, source.deadline())?),
                    None => None,
                };
                self.endings.insert(streams.clone(), ending.clone());
                ending
            }
        };
        match ending {
            Some(Ending::Orderly { open_saves })
                if !resources::redefine_gray(source, &page.resources)
                    && streams.iter().all(|id| has_stated_length(source, *id)) =>
            {
                Ok(self.in_place(update, streams, open_saves, clip))
            }
            Some(Ending::Unruly { closing }) => {
                self.form(update, deflater, page, streams, clip, Some(&closing))
            }
            Some(Ending::Orderly { .. }) => {
                self.form(update, deflater, page, streams, clip, Some(&[]))
            }
            None => self.form(update, deflater, page, streams, clip, None),
        }
    }

    fn in_place(
        &mut self,
        update: &mut Update<'_>,
        streams: Vec<ObjectId>,
        open_saves: usize,
        clip: Area,
    ) -> Enclosure {
        let key = [clip.left, clip.bottom, clip.right, clip.top].map(f64::to_bits);
        let prefix = *self.prefixes.entry(key).or_insert_with(|| {
            let mut content = Content::default();
            content.raw("q\n");
            content.rectangle(clip);
            content.raw("W n\n");
            update.add_stream(lopdf::Dictionary::new(), content.0)
        });
        let mut enclosed = vec![prefix];
        for (index, stream) in streams.into_iter().enumerate() {
            if index > 0 {
                // Some readers join streams without a space between: then the last token of one
                // and the first of the next would be one, which is not what was read here.
                let separator = *self.separator.get_or_insert_with(|| {
                    update.add_stream(lopdf::Dictionary::new(), b"\n".to_vec())
                });
                enclosed.push(separator);
            }
            enclosed.push(stream);
        }
        Enclosure::InPlace {
            streams: enclosed,
            open_saves,
        }
    }

    /// The contents as a form. `closing` is what to add to them; `None`: they cannot be decoded.
    fn form(
        &mut self,
        update: &mut Update<'_>,
        deflater: &mut Deflater,
        page: &Page,
        streams: Vec<ObjectId>,
        clip: Area,
        closing: Option<&[u8]>,
    ) -> Result<Enclosure, PdfError> {
        let source = update.source();
        let made = self.forms.entry(streams.clone()).or_default();
        let known = made
            .iter()
            .find(|made| made.clip == clip && made.resources == page.resources);
        if let Some(known) = known {
            return Ok(Enclosure::Form(known.form));
        }
        let resources = match page.resources.as_ref() {
            Object::Null => Object::Dictionary(lopdf::Dictionary::new()),
            resources => resources.clone(),
        };
        let mut dictionary = form_dictionary(clip, resources);
        let whole = match streams.as_slice() {
            // As it is stored: every reader makes of it what it made before.
            [only] if closing.is_none_or(<[u8]>::is_empty) => source.stream_bytes(*only),
            _ => None,
        };
        let form = match whole {
            Some(stream) => {
                if stream.dictionary.has(b"F") {
                    return Err(PdfError::Damaged("page contents outside the file"));
                }
                for key in [b"Filter".as_slice(), b"DecodeParms"] {
                    if let Ok(value) = stream.dictionary.get(key) {
                        dictionary.set(key, value.clone());
                    }
                }
                self.count(source, stream.bytes.len())?;
                update.add_stream(dictionary, stream.bytes.into_owned())
            }
            None => {
                let mut content = joined(source, &streams)?;
                content.extend(closing.unwrap_or_default());
                self.count(source, content.len())?;
                deflater.add(update, dictionary, &content)
            }
        };
        self.forms.entry(streams).or_default().push(Made {
            resources: Arc::clone(&page.resources),
            clip,
            form,
        });
        Ok(Enclosure::Form(form))
    }

    /// Many pages that share contents but nothing else must not become many times as much.
    fn count(&mut self, source: &SourcePdf, bytes: usize) -> Result<(), PdfError> {
        self.rewritten = self.rewritten.saturating_add(bytes);
        let allowed = source.limits().inflated_bytes;
        if self.rewritten > allowed {
            return Err(PdfError::LimitPassed {
                limit: "inflated_bytes",
                allowed: allowed as u64,
            });
        }
        Ok(())
    }
}

/// Whether the stream is as long as its `/Length` says: readers go by either.
fn has_stated_length(source: &SourcePdf, id: ObjectId) -> bool {
    let Some(Object::Stream(stream)) = source.object(id) else {
        return false;
    };
    let stated = stream
        .dict
        .get(b"Length")
        .map(|length| source.resolve(length));
    match (stated, source.streams.get(&id)) {
        (Ok(Object::Integer(stated)), Some(range)) => {
            usize::try_from(*stated).is_ok_and(|stated| stated == range.len())
        }
        _ => false,
    }
}

/// The streams decoded and joined with a line feed; of damaged ones, what readers show of them.
fn joined(source: &SourcePdf, streams: &[ObjectId]) -> Result<Vec<u8>, PdfError> {
    let mut joined = Vec::new();
    for id in streams {
        match source.decoded_stream(*id)? {
            Some(part) => joined.extend(part),
            None => joined.extend(damaged(source, *id)?),
        }
        joined.push(b'\n');
    }
    Ok(joined)
}

/// What inflates of a damaged stream before its damage.
fn damaged(source: &SourcePdf, id: ObjectId) -> Result<Vec<u8>, PdfError> {
    use std::io::Read as _;
    const UNKNOWN: PdfError = PdfError::Damaged("page contents that cannot be decoded");
    let stream = source.stream_bytes(id).ok_or(UNKNOWN)?;
    let filter = match stream.dictionary.get(b"Filter").map(|f| source.resolve(f)) {
        Ok(Object::Array(filters)) if filters.len() == 1 => {
            filters.first().map(|filter| source.resolve(filter))
        }
        Ok(filter) => Some(filter),
        Err(_) => None,
    };
    let plain_flate = filter.is_some_and(|filter| matches!(filter.as_name(), Ok(b"FlateDecode")))
        && !stream.dictionary.has(b"DecodeParms")
        && !stream.dictionary.has(b"F");
    if !plain_flate {
        return Err(UNKNOWN);
    }
    let limit = source.limits().stream_bytes as u64;
    let mut decoder = flate2::read::ZlibDecoder::new(stream.bytes.as_ref()).take(limit);
    let mut decoded = Vec::new();
    // An error is where the damage starts; what came before it stays.
    let _ = decoder.read_to_end(&mut decoded);
    Ok(decoded)
}
