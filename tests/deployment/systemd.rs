//! `segell.service`.

use std::collections::BTreeMap;
use std::fs;

use crate::support::tools;
use crate::{accepted_by_production, deployed};

/// The directives of a section, in order.
fn section(name: &str) -> Vec<(String, String)> {
    let text = deployed("segell.service");
    let start = format!("[{name}]");
    text.lines()
        .skip_while(|line| *line != start)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn values(key: &str) -> Vec<String> {
    let all = section("Service").into_iter();
    all.filter(|(name, _)| name == key)
        .map(|(_, value)| value)
        .collect()
}

/// What it says to the program; `%d` is where systemd puts the credentials.
fn environment() -> BTreeMap<String, String> {
    let said = values("Environment").into_iter().map(|line| {
        let (name, value) = line.split_once('=').unwrap();
        let value = value.trim_matches('\'').replace("%d", "/run/credentials");
        (name.to_owned(), value)
    });
    said.collect()
}

#[test]
fn its_settings_are_accepted_by_production_and_its_archive_is_its_state() {
    let settings = accepted_by_production(&environment());
    assert!(
        settings.server.bind.ip().is_loopback(),
        "a proxy is before it"
    );
    assert_eq!(settings.archive.url, "file:///var/lib/segell");
    assert_eq!(values("StateDirectory"), ["segell"]);
    assert_eq!(values("LogsDirectory"), ["segell"]);
    let stop: u64 = values("TimeoutStopSec")[0].parse().unwrap();
    assert!(stop > settings.server.shutdown_seconds);
    // Each key is a credential that it loads.
    let loaded = values("LoadCredential");
    let files = [
        settings.codes.keys_file,
        settings.access.factor_keys_file,
        settings.audit.keys_file,
    ];
    for path in files {
        let path = path.unwrap();
        let name = path.strip_prefix("/run/credentials").unwrap().display();
        let credential = format!("{name}:/etc/segell/{name}");
        assert!(loaded.contains(&credential), "{credential}: {loaded:?}");
    }
}

#[test]
fn systemd_understands_it_and_finds_it_little_exposed() {
    if !tools::present(&["systemd-analyze"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("segell.service");
    // What it starts is not installed here.
    let text = deployed("segell.service").replace("/usr/local/bin/segell", "/bin/true");
    fs::write(&unit, text).unwrap();
    let unit = unit.display().to_string();
    let verified = tools::run("systemd-analyze", ["verify", "--man=no", &unit]).unwrap();
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    assert!(verified.status.success() && said.is_empty(), "{said}");
    // Exposure from 0 to 10, in tenths.
    let threshold = ["security", "--offline=true", "--threshold=20", &unit];
    let judged = tools::run("systemd-analyze", threshold).unwrap();
    let said = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(judged.status.success(), "{said}");
}
