//! `[next_seal]` of an organ's file: the seal that takes over, and when.

use jiff::Timestamp;
use toml::{Table, Value};

use super::{SealSource, SealTable};

/// The key that says when a seal takes over.
pub(crate) const ACTIVE_FROM: &str = "active_from";

/// `[next_seal]`, as far as it can be read: what is wrong in it never disturbs the seal in force.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NextSource {
    /// When it takes over, when that is said.
    pub(crate) active_from: Option<Timestamp>,
    /// Where it is kept, or what cannot be understood.
    pub(crate) source: Result<Box<SealSource>, String>,
}

impl NextSource {
    /// Reads the table. For which applications a seal is stays as it is unless the table says otherwise.
    pub(super) fn read(mut table: Table, in_force: &SealSource) -> Self {
        let moment = table.remove(ACTIVE_FROM);
        let active_from = moment.as_ref().map(moment_of).transpose();
        let says_use = table.contains_key("use") || table.contains_key("applications");
        let source = source_of(table).map(|mut source| {
            if !says_use {
                source.seal_use.clone_from(&in_force.seal_use);
            }
            Box::new(source)
        });
        Self {
            active_from: active_from.clone().unwrap_or_default(),
            source: active_from.and(source),
        }
    }
}

/// The moment that a value says.
fn moment_of(value: &Value) -> Result<Timestamp, String> {
    let moment = match value {
        Value::Datetime(moment) => moment.to_string().parse().ok(),
        _ => None,
    };
    moment.ok_or_else(|| {
        format!("{ACTIVE_FROM} has to be a time with its offset, such as 2026-12-01T07:00:00Z")
    })
}

/// Where a seal is kept, as a table in the shape of `[seal]` says.
pub(crate) fn source_of(table: Table) -> Result<SealSource, String> {
    let table: SealTable = table
        .try_into()
        .map_err(|error: toml::de::Error| error.message().replace('\n', " "))?;
    table.source().map_err(|fault| fault.to_string())
}
