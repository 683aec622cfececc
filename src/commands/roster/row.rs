//! A row of the list of organs, each cell read as what it is.

use jiff::civil::Date;
use toml::Value;

use super::fields::Field;
use crate::model::organ::{Cession, VerificationAddress};
use crate::model::{Dir3, Environment, Ine10, Language, Nif};
use crate::opening::organ_file::day_of;
use crate::opening::tsv::{Sheet, SheetFault, SheetRow};

/// The columns that a list can have.
pub(crate) const COLUMNS: [&str; 15] = [
    "dir3",
    "ine10",
    "nif",
    "environment",
    "cession",
    "name_ca",
    "name_es",
    "name_oc-aranes",
    "name_en",
    "place",
    "language",
    "verification_address",
    "agreement",
    "data_processor_contract",
    "contact",
];

/// An organ as the list describes it. What it does not say stays as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrganRow {
    pub(super) line: usize,
    pub(super) dir3: Dir3,
    pub(super) environment: Environment,
    pub(super) cession: Option<Cession>,
    pub(super) name_ca: Option<String>,
    ine10: Option<Ine10>,
    nif: Option<Nif>,
    name_es: Option<String>,
    name_oc_aranes: Option<String>,
    name_en: Option<String>,
    place: Option<String>,
    language: Option<Language>,
    verification_address: Option<VerificationAddress>,
    agreement: Option<Date>,
    data_processor_contract: Option<Date>,
    contact: Option<String>,
}

/// Reads every row, or says everything that is wrong.
pub(super) fn read(sheet: &Sheet) -> Result<Vec<OrganRow>, Vec<SheetFault>> {
    let mut faults = Vec::new();
    let mut rows: Vec<OrganRow> = Vec::new();
    for row in &sheet.rows {
        let Some(organ) = read_row(sheet, row, &mut faults) else {
            continue;
        };
        let same =
            |other: &&OrganRow| other.dir3 == organ.dir3 && other.environment == organ.environment;
        if let Some(other) = rows.iter().find(same) {
            let cause = format!(
                "{} is in line {} too, for the same environment",
                organ.dir3, other.line
            );
            faults.push(sheet.fault(row, "dir3", cause));
        }
        rows.push(organ);
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

fn read_row(sheet: &Sheet, row: &SheetRow, faults: &mut Vec<SheetFault>) -> Option<OrganRow> {
    for column in ["dir3", "environment"] {
        sheet.need(row, column, faults);
    }
    let text = |column: &str| sheet.text(row, column).map(str::to_owned);
    let (name_ca, name_es) = (text("name_ca"), text("name_es"));
    let (name_oc_aranes, name_en) = (text("name_oc-aranes"), text("name_en"));
    let (place, contact) = (text("place"), text("contact"));
    for column in COLUMNS {
        let hostile = |text: &str| text.chars().any(char::is_control);
        if sheet.text(row, column).is_some_and(hostile) {
            faults.push(sheet.fault(row, column, "it holds a control character".to_owned()));
        }
    }
    let dir3 = sheet.value(row, "dir3", faults);
    let environment = sheet.value_by(row, "environment", faults, |word| {
        Environment::from_word(word).ok_or_else(|| "neither pre nor pro".to_owned())
    });
    let cession = sheet.value_by(row, "cession", faults, |word| {
        Cession::from_word(word).ok_or_else(|| "not own, centralised or ceded".to_owned())
    });
    let language = sheet.value_by(row, "language", faults, |tag| {
        Language::from_tag(tag).ok_or_else(|| "not ca, es, oc-aranes or en".to_owned())
    });
    let mut day = |column: &str| {
        let parse =
            |text: &str| day_of(text).ok_or_else(|| "not a day such as 2026-01-15".to_owned());
        sheet.value_by(row, column, faults, parse)
    };
    let (agreement, data_processor_contract) = (day("agreement"), day("data_processor_contract"));
    let (ine10, nif) = (
        sheet.value(row, "ine10", faults),
        sheet.value(row, "nif", faults),
    );
    let verification_address = sheet.value(row, "verification_address", faults);
    Some(OrganRow {
        line: row.line,
        dir3: dir3?,
        environment: environment?,
        cession,
        name_ca,
        ine10,
        nif,
        name_es,
        name_oc_aranes,
        name_en,
        place,
        language,
        verification_address,
        agreement,
        data_processor_contract,
        contact,
    })
}

impl OrganRow {
    /// The first column that a new organ cannot do without and that says nothing.
    pub(super) fn missing_for_a_new_organ(&self) -> Option<&'static str> {
        let needed = [
            ("nif", self.nif.is_none()),
            ("cession", self.cession.is_none()),
            ("name_ca", self.name_ca.is_none()),
            ("place", self.place.is_none()),
            ("verification_address", self.verification_address.is_none()),
        ];
        let missing = needed.into_iter().find(|(_, missing)| *missing);
        missing.map(|(column, _)| column)
    }

    /// What the row says, in the order of an organ's file.
    pub(super) fn fields(&self) -> Vec<Field> {
        let text = |text: Option<&str>| text.map(|text| Value::String(text.to_owned()));
        let day = |day: Option<Date>| day.and_then(|day| day.to_string().parse().ok());
        let day = |date| day(date).map(Value::Datetime);
        let said: [(&'static str, &'static [&'static str], Option<Value>); 15] = [
            ("dir3", &["dir3"], text(Some(self.dir3.as_str()))),
            (
                "ine10",
                &["ine10"],
                text(self.ine10.as_ref().map(Ine10::as_str)),
            ),
            ("nif", &["nif"], text(self.nif.as_ref().map(Nif::as_str))),
            (
                "environment",
                &["environment"],
                text(Some(self.environment.word())),
            ),
            (
                "cession",
                &["cession"],
                text(self.cession.map(Cession::word)),
            ),
            ("name_ca", &["name", "ca"], text(self.name_ca.as_deref())),
            ("name_es", &["name", "es"], text(self.name_es.as_deref())),
            (
                "name_oc-aranes",
                &["name", "oc-aranes"],
                text(self.name_oc_aranes.as_deref()),
            ),
            ("name_en", &["name", "en"], text(self.name_en.as_deref())),
            ("place", &["place"], text(self.place.as_deref())),
            (
                "language",
                &["language"],
                text(self.language.map(Language::tag)),
            ),
            (
                "verification_address",
                &["verification_address"],
                text(
                    self.verification_address
                        .as_ref()
                        .map(VerificationAddress::as_str),
                ),
            ),
            (
                "agreement",
                &["commission", "agreement"],
                day(self.agreement),
            ),
            (
                "data_processor_contract",
                &["commission", "data_processor_contract"],
                day(self.data_processor_contract),
            ),
            (
                "contact",
                &["commission", "contact"],
                text(self.contact.as_deref()),
            ),
        ];
        said.into_iter()
            .filter_map(|(column, path, value)| {
                Some(Field {
                    column,
                    path,
                    value: value?,
                })
            })
            .collect()
    }
}
