//! How a store on the network is reached: by the standard variables of S3 clients, and the settings.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::archive::{Patience, StoreAccess};
use crate::settings::ArchiveSettings;

/// What the environment and the settings say; `None` without credentials.
pub(super) fn of_process(settings: &ArchiveSettings) -> Option<StoreAccess> {
    access(settings, |name| std::env::var(name).ok())
}

fn access(
    settings: &ArchiveSettings,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<StoreAccess> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    Some(StoreAccess {
        endpoint: set("AWS_ENDPOINT_URL_S3").or_else(|| set("AWS_ENDPOINT_URL")),
        region: set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")),
        access_key_id: set("AWS_ACCESS_KEY_ID")?,
        secret_access_key: Zeroizing::new(set("AWS_SECRET_ACCESS_KEY")?),
        session_token: set("AWS_SESSION_TOKEN").map(Zeroizing::new),
        patience: Patience {
            connect: Duration::from_secs(settings.connect_seconds),
            request: Duration::from_secs(settings.request_seconds),
            retries: settings.retries,
            at_once: settings.requests_at_once,
        },
    })
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

    fn of(variables: &[(&str, &str)]) -> Option<StoreAccess> {
        access(&SETTINGS, |wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        })
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
}
