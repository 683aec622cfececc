//! The description of the interface (OpenAPI 3.1), put together from the code of the routes.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{IntoParams, Modify, OpenApi, ToSchema};

mod report;

use super::problem::ProblemCode;
use super::{
    copies, discovery, lifecycle, operate, preservation, public, status, stored, validations,
};
pub(crate) use report::Report;

/// Bytes of a PDF.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(super) struct Binary(#[expect(dead_code, reason = "describes, never made")] Vec<u8>);

/// The fields of a request for a copy. All are optional: the organ's defaults fill the rest.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `intake::fields` reads")]
pub(crate) struct CopyParameters {
    /// DIR3 code of the organ; needed when the application serves several.
    #[param(example = "L01990015")]
    organ: Option<String>,
    /// Kind of copy: `electronic` (EE02), `paper` (EE03) or `partial` (EE04).
    #[param(example = "electronic")]
    kind: Option<String>,
    /// Title for people; never printed.
    title: Option<String>,
    /// ENI document type, TD01 to TD99.
    #[param(example = "TD01")]
    document_type: Option<String>,
    /// Who made the source: `citizen` or `administration`.
    origin: Option<String>,
    /// When the source was captured.
    #[param(value_type = Option<String>, format = DateTime)]
    captured_at: Option<String>,
    /// ENI identifier of the source; generated from its digest when absent.
    source_id: Option<String>,
    /// Who asked for the copy; never printed.
    requested_by: Option<String>,
    /// The caller's own reference: its system.
    #[param(rename = "external_ref.system")]
    external_ref_system: Option<String>,
    /// The caller's own reference: the identifier in that system.
    #[param(rename = "external_ref.id")]
    external_ref_id: Option<String>,
    /// Language of the band: `ca`, `es`, `oc-aranes` or `en`.
    #[param(example = "ca")]
    language: Option<String>,
    /// Where the band goes: `fit` (every page, the box grows in equal proportions), `extend` (every
    /// page, downwards only) or `last` (a page of its own).
    #[param(example = "fit")]
    placement: Option<String>,
    /// A higher signature level than the organ's: `B-B`, `B-T`, `B-LT` or `B-LTA` (EN 319 142-1).
    #[param(example = "B-B")]
    level: Option<String>,
    /// What becomes of a copy that cannot reach its level now: `fail` (no copy is made), or `accept` a lower
    /// one as far as the organ does.
    #[param(example = "fail")]
    on_lower_level: Option<String>,
    /// Who may see the copy: `open`, `metadata` or, with an `access_factor` in the metadata of a form,
    /// `restricted`.
    #[param(example = "open")]
    visibility: Option<String>,
    /// A stricter rule for signed sources than the organ's: `require`, `accept`, `record`, `refuse`.
    source_signatures: Option<String>,
    /// Make another copy even if the same request made one before.
    force_new: Option<bool>,
}

/// Header fields of a request with a document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `intake` reads")]
pub(crate) struct IntakeHeaders {
    /// Names the request, 1 to 255 visible ASCII characters: the same key again gives the same copy.
    #[param(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
    /// SHA-256 of the body (RFC 9530): `sha-256=:BASE64:`. Checked when sent.
    #[param(rename = "Content-Digest")]
    content_digest: Option<String>,
    /// Names the request in logs, 1 to 64 letters, digits, `.`, `-`, `_`; given back.
    #[param(rename = "X-Request-Id")]
    request_id: Option<String>,
}

/// Header fields of a document to be judged.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes what `intake` reads")]
pub(crate) struct DigestHeader {
    /// SHA-256 of the body (RFC 9530): `sha-256=:BASE64:`. Checked when sent.
    #[param(rename = "Content-Digest")]
    content_digest: Option<String>,
}

/// A form with a document and its metadata.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `intake::multipart` reads")]
pub(crate) struct CopyForm {
    /// The PDF.
    #[schema(value_type = String, format = Binary)]
    document: Vec<u8>,
    /// The fields, JSON, at most 64 KiB.
    metadata: Option<Metadata>,
}

/// How a document is to be judged. Both are optional.
#[derive(IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `intake::validation` reads")]
pub(crate) struct ValidationParameters {
    /// The time for which it is judged, not in the future; now without it.
    #[param(value_type = Option<String>, format = DateTime)]
    #[schema(value_type = Option<String>, format = DateTime)]
    validation_time: Option<String>,
    /// The policy: `segell-1` (revocation data are judged when embedded) or `segell-1-strict` (nothing
    /// passes without them).
    #[param(example = "segell-1")]
    policy: Option<String>,
}

/// The language of a report for people.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what the public pages read")]
pub(crate) struct ReportLanguage {
    /// The language of the report when HTML is preferred: `ca`, `es`, `oc-aranes` or `en`; without it
    /// the first of `Accept-Language` that is one of these, or Catalan.
    #[param(example = "ca")]
    lang: Option<String>,
}

/// A form with a document and how it is to be judged.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `intake::multipart` reads")]
pub(crate) struct ValidationForm {
    /// The PDF.
    #[schema(value_type = String, format = Binary)]
    document: Vec<u8>,
    /// The fields, JSON, at most 64 KiB.
    metadata: Option<ValidationParameters>,
}

/// A form with a file that is compared with a copy.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `public::compare` reads")]
pub(crate) struct ComparisonForm {
    /// The file in hand.
    #[schema(value_type = String, format = Binary)]
    document: Vec<u8>,
    /// The code (CSV) of the copy, in whatever form, when the address does not name it.
    codi: Option<String>,
    /// The second factor of a restricted copy.
    factor: Option<String>,
    /// What the page of a restricted copy sends along instead.
    pass: Option<String>,
}

/// The fields of a request for a copy, as JSON. All are optional; unknown ones are refused.
#[derive(ToSchema, Serialize, Deserialize)]
pub(crate) struct Metadata {
    organ: Option<String>,
    kind: Option<String>,
    title: Option<String>,
    document_type: Option<String>,
    origin: Option<String>,
    captured_at: Option<String>,
    source_id: Option<String>,
    requested_by: Option<String>,
    external_ref: Option<Reference>,
    language: Option<String>,
    placement: Option<String>,
    level: Option<String>,
    on_lower_level: Option<String>,
    visibility: Option<String>,
    access_factor: Option<lifecycle::AccessFactorRequest>,
    source_signatures: Option<String>,
    force_new: Option<bool>,
}

/// A reference of the caller's own system.
#[derive(ToSchema, Serialize, Deserialize)]
pub(crate) struct Reference {
    system: String,
    id: String,
}

/// The description itself.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Segell",
        description = "Sealed authentic copies of PDF documents. A PDF goes in, a sealed copy comes out, in \
                       one call:\n\n```\ncurl --data-binary @acord.pdf -H \"Authorization: Bearer $KEY\" \
                       http://127.0.0.1:8080/v1/copies -o copia.pdf\n```",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    paths(
        copies::create,
        copies::preflight,
        stored::record,
        stored::document,
        stored::source,
        preservation::extend,
        lifecycle::withdraw,
        lifecycle::visibility,
        validations::create,
        discovery::me,
        discovery::organs,
        status::show,
        discovery::seals,
        discovery::problems,
        operate::reload,
        public::start,
        public::copy,
        public::document,
        public::factor::open,
        public::factor::document,
        public::check::page,
        public::check::upload,
        public::check::digests,
        public::receipt::of_copy,
        public::receipt::of_file,
        public::compare::form,
        public::compare::by_code,
        public::compare::form_of_copy,
        public::compare::of_copy,
        public::pages::seals::list,
    ),
    components(schemas(Binary)),
    modifiers(&Complete),
    tags(
        (name = "copies", description = "Making copies and giving them out."),
        (name = "validations", description = "Checking a PDF."),
        (name = "discovery", description = "Who am I, for whom may I ask, what can go wrong."),
        (name = "operate", description = "Looking after the service."),
        (name = "public", description = "For whoever holds a copy. No key needed."),
    ),
    security(("key" = [])),
)]
struct Description;

/// Adds what the attributes cannot say: the key, and the words of every problem. They are a list and
/// no enumeration in the schema, so that a new one does not break programs that were generated.
struct Complete;

impl Modify for Complete {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let words: Vec<String> = ProblemCode::ALL
            .iter()
            .map(|code| {
                let entry = code.entry();
                format!("- `{}` ({}): {}", entry.code, entry.status, entry.title)
            })
            .collect();
        let problems = description.paths.paths.get_mut("/v1/problems");
        if let Some(operation) = problems.and_then(|path| path.get.as_mut()) {
            operation.description = Some(words.join("\n"));
        }
        let components = description.components.get_or_insert_default();
        let key = Http::builder()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The key of an application, or a token that it signs (JWT, RS256 or ES256). Where the \
                 operator has set it up, the client certificate of the connection stands for either. An \
                 operation names the scope that it takes: `copies:issue`, `copies:read`, `copies:withdraw`, \
                 `validate` or `operate`; GET /v1/me lists those of the caller.",
            ))
            .build();
        components.add_security_scheme("key", SecurityScheme::Http(key));
    }
}

/// The description as JSON; it is the same for as long as the program runs.
pub(crate) static JSON: LazyLock<String> =
    LazyLock::new(|| Description::openapi().to_json().unwrap_or_default());

#[cfg(test)]
mod tests;
