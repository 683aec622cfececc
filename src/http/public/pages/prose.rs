//! Pages of running text: what this is, its legal basis, accessibility, privacy.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::http::problem::Problem;
use crate::http::public::frame::Frame;
use crate::http::public::texts::prose::{Block, blocks};
use crate::http::state::AppState;

/// What this is, and what it proves.
pub(crate) async fn about(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    page(&request, &state, "/que-es", "about")
}

/// The law behind it.
pub(crate) async fn legal(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    page(&request, &state, "/base-legal", "legal")
}

/// The accessibility statement (RD 1112/2018, article 15).
pub(crate) async fn accessibility(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    page(&request, &state, "/accessibilitat", "accessibility")
}

/// The privacy notice.
pub(crate) async fn privacy(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    page(&request, &state, "/privacitat", "privacy")
}

fn page(
    request: &HttpRequest,
    state: &AppState,
    here: &str,
    name: &str,
) -> Result<HttpResponse, Problem> {
    let frame = Frame::new(request, state, here);
    let title = frame.words.say(&format!("{name}-title"));
    let page = ProsePage {
        title: &title,
        blocks: blocks(&frame.words.say(&format!("{name}-body"))),
    };
    frame.answer(HttpResponse::Ok(), &title, &page)
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<article class="sheet prose">
<h1>{{ title }}</h1>
{%- for block in blocks %}
{%- match block %}
{%- when Block::Heading with (text) %}
<h2>{{ text }}</h2>
{%- when Block::Paragraph with (text) %}
<p>{{ text }}</p>
{%- when Block::List with (items) %}
<ul>
{%- for item in items %}
<li>{{ item }}</li>
{%- endfor %}
</ul>
{%- endmatch %}
{%- endfor %}
</article>
"##
)]
struct ProsePage<'a> {
    title: &'a str,
    blocks: Vec<Block>,
}
