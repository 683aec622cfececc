//! `/v1/copies/{code}`: giving copies out, to the applications of their organ and to the public pages.

use actix_web::body::SizedStream;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::auth::{Access, Caller, Read};
use super::intake;
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::representation::{self, Selection, answer_json};
use super::state::AppState;
use super::wire::{CopyView, Today};
use crate::archive::{CodeIndex, Content, CopyRecord, Disclosure, Standing};
use crate::model::Environment;
use crate::model::code::{Code, CodeError};

/// How the file names of copies and of sources begin.
pub(crate) const COPY: &str = "copia";
const SOURCE: &str = "origen";

/// Longest text looked at as a code, in characters: a whole legend fits.
const LONGEST_CODE: usize = 500;

/// Shows the record of a copy.
#[utoipa::path(
    get,
    path = "/v1/copies/{code}",
    tag = "copies",
    security(("key" = ["copies:read"])),
    params(("code" = String, Path, description = "The code (CSV), with or without hyphens.")),
    responses(
        (status = 200, description = "The record.", body = CopyView),
        (status = 400, description = "The code is mistyped.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "No copy, or none that this application may see.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = "5XX", description = "The archive cannot be looked at now.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn record(
    caller: Caller<Read>,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = find_for(&caller, &state, &code).await?;
    show(&state, &found)
}

/// The record of a copy as an answer.
pub(crate) fn show(state: &AppState, found: &Found) -> Result<HttpResponse, Problem> {
    let standing = &found.standing;
    let view = copy_view(state, &found.code, &standing.record, &standing.into());
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer_json(&mut answer, &view)
}

/// Gives out the sealed PDF: its newest version, or the one asked for.
#[utoipa::path(
    get,
    path = "/v1/copies/{code}/document",
    tag = "copies",
    security(("key" = ["copies:read"])),
    params(
        ("code" = String, Path, description = "The code (CSV), with or without hyphens."),
        ("version" = Option<u32>, Query, description = "A version of the copy, from 1; the newest without it."),
        ("Range" = Option<String>, Header, description = "One range of bytes."),
        ("If-None-Match" = Option<String>, Header, description = "An ETag that the caller has already."),
    ),
    responses(
        (status = 200, description = "The sealed PDF.", body = super::openapi::Binary,
            content_type = "application/pdf",
            headers(
                ("ETag" = String, description = "SHA-256 of the document, hexadecimal."),
                ("Repr-Digest" = String, description = "SHA-256 of the document (RFC 9530)."),
            )),
        (status = 206, description = "The range asked for.", body = super::openapi::Binary,
            content_type = "application/pdf"),
        (status = 304, description = "The caller has it already."),
        (status = "4XX", description = "No copy, or another than expected.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = "5XX", description = "The archive cannot be looked at now.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn document(
    request: HttpRequest,
    caller: Caller<Read>,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = find_for(&caller, &state, &code).await?;
    let disclosure = found.standing.for_the_organ().map_err(Problem::from)?;
    let content = match version_asked(request.query_string())? {
        Some(version) => Content::Version(version),
        None => Content::Newest,
    };
    give_out(&request, &state, disclosure, content).await
}

/// `version=2`.
fn version_asked(query: &str) -> Result<Option<u32>, Problem> {
    const ALLOWED: &str = "a number from 1";
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|_| intake::invalid("/version", ALLOWED))?;
    let mut asked = pairs.iter().filter(|(name, _)| name == "version");
    asked
        .next()
        .map(|(_, version)| version.parse().ok().filter(|version| *version > 0))
        .map(|version| version.ok_or_else(|| intake::invalid("/version", ALLOWED)))
        .transpose()
}

/// Gives out the source, byte for byte.
#[utoipa::path(
    get,
    path = "/v1/copies/{code}/source",
    tag = "copies",
    security(("key" = ["copies:read"])),
    params(
        ("code" = String, Path, description = "The code (CSV), with or without hyphens."),
        ("Range" = Option<String>, Header, description = "One range of bytes."),
        ("If-None-Match" = Option<String>, Header, description = "An ETag that the caller has already."),
    ),
    responses(
        (status = 200, description = "The source.", body = super::openapi::Binary,
            content_type = "application/pdf"),
        (status = 206, description = "The range asked for.", body = super::openapi::Binary,
            content_type = "application/pdf"),
        (status = 304, description = "The caller has it already."),
        (status = "4XX", description = "No copy, or another than expected.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = "5XX", description = "The archive cannot be looked at now.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn source(
    request: HttpRequest,
    caller: Caller<Read>,
    state: web::Data<AppState>,
    code: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = find_for(&caller, &state, &code).await?;
    let disclosure = found.standing.for_the_organ().map_err(Problem::from)?;
    give_out(&request, &state, disclosure, Content::Source).await
}

/// A copy that answers.
pub(crate) struct Found {
    pub(crate) code: Code,
    pub(crate) standing: Standing,
}

/// Reads a code. A mistyped one never reaches the archive.
pub(crate) fn read_code(text: &str) -> Result<Code, CodeError> {
    let bounded: String = text.chars().take(LONGEST_CODE).collect();
    Code::read(&bounded)
}

/// Finds a copy. What does not exist, is not finished or is held back is one and the same: not found.
pub(crate) async fn find(state: &AppState, code: Code) -> Result<Found, Problem> {
    let index = CodeIndex::of(&code);
    let environment = code.environment();
    let is_foreign = !state.serves(environment) && state.serves(environment.other());
    let worker = state.clone();
    let standing = state
        .looking_up()
        .admit()?
        .run(move || worker.archive().stand(index, worker.now()))
        .await?
        .map_err(|error| Problem::from(&error))?;
    match standing {
        Some(standing) => Ok(Found { code, standing }),
        None if is_foreign => {
            Err(Problem::new(ProblemCode::NotFound).with_detail(match environment {
                Environment::Pre => {
                    "The code is of the test environment: what carries it has no validity."
                }
                Environment::Pro => {
                    "The code is of the real environment, and this service is for tests: look it up at \
                     the address printed on the document."
                }
            }))
        }
        None => Err(ProblemCode::NotFound.into()),
    }
}

/// Finds a copy for an application that may use its organ; to any other it does not exist.
pub(crate) async fn find_for(
    access: &Access,
    state: &AppState,
    text: &str,
) -> Result<Found, Problem> {
    let code = read_code(text).map_err(|error| Problem::from(&error))?;
    access.trail.copy(CodeIndex::of(&code));
    access.meets(&code)?;
    let found = find(state, code).await?;
    access.trail.about(&found.standing.record.intent);
    if access.may_see(&found.standing.record.intent) {
        Ok(found)
    } else {
        Err(ProblemCode::NotFound.into())
    }
}

/// Gives out a content of a copy, or the part of it that was asked for.
pub(crate) async fn give_out(
    request: &HttpRequest,
    state: &AppState,
    disclosure: Disclosure<'_>,
    content: Content,
) -> Result<HttpResponse, Problem> {
    let extent = content.extent(disclosure).ok_or(ProblemCode::NotFound)?;
    let selection = representation::select(request.headers(), &extent.digest, extent.size)?;
    let (status, range) = match selection {
        Selection::NotModified => {
            let mut answer = HttpResponse::NotModified();
            answer.insert_header((header::ETAG, representation::entity_tag(&extent.digest)));
            return Ok(answer.finish());
        }
        Selection::Whole => (StatusCode::OK, 0..extent.size),
        Selection::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
    };
    let mut answer = HttpResponse::build(status);
    let stem = match content {
        Content::Newest | Content::Version(_) => COPY,
        Content::Source => SOURCE,
    };
    representation::describe_pdf(&mut answer, &extent.digest, stem);
    answer
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end.saturating_sub(1);
        answer.insert_header((
            header::CONTENT_RANGE,
            format!("bytes {}-{last}/{}", range.start, extent.size),
        ));
    }
    let length = range.end.saturating_sub(range.start);
    if request.method() == Method::HEAD {
        return Ok(answer.body(representation::Announced(length)));
    }
    let bytes = state
        .archive()
        .stream(disclosure, content, range)
        .await
        .map_err(|error| Problem::from(&error))?;
    Ok(answer.body(SizedStream::new(length, bytes)))
}

/// The record of a copy as the interface shows it.
pub(crate) fn copy_view(
    state: &AppState,
    code: &Code,
    record: &CopyRecord,
    today: &Today<'_>,
) -> CopyView {
    let organ = state.organ_of(&record.intent);
    CopyView::new(code, record, today, organ.as_deref())
}
