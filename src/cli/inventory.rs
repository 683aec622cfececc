//! The inventory of seals: one row per organ file, for the banner, `segell seals` and
//! `segell check-config`.

mod next;

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

pub use self::next::NextEntry;
use super::table::{Column, Paint, Table};
use crate::archive::UsedBy;
use crate::model::{Commission, Dir3, Environment, Ine10, Nif, SealAlgorithm};
use crate::seal::warnings::{Warning, days_left};

/// Days before the end of a seal at which its renewal has to be planned: a seal takes 16 working
/// days, and the paperwork around it as long again.
const RENEW_DAYS: i64 = 90;
/// Days before the end at which the ordinary procedure is only just in time.
const CRITICAL_DAYS: i64 = 30;

/// How a seal is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not loaded: the organ's copies cannot be sealed.
    Bad,
    /// Ends in less than 30 days.
    Critical,
    /// Ends in less than 90 days.
    Renew,
    /// Good.
    Ok,
}

impl State {
    /// The state of a seal that is loaded and has this many days left.
    pub const fn with_days_left(days: i64) -> Self {
        match days {
            ..CRITICAL_DAYS => Self::Critical,
            CRITICAL_DAYS..RENEW_DAYS => Self::Renew,
            _ => Self::Ok,
        }
    }

    /// The word in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bad => "BAD",
            Self::Critical => "CRIT",
            Self::Renew => "RENEW",
            Self::Ok => "OK",
        }
    }

    const fn paint(self) -> Paint {
        match self {
            Self::Bad | Self::Critical => Paint::Red,
            Self::Renew => Paint::Yellow,
            Self::Ok => Paint::Green,
        }
    }
}

/// A seal that is loaded, as far as the inventory shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealEntry {
    /// Common name of the certificate.
    pub name: String,
    /// Common name of its issuer.
    pub issuer: String,
    /// `RSA-2048`, `EC P-256`, …
    pub public_key: String,
    /// How it signs.
    pub algorithm: SealAlgorithm,
    /// End of validity.
    pub not_after: Timestamp,
    /// Whole days until then.
    pub days_left: i64,
    /// When its key last signed something fixed.
    pub probed_at: Timestamp,
}

/// For whom a seal is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UseEntry {
    /// `open`, `shared` or `exclusive`.
    pub word: &'static str,
    /// The applications named.
    pub applications: Vec<String>,
}

impl UseEntry {
    /// The word, and the applications after it.
    fn words(&self) -> String {
        if self.applications.is_empty() {
            return self.word.to_owned();
        }
        format!("{}: {}", self.word, self.applications.join(", "))
    }
}

/// `registre 1204, gestor 3`.
fn words_of_use(used: &[UsedBy]) -> String {
    if used.is_empty() {
        return "nobody".to_owned();
    }
    let each = used.iter();
    let each = each.map(|used| format!("{} {}", used.application, used.copies));
    each.collect::<Vec<_>>().join(", ")
}

/// Why a seal is not loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// A stable word for programs.
    pub code: &'static str,
    /// What is wrong, for people.
    pub cause: String,
    /// What to do about it.
    pub next_step: String,
}

/// One organ file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The file, as found.
    pub file: String,
    /// The organ's code, as far as the file could be read.
    pub dir3: Option<Dir3>,
    /// Its INE10 code.
    pub ine10: Option<Ine10>,
    /// Its NIF.
    pub nif: Option<Nif>,
    /// Its name.
    pub organ: Option<String>,
    /// `pre` or `pro`.
    pub environment: Option<Environment>,
    /// `own`, `centralised` or `ceded`; only an own seal is loaded here.
    pub cession: Option<&'static str>,
    /// For whom the seal is, when it is the organ's own.
    pub seal_use: Option<UseEntry>,
    /// Who used it in the last thirty days, the most frequent first; absent when that was not measured.
    pub used_by: Option<Vec<UsedBy>>,
    /// Its service commission, as far as the file says it; absent when that was not looked at.
    pub commission: Option<Commission>,
    /// How it is doing.
    pub state: State,
    /// Its seal.
    pub seal: Option<SealEntry>,
    /// The seal that takes over from it.
    pub next: Option<NextEntry>,
    /// Since when its seal is the one that the file still calls the next: `segell seals promote` writes down
    /// what has happened.
    pub took_over: Option<Timestamp>,
    /// Why there is none.
    pub trouble: Option<Trouble>,
}

/// All rows, the most pressing first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// The folder that was read.
    pub folder: String,
    /// One per file.
    pub seals: Vec<Row>,
    /// Files of organs that this profile leaves out: those of the real environment, under evaluation.
    pub left_out: Vec<String>,
    /// What has to be done in time.
    pub warnings: Vec<Warning>,
}

impl SealEntry {
    /// Whole days from `now` to the end of validity; negative after it.
    pub fn days_between(now: Timestamp, not_after: Timestamp) -> i64 {
        days_left(now, not_after)
    }
}

impl Inventory {
    /// Puts the most pressing rows first: those not loaded, then by days left.
    pub fn sort(&mut self) {
        self.seals.sort_by_key(|row| {
            let days = row.seal.as_ref().map(|seal| seal.days_left);
            (row.state.min(State::Critical), days, row.file.clone())
        });
    }

    /// Seals that are loaded.
    pub fn loaded(&self) -> usize {
        self.seals.iter().filter(|row| row.seal.is_some()).count()
    }

    /// Whether anything asks for somebody's attention at once.
    pub fn is_pressing(&self) -> bool {
        self.seals.iter().any(|row| row.state <= State::Critical)
    }

    /// The table, and below each row that has a trouble its cause and next step.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&[
            Column::left("STATE"),
            Column::left("DIR3"),
            Column::left("ORGAN"),
            Column::left("SEAL"),
            Column::left("KEY"),
            Column::left("UNTIL"),
            Column::right("DAYS"),
            Column::left("NEXT"),
            Column::left("FOR"),
            Column::left("USED BY (30 d)"),
            Column::left("AGREEMENT"),
        ]);
        for row in &self.seals {
            table.row(row.state.paint(), row.cells());
            if let Some(trouble) = &row.trouble {
                table.note(&format!("{}: {}", row.file, trouble.cause));
                table.note(&format!("→ {}", trouble.next_step));
            }
            if let Some(trouble) = row.next.as_ref().and_then(|next| next.trouble.as_ref()) {
                table.note(&format!("{}, next seal: {}", row.file, trouble.cause));
                table.note(&format!("→ {}", trouble.next_step));
            }
            for warning in self.warnings.iter().filter(|warning| row.is_meant(warning)) {
                table.note(&format!("{}: {}", warning.code, warning.fact));
                table.note(&format!("→ {}", warning.next_step));
            }
        }
        table.write(out)?;
        let general = self.warnings.iter();
        for warning in general.filter(|warning| warning.organ.is_none()) {
            writeln!(out)?;
            writeln!(out, "{}: {}", warning.code, warning.fact)?;
            writeln!(out, "→ {}", warning.next_step)?;
        }
        Ok(())
    }

    /// One sentence: how many of how many.
    pub fn summary(&self) -> String {
        let mut summary = match (self.loaded(), self.seals.len()) {
            (_, 0) => format!("no organ file in {}", self.folder),
            (1, 1) => format!("1 seal loaded from {}", self.folder),
            (loaded, all) if loaded == all => {
                format!("all {all} seals loaded from {}", self.folder)
            }
            (loaded, all) => format!("{loaded} of {all} seals loaded from {}", self.folder),
        };
        if !self.left_out.is_empty() {
            summary.push_str(&format!(
                "; {} left out, because they are of the real environment (pro)",
                self.left_out.len()
            ));
        }
        summary
    }
}

impl Row {
    /// Whether a warning is about this organ in this environment.
    fn is_meant(&self, warning: &Warning) -> bool {
        warning.organ.is_some()
            && warning.organ == self.dir3
            && warning.environment == self.environment
    }

    fn cells(&self) -> Vec<String> {
        let dash = || "—".to_owned();
        let seal = self.seal.as_ref();
        vec![
            self.state.word().to_owned(),
            self.dir3.as_ref().map_or_else(dash, ToString::to_string),
            self.organ.clone().unwrap_or_else(dash),
            seal.map_or_else(dash, |seal| seal.name.clone()),
            seal.map_or_else(dash, SealEntry::key),
            seal.map_or_else(dash, |seal| seal.not_after.strftime("%Y-%m-%d").to_string()),
            seal.map_or_else(dash, |seal| seal.days_left.to_string()),
            self.next_words(),
            self.seal_use.as_ref().map_or_else(
                || self.cession.map_or_else(dash, str::to_owned),
                UseEntry::words,
            ),
            self.used_by
                .as_ref()
                .map_or_else(dash, |used| words_of_use(used)),
            self.commission
                .as_ref()
                .and_then(|commission| commission.agreement)
                .map_or_else(dash, |day| day.to_string()),
        ]
    }
}

impl SealEntry {
    /// The key, and its padding where that is not the usual one.
    fn key(&self) -> String {
        match self.algorithm {
            SealAlgorithm::RsaPssSha256 => format!("{} PSS", self.public_key),
            _ => self.public_key.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn row(file: &str, days: Option<i64>) -> Row {
        Row {
            file: file.to_owned(),
            dir3: "L01990015".parse().ok(),
            ine10: None,
            nif: None,
            organ: Some("Ajuntament de l'Estany".to_owned()),
            environment: Some(Environment::Pre),
            cession: Some("own"),
            seal_use: None,
            used_by: None,
            commission: None,
            state: days.map_or(State::Bad, State::with_days_left),
            seal: days.map(|days_left| SealEntry {
                name: "Segell".to_owned(),
                issuer: "CA".to_owned(),
                public_key: "RSA-2048".to_owned(),
                algorithm: SealAlgorithm::RsaPssSha256,
                not_after: "2027-01-31T00:00:00Z".parse().unwrap(),
                days_left,
                probed_at: Timestamp::UNIX_EPOCH,
            }),
            next: None,
            took_over: None,
            trouble: days.is_none().then(|| Trouble {
                code: "wrong-passphrase",
                cause: "the passphrase is wrong".to_owned(),
                next_step: "write the right one".to_owned(),
            }),
        }
    }

    #[test]
    fn the_states_change_at_90_and_30_days() {
        let states = [-1, 0, 29, 30, 89, 90].map(State::with_days_left);
        assert_eq!(states[..3], [State::Critical; 3]);
        assert_eq!(states[3..5], [State::Renew; 2]);
        assert_eq!(states[5], State::Ok);
    }

    #[test]
    fn days_are_whole_and_negative_after_the_end() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let days = SealEntry::days_between;
        let end = at("2027-01-31T12:00:00Z");
        assert_eq!(days(at("2027-01-30T12:00:00Z"), end), 1);
        assert_eq!(days(at("2027-01-30T12:00:01Z"), end), 0);
        assert_eq!(days(at("2027-01-31T12:00:01Z"), end), -1);
    }

    #[test]
    fn the_most_pressing_come_first_and_a_bad_seal_says_why_and_what_next() {
        let mut inventory = Inventory {
            folder: "organs".to_owned(),
            seals: vec![
                row("a.toml", Some(400)),
                row("b.toml", Some(20)),
                row("c.toml", None),
                row("d.toml", Some(60)),
            ],
            ..Inventory::default()
        };
        inventory.sort();
        let mut text = Vec::new();
        inventory.write(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let states: Vec<_> = ["BAD", "CRIT", "RENEW", "OK"]
            .map(|word| text.find(word).unwrap())
            .to_vec();
        assert!(states.is_sorted(), "{text}");
        assert!(text.contains("c.toml: the passphrase is wrong"));
        assert!(text.contains("→ write the right one"));
        assert!(text.contains("RSA-2048 PSS"));
        assert_eq!(inventory.summary(), "3 of 4 seals loaded from organs");
    }

    #[test]
    fn a_row_says_for_whom_the_seal_is_and_who_used_it() {
        let shared = Row {
            seal_use: Some(UseEntry {
                word: "shared",
                applications: vec!["registre".to_owned(), "gestor".to_owned()],
            }),
            used_by: Some(vec![UsedBy {
                application: "registre".to_owned(),
                copies: 1204,
            }]),
            ..row("a.toml", Some(400))
        };
        let ceded = Row {
            cession: Some("ceded"),
            ..row("b.toml", None)
        };
        assert!(
            shared
                .cells()
                .contains(&"shared: registre, gestor".to_owned())
        );
        assert!(shared.cells().contains(&"registre 1204".to_owned()));
        assert!(ceded.cells().contains(&"ceded".to_owned()));
    }
}
