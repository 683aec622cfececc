//! The keys from which verification codes are derived.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::settings::{Profile, Settings};

/// The key of the evaluation profile. Everybody can read it here, so everybody can tell the codes
/// that come from it in advance: it is worthless by design, and production never uses it.
pub(super) const WORTHLESS_EVALUATION_KEY: &[u8; 32] = b"worthless segell evaluation key!";

/// Shortest key that may be used, in bytes (DESIGN: HMAC-SHA256).
const KEY_BYTES: usize = 32;

/// Why there are no code keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeKeysFault {
    /// The file cannot be read.
    #[error("the code-key file {} cannot be read: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// A line is no key.
    #[error(
        "line {line} of the code-key file {} is not a key of 32 bytes in hexadecimal or Base64; \
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
        "the code-key file {} holds no key; make one with `openssl rand -hex 32`",
        path.display()
    )]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Production with the evaluation key.
    #[error(
        "line {line} of the code-key file {} is the worthless key of the evaluation profile; \
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
    #[error("codes.keys_file is not set, and production needs it")]
    Missing,
}

/// The keys, newest first.
pub(super) type CodeKeys = Vec<Zeroizing<Vec<u8>>>;

/// Loads the keys that the settings name; under evaluation, the worthless one without a file.
pub(super) fn load(settings: &Settings) -> Result<CodeKeys, CodeKeysFault> {
    match (&settings.codes.keys_file, settings.profile) {
        (Some(path), profile) => {
            let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|error| {
                CodeKeysFault::Unreadable {
                    path: path.clone(),
                    cause: error.to_string(),
                }
            })?);
            read(path, &text, profile)
        }
        (None, Profile::Evaluation) => Ok(vec![Zeroizing::new(WORTHLESS_EVALUATION_KEY.to_vec())]),
        (None, Profile::Production) => Err(CodeKeysFault::Missing),
    }
}

/// Reads keys, one per line; empty lines and lines that begin with `#` are passed over.
fn read(path: &Path, text: &str, profile: Profile) -> Result<CodeKeys, CodeKeysFault> {
    let mut keys = CodeKeys::new();
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = hexadecimal(line)
            .or_else(|| STANDARD.decode(line).ok().map(Zeroizing::new))
            .filter(|key| key.len() == KEY_BYTES)
            .ok_or_else(|| CodeKeysFault::NotAKey {
                path: path.to_owned(),
                line: line_number,
            })?;
        if profile == Profile::Production && key.as_slice() == WORTHLESS_EVALUATION_KEY {
            return Err(CodeKeysFault::Worthless {
                path: path.to_owned(),
                line: line_number,
            });
        }
        keys.push(key);
    }
    if keys.is_empty() {
        return Err(CodeKeysFault::Empty {
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

    fn read_text(text: &str) -> Result<CodeKeys, CodeKeysFault> {
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
            Err(CodeKeysFault::Empty { .. })
        ));
    }

    #[test]
    fn production_refuses_the_key_that_everybody_knows() {
        let text = STANDARD.encode(WORTHLESS_EVALUATION_KEY);
        assert!(matches!(
            read_text(&text),
            Err(CodeKeysFault::Worthless { line: 1, .. })
        ));
        assert!(read(Path::new("k"), &text, Profile::Evaluation).is_ok());
    }
}
