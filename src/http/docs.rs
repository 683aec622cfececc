//! The page at `/docs`: Swagger UI out of the binary, so that it works without the network.

use actix_web::dev::HttpServiceFactory;
use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::openapi;

/// What Swagger UI needs and nothing more: it sets styles by itself and draws its icons from data
/// addresses.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The pages below `/docs/`.
pub(crate) fn pages() -> impl HttpServiceFactory {
    let config = Config::new(["/openapi.json"])
        .display_request_duration(true)
        .validator_url("none");
    web::scope("/docs")
        .wrap(
            DefaultHeaders::new()
                .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
                .add((header::REFERRER_POLICY, "no-referrer"))
                .add((header::CACHE_CONTROL, "no-cache")),
        )
        .service(SwaggerUi::new("/{_:.*}").config(config))
}

/// `/openapi.json`.
pub(crate) async fn description() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("application/json")
        .body(openapi::JSON.as_str())
}

/// `/docs`, without the slash that its relative addresses need.
pub(crate) async fn to_pages() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}
