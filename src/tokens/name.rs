//! What tokens and keys are called, and the PIN.

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use zeroize::Zeroizing;

/// How a token is told from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenName {
    /// By its label (`CKA_LABEL` of the token), which whoever initialised it chose.
    Label(String),
    /// By its serial number, which nobody chose.
    Serial(String),
}

/// How a private key is told from others on its token: by its label, by its id, or by both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName {
    /// `CKA_LABEL`.
    pub label: Option<String>,
    /// `CKA_ID`.
    pub id: Option<Vec<u8>>,
}

/// A PIN as it stood in its file. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Pin {
    text: Zeroizing<String>,
    file: PathBuf,
    written: Option<SystemTime>,
}

impl Pin {
    /// A PIN, its file, and when that was written.
    pub const fn new(text: Zeroizing<String>, file: PathBuf, written: Option<SystemTime>) -> Self {
        Self {
            text,
            file,
            written,
        }
    }

    /// Whether this is the PIN that was refused: the same one, unless its own file was written again
    /// since. The same PIN in another file is no better.
    pub(super) fn is_refused_with(&self, refused: &Self) -> bool {
        self.text == refused.text && (self.file != refused.file || self.written == refused.written)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn pin(text: &str, file: &str, seconds: u64) -> Pin {
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        Pin::new(Zeroizing::new(text.to_owned()), file.into(), Some(written))
    }

    #[test]
    fn a_refused_pin_is_worth_another_try_only_when_its_own_file_was_written_again() {
        let refused = pin("1234", "a.pin", 1);
        assert!(pin("1234", "a.pin", 1).is_refused_with(&refused));
        assert!(pin("1234", "b.pin", 2).is_refused_with(&refused));
        assert!(!pin("1234", "a.pin", 2).is_refused_with(&refused));
        assert!(!pin("4321", "a.pin", 1).is_refused_with(&refused));
    }

    #[test]
    fn debug_of_a_pin_shows_nothing_of_it() {
        assert_eq!(format!("{:?}", pin("1234", "a.pin", 1)), "Pin");
    }
}
