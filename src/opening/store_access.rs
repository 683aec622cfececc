//! How a store on the network is reached: by the standard variables of S3 clients, the file of credentials
//! that one of them may name, and the settings.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::archive::{Patience, StoreAccess};
use crate::settings::ArchiveSettings;

/// What the environment and the settings say; `None` without credentials.
pub(crate) fn of_process(settings: &ArchiveSettings) -> Option<StoreAccess> {
    access(
        settings,
        |name| std::env::var(name).ok(),
        |path| std::fs::read_to_string(path).ok(),
    )
}

fn access(
    settings: &ArchiveSettings,
    variable: impl Fn(&str) -> Option<String>,
    file: impl Fn(&str) -> Option<String>,
) -> Option<StoreAccess> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let of_variables = || Credentials::of(|name| set(&name.to_ascii_uppercase()));
    let of_file = || {
        let text = Zeroizing::new(file(&set("AWS_SHARED_CREDENTIALS_FILE")?)?);
        let profile = set("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
        Credentials::of(|name| value_in(&text, &profile, name))
    };
    let credentials = of_variables().or_else(of_file)?;
    Some(StoreAccess {
        endpoint: set("AWS_ENDPOINT_URL_S3").or_else(|| set("AWS_ENDPOINT_URL")),
        region: set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")),
        access_key_id: credentials.access_key_id,
        secret_access_key: credentials.secret_access_key,
        session_token: credentials.session_token,
        patience: Patience {
            connect: Duration::from_secs(settings.connect_seconds),
            request: Duration::from_secs(settings.request_seconds),
            retries: settings.retries,
            at_once: settings.requests_at_once,
        },
    })
}

/// Who we are to the store.
struct Credentials {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
}

impl Credentials {
    /// The names are the same in the environment and in files, except for their case.
    fn of(value: impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Self {
            access_key_id: value("aws_access_key_id")?,
            secret_access_key: Zeroizing::new(value("aws_secret_access_key")?),
            session_token: value("aws_session_token").map(Zeroizing::new),
        })
    }
}

/// The value of a name under `[profile]` of a shared credentials file.
fn value_in(text: &str, profile: &str, name: &str) -> Option<String> {
    let header = format!("[{profile}]");
    text.lines()
        .map(str::trim)
        .skip_while(|line| *line != header)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: ArchiveSettings = ArchiveSettings {
        url: String::new(),
        connect_seconds: 2,
        request_seconds: 15,
        retries: 3,
        requests_at_once: 64,
        probe_seconds: 60,
    };

    const FILE: &str = "\
        [other]\naws_access_key_id = theirs\naws_secret_access_key = not this\n\
        # ours\n[default]\naws_access_key_id=ours\n  aws_secret_access_key = a = b\n\
        [more]\naws_session_token = not this\n";

    fn of(variables: &[(&str, &str)]) -> Option<StoreAccess> {
        let variable = |wanted: &str| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let file = |path: &str| (path == "/run/secrets/store").then(|| FILE.to_owned());
        access(&SETTINGS, variable, file)
    }

    #[test]
    fn the_standard_variables_say_where_and_who() {
        let found = of(&[
            ("AWS_ENDPOINT_URL", "http://store:9000"),
            ("AWS_DEFAULT_REGION", "eu-south-2"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", ""),
        ])
        .unwrap();
        assert_eq!(found.endpoint.as_deref(), Some("http://store:9000"));
        assert_eq!(found.region.as_deref(), Some("eu-south-2"));
        assert_eq!(found.secret_access_key.as_str(), "secret");
        assert_eq!(found.session_token, None);
        assert_eq!(found.patience, Patience::default());
    }

    #[test]
    fn without_credentials_there_is_no_access() {
        assert!(of(&[("AWS_ACCESS_KEY_ID", "id")]).is_none());
        assert!(of(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "s")]).is_none());
    }

    #[test]
    fn credentials_may_come_from_a_file_and_the_environment_goes_first() {
        let file = ("AWS_SHARED_CREDENTIALS_FILE", "/run/secrets/store");
        let found = of(&[file]).unwrap();
        assert_eq!(found.access_key_id, "ours");
        assert_eq!(found.secret_access_key.as_str(), "a = b");
        assert_eq!(found.session_token, None);
        let other = of(&[file, ("AWS_PROFILE", "other")]).unwrap();
        assert_eq!(other.access_key_id, "theirs");
        let variables = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "s")];
        let found = of(&[&variables[..], &[file]].concat()).unwrap();
        assert_eq!(found.access_key_id, "id");
        assert!(of(&[file, ("AWS_PROFILE", "nobody")]).is_none());
        assert!(of(&[("AWS_SHARED_CREDENTIALS_FILE", "/absent")]).is_none());
    }
}
