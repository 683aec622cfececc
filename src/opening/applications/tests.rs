//! Applications files, right and wrong.

use super::*;
use crate::settings::Surroundings;

fn organs() -> Vec<Dir3> {
    ["L01990000", "L01990015"]
        .map(|code| code.parse().unwrap())
        .to_vec()
}

fn entry(id: &str, key: &str, organs: &str) -> String {
    let key = Sha256Digest::of(key.as_bytes());
    format!(
        "[[application]]\nid = \"{id}\"\nname = \"N\"\nkey_sha256 = \"{key}\"\norgans = {organs}\n"
    )
}

fn read_text(text: &str) -> Result<Vec<Registration>, ApplicationsFault> {
    read(Path::new("applications.toml"), text)
}

fn cause(text: &str) -> String {
    read_text(text).unwrap_err().to_string()
}

#[test]
fn applications_are_read_with_the_digest_of_their_key() {
    let text = entry("gestor", "secret", "[\"L01990015\"]");
    let keys = read_text(&text).unwrap();
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].keys[0].digest, Sha256Digest::of(b"secret"));
    assert_eq!(keys[0].application.id, "gestor");
    assert!(!keys[0].local_only);
}

#[test]
fn an_organ_that_is_not_known_is_named_and_stops_nobody() {
    let text = entry("gestor", "secret", "[\"L01990015\", \"L01999999\"]");
    let keys = read_text(&text).unwrap();
    let unknown = unknown_organs(&keys, &organs());
    assert_eq!(unknown.len(), 1);
    assert!(
        unknown[0]
            .to_string()
            .contains("`gestor` may ask for L01999999")
    );
}

#[test]
fn the_evaluation_key_is_refused_in_a_file_even_as_a_digest() {
    let text = entry("gestor", EVALUATION_KEY, "[\"L01990015\"]");
    assert!(cause(&text).contains("everybody knows"));
}

#[test]
fn ids_and_keys_are_unique_and_the_programs_own_ids_are_kept() {
    let one = entry("a", "1", "[\"L01990015\"]");
    let same_id = entry("a", "2", "[\"L01990015\"]");
    let same_key = entry("b", "1", "[\"L01990015\"]");
    assert!(cause(&format!("{one}{same_id}")).contains("same id"));
    assert!(cause(&format!("{one}{same_key}")).contains("same key"));
    assert!(cause(&entry("cli", "1", "[\"L01990015\"]")).contains("program's own"));
}

#[test]
fn a_mistyped_field_is_named_with_its_line() {
    let text = entry("a", "1", "[\"L01990015\"]").replace("organs", "organ");
    assert!(cause(&text).starts_with("applications.toml:5: "));
}

#[test]
fn the_command_line_seals_for_no_organ_that_nobody_named_in_production() {
    let evaluation = command_line(Profile::Evaluation, &organs());
    assert_eq!(evaluation.default_organ, "L01990015".parse().ok());
    let production = command_line(Profile::Production, &organs());
    assert_eq!(production.default_organ, None);
    assert_eq!(production.organs, organs());
}

#[test]
fn the_evaluation_key_is_for_this_machine_and_for_evaluation() {
    let with = |name: &str, value: &str| {
        let variables = [(name.to_owned(), value.to_owned())].into();
        let (settings, _) = Settings::load(&Surroundings {
            folder: "/nonexistent".into(),
            variables,
        })
        .unwrap();
        load(&settings, &organs())
    };
    let keys = with("SEGELL_PROFILE", "evaluation").unwrap();
    assert_eq!(keys.len(), 1);
    assert!(keys[0].local_only);
    let default = keys[0].application.default_organ.as_ref();
    assert_eq!(default.map(Dir3::as_str), Some("L01990015"));
    assert!(
        with("SEGELL__SERVER__BEHIND_PROXY", "true")
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_record_says_scopes_quota_and_several_keys() {
    let digest = |key: &str| Sha256Digest::of(key.as_bytes());
    let text = format!(
        "[[application]]\nid = \"a\"\nname = \"A\"\norgans = [\"L01990015\"]\nenvironment = \"pro\"\n\
         scopes = [\"copies:read\", \"operate\"]\ncopies_per_day = 500\n\
         client_certificates = [{{ san = \"registre.exemple.cat\" }}]\n\
         [[application.keys]]\nkey_sha256 = \"{}\"\ncreated = \"2026-01-01\"\nexpires = \"2026-12-31\"\n\
         [[application.keys]]\nkey_sha256 = \"{}\"\nrevoked = \"2026-06-01T10:00:00Z\"\n",
        digest("one"),
        digest("two")
    );
    let applications = read_text(&text).unwrap();
    let [application] = applications.as_slice() else {
        panic!("one application");
    };
    assert_eq!(application.scopes.words(), ["copies:read", "operate"]);
    assert_eq!(application.copies_per_day, Some(500));
    assert_eq!(application.application.environment, Some(Environment::Pro));
    assert_eq!(application.certificates.len(), 1);
    let [first, second] = application.keys.as_slice() else {
        panic!("two keys");
    };
    // A key opens on the whole of its last day.
    assert_eq!(first.expires, "2027-01-01T00:00:00Z".parse().ok());
    assert_eq!(second.revoked, "2026-06-01T10:00:00Z".parse().ok());
}

#[test]
fn a_record_that_opens_for_nobody_or_says_nonsense_is_refused_by_name() {
    let record = "[[application]]\nid = \"a\"\nname = \"A\"\norgans = [\"L01990015\"]\n";
    assert!(cause(record).contains("segell keys new"));
    let with = |line: &str| cause(&format!("{}{line}\n", entry("a", "1", "[\"L01990015\"]")));
    assert!(with("scopes = [\"copies:make\"]").contains("copies:make"));
    assert!(with("scopes = []").contains("may do nothing"));
    assert!(with("client_certificates = [{}]").contains("subject"));
    assert!(
        with("token = { issuer = \"i\", audience = \"a\", keys = \"absent\" }").contains("absent")
    );
    let revoked =
        format!("{record}client_certificates = [{{ san = \"a\" }}]\nrevoked = \"2026-01-01\"\n");
    assert!(cause(&revoked).contains("beside the key"));
}
