//! `/segells`: the public list of seals (Law 40/2015, article 40; RD 203/2021, article 19.2), from the
//! archive, so that it cannot go stale.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::archive::RegisteredSeal;
use crate::http::negotiation::Form;
use crate::http::problem::{Problem, ProblemDocument};
use crate::http::public::answer::guard;
use crate::http::public::frame::Frame;
use crate::http::public::pages::notice::Notice;
use crate::http::public::registered;
use crate::http::public::texts::Words;
use crate::http::public::{form, say_nothing};
use crate::http::representation::answer_json;
use crate::http::state::AppState;
use crate::model::{Environment, Sha256Digest};

/// Seals on one page: with the longest names it stays below 20 kB.
const ON_A_PAGE: usize = 12;

/// A seal of the public list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicSeal)]
pub(crate) struct SealView {
    /// DIR3 code of its organ.
    organ: String,
    /// Name of the organ, as long as it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    organ_name: Option<String>,
    /// Name of the seal.
    name: String,
    /// Who issued its certificate.
    issuer: String,
    /// Serial number, hexadecimal.
    serial: String,
    /// SHA-256 of its certificate, hexadecimal.
    #[schema(value_type = String)]
    fingerprint: Sha256Digest,
    /// First moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_before: Timestamp,
    /// Last moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_after: Timestamp,
    /// Copies are sealed with it today.
    current: bool,
}

/// The public list of seals.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicSeals)]
pub(crate) struct SealsView {
    seals: Vec<SealView>,
}

/// Lists every seal with which copies are or were sealed here.
#[utoipa::path(get, path = "/segells", tag = "public", security(()),
    params(("page" = Option<u32>, Query, description = "The page of the list, for HTML only.")),
    responses(
        (status = 200, description = "The list, as HTML unless JSON is preferred.",
            content((String = "text/html"), (SealsView = "application/json"))),
        (status = "5XX", description = "The archive cannot be looked at now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn list(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let seals = match registered::seals(&state).await {
        Ok(seals) => seals,
        Err(problem) => {
            let notice = Notice::of_problem(&problem);
            return say_nothing(&request, &state, "/segells", problem, &notice, None);
        }
    };
    if form(&request) == Form::Json {
        let seals = seals.iter().map(|seal| view(&state, seal)).collect();
        let mut answer = HttpResponse::Ok();
        guard(&mut answer, &state);
        return answer_json(&mut answer, &SealsView { seals });
    }
    page(&request, &state, &seals)
}

fn page(
    request: &HttpRequest,
    state: &AppState,
    seals: &[RegisteredSeal],
) -> Result<HttpResponse, Problem> {
    let last = seals.len().div_ceil(ON_A_PAGE).max(1);
    let number = page_asked(request.query_string()).clamp(1, last);
    let address = |number: usize| format!("/segells?page={number}");
    let frame = Frame::new(request, state, address(number));
    let words = frame.words;
    let shown = seals.chunks(ON_A_PAGE).nth(number - 1).unwrap_or_default();
    let link = |to: usize| frame.reader.link(&address(to));
    let page = SealsPage {
        words,
        rows: shown.iter().map(|seal| row(words, state, seal)).collect(),
        previous: (number > 1).then(|| link(number - 1)),
        next: (number < last).then(|| link(number + 1)),
        position: (last > 1).then(|| {
            let number_and_last = [("page", number.into()), ("pages", last.into())];
            words.fill("seals-position", number_and_last)
        }),
    };
    let title = words.say("seals-title");
    frame.answer(HttpResponse::Ok(), &title, &page)
}

fn page_asked(query: &str) -> usize {
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("page="));
    asked.and_then(|number| number.parse().ok()).unwrap_or(1)
}

/// Copies are sealed with it today: it is loaded and valid.
fn is_current(state: &AppState, seal: &RegisteredSeal) -> bool {
    let organs = state.sealer().organs();
    let seats = Environment::ALL.map(|environment| organs.seat_in(&seal.organ, environment));
    let loaded = seats
        .into_iter()
        .flatten()
        .filter_map(|seat| seat.seal.as_ref().ok());
    let mut fingerprints = loaded.map(|loaded| loaded.key.facts().fingerprint);
    let is_loaded = fingerprints.any(|loaded| loaded == seal.certificate.fingerprint);
    is_loaded && state.now() <= seal.certificate.not_after
}

fn view(state: &AppState, seal: &RegisteredSeal) -> SealView {
    let facts = &seal.certificate;
    SealView {
        organ: seal.organ.to_string(),
        organ_name: state.organ(&seal.organ).map(|organ| organ.names.ca.clone()),
        name: facts.common_name.clone(),
        issuer: facts.issuer.clone(),
        serial: facts.serial.clone(),
        fingerprint: facts.fingerprint,
        not_before: facts.not_before,
        not_after: facts.not_after,
        current: is_current(state, seal),
    }
}

/// A seal as the page shows it.
struct Row {
    organ: String,
    name: String,
    issuer: String,
    serial: String,
    validity: String,
    fingerprint: String,
    current: bool,
    state: String,
}

fn row(words: Words<'_>, state: &AppState, seal: &RegisteredSeal) -> Row {
    let facts = &seal.certificate;
    let current = is_current(state, seal);
    let key = match current {
        true => "seals-current",
        false if facts.not_after < state.now() => "seals-ended",
        false => "seals-retired",
    };
    let organ = state.organ(&seal.organ);
    Row {
        organ: organ.map_or(facts.organisation.clone(), |organ| {
            organ.names.in_language(words.language()).to_owned()
        }),
        name: facts.common_name.clone(),
        issuer: facts.issuer.clone(),
        serial: facts.serial.clone(),
        validity: words.fill(
            "from-to",
            [
                ("from", words.date(&facts.not_before).into()),
                ("to", words.date(&facts.not_after).into()),
            ],
        ),
        fingerprint: facts.fingerprint.to_string(),
        current,
        state: words.say(key),
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<div class="intro">
<h1>{{ words.say("seals-title") }}</h1>
<p class="lead">{{ words.say("seals-lead") }}</p>
</div>
{%- if rows.is_empty() %}
<p class="sheet">{{ words.say("seals-none") }}</p>
{%- endif %}
{%- for row in rows %}
<article class="sheet seal">
<h2>{{ row.organ }} <span class="tag{% if row.current %} good{% endif %}">{{ row.state }}</span></h2>
<dl class="fine">
<dt>{{ words.say("seal-name") }}</dt><dd>{{ row.name }}</dd>
<dt>{{ words.say("seal-issuer") }}</dt><dd>{{ row.issuer }}</dd>
<dt>{{ words.say("seal-serial") }}</dt><dd><code>{{ row.serial }}</code></dd>
<dt>{{ words.say("seal-validity") }}</dt><dd>{{ row.validity }}</dd>
<dt>{{ words.say("seal-fingerprint") }}</dt><dd><code>{{ row.fingerprint }}</code></dd>
</dl>
</article>
{%- endfor %}
{%- if let Some(position) = position %}
<nav class="pager" aria-label="{{ position }}">
{%- if let Some(previous) = previous %}<a href="{{ previous }}" rel="prev">{{ words.say("seals-previous") }}</a>{% endif %}
<span>{{ position }}</span>
{%- if let Some(next) = next %}<a href="{{ next }}" rel="next">{{ words.say("seals-next") }}</a>{% endif %}
</nav>
{%- endif %}
"##
)]
struct SealsPage<'a> {
    words: Words<'a>,
    rows: Vec<Row>,
    previous: Option<String>,
    next: Option<String>,
    position: Option<String>,
}
