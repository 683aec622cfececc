//! The file as one revision leaves it, and what of that revision serves a purpose.

use std::collections::BTreeMap;

use super::item::ItemKind;
use super::object::IndirectObject;
use super::revision::Revision;
use super::value::{Reference, Value};
use super::violation::{Rule, Violation};

/// What an object is there for. One object serves one purpose: an object that also stood somewhere else
/// could be changed there by way of here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Catalog,
    Form,
    Fields,
    Field,
    Timestamp,
    Dss,
    Vri,
    VriEntry,
    /// An array of references to items.
    Items(ItemKind),
    /// A stream.
    Item(ItemKind),
}

impl Role {
    /// Whether an object of this role may be written again by a later revision.
    pub(super) fn is_overridable(self) -> bool {
        match self {
            Self::Catalog
            | Self::Form
            | Self::Fields
            | Self::Dss
            | Self::Vri
            | Self::VriEntry
            | Self::Items(_) => true,
            Self::Field | Self::Timestamp | Self::Item(_) => false,
        }
    }

    /// Whether it belongs to the document security store.
    pub(super) fn is_of_dss(self) -> bool {
        matches!(
            self,
            Self::Dss | Self::Vri | Self::VriEntry | Self::Items(_) | Self::Item(_)
        )
    }
}

/// The objects that were found to serve a purpose.
#[derive(Default)]
pub(super) struct Reached(pub(super) BTreeMap<u32, Role>);

impl Reached {
    /// Notes the purpose of an object, found at a reference to it; `true` the first time.
    pub(super) fn claim(&mut self, number: u32, role: Role, at: u64) -> Result<bool, Violation> {
        match self.0.insert(number, role) {
            None => Ok(true),
            Some(before) if before == role => Ok(false),
            Some(_) => Err(Rule::S13.broken(at, "one object for two purposes")),
        }
    }
}

/// What can be seen after a revision: its own objects, and those known before it.
pub(super) struct View<'d, 'a> {
    pub(super) known: &'d BTreeMap<u32, Value<'a>>,
    pub(super) revision: &'d Revision<'a>,
    /// The lowest number that was free before this revision.
    pub(super) first_new: u32,
}

impl<'d, 'a> View<'d, 'a> {
    /// What a value was before this revision, its reference followed. `None`: not known.
    pub(super) fn before(&self, value: &'d Value<'a>) -> Option<&'d Value<'a>> {
        match value.as_reference() {
            Some(Reference {
                number,
                generation: 0,
            }) => self.known.get(&number),
            Some(_) => None,
            None => Some(value),
        }
    }

    /// What a value is after this revision, its reference followed and its purpose noted. `Ok(None)`: the
    /// reference leads to something that is not known, and did so `before`.
    pub(super) fn resolve(
        &self,
        reached: &mut Reached,
        value: &'d Value<'a>,
        before: Option<&Value<'a>>,
        role: Role,
        rule: Rule,
    ) -> Result<Option<&'d Value<'a>>, Violation> {
        let Some(reference) = value.as_reference() else {
            return Ok(Some(value));
        };
        let number = reference.number;
        let found = match self.revision.objects.get(&number) {
            Some(object) => Some(
                object
                    .plain()
                    .ok_or_else(|| rule.broken(object.at, "a stream where none may stand"))?,
            ),
            None => self.known.get(&number),
        };
        match found {
            Some(found) if reference.generation == 0 => {
                reached.claim(number, role, value.at)?;
                Ok(Some(found))
            }
            _ if before.is_some_and(|before| value.same_tokens(before)) => Ok(None),
            _ => Err(rule.broken(
                value.at,
                "a reference to an object that serves another purpose",
            )),
        }
    }

    /// The object behind a reference, when this revision adds it.
    pub(super) fn added(&self, value: &Value<'a>) -> Option<&'d IndirectObject<'a>> {
        let Reference { number, generation } = value.as_reference()?;
        let object = self.revision.objects.get(&number)?;
        (generation == 0 && number >= self.first_new).then_some(object)
    }
}
