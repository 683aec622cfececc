//! The door: the only room that knows actix-web.
//!
//! A request comes in through [`trace`] (one span, one line of log) and [`finish`] (its name, problem
//! documents) to a handler. Handlers read everything that can be refused without the body, take a place
//! in a bounded queue ([`admission`]), read the body ([`intake`]) and run the use case on a blocking
//! thread. Whatever goes wrong is a [`problem::Problem`].

mod admission;
mod auth;
mod copies;
mod discovery;
mod docs;
mod finish;
mod intake;
mod negotiation;
mod openapi;
mod operations;
pub mod problem;
mod public;
mod representation;
mod request_id;
mod state;
mod trace;
mod validations;
pub mod wire;

use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, HttpServer, web};
use tracing_actix_web::TracingLogger;

pub use auth::{ApplicationKey, Applications};
pub use state::{AppState, HttpSettings, Parts};

use problem::{Problem, ProblemCode};

/// Software and version, for answers that say what made them.
const SOFTWARE: &str = concat!("segell ", env!("CARGO_PKG_VERSION"));

/// Time in which a connection that is being closed may still send: enough to read the answer to a
/// request whose body was not wanted.
const LINGER: Duration = Duration::from_secs(5);

/// Threads of the operations listener.
const OPERATIONS_THREADS: usize = 1;

/// The public addresses and the methods each of them has.
pub(crate) const ROUTES: [(&str, &str); 17] = [
    ("/v1/copies", "POST"),
    ("/v1/copies/preflight", "POST"),
    ("/v1/copies/{code}", "GET, HEAD"),
    ("/v1/copies/{code}/document", "GET, HEAD"),
    ("/v1/copies/{code}/source", "GET, HEAD"),
    ("/v1/validations", "POST"),
    ("/v1/me", "GET, HEAD"),
    ("/v1/organs", "GET, HEAD"),
    ("/v1/seals", "GET, HEAD"),
    ("/v1/problems", "GET, HEAD"),
    ("/openapi.json", "GET, HEAD"),
    ("/docs", "GET, HEAD"),
    ("/robots.txt", "GET, HEAD"),
    ("/favicon.ico", "GET, HEAD"),
    ("/", "GET, HEAD"),
    ("/{code}", "GET, HEAD"),
    ("/{code}/document", "GET, HEAD"),
];

/// The interface: every address with its handler.
fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(post("/v1/copies", web::post().to(copies::create)))
        .service(post(
            "/v1/copies/preflight",
            web::post().to(copies::preflight),
        ))
        .service(get("/v1/copies/{code}", copies::record))
        .service(get("/v1/copies/{code}/document", copies::document))
        .service(get("/v1/copies/{code}/source", copies::source))
        .service(post("/v1/validations", web::post().to(validations::create)))
        .service(get("/v1/me", discovery::me))
        .service(get("/v1/organs", discovery::organs))
        .service(get("/v1/seals", discovery::seals))
        .service(get("/v1/problems", discovery::problems))
        .service(get("/openapi.json", docs::description))
        .service(get("/docs", docs::to_pages))
        .service(docs::pages())
        .service(get("/robots.txt", public::robots))
        .service(get("/favicon.ico", public::favicon))
        .service(get("/", public::start))
        .service(get("/{code}", public::copy))
        .service(get("/{code}/document", public::document));
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

async fn not_found() -> Result<HttpResponse, Problem> {
    Err(ProblemCode::NotFound.into())
}

/// Serves until `stop` resolves, then answers what is under way and returns.
///
/// `public` is for applications and citizens, `operations` for whoever runs the service.
///
/// # Errors
/// A listener that cannot be served from.
pub async fn run(
    state: AppState,
    public: TcpListener,
    operations: TcpListener,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let settings = state.settings().clone();
    let data = web::Data::new(state.clone());
    let interface = data.clone();
    let public = HttpServer::new(move || {
        App::new()
            .app_data(interface.clone())
            .wrap(from_fn(finish::finish))
            .wrap(TracingLogger::<trace::RequestSpan>::new())
            .configure(configure)
            .default_service(web::to(not_found))
    })
    .workers(settings.threads.max(1))
    .max_connections(settings.connections.div_ceil(settings.threads.max(1)))
    .client_request_timeout(settings.header_time)
    .client_disconnect_timeout(LINGER)
    .shutdown_timeout(settings.shutdown_time.as_secs())
    .disable_signals()
    .listen(public)?
    .run();
    let operations = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .configure(operations::configure)
    })
    .workers(OPERATIONS_THREADS)
    .disable_signals()
    .listen(operations)?
    .run();
    let (public_handle, operations_handle) = (public.handle(), operations.handle());
    let mut servers = pin!(async { tokio::join!(public, operations) });
    let (public, operations) = tokio::select! {
        ended = &mut servers => ended,
        () = stop => {
            state.stop();
            tokio::join!(public_handle.stop(true), operations_handle.stop(false));
            servers.await
        }
    };
    public.and(operations)
}

#[cfg(test)]
mod tests;
