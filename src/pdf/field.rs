//! The field tree of a form: what a field inherits (ISO 32000-2, 12.7.4.1).

use lopdf::{Dictionary, Object};

/// What a field has of its own or from above, as far as it makes a signature (12.7.5.5).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inherited<'a> {
    /// `/FT` is `/Sig`.
    is_signature: bool,
    /// `/V`, as it stands.
    value: Option<&'a Object>,
}

impl<'a> Inherited<'a> {
    /// What `field`, which inherits this, has.
    pub(super) fn of<'o: 'a>(
        self,
        field: &'o Dictionary,
        resolve: impl Fn(&'o Object) -> &'o Object,
    ) -> Self {
        let is_signature = match field.get(b"FT").map(&resolve) {
            Ok(Object::Name(kind)) => kind == b"Sig",
            _ => self.is_signature,
        };
        let value = field.get(b"V").ok();
        Self {
            is_signature,
            value: value.or(self.value),
        }
    }

    /// The value of a signature field that is signed: the entry, and the signature dictionary behind
    /// it.
    pub(super) fn signature(
        self,
        resolve: impl Fn(&'a Object) -> &'a Object,
    ) -> Option<(&'a Object, &'a Dictionary)> {
        let value = self.value.filter(|_| self.is_signature)?;
        let dictionary = resolve(value).as_dict().ok()?;
        Some((value, dictionary))
    }
}

/// What `widget` has, up its `/Parent` chain: for widgets that are met on a page and not in the form.
pub(super) fn inherited<'o>(
    widget: &'o Dictionary,
    resolve: impl Fn(&'o Object) -> &'o Object + Copy,
) -> Inherited<'o> {
    const HIGHEST: usize = 32;
    let parent = |field: &'o Dictionary| resolve(field.get(b"Parent").ok()?).as_dict().ok();
    let line: Vec<&Dictionary> = std::iter::successors(Some(widget), |field| parent(field))
        .take(HIGHEST)
        .collect();
    line.into_iter()
        .rev()
        .fold(Inherited::default(), |above, field| {
            above.of(field, resolve)
        })
}
