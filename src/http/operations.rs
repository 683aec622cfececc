//! The listener for whoever runs the service: is it alive, is it ready.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::state::AppState;

/// The routes of the operations listener. They name no internals.
pub(crate) fn configure(routes: &mut web::ServiceConfig) {
    routes
        .route("/livez", web::get().to(livez))
        .route("/livez", web::head().to(livez))
        .route("/readyz", web::get().to(readyz))
        .route("/readyz", web::head().to(readyz));
}

/// The process answers.
async fn livez() -> HttpResponse {
    say(HttpResponse::Ok(), "alive\n")
}

/// The process can do its work: it is not about to stop, there is room in its queue, and its archive
/// answers. A seal that is not loaded concerns its organ only, never the whole node.
async fn readyz(state: web::Data<AppState>) -> HttpResponse {
    if state.is_stopping() {
        return say(HttpResponse::ServiceUnavailable(), "stopping\n");
    }
    if state.sealing().admit().is_err() {
        return say(HttpResponse::ServiceUnavailable(), "queue full\n");
    }
    let worker = AppState::clone(&state);
    let looked = match state.looking_up().admit() {
        Ok(place) => place.run(move || worker.archive_answers()).await,
        Err(problem) => Err(problem),
    };
    match looked {
        Ok(true) => say(HttpResponse::Ok(), "ready\n"),
        Ok(false) | Err(_) => say(
            HttpResponse::ServiceUnavailable(),
            "archive not reachable\n",
        ),
    }
}

fn say(mut answer: actix_web::HttpResponseBuilder, words: &'static str) -> HttpResponse {
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(words)
}
