//! What every answer gets on its way out: the name of the request, the fields that keep browsers and
//! caches honest, and a problem document in the place of whatever else went wrong.

use actix_web::Error;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;

use super::problem::Problem;
use super::request_id::{RequestId, X_REQUEST_ID};
use crate::telemetry::measure;

/// Middleware, inside the one that makes the span.
pub(crate) async fn finish(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let answer = next.call(request).await?;
    let mut answer = match problem_of(&answer) {
        Some(problem) => {
            measure::problem(problem.entry().code);
            let document = problem.respond(answer.request());
            let allow = answer.headers().get(header::ALLOW).cloned();
            let mut answer = answer.into_response(document);
            if let Some(allow) = allow {
                answer.headers_mut().insert(header::ALLOW, allow);
            }
            answer
        }
        None => answer.map_into_boxed_body(),
    };
    let request_id = RequestId::of(answer.request()).to_value();
    let fields = answer.headers_mut();
    if let Some(request_id) = request_id {
        fields.insert(X_REQUEST_ID, request_id);
    }
    fields.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if !fields.contains_key(header::VARY) {
        fields.insert(header::VARY, HeaderValue::from_static("Accept"));
    }
    Ok(answer)
}

/// The problem that an answer stands for: ours, or that of an error the framework made.
pub(super) fn problem_of<B: MessageBody>(answer: &ServiceResponse<B>) -> Option<Problem> {
    if let Some(error) = answer.response().error() {
        let problem = error.as_error::<Problem>().cloned();
        return Some(problem.unwrap_or_else(|| Problem::of_status(answer.status())));
    }
    let failed = answer.status().is_client_error() || answer.status().is_server_error();
    let empty = matches!(
        answer.response().body().size(),
        BodySize::None | BodySize::Sized(0)
    );
    (failed && empty).then(|| Problem::of_status(answer.status()))
}
