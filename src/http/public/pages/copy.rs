//! The page of a copy that is in force: what was found, whose it is, what to do, and its data.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::Datum;
use crate::archive::{Intent, Pass, RegisteredSeal};
use crate::http::problem::Problem;
use crate::http::public::eni;
use crate::http::public::frame::Frame;
use crate::http::public::icons::{DOCUMENT, Mood};
use crate::http::public::receipt;
use crate::http::public::report::signers;
use crate::http::public::texts::{Words, size};
use crate::http::state::AppState;
use crate::http::stored::Found;
use crate::http::wire::Tally;
use crate::model::{CopyKind, Language};

/// Validators of signatures that others run.
const VALIDATORS: [(&str, &str); 2] = [
    ("VALIDe", "https://valide.redsara.es"),
    (
        "EU DSS",
        "https://ec.europa.eu/digital-building-blocks/DSS/webapp-demo/validation",
    ),
];

/// How the document is opened.
#[derive(Clone, Debug)]
pub(in crate::http::public) enum Opening {
    /// By a link.
    Link,
    /// By a form that carries the pass of who knew the second factor.
    Pass(Pass),
    /// Not at all.
    Withheld,
}

/// The page; `seal` is the certificate that made the copy, as far as it is known.
pub(in crate::http::public) fn page(
    request: &HttpRequest,
    state: &AppState,
    found: &Found,
    seal: Option<&RegisteredSeal>,
    opening: &Opening,
) -> Result<HttpResponse, Problem> {
    let intent = &found.standing.record.intent;
    let compact = found.code.compact();
    let organ = state.organ_of(intent);
    let frame = Frame::new(request, state, format!("/{compact}")).of_organ(organ.as_ref());
    let words = frame.words;
    let certificate = seal.map(|seal| &seal.certificate);
    let ended = certificate
        .filter(|certificate| certificate.not_after < state.now())
        .map(|certificate| words.date(&certificate.not_after));
    let is_receipt = receipt::is_one(found);
    let (title, lead, kind) = titles(words, intent.description.kind, is_receipt);
    let page = CopyPage {
        words,
        title: &title,
        lead,
        organ: organ
            .as_ref()
            .map_or(intent.seal.common_name.as_str(), |organ| {
                organ.names.in_language(words.language())
            }),
        nif: organ.as_ref().map(|organ| organ.nif.as_str()),
        coat_of_arms: state.site().coat_of_arms(&intent.organ),
        address: frame.address().map(|address| address.as_str()),
        pages: intent.band.pages,
        size: size(found.standing.newest().size),
        document: (!matches!(opening, Opening::Withheld)).then(|| format!("/{compact}/document")),
        pass: match opening {
            Opening::Pass(pass) => Some(pass.to_text()),
            Opening::Link | Opening::Withheld => None,
        },
        kind,
        issued: words.date(&intent.issued_at),
        code: found.code.grouped(),
        until: words.date(&intent.available_until),
        signatures: Tally::of(&intent.source_signatures).map(|tally| outcomes(words, tally)),
        ended,
        eni: eni::metadata(words, &found.standing.record),
        technical: technical(words, found, seal),
        signers: match opening {
            Opening::Withheld => Vec::new(),
            Opening::Link | Opening::Pass(_) => signers::of(words, &intent.source_signatures),
        },
        receipt: (!is_receipt).then(|| frame.reader.link(&format!("/{compact}/receipt"))),
        seals: frame.reader.link("/segells"),
        check: frame.reader.link("/check"),
        compare: frame.reader.link(&format!("/{compact}/compare")),
    };
    frame.answer(HttpResponse::Ok(), &title, &page)
}

/// What the page is called, what it says first, and what kind of copy it shows.
fn titles(words: Words<'_>, kind: CopyKind, is_receipt: bool) -> (String, String, String) {
    let kind = words.kind_of_copy(kind);
    if is_receipt {
        (
            words.say("receipt-page-title"),
            words.say("receipt-page-lead"),
            format!("{} · {kind}", words.say("receipt-title")),
        )
    } else {
        let title = words.say("found-title");
        (title, words.say("found-lead"), kind.to_owned())
    }
}

/// How the signatures of the source came out when the copy was made.
fn outcomes(words: Words<'_>, tally: Tally) -> String {
    [
        (tally.passed, "signatures-passed"),
        (tally.indeterminate, "signatures-open"),
        (tally.failed, "signatures-failed"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, key)| words.with(key, "number", number))
    .collect::<Vec<_>>()
    .join(" · ")
}

/// The signature level reached, and the one asked where that is another.
fn level(words: Words<'_>, intent: &Intent) -> String {
    let reached = format!("PAdES {}", intent.level);
    match intent.level == intent.level_asked {
        true => reached,
        false => {
            let asked = words.with("seal-level-asked", "level", intent.level_asked.as_str());
            format!("{reached} ({asked})")
        }
    }
}

/// What experts want to know.
fn technical(words: Words<'_>, found: &Found, seal: Option<&RegisteredSeal>) -> Vec<Datum> {
    let intent = &found.standing.record.intent;
    let document = found.standing.newest();
    let mut data = vec![
        Datum::literal(words.say("digest"), document.digest.to_string()),
        Datum::new(words.say("size"), format!("{} bytes", document.size)),
        Datum::new(words.say("seal-level"), level(words, intent)),
        Datum::new(words.say("seal-name"), &intent.seal.common_name),
    ];
    if let Some(seal) = seal {
        let facts = &seal.certificate;
        let from_to = words.fill(
            "from-to",
            [
                ("from", words.date(&facts.not_before).into()),
                ("to", words.date(&facts.not_after).into()),
            ],
        );
        data.extend([
            Datum::new(words.say("seal-issuer"), &facts.issuer),
            Datum::literal(words.say("seal-serial"), &facts.serial),
            Datum::new(words.say("seal-validity"), from_to),
        ]);
    }
    let fingerprint = intent.seal.fingerprint.to_string();
    data.extend([
        Datum::literal(words.say("seal-fingerprint"), fingerprint),
        Datum::new(words.say("printed-scale"), printed_scale(words, intent)),
        Datum::new(words.say("software"), &intent.software),
    ]);
    data
}

/// `92,6 %`, with the decimal sign of the language.
fn printed_scale(words: Words<'_>, intent: &Intent) -> String {
    let per_mille = intent.band.printed_scale_per_mille;
    let sign = match words.language() {
        Language::En => '.',
        Language::Ca | Language::Es | Language::OcAranes => ',',
    };
    format!("{}{sign}{} %", per_mille / 10, per_mille % 10)
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<article class="sheet good">
<header class="verdict">{{ Mood::Good.icon()|safe }}<div>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
</div></header>
<section class="issuer">
{%- if let Some(coat_of_arms) = coat_of_arms %}
<img src="{{ coat_of_arms }}" alt="" width="56" height="72">
{%- endif %}
<div>
<h2>{{ words.say("issuer-title") }}</h2>
<p class="organ">{{ organ }}</p>
{%- if let Some(nif) = nif %}
<p class="nif">{{ words.with("nif", "nif", nif) }}</p>
{%- endif %}
</div>
</section>
<section class="steps">
<h2>{{ words.say("steps-title") }}</h2>
<ol>
{%- if let Some(address) = address %}
<li>{{ words.with("step-address", "address", address) }}</li>
{%- endif %}
{%- if document.is_some() %}
<li>{{ words.count("step-compare", "pages", pages) }}</li>
<li>{{ words.say("step-differs") }}</li>
{%- else %}
<li>{{ words.say("step-compare-file") }} <a href="{{ check }}">{{ words.say("file-link") }}</a></li>
{%- endif %}
</ol>
{%- if let Some(document) = document %}
{%- if let Some(pass) = pass %}
<form action="{{ document }}" method="post"><input type="hidden" name="pass" value="{{ pass }}"><button class="action">{{ DOCUMENT|safe }}<span>{{ words.say("open-copy") }} <small>PDF · {{ words.count("pages", "pages", pages) }} · {{ size }}</small></span></button></form>
{%- else %}
<p><a class="action" href="{{ document }}">{{ DOCUMENT|safe }}<span>{{ words.say("open-copy") }} <small>PDF · {{ words.count("pages", "pages", pages) }} · {{ size }}</small></span></a></p>
{%- endif %}
{%- else %}
<p>{{ words.say("not-public-lead") }}</p>
{%- endif %}
</section>
<section class="data">
<h2>{{ words.say("data-title") }}</h2>
<dl>
<dt>{{ words.say("kind") }}</dt><dd>{{ kind }}</dd>
<dt>{{ words.say("issued") }}</dt><dd>{{ issued }}</dd>
<dt>{{ words.say("pages-label") }}</dt><dd>{{ pages }}</dd>
<dt>{{ words.say("code") }}</dt><dd><code class="code">{{ code }}</code></dd>
<dt>{{ words.say("status") }}</dt><dd>{{ words.with("in-force", "date", until) }}</dd>
<dt>{{ words.say("seal") }}</dt><dd>{{ words.say("seal-valid") }}{% if let Some(ended) = ended %} {{ words.with("seal-ended", "date", ended) }}{% endif %}</dd>
{%- if let Some(signatures) = signatures %}
<dt>{{ words.say("source-signatures") }}</dt><dd>{{ signatures }}</dd>
{%- endif %}
</dl>
</section>
<section class="data fine">
<h2>{{ words.say("eni-title") }}</h2>
<dl>
{%- for datum in eni %}
<dt>{{ datum.label }}</dt><dd>{% if datum.literal %}<code>{{ datum.value }}</code>{% else %}{{ datum.value }}{% endif %}</dd>
{%- endfor %}
</dl>
</section>
<div class="helps">
<details>
<summary>{{ words.say("technical-title") }}</summary>
<dl class="fine">
{%- for datum in technical %}
<dt>{{ datum.label }}</dt><dd>{% if datum.literal %}<code>{{ datum.value }}</code>{% else %}{{ datum.value }}{% endif %}</dd>
{%- endfor %}
{%- for signer in signers %}
<dt>{{ signer.label }}</dt><dd>{{ signer.value }}</dd>
{%- endfor %}
<dt>{{ words.say("validators") }}</dt><dd>{% for (name, address) in VALIDATORS %}<a href="{{ address }}" rel="noreferrer external">{{ name }}</a> {% endfor %}</dd>
<dt>{{ words.say("seals-title") }}</dt><dd><a href="{{ seals }}">{{ words.say("nav-seals") }}</a></dd>
</dl>
</details>
<details>
<summary>{{ words.say("have-file-title") }}</summary>
<p>{{ words.say("have-file-text") }} <a href="{{ check }}">{{ words.say("file-link") }}</a></p>
</details>
{%- if let Some(receipt) = receipt %}
<details>
<summary>{{ words.say("receipt-offer-title") }}</summary>
<form class="steps" action="{{ receipt }}" method="post">
<p>{{ words.say("receipt-offer") }}</p>
{%- if let Some(pass) = pass %}
<input type="hidden" name="pass" value="{{ pass }}">
{%- endif %}
<button class="action">{{ words.say("receipt-button") }}</button>
</form>
</details>
{%- endif %}
{%- if document.is_some() %}
<details>
<summary>{{ words.say("compare-title") }}</summary>
<form class="fold" action="{{ compare }}" method="post" enctype="multipart/form-data">
<label for="document">{{ words.say("check-label") }}</label>
<p class="hint" id="document-hint">{{ words.say("compare-lead") }} {{ words.say("compare-upload") }}</p>
<input type="file" id="document" name="document" accept="application/pdf,.pdf" required aria-describedby="document-hint">
{%- if let Some(pass) = pass %}
<input type="hidden" name="pass" value="{{ pass }}">
{%- endif %}
<button class="action">{{ words.say("compare-button") }}</button>
</form>
</details>
{%- endif %}
<details>
<summary>{{ words.say("wrong-title") }}</summary>
<p>{{ words.with("wrong-text", "code", code) }}</p>
</details>
</div>
</article>
"##
)]
struct CopyPage<'a> {
    words: Words<'a>,
    title: &'a str,
    lead: String,
    organ: &'a str,
    nif: Option<&'a str>,
    coat_of_arms: Option<String>,
    address: Option<&'a str>,
    pages: u32,
    size: String,
    document: Option<String>,
    pass: Option<String>,
    kind: String,
    issued: String,
    code: String,
    until: String,
    /// How the signatures came out that the source brought with it.
    signatures: Option<String>,
    ended: Option<String>,
    eni: Vec<Datum>,
    technical: Vec<Datum>,
    /// Who signed the source, for who may see it.
    signers: Vec<Datum>,
    /// Where a receipt is asked for; a receipt gets none.
    receipt: Option<String>,
    seals: String,
    check: String,
    compare: String,
}
