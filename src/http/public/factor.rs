//! Restricted copies: whoever has the code and knows the second factor gets what the copy is, and then its
//! content. The factor comes in the body of a form, so it stands in no address, history or log.

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::pages::copy::Opening;
use super::pages::restricted::{self, Refusal};
use super::record::{PublicCopy, public_copy};
use super::{Answered, find, form, give, hold_back, nothing, show};
use crate::archive::{Attempt, Disclosure, Pass, Withheld};
use crate::http::negotiation::Form;
use crate::http::problem::{Problem, ProblemCode, ProblemDocument};
use crate::http::state::AppState;
use crate::http::stored::Found;
use crate::http::trail::Trail;
use crate::model::FactorValue;

/// Longest body, in bytes.
const BODY_BYTES: usize = 8 << 10;

/// What proves that somebody may see a restricted copy: the factor, or the pass that the page of the copy
/// carries on, which is valid for ten minutes.
#[derive(Default, Deserialize, Serialize, ToSchema)]
pub(crate) struct Proof {
    /// The second factor. Capitals, and how it is spaced, do not count.
    pub(super) factor: Option<String>,
    /// What the page of the copy sends along.
    pub(super) pass: Option<String>,
}

/// What became of a proof.
enum Checked {
    Right(Pass),
    Wrong,
    Wait(Timestamp),
    /// There was none.
    Missing,
}

/// The page of a restricted copy, for who knows the second factor.
#[utoipa::path(post, path = "/{code}", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    request_body(content = Proof, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The copy, as HTML unless JSON is preferred.",
            content((String = "text/html"), (PublicCopy = "application/json"))),
        (status = 403, description = "The factor is wrong or missing.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 404, description = "No copy with this code.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 429, description = "Too many wrong tries, or too many requests; Retry-After says when.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 503, description = "The archive cannot be looked at now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn open(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let found = match find(&request, &state, &code).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (found, pass) = match prove_by_form(&request, &state, found, &body).await {
        Ok(proved) => proved,
        Err(answer) => return answer,
    };
    // A copy that takes no factor answers as it does without one.
    match disclosure(&state, &found, pass.as_ref()) {
        Ok(_) if form(&request) == Form::Json => public_copy(&state, &found),
        Ok(_) => {
            let opening = pass.map_or(Opening::Link, Opening::Pass);
            show(&request, &state, &found, opening).await
        }
        Err(withheld) => {
            let answer = HttpResponse::Forbidden();
            hold_back(&request, &state, &found, withheld, answer)
        }
    }
}

/// The sealed PDF of a restricted copy, for who knows the second factor.
#[utoipa::path(post, path = "/{code}/document", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    request_body(content = Proof, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The sealed PDF.", body = crate::http::openapi::Binary,
            content_type = "application/pdf"),
        (status = "4XX", description = "No copy with this code, none in force, a wrong factor, or too many \
                                       tries.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 503, description = "The archive cannot be looked at now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn document(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let found = match find(&request, &state, &code).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (found, pass) = match prove_by_form(&request, &state, found, &body).await {
        Ok(proved) => proved,
        Err(answer) => return answer,
    };
    match disclosure(&state, &found, pass.as_ref()) {
        Ok(disclosure) => give(&request, &state, &found.code, disclosure).await,
        Err(withheld) => {
            let answer = HttpResponse::Forbidden();
            hold_back(&request, &state, &found, withheld, answer)
        }
    }
}

/// The right to the content: with a pass, what the pass gives.
pub(super) fn disclosure<'a>(
    state: &AppState,
    found: &'a Found,
    pass: Option<&Pass>,
) -> Result<Disclosure<'a>, Withheld> {
    match pass {
        Some(pass) => state.archive().honour(&found.standing, pass, state.now()),
        None => found.standing.for_the_public(),
    }
}

/// The problem of a restricted copy for who sent no factor. It says what the factor is called.
pub(super) fn needed(found: &Found) -> Problem {
    let problem = Problem::new(ProblemCode::FactorNeeded);
    match found.standing.access.label() {
        Some(label) => problem.with_detail(format!("The factor is: {label}.")),
        None => problem,
    }
}

/// Looks at a proof. A try is counted before it is looked at; one that cannot be a factor counts nothing.
async fn check(state: &AppState, found: Found, proof: Proof) -> Result<(Found, Checked), Problem> {
    if let Some(pass) = proof.pass {
        let pass = Pass::read(&pass);
        return Ok((found, pass.map_or(Checked::Missing, Checked::Right)));
    }
    let Some(written) = proof.factor.map(Zeroizing::new) else {
        return Ok((found, Checked::Missing));
    };
    let Some(value) = FactorValue::read(&written) else {
        let asked = found.standing.access.label().is_some();
        let checked = if asked {
            Checked::Wrong
        } else {
            Checked::Missing
        };
        return Ok((found, checked));
    };
    let worker = state.clone();
    let (found, attempt) = state
        .looking_up()
        .admit()?
        .run(move || {
            let attempt = worker
                .archive()
                .try_factor(&found.standing, &value, worker.now());
            (found, attempt)
        })
        .await?;
    let checked = match attempt.map_err(|error| Problem::from(&error))? {
        Attempt::Right(pass) => Checked::Right(pass),
        Attempt::Wrong => Checked::Wrong,
        Attempt::Wait { until } => Checked::Wait(until),
        Attempt::NotAsked => Checked::Missing,
    };
    Ok((found, checked))
}

/// The pass that a proof earns, none where there was no proof; or what is answered instead.
pub(super) async fn prove(
    request: &HttpRequest,
    state: &AppState,
    found: Found,
    proof: Proof,
) -> Result<(Found, Option<Pass>), Answered> {
    let code = found.code.clone();
    let checked = check(state, found, proof).await;
    let (found, checked) = checked.map_err(|problem| nothing(request, state, problem, &code))?;
    let refusal = match checked {
        Checked::Right(pass) => return Ok((found, Some(pass))),
        Checked::Missing => return Ok((found, None)),
        Checked::Wrong => Refusal::Wrong,
        Checked::Wait(until) => Refusal::Wait(until),
    };
    Err(refuse(request, state, &found, refusal))
}

/// The same for the proof in a form.
pub(super) async fn prove_by_form(
    request: &HttpRequest,
    state: &AppState,
    found: Found,
    body: &[u8],
) -> Result<(Found, Option<Pass>), Answered> {
    let proof = read(body).map_err(|problem| nothing(request, state, problem, &found.code))?;
    prove(request, state, found, proof).await
}

/// The proof in a form.
fn read(body: &[u8]) -> Result<Proof, Problem> {
    let text = (body.len() <= BODY_BYTES)
        .then(|| std::str::from_utf8(body).ok())
        .flatten();
    text.and_then(|text| web::Query::<Proof>::from_query(text).ok())
        .map(web::Query::into_inner)
        .ok_or_else(|| {
            Problem::new(ProblemCode::BadRequest).with_detail(
                "Send a form (application/x-www-form-urlencoded) with the field factor.",
            )
        })
}

/// A factor that was not accepted: the form again for people, a problem for everybody else.
fn refuse(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
    refusal: Refusal,
) -> Result<HttpResponse, Problem> {
    let problem = match refusal {
        Refusal::Wrong => Problem::new(ProblemCode::FactorWrong),
        Refusal::Wait(until) => {
            let seconds = until.duration_since(state.now()).as_secs().max(1);
            Problem::new(ProblemCode::FactorWait).with_field("retry-after", seconds.to_string())
        }
    };
    Trail::of(request).outcome(problem.entry().code);
    if form(request) == Form::Json {
        return Err(problem);
    }
    let mut answer = HttpResponse::build(problem.status());
    problem.add_fields(&mut answer);
    restricted::page(request, state, found, answer, Some(refusal))
}
