//! The report as a page: the answer of `POST /v1/validations` to who prefers HTML.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::{Teller, Telling};
use crate::http::problem::Problem;
use crate::http::public::frame::Frame;
use crate::http::state::AppState;
use crate::model::Dir3;
use crate::validate::Report;

/// A report as a page of its own.
pub(crate) fn report_page(
    request: &HttpRequest,
    state: &AppState,
    answer: HttpResponseBuilder,
    report: &Report,
) -> Result<HttpResponse, Problem> {
    let organ = report.copy.as_ref().map(|copy| &copy.organ);
    let organ = organ.and_then(|organ| state.organ(organ));
    let frame = Frame::new(request, state, "/v1/validations")
        .of_organ(organ.as_ref())
        .alone();
    let words = frame.words;
    let name_of = |organ: &Dir3| {
        let names = &state.organ(organ)?.names;
        Some(names.in_language(words.language()).to_owned())
    };
    let telling = Teller {
        words,
        report,
        now: state.now(),
        name_of: &name_of,
    }
    .tell();
    let title = format!("{} – {}", telling.issued.answer, telling.name);
    frame.answer(answer, &title, &Sheet { telling: &telling })
}

/// A report as part of a page.
#[derive(Template)]
#[template(
    ext = "html",
    source = r##"{%- macro list(data) -%}
<dl>
{%- for datum in data.iter() %}
<dt>{{ datum.label }}</dt><dd>{% if datum.literal %}<code>{{ datum.value }}</code>{% else %}{{ datum.value }}{% endif %}</dd>
{%- endfor %}
</dl>
{%- endmacro -%}
{%- macro seen(observations) -%}
<ul class="seen">
{%- for seen in observations.iter() %}
<li class="{{ seen.mood.class() }}">{{ seen.mood.icon()|safe }}<span>{{ seen.text }}</span></li>
{%- endfor %}
</ul>
{%- endmacro -%}
<div class="intro"><p class="kicker">{{ telling.name }}</p></div>
<article class="sheet {{ telling.issued.mood.class() }}">
<header class="verdict">{{ telling.issued.mood.icon()|safe }}<div>
<p class="question">{{ telling.issued.question }}</p>
<h1>{{ telling.issued.answer }}</h1>
{%- for means in telling.issued.means %}
<p>{{ means }}</p>
{%- endfor %}
</div></header>
{%- if !telling.copy.is_empty() %}
<section class="data">
{% call list(telling.copy) %}{% endcall %}
</section>
{%- endif %}
<section class="data">
<h2>{{ telling.next.0 }}</h2>
<p>{{ telling.next.1 }}</p>
</section>
</article>
<article class="sheet {{ telling.sound.mood.class() }}">
<header class="verdict">{{ telling.sound.mood.icon()|safe }}<div>
<p class="question">{{ telling.sound.question }}</p>
<h2>{{ telling.sound.answer }}</h2>
{%- for means in telling.sound.means %}
<p>{{ means }}</p>
{%- endfor %}
</div></header>
{%- if !telling.observations.is_empty() %}
{% call seen(telling.observations) %}{% endcall %}
{%- endif %}
{%- for signature in telling.signatures %}
<section class="signature">
<div class="signer"><h3><bdi>{{ signature.name }}</bdi></h3> <p class="tag {{ signature.mood.class() }}">{{ signature.tag }}</p></div>
{%- if let Some(why) = signature.why %}
<p>{{ why }}</p>
{%- endif %}
{% call list(signature.data) %}{% endcall %}
{%- if !signature.later.is_empty() %}
<h4>{{ signature.later_title }}</h4>
{% call seen(signature.later) %}{% endcall %}
{%- endif %}
{%- if !signature.observations.is_empty() %}
<h4>{{ signature.observations_title }}</h4>
{% call seen(signature.observations) %}{% endcall %}
{%- endif %}
</section>
{%- endfor %}
</article>
<article class="sheet">
<section class="data">
<h2>{{ telling.file_title }}</h2>
{% call list(telling.file) %}{% endcall %}
<p class="hint fine">{{ telling.disclaimer }}</p>
</section>
<details class="technical">
<summary>{{ telling.technical.title }}</summary>
<p class="hint fine">{{ telling.technical.words }}</p>
{%- for group in telling.technical.groups %}
<section class="data fine">
<h3><bdi>{{ group.title }}</bdi></h3>
{% call list(group.data) %}{% endcall %}
{%- if !group.claims.1.is_empty() %}
<h4>{{ group.claims.0 }}</h4>
{% call list(group.claims.1) %}{% endcall %}
{%- endif %}
<h4>{{ group.findings.0 }}</h4>
{%- if group.findings.1.is_empty() %}
<p>{{ group.no_findings }}</p>
{%- else %}
<ul class="findings">
{%- for finding in group.findings.1 %}
<li><span class="tag {{ finding.mood.class() }}">{{ finding.severity }}</span> <code>{{ finding.rule }}</code> <span lang="en">{{ finding.text }}{% if !finding.where_and_why.is_empty() %} <small class="hint">{{ finding.where_and_why }}</small>{% endif %}</span></li>
{%- endfor %}
</ul>
{%- endif %}
</section>
{%- endfor %}
</details>
</article>"##
)]
pub(super) struct Sheet<'a> {
    pub(super) telling: &'a Telling,
}
