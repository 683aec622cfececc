//! The listener for whoever runs the service: is it alive, is it ready, how is it doing.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::state::AppState;
use super::{gauges, readiness};

/// The text format of Prometheus.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// The routes of the operations listener. They name no organ's people, no key and no code.
pub(crate) fn configure(routes: &mut web::ServiceConfig) {
    routes
        .route("/livez", web::get().to(livez))
        .route("/livez", web::head().to(livez))
        .route("/readyz", web::get().to(readyz))
        .route("/readyz", web::head().to(readyz))
        .route("/metrics", web::get().to(metrics))
        .route("/metrics", web::head().to(metrics));
}

/// The process answers.
async fn livez() -> HttpResponse {
    say(HttpResponse::Ok(), TEXT, "alive\n".to_owned())
}

/// The process can do its work: a line for each condition, and 503 when one does not hold.
async fn readyz(state: web::Data<AppState>) -> HttpResponse {
    let conditions = readiness::conditions(&state).await;
    let lines = conditions.iter().map(|condition| condition.line());
    let answer = match conditions.iter().all(|condition| condition.outcome.is_ok()) {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    say(answer, TEXT, lines.collect())
}

/// What was counted, and what is.
async fn metrics(state: web::Data<AppState>) -> HttpResponse {
    match &state.oversight().exposition {
        Some(exposition) => {
            let text = exposition.render(|gauges| gauges::read(&state, gauges));
            say(HttpResponse::Ok(), EXPOSITION, text)
        }
        None => HttpResponse::NotFound().finish(),
    }
}

fn say(
    mut answer: actix_web::HttpResponseBuilder,
    kind: &'static str,
    words: String,
) -> HttpResponse {
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type(kind)
        .body(words)
}
