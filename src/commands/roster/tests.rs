//! A list and a folder of organ files, compared and made to say the same.

use std::fs;

use super::*;
use crate::cli::arguments::Format;

const HEADER: &str = "dir3\tenvironment\tnif\tcession\tname_ca\tname_es\tplace\tverification_address\
                      \tagreement\tcontact\n";
const KNOWN: &str = r#"# Ours since 2020.
dir3 = "L01990015"
ine10 = "9900150000"
nif = "P9900100J"        # checked
environment = "pro"
cession = "own"
name = { ca = "Ajuntament de Vallserena" }
place = "Vallserena"
verification_address = "https://verifica.exemple.cat"

[seal]
pkcs12 = "vallserena.p12"
"#;

struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let stage = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(stage.organs()).unwrap();
        stage.organ("vallserena.toml", KNOWN);
        stage
    }

    fn organs(&self) -> PathBuf {
        self.folder.path().join("organs")
    }

    fn organ(&self, file: &str, text: &str) {
        fs::write(self.organs().join(file), text).unwrap();
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.organs().join(file)).unwrap()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.organs()).unwrap().count()
    }

    fn import(&self, rows: &str, apply: bool) -> Result<serde_json::Value, Failure> {
        let list = self.folder.path().join("list.tsv");
        fs::write(&list, format!("{HEADER}{rows}")).unwrap();
        let arguments = ImportArguments {
            list,
            apply,
            format: Format { json: true },
        };
        let mut out = Vec::new();
        import(&arguments, &self.organs(), &mut out)?;
        Ok(serde_json::from_slice(&out).unwrap())
    }
}

const CHANGED: &str = "L01990015\tpro\t\t\t\tAyuntamiento de Vallserena\t\t\t2026-01-15\t\n";
const NEW: &str = "L01990027\tpro\tP9900200H\town\tAjuntament de Pinosa\t\tPinosa\
                   \thttps://verifica.exemple.cat\t2026-02-01\ttel. 900 000 000\n";

#[test]
fn the_difference_is_shown_and_nothing_is_written() {
    let stage = Stage::new();
    let shown = stage.import(&format!("{CHANGED}{NEW}"), false).unwrap();
    assert_eq!(shown["applied"], false);
    assert_eq!(shown["new"][0]["dir3"], "L01990027");
    assert_eq!(shown["new"][0]["wants_seal"], true);
    let fields = &shown["changed"][0]["fields"];
    assert_eq!(fields[0]["field"], "name.es");
    assert_eq!(fields[0]["before"], serde_json::Value::Null);
    assert_eq!(fields[1]["after"], "2026-01-15");
    assert_eq!(fields.as_array().unwrap().len(), 2);
    assert_eq!(stage.text("vallserena.toml"), KNOWN);
    assert_eq!(stage.files(), 1);
}

#[test]
fn what_is_applied_keeps_comments_and_seals_and_is_then_unchanged() {
    let stage = Stage::new();
    stage.import(&format!("{CHANGED}{NEW}"), true).unwrap();
    let text = stage.text("vallserena.toml");
    for line in KNOWN.lines().filter(|line| !line.starts_with("name")) {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(text.contains("es = \"Ayuntamiento de Vallserena\""));
    assert!(text.contains("[commission]\nagreement = 2026-01-15"));
    let new = stage.text("L01990027.toml");
    assert_eq!(OrganFile::read(&new).unwrap_err(), OrganFileFault::NoSeal);
    assert!(new.contains("contact = \"tel. 900 000 000\""), "{new}");
    assert!(!new.contains("[seal]"), "no seal is made up");
    let again = stage.import(&format!("{CHANGED}{NEW}"), true).unwrap();
    assert_eq!(again["unchanged"], 2);
    assert_eq!(stage.text("vallserena.toml"), text);
}

#[test]
fn an_organ_that_is_not_listed_stays() {
    let stage = Stage::new();
    let shown = stage.import(NEW, true).unwrap();
    assert_eq!(shown["not_listed"][0]["file"], "vallserena.toml");
    assert_eq!(stage.text("vallserena.toml"), KNOWN);
    assert_eq!(stage.files(), 2);
}

#[test]
fn one_bad_row_is_named_and_nothing_at_all_is_written() {
    let stage = Stage::new();
    let bad =
        "L01990033\tpro\tP9900300X\tlent\tAjuntament\t\tPont\thttps://a.cat/path\t2026-02-30\t\n";
    let failure = stage.import(&format!("{NEW}{bad}"), true).unwrap_err();
    assert_eq!(failure.exit, Exit::Usage);
    let details = failure.details.join("\n");
    for place in [
        "line 3, column 3 (nif)",
        "line 3, column 4 (cession)",
        "line 3, column 8 (verification_address)",
        "line 3, column 9 (agreement)",
    ] {
        assert!(details.contains(place), "{place} is not in\n{details}");
    }
    assert_eq!(stage.files(), 1);
}

#[test]
fn a_new_organ_needs_what_its_copies_print() {
    let stage = Stage::new();
    let failure = stage.import(
        "L01990027\tpro\tP9900200H\town\t\t\tPinosa\thttps://a.cat\n",
        true,
    );
    assert!(failure.unwrap_err().details[0].contains("column 5 (name_ca)"));
    let row = NEW.replace("Ajuntament de Pinosa", "市役所");
    let failure = stage.import(&row, true).unwrap_err();
    assert!(failure.details[0].contains("cannot print"), "{failure:?}");
    let twice = stage.import(&format!("{NEW}{NEW}"), true).unwrap_err();
    assert!(twice.details[0].contains("line 2 too"), "{twice:?}");
    assert_eq!(stage.files(), 1);
}

#[test]
fn both_environments_of_an_organ_have_files_of_their_own() {
    let stage = Stage::new();
    let test = NEW.replace("\tpro\t", "\tpre\t");
    stage.import(&format!("{NEW}{test}"), true).unwrap();
    assert!(
        stage
            .text("L01990027.toml")
            .contains("environment = \"pro\"")
    );
    assert!(
        stage
            .text("L01990027-pre.toml")
            .contains("environment = \"pre\"")
    );
}

#[test]
fn an_organ_file_that_cannot_be_read_stops_everything() {
    let stage = Stage::new();
    stage.organ("broken.toml", "dir3 = ");
    let failure = stage.import(NEW, true).unwrap_err();
    assert!(failure.details[0].contains("broken.toml"), "{failure:?}");
    assert_eq!(stage.files(), 2);
}
