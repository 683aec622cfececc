//! Layers, faults and refusals.

use std::fs;

use super::*;

fn surroundings(variables: &[(&str, &str)]) -> Surroundings {
    Surroundings {
        folder: PathBuf::from("/nonexistent"),
        variables: variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("config")).unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn load_in(
    folder: &tempfile::TempDir,
    variables: &[(&str, &str)],
) -> Result<(Settings, Origins), Vec<SettingsError>> {
    Settings::load(&Surroundings {
        folder: folder.path().to_owned(),
        ..surroundings(variables)
    })
}

fn complaints(result: Result<(Settings, Origins), Vec<SettingsError>>) -> Vec<String> {
    result
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn without_any_file_the_evaluation_profile_is_complete() {
    let (settings, origins) = Settings::load(&surroundings(&[])).unwrap();
    assert_eq!(settings.profile, Profile::Evaluation);
    assert_eq!(settings.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.archive.url, "file://./archive");
    assert_eq!(settings.limits.body_bytes.bytes(), 64 << 20);
    assert_eq!(
        settings.organs.folder,
        PathBuf::from("certs-example/organs")
    );
    assert_eq!(settings.codes.keys_file, None);
    assert!(
        origins
            .origin("organs.folder")
            .unwrap()
            .starts_with("built in, evaluation.toml:")
    );
    assert!(
        origins
            .origin("server.bind")
            .unwrap()
            .starts_with("built in:")
    );
}

#[test]
fn each_layer_overrides_the_one_before() {
    let folder = folder_with(&[
        (
            "config/evaluation.toml",
            "[server]\nqueue = 1\nworkers = 1\nconnections = 1\nbody_seconds = 1\n",
        ),
        (
            "config/local.toml",
            "[server]\nworkers = 2\nconnections = 2\nbody_seconds = 2\n",
        ),
        ("more.toml", "[server]\nconnections = 3\nbody_seconds = 3\n"),
    ]);
    let (settings, origins) = load_in(
        &folder,
        &[
            ("SEGELL_CONFIG", "more.toml"),
            ("SEGELL__SERVER__BODY_SECONDS", "4"),
        ],
    )
    .unwrap();
    let server = &settings.server;
    assert_eq!(
        [
            server.queue as u64,
            server.workers as u64,
            server.connections as u64,
            server.body_seconds
        ],
        [1, 2, 3, 4]
    );
    assert_eq!(
        origins.origin("server.queue"),
        Some("config/evaluation.toml:2")
    );
    assert_eq!(
        origins.origin("server.workers"),
        Some("config/local.toml:2")
    );
    assert_eq!(origins.origin("server.connections"), Some("more.toml:2"));
    assert_eq!(
        origins.origin("server.body_seconds"),
        Some("the environment, SEGELL__SERVER__BODY_SECONDS")
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_place_and_the_nearest() {
    let folder = folder_with(&[(
        "config/local.toml",
        "[server]\n\nbnid = \"127.0.0.1:1\"\n[limits]\npgaes = 3\n",
    )]);
    assert_eq!(
        complaints(load_in(&folder, &[])),
        [
            "config/local.toml:5: there is no setting `limits.pgaes`; did you mean `limits.pages`?",
            "config/local.toml:3: there is no setting `server.bnid`; did you mean `server.bind`?",
        ]
    );
}

#[test]
fn the_right_word_in_the_wrong_section_is_near_too() {
    let variables = [("SEGELL__SERVER__BODY_BYTES", "1")];
    let complaint = complaints(Settings::load(&surroundings(&variables))).remove(0);
    assert!(complaint.contains("`limits.body_bytes`"), "{complaint}");
}

#[test]
fn a_variable_with_single_underscores_is_not_silently_ignored() {
    let variables = [
        ("SEGELL_SERVER_BIND", "0.0.0.0:1"),
        ("SEGELL_SERVICE_HOST", "10.0.0.1"),
    ];
    let complaints = complaints(Settings::load(&surroundings(&variables)));
    assert_eq!(complaints.len(), 1);
    assert!(complaints[0].contains("SEGELL__SERVER__BIND"));
}

#[test]
fn a_value_of_another_kind_is_named_with_its_place() {
    let folder = folder_with(&[(
        "config/local.toml",
        "[server]\nqueue = \"many\"\nbehind_proxy = 1\n[limits]\nbody_bytes = true\ncpu_seconds = 1.5\n",
    )]);
    assert_eq!(
        complaints(load_in(&folder, &[])),
        [
            "config/local.toml:5: `limits.body_bytes` has to be a size such as \"64 MiB\"",
            "config/local.toml:6: `limits.cpu_seconds` has to be a whole number",
            "config/local.toml:3: `server.behind_proxy` has to be true or false",
            "config/local.toml:2: `server.queue` has to be a whole number",
        ]
    );
}

#[test]
fn a_value_that_cannot_be_is_named_with_its_place() {
    let check = |name: &str, value: &str, key: &str| {
        let complaint = complaints(Settings::load(&surroundings(&[(name, value)]))).remove(0);
        assert!(
            complaint.starts_with(&format!("the environment, {name}: `{key}")),
            "{complaint}"
        );
    };
    check("SEGELL__SERVER__BIND", "here", "server.bind");
    check("SEGELL__LIMITS__BODY_BYTES", "64 MB", "limits.body_bytes");
    check("SEGELL__LIMITS__PAGES", "-1", "limits.pages");
    check("SEGELL__SERVER__QUEUE", "-1", "server.queue");
    check("SEGELL__LOG__FORMAT", "xml", "log.format");
    check(
        "SEGELL__TIMESTAMP__AUTHORITIES",
        "[{ uri = \"http://tsa\" }]",
        "timestamp.authorities",
    );
}

#[test]
fn a_size_may_be_a_number_and_a_list_may_come_from_the_environment() {
    let (settings, origins) = Settings::load(&surroundings(&[
        ("SEGELL__LIMITS__BODY_BYTES", "1024"),
        (
            "SEGELL__TIMESTAMP__AUTHORITIES",
            "[{ url = \"http://user:word@tsa.example\" }]",
        ),
    ]))
    .unwrap();
    assert_eq!(settings.limits.body_bytes.bytes(), 1024);
    assert_eq!(settings.timestamp.authorities.len(), 1);
    let shown: Vec<_> = origins
        .iter()
        .map(|(_, effective)| &effective.value)
        .collect();
    assert!(!shown.iter().any(|value| value.contains("word")));

    let folder = folder_with(&[("config/local.toml", "[limits]\nbody_bytes = 2048\n")]);
    let (settings, _) = load_in(&folder, &[]).unwrap();
    assert_eq!(settings.limits.body_bytes.bytes(), 2048);
}

#[test]
fn a_section_written_as_a_value_and_a_value_written_as_a_section_are_refused() {
    for text in ["server = 1\n", "[server.bind]\nport = 1\n"] {
        let folder = folder_with(&[("config/local.toml", text)]);
        assert!(complaints(load_in(&folder, &[]))[0].contains("there is no setting `server"));
    }
}

#[test]
fn a_file_that_is_not_toml_and_one_that_is_missing_are_named() {
    let folder = folder_with(&[("config/local.toml", "[server]\nbind = \n")]);
    assert!(complaints(load_in(&folder, &[]))[0].starts_with("config/local.toml:2: "));
    let named = complaints(Settings::load(&surroundings(&[(
        "SEGELL_CONFIG",
        "absent.toml",
    )])));
    assert!(named[0].starts_with("absent.toml cannot be read"));
}

#[test]
fn values_that_do_not_go_together_are_refused() {
    let refused = |variables: &[(&str, &str)]| {
        complaints(Settings::load(&surroundings(variables))).join("\n")
    };
    let budget = refused(&[("SEGELL__SERVER__BYTES_IN_FLIGHT", "63 MiB")]);
    assert!(budget.contains("`server.bytes_in_flight`"), "{budget}");
    let address = refused(&[("SEGELL__SERVER__OPERATIONS_BIND", "127.0.0.1:8080")]);
    assert!(address.contains("`server.operations_bind`"), "{address}");
    let nothing = refused(&[("SEGELL__LIMITS__CPU_SECONDS", "0")]);
    assert!(nothing.contains("`limits.cpu_seconds`"), "{nothing}");
    let free = [
        ("SEGELL__SERVER__BIND", "127.0.0.1:0"),
        ("SEGELL__SERVER__OPERATIONS_BIND", "127.0.0.1:0"),
    ];
    assert!(Settings::load(&surroundings(&free)).is_ok());
}

#[test]
fn an_unknown_profile_is_refused_with_those_there_are() {
    let complaint = complaints(Settings::load(&surroundings(&[("SEGELL_PROFILE", "prod")])));
    assert!(complaint[0].contains("evaluation or production"));
}

#[test]
fn every_file_in_config_loads() {
    for profile in Profile::ALL {
        let variables = [("SEGELL_PROFILE", profile.word())];
        let (settings, origins) = Settings::load(&surroundings(&variables)).unwrap();
        assert_eq!(settings.profile, profile);
        assert_eq!(settings.refusals(&origins), []);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in fs::read_dir(folder.join("config")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let layer = Layer::of_text(&path.display().to_string(), &text).unwrap();
        let known = Layer::of_text("default", DEFAULT).unwrap().known_keys();
        assert_eq!(layer.faults(&known), []);
    }
}

#[test]
fn the_limits_are_those_of_the_design() {
    let (settings, _) = Settings::load(&surroundings(&[])).unwrap();
    let source = crate::pdf::Limits::default();
    let limits = &settings.limits;
    assert_eq!(
        (
            limits.pages,
            limits.objects,
            limits.nesting,
            limits.revisions
        ),
        (
            source.pages,
            source.objects,
            source.nesting,
            source.revisions
        )
    );
    assert_eq!(limits.stream_bytes.bytes(), source.stream_bytes);
    assert_eq!(limits.inflated_bytes.bytes(), source.inflated_bytes);
    assert_eq!(limits.cpu_seconds, 10);
}

#[test]
fn production_refuses_what_is_only_good_for_trying_out() {
    let (settings, origins) = Settings::load(&surroundings(&[
        ("SEGELL_PROFILE", "production"),
        ("SEGELL__CODES__KEYS_FILE", ""),
        ("SEGELL__SERVER__BIND", "0.0.0.0:8080"),
        ("SEGELL__RETENTION__PRO_DAYS", "1825"),
        ("SEGELL__ARCHIVE__URL", "file://./archive"),
        ("SEGELL__ACCESS__FACTOR_KEYS_FILE", ""),
        ("SEGELL__AUDIT__KEYS_FILE", ""),
        ("SEGELL__AUDIT__FOLDER", ""),
    ]))
    .unwrap();
    let keys: Vec<_> = settings
        .refusals(&origins)
        .iter()
        .map(|refusal| refusal.key)
        .collect();
    assert_eq!(
        keys,
        [
            "codes.keys_file",
            "access.factor_keys_file",
            "audit.keys_file",
            "audit.folder",
            "server.bind",
            "retention.pro_days",
            "archive.url"
        ]
    );
}

#[test]
fn production_binds_anywhere_with_tls_of_its_own() {
    let with = |variables: &[(&str, &str)]| Settings::load(&surroundings(variables));
    let production = ("SEGELL_PROFILE", "production");
    let anywhere = ("SEGELL__SERVER__BIND", "0.0.0.0:8443");
    let certificate = ("SEGELL__TLS__CERTIFICATE", "tls.pem");
    let key = ("SEGELL__TLS__KEY_FILE", "tls.key");
    let (settings, origins) = with(&[production, anywhere, certificate, key]).unwrap();
    assert_eq!(settings.refusals(&origins), []);
    for (variables, at) in [
        (vec![certificate], "`tls.key_file`"),
        (vec![key], "`tls.certificate`"),
        (
            vec![("SEGELL__TLS__CLIENT_CA", "ca.pem")],
            "`tls.client_ca`",
        ),
        (
            vec![certificate, key, ("SEGELL__SERVER__BEHIND_PROXY", "true")],
            "`tls.certificate`",
        ),
    ] {
        let complaint = complaints(with(&variables)).join("\n");
        assert!(complaint.contains(at), "{complaint}");
    }
}

#[test]
fn production_binds_anywhere_behind_a_proxy() {
    let (settings, origins) = Settings::load(&surroundings(&[
        ("SEGELL_PROFILE", "production"),
        ("SEGELL__SERVER__BIND", "0.0.0.0:8080"),
        ("SEGELL__SERVER__BEHIND_PROXY", "true"),
    ]))
    .unwrap();
    assert_eq!(settings.refusals(&origins), []);
}
