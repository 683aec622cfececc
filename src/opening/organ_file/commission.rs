//! `[commission]` and `[[confirmations]]` of an organ's file: its papers.

use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

use super::OrganFile;
use crate::model::{Commission, Confirmation, Papers, Sha256Digest};

/// `[commission]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommissionTable {
    #[serde(default, deserialize_with = "day_if_said")]
    agreement: Option<Date>,
    #[serde(default, deserialize_with = "day_if_said")]
    data_processor_contract: Option<Date>,
    contact: Option<String>,
}

/// `[[confirmations]]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmationTable {
    counterpart: String,
    certificate_sha256: Sha256Digest,
    #[serde(deserialize_with = "day")]
    confirmed: Date,
    reference: Option<String>,
}

impl OrganFile {
    /// The papers in an organ's file. One that cannot be read has none: what is wrong with it is said where
    /// its organ is loaded.
    pub(crate) fn papers(path: &Path) -> Papers {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Self::papers_in(&text).unwrap_or_default()
    }

    fn papers_in(text: &str) -> Option<Papers> {
        let file: Self = toml::from_str(text).ok()?;
        let commission = file.commission.unwrap_or_default();
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let confirmations = file.confirmations.into_iter();
        Some(Papers {
            commission: Commission {
                agreement: commission.agreement,
                data_processor_contract: commission.data_processor_contract,
                contact: said(commission.contact),
            },
            confirmations: confirmations
                .map(|table| Confirmation {
                    counterpart: table.counterpart,
                    certificate_sha256: table.certificate_sha256,
                    confirmed: table.confirmed,
                    reference: said(table.reference),
                })
                .collect(),
        })
    }
}

/// A day: a date of TOML, or the same in quotation marks.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = match toml::Value::deserialize(deserializer)? {
        toml::Value::Datetime(day) => day.to_string(),
        toml::Value::String(text) => text,
        _ => String::new(),
    };
    day_of(&written).ok_or_else(|| de::Error::custom("not a day such as 2026-01-15"))
}

/// The day of a text such as `2026-01-15`, and of no longer one: that would be an instant.
pub(crate) fn day_of(text: &str) -> Option<Date> {
    (text.len() == "2026-01-15".len())
        .then(|| text.parse().ok())
        .flatten()
}

fn day_if_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::organ_file::OrganFileFault;

    const ORGAN: &str = r#"
dir3 = "L01990015"
nif = "P0801900B"
environment = "pro"
cession = "ceded"
name = { ca = "Ajuntament de Prova" }
place = "Prova"
verification_address = "https://verifica.exemple.cat"
"#;
    const SHA256: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    fn papers(tables: &str) -> Option<Papers> {
        OrganFile::papers_in(&format!("{ORGAN}{tables}"))
    }

    #[test]
    fn an_organ_without_papers_lacks_all_of_them() {
        let papers = papers("").unwrap();
        assert_eq!(papers, Papers::default());
        assert_eq!(papers.commission.missing().count(), 3);
    }

    #[test]
    fn dates_are_read_with_quotation_marks_and_without() {
        let commission = papers(
            "[commission]\nagreement = 2026-01-15\ndata_processor_contract = \"2026-02-01\"\n\
             contact = \" \"\n",
        );
        let commission = commission.unwrap().commission;
        assert_eq!(commission.agreement, "2026-01-15".parse().ok());
        assert_eq!(
            commission.data_processor_contract,
            "2026-02-01".parse().ok()
        );
        assert_eq!(commission.missing().collect::<Vec<_>>(), ["contact"]);
    }

    #[test]
    fn a_date_that_is_none_is_named_with_its_line() {
        for date in ["2026-13-01", "\"soon\"", "2026-01-15T10:00:00Z", "20260115"] {
            let text = format!("{ORGAN}[commission]\nagreement = {date}\n");
            let Err(OrganFileFault::NotAnOrgan { line, .. }) = OrganFile::read(&text) else {
                panic!("{date} was taken for a day");
            };
            assert_eq!(line, 10, "{date}");
        }
    }

    #[test]
    fn a_confirmation_is_for_one_certificate_and_not_before_its_day() {
        let papers = papers(&format!(
            "[[confirmations]]\ncounterpart = \"AEAT\"\ncertificate_sha256 = \"{SHA256}\"\n\
             confirmed = 2026-03-01\nreference = \"S-2026/14\"\n"
        ));
        let papers = papers.unwrap();
        let day = |text: &str| text.parse().unwrap();
        let certificate = SHA256.parse().unwrap();
        let confirmed = |counterpart, day| papers.confirmed(counterpart, &certificate, day);
        let found = confirmed("aeat", day("2026-03-01")).unwrap();
        assert_eq!(found.reference.as_deref(), Some("S-2026/14"));
        assert_eq!(confirmed("AEAT", day("2026-02-28")), None);
        assert_eq!(confirmed("TGSS", day("2026-03-01")), None);
        let other = Sha256Digest::of(b"another certificate");
        assert_eq!(papers.confirmed("AEAT", &other, day("2026-03-01")), None);
        assert!(papers.last_confirmed("AEAT").is_some());
    }
}
