//! `segell trust`: from the list of lists to anchors, with lists as they were published.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stage::Stage;
use crate::support::{corpus, tools};

/// A list of the corpus; `None` (said aloud) when there is no corpus here.
fn list(name: &str) -> Option<PathBuf> {
    let all = corpus::folder("tsl")?;
    let found = all
        .into_iter()
        .find(|file| file.name == format!("tsl/{name}"));
    Some(found.unwrap().path)
}

/// The certificate in a list's own signature, as PEM. Whoever really trusts a list gets it from elsewhere.
fn own_signer(stage: &Stage, list: &Path) -> String {
    let text = fs::read_to_string(list).unwrap();
    let (_, key_info) = text.split_once("<ds:KeyInfo>").unwrap();
    let (_, certificate) = key_info.split_once("X509Certificate>").unwrap();
    let (certificate, _) = certificate.split_once('<').unwrap();
    let compact: Vec<char> = certificate.chars().filter(|c| !c.is_whitespace()).collect();
    let lines: Vec<String> = compact
        .chunks(64)
        .map(|line| line.iter().collect())
        .collect();
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        lines.join("\n")
    );
    let path = stage.file("signer.pem", pem);
    path.display().to_string()
}

fn stage() -> Stage {
    Stage::new()
        .with("SEGELL__TRUST__SEALS", "trust/seals")
        .with("SEGELL__TRUST__TIMESTAMPS", "trust/timestamps")
}

#[test]
fn the_chain_from_the_list_of_lists_to_anchors_needs_no_network() {
    let (Some(lotl), Some(spanish)) = (list("eu-lotl.xml"), list("ES.xml")) else {
        return;
    };
    let stage = stage();
    let (lotl, spanish) = (lotl.display().to_string(), spanish.display().to_string());
    let signer = own_signer(&stage, Path::new(&lotl));

    let told = stage.run(&["trust", "import", &lotl, "--signer", &signer, "--stale-ok"]);
    assert_eq!(told.exit, 0, "{told:?}");
    assert!(
        told.out
            .contains("https://ec.europa.eu/tools/lotl/eu-lotl.xml"),
        "{told:?}"
    );
    assert!(told.out.contains("nothing to import"), "{told:?}");
    assert!(!stage.path("trust").exists());

    let pins = [
        "trust",
        "signers",
        &lotl,
        "--signer",
        &signer,
        "--stale-ok",
        "--country",
        "es",
    ];
    let pins = stage.run(&pins);
    assert_eq!(pins.exit, 0, "{pins:?}");
    let pins = stage.file("es.pem", pins.out).display().to_string();
    let import = ["trust", "import", &spanish, "--signer", &pins, "--stale-ok"];
    let imported = stage.run(&import);
    assert_eq!(imported.exit, 0, "{imported:?}");
    assert!(imported.out.contains("EC-SectorPublic"), "{imported:?}");
    assert!(stage.path("trust/seals/trusted-list-ES-seals.pem").exists());
    assert!(
        stage
            .path("trust/timestamps/trusted-list-ES-timestamps.pem")
            .exists()
    );

    let again = stage.run(&import);
    assert_eq!(again.out.matches("as before").count(), 2, "{again:?}");

    let listed = stage.run(&["trust", "list", "--json"]);
    assert_eq!(listed.exit, 1, "a list of 2019 is stale: {listed:?}");
    let json = listed.json();
    assert_eq!(json["state"]["lists"][0]["territory"], "ES");
    assert_eq!(json["state"]["lists"][0]["sequence"], 88);
    assert_eq!(json["stale"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["seals"].as_array().map(Vec::len), Some(120));
    assert_eq!(json["timestamps"].as_array().map(Vec::len), Some(18));
    let config = stage.run(&["check-config"]);
    assert!(
        config.out.contains("trusted list of ES, number 88"),
        "{config:?}"
    );
    assert!(config.out.contains("STALE"), "{config:?}");
}

#[test]
fn a_list_that_is_stale_or_of_another_signer_is_refused_and_nothing_is_written() {
    let (Some(spanish), Some(finnish)) = (list("ES.xml"), list("fi-v5.xml")) else {
        return;
    };
    let stage = stage();
    let signer = own_signer(&stage, &spanish);
    let spanish = spanish.display().to_string();
    let stale = stage.run(&["trust", "import", &spanish, "--signer", &signer]);
    assert_eq!(stale.exit, 1, "{stale:?}");
    assert!(stale.error.contains("due on 2020-02-08"), "{stale:?}");

    let finnish = finnish.display().to_string();
    let other = stage.run(&[
        "trust",
        "import",
        &finnish,
        "--signer",
        &signer,
        "--stale-ok",
    ]);
    assert_eq!(other.exit, 1, "{other:?}");
    assert!(
        other.error.contains("not among those you named"),
        "{other:?}"
    );
    assert!(other.error.contains("→ operator:"), "{other:?}");

    let none = stage.run(&["trust", "import", &spanish, "--stale-ok"]);
    assert_eq!(none.exit, 2, "{none:?}");
    let dry = [
        "trust",
        "import",
        &spanish,
        "--signer",
        &signer,
        "--stale-ok",
        "--dry-run",
        "--json",
    ];
    let dry = stage.run(&dry);
    assert_eq!(dry.exit, 0, "{dry:?}");
    assert_eq!(dry.json()["written"], false);
    assert_eq!(
        dry.json()["files"][1]["differences"]
            .as_array()
            .map(Vec::len),
        Some(18)
    );
    assert!(!stage.path("trust").exists());
}

/// A stage, and the command that imports the Spanish list there.
fn import_of_the_spanish_list() -> Option<(Stage, Vec<String>)> {
    let spanish = list("ES.xml")?;
    let stage = stage();
    let signer = own_signer(&stage, &spanish);
    let spanish = spanish.display().to_string();
    let import = [
        "trust",
        "import",
        &spanish,
        "--signer",
        &signer,
        "--stale-ok",
    ];
    Some((stage, import.map(str::to_owned).into()))
}

#[test]
fn an_older_list_does_not_take_the_place_of_a_newer_one() {
    let Some((stage, mut import)) = import_of_the_spanish_list() else {
        return;
    };
    import.extend(["--purpose", "seals"].map(str::to_owned));
    let import: Vec<&str> = import.iter().map(String::as_str).collect();
    assert_eq!(stage.run(&import).exit, 0);
    let path = stage.path("trust/seals/trusted-list-ES-seals.pem");
    assert!(
        !stage.path("trust/timestamps").exists(),
        "only seals were asked for"
    );
    let text = fs::read_to_string(&path).unwrap();
    let newer = text.replace("# sequence = 88", "# sequence = 89");
    fs::write(&path, &newer).unwrap();

    let refused = stage.run(&import);
    assert_eq!(refused.exit, 1, "{refused:?}");
    assert!(
        refused
            .error
            .contains("number 89 of the list was imported before"),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
    let mut forced = import.clone();
    forced.push("--force");
    assert_eq!(stage.run(&forced).exit, 0);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);

    let other = text.replace("# sha256 = \"bf", "# sha256 = \"00");
    fs::write(&path, &other).unwrap();
    let refused = stage.run(&import);
    assert!(
        refused.error.contains("another list with the number 88"),
        "{refused:?}"
    );
}

#[test]
fn an_imported_file_that_was_edited_stops_the_start_by_name() {
    let Some((stage, import)) = import_of_the_spanish_list() else {
        return;
    };
    let import: Vec<&str> = import.iter().map(String::as_str).collect();
    assert_eq!(stage.run(&import).exit, 0);
    let path = stage.path("trust/seals/trusted-list-ES-seals.pem");
    let text = fs::read_to_string(&path).unwrap();
    let last = text.rfind("-----BEGIN").unwrap();
    fs::write(&path, &text[..last]).unwrap();
    let said = stage.run(&["trust", "list"]);
    assert_eq!(said.exit, 2, "{said:?}");
    assert!(said.error.contains("trusted-list-ES-seals.pem"), "{said:?}");
    assert!(said.error.contains("it was edited"), "{said:?}");
}

/// xmlsec1 verifies the same signatures by other code, down to the XML parser.
#[test]
fn xmlsec1_agrees_about_every_list() {
    if !tools::present(&["xmlsec1"]) {
        return;
    }
    let Some(all) = corpus::folder("tsl") else {
        return;
    };
    let stage = stage();
    let mut verdicts = Vec::new();
    for file in all
        .iter()
        .filter(|file| file.name.ends_with(".xml") && !file.name.ends_with("tl-empty.xml"))
    {
        let signer = own_signer(&stage, &file.path);
        let path = file.path.display().to_string();
        let ours = stage.run(&[
            "trust",
            "import",
            &path,
            "--signer",
            &signer,
            "--stale-ok",
            "--dry-run",
        ]);
        let theirs = tools::run(
            "xmlsec1",
            [
                "--verify",
                "--insecure",
                "--id-attr:Id",
                "SignedProperties",
                &path,
            ],
        )
        .unwrap();
        assert_eq!(
            ours.exit == 0,
            theirs.status.success(),
            "{path}: {ours:?}\n{theirs:?}"
        );
        verdicts.push(ours.exit == 0);
    }
    verdicts.sort();
    assert_eq!(verdicts, [false, true, true, true]);
}
