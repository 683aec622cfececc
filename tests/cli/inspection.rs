//! `seals check`, `organs import` and `report`: what an operator of hundreds of councils asks every week.

use std::collections::BTreeMap;
use std::fs;

use crate::councils::{Council, Councils, nif};
use crate::stage::Stage;

#[test]
fn six_faults_among_two_hundred_councils_are_found_and_no_other() {
    let mut councils: Vec<Council> = (1..=200).map(Council::numbered).collect();
    councils[9].days = (-800, -2);
    councils[19].newer = Some((-5, 800));
    councils[29].certified_nif = nif(9999);
    councils[39].confirmed = false;
    councils[49].has_file = false;
    councils[59].expected_ine10 = "0801930008".to_owned();
    let (answer, faults) = Councils::found(&councils).faults();
    let expected = [
        (9, "expired"),
        (19, "seal-superseded"),
        (29, "other-nif"),
        (39, "confirmation-missing"),
        (49, "organ-missing"),
        (59, "codes-disagree"),
    ];
    let expected: BTreeMap<_, _> = expected
        .iter()
        .map(|(index, code)| (councils[*index].dir3.clone(), (*code).to_owned()))
        .collect();
    assert_eq!(faults, expected);
    assert_eq!(
        (&answer["faults"], &answer["warnings"]),
        (&6.into(), &0.into()),
        "{:?}",
        answer["findings"]
    );
    let matrix = answer["matrix"].as_array().unwrap();
    assert_eq!(matrix.len(), 200);
    let good = matrix.iter().filter(|line| line["state"] == "ok");
    assert_eq!(good.count(), 194);
    assert_eq!(matrix[199]["confirmations"][0]["confirmed"], "2026-03-01");
}

#[test]
fn a_check_for_people_says_who_has_to_do_what() {
    let mut councils = [Council::numbered(1), Council::numbered(2)];
    councils[0].confirmed = false;
    councils[1].days = (-700, 45);
    let all = Councils::found(&councils);
    let said = all.stage.run(&["seals", "check"]);
    assert_eq!(said.exit, 1, "{said:?}");
    for part in [
        "FAULT",
        "fault confirmation-missing: AEAT has not confirmed",
        "→ operator: send AEAT the certificate",
        "WARN",
        "warning seal-ends-60",
        "→ organ: ask for the renewal now",
        "0 of 2 in order; faults: 1, warnings: 1",
    ] {
        assert!(said.out.contains(part), "{part} is not in\n{}", said.out);
    }
    assert!(said.error.contains("1 fault"), "{}", said.error);
    // Its confirmation written down, what is left fails nothing.
    let json = all.stage.run(&["seals", "check", "--json"]).json();
    let lines = json["matrix"].as_array().unwrap().iter();
    let mut lines = lines.filter(|line| line["organ"] == councils[0].dir3.as_str());
    let sha256 = lines.next().unwrap()["certificate"]["sha256"].clone();
    let file = format!("organs/{}.toml", councils[0].dir3);
    let text = all.organ_text(&councils[0].dir3);
    let (before, _) = text.split_once("[[confirmations]]").unwrap();
    let confirmed = format!(
        "{before}[[confirmations]]\ncounterpart = \"AEAT\"\ncertificate_sha256 = {sha256}\n\
         confirmed = \"2026-03-01\"\n"
    );
    all.stage.file(&file, confirmed);
    let said = all.stage.run(&["seals", "check"]);
    assert_eq!(said.exit, 0, "{said:?}");
    // The list has the same warning, and the date of the agreement.
    let list = all.stage.run(&["seals"]);
    assert_eq!(list.exit, 0, "{list:?}");
    assert!(list.out.contains("seal-ends-60") && list.out.contains("2026-01-15"));
    let json = all.stage.run(&["seals", "list", "--json"]).json();
    assert_eq!(json["warnings"][0]["code"], "seal-ends-60");
}

#[test]
fn a_list_that_cannot_be_used_is_named_by_line_and_column() {
    let stage = Stage::new();
    stage.file("list.tsv", "dir3\tenvironment\nL01990015\tprod\n");
    let said = stage.run(&["seals", "check", "--expected", "list.tsv"]);
    assert_eq!(said.exit, 2);
    assert!(
        said.error.contains("line 2, column 2 (environment)"),
        "{said:?}"
    );
    // The examples themselves are in order.
    let said = stage.run(&["seals", "check"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(said.out.contains("5 of 5 in order"), "{said:?}");
}

#[test]
fn imported_organs_wait_for_their_seals() {
    let all = Councils::found(&[Council::numbered(1)]);
    let list = format!(
        "dir3\tenvironment\tine10\tnif\tcession\tname_ca\tplace\tverification_address\tcontact\n\
         L01990001\tpro\t\t\t\t\t\t\tsecretaria@nou.exemple.cat\n\
         L01990002\tpro\t9900020000\t{}\town\tAjuntament Nou\tNou\thttps://verifica.exemple.cat\t\n",
        nif(2)
    );
    all.stage.file("organs.tsv", list);
    let before = all.organ_text("L01990001");
    let shown = all.stage.run(&["organs", "import", "organs.tsv"]);
    assert_eq!(shown.exit, 0, "{shown:?}");
    assert!(
        shown
            .out
            .contains("commission.contact: secretaria@exemple.cat → secretaria@nou.exemple.cat"),
        "{shown:?}"
    );
    assert!(shown.out.contains("1 new, 1 changed, 0 unchanged"));
    assert_eq!(all.organ_text("L01990001"), before);

    let applied = all
        .stage
        .run(&["organs", "import", "organs.tsv", "--apply"]);
    assert_eq!(applied.exit, 0, "{applied:?}");
    let after = all.organ_text("L01990001");
    assert_eq!(
        after.replace("secretaria@nou.exemple.cat", "secretaria@exemple.cat"),
        before
    );
    let said = all.stage.run(&["seals", "check", "--json"]);
    let findings = said.json()["findings"].clone();
    let codes = findings.as_array().unwrap().iter();
    let codes: Vec<_> = codes.map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["organ-file-without-seal"], "{findings:?}");
    assert_eq!(fs::read_dir(all.stage.path("organs")).unwrap().count(), 2);
}

#[test]
fn the_weekly_letter_says_what_was_sealed_and_what_to_do() {
    let stage = Stage::new();
    let document = stage.pdf("in.pdf", "acord").display().to_string();
    let sealed = stage.run(&["seal", &document, "-o", "out.pdf"]);
    assert_eq!(sealed.exit, 0, "{sealed:?}");
    let said = stage.run(&["report", "--organ", "L01990015"]);
    assert_eq!(said.exit, 0, "{said:?}");
    for part in [
        "Assumpte: El vostre segell electrònic està en ordre (Ajuntament de Vallserena)",
        "Aquesta setmana s’ha fet 1 còpia autèntica, a petició de:",
        "  - Personal del servei: 1",
        "entorn de proves",
        "«Segell electrònic de Vallserena",
    ] {
        assert!(said.out.contains(part), "{part} is not in\n{}", said.out);
    }
    let said = stage.run(&[
        "report",
        "--organ",
        "L01990015",
        "--language",
        "es",
        "--json",
    ]);
    let json = said.json();
    assert_eq!(json["week"]["copies"], 1);
    assert!(json["text"].as_str().unwrap().starts_with("Asunto: "));
    let unknown = stage.run(&["report", "--organ", "L01999999"]);
    assert_eq!(unknown.exit, 2);
}
