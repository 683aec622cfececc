//! A validation report for people, in the report's own words: the answer of `POST /v1/validations` to
//! who prefers HTML.

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::answer::{HTML, guard};
use super::assets;
use super::icons::Mood;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::AppState;
use crate::validate::{Indication, Report, Verdict};

/// A report as a page.
pub(crate) fn report_page(
    state: &AppState,
    mut answer: HttpResponseBuilder,
    report: &Report,
) -> Result<HttpResponse, Problem> {
    let verdict = match report.verdict {
        Verdict::Identical => "This is exactly a copy that was issued here",
        Verdict::Extended => "This is a copy that was issued here, with allowed data added to it",
        Verdict::Altered => "This was altered: it is not what was issued here",
        Verdict::SealedNotRegistered => "Sealed with a seal known here, but not in the archive",
        Verdict::NotOurs => "This is no copy that was issued here",
        Verdict::Undetermined => "Whether this was issued here cannot be said now",
    };
    let indication = match report.indication {
        Some(Indication::TotalPassed) => "Signatures: TOTAL-PASSED",
        Some(Indication::Indeterminate) => "Signatures: INDETERMINATE",
        Some(Indication::TotalFailed) => "Signatures: TOTAL-FAILED",
        None => "There is no signature in it",
    };
    let mood = match (report.verdict, report.indication) {
        (Verdict::Identical | Verdict::Extended, Some(Indication::TotalPassed)) => Mood::Good,
        (Verdict::Altered, _) | (_, Some(Indication::TotalFailed)) => Mood::Bad,
        _ => Mood::Neutral,
    };
    let page = ReportPage {
        style: assets::style(),
        report,
        verdict,
        indication,
        mood,
    };
    let html = page
        .render()
        .map_err(|error| Problem::new(ProblemCode::Internal).caused_by(&error))?;
    guard(&mut answer, state);
    Ok(answer
        .insert_header((header::CONTENT_TYPE, HTML))
        .body(html))
}

/// A validation report for people who sent a file by hand. Its words are the report's own.
#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ verdict }} – Segell</title>
<link rel="stylesheet" href="{{ style }}">
</head>
<body>
<header class="site"><div class="bar"><p class="name">Validation report</p></div></header>
<main id="main">
<article class="sheet {{ mood.class() }}">
<header class="verdict">{{ mood.icon()|safe }}<div>
<h1>{{ verdict }}</h1>
<p>{{ indication }}</p>
</div></header>
<dl class="fine">
<dt>SHA-256</dt><dd><code>{{ report.digest }}</code></dd>
<dt>Bytes</dt><dd>{{ report.size }}</dd>
<dt>Time</dt><dd>{{ report.validation_time }}</dd>
<dt>Policy</dt><dd>{{ report.policy }}</dd>
</dl>
<ul class="fine">
{%- for finding in report.findings %}
<li><code>{{ finding.rule }}</code> {{ finding.text }}</li>
{%- endfor %}
</ul>
</article>
</main>
</body>
</html>
"##
)]
struct ReportPage<'a> {
    style: &'static str,
    report: &'a Report,
    verdict: &'static str,
    indication: &'static str,
    mood: Mood,
}
