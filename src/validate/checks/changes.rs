//! What later revisions changed (ISO 32000-2, 12.8.2.2 and 12.8.2.4): rejected unless it is explained
//! and permitted.

use super::{Answer, Rule, SignatureRule};
use std::collections::BTreeSet;

use crate::pdf::signed::Change;
use crate::validate::case::Case;
use crate::validate::report::{ChangeClass, SubIndication};

/// The block.
pub(in crate::validate) const RULES: &[SignatureRule] = &[
    Rule {
        id: "DocMDP",
        clause: "ISO 32000-2, 12.8.2.2",
        check: changes_are_permitted,
    },
    Rule {
        id: "FieldMDP",
        clause: "ISO 32000-2, 12.8.2.4",
        check: locked_fields_are_unchanged,
    },
    Rule {
        id: "form-fill",
        clause: "ISO 32000-2, 12.8.2.2",
        check: form_is_unchanged,
    },
];

/// What a change means for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::validate) enum Permission {
    /// Nothing.
    Permitted,
    /// Permitted as such, but it cannot be told whether it hides something.
    Undecided,
    /// A rejection.
    Forbidden,
}

/// Whether a signature with the certification level `doc_mdp` permits a change of this class. Like
/// pyHanko we do not decide about annotations: they can be drawn over anything.
pub(in crate::validate) const fn permission(doc_mdp: Option<u8>, class: ChangeClass) -> Permission {
    match (class, doc_mdp) {
        (ChangeClass::ValidationData, _) | (ChangeClass::FormFill, None | Some(2 | 3)) => {
            Permission::Permitted
        }
        (ChangeClass::Annotations, None | Some(3)) => Permission::Undecided,
        (
            ChangeClass::FormFill
            | ChangeClass::Annotations
            | ChangeClass::LockedField
            | ChangeClass::PageContent
            | ChangeClass::Structure,
            _,
        ) => Permission::Forbidden,
    }
}

/// The changes that are judged, with what each means.
fn judged<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'a Change, Permission)> {
    let facts = &case.signature.facts;
    let changes = facts.changes.iter();
    changes
        .filter(|change| case.judges_revision(change.revision))
        .map(|change| (change, permission(case.doc_mdp(), change.class)))
}

fn changes_are_permitted(case: &Case<'_>) -> Answer {
    let worst = judged(case)
        .filter(|(change, _)| change.class != ChangeClass::LockedField)
        .reduce(|worst, next| if next.1 > worst.1 { next } else { worst });
    match worst {
        Some((change, Permission::Forbidden)) => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "revision {} changes what the signature does not permit: {}",
                change.revision + 1,
                change.text
            ),
        ),
        Some((change, Permission::Undecided)) => Answer::open(
            SubIndication::SigConstraintsFailure,
            format!(
                "revision {} draws over the document, and whether that hides something is not judged \
                 here: {}",
                change.revision + 1,
                change.text
            ),
        ),
        Some((_, Permission::Permitted)) | None => Answer::Held,
    }
}

fn locked_fields_are_unchanged(case: &Case<'_>) -> Answer {
    let locked = judged(case).find(|(change, _)| change.class == ChangeClass::LockedField);
    match locked {
        Some((change, _)) => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "revision {} changes a field that the signature locks: {}",
                change.revision + 1,
                change.text
            ),
        ),
        None => Answer::Held,
    }
}

/// Permitted, and yet what is shown is not what was shown to the signer.
fn form_is_unchanged(case: &Case<'_>) -> Answer {
    let filled: BTreeSet<_> = judged(case)
        .filter(|(change, permission)| {
            change.class == ChangeClass::FormFill && *permission == Permission::Permitted
        })
        .map(|(change, _)| (change.field.as_deref(), change.object, &change.text))
        .collect();
    Answer::unless(filled.is_empty(), || {
        Answer::doubt(format!(
            "{} change(s) to the form after this signature, which it permits",
            filled.len()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certification_permits_what_its_level_says_and_nothing_unexplained() {
        use ChangeClass as Class;
        use Permission::{Forbidden, Permitted, Undecided};
        for (class, none, p1, p2, p3) in [
            (
                Class::ValidationData,
                Permitted,
                Permitted,
                Permitted,
                Permitted,
            ),
            (Class::FormFill, Permitted, Forbidden, Permitted, Permitted),
            (
                Class::Annotations,
                Undecided,
                Forbidden,
                Forbidden,
                Undecided,
            ),
            (
                Class::LockedField,
                Forbidden,
                Forbidden,
                Forbidden,
                Forbidden,
            ),
            (
                Class::PageContent,
                Forbidden,
                Forbidden,
                Forbidden,
                Forbidden,
            ),
            (Class::Structure, Forbidden, Forbidden, Forbidden, Forbidden),
        ] {
            assert_eq!(permission(None, class), none, "{class:?}");
            assert_eq!(permission(Some(1), class), p1, "{class:?}");
            assert_eq!(permission(Some(2), class), p2, "{class:?}");
            assert_eq!(permission(Some(3), class), p3, "{class:?}");
            // A level that does not exist permits nothing.
            let unknown = permission(Some(9), class);
            assert_eq!(unknown == Permitted, class == Class::ValidationData);
        }
    }
}
