//! The form for a code, also with what is wrong with the one that was typed.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use crate::http::problem::Problem;
use crate::http::public::frame::Frame;
use crate::http::public::icons::Mood;
use crate::http::public::reader::query_escaped;
use crate::http::public::texts::Words;
use crate::http::state::AppState;
use crate::model::code::CodeError;

/// Longest code given back in the form, in characters.
const LONGEST_ECHO: usize = 500;

/// Letters and digits of a code, and of each of its groups.
const LETTERS: usize = 24;
const GROUP: usize = 4;

/// The page with the form, empty or with what was typed and what is wrong with it.
pub(in crate::http::public) fn page(
    request: &HttpRequest,
    state: &AppState,
    answer: HttpResponseBuilder,
    typed: Option<(&str, CodeError)>,
) -> Result<HttpResponse, Problem> {
    let (text, error) = match typed {
        Some((text, error)) => (text.chars().take(LONGEST_ECHO).collect(), Some(error)),
        None => (String::new(), None),
    };
    let here = match error {
        Some(_) => format!("/?codi={}", query_escaped(&text)),
        None => "/".to_owned(),
    };
    let frame = Frame::new(request, state, here);
    let words = frame.words;
    let groups = groups(&text);
    let title = words.say(if error.is_some() {
        "error-title"
    } else {
        "start-title"
    });
    let page = FormPage {
        words,
        error: error.map(|error| explain(words, error, &groups)),
        wrong: error.and_then(wrong_group),
        groups,
        typed: &text,
        language: frame.reader.tag_if_chosen(),
        check: frame.reader.link("/check"),
    };
    frame.answer(answer, &title, &page)
}

/// What was typed, in the groups in which it is printed, when it has as many letters as a code.
fn groups(typed: &str) -> Vec<String> {
    let letters: Vec<char> = typed
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    if letters.len() != LETTERS {
        return Vec::new();
    }
    let groups = letters.chunks(GROUP);
    groups.map(|group| group.iter().collect()).collect()
}

/// The group that has to be looked at again, from 1.
fn wrong_group(error: CodeError) -> Option<u8> {
    match error {
        CodeError::Mistyped { place } => place.map(|place| place.group),
        CodeError::InvalidSymbol { place, .. } => Some(place.group),
        CodeError::Empty
        | CodeError::NoCode
        | CodeError::WrongLength { .. }
        | CodeError::Several => None,
    }
}

/// What is wrong with what was typed, and what to do.
fn explain(words: Words<'_>, error: CodeError, groups: &[String]) -> String {
    match error {
        CodeError::Empty => words.say("error-empty"),
        CodeError::NoCode => words.say("error-no-code"),
        CodeError::WrongLength { found } => words.with("error-length", "found", found),
        CodeError::Mistyped { place: Some(place) } => {
            let index = usize::from(place.group).saturating_sub(1);
            match groups.get(index) {
                Some(letters) => words.fill(
                    "error-group-letters",
                    [
                        ("group", u32::from(place.group).into()),
                        ("letters", letters.as_str().into()),
                    ],
                ),
                None => words.with("error-group", "group", place.group),
            }
        }
        CodeError::Mistyped { place: None } => words.say("error-several"),
        CodeError::InvalidSymbol { symbol, place } => words.fill(
            "error-symbol",
            [
                ("symbol", symbol.to_string().into()),
                ("group", u32::from(place.group).into()),
            ],
        ),
        CodeError::Several => words.say("error-several-codes"),
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"
{%- if let Some(error) = error -%}
<div class="sheet bad" role="alert" aria-labelledby="problem">
<header class="verdict">{{ Mood::Bad.icon()|safe }}<div>
<h1 id="problem">{{ words.say("error-title") }}</h1>
<p><a href="#codi">{{ error }}</a></p>
</div></header>
{%- if wrong.is_some() && !groups.is_empty() %}
<p class="groups" aria-hidden="true">
{%- for group in groups %}<span{% if wrong.unwrap_or_default() as usize == loop.index %} class="wrong"{% endif %}>{{ group }}</span>{% endfor -%}
</p>
{%- endif %}
</div>
{%- else -%}
<div class="intro">
<h1>{{ words.say("start-title") }}</h1>
<p class="lead">{{ words.say("start-lead") }}</p>
</div>
{%- endif %}
<form class="sheet" action="/" method="get">
<label for="codi">{{ words.say("code-label") }}</label>
<p class="hint" id="codi-hint">{{ words.say("code-hint") }}</p>
{%- if let Some(error) = error %}
<p class="error" id="codi-error"><strong>{{ words.say("error-mark") }}:</strong> {{ error }}</p>
{%- endif %}
<input id="codi" name="codi" value="{{ typed }}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="500" aria-describedby="codi-hint{% if error.is_some() %} codi-error{% endif %}"{% if error.is_some() %} aria-invalid="true"{% endif %}>
{%- if let Some(language) = language %}
<input type="hidden" name="lang" value="{{ language }}">
{%- endif %}
<button class="action">{{ words.say("code-button") }}</button>
</form>
<div class="helps">
<details><summary>{{ words.say("where-title") }}</summary><p>{{ words.say("where-text") }}</p></details>
<details><summary>{{ words.say("other-code-title") }}</summary><p>{{ words.say("other-code-text") }}</p></details>
</div>
<section class="aside">
<h2>{{ words.say("file-title") }}</h2>
<p>{{ words.say("file-lead") }} <a href="{{ check }}">{{ words.say("file-link") }}</a></p>
</section>
"##
)]
struct FormPage<'a> {
    words: Words<'a>,
    error: Option<String>,
    wrong: Option<u8>,
    groups: Vec<String>,
    typed: &'a str,
    language: Option<&'static str>,
    check: String,
}
