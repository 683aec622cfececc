//! What a signature allows to be changed after it (ISO 32000-2, 12.8.2.2, 12.8.2.4 and table 236).

use lopdf::{Dictionary, Object, ObjectId};

use super::history::View;
use super::value::text;
use super::{FieldLock, SignatureKind};

/// What the reference dictionaries of a signature and its field say.
pub(super) struct Permissions {
    /// `/P` of its DocMDP transform, if there is one.
    pub(super) doc_mdp: Option<u8>,
    pub(super) field_lock: Option<FieldLock>,
}

/// Reads the transforms of `signature`, and the `/Lock` of its `field` where no transform names fields.
pub(super) fn read(
    view: View<'_>,
    signature: &Dictionary,
    field: Option<&Dictionary>,
) -> Permissions {
    const MOST_REFERENCES: usize = 16;
    let mut found = Permissions {
        doc_mdp: None,
        field_lock: None,
    };
    for reference in view
        .items(signature, b"Reference")
        .iter()
        .take(MOST_REFERENCES)
    {
        let Object::Dictionary(reference) = view.resolve(reference) else {
            continue;
        };
        let parameters = view.dictionary(reference, b"TransformParams");
        match view.entry(reference, b"TransformMethod").as_name() {
            Ok(b"DocMDP") => {
                let level = parameters.map_or(&Object::Null, |them| view.entry(them, b"P"));
                found.doc_mdp = Some(level_of(level));
            }
            Ok(b"FieldMDP") => found.field_lock = parameters.and_then(|them| lock(view, them)),
            _ => {}
        }
    }
    if found.field_lock.is_none() {
        found.field_lock = field
            .and_then(|field| view.dictionary(field, b"Lock"))
            .and_then(|them| lock(view, them));
    }
    found
}

/// 2 is the default; a number that is none of the three allows nothing.
fn level_of(level: &Object) -> u8 {
    match level {
        Object::Null => 2,
        Object::Integer(2) => 2,
        Object::Integer(3) => 3,
        _ => 1,
    }
}

/// Whether a signature certifies its document: it has a DocMDP transform and either the catalog says so
/// (`/Perms /DocMDP`), or it is the first to sign, as a certification has to be (12.8.2.2.1).
pub(super) fn certifies(
    view: View<'_>,
    id: Option<ObjectId>,
    kind: SignatureKind,
    is_first: bool,
) -> bool {
    let permitted = view
        .catalog()
        .and_then(|(_, catalog)| view.dictionary(catalog, b"Perms"))
        .and_then(|permissions| permissions.get(b"DocMDP").ok())
        .and_then(|named| view.follow(named).0);
    (id.is_some() && id == permitted) || (is_first && kind == SignatureKind::Signature)
}

/// `/Action` and `/Fields`; an action that is not known locks everything.
fn lock(view: View<'_>, parameters: &Dictionary) -> Option<FieldLock> {
    let names = || {
        view.items(parameters, b"Fields")
            .iter()
            .map(|name| text(view.resolve(name)))
            .collect()
    };
    match view.entry(parameters, b"Action") {
        Object::Name(action) if action == b"Include" => Some(FieldLock::Include(names())),
        Object::Name(action) if action == b"Exclude" => Some(FieldLock::Exclude(names())),
        _ => Some(FieldLock::All),
    }
}

impl FieldLock {
    /// Whether the field `name` is locked; naming a field names all below it.
    pub fn locks(&self, name: &str) -> bool {
        let is_named = |fields: &[String]| {
            fields.iter().any(|field| {
                name.strip_prefix(field.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        match self {
            Self::All => true,
            Self::Include(fields) => is_named(fields),
            Self::Exclude(fields) => !is_named(fields),
        }
    }
}
