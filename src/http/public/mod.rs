//! For whoever holds a copy: a code in, the official copy out. No key, no cookie, no script.
//!
//! A page never shows a document's title, and never the document itself: mail scanners and link previews
//! open addresses too. The document is behind a link.

mod answer;
mod page;
mod record;
mod words;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;

use self::answer::{HTML, guard, guards, html, is_test, render};
use self::page::{CopyPage, NothingPage, ReportPage, StartPage};
use self::record::{PublicCopy, public_copy};
use self::words::Words;
use super::negotiation::{Accept, Form};
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::request_id::RequestId;
use super::state::AppState;
use super::stored::{self, Found, give_out};
use super::wire::Tally;
use crate::archive::{Content, CopyStatus};
use crate::model::Environment;
use crate::model::code::CodeError;
use crate::validate::{Indication, Report, Verdict};

/// The time zone of the dates shown: that of the administrations served, as in the band.
const ZONE: &str = "Europe/Madrid";

/// Longest code given back in the form, in characters.
const LONGEST_ECHO: usize = 500;

/// What the form sends.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Typed {
    /// The code (CSV), in whatever form: with hyphens or spaces, or a pasted address.
    codi: Option<String>,
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
        return start_page(&request, &state, HttpResponse::Ok(), "", None);
    };
    match stored::read_code(text) {
        Ok(code) => {
            let mut answer = HttpResponse::SeeOther();
            guard(&mut answer, &state);
            let page = format!("/{}", code.compact());
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
        (status = 404, description = "No copy with this code.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 410, description = "The copy is no longer in force.", body = String,
            content_type = "text/html"),
        (status = 503, description = "The archive cannot be looked at now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn copy(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let code = match stored::read_code(&code) {
        Ok(code) => code,
        Err(error) => return mistyped(&request, &state, &code, error),
    };
    let test_code = code.environment() == Environment::Pre;
    match stored::find(&state, code).await {
        Ok(found) if form(&request) == Form::Json => public_copy(&state, &found),
        Ok(found) if found.status == CopyStatus::InForce => copy_page(&request, &state, &found),
        Ok(found) => gone(&request, &state, found.status),
        Err(problem) => nothing(&request, &state, problem, test_code),
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
        (status = "4XX", description = "No copy with this code, or none that is in force.",
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
    let code = match stored::read_code(&code) {
        Ok(code) => code,
        Err(error) => return mistyped(&request, &state, &code, error),
    };
    let test_code = code.environment() == Environment::Pre;
    let found = match stored::find(&state, code).await {
        Ok(found) if found.status == CopyStatus::InForce => found,
        Ok(found) => return gone(&request, &state, found.status),
        Err(problem) => return nothing(&request, &state, problem, test_code),
    };
    match give_out(&request, &state, &found, Content::Document).await {
        Ok(mut answer) => {
            for (name, value) in guards(&state) {
                answer.headers_mut().insert(name, value);
            }
            Ok(answer)
        }
        Err(problem) => nothing(&request, &state, problem, test_code),
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

/// A report as a page.
pub(crate) fn report_page(
    state: &AppState,
    mut answer: HttpResponseBuilder,
    report: &Report,
) -> Result<HttpResponse, Problem> {
    let verdict = match report.verdict {
        Verdict::Identical => "This is exactly a copy that was issued here",
        Verdict::Extended => "This is a copy that was issued here, with allowed data added to it",
        Verdict::Altered => "This was altered: it is not what was issued here",
        Verdict::SealedNotRegistered => "Sealed with a seal known here, but not in the archive",
        Verdict::NotOurs => "This is no copy that was issued here",
        Verdict::Undetermined => "Whether this was issued here cannot be said now",
    };
    let indication = match report.indication {
        Some(Indication::TotalPassed) => "Signatures: TOTAL-PASSED",
        Some(Indication::Indeterminate) => "Signatures: INDETERMINATE",
        Some(Indication::TotalFailed) => "Signatures: TOTAL-FAILED",
        None => "There is no signature in it",
    };
    let mood = match (report.verdict, report.indication) {
        (Verdict::Identical | Verdict::Extended, Some(Indication::TotalPassed)) => "good",
        (Verdict::Altered, _) | (_, Some(Indication::TotalFailed)) => "bad",
        _ => "",
    };
    let page = ReportPage {
        report,
        verdict,
        indication,
        mood,
    };
    guard(&mut answer, state);
    render(answer, &page)
}

fn form(request: &HttpRequest) -> Form {
    Accept::of(request.headers()).choose(Form::Html, Form::Json)
}

fn copy_page(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
) -> Result<HttpResponse, Problem> {
    let words = Words::for_reader(request.headers());
    let intent = &found.record.intent;
    let seat = state.sealer().organs().seat(&intent.organ);
    let organ = seat.map(|seat| &seat.organ);
    let name = organ.map(|organ| organ.names.in_language(words.language()));
    let until = date(intent.available_until);
    let page = CopyPage {
        words,
        test: intent.environment == Environment::Pre,
        organ: name.unwrap_or(&intent.seal.common_name),
        nif: organ.map(|organ| organ.nif.as_str()),
        dir3: intent.organ.as_str(),
        address: organ.map(|organ| organ.verification_address.as_str()),
        pages: &intent.band.pages.to_string(),
        compact: &found.code.compact(),
        size: size(found.record.document.size),
        kind: words.kind_of_copy(intent.description.kind),
        issued: date(intent.issued_at),
        code: &found.code.grouped(),
        status: words.in_force.replace("{date}", &until),
        signatures: Tally::of(&intent.source_signatures).map(|tally| words.tally(tally)),
        seal: &intent.seal.common_name,
        digest: found.record.document.digest.to_string(),
    };
    let mut answer = HttpResponse::Ok();
    guard(&mut answer, state);
    render(answer, &page)
}

fn start_page(
    request: &HttpRequest,
    state: &AppState,
    mut answer: HttpResponseBuilder,
    typed: &str,
    error: Option<CodeError>,
) -> Result<HttpResponse, Problem> {
    let words = Words::for_reader(request.headers());
    let typed: String = typed.chars().take(LONGEST_ECHO).collect();
    let page = StartPage {
        words,
        test: is_test(state),
        typed: &typed,
        error: error.map(|error| words.mistyped(error)),
    };
    guard(&mut answer, state);
    render(answer, &page)
}

fn mistyped(
    request: &HttpRequest,
    state: &AppState,
    typed: &str,
    error: CodeError,
) -> Result<HttpResponse, Problem> {
    if form(request) == Form::Json {
        return Err(Problem::from(&error));
    }
    start_page(
        request,
        state,
        HttpResponse::BadRequest(),
        typed,
        Some(error),
    )
}

/// The page of a copy that is no longer in force. `InForce` cannot come here but for a change between
/// two looks, and is then as good as "cannot look now".
fn gone(
    request: &HttpRequest,
    state: &AppState,
    status: CopyStatus,
) -> Result<HttpResponse, Problem> {
    let words = Words::for_reader(request.headers());
    let title = match status {
        CopyStatus::Withdrawn => words.withdrawn,
        CopyStatus::Expired => words.expired,
        CopyStatus::Erased => words.erased,
        CopyStatus::InForce => words.down_title,
    };
    let problem = Problem::new(ProblemCode::CopyGone);
    say_nothing(request, state, problem, title, words.gone_lead)
}

fn nothing(
    request: &HttpRequest,
    state: &AppState,
    problem: Problem,
    test_code: bool,
) -> Result<HttpResponse, Problem> {
    let words = Words::for_reader(request.headers());
    let (title, lead) = match problem.entry().status {
        500.. => (words.down_title, words.down_lead),
        404 if test_code && !is_test(state) => (words.not_found_title, words.test_code),
        404 => (words.not_found_title, words.not_found_lead),
        _ => return Err(problem),
    };
    say_nothing(request, state, problem, title, lead)
}

/// A problem as a page, or as itself for who prefers JSON.
fn say_nothing(
    request: &HttpRequest,
    state: &AppState,
    problem: Problem,
    title: &str,
    lead: &str,
) -> Result<HttpResponse, Problem> {
    if form(request) == Form::Json {
        return Err(problem);
    }
    let request_id = RequestId::of(request);
    let page = NothingPage {
        words: Words::for_reader(request.headers()),
        test: is_test(state),
        title,
        lead,
        // "We cannot look now" is never red.
        doubtful: problem.entry().status < 500,
        request_id: request_id.as_str(),
    };
    let html = html(&page)?;
    let mut answer = problem.respond(request).set_body(html);
    for (name, value) in guards(state) {
        answer.headers_mut().insert(name, value);
    }
    answer.headers_mut().insert(header::CONTENT_TYPE, HTML);
    Ok(answer.map_into_boxed_body())
}

/// `21/11/2026`, where the administrations are.
fn date(time: Timestamp) -> String {
    let zone = TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
    time.to_zoned(zone).strftime("%d/%m/%Y").to_string()
}

/// `340 kB`, `12 MB`: whole numbers need no decimal sign, which languages write differently.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}
