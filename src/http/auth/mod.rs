//! Who calls, and what for: an application known by its key or token (`Authorization: Bearer …`) or by its
//! client certificate, and the scope that each route demands.
//!
//! A handler that takes a [`Caller<D>`] cannot be reached without the scope that `D` demands; whom the
//! caller may act for is in its [`Access`] and never in the body of a request beyond it.

pub(crate) mod quota;
mod refusal;
mod registry;
mod scope;
mod token;

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest, web};
use jiff::Timestamp;

use super::problem::{Problem, ProblemCode};
use super::state::AppState;
use super::trail::Trail;
use crate::archive::Intent;
use crate::model::code::Code;
use crate::model::{Dir3, Environment};
use crate::pki::tls::PeerCertificate;
use crate::seal::Application;
use refusal::Refusal;
use registry::Recognised;
pub use registry::{ApplicationKey, Applications, Registration, key_prefix};
pub(crate) use scope::{Any, Demand, Issue, Operate, Read, Validate, Withdraw};
pub use scope::{Scope, Scopes};
pub(crate) use token::Subject;
pub use token::TokenIssuer;

/// Longest key or token looked at, in bytes.
const LONGEST_SECRET: usize = 8 << 10;

/// What a credential gives access to.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// The application, with the organs and the environment that the credential allows.
    pub(crate) application: Arc<Application>,
    /// What it may do.
    pub(crate) scopes: Scopes,
    /// Copies that it may make in a day.
    pub(crate) copies_per_day: Option<u64>,
    /// When the key ends.
    pub(crate) expires: Option<Timestamp>,
    /// What the audit log is told of its request.
    pub(crate) trail: Trail,
}

impl Access {
    /// Whether it may ask for this organ and see its copies in this environment.
    pub(crate) fn may_use(&self, organ: &Dir3, environment: Environment) -> bool {
        let own = self.application.environment;
        self.application.organs.contains(organ) && own.is_none_or(|own| own == environment)
    }

    /// Whether it may see this copy.
    pub(crate) fn may_see(&self, intent: &Intent) -> bool {
        self.may_use(&intent.organ, intent.environment)
    }

    /// Refuses a code of the other environment, which shows by itself: no archive is asked.
    pub(crate) fn meets(&self, code: &Code) -> Result<(), Problem> {
        match self.application.environment {
            Some(own) if own != code.environment() => {
                Err(Problem::environments(own, code.environment()))
            }
            _ => Ok(()),
        }
    }
}

/// The application that calls a route which demands `D`. Extracting it from a request demands a valid
/// credential with that scope.
#[derive(Debug)]
pub(crate) struct Caller<D> {
    access: Access,
    demand: PhantomData<D>,
}

impl<D> Deref for Caller<D> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<D: Demand> FromRequest for Caller<D> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(access(request).and_then(|access| {
            match D::SCOPE {
                Some(scope) if !access.scopes.contains(scope) => {
                    Err(Problem::new(ProblemCode::ScopeMissing)
                        .with_detail(format!("It takes the scope {}.", scope.word())))
                }
                _ => Ok(Self {
                    access,
                    demand: PhantomData,
                }),
            }
        }))
    }
}

/// What the credential of a request gives access to. A key or token decides when there is one;
/// otherwise the client certificate of the connection.
fn access(request: &HttpRequest) -> Result<Access, Problem> {
    let state = request
        .app_data::<web::Data<AppState>>()
        .ok_or(ProblemCode::Internal)?;
    let applications = state.applications();
    let outcome = match (bearer(request), request.conn_data::<PeerCertificate>()) {
        (Some(secret), _) => applications.by_secret(secret, is_local(request), state.now()),
        (None, Some(certificate)) => applications.by_certificate(certificate),
        (None, None) => Err(Refusal::NoCredential),
    };
    let recognised = outcome.map_err(|refusal| Problem::from(&meets_nobody(refusal, state)))?;
    let trail = Trail::of(request);
    let end_user = recognised
        .token
        .as_ref()
        .and_then(|token| token.end_user.as_deref());
    trail.by(&recognised.registration.application.id, end_user);
    let span = tracing::Span::current();
    span.record(
        "application",
        recognised.registration.application.id.as_str(),
    );
    if let Some(end_user) = end_user {
        span.record("end_user", end_user);
    }
    Access::of(recognised, state, trail)
}

/// A key of an environment that nobody here is of has most likely come to the wrong service.
fn meets_nobody(refusal: Refusal, state: &AppState) -> Refusal {
    match refusal {
        Refusal::KeyUnknown {
            environment: Some(credential),
        } if !state.serves(credential) && state.serves(credential.other()) => {
            Refusal::Environment {
                credential,
                here: credential.other(),
            }
        }
        refusal => refusal,
    }
}

impl Access {
    fn of(recognised: Recognised<'_>, state: &AppState, trail: Trail) -> Result<Self, Problem> {
        let Recognised {
            registration,
            mut application,
            expires,
            token,
        } = recognised;
        let mut scopes = registration.scopes;
        if let Some(token) = token {
            let organ = state
                .organ_of_subject(&token.subject)
                .filter(|organ| application.organs.contains(organ))
                .ok_or_else(|| {
                    Problem::new(ProblemCode::OrganNotAllowed).with_detail(
                        "The application may not ask for the organ in the token's sub.",
                    )
                })?;
            // A token speaks for one organ, whatever its application may do besides.
            let narrowed = Arc::make_mut(&mut application);
            narrowed.organs = vec![organ];
            narrowed.default_organ = None;
            scopes = token.scopes.map_or(scopes, |asked| scopes.both(asked));
        }
        Ok(Self {
            application,
            scopes,
            copies_per_day: registration.copies_per_day,
            expires,
            trail,
        })
    }
}

/// The key or token in `Authorization: Bearer …` (RFC 6750, 2.1); the scheme in any case.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    let secret = secret.trim();
    (scheme.eq_ignore_ascii_case("bearer") && (1..=LONGEST_SECRET).contains(&secret.len()))
        .then_some(secret)
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

    #[test]
    fn a_key_is_read_from_the_bearer_scheme_only() {
        let key = |value: &str| {
            let request = TestRequest::default()
                .insert_header((AUTHORIZATION, value))
                .to_http_request();
            bearer(&request).map(str::to_owned)
        };
        assert_eq!(key("Bearer secret").as_deref(), Some("secret"));
        assert_eq!(key("bearer  secret ").as_deref(), Some("secret"));
        assert_eq!(key("Basic secret"), None);
        assert_eq!(key("Bearer "), None);
        assert_eq!(key(&format!("Bearer {}", "k".repeat(9000))), None);
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
