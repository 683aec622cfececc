//! Receipts (*justificants*): a sealed PDF that says what was checked, when, with which result, and how
//! to repeat it. It is a copy like any other, of a page that the service writes itself, sealed by the
//! organ whose copy was checked: it has a code, and is looked up by it.
//!
//! Nothing about a check is believed: a receipt is made in the request that makes the check, from the
//! same input. It says the minute and no second, so that the same check in the same minute, with the
//! same result, is the same request and has the same receipt.

mod statement;

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use self::statement::Statement;
use super::answer::guard;
use super::factor::{self, Proof};
use super::limits::Toll;
use super::reader::Reader;
use super::{check, hold_back, look_up, mistyped, nothing};
use crate::archive::Access;
use crate::http::negotiation::{Accept, Form};
use crate::http::problem::{Problem, ProblemCode, ProblemDocument};
use crate::http::representation::{self, Parts, answer_json};
use crate::http::state::AppState;
use crate::http::stored::{self, Found};
use crate::http::trail::Trail;
use crate::http::wire::FileView;
use crate::model::{CopyKind, Dir3, DocumentType, Language, Organ, Origin, Visibility};
use crate::seal::{Application, Fields, Issued, RECEIPTS_ID, SealError, SealRequest, Upload};

/// How the file names of receipts begin.
const RECEIPT: &str = "justificant";

/// Hexadecimal digits of a digest in an identifier: as many as it has room for.
const IDENTIFYING_DIGITS: usize = 30;

/// A receipt that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Receipt {
    /// The receipt's own code (CSV), as printed on it.
    #[schema(example = "PR0V-9FHM-3XTD-W8RA-5CZN-J4PE")]
    verification_code: String,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    issued_at: Timestamp,
    /// How long it can be checked at least.
    #[schema(value_type = String, format = DateTime)]
    available_until: Timestamp,
    /// The sealed PDF.
    document: FileView,
    /// `open`, or `metadata` when the copy that it speaks of is restricted.
    visibility: &'static str,
    /// Its page.
    page: String,
}

/// Whether a copy is itself a receipt.
pub(super) fn is_one(found: &Found) -> bool {
    found.standing.record.intent.application == RECEIPTS_ID
}

/// Makes the receipt of a look-up: what is answered to the code today.
#[utoipa::path(post, path = "/{code}/receipt", tag = "public", security(()),
    params(("code" = String, Path, description = "The code (CSV), in whatever form.")),
    request_body(content = Proof, content_type = "application/x-www-form-urlencoded",
        description = "Nothing; for a restricted copy the factor, or the pass of its page."),
    responses(
        (status = 201, description = "A new receipt: the sealed PDF, or what it is for who prefers JSON.",
            content((crate::http::openapi::Binary = "application/pdf"), (Receipt = "application/json")),
            headers(
                ("Verification-Code" = String, description = "The receipt's own code (CSV)."),
                ("Location" = String, description = "The receipt's page."),
            )),
        (status = 200, description = "The receipt of the same check in the same minute.",
            content((crate::http::openapi::Binary = "application/pdf"), (Receipt = "application/json"))),
        (status = "4XX", description = "No copy with this code, none that may be known of, a receipt \
                                       already, or too many requests.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = 503, description = "The archive or the seal of the organ is not available now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn of_copy(
    request: HttpRequest,
    state: web::Data<AppState>,
    code: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let code = match stored::read_code(&code) {
        Ok(code) => code,
        Err(error) => return mistyped(&request, &state, &code, error),
    };
    let looked_up = match state.limits().pass(&request, Toll::Receipt) {
        Ok(()) => look_up(&request, &state, &code).await,
        Err(problem) => Err(problem),
    };
    let found = match looked_up {
        Ok(found) => found,
        Err(problem) => return nothing(&request, &state, problem, &code),
    };
    let (found, pass) = match factor::prove_by_form(&request, &state, found, &body).await {
        Ok(proved) => proved,
        Err(answer) => return answer,
    };
    let public = found.standing.facts_for_the_public();
    let known = match pass {
        Some(pass) => {
            let honoured = state.archive().honour(&found.standing, &pass, state.now());
            public.or(honoured.map(|_| ()))
        }
        None => public,
    };
    if let Err(withheld) = known {
        let answer = HttpResponse::Forbidden();
        return hold_back(&request, &state, &found, withheld, answer);
    }
    let issued = if is_one(&found) {
        Err(ProblemCode::ReceiptAgain.into())
    } else {
        // Whoever has only the code of the receipt of a restricted copy knows no factor.
        let visibility = match found.standing.access {
            Access::Restricted { .. } => Visibility::Metadata,
            Access::Open | Access::Metadata => Visibility::Open,
        };
        let organ = state.organ_of(&found.standing.record.intent);
        let reader = Reader::of(&request);
        let statement = Statement::Copy(Box::new(found));
        let trail = Trail::of(&request);
        make(&state, organ, reader.language, visibility, statement, trail).await
    };
    match issued {
        Ok(issued) => answer(&request, &state, issued),
        Err(problem) => nothing(&request, &state, problem, &code),
    }
}

/// Judges a file and makes the receipt of that. The file is held in memory, and not kept.
#[utoipa::path(post, path = "/check/receipt", tag = "public", security(()),
    request_body(
        description = "A form with a part `document`, or the PDF as it is.",
        content(
            (crate::http::openapi::ValidationForm = "multipart/form-data"),
            (crate::http::openapi::Binary = "application/pdf"),
        )
    ),
    responses(
        (status = 201, description = "A new receipt: the sealed PDF, or what it is for who prefers JSON.",
            content((crate::http::openapi::Binary = "application/pdf"), (Receipt = "application/json")),
            headers(("Verification-Code" = String, description = "The receipt's own code (CSV)."))),
        (status = 200, description = "The receipt of the same check in the same minute.",
            content((crate::http::openapi::Binary = "application/pdf"), (Receipt = "application/json"))),
        (status = "4XX", description = "The file cannot be accepted, has nothing of a copy issued here, or is \
                                       a receipt itself.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = "5XX", description = "The archive or the seal of the organ is not available now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn of_file(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    match receipt_of_file(&request, &state, payload).await {
        Ok(issued) => answer(&request, &state, issued),
        Err(problem) => check::refused(&request, &state, problem),
    }
}

async fn receipt_of_file(
    request: &HttpRequest,
    state: &AppState,
    payload: web::Payload,
) -> Result<Issued, Problem> {
    if !state.archive().keeps_copies() {
        return Err(ProblemCode::NoArchive.into());
    }
    state.limits().pass(request, Toll::Receipt)?;
    let (report, given, known) = check::judged(request, state, payload).await?;
    let known = match known {
        Some(known) if known.is_receipt => return Err(ProblemCode::ReceiptAgain.into()),
        Some(known) => known,
        None => return Err(ProblemCode::ReceiptForeign.into()),
    };
    let organ = known.organ_at(state);
    let statement = Statement::File {
        digest: report.digest,
        size: report.size,
        indication: report.indication,
        policy: report.policy,
        given,
        known: Box::new(known),
    };
    let language = Reader::of(request).language;
    let trail = Trail::of(request);
    make(state, organ, language, Visibility::Open, statement, trail).await
}

/// Writes the statement and seals it for the organ, if that is still served here.
async fn make(
    state: &AppState,
    organ: Option<Arc<Organ>>,
    language: Language,
    visibility: Visibility,
    statement: Statement,
    trail: Trail,
) -> Result<Issued, Problem> {
    let organ = organ.ok_or(ProblemCode::ReceiptSeal)?;
    state.demand_audit()?;
    let (worker, teller) = (state.clone(), trail.clone());
    let sealed = move || {
        let at = whole_minute(worker.now());
        let words = worker.site().texts.words(language);
        let document = statement.document(words, &organ, at);
        let title = document.title.clone();
        let pdf = document.to_pdf().map_err(|error| Problem::from(&error))?;
        let upload = Upload::new(pdf.into());
        let fields = Fields {
            kind: Some(CopyKind::Electronic),
            title: Some(title),
            document_type: Some(DocumentType::OTHER),
            origin: Some(Origin::Administration),
            captured_at: Some(at),
            source_id: Some(identifier(&organ.dir3, at, &upload)),
            language: Some(language),
            visibility: Some(visibility),
            ..Fields::default()
        };
        let request = SealRequest {
            application: Application::receipts_of(&organ),
            fields,
            idempotency_key: None,
            upload,
        };
        let sealer = worker.sealer();
        let issued = sealer.seal(&request, worker.now(), &worker.deadline());
        let issued = issued.map_err(|error| explain(&error))?;
        teller.issued(&issued);
        Ok(issued)
    };
    // Among the checks: however many receipts are asked for, they never delay the copies.
    let issued = state.validation().admit()?.run(sealed).await?;
    trail.kept().await?;
    issued
}

/// The identifier of what is written here, in the shape of the interoperability scheme.
fn identifier(organ: &Dir3, at: Timestamp, upload: &Upload) -> String {
    let digest = upload.digest().to_string().to_ascii_uppercase();
    let digits: String = digest.chars().take(IDENTIFYING_DIGITS).collect();
    format!("ES_{organ}_{}_{digits}", at.strftime("%Y"))
}

/// The minute that has begun.
fn whole_minute(time: Timestamp) -> Timestamp {
    let seconds = time.as_second();
    Timestamp::from_second(seconds - seconds.rem_euclid(60)).unwrap_or(time)
}

/// What is told when the seal does not come about. What is wrong with it is the operator's business.
fn explain(error: &SealError) -> Problem {
    match error {
        SealError::SealUnavailable(_) | SealError::OrganUnknown(_) => {
            Problem::new(ProblemCode::ReceiptSeal).caused_by(error)
        }
        other => Problem::from(other),
    }
}

/// The receipt as an answer.
fn answer(
    request: &HttpRequest,
    state: &AppState,
    issued: Issued,
) -> Result<HttpResponse, Problem> {
    let status = if issued.replayed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let mut answer = HttpResponse::build(status);
    guard(&mut answer, state);
    let page = format!("/{}", issued.code.compact());
    answer
        .insert_header((header::LOCATION, page.as_str()))
        .insert_header(("verification-code", issued.code.grouped()));
    if issued.replayed {
        answer.insert_header(("idempotency-replayed", "true"));
    }
    let record = &issued.record;
    if Accept::of(request.headers()).choose(Form::Pdf, Form::Json) == Form::Json {
        let receipt = Receipt {
            verification_code: issued.code.grouped(),
            issued_at: record.intent.issued_at,
            available_until: record.intent.available_until,
            document: FileView {
                digest: record.document.digest,
                size: record.document.size,
            },
            visibility: issued.access.visibility().word(),
            page,
        };
        return answer_json(&mut answer, &receipt);
    }
    representation::describe_pdf(&mut answer, &record.document.digest, RECEIPT);
    Ok(answer.body(Parts::new(issued.document, None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_says_the_minute_in_which_it_was_asked_for() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(
            whole_minute(time("2026-11-22T08:05:59.9Z")),
            time("2026-11-22T08:05:00Z")
        );
    }

    #[test]
    fn a_seal_that_cannot_be_used_is_named_without_its_defect() {
        let error = SealError::SealUnavailable(crate::pki::SealDefect::WrongPassphrase);
        let document = explain(&error).document("r");
        assert_eq!(
            (document.code, document.status),
            ("receipt-seal-unavailable", 503)
        );
        assert!(
            !document.detail.contains("passphrase"),
            "{}",
            document.detail
        );
    }
}
