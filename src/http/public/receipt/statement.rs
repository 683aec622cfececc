//! What a receipt says: only what the pages say to who makes the same check.

use jiff::Timestamp;

use crate::archive::{Access, CopyStatus};
use crate::http::SOFTWARE;
use crate::http::public::icons::Mood;
use crate::http::public::pages::check::{indication_key, status_key};
use crate::http::public::pages::notice::Notice;
use crate::http::public::texts::Words;
use crate::http::public::verdict::{Answer, Known};
use crate::http::stored::Found;
use crate::model::{Code, Organ, Sha256Digest};
use crate::pdf::document::{Block, Document, Entry, Letterhead, Sign};
use crate::validate::Indication;

/// What was checked, and with which result.
pub(super) enum Statement {
    /// A code was looked up, by who may know what the copy is.
    Copy(Box<Found>),
    /// A file was judged.
    File {
        /// SHA-256 of the file.
        digest: Sha256Digest,
        /// Its length in bytes.
        size: u64,
        /// What became of its signatures.
        indication: Option<Indication>,
        /// By which rules.
        policy: &'static str,
        /// The answer.
        given: Answer,
        /// The copy that it is about.
        known: Box<Known>,
    },
}

impl Statement {
    /// The page to be sealed for `organ`.
    pub(super) fn document(&self, words: Words<'_>, organ: &Organ, at: Timestamp) -> Document {
        let title = words.say("receipt-title");
        let mut blocks = vec![Block::Title(title.clone())];
        blocks.extend(match self {
            Self::Copy(found) => of_copy(words, organ, at, found),
            Self::File { .. } => self.of_file(words, organ, at),
        });
        let policy = match self {
            Self::Copy(_) => String::new(),
            Self::File { policy, .. } => format!(" · {policy}"),
        };
        blocks.push(Block::Note(format!(
            "{} {}: {SOFTWARE}{policy}.",
            words.say("receipt-note"),
            words.say("software"),
        )));
        Document {
            title,
            language: words.tag(),
            letterhead: Letterhead {
                name: organ.names.in_language(words.language()).to_owned(),
                identifier: words.with("nif", "nif", &organ.nif),
                service: words.say("site-name"),
            },
            blocks,
        }
    }

    fn of_file(&self, words: Words<'_>, organ: &Organ, at: Timestamp) -> Vec<Block> {
        let Self::File {
            digest,
            size,
            indication,
            given,
            known,
            ..
        } = self
        else {
            return Vec::new();
        };
        let withdrawal = known.withdrawal.clone().map(Some).map(Notice::Withdrawn);
        let mut text = vec![words.say(&format!("{}-lead", given.key()))];
        if *given == Answer::Identical && known.version > 1 {
            text.push(words.say("identical-later"));
        }
        if known.status == CopyStatus::Withdrawn {
            text.push(words.say(status_key(known.status)));
        }
        text.extend(
            withdrawal
                .map(|notice| notice_text(words, &notice))
                .into_iter()
                .flatten(),
        );
        let in_force = || words.say(status_key(CopyStatus::InForce));
        let address = format!("{}/check", organ.verification_address);
        vec![
            Block::Lead(words.say("receipt-lead-file")),
            Block::Result {
                sign: sign(given.mood(Some(known.status))),
                title: words.say(&format!("{}-title", given.key())),
                text,
            },
            Block::Heading(words.say("receipt-checked")),
            Block::Data(vec![
                plain(words.say("receipt-when"), moment(words, at)),
                plain(words.say("receipt-input"), words.say("receipt-by-file")),
                literal(words.say("check-digest"), digest.to_string()),
                plain(words.say("check-size"), format!("{size} bytes")),
                plain(
                    words.say("check-signatures"),
                    words.say(indication_key(*indication)),
                ),
            ]),
            Block::Heading(words.say("data-title")),
            Block::Data(vec![
                plain(words.say("receipt-organ"), issuer(words, organ)),
                plain(words.say("issued"), words.date(&known.issued_at)),
                plain(
                    words.say("status"),
                    ended(words, known.status).unwrap_or_else(in_force),
                ),
            ]),
            Block::Heading(words.say("receipt-repeat")),
            Block::Steps(vec![
                words.with("receipt-repeat-file", "address", address),
                words.say("receipt-repeat-same"),
                words.say("receipt-repeat-this"),
            ]),
        ]
    }
}

fn of_copy(words: Words<'_>, organ: &Organ, at: Timestamp, found: &Found) -> Vec<Block> {
    let record = &found.standing.record;
    let intent = &record.intent;
    let restricted = matches!(found.standing.access, Access::Restricted { .. });
    let code = if restricted {
        masked(&found.code)
    } else {
        found.code.grouped()
    };
    vec![
        Block::Lead(words.say("receipt-lead-code")),
        result(words, organ, at, found),
        Block::Heading(words.say("receipt-checked")),
        Block::Data(vec![
            plain(words.say("receipt-when"), moment(words, at)),
            plain(words.say("receipt-input"), words.say("receipt-by-code")),
            literal(words.say("code"), code),
        ]),
        Block::Heading(words.say("data-title")),
        Block::Data(vec![
            plain(words.say("receipt-organ"), issuer(words, organ)),
            plain(
                words.say("kind"),
                words.kind_of_copy(intent.description.kind),
            ),
            plain(words.say("issued"), words.date(&intent.issued_at)),
            plain(words.say("pages-label"), intent.band.pages.to_string()),
            plain(words.say("status"), status(words, found)),
            literal(words.say("digest"), record.document.digest.to_string()),
            plain(words.say("size"), format!("{} bytes", record.document.size)),
        ]),
        Block::Heading(words.say("receipt-repeat")),
        Block::Steps(steps(words, organ, found, restricted)),
    ]
}

/// What the page of the copy says first.
fn result(words: Words<'_>, organ: &Organ, at: Timestamp, found: &Found) -> Block {
    if found.standing.status != CopyStatus::InForce {
        let notice = Notice::of_copy(found, at);
        return Block::Result {
            sign: sign(notice.mood()),
            title: notice.title(words),
            text: notice_text(words, &notice),
        };
    }
    let text = words.fill(
        "receipt-found-text",
        [
            ("organ", organ.names.in_language(words.language()).into()),
            (
                "date",
                words.date(&found.standing.record.intent.issued_at).into(),
            ),
        ],
    );
    Block::Result {
        sign: Sign::Good,
        title: words.say("receipt-found-title"),
        text: vec![text, words.say("receipt-found-limit")],
    }
}

/// What a notice says, and the words of the organ in it.
fn notice_text(words: Words<'_>, notice: &Notice) -> Vec<String> {
    let quote = notice.quote(words).map(|(text, _)| format!("«{text}»"));
    [Some(notice.lead(words)), quote]
        .into_iter()
        .flatten()
        .collect()
}

fn status(words: Words<'_>, found: &Found) -> String {
    ended(words, found.standing.status).unwrap_or_else(|| {
        let until = words.date(&found.standing.record.intent.available_until);
        words.with("in-force", "date", until)
    })
}

/// What became of a copy that is no longer in force.
fn ended(words: Words<'_>, status: CopyStatus) -> Option<String> {
    match status {
        CopyStatus::InForce => None,
        CopyStatus::Withdrawn => Some(words.say("receipt-withdrawn")),
        CopyStatus::Expired => Some(words.say("receipt-expired")),
        CopyStatus::Erased => Some(words.say("receipt-erased")),
    }
}

fn steps(words: Words<'_>, organ: &Organ, found: &Found, restricted: bool) -> Vec<String> {
    let address = organ.verification_address.as_str();
    let open = if restricted {
        words.with("receipt-repeat-factor", "address", address)
    } else {
        let code = found.code.grouped();
        words.fill(
            "receipt-repeat-code",
            [("address", address.into()), ("code", code.into())],
        )
    };
    let content = match (&found.standing.access, found.standing.status) {
        (Access::Open | Access::Restricted { .. }, CopyStatus::InForce) => {
            Some(words.say("receipt-repeat-digest"))
        }
        _ => None,
    };
    [Some(open), content, Some(words.say("receipt-repeat-this"))]
        .into_iter()
        .flatten()
        .collect()
}

/// The first group of a code: enough to recognise it by, for who has it.
fn masked(code: &Code) -> String {
    let grouped = code.grouped();
    let mut groups = grouped.split('-');
    let first = groups.next().unwrap_or_default();
    let others = groups.map(|_| "-••••");
    [first].into_iter().chain(others).collect()
}

fn issuer(words: Words<'_>, organ: &Organ) -> String {
    let name = organ.names.in_language(words.language());
    format!("{name} · {}", words.with("nif", "nif", &organ.nif))
}

/// The minute where the administrations are, and in universal time.
fn moment(words: Words<'_>, at: Timestamp) -> String {
    format!(
        "{} ({} UTC)",
        words.moment(&at),
        at.strftime("%Y-%m-%d %H:%M")
    )
}

const fn sign(mood: Mood) -> Sign {
    match mood {
        Mood::Good => Sign::Good,
        Mood::Bad => Sign::Bad,
        Mood::Careful | Mood::Neutral => Sign::Careful,
    }
}

fn plain(label: String, value: impl Into<String>) -> Entry {
    Entry {
        label,
        value: value.into(),
        literal: false,
    }
}

fn literal(label: String, value: String) -> Entry {
    Entry {
        label,
        value,
        literal: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::public::texts::Texts;
    use crate::model::Language;

    #[test]
    fn a_masked_code_keeps_its_shape_and_its_first_group_only() {
        let code = Code::for_test(&[7; 32]);
        let masked = masked(&code);
        assert_eq!(masked.chars().count(), code.grouped().chars().count());
        let mut kept = masked.split('-').filter(|group| *group != "••••");
        assert_eq!(kept.next(), code.grouped().get(..4));
        assert_eq!(kept.next(), None);
    }

    #[test]
    fn the_time_is_told_twice() {
        let texts = Texts::built_in();
        let at = "2026-11-22T07:05:00Z".parse().unwrap();
        assert_eq!(
            moment(texts.words(Language::Ca), at),
            "22 de novembre de 2026, 08:05 CET (2026-11-22 07:05 UTC)"
        );
    }

    #[test]
    fn our_own_doubts_are_no_tick() {
        assert_eq!(sign(Mood::Neutral), Sign::Careful);
        assert_eq!(sign(Mood::Bad), Sign::Bad);
    }
}
