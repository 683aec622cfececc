//! For whoever holds a copy: a code in, the official copy out. No key, no cookie, no script needed.
//!
//! A page never shows a document's title, and never the document itself: mail scanners and link previews
//! open addresses too. The document is behind a link.
//!
//! Every page is a [`frame::Frame`] around one template of [`pages`], in the words of [`texts`].

mod answer;
mod assets;
pub(super) mod check;
pub(super) mod compare;
mod comparison;
mod counted;
mod drawing;
mod eni;
pub(super) mod factor;
mod frame;
mod icons;
mod limits;
mod look;
pub(super) mod pages;
mod reader;
pub(super) mod receipt;
mod record;
mod registered;
pub(crate) mod report;
mod site;
mod texts;
mod verdict;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use serde::Deserialize;
use utoipa::IntoParams;

use self::answer::{guard, guards, is_test};
pub use self::drawing::UnfitDrawing;
pub(crate) use self::limits::Limits;
pub use self::limits::RateLimits;
use self::limits::Toll;
pub use self::look::{Accent, CoatOfArms, Look, UnfitAccent};
use self::pages::copy::Opening;
use self::pages::notice::{self, Notice};
use self::reader::Reader;
use self::record::{PublicCopy, public_copy};
pub(crate) use self::registered::Registered;
pub(crate) use self::report::report_page;
pub use self::site::{Looks, Site};
pub use self::texts::{Texts, TextsFault};
use super::get;
use super::negotiation::{Accept, Form};
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::state::AppState;
use super::stored::{self, Found, give_out};
use super::trail::Trail;
use crate::archive::{CodeIndex, Content, CopyStatus, Disclosure, Withheld};
use crate::model::Environment;
use crate::model::code::{Code, CodeError};

/// The public addresses. The last ones take every name, so nothing may be added after them.
pub(super) fn configure(routes: &mut web::ServiceConfig) {
    let check = web::resource("/check")
        .route(web::get().to(check::page))
        .route(web::head().to(check::page))
        .route(web::post().to(check::upload))
        .default_service(web::to(|| super::not_allowed("GET, HEAD, POST")));
    configure_looks(routes);
    routes
        .service(get("/robots.txt", robots))
        .service(get("/favicon.ico", favicon))
        .service(check)
        .service(super::post(
            "/check/digests",
            web::post().to(check::digests),
        ))
        .service(super::post(
            "/check/receipt",
            web::post().to(receipt::of_file),
        ))
        .service(get_and_post(
            "/compare",
            compare::form,
            web::post().to(compare::by_code),
        ))
        .service(get("/segells", pages::seals::list))
        .service(get("/que-es", pages::prose::about))
        .service(get("/base-legal", pages::prose::legal))
        .service(get("/accessibilitat", pages::prose::accessibility))
        .service(get("/privacitat", pages::prose::privacy))
        .service(get("/", start))
        .service(get_and_post("/{code}", copy, web::post().to(factor::open)))
        .service(get_and_post(
            "/{code}/document",
            document,
            web::post().to(factor::document),
        ))
        .service(super::post(
            "/{code}/receipt",
            web::post().to(receipt::of_copy),
        ))
        .service(get_and_post(
            "/{code}/compare",
            compare::form_of_copy,
            web::post().to(compare::of_copy),
        ));
}

/// An address that may also be asked with the second factor of a restricted copy.
fn get_and_post<F, Args>(path: &str, handler: F, post: actix_web::Route) -> actix_web::Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::resource(path)
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
        .route(post)
        .default_service(web::to(|| super::not_allowed("GET, HEAD, POST")))
}

/// What pages are shown with; an interface without the site gives it out too, for its reports.
pub(super) fn configure_looks(routes: &mut web::ServiceConfig) {
    routes
        .service(get("/assets/{name}", assets::give))
        .service(get("/organs/{organ}/accent.css", look::accent))
        .service(get("/organs/{organ}/coat-of-arms.svg", look::coat_of_arms));
}

/// What the form sends.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Typed {
    /// The code (CSV), in whatever form: with hyphens or spaces, or a pasted address.
    codi: Option<String>,
    /// The language of the page: `ca`, `es`, `oc-aranes` or `en`.
    #[expect(dead_code, reason = "describes what `reader` reads")]
    lang: Option<String>,
}

/// The start page: a form for a code. With a code it leads to the page of the copy.
#[utoipa::path(get, path = "/", tag = "public", security(()), responses(
    (status = 200, description = "The form.", body = String, content_type = "text/html"),
    (status = 303, description = "To the page of the copy."),
    (status = 400, description = "The code is mistyped; the page says where.",
        content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
))]
pub(crate) async fn start(
    request: HttpRequest,
    state: web::Data<AppState>,
    typed: web::Query<Typed>,
) -> Result<HttpResponse, Problem> {
    let Some(text) = &typed.codi else {
        return pages::form::page(&request, &state, HttpResponse::Ok(), None);
    };
    match stored::read_code(text) {
        Ok(code) => {
            let mut answer = HttpResponse::SeeOther();
            guard(&mut answer, &state);
            let page = Reader::of(&request).link(&format!("/{}", code.compact()));
            Ok(answer.insert_header((header::LOCATION, page)).finish())
        }
        Err(error) => mistyped(&request, &state, text, error),
    }
}

/// The page of a copy: what it is, whose, since when, whether it is in force.
#[utoipa::path(get, path = "/{code}", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    responses(
        (status = 200, description = "The copy, as HTML unless JSON is preferred.",
            content((String = "text/html"), (PublicCopy = "application/json"))),
        (status = 400, description = "The code is mistyped; the page says where.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 403, description = "The copy takes a second factor; for people that is a page (200) with \
                                       a form for it.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "No copy with this code.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 410, description = "The copy is no longer in force.", body = String,
            content_type = "text/html"),
        (status = 429, description = "Too many requests from one address.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 503, description = "The archive cannot be looked at now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn copy(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = match find(&request, &state, &code).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match found.standing.facts_for_the_public() {
        Ok(()) if form(&request) == Form::Json => public_copy(&state, &found),
        Ok(()) if found.standing.status == CopyStatus::InForce => {
            let opening = match found.standing.for_the_public() {
                Ok(_) => Opening::Link,
                Err(_) => Opening::Withheld,
            };
            show(&request, &state, &found, opening).await
        }
        Ok(()) => gone(&request, &state, &found),
        Err(withheld) => hold_back(&request, &state, &found, withheld, HttpResponse::Ok()),
    }
}

/// The page of a copy whose facts may be shown.
async fn show(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
    opening: Opening,
) -> Result<HttpResponse, Problem> {
    // Without the list the page says less, and nothing wrong.
    let seals = registered::seals(state).await.unwrap_or_default();
    let fingerprint = found.standing.record.intent.seal.fingerprint;
    let seal = seals
        .iter()
        .find(|seal| seal.certificate.fingerprint == fingerprint);
    pages::copy::page(request, state, found, seal, &opening)
}

/// What is answered instead of what is withheld. For people a restricted copy is no failure, so their
/// answer begins as `restricted`.
fn hold_back(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
    withheld: Withheld,
    restricted: HttpResponseBuilder,
) -> Result<HttpResponse, Problem> {
    match withheld {
        Withheld::NotInForce(_) => gone(request, state, found),
        Withheld::FactorNeeded if form(request) == Form::Html => {
            Trail::of(request).outcome(ProblemCode::FactorNeeded.entry().code);
            pages::restricted::page(request, state, found, restricted, None)
        }
        Withheld::FactorNeeded => Err(factor::needed(found)),
        Withheld::NotPublic => {
            let here = format!("/{}", found.code.compact());
            let problem = Problem::from(&withheld);
            say_nothing(
                request,
                state,
                &here,
                problem,
                &Notice::NotPublic,
                Some(found),
            )
        }
    }
}

/// The sealed PDF of a copy.
#[utoipa::path(get, path = "/{code}/document", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    responses(
        (status = 200, description = "The sealed PDF.", body = super::openapi::Binary,
            content_type = "application/pdf"),
        (status = 206, description = "The range asked for.", body = super::openapi::Binary,
            content_type = "application/pdf"),
        (status = "4XX", description = "No copy with this code, none that is in force, or none whose content is \
                                       public.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 503, description = "The archive cannot be looked at now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn document(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = match find(&request, &state, &code).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match found.standing.for_the_public() {
        Ok(disclosure) => give(&request, &state, &found.code, disclosure).await,
        Err(withheld) => hold_back(
            &request,
            &state,
            &found,
            withheld,
            HttpResponse::Forbidden(),
        ),
    }
}

/// Gives the sealed PDF to who may have it.
async fn give(
    request: &HttpRequest,
    state: &AppState,
    code: &Code,
    disclosure: Disclosure<'_>,
) -> Result<HttpResponse, Problem> {
    match give_out(request, state, disclosure, Content::Newest).await {
        Ok(mut answer) => {
            for (name, value) in guards(state) {
                answer.headers_mut().insert(name, value);
            }
            Ok(answer)
        }
        Err(problem) => nothing(request, state, problem, code),
    }
}

/// Search engines have no business here.
pub(crate) async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}

/// Browsers ask for one.
pub(crate) async fn favicon() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// What is answered instead of going on.
type Answered = Result<HttpResponse, Problem>;

/// The copy whose code is written so, or what is answered instead.
async fn find(request: &HttpRequest, state: &AppState, written: &str) -> Result<Found, Answered> {
    let code =
        stored::read_code(written).map_err(|error| mistyped(request, state, written, error))?;
    let found = look_up(request, state, &code).await;
    counted::look_up(state, &code, &found);
    found.map_err(|problem| nothing(request, state, problem, &code))
}

/// Looks a code up, unless its sender asks too often.
async fn look_up(request: &HttpRequest, state: &AppState, code: &Code) -> Result<Found, Problem> {
    state.limits().pass(request, Toll::LookUp)?;
    let trail = Trail::of(request);
    trail.copy(CodeIndex::of(code));
    let found = stored::find(state, code.clone()).await?;
    trail.about(&found.standing.record.intent);
    Ok(found)
}

fn form(request: &HttpRequest) -> Form {
    Accept::of(request.headers()).choose(Form::Html, Form::Json)
}

fn mistyped(
    request: &HttpRequest,
    state: &AppState,
    typed: &str,
    error: CodeError,
) -> Result<HttpResponse, Problem> {
    counted::typo();
    if form(request) == Form::Json {
        return Err(Problem::from(&error));
    }
    let answer = HttpResponse::BadRequest();
    pages::form::page(request, state, answer, Some((typed, error)))
}

/// The page of a copy that is no longer in force.
fn gone(request: &HttpRequest, state: &AppState, found: &Found) -> Result<HttpResponse, Problem> {
    let problem = Problem::from(found.standing.status);
    let here = format!("/{}", found.code.compact());
    let notice = Notice::of_copy(found, state.now());
    say_nothing(request, state, &here, problem, &notice, Some(found))
}

/// The page of a code without a copy. A test code on a real service is explained: its first group
/// says it, whatever the archive knows.
fn nothing(
    request: &HttpRequest,
    state: &AppState,
    problem: Problem,
    code: &Code,
) -> Result<HttpResponse, Problem> {
    let foreign_test = code.environment() == Environment::Pre && !is_test(state);
    let notice = match Notice::of_problem(&problem) {
        Notice::NotFound if foreign_test => Notice::OtherEnvironment,
        Notice::Refused => return Err(problem),
        notice => notice,
    };
    let here = format!("/{}", code.compact());
    say_nothing(request, state, &here, problem, &notice, None)
}

/// A problem as a page, or as itself for who prefers JSON.
fn say_nothing(
    request: &HttpRequest,
    state: &AppState,
    here: &str,
    problem: Problem,
    notice: &Notice,
    found: Option<&Found>,
) -> Result<HttpResponse, Problem> {
    Trail::of(request).outcome(problem.entry().code);
    if form(request) == Form::Json {
        return Err(problem);
    }
    notice::page(request, state, here, notice, &problem, found)
}

/// The page of an address that leads nowhere.
pub(super) fn nowhere(request: &HttpRequest, state: &AppState) -> Result<HttpResponse, Problem> {
    let problem = Problem::new(ProblemCode::NotFound);
    notice::page(request, state, "/", &Notice::Nowhere, &problem, None)
}
