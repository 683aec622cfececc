//! What an organ's default policies change: some copies become refusals that a policy names, each
//! with a cause that qpdf sees as well, and nothing else.

use std::path::Path;

use crate::report::Outcome;
use crate::support::tools::{run, text_of};

/// Names of actions and annotations by which a document acts by itself (ISO 32000-2, 12.6.4).
const ACTIVE: &[&str] = &[
    "/JavaScript",
    "/JS",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/GoToR",
    "/Rendition",
    "/RichMedia",
    "/Movie",
    "/Sound",
];

/// Why the outcome under default policies is not what the permissive outcome lets expect.
pub(crate) fn unexplained(
    source: &Path,
    permissive: &Outcome,
    by_default: &Outcome,
) -> Option<String> {
    if permissive == by_default {
        return None;
    }
    let explained = match (permissive, by_default) {
        (Outcome::Sealed, Outcome::Refused(code)) => justified(code, source),
        _ => Err("only a copy can become a refusal".to_owned()),
    };
    explained
        .err()
        .map(|why| format!("{permissive:?} becomes {by_default:?}: {why}"))
}

/// Whether qpdf finds in a source what a policy refuses it for.
fn justified(code: &str, source: &Path) -> Result<(), String> {
    let found = match code {
        "pdf-restricted" => {
            text_of("qpdf", [Path::new("--show-encryption"), source])?.contains(": not allowed")
        }
        "pdf-xfa" => plain(source)?.contains("/XFA"),
        "pdf-active-content" => {
            let plain = plain(source)?;
            ACTIVE.iter().any(|name| plain.contains(name))
        }
        _ => return Err(format!("{code} is not a policy's refusal")),
    };
    if found {
        Ok(())
    } else {
        Err("qpdf does not see the cause".to_owned())
    }
}

/// The document with every stream that qpdf can decode in plain text.
fn plain(source: &Path) -> Result<String, String> {
    let output = run(
        "qpdf",
        [
            "--qdf",
            "--object-streams=disable",
            "--decrypt",
            &source.to_string_lossy(),
            "-",
        ],
    )?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
