//! Page by page: the form for a file, and the copy that was issued beside it.

mod runs;
mod spreads;

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use self::runs::{Run, runs};
use self::spreads::{Spread, spreads};
use super::check::what_was_wrong;
use crate::archive::Pass;
use crate::http::problem::Problem;
use crate::http::public::compare::Compared;
use crate::http::public::comparison::Likeness;
use crate::http::public::frame::Frame;
use crate::http::public::icons::{DOCUMENT, Mood};
use crate::http::public::texts::{Words, size};
use crate::http::state::AppState;
use crate::http::stored::Found;

/// Where a file is compared with this copy.
pub(in crate::http::public) fn address(found: &Found) -> String {
    format!("/{}/compare", found.code.compact())
}

/// The page with the form, also with what was wrong with what was sent. Without a copy it asks for the
/// code.
pub(in crate::http::public) fn form(
    request: &HttpRequest,
    state: &AppState,
    answer: HttpResponseBuilder,
    found: Option<&Found>,
    problem: Option<&Problem>,
) -> Result<HttpResponse, Problem> {
    let here = found.map_or_else(|| "/compare".to_owned(), address);
    let organ = found.and_then(|found| state.organ_of(&found.standing.record.intent));
    let frame = Frame::new(request, state, here.clone()).of_organ(organ.as_ref());
    let words = frame.words;
    let most = size(state.settings().body_bytes);
    let error = problem.map(|problem| what_was_wrong(words, problem, &most));
    let title = words.say(if error.is_some() {
        "error-title"
    } else {
        "compare-title"
    });
    let page = FormPage {
        words,
        error,
        most,
        action: frame.reader.link(&here),
        asks_for_code: found.is_none(),
    };
    frame.answer(answer, &title, &page)
}

/// The page with what was compared.
pub(in crate::http::public) fn result(
    request: &HttpRequest,
    state: &AppState,
    compared: &Compared,
) -> Result<HttpResponse, Problem> {
    let found = &compared.found;
    let intent = &found.standing.record.intent;
    let organ = state.organ_of(intent);
    let here = address(found);
    let frame = Frame::new(request, state, here.clone())
        .of_organ(organ.as_ref())
        .pictured();
    let words = frame.words;
    let (title, lead) = summary(words, compared, intent.band.pages);
    let page = ResultPage {
        words,
        title: &title,
        lead,
        mood: mood(compared.likeness),
        organ: organ
            .as_ref()
            .map_or(intent.seal.common_name.as_str(), |organ| {
                organ.names.in_language(words.language())
            }),
        identical: compared.likeness == Likeness::Identical,
        runs: runs(words, &compared.comparison),
        spreads: spreads(words, &compared.comparison),
        document: format!("/{}/document", found.code.compact()),
        pass: compared.pass.as_ref().map(Pass::to_text),
        again: frame.reader.link(&here),
        check: frame.reader.link("/check"),
    };
    frame.answer(HttpResponse::Ok(), &title, &page)
}

/// Green only for the very file. What looks the same may still be another file, and what differs may be
/// an honest scan.
const fn mood(likeness: Likeness) -> Mood {
    match likeness {
        Likeness::Identical => Mood::Good,
        Likeness::Equal | Likeness::NotCompared => Mood::Neutral,
        Likeness::Different => Mood::Careful,
    }
}

/// The title and what it means.
fn summary(words: Words<'_>, compared: &Compared, copy_pages: u32) -> (String, String) {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let comparison = &compared.comparison;
    match compared.likeness {
        Likeness::Identical => (words.say("identical-title"), words.say("identical-lead")),
        Likeness::Equal => (
            words.count("compare-equal-title", "pages", &copy_pages),
            words.say("compare-equal-lead"),
        ),
        Likeness::Different => (
            words.count(
                "compare-different-title",
                "pages",
                &number(comparison.different()),
            ),
            words.say("compare-different-lead"),
        ),
        Likeness::NotCompared if comparison.not_compared() == comparison.pages.len() => (
            words.say("compare-none-title"),
            words.say("compare-none-lead"),
        ),
        Likeness::NotCompared => (
            words.say("compare-some-title"),
            words.say("compare-some-lead"),
        ),
    }
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
<h1>{{ words.say("compare-title") }}</h1>
<p class="lead">{{ words.say("compare-lead") }}</p>
</div>
{%- endif %}
<form class="sheet" action="{{ action }}" method="post" enctype="multipart/form-data">
{%- if asks_for_code %}
<label for="codi">{{ words.say("code-label") }}</label>
<p class="hint" id="codi-hint">{{ words.say("code-hint") }}</p>
<input id="codi" name="codi" required autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="500" aria-describedby="codi-hint">
{%- endif %}
<label for="document">{{ words.say("check-label") }}</label>
<p class="hint" id="document-hint">{{ words.with("check-hint", "size", most) }}</p>
{%- if let Some(error) = error %}
<p class="error" id="document-error"><strong>{{ words.say("error-mark") }}:</strong> {{ error }}</p>
{%- endif %}
<input type="file" id="document" name="document" accept="application/pdf,.pdf" required aria-describedby="document-hint document-where{% if error.is_some() %} document-error{% endif %}"{% if error.is_some() %} aria-invalid="true"{% endif %}>
<p class="hint" id="document-where">{{ words.say("compare-upload") }}</p>
<button class="action">{{ words.say("compare-button") }}</button>
</form>
"##
)]
struct FormPage<'a> {
    words: Words<'a>,
    error: Option<String>,
    most: String,
    action: String,
    asks_for_code: bool,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<article class="sheet {{ mood.class() }}">
<header class="verdict">{{ mood.icon()|safe }}<div>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
</div></header>
<section class="issuer"><div>
<h2>{{ words.say("issued-by") }}</h2>
<p class="organ">{{ organ }}</p>
</div></section>
<section class="data">
<h2>{{ words.say("compare-runs-title") }}</h2>
<ul class="seen">
{%- for run in runs %}
<li class="{{ run.mood.class() }}">{{ run.mood.icon()|safe }}<span>{% if let Some(link) = run.link %}<a href="#{{ link }}">{{ run.pages }}</a>{% else %}{{ run.pages }}{% endif %}: {{ run.said }}</span></li>
{%- endfor %}
</ul>
{%- if !identical %}
<p class="hint">{{ words.say("compare-seen") }} <a href="{{ check }}">{{ words.say("file-link") }}</a></p>
{%- endif %}
</section>
<section class="steps">
<p>{{ words.say("compare-counts") }}</p>
{%- if let Some(pass) = pass %}
<form action="{{ document }}" method="post"><input type="hidden" name="pass" value="{{ pass }}"><button class="action">{{ DOCUMENT|safe }}<span>{{ words.say("open-copy") }}</span></button></form>
{%- else %}
<p><a class="action" href="{{ document }}">{{ DOCUMENT|safe }}<span>{{ words.say("open-copy") }}</span></a></p>
{%- endif %}
<p><a href="{{ again }}">{{ words.say("compare-another") }}</a></p>
</section>
</article>
{%- for spread in spreads %}
<section class="sheet spread" id="{{ spread.anchor }}" aria-labelledby="{{ spread.anchor }}-title">
<h2 id="{{ spread.anchor }}-title">{{ spread.title }}: {{ spread.said }}</h2>
<div class="pair">
{%- for side in spread.sides %}
<figure>
<figcaption>{{ side.name }}</figcaption>
{%- if let Some(leaf) = side.leaf %}
<div class="leaf">
<img src="data:image/png;base64,{{ leaf.data }}" width="{{ leaf.width }}" height="{{ leaf.height }}" alt="{{ leaf.alternative }}">
<svg viewBox="0 0 {{ leaf.width }} {{ leaf.height }}" aria-hidden="true">
{%- for mark in leaf.marks %}
<rect x="{{ mark.x }}" y="{{ mark.y }}" width="{{ mark.width }}" height="{{ mark.height }}" rx="4"/>
{%- endfor %}
{%- for mark in leaf.marks %}
<g transform="translate({{ mark.aside }} {{ mark.middle }})"><circle r="10"/><text y="4.5">{{ mark.number }}</text></g>
{%- endfor %}
</svg>
</div>
{%- else %}
<p class="absent">{{ words.say("compare-absent") }}</p>
{%- endif %}
</figure>
{%- endfor %}
</div>
</section>
{%- endfor %}
"##
)]
struct ResultPage<'a> {
    words: Words<'a>,
    title: &'a str,
    lead: String,
    mood: Mood,
    organ: &'a str,
    identical: bool,
    runs: Vec<Run>,
    spreads: Vec<Spread>,
    document: String,
    pass: Option<String>,
    again: String,
    check: String,
}
