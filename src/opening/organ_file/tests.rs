//! What an organ's file may say, and what is said about one that says something else.

use super::*;

const ORGAN: &str = r#"
dir3 = "L01990015"
nif = "P0801900B"
environment = "pre"
cession = "own"
name = { ca = "Ajuntament de Prova" }
place = "Prova"
verification_address = "https://verifica.exemple.cat"
"#;

fn fault(text: &str) -> OrganFileFault {
    OrganFile::read(text).unwrap_err()
}

#[test]
fn an_organ_with_a_pkcs12_seal_is_read_with_defaults() {
    let text = format!("{ORGAN}[seal]\npkcs12 = \"a.p12\"\npassphrase_file = \"a.pass\"\n");
    let (organ, seal, _) = OrganFile::read(&text).unwrap();
    assert_eq!(organ.dir3.as_str(), "L01990015");
    assert_eq!(organ.language, Language::Ca);
    assert_eq!(organ.policy, Policy::default());
    let seal = seal.unwrap();
    assert_eq!(seal.container, ContainerFiles::Pkcs12("a.p12".into()));
    assert_eq!(seal.algorithm, SealAlgorithm::RsaPkcs1Sha256);
}

#[test]
fn the_files_of_a_seal_kept_elsewhere_are_not_asked_for() {
    let text = ORGAN.replace("\"own\"", "\"ceded\"");
    let (organ, seal, _) = OrganFile::read(&text).unwrap();
    assert_eq!(organ.cession, Cession::Ceded);
    assert_eq!(seal, None);
}

#[test]
fn a_field_that_does_not_exist_is_named_with_its_line() {
    let OrganFileFault::NotAnOrgan { line, cause } = fault(&format!("{ORGAN}nmae = 1\n")) else {
        panic!("another fault");
    };
    assert_eq!(line, 9);
    assert!(cause.contains("nmae"), "{cause}");
}

#[test]
fn a_wrong_nif_is_named_with_its_line() {
    let OrganFileFault::NotAnOrgan { line, cause } =
        fault(&ORGAN.replace("P0801900B", "P0801900C"))
    else {
        panic!("another fault");
    };
    assert_eq!(line, 3);
    assert!(cause.contains("NIF"), "{cause}");
}

#[test]
fn a_seal_in_no_place_or_in_two_is_refused() {
    assert_eq!(fault(ORGAN), OrganFileFault::NoSeal);
    for seal in [
        "[seal]\n",
        "[seal]\nkey = \"a\"\n",
        "[seal]\npkcs12 = \"a\"\nkey = \"b\"\ncertificates = \"c\"\n",
    ] {
        assert_eq!(fault(&format!("{ORGAN}{seal}")), OrganFileFault::Container);
    }
    let both = "[seal]\npkcs12 = \"a\"\npkcs11 = { module = \"m\", token = \"t\", key = \"k\" }\n";
    assert_eq!(fault(&format!("{ORGAN}{both}")), OrganFileFault::Container);
}

fn on_token(table: &str) -> Result<ContainerFiles, OrganFileFault> {
    let text = format!("{ORGAN}[seal]\npkcs11 = {{ module = \"m.so\", {table} }}\n");
    OrganFile::read(&text).map(|(_, seal, _)| seal.unwrap().container)
}

#[test]
fn a_key_on_a_token_is_named_by_label_or_id_and_has_four_sessions() {
    let container = on_token("serial = \"0a\", key = \"k\", id = \"A1:02\", pin_file = \"p\"");
    let Ok(ContainerFiles::Token {
        place,
        certificates: None,
        pin_file,
    }) = container
    else {
        panic!("another container");
    };
    assert_eq!(place.module, PathBuf::from("m.so"));
    assert_eq!(place.token, TokenName::Serial("0a".to_owned()));
    assert_eq!(place.key.label.as_deref(), Some("k"));
    assert_eq!(place.key.id, Some(vec![0xa1, 2]));
    assert_eq!((place.sessions, pin_file), (4, Some("p".into())));
}

#[test]
fn a_token_or_a_key_that_is_not_named_or_twice_is_refused_by_name() {
    for table in [
        "key = \"k\"",
        "token = \"t\"",
        "token = \"t\", serial = \"s\", key = \"k\"",
        "token = \"t\", id = \"a\"",
        "token = \"t\", id = \"\"",
        "token = \"t\", id = \"+1\"",
    ] {
        let fault = on_token(table).unwrap_err();
        assert!(matches!(fault, OrganFileFault::Pkcs11(_)), "{table}");
    }
}

#[test]
fn an_accent_on_which_white_text_cannot_be_read_is_refused_with_its_line() {
    let with = |colour: &str| {
        let looks = format!("accent = \"{colour}\"\ncoat_of_arms = \"escut.svg\"\n");
        ORGAN.replace("\"own\"", "\"ceded\"") + &looks
    };
    let (_, _, look) = OrganFile::read(&with("#7a1f2b")).unwrap();
    assert_eq!(look.accent, "#7a1f2b".parse().ok());
    assert_eq!(look.coat_of_arms, Some("escut.svg".into()));
    let OrganFileFault::NotAnOrgan { line, cause } = fault(&with("#ffcc00")) else {
        panic!("another fault");
    };
    assert_eq!(line, 9);
    assert!(cause.contains("4.5:1"), "{cause}");
}

#[test]
fn a_seal_is_open_shared_or_exclusive_and_a_contradiction_is_told() {
    let read = |use_of: &str| {
        let text = format!("{ORGAN}[seal]\npkcs12 = \"a.p12\"\n{use_of}");
        let (_, seal, _) = OrganFile::read(&text).unwrap();
        seal.unwrap().seal_use
    };
    assert_eq!(read(""), Ok(SealUse::Open));
    let shared = read("use = \"shared\"\napplications = [\"a\", \"b\"]\n").unwrap();
    assert!(shared.permits("a") && shared.permits("b") && !shared.permits("c"));
    let exclusive = read("use = \"exclusive\"\napplications = [\"a\"]\n");
    assert_eq!(exclusive, Ok(SealUse::Exclusive("a".to_owned())));
    for contradiction in [
        "use = \"exclusive\"\n",
        "use = \"exclusive\"\napplications = [\"a\", \"b\"]\n",
        "use = \"shared\"\n",
        "use = \"shared\"\napplications = []\n",
        "applications = []\n",
    ] {
        assert!(read(contradiction).is_err(), "{contradiction}");
    }
}

#[test]
fn an_empty_name_is_refused() {
    let text = ORGAN.replace("Ajuntament de Prova", " ");
    assert_eq!(fault(&text), OrganFileFault::Empty("name"));
}
