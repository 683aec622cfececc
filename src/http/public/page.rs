//! The public pages: plain HTML, one small style sheet inside, no script, nothing from elsewhere.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::words::Words;
use crate::model::Sha256Digest;
use crate::validate::Report;

/// The style sheet of every page. Dark on light with contrasts above 7:1; one accent.
const STYLE: &str = "\
:root{color-scheme:light;--ink:#1b1f24;--soft:#4a5561;--line:#d5dbe1;--paper:#fff;--ground:#f3f5f7;\
--accent:#0b4f8a;--good:#0b6b3a;--bad:#9b1c1c}\
*{box-sizing:border-box}\
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.55 system-ui,sans-serif}\
header,main,footer{max-width:46rem;margin:0 auto;padding:1rem}\
header{font-weight:600;color:var(--soft)}\
.sheet{background:var(--paper);border:1px solid var(--line);border-top:6px solid var(--accent);\
border-radius:.5rem;padding:1.5rem}\
.sheet.good{border-top-color:var(--good)}.sheet.bad{border-top-color:var(--bad)}\
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}\
.good h1::before{content:'\u{2714}\u{2002}';color:var(--good)}\
.bad h1::before{content:'\u{2716}\u{2002}';color:var(--bad)}\
.organ{margin:1.25rem 0;font-size:1.15rem;font-weight:600}.organ small{display:block;font-weight:400;color:var(--soft)}\
.test{background:#7a1f1f;color:#fff;padding:.75rem 1rem;margin:0;text-align:center;font-weight:700}\
ol{padding-left:1.4rem}li{margin:.35rem 0}\
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.4rem 1.25rem;margin:1.5rem 0 0}\
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\
code{font-family:ui-monospace,monospace;font-size:.95em}\
label{font-weight:600;display:block}\
input{font:1.2rem ui-monospace,monospace;width:100%;padding:.7rem;border:2px solid var(--soft);border-radius:.35rem;margin:.5rem 0 1rem}\
.action,button{display:inline-block;font:inherit;font-weight:600;background:var(--accent);color:#fff;border:0;\
border-radius:.35rem;padding:.75rem 1.25rem;text-decoration:none;cursor:pointer}\
.action:hover,button:hover{background:#083a66}\
a{color:var(--accent)}:focus-visible{outline:3px solid #ffbf47;outline-offset:2px}\
.hint{color:var(--soft)}.error{color:var(--bad);font-weight:600}\
summary{cursor:pointer;margin-top:1.5rem}\
@media print{body{background:#fff}.action,form,footer{display:none}}\
@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.6rem}}";

/// The policy under which a page is shown: its own style sheet and nothing else.
pub(super) fn content_security_policy() -> String {
    let digest = STANDARD.encode(Sha256Digest::of(STYLE.as_bytes()).as_bytes());
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// The start page, also with what is wrong with the code that was typed.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ words.tag }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% if let Some(error) = error %}{{ words.problem }} – {% endif %}{{ words.site }}</title>
<style>{{ STYLE|safe }}</style>
</head>
<body>
{% if test %}<p class="test">{{ words.test }}</p>{% endif %}
<header>{{ words.site }}</header>
<main>
<div class="sheet{% if error.is_some() %} bad{% endif %}">
{% if let Some(error) = error %}
<h1>{{ words.problem }}</h1>
<p class="error" id="error" role="alert">{{ error }}</p>
{% else %}
<h1>{{ words.start_title }}</h1>
<p>{{ words.start_lead }}</p>
{% endif %}
<form action="/" method="get">
<label for="codi">{{ words.code_label }}</label>
<div class="hint" id="hint">{{ words.code_hint }}</div>
<input id="codi" name="codi" value="{{ typed }}" autocomplete="off" autocapitalize="characters" spellcheck="false"
 maxlength="500" aria-describedby="hint{% if error.is_some() %} error{% endif %}"{% if error.is_some() %} aria-invalid="true"{% endif %}>
<button>{{ words.button }}</button>
</form>
</div>
</main>
</body>
</html>
"#
)]
pub(super) struct StartPage<'a> {
    pub(super) words: &'static Words,
    pub(super) test: bool,
    pub(super) typed: &'a str,
    pub(super) error: Option<String>,
}

/// A copy that is in force.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ words.tag }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ words.found_title }} – {{ words.site }}</title>
<style>{{ STYLE|safe }}</style>
</head>
<body>
{% if test %}<p class="test">{{ words.test }}</p>{% endif %}
<header>{{ words.site }}</header>
<main>
<div class="sheet good">
<h1>{{ words.found_title }}</h1>
<p>{{ words.found_lead }}</p>
<p class="organ">{{ organ }}<small>{% if let Some(nif) = nif %}NIF {{ nif }}{% endif %}</small></p>
<ol>
{% if let Some(address) = address %}<li>{{ words.step_address.replace("{address}", address) }}</li>{% endif %}
<li>{{ words.step_compare.replace("{pages}", pages) }}</li>
<li>{{ words.step_differs }}</li>
</ol>
<p><a class="action" href="/{{ compact }}/document">{{ words.open_copy }} (PDF · {{ size }})</a></p>
<dl>
<dt>{{ words.kind }}</dt><dd>{{ kind }}</dd>
<dt>{{ words.issued }}</dt><dd>{{ issued }}</dd>
<dt>{{ words.code }}</dt><dd><code>{{ code }}</code></dd>
<dt>{{ words.status }}</dt><dd>{{ status }}</dd>
<dt>{{ words.pages }}</dt><dd>{{ pages }}</dd>
{% if let Some(signatures) = signatures %}<dt>{{ words.source_signatures }}</dt><dd>{{ signatures }}</dd>
{% endif %}</dl>
<details>
<summary>{{ words.technical }}</summary>
<dl>
<dt>{{ words.seal }}</dt><dd>{{ seal }}</dd>
<dt>{{ words.digest }}</dt><dd><code>{{ digest }}</code></dd>
<dt>DIR3</dt><dd>{{ dir3 }}</dd>
</dl>
</details>
</div>
</main>
<footer><a href="/">{{ words.another }}</a></footer>
</body>
</html>
"#
)]
pub(super) struct CopyPage<'a> {
    pub(super) words: &'static Words,
    pub(super) test: bool,
    pub(super) organ: &'a str,
    pub(super) nif: Option<&'a str>,
    pub(super) dir3: &'a str,
    pub(super) address: Option<&'a str>,
    pub(super) pages: &'a str,
    pub(super) compact: &'a str,
    pub(super) size: String,
    pub(super) kind: &'static str,
    pub(super) issued: String,
    pub(super) code: &'a str,
    pub(super) status: String,
    pub(super) signatures: Option<String>,
    pub(super) seal: &'a str,
    pub(super) digest: String,
}

/// There is nothing to show, and why.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ words.tag }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} – {{ words.site }}</title>
<style>{{ STYLE|safe }}</style>
</head>
<body>
{% if test %}<p class="test">{{ words.test }}</p>{% endif %}
<header>{{ words.site }}</header>
<main>
<div class="sheet{% if doubtful %} bad{% endif %}">
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
{% if !doubtful %}<p class="hint"><small>X-Request-Id: <code>{{ request_id }}</code></small></p>{% endif %}
</div>
</main>
<footer><a href="/">{{ words.another }}</a></footer>
</body>
</html>
"#
)]
pub(super) struct NothingPage<'a> {
    pub(super) words: &'static Words,
    pub(super) test: bool,
    pub(super) title: &'a str,
    pub(super) lead: &'a str,
    /// It speaks against the document; otherwise it is our trouble.
    pub(super) doubtful: bool,
    pub(super) request_id: &'a str,
}

/// A validation report for people who sent a file by hand. Its words are the report's own.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ verdict }} – Segell</title>
<style>{{ STYLE|safe }}</style>
</head>
<body>
<header>Validation report</header>
<main>
<div class="sheet {{ mood }}">
<h1>{{ verdict }}</h1>
<p>{{ indication }}</p>
<dl>
<dt>SHA-256</dt><dd><code>{{ report.digest }}</code></dd>
<dt>Bytes</dt><dd>{{ report.size }}</dd>
<dt>Time</dt><dd>{{ report.validation_time }}</dd>
<dt>Policy</dt><dd>{{ report.policy }}</dd>
</dl>
<ul>
{% for finding in report.findings %}<li><code>{{ finding.rule }}</code> {{ finding.text }}</li>
{% endfor %}</ul>
</div>
</main>
</body>
</html>
"#
)]
pub(super) struct ReportPage<'a> {
    pub(super) report: &'a Report,
    pub(super) verdict: &'static str,
    pub(super) indication: &'static str,
    pub(super) mood: &'static str,
}
