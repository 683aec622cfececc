//! The document security store (ISO 32000-2, 12.8.4.3; ETSI EN 319 142-1, 5.4.2.2).

use std::collections::BTreeSet;

use lopdf::{Dictionary, Object, ObjectId};

use super::ValidationData;
use super::history::{History, View};
use crate::model::Octets;
use crate::pdf::PdfError;
use crate::pdf::budget::Budget;
use crate::pdf::filters::{self, FilterError};

/// What the store of the newest revision holds.
///
/// # Errors
/// Limits.
pub(super) fn read(
    bytes: &[u8],
    history: &History,
    budget: &mut Budget<'_>,
) -> Result<ValidationData, PdfError> {
    let mut data = ValidationData::default();
    let Some(view) = history.newest().and_then(|newest| history.view(newest)) else {
        return Ok(data);
    };
    let Some(store) = store_of(view) else {
        return Ok(data);
    };
    data.certificates = values(bytes, view, store, b"Certs", budget)?;
    data.ocsp_responses = values(bytes, view, store, b"OCSPs", budget)?;
    data.crls = values(bytes, view, store, b"CRLs", budget)?;
    let has_store = |revision: &usize| {
        history
            .view(*revision)
            .is_some_and(|view| store_of(view).is_some())
    };
    data.since_revision = history.readable().find(has_store);
    Ok(data)
}

fn store_of(view: View<'_>) -> Option<&Dictionary> {
    let (_, catalog) = view.catalog()?;
    view.dictionary(catalog, b"DSS")
}

/// The streams of one array, each once. What cannot be decoded is left out: it proves nothing.
fn values(
    bytes: &[u8],
    view: View<'_>,
    store: &Dictionary,
    key: &[u8],
    budget: &mut Budget<'_>,
) -> Result<Vec<Octets>, PdfError> {
    const MOST_VALUES: usize = 1024;
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    for item in view.items(store, key).iter().take(MOST_VALUES) {
        budget.check_time()?;
        if let (Some(id), Object::Stream(_)) = view.follow(item)
            && seen.insert(id)
            && let Some(value) = decoded(bytes, view, id, budget)?
        {
            values.push(Octets(value));
        }
    }
    Ok(values)
}

/// The data of a stream, decrypted and decoded; `None` when it cannot be.
///
/// # Errors
/// Limits.
pub(super) fn decoded(
    bytes: &[u8],
    view: View<'_>,
    id: ObjectId,
    budget: &mut Budget<'_>,
) -> Result<Option<Vec<u8>>, PdfError> {
    let Some(Object::Stream(stream)) = view.object(id) else {
        return Ok(None);
    };
    let Some(raw) = view.data(id).and_then(|range| bytes.get(range)) else {
        return Ok(None);
    };
    let decrypted = match &view.snapshot.cipher {
        Some(cipher) => match cipher.decrypt_data(id, &stream.dict, raw) {
            Some(decrypted) => Some(decrypted),
            None => return Ok(None),
        },
        None => None,
    };
    let raw = decrypted.as_deref().unwrap_or(raw);
    let Some(chain) = filters::chain(&stream.dict, |object| view.resolve(object)) else {
        return Ok(None);
    };
    let allowance = budget.allowance();
    match filters::decode(&chain, raw, allowance.bytes) {
        Ok(decoded) => {
            budget.spend(decoded.len());
            Ok(Some(decoded))
        }
        Err(FilterError::TooLong) => Err(allowance.passed()),
        Err(FilterError::Undecodable) => Ok(None),
    }
}
