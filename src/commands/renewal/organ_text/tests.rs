//! Seals change their places, and everything else stays as it was written.

use super::*;

const FILE: &str = r#"# The council of the examples.
dir3 = "L01990015"
name = { ca = "Ajuntament de Prova" }   # not [seal]

# Its seal, since 2024.
[seal]
# from the Consell Comarcal
pkcs12 = "a.p12"
use = "exclusive"   # for the registry only
applications = ["registre"]

# What waits.
[ next_seal ]
pkcs12 = "b.p12"
active_from = 2026-12-01T07:00:00Z # a Tuesday

# Strict.
[policy]
xfa = "refuse"
"#;

fn text(file: &str) -> OrganText {
    OrganText::new(file, &file.parse().unwrap())
}

fn said(file: &str) -> Table {
    file.parse().unwrap()
}

/// The comments of the file are there still, in their order.
fn keeps_comments(edited: &str) {
    let mut lines = edited.lines();
    let comments = FILE.lines().filter_map(|line| line.split_once('#'));
    for (_, comment) in comments {
        let there = lines.any(|line| line.ends_with(&format!("#{comment}")));
        assert!(there, "{comment} is lost:\n{edited}");
    }
}

#[test]
fn a_promoted_seal_takes_the_name_of_the_one_before_it() {
    let mut file = text(FILE);
    file.rename(&[(Role::Current, Role::Previous), (Role::Next, Role::Current)]);
    let edited = file.finish().unwrap();
    keeps_comments(&edited);
    let table = said(&edited);
    assert_eq!(table["seal"]["pkcs12"].as_str(), Some("b.p12"));
    assert_eq!(table["previous_seal"]["pkcs12"].as_str(), Some("a.p12"));
    assert!(!table.contains_key("next_seal"));
}

#[test]
fn two_seals_exchange_their_places_and_a_second_time_restores_the_file() {
    let swap = [(Role::Current, Role::Next), (Role::Next, Role::Current)];
    let mut once = text(FILE);
    once.rename(&swap);
    let once = once.finish().unwrap();
    assert_eq!(said(&once)["next_seal"]["pkcs12"].as_str(), Some("a.p12"));
    let mut twice = text(&once);
    twice.rename(&swap);
    assert_eq!(twice.finish().unwrap(), FILE);
}

#[test]
fn a_time_is_put_in_replaced_with_its_comment_kept_and_taken_out() {
    let time = |text: &str| Value::Datetime(text.parse().unwrap());
    let mut file = text(FILE);
    file.set(Role::Next, "active_from", time("2027-01-02T07:00:00Z"));
    let edited = file.finish().unwrap();
    keeps_comments(&edited);
    assert!(edited.contains("active_from = 2027-01-02T07:00:00Z # a Tuesday\n"));

    let mut file = text(&edited);
    file.unset(Role::Next, "active_from");
    let without = file.finish().unwrap();
    assert!(!without.contains("active_from"));
    let mut file = text(&without);
    file.set(Role::Next, "active_from", time("2027-01-02T07:00:00Z"));
    let again = file.finish().unwrap();
    assert!(again.contains("pkcs12 = \"b.p12\"\nactive_from = 2027-01-02T07:00:00Z\n\n# Strict."));
}

#[test]
fn a_seal_is_appended_after_everything_and_removed_without_a_trace() {
    let mut file = text(FILE);
    let fields = [("pkcs12", Value::String("c \"x\".p12".to_owned()))];
    file.append(Role::Previous, "Segell\n[policy]", &fields);
    let edited = file.finish().unwrap();
    assert!(edited.starts_with(FILE));
    assert!(edited.contains("\n[previous_seal]\n# Segell[policy]\npkcs12 = "));
    let mut file = text(&edited);
    file.remove(Role::Previous);
    assert_eq!(file.finish().unwrap().trim_end(), FILE.trim_end());
}

#[test]
fn a_removed_seal_takes_its_inner_tables_along_and_leaves_what_introduces_the_next() {
    let file = "a = 1\n\n[previous_seal]\nalgorithm = \"x\"\n[previous_seal.pkcs11]\nmodule = \"m\"\n\n# Strict.\n[policy]\nb = 2\n";
    let mut removed = text(file);
    removed.remove(Role::Previous);
    assert_eq!(
        removed.finish().unwrap(),
        "a = 1\n\n\n# Strict.\n[policy]\nb = 2\n"
    );
    let mut renamed = text(file);
    renamed.rename(&[(Role::Previous, Role::Current)]);
    let renamed = said(&renamed.finish().unwrap());
    assert_eq!(renamed["seal"]["pkcs11"]["module"].as_str(), Some("m"));
}

#[test]
fn a_file_that_cannot_be_edited_by_lines_is_left_alone() {
    for file in [
        "seal = { pkcs12 = \"a\" }\nnext_seal = { pkcs12 = \"b\" }\n",
        "seal.pkcs12 = \"a\"\nnext_seal.pkcs12 = \"b\"\n",
        "[\"seal\"]\npkcs12 = \"a\"\n[\"next_seal\"]\npkcs12 = \"b\"\n",
        "x = \"\"\"\n[seal]\n\"\"\"\n[seal]\npkcs12 = \"a\"\n[next_seal]\npkcs12 = \"b\"\n",
    ] {
        let mut renamed = text(file);
        renamed.rename(&[(Role::Current, Role::Previous), (Role::Next, Role::Current)]);
        assert_eq!(renamed.finish(), Err(NotEdited), "{file}");
    }
    let inline = "seal = { pkcs12 = \"a\" }\n";
    let mut set = text(inline);
    set.set(Role::Current, "use", Value::String("shared".to_owned()));
    assert_eq!(set.finish(), Err(NotEdited));
    let mut unset = text("[next_seal]\nactive_from = \"\"\"\na\"\"\"\n");
    unset.unset(Role::Next, "active_from");
    assert_eq!(unset.finish(), Err(NotEdited));
}
