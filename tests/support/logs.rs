//! What the service logged must not give away what it keeps secret.

use std::fs;
use std::path::Path;

/// Finds secrets in a log. A code counts however it is written: with hyphens, without, in lower case,
/// or only its second half, which is enough to guess nothing but is already too much.
pub(crate) fn leaks(log: &Path, secrets: &[String]) -> Vec<String> {
    let Ok(text) = fs::read_to_string(log) else {
        return vec![format!("no log at {}", log.display())];
    };
    let plain = flatten(&text);
    secrets
        .iter()
        .flat_map(|secret| [secret.as_str(), second_half(secret)])
        .filter(|secret| plain.contains(&flatten(secret)))
        .map(|secret| format!("{} contains {secret}", log.display()))
        .collect()
}

fn flatten(text: &str) -> String {
    text.chars()
        .filter(|character| *character != '-')
        .flat_map(char::to_uppercase)
        .collect()
}

fn second_half(secret: &str) -> &str {
    secret.get(secret.len() / 2..).unwrap_or(secret)
}
