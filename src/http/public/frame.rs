//! What stands around every page: the head, the name of the site, its address, the languages, the links
//! at the foot. A page gives its title and its body.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::answer::{self, HTML};
use super::assets;
use super::reader::{Reader, in_language};
use super::texts::Words;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::AppState;
use crate::model::organ::VerificationAddress;
use crate::model::{Language, Organ};

/// The frame of the page that answers one request.
pub(super) struct Frame<'a> {
    pub(super) state: &'a AppState,
    pub(super) words: Words<'a>,
    pub(super) reader: Reader,
    /// The address of this page, to which the languages are added.
    here: String,
    organ: Option<Arc<Organ>>,
    only_address: Option<VerificationAddress>,
    scripted: bool,
    /// With pictures of documents, side by side.
    pictured: bool,
    /// Without the ways to the rest of the site.
    alone: bool,
}

impl<'a> Frame<'a> {
    /// For a page whose address is `here`: a path of this service, never what was sent.
    pub(super) fn new(request: &HttpRequest, state: &'a AppState, here: impl Into<String>) -> Self {
        let reader = Reader::of(request);
        Self {
            state,
            words: state.site().texts.words(reader.language),
            reader,
            here: here.into(),
            organ: state.only_organ(),
            only_address: state.only_address(),
            scripted: false,
            pictured: false,
            alone: false,
        }
    }

    /// With the looks and the address of an organ.
    pub(super) fn of_organ(mut self, organ: Option<&Arc<Organ>>) -> Self {
        if let Some(organ) = organ {
            self.organ = Some(Arc::clone(organ));
        }
        self
    }

    /// Without the ways to the rest of the site: a page that stands for itself, to be kept, given by a
    /// listener that may have no site.
    pub(super) const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// With the script that computes digests.
    pub(super) const fn scripted(mut self) -> Self {
        self.scripted = true;
        self
    }

    /// With room and permission for pictures that stand in the page itself.
    pub(super) const fn pictured(mut self) -> Self {
        self.pictured = true;
        self
    }

    /// The address that people should see in their browsers, when there is only one.
    pub(super) fn address(&self) -> Option<&VerificationAddress> {
        let organ = self.organ.as_ref();
        let of_organ = organ.map(|organ| &organ.verification_address);
        of_organ.or(self.only_address.as_ref())
    }

    /// The page as an answer.
    pub(super) fn answer(
        &self,
        mut answer: HttpResponseBuilder,
        title: &str,
        body: &impl Template,
    ) -> Result<HttpResponse, Problem> {
        answer::guard(&mut answer, self.state);
        if self.pictured {
            answer.insert_header((header::CONTENT_SECURITY_POLICY, answer::WITH_PICTURES));
        }
        let html = self.html(title, body)?;
        Ok(answer
            .insert_header((header::CONTENT_TYPE, HTML))
            .insert_header((header::CONTENT_LANGUAGE, self.words.tag()))
            .body(html))
    }

    /// The page as text.
    pub(super) fn html(&self, title: &str, body: &impl Template) -> Result<String, Problem> {
        let render = |page: &dyn Fn() -> askama::Result<String>| {
            page().map_err(|error| Problem::new(ProblemCode::Internal).caused_by(&error))
        };
        let body = render(&|| body.render())?;
        let dir3 = self.organ.as_ref().map(|organ| organ.dir3.as_str());
        let look = self
            .organ
            .as_ref()
            .and_then(|organ| self.state.site().look(&organ.dir3));
        let shell = Shell {
            words: self.words,
            title,
            body: &body,
            test: answer::is_test(self.state),
            style: assets::style(),
            accent: dir3
                .filter(|_| look.as_ref().is_some_and(|look| look.accent.is_some()))
                .map(|dir3| format!("/organs/{dir3}/accent.css")),
            script: self.scripted.then(assets::script),
            spreads: self.pictured.then(assets::spreads),
            address: self.address().map(VerificationAddress::as_str),
            languages: Language::ALL.map(|language| (language, in_language(&self.here, language))),
            start: self.reader.link("/"),
            alone: self.alone,
            places: PLACES.map(|(path, key)| (self.reader.link(path), key)),
        };
        render(&|| shell.render())
    }
}

/// The links at the foot, in the same place on every page (WCAG 2.2, 3.2.6).
const PLACES: [(&str, &str); 7] = [
    ("/", "nav-code"),
    ("/check", "nav-file"),
    ("/segells", "nav-seals"),
    ("/que-es", "nav-about"),
    ("/base-legal", "nav-legal"),
    ("/accessibilitat", "nav-accessibility"),
    ("/privacitat", "nav-privacy"),
];

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html>
<html lang="{{ words.tag() }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ title }} – {{ words.say("site-name") }}</title>
<link rel="stylesheet" href="{{ style }}">
{%- if let Some(spreads) = spreads %}
<link rel="stylesheet" href="{{ spreads }}">
{%- endif %}
{%- if let Some(accent) = accent %}
<link rel="stylesheet" href="{{ accent }}">
{%- endif %}
{%- if let Some(script) = script %}
<script src="{{ script }}" defer></script>
{%- endif %}
</head>
<body>
<a class="skip" href="#main">{{ words.say("skip") }}</a>
<header class="site">
{%- if test %}
<p class="test">{{ words.say("test-banner") }}</p>
{%- endif %}
<div class="bar">
{%- if alone %}
<p class="name">{{ words.say("site-name") }}</p>
{%- else %}
<p class="name"><a href="{{ start }}">{{ words.say("site-name") }}</a></p>
<nav aria-label="{{ words.say("languages") }}"><ul>
{%- for (language, address) in languages %}
<li><a href="{{ address }}" lang="{{ language.tag() }}" hreflang="{{ language.tag() }}"{% if *language == words.language() %} aria-current="true"{% endif %}>{{ words.name_of(language) }}</a></li>
{%- endfor %}
</ul></nav>
{%- endif %}
</div>
{%- if let (Some(address), false) = (address, alone) %}
<p class="address">{{ words.with("official-address", "address", address) }}</p>
{%- endif %}
{%- if words.language() == Language::OcAranes %}
<p class="address">{{ words.say("draft-notice") }}</p>
{%- endif %}
</header>
<main id="main" tabindex="-1">
{{ body|safe }}
</main>
<footer>
{%- if !alone %}
<nav aria-label="{{ words.say("footer") }}"><ul>
{%- for (address, key) in places %}
<li><a href="{{ address }}">{{ words.say(key) }}</a></li>
{%- endfor %}
</ul></nav>
{%- endif %}
{%- if words.names_operator() %}
<p>{{ words.say("operated-by") }}</p>
{%- endif %}
</footer>
</body>
</html>
"##
)]
struct Shell<'a> {
    words: Words<'a>,
    title: &'a str,
    body: &'a str,
    test: bool,
    alone: bool,
    style: &'static str,
    accent: Option<String>,
    script: Option<&'static str>,
    spreads: Option<&'static str>,
    address: Option<&'a str>,
    languages: [(Language, String); 4],
    start: String,
    places: [(String, &'static str); 7],
}
