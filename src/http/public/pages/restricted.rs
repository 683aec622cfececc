//! The page of a restricted copy: that it exists and is official, and a form for what has to be known
//! besides the code.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;
use jiff::Timestamp;

use crate::http::problem::Problem;
use crate::http::public::frame::Frame;
use crate::http::public::icons::Mood;
use crate::http::public::texts::Words;
use crate::http::state::AppState;
use crate::http::stored::Found;

/// Why the factor that was sent did not open the copy.
#[derive(Clone, Copy, Debug)]
pub(in crate::http::public) enum Refusal {
    /// It is another.
    Wrong,
    /// There were too many wrong ones; the next is looked at from then on.
    Wait(Timestamp),
}

/// The page, also with what became of the last try.
pub(in crate::http::public) fn page(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
    answer: HttpResponseBuilder,
    refusal: Option<Refusal>,
) -> Result<HttpResponse, Problem> {
    let here = format!("/{}", found.code.compact());
    let organ = state.organ_of(&found.standing.record.intent);
    let frame = Frame::new(request, state, here.clone()).of_organ(organ.as_ref());
    let words = frame.words;
    let label = found.standing.access.label().unwrap_or_default();
    let error = refusal.map(|refusal| match refusal {
        Refusal::Wrong => words.say("factor-wrong"),
        Refusal::Wait(until) => {
            let seconds = until.duration_since(state.now()).as_secs().max(0);
            let minutes = u32::try_from(seconds / 60 + 1).unwrap_or(u32::MAX);
            words.count("factor-wait", "minutes", &minutes)
        }
    });
    let title = words.say(if error.is_some() {
        "error-title"
    } else {
        "restricted-title"
    });
    let page = RestrictedPage {
        words,
        label,
        error,
        organ: organ
            .as_ref()
            .map(|organ| organ.names.in_language(words.language())),
        open: frame.reader.link(&here),
    };
    frame.answer(answer, &title, &page)
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"
{%- if let Some(error) = error -%}
<div class="sheet bad" role="alert">
<header class="verdict">{{ Mood::Bad.icon()|safe }}<div>
<h1>{{ words.say("error-title") }}</h1>
<p><a href="#factor">{{ error }}</a></p>
</div></header>
</div>
{%- endif %}
<article class="sheet good">
<header class="verdict">{{ Mood::Good.icon()|safe }}<div>
{%- if error.is_some() %}
<h2>{{ words.say("restricted-title") }}</h2>
{%- else %}
<h1>{{ words.say("restricted-title") }}</h1>
{%- endif %}
<p>{{ words.with("restricted-lead", "factor", label) }}</p>
</div></header>
{%- if let Some(organ) = organ %}
<section class="issuer"><div>
<h2>{{ words.say("issued-by") }}</h2>
<p class="organ">{{ organ }}</p>
</div></section>
{%- endif %}
<form class="steps" action="{{ open }}" method="post">
<label for="factor">{{ words.with("factor-label", "factor", label) }}</label>
<p class="hint" id="factor-hint">{{ words.say("factor-hint") }}</p>
{%- if let Some(error) = error %}
<p class="error" id="factor-error"><strong>{{ words.say("error-mark") }}:</strong> {{ error }}</p>
{%- endif %}
<input id="factor" name="factor" required autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="200" aria-describedby="factor-hint{% if error.is_some() %} factor-error{% endif %}"{% if error.is_some() %} aria-invalid="true"{% endif %}>
<button class="action">{{ words.say("factor-button") }}</button>
</form>
<p>{{ words.say("restricted-what") }}</p>
</article>
"##
)]
struct RestrictedPage<'a> {
    words: Words<'a>,
    label: &'a str,
    error: Option<String>,
    organ: Option<&'a str>,
    open: String,
}
