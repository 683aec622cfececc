//! The door: the only room that knows actix-web.
//!
//! A request comes in through [`trace`] (one span, one line of log) and [`finish`] (its name, problem
//! documents) and [`trail`] (its line in the audit log) to a handler. Handlers read everything that can be refused without the body, take a place
//! in a bounded queue ([`admission`]), read the body ([`intake`]) and run the use case on a blocking
//! thread. Whatever goes wrong is a [`problem::Problem`].

mod admission;
mod auth;
mod client_address;
mod copies;
mod discovery;
mod docs;
mod finish;
mod gauges;
mod intake;
mod lifecycle;
mod negotiation;
mod openapi;
mod operate;
mod operations;
mod oversight;
mod preservation;
pub mod problem;
mod public;
mod readiness;
mod representation;
mod request_id;
mod server;
mod state;
mod status;
mod stored;
mod tally;
mod trace;
mod trail;
mod validations;
pub mod wire;

use actix_web::{HttpRequest, HttpResponse, web};

pub use auth::{
    ApplicationKey, Applications, Registration, Scope, Scopes, TokenIssuer, key_prefix,
};
pub use client_address::{InvalidNetwork, Network};
pub use operate::{
    PartReport, ReloadOutcome, ReloadReport, ReloadedPart, SealChanges, SealTrouble,
};
pub use oversight::{ArchiveProbe, Oversight, Reloader};
pub(crate) use public::report;
pub use public::{
    Accent, CoatOfArms, Look, Looks, RateLimits, Site, Texts, TextsFault, UnfitAccent, UnfitDrawing,
};
pub use server::{Addresses, Server};
pub use state::{AppState, ChainKeeper, HttpSettings, Parts, TimestampSource};

use negotiation::{Accept, Form};
use problem::{Problem, ProblemCode};

/// Software and version, for answers that say what made them.
const SOFTWARE: &str = concat!("segell ", env!("CARGO_PKG_VERSION"));

/// The interface for applications.
fn configure_api(routes: &mut web::ServiceConfig) {
    routes
        .service(post("/v1/copies", web::post().to(copies::create)))
        .service(post(
            "/v1/copies/preflight",
            web::post().to(copies::preflight),
        ))
        .service(get("/v1/copies/{code}", stored::record))
        .service(get("/v1/copies/{code}/document", stored::document))
        .service(get("/v1/copies/{code}/source", stored::source))
        .service(post(
            "/v1/copies/{code}/extend",
            web::post().to(preservation::extend),
        ))
        .service(post(
            "/v1/copies/{code}/withdraw",
            web::post().to(lifecycle::withdraw),
        ))
        .service(post(
            "/v1/copies/{code}/visibility",
            web::post().to(lifecycle::visibility),
        ))
        .service(post("/v1/validations", web::post().to(validations::create)))
        .service(get("/v1/me", discovery::me))
        .service(get("/v1/organs", discovery::organs))
        .service(get("/v1/organs/{organ}/status", status::show))
        .service(get("/v1/seals", discovery::seals))
        .service(get("/v1/problems", discovery::problems))
        .service(post("/v1/operate/reload", web::post().to(operate::reload)))
        .service(get("/openapi.json", docs::description))
        .service(get("/docs", docs::to_pages))
        .service(docs::pages());
}

fn post(path: &str, route: actix_web::Route) -> actix_web::Resource {
    web::resource(path)
        .route(route)
        .default_service(web::to(|| not_allowed("POST")))
}

fn get<F, Args>(path: &str, handler: F) -> actix_web::Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .default_service(web::to(|| not_allowed("GET, HEAD")))
}

async fn not_allowed(methods: &'static str) -> Result<HttpResponse, Problem> {
    Err(Problem::new(ProblemCode::MethodNotAllowed).with_field("allow", methods))
}

/// An address that leads nowhere: a page for browsers, a problem for everybody else.
async fn not_found(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    match Accept::of(request.headers()).choose(Form::Json, Form::Html) {
        Form::Html => public::nowhere(&request, &state),
        Form::Json | Form::Pdf => Err(ProblemCode::NotFound.into()),
    }
}
