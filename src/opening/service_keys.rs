//! The keys of the service: those from which verification codes are derived, those under which the second
//! factors of restricted copies are stored, and those of the audit log. Each kind has a file of its own.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::settings::{Profile, Settings};

/// The key of the evaluation profile. Everybody can read it here, so everybody can tell the codes
/// that come from it in advance: it is worthless by design, and production never uses it.
pub(crate) const WORTHLESS_EVALUATION_KEY: &[u8; 32] = b"worthless segell evaluation key!";

/// The same for second factors.
pub(crate) const WORTHLESS_FACTOR_KEY: &[u8; 32] = b"worthless segell factor test key";

/// The same for the audit log.
pub(crate) const WORTHLESS_AUDIT_KEY: &[u8; 32] = b"worthless segell audit test key!";

/// Shortest key that may be used, in bytes (DESIGN: HMAC-SHA256).
const KEY_BYTES: usize = 32;

/// Why there are no keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeysFault {
    /// The file cannot be read.
    #[error("the key file {} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A line is no key.
    #[error(
        "line {line} of the key file {} is not a key of 32 bytes in hexadecimal or Base64; \
         make one with `openssl rand -hex 32`",
        path.display()
    )]
    NotAKey {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
    },
    /// The file holds no key.
    #[error(
        "the key file {} holds no key; make one with `openssl rand -hex 32`",
        path.display()
    )]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Production with the evaluation key.
    #[error(
        "line {line} of the key file {} is a worthless key of the evaluation profile; \
         make another with `openssl rand -hex 32`",
        path.display()
    )]
    Worthless {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
    },
    /// Production without a file.
    #[error("{setting} is not set, and production needs it")]
    Missing {
        /// The dotted key.
        setting: &'static str,
    },
}

/// The keys, newest first.
pub(crate) type Keys = Vec<Zeroizing<Vec<u8>>>;

/// The keys from which codes are derived; under evaluation, the worthless one without a file.
pub(crate) fn of_codes(settings: &Settings) -> Result<Keys, KeysFault> {
    load(
        settings.profile,
        "codes.keys_file",
        settings.codes.keys_file.as_deref(),
        WORTHLESS_EVALUATION_KEY,
    )
}

/// The keys under which second factors are stored; under evaluation, the worthless one without a file.
pub(crate) fn of_factors(settings: &Settings) -> Result<Keys, KeysFault> {
    load(
        settings.profile,
        "access.factor_keys_file",
        settings.access.factor_keys_file.as_deref(),
        WORTHLESS_FACTOR_KEY,
    )
}

/// The keys under which the audit log refers and is authenticated; under evaluation, the worthless one
/// without a file.
pub(crate) fn of_audit(settings: &Settings) -> Result<Keys, KeysFault> {
    load(
        settings.profile,
        "audit.keys_file",
        settings.audit.keys_file.as_deref(),
        WORTHLESS_AUDIT_KEY,
    )
}

fn load(
    profile: Profile,
    setting: &'static str,
    file: Option<&Path>,
    worthless: &[u8; 32],
) -> Result<Keys, KeysFault> {
    match (file, profile) {
        (Some(path), profile) => {
            let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|error| {
                KeysFault::Unreadable {
                    path: path.to_owned(),
                    cause: error.to_string(),
                }
            })?);
            read(path, &text, profile)
        }
        (None, Profile::Evaluation) => Ok(vec![Zeroizing::new(worthless.to_vec())]),
        (None, Profile::Production) => Err(KeysFault::Missing { setting }),
    }
}

/// Reads keys, one per line; empty lines and lines that begin with `#` are passed over.
fn read(path: &Path, text: &str, profile: Profile) -> Result<Keys, KeysFault> {
    let mut keys = Keys::new();
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = hexadecimal(line)
            .or_else(|| STANDARD.decode(line).ok().map(Zeroizing::new))
            .filter(|key| key.len() == KEY_BYTES)
            .ok_or_else(|| KeysFault::NotAKey {
                path: path.to_owned(),
                line: line_number,
            })?;
        let worthless = [
            WORTHLESS_EVALUATION_KEY,
            WORTHLESS_FACTOR_KEY,
            WORTHLESS_AUDIT_KEY,
        ];
        let is_worthless = worthless.iter().any(|known| key.as_slice() == *known);
        if profile == Profile::Production && is_worthless {
            return Err(KeysFault::Worthless {
                path: path.to_owned(),
                line: line_number,
            });
        }
        keys.push(key);
    }
    if keys.is_empty() {
        return Err(KeysFault::Empty {
            path: path.to_owned(),
        });
    }
    Ok(keys)
}

/// 64 hexadecimal digits.
fn hexadecimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.len() != 2 * KEY_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = text.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect::<Option<Vec<u8>>>()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Keys, KeysFault> {
        read(Path::new("codes.keys"), text, Profile::Production)
    }

    #[test]
    fn keys_are_read_in_either_form_newest_first() {
        let text = format!(
            "# 2026\n{}\n\n{}\n",
            "0a".repeat(32),
            STANDARD.encode([7; 32])
        );
        let keys = read_text(&text).unwrap();
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0].as_slice(), [10; 32]);
        assert_eq!(keys[1].as_slice(), [7; 32]);
    }

    #[test]
    fn a_key_of_another_length_is_named_by_its_line_and_not_shown() {
        let text = format!("{}\n{}\n", "0a".repeat(32), "0b".repeat(31));
        let fault = read_text(&text).unwrap_err();
        assert!(fault.to_string().starts_with("line 2 of"), "{fault}");
        assert!(!fault.to_string().contains("0b0b"));
    }

    #[test]
    fn a_file_without_keys_is_refused() {
        assert!(matches!(
            read_text("# none yet\n"),
            Err(KeysFault::Empty { .. })
        ));
    }

    #[test]
    fn production_refuses_the_key_that_everybody_knows() {
        let text = STANDARD.encode(WORTHLESS_EVALUATION_KEY);
        assert!(matches!(
            read_text(&text),
            Err(KeysFault::Worthless { line: 1, .. })
        ));
        assert!(read(Path::new("k"), &text, Profile::Evaluation).is_ok());
    }
}
