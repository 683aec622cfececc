//! The names of objects. No name contains a code: copies go by their [`CodeIndex`].

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use object_store::path::Path;
use sha2::{Digest, Sha256};

use super::record::{CodeIndex, Intent};
use crate::model::{Dir3, Environment, ExternalRef, Sha256Digest};

/// Folder of all copies.
pub(super) const COPIES: &str = "copies";
/// Folder of the digests of documents.
pub(super) const DIGESTS: &str = "digests";
/// Folder of the organs' lists.
pub(super) const ORGANS: &str = "organs";
/// Folder of external references.
pub(super) const REFERENCES: &str = "refs";
/// Folder of the objects with which a store is probed.
pub(super) const PROBES: &str = "probes";
/// Folder of the tries at the factor of a copy, inside it.
pub(super) const TRIES: &str = "tries";
/// Folder of the certificates of seals.
pub(super) const SEALS: &str = "seals";

/// `copies/<2 hex>/<index>`.
pub(super) fn copy(index: CodeIndex) -> Path {
    let name = index.0.to_string();
    let shard = name.get(..2).unwrap_or_default();
    Path::from(format!("{COPIES}/{shard}/{name}"))
}

/// `copies/<2 hex>/<index>/intent.json`.
pub(super) fn intent(index: CodeIndex) -> Path {
    copy(index).join("intent.json")
}

/// `copies/<2 hex>/<index>/document.pdf`.
pub(super) fn document(index: CodeIndex) -> Path {
    copy(index).join("document.pdf")
}

/// `copies/<2 hex>/<index>/record.json`.
pub(super) fn record(index: CodeIndex) -> Path {
    copy(index).join("record.json")
}

/// `copies/<2 hex>/<index>/stub.json`.
pub(super) fn stub(index: CodeIndex) -> Path {
    copy(index).join("stub.json")
}

/// `copies/<2 hex>/<index>/events`.
pub(super) fn events(index: CodeIndex) -> Path {
    copy(index).join("events")
}

/// `copies/<2 hex>/<index>/events/NNNN.json`, from `0001.json`.
pub(super) fn event(index: CodeIndex, number: u32) -> Path {
    events(index).join(format!("{number:04}.json"))
}

/// `copies/<2 hex>/<index>/extensions`: what was appended to the document, one tail after the other.
pub(super) fn extensions(index: CodeIndex) -> Path {
    copy(index).join("extensions")
}

/// `copies/<2 hex>/<index>/extensions/NNNN.bin`, from `0001.bin`, which makes version 2.
pub(super) fn extension(index: CodeIndex, number: u32) -> Path {
    extensions(index).join(format!("{number:04}.bin"))
}

/// `copies/<2 hex>/<index>/tries/<changes>/<day>`: the tries of one UTC day at the second factor that the
/// copy has after so many changes of its visibility.
pub(super) fn tries(index: CodeIndex, changes: u32, day: Date) -> Path {
    copy(index)
        .join(TRIES)
        .join(changes.to_string())
        .join(day.to_string())
}

/// `…/tries/<changes>/<day>/<hour>-<number>`, from `00-1`; `right` stands beside a try that was right.
pub(super) fn factor_try(day: &Path, hour: i8, number: u32, right: bool) -> Path {
    let mark = if right { "-right" } else { "" };
    day.clone().join(format!("{hour:02}-{number}{mark}"))
}

/// `digests/<sha256>`.
pub(super) fn digest(digest: Sha256Digest) -> Path {
    Path::from(format!("{DIGESTS}/{digest}"))
}

/// `organs/<DIR3>`.
pub(super) fn organ_pointers(organ: &Dir3) -> Path {
    Path::from(format!("{ORGANS}/{organ}"))
}

/// `organs/<DIR3>/<pre|pro>/<date>/<index>`, the date of issue in UTC.
pub(super) fn organ_pointer(intent: &Intent) -> Path {
    let day = intent.issued_at.to_zoned(TimeZone::UTC).date();
    organ_list(&intent.organ, intent.environment)
        .join(day.to_string())
        .join(intent.index.0.to_string())
}

/// `organs/<DIR3>/<pre|pro>`.
pub(super) fn organ_list(organ: &Dir3, environment: Environment) -> Path {
    Path::from(format!("{ORGANS}/{organ}/{}", environment.word()))
}

/// `refs/<hash>/<index>`, the hash over the length-prefixed members of the reference.
pub(super) fn reference_pointer(reference: &ExternalRef, index: CodeIndex) -> Path {
    let mut hash = Sha256::new_with_prefix("segell/ref/v1");
    for member in [&reference.system, &reference.id] {
        hash.update(
            u64::try_from(member.len())
                .unwrap_or(u64::MAX)
                .to_be_bytes(),
        );
        hash.update(member);
    }
    let hash = Sha256Digest::of_state(&hash);
    Path::from(format!("{REFERENCES}/{hash}/{}", index.0))
}

/// `seals/<DIR3>`.
pub(super) fn seals_of(organ: &Dir3) -> Path {
    Path::from(format!("{SEALS}/{organ}"))
}

/// `seals/<DIR3>/<fingerprint>.json`.
pub(super) fn seal(organ: &Dir3, fingerprint: Sha256Digest) -> Path {
    seals_of(organ).join(format!("{fingerprint}.json"))
}

/// `probes/<instant>-<process>-<attempt>`.
pub(super) fn probe(now: Timestamp, process: u32, attempt: u32) -> Path {
    Path::from(format!(
        "{PROBES}/{}-{process}-{attempt}",
        now.as_nanosecond()
    ))
}

/// The index that the last part of a name is.
pub(super) fn index_at_end(path: &Path) -> Option<CodeIndex> {
    path.filename()?.parse().ok().map(CodeIndex)
}
