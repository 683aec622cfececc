//! Who may ask for which organ, in which environment.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::http::Registration;
use crate::model::Environment;
use crate::seal::inspection::Authorisation;

/// The organs for which each application has a credential that opens. The evaluation key is for whichever
/// organs there are, so it demands none.
pub(super) fn of(applications: &[Registration], now: Timestamp) -> Vec<Authorisation> {
    let applications = applications.iter().filter(|known| !known.local_only);
    applications
        .flat_map(|registration| {
            let environments = environments(registration, now);
            let organs = registration.application.organs.iter();
            organs.flat_map(move |organ| {
                environments
                    .clone()
                    .into_iter()
                    .map(|environment| Authorisation {
                        organ: organ.clone(),
                        environment,
                        application: registration.application.id.clone(),
                    })
            })
        })
        .collect()
}

/// The environments of an application: its own, or else those of its credentials. One that has none, or one
/// that says none, may ask in any.
fn environments(registration: &Registration, now: Timestamp) -> BTreeSet<Option<Environment>> {
    if let Some(own) = registration.application.environment {
        return BTreeSet::from([Some(own)]);
    }
    let is_over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
    let keys = registration
        .keys
        .iter()
        .filter(|key| !is_over(key.expires) && !is_over(key.revoked));
    let keys = keys.map(|key| key.environment);
    let certificates = registration.certificates.iter();
    let certificates = certificates.map(|certificate| certificate.environment);
    let issuers = registration.issuer.iter().map(|issuer| issuer.environment);
    let mut environments: BTreeSet<_> = keys.chain(certificates).chain(issuers).collect();
    if environments.is_empty() {
        environments.insert(None);
    }
    environments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{ApplicationKey, Scopes};
    use crate::model::Sha256Digest;
    use crate::seal::Application;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn registration(keys: &[(Option<Environment>, Option<&str>)]) -> Registration {
        let keys = keys.iter().map(|(environment, revoked)| ApplicationKey {
            digest: Sha256Digest::of(b"a key"),
            environment: *environment,
            expires: None,
            revoked: revoked.map(|time| time.parse().unwrap()),
        });
        Registration {
            application: Application {
                id: "registre".to_owned(),
                name: "Registre".to_owned(),
                organs: vec!["L01990015".parse().unwrap()],
                default_organ: None,
                environment: None,
            },
            scopes: Scopes::usual(),
            copies_per_day: None,
            keys: keys.collect(),
            certificates: Vec::new(),
            issuer: None,
            local_only: false,
        }
    }

    #[test]
    fn an_application_may_ask_in_the_environments_of_its_credentials_that_open() {
        let (pre, pro) = (Some(Environment::Pre), Some(Environment::Pro));
        let both = registration(&[(pre, None), (pro, None)]);
        assert_eq!(environments(&both, now()), BTreeSet::from([pre, pro]));
        let revoked = registration(&[(pre, None), (pro, Some("2026-11-01T00:00:00Z"))]);
        assert_eq!(environments(&revoked, now()), BTreeSet::from([pre]));
        let none = registration(&[]);
        assert_eq!(environments(&none, now()), BTreeSet::from([None]));
        let mut own = both;
        own.application.environment = pro;
        assert_eq!(environments(&own, now()), BTreeSet::from([pro]));
    }

    #[test]
    fn the_evaluation_key_demands_no_organ() {
        let mut evaluation = registration(&[]);
        evaluation.local_only = true;
        assert_eq!(of(&[evaluation], now()), []);
        assert_eq!(of(&[registration(&[])], now()).len(), 1);
    }
}
