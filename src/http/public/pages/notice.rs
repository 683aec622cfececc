//! Codes without a copy to show, and our own troubles: each state says what it means and what to do,
//! and never more than it knows.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::Timestamp;

use crate::archive::CopyStatus;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::public::answer::{self, HTML};
use crate::http::public::frame::Frame;
use crate::http::public::icons::Mood;
use crate::http::public::texts::Words;
use crate::http::request_id::RequestId;
use crate::http::state::AppState;
use crate::http::stored::Found;

/// Why there is no copy to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http::public) enum Notice {
    /// The code belongs to no copy, or to none that may be known of.
    NotFound,
    /// Its organ withdrew it.
    Withdrawn,
    /// Past its availability.
    Expired {
        /// Its last moment.
        until: Timestamp,
    },
    /// Its content was erased.
    Erased,
    /// It exists, and its content is only for who knows something more.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "every copy is open in this version")
    )]
    Restricted {
        /// What has to be known, in the organ's words.
        factor: String,
    },
    /// A code of the test environment on a real service.
    OtherEnvironment,
    /// This service keeps no copies.
    NotKept,
    /// The archive cannot be asked now.
    Down,
    /// Too many requests from one address.
    TooMany,
    /// An address without a page.
    Nowhere,
    /// A request that cannot be read.
    Refused,
}

impl Notice {
    /// The state of a copy that is not in force. `InForce` cannot come here but for a change between two
    /// looks, and is then as good as "cannot look now".
    pub(in crate::http::public) fn of_copy(found: &Found) -> Self {
        match found.status {
            CopyStatus::Withdrawn => Self::Withdrawn,
            CopyStatus::Expired => Self::Expired {
                until: found.record.intent.available_until,
            },
            CopyStatus::Erased => Self::Erased,
            CopyStatus::InForce => Self::Down,
        }
    }

    /// The notice that a problem calls for.
    pub(in crate::http::public) fn of_problem(problem: &Problem) -> Self {
        match problem.code() {
            ProblemCode::NotFound => Self::NotFound,
            ProblemCode::NoArchive => Self::NotKept,
            ProblemCode::TooManyRequests => Self::TooMany,
            _ if problem.entry().status >= 500 => Self::Down,
            _ => Self::Refused,
        }
    }

    /// How the names of its messages begin.
    const fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Withdrawn => "withdrawn",
            Self::Expired { .. } => "expired",
            Self::Erased => "erased",
            Self::Restricted { .. } => "restricted",
            Self::OtherEnvironment => "other-environment",
            Self::NotKept => "not-kept",
            Self::Down => "down",
            Self::TooMany => "too-many",
            Self::Nowhere => "nowhere",
            Self::Refused => "refused",
        }
    }

    /// "We cannot look now" is never red.
    const fn mood(&self) -> Mood {
        match self {
            Self::Withdrawn | Self::OtherEnvironment => Mood::Bad,
            Self::Restricted { .. } => Mood::Good,
            Self::NotFound | Self::Expired { .. } | Self::Erased => Mood::Careful,
            Self::NotKept | Self::Down | Self::TooMany | Self::Nowhere | Self::Refused => {
                Mood::Neutral
            }
        }
    }

    /// What to do, a paragraph each.
    fn advice(&self, words: Words<'_>, test: bool) -> Vec<String> {
        let what = || words.say(&format!("{}-what", self.key()));
        match self {
            Self::Nowhere | Self::Refused => Vec::new(),
            Self::NotFound if test => vec![
                what(),
                words.say("not-found-address"),
                words.say("not-found-on-test"),
            ],
            Self::NotFound => vec![what(), words.say("not-found-address")],
            _ => vec![what()],
        }
    }

    fn lead(&self, words: Words<'_>) -> String {
        let key = format!("{}-lead", self.key());
        match self {
            Self::Expired { until } => words.with(&key, "date", words.date(until)),
            Self::Restricted { factor } => words.with(&key, "factor", factor),
            _ => words.say(&key),
        }
    }
}

/// The page of a notice. The status and the fields are those of `problem`; `found` is the copy, when it
/// may be known that there is one.
pub(in crate::http::public) fn page(
    request: &HttpRequest,
    state: &AppState,
    notice: &Notice,
    problem: &Problem,
    found: Option<&Found>,
) -> Result<HttpResponse, Problem> {
    let here = found.map_or("/".to_owned(), |found| format!("/{}", found.code.compact()));
    let organ = found.and_then(|found| state.organ(&found.record.intent.organ));
    let frame = Frame::new(request, state, here).of_organ(organ);
    let words = frame.words;
    let title = words.say(&format!("{}-title", notice.key()));
    let request_id = RequestId::of(request);
    let mood = notice.mood();
    let page = NoticePage {
        words,
        title: &title,
        mood,
        lead: notice.lead(words),
        advice: notice.advice(words, answer::is_test(state)),
        organ: organ.map(|organ| organ.names.in_language(words.language())),
        issued: found.map(|found| words.date(&found.record.intent.issued_at)),
        request_id: (problem.entry().status >= 500).then(|| request_id.as_str()),
        another: frame.reader.link("/"),
    };
    let html = frame.html(&title, &page)?;
    let mut answer = problem.respond(request).set_body(html);
    for (name, value) in answer::guards(state) {
        answer.headers_mut().insert(name, value);
    }
    answer.headers_mut().insert(header::CONTENT_TYPE, HTML);
    answer.headers_mut().insert(
        header::CONTENT_LANGUAGE,
        header::HeaderValue::from_static(words.tag()),
    );
    Ok(answer.map_into_boxed_body())
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<article class="sheet {{ mood.class() }}">
<header class="verdict">{{ mood.icon()|safe }}<div>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
</div></header>
{%- if let Some(organ) = organ %}
<section class="issuer"><div>
<h2>{{ words.say("issued-by") }}</h2>
<p class="organ">{{ organ }}</p>
{%- if let Some(issued) = issued %}
<p class="nif">{{ words.say("issued") }} {{ issued }}</p>
{%- endif %}
</div></section>
{%- endif %}
{%- for paragraph in advice %}
<p>{{ paragraph }}</p>
{%- endfor %}
<p><a class="action" href="{{ another }}">{{ words.say("another") }}</a></p>
{%- if let Some(request_id) = request_id %}
<p class="fine">{{ words.say("request-id") }}: <code>{{ request_id }}</code></p>
{%- endif %}
</article>
"##
)]
struct NoticePage<'a> {
    words: Words<'a>,
    title: &'a str,
    mood: Mood,
    lead: String,
    advice: Vec<String>,
    organ: Option<&'a str>,
    issued: Option<String>,
    request_id: Option<&'a str>,
    another: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::public::texts::Texts;
    use crate::model::Language;

    #[test]
    fn a_restricted_copy_is_official_and_says_what_it_takes() {
        let texts = Texts::new(&[]).unwrap();
        let notice = Notice::Restricted {
            factor: "la data de naixement".to_owned(),
        };
        let words = texts.words(Language::Ca);
        assert_eq!(notice.mood(), Mood::Good);
        assert!(notice.lead(words).contains("cal la data de naixement."));
        assert_eq!(notice.advice(words, false).len(), 1);
    }

    #[test]
    fn our_own_trouble_is_never_red_and_never_green() {
        for code in [
            ProblemCode::Busy,
            ProblemCode::ArchiveUnavailable,
            ProblemCode::ArchiveDamaged,
            ProblemCode::Internal,
            ProblemCode::NoArchive,
            ProblemCode::TooManyRequests,
        ] {
            let notice = Notice::of_problem(&Problem::new(code));
            assert_eq!(notice.mood(), Mood::Neutral, "{code:?}");
        }
    }
}
