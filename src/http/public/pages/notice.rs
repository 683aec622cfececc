//! Codes without a copy to show, and our own troubles: each state says what it means and what to do,
//! and never more than it knows.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use jiff::Timestamp;

use crate::archive::{CopyStatus, Withdrawn};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::public::answer::{self, HTML};
use crate::http::public::frame::Frame;
use crate::http::public::icons::Mood;
use crate::http::public::reader::Reader;
use crate::http::public::receipt;
use crate::http::public::texts::Words;
use crate::http::request_id::RequestId;
use crate::http::state::AppState;
use crate::http::stored::Found;
use crate::model::{Language, WithdrawalReason};

/// Why there is no copy to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http::public) enum Notice {
    /// The code belongs to no copy, or to none that may be known of.
    NotFound,
    /// Its organ withdrew it.
    Withdrawn(Option<Withdrawn>),
    /// Past its availability.
    Expired {
        /// Its last moment, unless it ended before.
        until: Option<Timestamp>,
    },
    /// Its content was erased.
    Erased,
    /// It is official, and the public sees what it is and not what it says.
    NotPublic,
    /// A code of the test environment on a real service.
    OtherEnvironment,
    /// This service keeps no copies.
    NotKept,
    /// The archive cannot be asked now.
    Down,
    /// Too many requests from one address.
    TooMany,
    /// The check could be made, its receipt not.
    NoReceipt(NoReceipt),
    /// An address without a page.
    Nowhere,
    /// A request that cannot be read.
    Refused,
}

/// Why no receipt is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http::public) enum NoReceipt {
    /// The seal of the organ is not available.
    Seal,
    /// No organ here can vouch for what was checked.
    Foreign,
    /// What was checked is a receipt.
    Again,
}

impl Notice {
    /// The state of a copy that is not in force. `InForce` cannot come here but for a change between two
    /// looks, and is then as good as "cannot look now".
    pub(in crate::http::public) fn of_copy(found: &Found, now: Timestamp) -> Self {
        let standing = &found.standing;
        match standing.status {
            CopyStatus::Withdrawn => Self::Withdrawn(standing.withdrawal.clone()),
            CopyStatus::Expired => Self::Expired {
                until: Some(standing.record.intent.available_until).filter(|until| *until <= now),
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
            ProblemCode::ReceiptSeal => Self::NoReceipt(NoReceipt::Seal),
            ProblemCode::ReceiptForeign => Self::NoReceipt(NoReceipt::Foreign),
            ProblemCode::ReceiptAgain => Self::NoReceipt(NoReceipt::Again),
            _ if problem.entry().status >= 500 => Self::Down,
            _ => Self::Refused,
        }
    }

    /// How the names of its messages begin.
    const fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Withdrawn(_) => "withdrawn",
            Self::Expired { .. } => "expired",
            Self::Erased => "erased",
            Self::NotPublic => "not-public",
            Self::OtherEnvironment => "other-environment",
            Self::NotKept => "not-kept",
            Self::Down => "down",
            Self::TooMany => "too-many",
            Self::NoReceipt(_) => "no-receipt",
            Self::Nowhere => "nowhere",
            Self::Refused => "refused",
        }
    }

    /// "We cannot look now" is never red.
    pub(in crate::http::public) const fn mood(&self) -> Mood {
        match self {
            Self::Withdrawn(_) | Self::OtherEnvironment => Mood::Bad,
            Self::NotPublic => Mood::Good,
            Self::NotFound | Self::Expired { .. } | Self::Erased => Mood::Careful,
            Self::NotKept
            | Self::Down
            | Self::TooMany
            | Self::NoReceipt(_)
            | Self::Nowhere
            | Self::Refused => Mood::Neutral,
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
            Self::Withdrawn(Some(_)) => vec![words.say("withdrawn-lead"), what()],
            _ => vec![what()],
        }
    }

    /// What the organ says about it, and in which language if that is known.
    pub(in crate::http::public) fn quote(
        &self,
        words: Words<'_>,
    ) -> Option<(&str, Option<&'static str>)> {
        let Self::Withdrawn(Some(withdrawn)) = self else {
            return None;
        };
        let (text, language) = withdrawn.withdrawal.text.in_language(words.language());
        Some((text, language.map(Language::tag)))
    }

    pub(in crate::http::public) fn lead(&self, words: Words<'_>) -> String {
        let key = format!("{}-lead", self.key());
        match self {
            Self::Expired { until: Some(until) } => words.with(&key, "date", words.date(until)),
            Self::Expired { until: None } => words.say("expired-early"),
            Self::Withdrawn(Some(withdrawn)) => words.fill(
                "withdrawn-why",
                [
                    ("date", words.date(&withdrawn.at).into()),
                    ("reason", reason(words, withdrawn.withdrawal.reason).into()),
                ],
            ),
            Self::NoReceipt(why) => words.say(match why {
                NoReceipt::Seal => "no-receipt-seal",
                NoReceipt::Foreign => "no-receipt-foreign",
                NoReceipt::Again => "no-receipt-again",
            }),
            _ => words.say(&key),
        }
    }

    /// What it is called.
    pub(in crate::http::public) fn title(&self, words: Words<'_>) -> String {
        words.say(&format!("{}-title", self.key()))
    }
}

/// The class of a reason in words.
fn reason(words: Words<'_>, reason: WithdrawalReason) -> String {
    words.say(match reason {
        WithdrawalReason::ErrorInDocument => "reason-error",
        WithdrawalReason::Superseded => "reason-superseded",
        WithdrawalReason::IssuedByMistake => "reason-mistake",
        WithdrawalReason::CourtOrder => "reason-court",
        WithdrawalReason::Other => "reason-other",
    })
}

/// The page of a notice, at the address `here`. The status and the fields are those of `problem`; `found`
/// is the copy, when it may be known that there is one.
pub(in crate::http::public) fn page(
    request: &HttpRequest,
    state: &AppState,
    here: &str,
    notice: &Notice,
    problem: &Problem,
    found: Option<&Found>,
) -> Result<HttpResponse, Problem> {
    let organ = found.and_then(|found| state.organ_of(&found.standing.record.intent));
    let frame = Frame::new(request, state, here).of_organ(organ.as_ref());
    let words = frame.words;
    let title = notice.title(words);
    let request_id = RequestId::of(request);
    let mood = notice.mood();
    let page = NoticePage {
        words,
        title: &title,
        mood,
        lead: notice.lead(words),
        advice: notice.advice(words, answer::is_test(state)),
        organ: organ
            .as_ref()
            .map(|organ| organ.names.in_language(words.language())),
        issued: found
            .filter(|found| found.standing.facts_for_the_public().is_ok())
            .map(|found| words.date(&found.standing.record.intent.issued_at)),
        quote: notice.quote(words),
        receipt: found.and_then(|found| receipt_of(found, frame.reader)),
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

/// Where a receipt is asked for of a copy that is no longer in force.
fn receipt_of(found: &Found, reader: Reader) -> Option<String> {
    let standing = &found.standing;
    let public = standing.facts_for_the_public().is_ok();
    let offered = public && standing.status != CopyStatus::InForce && !receipt::is_one(found);
    offered.then(|| reader.link(&format!("/{}/receipt", found.code.compact())))
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<article class="sheet {{ mood.class() }}">
<header class="verdict">{{ mood.icon()|safe }}<div>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
{%- if let Some((text, language)) = quote %}
<blockquote{% if let Some(language) = language %} lang="{{ language }}"{% endif %}>{{ text }}</blockquote>
{%- endif %}
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
{%- if let Some(receipt) = receipt %}
<div class="helps"><details>
<summary>{{ words.say("receipt-offer-title") }}</summary>
<form class="steps" action="{{ receipt }}" method="post">
<p>{{ words.say("receipt-offer") }}</p>
<button class="action">{{ words.say("receipt-button") }}</button>
</form>
</details></div>
{%- endif %}
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
    quote: Option<(&'a str, Option<&'static str>)>,
    /// Where a receipt of this is asked for.
    receipt: Option<String>,
    request_id: Option<&'a str>,
    another: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::public::texts::Texts;
    use crate::model::Withdrawal;

    #[test]
    fn a_withdrawal_says_when_and_why_before_anything_else() {
        let texts = Texts::new(&[]).unwrap();
        let text = r#"{"es":"Hay una versión corregida.","ca":"N’hi ha una versió corregida."}"#;
        let notice = Notice::Withdrawn(Some(Withdrawn {
            at: "2026-11-22T10:00:00Z".parse().unwrap(),
            withdrawal: Withdrawal {
                reason: WithdrawalReason::Superseded,
                text: serde_json::from_str(text).unwrap(),
            },
        }));
        let words = texts.words(Language::Es);
        assert!(
            notice.lead(words).contains("22 de noviembre de 2026"),
            "{}",
            notice.lead(words)
        );
        assert_eq!(
            notice.quote(words),
            Some(("Hay una versión corregida.", Some("es")))
        );
        assert_eq!(notice.mood(), Mood::Bad);
        for reason in WithdrawalReason::ALL {
            assert!(!super::reason(words, reason).is_empty());
        }
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
