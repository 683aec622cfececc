//! Check my file: the form, and the answers in plain words.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::Datum;
use super::notice::Notice;
use crate::archive::CopyStatus;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::public::frame::Frame;
use crate::http::public::icons::Mood;
use crate::http::public::texts::{Words, size};
use crate::http::public::verdict::{Answer, Known};
use crate::http::state::AppState;
use crate::validate::{Indication, Report};

/// The page with the form, also with what was wrong with what was sent.
pub(in crate::http::public) fn form(
    request: &HttpRequest,
    state: &AppState,
    answer: HttpResponseBuilder,
    problem: Option<&Problem>,
) -> Result<HttpResponse, Problem> {
    let frame = Frame::new(request, state, "/check").scripted();
    let words = frame.words;
    let most = size(state.settings().body_bytes);
    let error = problem.map(|problem| what_was_wrong(words, problem, &most));
    let title = words.say(if error.is_some() {
        "error-title"
    } else {
        "check-title"
    });
    let page = CheckPage {
        words,
        error,
        most,
        upload: frame.reader.link("/check"),
        digests: frame.reader.link("/check/digests"),
    };
    frame.answer(answer, &title, &page)
}

/// What was wrong with a file that was not let in.
pub(super) fn what_was_wrong(words: Words<'_>, problem: &Problem, most: &str) -> String {
    match problem.code() {
        ProblemCode::DocumentMissing => words.say("check-no-file"),
        ProblemCode::UnsupportedMediaType => words.say("check-not-pdf"),
        ProblemCode::TooLarge => words.with("check-too-large", "size", most),
        _ => words.say("refused-lead"),
    }
}

/// The page with an answer; `report` is there when the file itself was judged.
pub(in crate::http::public) fn verdict(
    request: &HttpRequest,
    state: &AppState,
    given: Answer,
    known: Option<&Known>,
    report: Option<&Report>,
) -> Result<HttpResponse, Problem> {
    let organ = known.and_then(|known| known.organ_at(state));
    let frame = Frame::new(request, state, "/check")
        .of_organ(organ.as_ref())
        .scripted();
    let words = frame.words;
    let title = words.say(&format!("{}-title", given.key()));
    let name = known.map(|known| match &organ {
        Some(organ) => organ.names.in_language(words.language()).to_owned(),
        None => known.organ.to_string(),
    });
    let page = VerdictPage {
        words,
        title: &title,
        mood: given.mood(known.map(|known| known.status)),
        lead: words.say(&format!("{}-lead", given.key())),
        later: given == Answer::Identical && known.is_some_and(|known| known.version > 1),
        status: known.map(|known| words.say(status_key(known.status))),
        organ: name,
        issued: known.map(|known| words.date(&known.issued_at)),
        upload: given
            .asks_for_the_file()
            .then(|| frame.reader.link("/check")),
        withdrawal: known
            .and_then(|known| known.withdrawal.clone().map(Some).map(Notice::Withdrawn)),
        receipt: (given.is_final() && known.is_some_and(|known| !known.is_receipt))
            .then(|| frame.reader.link("/check/receipt")),
        code: given.leads_to_the_copy(),
        language: frame.reader.tag_if_chosen(),
        signatures: report.map(|report| words.say(indication_key(report.indication))),
        data: report.map(|report| data(words, report)),
        report,
        again: frame.reader.link("/check"),
        compare: report
            .filter(|_| given.compares())
            .map(|_| frame.reader.link("/compare")),
    };
    frame.answer(HttpResponse::Ok(), &title, &page)
}

pub(in crate::http::public) const fn status_key(status: CopyStatus) -> &'static str {
    match status {
        CopyStatus::InForce => "status-in-force",
        CopyStatus::Withdrawn => "status-withdrawn",
        CopyStatus::Expired => "status-expired",
        CopyStatus::Erased => "status-erased",
    }
}

pub(in crate::http::public) const fn indication_key(
    indication: Option<Indication>,
) -> &'static str {
    match indication {
        Some(Indication::TotalPassed) => "indication-passed",
        Some(Indication::Indeterminate) => "indication-indeterminate",
        Some(Indication::TotalFailed) => "indication-failed",
        None => "indication-none",
    }
}

fn data(words: Words<'_>, report: &Report) -> Vec<Datum> {
    vec![
        Datum::literal(words.say("check-digest"), report.digest.to_string()),
        Datum::new(words.say("check-size"), format!("{} bytes", report.size)),
        Datum::new(
            words.say("software"),
            format!("{} · {}", report.software, report.policy),
        ),
    ]
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"
{%- if let Some(error) = error -%}
<div class="sheet bad" role="alert">
<header class="verdict">{{ Mood::Bad.icon()|safe }}<div>
<h1>{{ words.say("error-title") }}</h1>
<p><a href="#document">{{ error }}</a></p>
</div></header>
</div>
{%- else -%}
<div class="intro">
<h1>{{ words.say("check-title") }}</h1>
<p class="lead">{{ words.say("check-lead") }}</p>
</div>
{%- endif %}
<form class="sheet" action="{{ upload }}" method="post" enctype="multipart/form-data" data-digests="{{ digests }}">
<label for="document">{{ words.say("check-label") }}</label>
<p class="hint" id="document-hint">{{ words.with("check-hint", "size", most) }}</p>
{%- if let Some(error) = error %}
<p class="error" id="document-error"><strong>{{ words.say("error-mark") }}:</strong> {{ error }}</p>
{%- endif %}
<input type="file" id="document" name="document" accept="application/pdf,.pdf" required aria-describedby="document-hint document-where{% if error.is_some() %} document-error{% endif %}"{% if error.is_some() %} aria-invalid="true"{% endif %}>
<p class="hint" id="document-where"><span data-without-script>{{ words.say("check-upload") }}</span><span data-with-script hidden>{{ words.say("check-local") }}</span></p>
<button class="action">{{ words.say("check-button") }}</button>
<p class="hint" role="status" data-working="{{ words.say("check-working") }}" data-failed="{{ words.say("down-lead") }} {{ words.say("down-what") }}"></p>
</form>
"##
)]
struct CheckPage<'a> {
    words: Words<'a>,
    error: Option<String>,
    most: String,
    upload: String,
    digests: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<article class="sheet {{ mood.class() }}">
<header class="verdict">{{ mood.icon()|safe }}<div>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
{%- if later %}
<p>{{ words.say("identical-later") }}</p>
{%- endif %}
</div></header>
{%- if let Some(organ) = organ %}
<section class="issuer"><div>
<h2>{{ words.say("issued-by") }}</h2>
<p class="organ">{{ organ }}</p>
{%- if let Some(issued) = issued %}
<p class="nif">{{ words.say("issued") }} {{ issued }}</p>
{%- endif %}
{%- if let Some(status) = status %}
<p>{{ status }}</p>
{%- endif %}
{%- if let Some(withdrawal) = withdrawal %}
<p>{{ withdrawal.lead(*words) }}</p>
{%- if let Some((text, language)) = withdrawal.quote(*words) %}
<blockquote{% if let Some(language) = language %} lang="{{ language }}"{% endif %}>{{ text }}</blockquote>
{%- endif %}
{%- endif %}
</div></section>
{%- endif %}
{%- if let Some(upload) = upload %}
<form class="steps" action="{{ upload }}" method="post" enctype="multipart/form-data">
<label for="document">{{ words.say("check-label") }}</label>
<p class="hint" id="document-hint">{{ words.say("check-upload") }}</p>
<input type="file" id="document" name="document" accept="application/pdf,.pdf" required aria-describedby="document-hint">
<button class="action">{{ words.say("send-button") }}</button>
</form>
{%- endif %}
{%- if code %}
<form class="steps" action="/" method="get">
<h2>{{ words.say("check-open-title") }}</h2>
<label for="codi">{{ words.say("code-label") }}</label>
<p class="hint" id="codi-hint">{{ words.say("check-open-text") }}</p>
<input id="codi" name="codi" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="500" aria-describedby="codi-hint">
{%- if let Some(language) = language %}
<input type="hidden" name="lang" value="{{ language }}">
{%- endif %}
<button class="action">{{ words.say("code-button") }}</button>
</form>
{%- endif %}
{%- if receipt.is_some() || report.is_some() %}
<div class="helps">
{%- if let Some(receipt) = receipt %}
<details>
<summary>{{ words.say("receipt-offer-title") }}</summary>
<form class="steps" action="{{ receipt }}" method="post" enctype="multipart/form-data">
<p>{{ words.say("receipt-offer") }}</p>
<label for="receipt-document">{{ words.say("check-label") }}</label>
<p class="hint" id="receipt-hint">{{ words.say("receipt-offer-file") }}</p>
<input type="file" id="receipt-document" name="document" accept="application/pdf,.pdf" required aria-describedby="receipt-hint">
<button class="action">{{ words.say("receipt-button") }}</button>
</form>
</details>
{%- endif %}
{%- if let Some(report) = report %}
{%- if let Some(compare) = compare %}
<details>
<summary>{{ words.say("compare-title") }}</summary>
<form class="fold" action="{{ compare }}" method="post" enctype="multipart/form-data">
<label for="compare-codi">{{ words.say("code-label") }}</label>
<p class="hint" id="compare-codi-hint">{{ words.say("check-open-text") }}</p>
<input id="compare-codi" name="codi" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="500" aria-describedby="compare-codi-hint">
<label for="compare-document">{{ words.say("check-label") }}</label>
<p class="hint" id="compare-hint">{{ words.say("compare-upload") }}</p>
<input type="file" id="compare-document" name="document" accept="application/pdf,.pdf" required aria-describedby="compare-hint">
<button class="action">{{ words.say("compare-button") }}</button>
</form>
</details>
{%- endif %}
<details>
<summary>{{ words.say("check-details") }}</summary>
<dl class="fine">
{%- if let Some(data) = data %}
{%- for datum in data %}
<dt>{{ datum.label }}</dt><dd>{% if datum.literal %}<code>{{ datum.value }}</code>{% else %}{{ datum.value }}{% endif %}</dd>
{%- endfor %}
{%- endif %}
{%- if let Some(signatures) = signatures %}
<dt>{{ words.say("check-signatures") }}</dt><dd>{{ signatures }}</dd>
{%- endif %}
</dl>
<ul class="fine" lang="en">
{%- for finding in report.findings %}
<li><code>{{ finding.rule }}</code> {{ finding.text }}</li>
{%- endfor %}
</ul>
</details>
{%- endif %}
</div>
{%- endif %}
<p><a href="{{ again }}">{{ words.say("check-another") }}</a></p>
</article>
"##
)]
struct VerdictPage<'a> {
    words: Words<'a>,
    title: &'a str,
    mood: Mood,
    lead: String,
    later: bool,
    status: Option<String>,
    organ: Option<String>,
    issued: Option<String>,
    upload: Option<String>,
    /// When and why the copy was withdrawn.
    withdrawal: Option<Notice>,
    /// Where a receipt of this check is asked for.
    receipt: Option<String>,
    code: bool,
    language: Option<&'static str>,
    signatures: Option<String>,
    data: Option<Vec<Datum>>,
    report: Option<&'a Report>,
    again: String,
    compare: Option<String>,
}
