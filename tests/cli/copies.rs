//! `seal`, `preflight`, `validate`, `code` and `archive check`.

use std::fs;

use crate::stage::{Stage, minimal_pdf};

#[test]
fn a_copy_is_made_recognised_and_told_from_an_altered_one() {
    let stage = Stage::new();
    stage.pdf("a.pdf", "agreement");
    let said = stage.run(&["seal", "a.pdf", "-o", "copy.pdf", "--json"]);
    assert_eq!(said.exit, 0, "{said:?}");
    let made = said.json();
    let code = made["verification_code"].as_str().unwrap();
    assert!(code.starts_with("PR0V-"));
    assert_eq!(made["replayed"], false);
    assert_eq!(made["record"]["application"], "cli");
    let source = fs::read(stage.path("a.pdf")).unwrap();
    let copy = fs::read(stage.path("copy.pdf")).unwrap();
    assert!(copy.starts_with(&source) && copy.len() > source.len());

    let said = stage.run(&["validate", "copy.pdf"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(
        said.out
            .contains("This is exactly the file that was issued")
    );
    assert_eq!(
        stage.run(&["validate", "copy.pdf", "--json"]).json()["verdict"],
        "identical"
    );

    // The same evidence can be judged again, elsewhere and by another policy.
    let kept = stage.run(&["validate", "copy.pdf", "--evidence", "evidence.json"]);
    assert_eq!(kept.exit, 0, "{kept:?}");
    let again = stage.run(&["validate", "--from-evidence", "evidence.json", "--json"]);
    assert_eq!(again.exit, 0, "{again:?}");
    assert_eq!(again.json()["indication"], "TOTAL-PASSED");
    let policy = [
        "validate",
        "copy.pdf",
        "--policy",
        "segell-1-strict",
        "--json",
    ];
    let strict = stage.run(&policy).json();
    assert_eq!(
        strict["sub_indication"],
        "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    );
    assert_eq!(strict["policy"], "segell-1-strict");
    let future = ["validate", "copy.pdf", "--time", "2999-01-01T00:00:00Z"];
    assert_eq!(stage.run(&future).exit, 2);

    let mut altered = copy.clone();
    let at = source.len() / 2;
    altered[at] ^= 1;
    stage.file("altered.pdf", &altered);
    assert_eq!(stage.run(&["validate", "altered.pdf"]).exit, 1);
    assert_eq!(stage.run(&["validate", "a.pdf"]).exit, 1);

    let said = stage.run(&["code", code]);
    assert_eq!(said.exit, 0, "{said:?}");
    let said = stage.run(&["archive", "check"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(said.out.contains("sound: 1 copy"), "{said:?}");
}

#[test]
fn the_same_request_gives_the_same_copy_and_force_new_another() {
    let stage = Stage::new();
    stage.pdf("a.pdf", "agreement");
    let make = |out: &str, more: &[&str]| {
        let mut arguments = vec!["seal", "a.pdf", "-o", out, "--json"];
        arguments.extend(more);
        stage.run(&arguments).json()
    };
    let first = make("1.pdf", &[]);
    let second = make("2.pdf", &[]);
    assert_eq!(second["verification_code"], first["verification_code"]);
    assert_eq!(second["replayed"], true);
    assert_eq!(
        fs::read(stage.path("1.pdf")).unwrap(),
        fs::read(stage.path("2.pdf")).unwrap()
    );
    let other = make("3.pdf", &["--force-new"]);
    assert_ne!(other["verification_code"], first["verification_code"]);
    let paper = make("4.pdf", &["--kind", "paper", "--language", "es"]);
    assert_ne!(paper["verification_code"], first["verification_code"]);
    assert_eq!(paper["record"]["description"]["kind"], "paper");
}

#[test]
fn an_existing_file_is_left_as_it_is_and_nothing_is_issued_for_it() {
    let stage = Stage::new();
    stage.pdf("a.pdf", "agreement");
    stage.file("copy.pdf", "mine");
    let said = stage.run(&["seal", "a.pdf", "-o", "copy.pdf"]);
    assert_eq!(said.exit, 2, "{said:?}");
    assert!(said.error.contains("--force"));
    assert_eq!(fs::read(stage.path("copy.pdf")).unwrap(), b"mine");
    assert!(
        stage
            .run(&["archive", "check"])
            .out
            .contains("sound: 0 copies")
    );

    let said = stage.run(&["seal", "a.pdf", "-o", "copy.pdf", "--force"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(
        fs::read(stage.path("copy.pdf"))
            .unwrap()
            .starts_with(b"%PDF-")
    );
}

#[test]
fn a_document_may_come_and_go_through_the_standard_streams() {
    let stage = Stage::new();
    let source = minimal_pdf("agreement");
    let output = stage.run_with_input(&["seal", "-", "-o", "-"], &source);
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.starts_with(&source) && output.stdout.len() > source.len());
    let output = stage.run_with_input(&["validate", "-"], &output.stdout);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn what_cannot_be_sealed_is_refused_in_the_words_of_the_door() {
    let stage = Stage::new();
    stage.file("a.txt", "not a PDF");
    let said = stage.run(&["seal", "a.txt", "-o", "copy.pdf"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.error.contains("(not-pdf)"), "{said:?}");
    assert!(!stage.path("copy.pdf").exists());
    let json = stage
        .run(&["seal", "a.txt", "-o", "copy.pdf", "--json"])
        .json();
    assert_eq!(json["code"], "not-pdf");
    assert_eq!(json["retry"], "never");
    let left = fs::read_dir(stage.path(".")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().starts_with(".segell-")),
        "{left:?}"
    );

    let said = stage.run(&["seal", "absent.pdf", "-o", "copy.pdf"]);
    assert_eq!(said.exit, 2, "{said:?}");
    let stage = stage.with("SEGELL__LIMITS__BODY_BYTES", "100");
    stage.pdf("a.pdf", "agreement");
    let said = stage.run(&["seal", "a.pdf", "-o", "copy.pdf"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.error.contains("limits.body_bytes"), "{said:?}");
}

#[test]
fn preflight_says_what_would_happen_and_issues_nothing() {
    let stage = Stage::new();
    stage.pdf("a.pdf", "agreement");
    let said = stage.run(&["preflight", "a.pdf"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(said.out.contains("can be sealed") && said.out.contains("1 page(s)"));
    assert_eq!(
        stage.run(&["preflight", "a.pdf", "--json"]).json()["sealable"],
        true
    );
    assert!(
        stage
            .run(&["archive", "check"])
            .out
            .contains("sound: 0 copies")
    );
    stage.file("a.txt", "not a PDF");
    assert_eq!(stage.run(&["preflight", "a.txt"]).exit, 1);
}

#[test]
fn without_an_archive_copies_are_made_and_cannot_be_recognised() {
    let stage = Stage::new().with("SEGELL__ARCHIVE__URL", "none");
    stage.pdf("a.pdf", "agreement");
    let said = stage.run(&["seal", "a.pdf", "-o", "copy.pdf"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert_eq!(stage.run(&["validate", "copy.pdf"]).exit, 3);
    assert_eq!(stage.run(&["archive", "check"]).exit, 3);
}

#[test]
fn a_code_is_explained_from_standard_input_and_its_mistyped_group_named() {
    let stage = Stage::new();
    stage.pdf("a.pdf", "agreement");
    let made = stage
        .run(&["seal", "a.pdf", "-o", "copy.pdf", "--json"])
        .json();
    let code = made["verification_code"].as_str().unwrap();
    let legend = format!("CSV: {}\n", code.to_lowercase());
    let output = stage.run_with_input(&["code"], legend.as_bytes());
    assert!(output.status.success(), "{output:?}");
    let mut wrong: Vec<char> = code.chars().collect();
    wrong[10] = if wrong[10] == 'X' { 'Y' } else { 'X' };
    let wrong: String = wrong.into_iter().collect();
    let said = stage.run(&["code", &wrong, "--json"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert_eq!(said.json()["group"], 3);
}

#[test]
fn a_signed_document_is_copied_unless_the_request_refuses_it() {
    let stage = Stage::new();
    stage.pdf("a.pdf", "agreement");
    assert_eq!(stage.run(&["seal", "a.pdf", "-o", "signed.pdf"]).exit, 0);
    let said = stage.run(&["seal", "signed.pdf", "-o", "copy.pdf"]);
    assert_eq!(said.exit, 0, "{said:?}");
    assert!(said.out.contains("the document's signature"), "{said:?}");

    let refuse = ["--source-signatures", "refuse"];
    let said = stage.run(&[&["preflight", "signed.pdf"], &refuse[..]].concat());
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.out.contains("source-signed"), "{said:?}");
    let said = stage.run(&[&["seal", "signed.pdf", "-o", "no.pdf"], &refuse[..]].concat());
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.error.contains("source-signed"), "{said:?}");
}
