//! A line of the log, and how it hangs on the one before.
//!
//! ```text
//! {"seq":7,"instance":"node","prev":"<link of line 6>","digest":"<SHA-256 of the entry>","entry":{…}}
//! ```
//!
//! The **link** of a line is the SHA-256 of the line *without its entry*: the same characters up to the
//! digest, then `}`. So a line can be shown without what it says and the chain still holds; `jq -cj
//! 'del(.entry)' | sha256sum` follows it without this program. There is one way to write a line and no
//! other is accepted, so that no two readings of one line exist.

use serde::{Deserialize, Serialize};

use super::entry::Entry;
use super::instance::Instance;
use crate::model::Sha256Digest;

/// Longest line, its line break not counted, in bytes.
pub const MOST_BYTES: usize = 2048;

/// How far a log has come: so many lines, and the link of the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Lines written; the number of the last one.
    pub count: u64,
    /// Its link; zeros before the first.
    pub link: Sha256Digest,
}

impl Head {
    /// Before the first line.
    pub const START: Self = Self {
        count: 0,
        link: Sha256Digest::new([0; 32]),
    };
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its number in the log of its instance, from 1.
    pub seq: u64,
    /// Whose log it is.
    pub instance: Instance,
    /// The link of the line before.
    pub prev: Sha256Digest,
    /// SHA-256 of the entry's JSON.
    pub digest: Sha256Digest,
    /// What it says; left out where it is not for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}

/// Why bytes are no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Longer than any line.
    #[error("it is longer than {MOST_BYTES} bytes")]
    TooLong,
    /// Not the JSON of a line, or of a newer version.
    #[error("it cannot be read as a line")]
    Unreadable,
    /// The JSON of a line, written in another way.
    #[error("it is written in another way than lines are")]
    NotCanonical,
    /// The entry is another than the one digested.
    #[error("what it says is not what was written")]
    Edited,
}

impl Line {
    /// The line after `head`.
    pub fn after(head: &Head, instance: &Instance, entry: Entry) -> Self {
        Self {
            seq: head.count.saturating_add(1),
            instance: instance.clone(),
            prev: head.link,
            digest: Sha256Digest::of(&json(&entry)),
            entry: Some(entry),
        }
    }

    /// Reads a line, given without its line break.
    ///
    /// # Errors
    /// [`LineFault`].
    pub fn read(bytes: &[u8]) -> Result<Self, LineFault> {
        if bytes.len() > MOST_BYTES {
            return Err(LineFault::TooLong);
        }
        let line: Self = serde_json::from_slice(bytes).map_err(|_| LineFault::Unreadable)?;
        if line.to_json() != bytes {
            return Err(LineFault::NotCanonical);
        }
        match &line.entry {
            Some(entry) if Sha256Digest::of(&json(entry)) != line.digest => Err(LineFault::Edited),
            _ => Ok(line),
        }
    }

    /// How it is written, without a line break.
    pub fn to_json(&self) -> Vec<u8> {
        json(self)
    }

    /// The same without what it says.
    #[must_use]
    pub fn without_entry(&self) -> Self {
        Self {
            entry: None,
            ..self.clone()
        }
    }

    /// What the next line hangs on.
    pub fn link(&self) -> Sha256Digest {
        Sha256Digest::of(&self.without_entry().to_json())
    }

    /// How far the log has come with it.
    pub fn head(&self) -> Head {
        Head {
            count: self.seq,
            link: self.link(),
        }
    }
}

/// The one JSON of a value, without spaces. Values of this room have nothing that JSON cannot say.
pub(super) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::entry::{Event, Fact};
    use super::super::keys::AuditKeys;
    use super::*;
    use zeroize::Zeroizing;

    fn line() -> Line {
        let keys = AuditKeys::new(&[Zeroizing::new(vec![1; 32])]).unwrap();
        let fact = Fact::new(Event::CopyIssued).outcome("new");
        let at = "2026-11-22T12:00:00.123456789Z".parse().unwrap();
        let instance = "node".parse().unwrap();
        Line::after(&Head::START, &instance, fact.into_entry(&keys, at))
    }

    #[test]
    fn a_line_reads_back_and_hangs_on_its_head_alone() {
        let line = line();
        let text = String::from_utf8(line.to_json()).unwrap();
        assert!(text.starts_with(r#"{"seq":1,"instance":"node","prev":"0000"#));
        assert!(text.contains(r#""at":"2026-11-22T12:00:00.123Z","event":"copy-issued""#));
        assert_eq!(Line::read(text.as_bytes()), Ok(line.clone()));
        let (head, _) = text.split_once(",\"entry\"").unwrap();
        assert_eq!(
            line.link(),
            Sha256Digest::of(format!("{head}}}").as_bytes())
        );
        let bare = line.without_entry();
        assert_eq!(Line::read(&bare.to_json()), Ok(bare.clone()));
        assert_eq!(bare.link(), line.link());
    }

    #[test]
    fn a_line_written_otherwise_or_saying_something_else_is_refused() {
        let text = String::from_utf8(line().to_json()).unwrap();
        for (changed, fault) in [
            (text.replace("\"new\"", "\"old\""), LineFault::Edited),
            (text.replacen(':', ": ", 1), LineFault::NotCanonical),
            (
                text.replacen("{\"seq\":1", "{\"seq\":1,\"x\":2", 1),
                LineFault::Unreadable,
            ),
            (
                text.replace("copy-issued", "copy-eaten"),
                LineFault::Unreadable,
            ),
            (String::new(), LineFault::Unreadable),
            (" ".repeat(MOST_BYTES + 1), LineFault::TooLong),
        ] {
            assert_eq!(Line::read(changed.as_bytes()), Err(fault), "{changed}");
        }
    }

    #[test]
    fn the_longest_words_still_make_a_line() {
        let keys = AuditKeys::new(&[Zeroizing::new(vec![1; 32])]).unwrap();
        let long = "\u{1F600}\"\\x".repeat(500);
        let digest = Sha256Digest::of(b"");
        let fact = Fact::new(Event::ApplicationsLoaded)
            .outcome(long.clone())
            .application(long.clone())
            .request(long.clone())
            .person(long)
            .copy(crate::archive::CodeIndex(digest))
            .organ(
                &"L01990015".parse().unwrap(),
                crate::model::Environment::Pre,
            )
            .file(digest)
            .seal(digest)
            .key(digest)
            .count(u64::MAX);
        let at = "2026-11-22T12:00:00Z".parse().unwrap();
        let head = Head {
            count: u64::MAX - 1,
            link: digest,
        };
        let instance = "x".repeat(63).parse().unwrap();
        let line = Line::after(&head, &instance, fact.into_entry(&keys, at));
        assert!(Line::read(&line.to_json()).is_ok(), "{line:?}");
    }
}
