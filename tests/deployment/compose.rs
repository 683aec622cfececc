//! `compose.yaml` and the `nginx.conf` that it mounts.

use serde_json::Value;

use crate::{accepted_by_production, deployed, of_image, variables, yaml};

const REPLICAS: [&str; 2] = ["segell-1", "segell-2"];

fn compose() -> Option<Value> {
    yaml("compose.yaml").map(|documents| documents[0].clone())
}

/// The value of a directive of nginx that stands in the file once.
fn directive(name: &str) -> String {
    let text = deployed("nginx.conf");
    let mut found = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix(' '));
    let value = found.next().unwrap_or_else(|| panic!("{name} is missing"));
    assert_eq!(found.next(), None, "{name} stands there twice");
    value.trim().trim_end_matches(';').to_owned()
}

fn strings(list: &Value) -> Vec<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

#[test]
fn two_replicas_have_settings_that_production_accepts_and_secrets_in_files() {
    let Some(compose) = compose() else { return };
    for name in REPLICAS {
        let replica = &compose["services"][name];
        let mut said = of_image();
        let own = variables(&replica["environment"]);
        for (name, value) in &own {
            assert!(
                !name.contains("SECRET") && !name.contains("PASSWORD"),
                "{name}={value}"
            );
        }
        said.extend(own);
        let settings = accepted_by_production(&said);
        assert!(settings.archive.url.starts_with("s3://segell/"));
        // Each file of keys is a secret that compose mounts, and that is made beside the file.
        let mounted = strings(&replica["secrets"]);
        for path in [settings.codes.keys_file, settings.access.factor_keys_file] {
            let path = path.unwrap();
            let name = path.strip_prefix("/run/secrets").unwrap().to_string_lossy();
            assert!(mounted.contains(&&*name), "{name}");
            assert!(compose["secrets"][&*name]["file"].is_string(), "{name}");
        }
        let credentials = said["AWS_SHARED_CREDENTIALS_FILE"].replace("/run/secrets/", "");
        assert!(mounted.contains(&&*credentials));
        assert_eq!(
            strings(&replica["healthcheck"]["test"]),
            ["CMD", "segell", "health"]
        );
        let grace = replica["stop_grace_period"].as_str().unwrap();
        let grace: u64 = grace.trim_end_matches('s').parse().unwrap();
        assert!(grace > settings.server.shutdown_seconds);
    }
}

#[test]
fn no_container_may_more_than_it_has_to_and_every_image_is_pinned() {
    let Some(compose) = compose() else { return };
    for (name, service) in compose["services"].as_object().unwrap() {
        let (_, tag) = service["image"].as_str().unwrap().split_once(':').unwrap();
        assert!(tag.contains(|c: char| c.is_ascii_digit()), "{name}: {tag}");
        if name == "store-setup" {
            continue;
        }
        assert_eq!(strings(&service["cap_drop"]), ["ALL"], "{name}");
        let options = strings(&service["security_opt"]);
        assert_eq!(options, ["no-new-privileges:true"], "{name}");
        let user = service["user"].as_str().unwrap();
        assert!(!user.starts_with('0'), "{name}: {user}");
        if name != "store" {
            assert_eq!(service["read_only"], true, "{name}");
        }
        // Nothing but the proxy is reached from outside.
        assert_eq!(service["ports"].is_array(), name == "proxy", "{name}");
    }
}

#[test]
fn the_proxy_is_who_the_replicas_believe_and_speaks_to_both() {
    let Some(compose) = compose() else { return };
    let address = &compose["services"]["proxy"]["networks"]["inside"]["ipv4_address"];
    let replica = &compose["services"][REPLICAS[0]]["environment"];
    let trusted = replica["SEGELL__SERVER__TRUSTED_PROXIES"].as_str().unwrap();
    assert_eq!(trusted, format!("[{address}]"));
    let configuration = deployed("nginx.conf");
    let port = of_image()["SEGELL__SERVER__BIND"].replace("0.0.0.0", "");
    for name in REPLICAS {
        assert!(
            configuration.contains(&format!("server {name}{port} ")),
            "{name}"
        );
    }
    assert_eq!(
        directive("proxy_set_header X-Forwarded-For"),
        "$remote_addr"
    );
}

#[test]
fn nginx_lets_a_document_through_that_the_service_takes_and_keeps_none() {
    let settings = accepted_by_production(&{
        let mut said = of_image();
        said.extend(
            [
                ("SEGELL__SERVER__BEHIND_PROXY", "true"),
                ("SEGELL__CODES__KEYS_FILE", "/codes"),
                ("SEGELL__ACCESS__FACTOR_KEYS_FILE", "/factors"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        said
    });
    let limit = directive("client_max_body_size");
    let limit: usize = limit.trim_end_matches('m').parse().unwrap();
    let body = settings.limits.body_bytes.bytes();
    assert!((limit << 20) > body && (limit << 20) < body * 2);
    assert_eq!(directive("proxy_request_buffering"), "off");
    assert_eq!(directive("proxy_max_temp_file_size"), "0");
}

#[test]
fn no_variable_with_a_path_is_logged() {
    let configuration = deployed("nginx.conf");
    let format = configuration.split("log_format").nth(1).unwrap();
    let format = format.split(';').next().unwrap();
    for variable in [
        "$request ",
        "$request\"",
        "$request_uri",
        "$uri",
        "$args",
        "$query_string",
        "$document_uri",
        "$http_referer",
        "$http_",
        "$upstream_cache",
    ] {
        assert!(!format.contains(variable), "{variable}");
    }
    assert_eq!(directive("error_log"), "stderr alert");
}
