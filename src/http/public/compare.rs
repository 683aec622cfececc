//! `/{CODE}/compare`: the copy that was issued and a file in hand, page by page. The copy's content is
//! shown to who may have it and to nobody else; of the file nothing is kept.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::guard;
use super::comparison::{ComparisonAnswer, Likeness};
use super::factor::{self, Proof, disclosure};
use super::limits::Toll;
use super::pages::compare as page;
use super::pages::notice::Notice;
use super::{find, form as wished, hold_back, nothing, say_nothing};
use crate::archive::{Archive, Content, Disclosure, Pass, Withheld};
use crate::http::admission::{HeldBytes, Place};
use crate::http::intake::{Announced, Received, RequestFields};
use crate::http::negotiation::Form;
use crate::http::problem::{Problem, ProblemCode, ProblemDocument};
use crate::http::representation::answer_json;
use crate::http::state::AppState;
use crate::http::stored::Found;
use crate::raster::{Cause, Comparison};
use crate::seal::Upload;

/// Bytes of pictures in one answer. Pages that differ beyond them are named and not shown.
const PICTURE_BYTES: usize = 6 << 20;

/// What is said beside the file.
#[derive(Default)]
struct Asked {
    code: Option<String>,
    proof: Proof,
}

impl RequestFields for Asked {
    fn add_json(&mut self, _: &[u8]) -> Result<(), Problem> {
        Err(Problem::new(ProblemCode::MetadataInvalid)
            .with_detail("A comparison takes a document, and a factor or a pass, as parts."))
    }

    const TEXTS: &'static [&'static str] = &["codi", "factor", "pass"];

    fn add_text(&mut self, name: &'static str, text: String) {
        let field = match name {
            "codi" => &mut self.code,
            "factor" => &mut self.proof.factor,
            _ => &mut self.proof.pass,
        };
        *field = Some(text);
    }
}

/// The form for a file and the code of its copy.
#[utoipa::path(get, path = "/compare", tag = "public", security(()), responses(
    (status = 200, description = "The form.", body = String, content_type = "text/html"),
))]
pub(crate) async fn form(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    page::form(&request, &state, HttpResponse::Ok(), None, None)
}

/// The form for a file that is to be compared with this copy.
#[utoipa::path(get, path = "/{code}/compare", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    responses(
        (status = 200, description = "The form.", body = String, content_type = "text/html"),
        (status = "4XX", description = "No copy with this code, or none whose content is public.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn form_of_copy(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = match find(&request, &state, &code).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match found.standing.for_the_public() {
        Ok(_) => page::form(&request, &state, HttpResponse::Ok(), Some(&found), None),
        Err(withheld) => withhold(&request, &state, &found, withheld),
    }
}

/// Compares a file with the copy whose code the form names.
#[utoipa::path(post, path = "/compare", tag = "public", security(()),
    request_body(content = crate::http::openapi::ComparisonForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, description = "The comparison, as HTML with pictures unless JSON is preferred.",
            content((String = "text/html"), (ComparisonAnswer = "application/json"))),
        (status = "4XX", description = "No such copy, none whose content is public, or a file that cannot be \
                                       accepted.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = "5XX", description = "The service cannot answer now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn by_code(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let sent = match receive(&request, &state, payload).await {
        Ok(sent) => sent,
        Err(problem) => return refused(&request, &state, problem, None),
    };
    let typed = sent.received.fields.code.as_deref().unwrap_or_default();
    let found = match find(&request, &state, typed).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    judge(&request, &state, found, sent).await
}

/// Compares a file with this copy. It is held in memory, and not kept.
#[utoipa::path(post, path = "/{code}/compare", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    request_body(
        description = "A form with a part `document`, or the PDF as it is.",
        content(
            (crate::http::openapi::ComparisonForm = "multipart/form-data"),
            (crate::http::openapi::Binary = "application/pdf"),
        )
    ),
    responses(
        (status = 200, description = "The comparison, as HTML with pictures unless JSON is preferred.",
            content((String = "text/html"), (ComparisonAnswer = "application/json"))),
        (status = "4XX", description = "No such copy, none whose content is public, or a file that cannot be \
                                       accepted.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = "5XX", description = "The service cannot answer now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn of_copy(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let found = match find(&request, &state, &code).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    // What is closed to everybody is said before anything is sent.
    match found.standing.for_the_public() {
        Ok(_) | Err(Withheld::FactorNeeded) => {}
        Err(withheld) => return withhold(&request, &state, &found, withheld),
    }
    match receive(&request, &state, payload).await {
        Ok(sent) => judge(&request, &state, found, sent).await,
        Err(problem) => refused(&request, &state, problem, Some(&found)),
    }
}

/// A file that was let in, with its place in the queue.
struct Sent {
    place: Place,
    received: Received<Asked>,
    held: HeldBytes,
}

async fn receive(
    request: &HttpRequest,
    state: &AppState,
    payload: web::Payload,
) -> Result<Sent, Problem> {
    state.limits().pass(request, Toll::File)?;
    let announced = Announced::of(request.headers(), state.body_limits())?;
    let place = state.comparing().admit()?;
    let held = state.in_flight().take(announced.bytes_to_hold())?;
    let received = announced
        .read(payload, request.headers(), Asked::default())
        .await?;
    Ok(Sent {
        place,
        received,
        held,
    })
}

/// Compares, for who may have the content of the copy.
async fn judge(
    request: &HttpRequest,
    state: &AppState,
    found: Found,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let Sent {
        place,
        received: Received { fields, upload },
        held,
    } = sent;
    let code = found.code.clone();
    let (found, pass) = match factor::prove(request, state, found, fields.proof).await {
        Ok(proved) => proved,
        Err(answer) => return answer,
    };
    if let Err(withheld) = disclosure(state, &found, pass.as_ref()) {
        return withhold(request, state, &found, withheld);
    }
    match compare(state, place, found, pass, upload).await {
        Ok(compared) => {
            drop(held);
            answer(request, state, &compared)
        }
        Err(problem) => nothing(request, state, problem, &code),
    }
}

/// What was compared, and with which right.
pub(super) struct Compared {
    pub(super) found: Found,
    pub(super) pass: Option<Pass>,
    pub(super) comparison: Comparison,
    pub(super) likeness: Likeness,
}

async fn compare(
    state: &AppState,
    place: Place,
    found: Found,
    pass: Option<Pass>,
    upload: Upload,
) -> Result<Compared, Problem> {
    let size = found.standing.newest().size;
    let size = usize::try_from(size).map_err(|_| ProblemCode::Busy)?;
    // One copy of the document, and the pictures of both.
    let held = state.in_flight().take(size + 2 * PICTURE_BYTES)?;
    let worker = state.clone();
    place
        .run(move || {
            let _held = held;
            let pages = found.standing.record.intent.band.pages;
            let is_the_copy = found.standing.has_version(&upload.digest());
            let comparison = if is_the_copy {
                Comparison::same(pages)
            } else {
                let disclosure = disclosure(&worker, &found, pass.as_ref());
                let disclosure = disclosure.map_err(|withheld| Problem::from(&withheld))?;
                draw(&worker, worker.archive(), disclosure, &upload, pages)?
            };
            Ok(Compared {
                likeness: Likeness::of(&comparison, is_the_copy),
                found,
                pass,
                comparison,
            })
        })
        .await?
}

/// Has both drawn. What goes wrong with the drawing says nothing about the file.
fn draw(
    state: &AppState,
    archive: &Archive,
    disclosure: Disclosure<'_>,
    upload: &Upload,
    pages: u32,
) -> Result<Comparison, Problem> {
    let copy = archive
        .read(disclosure, Content::Newest)
        .map_err(|error| Problem::from(&error))?
        .ok_or(ProblemCode::NotFound)?;
    let copy = copy.concat();
    let renderer = &state.site().renderer;
    let compared = renderer.compare(&copy, &upload.bytes, pages, PICTURE_BYTES);
    Ok(compared.unwrap_or_else(|error| {
        tracing::error!(%error, "pages cannot be drawn: the program cannot be started again");
        Comparison::none(pages, Cause::Undrawn)
    }))
}

/// The answer; that of a copy whose content is withheld never comes here.
fn answer(
    request: &HttpRequest,
    state: &AppState,
    compared: &Compared,
) -> Result<HttpResponse, Problem> {
    if wished(request) == Form::Html {
        return page::result(request, state, compared);
    }
    let pages = compared.found.standing.record.intent.band.pages;
    let json = ComparisonAnswer::new(compared.likeness, pages, &compared.comparison);
    let mut answer = HttpResponse::Ok();
    guard(&mut answer, state);
    answer_json(&mut answer, &json)
}

fn withhold(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
    withheld: Withheld,
) -> Result<HttpResponse, Problem> {
    hold_back(request, state, found, withheld, HttpResponse::Forbidden())
}

/// A file that was not let in: the form again with what was wrong, unless the trouble is ours.
fn refused(
    request: &HttpRequest,
    state: &AppState,
    problem: Problem,
    found: Option<&Found>,
) -> Result<HttpResponse, Problem> {
    let notice = Notice::of_problem(&problem);
    if wished(request) == Form::Json || notice != Notice::Refused {
        let here = found.map_or_else(|| "/compare".to_owned(), page::address);
        return say_nothing(request, state, &here, problem, &notice, None);
    }
    let answer = HttpResponse::build(problem.status());
    // Who proved to know the factor proves it again.
    let open = found.filter(|found| found.standing.for_the_public().is_ok());
    match (found, open) {
        (Some(found), None) => withhold(request, state, found, Withheld::FactorNeeded),
        (_, open) => page::form(request, state, answer, open, Some(&problem)),
    }
}
