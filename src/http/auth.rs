//! Who calls: the application whose key came as `Authorization: Bearer KEY`.

use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};

use super::problem::{Problem, ProblemCode};
use super::state::AppState;
use crate::model::{Dir3, Sha256Digest};
use crate::seal::Application;

/// Longest key looked at, in bytes.
const LONGEST_KEY: usize = 512;

/// A key that opens the door, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationKey {
    /// SHA-256 of the key. The key itself is stored nowhere.
    pub digest: Sha256Digest,
    /// Who has it.
    pub application: Application,
    /// It opens only for callers on this machine.
    pub local_only: bool,
}

/// The keys that open the door.
///
/// They are found by their SHA-256. How long a look-up among digests takes says nothing about a key:
/// to learn from it one would have to choose digests, that is, to invert SHA-256.
#[derive(Debug, Default)]
pub struct Applications(BTreeMap<Sha256Digest, Known>);

#[derive(Debug)]
struct Known {
    application: Arc<Application>,
    local_only: bool,
}

impl Applications {
    /// From keys; the last of two that are equal counts, so check before.
    pub fn new(keys: impl IntoIterator<Item = ApplicationKey>) -> Self {
        let known = |key: ApplicationKey| {
            let known = Known {
                application: Arc::new(key.application),
                local_only: key.local_only,
            };
            (key.digest, known)
        };
        Self(keys.into_iter().map(known).collect())
    }

    fn recognise(&self, key: &str, local: bool) -> Option<Arc<Application>> {
        let known = self.0.get(&Sha256Digest::of(key.as_bytes()))?;
        (local || !known.local_only).then(|| Arc::clone(&known.application))
    }
}

/// The application that calls. Extracting it from a request demands a valid key.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Arc<Application>);

impl Caller {
    /// Whether it may ask for this organ and see its copies.
    pub(crate) fn may_use(&self, organ: &Dir3) -> bool {
        self.0.organs.contains(organ)
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(recognise(request))
    }
}

fn recognise(request: &HttpRequest) -> Result<Caller, Problem> {
    let state = request
        .app_data::<web::Data<AppState>>()
        .ok_or(ProblemCode::Internal)?;
    let key = bearer_key(request).ok_or_else(|| {
        Problem::new(ProblemCode::Unauthorized).with_detail("The request carries no key.")
    })?;
    let application = state
        .applications()
        .recognise(key, is_local(request))
        .ok_or_else(|| {
            Problem::new(ProblemCode::Unauthorized)
                .with_detail("The key is not known here, or not from where the request comes.")
        })?;
    tracing::Span::current().record("application", application.id.as_str());
    Ok(Caller(application))
}

/// The key in `Authorization: Bearer KEY` (RFC 6750, 2.1); the scheme in any case.
fn bearer_key(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=LONGEST_KEY).contains(&key.len())).then_some(key)
}

/// Whether the caller is on this machine: its address is loopback and nobody forwarded it.
fn is_local(request: &HttpRequest) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"]
        .iter()
        .any(|field| request.headers().contains_key(*field));
    let loopback = request.peer_addr().is_some_and(|peer| {
        let address = peer.ip();
        address.to_canonical().is_loopback()
    });
    loopback && !forwarded
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn applications(local_only: bool) -> Applications {
        Applications::new([ApplicationKey {
            digest: Sha256Digest::of(b"secret"),
            application: Application {
                id: "a".to_owned(),
                name: "A".to_owned(),
                organs: Vec::new(),
                default_organ: None,
            },
            local_only,
        }])
    }

    #[test]
    fn a_key_is_known_by_its_digest_and_a_local_one_only_here() {
        assert!(applications(false).recognise("secret", false).is_some());
        assert!(applications(false).recognise("Secret", true).is_none());
        assert!(applications(true).recognise("secret", true).is_some());
        assert!(applications(true).recognise("secret", false).is_none());
    }

    #[test]
    fn a_key_is_read_from_the_bearer_scheme_only() {
        let key = |value: &str| {
            let request = TestRequest::default()
                .insert_header((AUTHORIZATION, value))
                .to_http_request();
            bearer_key(&request).map(str::to_owned)
        };
        assert_eq!(key("Bearer secret").as_deref(), Some("secret"));
        assert_eq!(key("bearer  secret ").as_deref(), Some("secret"));
        assert_eq!(key("Basic secret"), None);
        assert_eq!(key("Bearer "), None);
        assert_eq!(key(&format!("Bearer {}", "k".repeat(600))), None);
    }

    #[test]
    fn a_forwarded_caller_is_never_local() {
        let request = |address: &str| TestRequest::default().peer_addr(address.parse().unwrap());
        assert!(is_local(&request("127.0.0.1:9").to_http_request()));
        assert!(is_local(&request("[::1]:9").to_http_request()));
        assert!(is_local(&request("[::ffff:127.0.0.1]:9").to_http_request()));
        assert!(!is_local(&request("192.0.2.1:9").to_http_request()));
        let forwarded = request("127.0.0.1:9").insert_header(("x-forwarded-for", "192.0.2.1"));
        assert!(!is_local(&forwarded.to_http_request()));
    }
}
