//! Which form an answer takes: the part of RFC 9110, 12.5.1 that the interface needs.
//!
//! Every negotiated address has a default form and one alternative. The alternative is given to who
//! asks for it by name and prefers it: stock clients that accept everything get the default.

use actix_web::http::header::{ACCEPT, HeaderMap};

/// A weight in thousandths, as precise as `q` can be written.
type Weight = u16;

/// A form an answer can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Pdf,
    Json,
    Html,
}

impl Form {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Json => "application/json",
            Self::Html => "text/html",
        }
    }

    fn range(self) -> &'static str {
        match self {
            Self::Pdf | Self::Json => "application/*",
            Self::Html => "text/*",
        }
    }
}

/// The media ranges of an `Accept` field with their weights.
#[derive(Debug)]
pub(crate) struct Accept(Vec<(String, Weight)>);

impl Accept {
    /// Reads the field. What cannot be read is passed over: a copy is not refused for a bad `Accept`.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let fields = headers
            .get_all(ACCEPT)
            .filter_map(|value| value.to_str().ok());
        Self(
            fields
                .flat_map(|field| field.split(','))
                .filter_map(media_range)
                .collect(),
        )
    }

    fn weight(&self, range: &str) -> Option<Weight> {
        self.0
            .iter()
            .find(|(named, _)| named == range)
            .map(|(_, weight)| *weight)
    }

    /// The form to answer in: `alternative` when it is named and preferred over both `default` and
    /// `*/*`, or when `default` is excluded; `default` otherwise, and so for an absent field.
    pub(crate) fn choose(&self, default: Form, alternative: Form) -> Form {
        let wanted = self.weight(alternative.media_type()).unwrap_or(0);
        let named = self
            .weight(default.media_type())
            .or_else(|| self.weight(default.range()));
        let anything = self.weight("*/*").unwrap_or(0);
        let excluded = named == Some(0);
        let rival = named.unwrap_or(0).max(anything);
        if wanted > 0 && (excluded || wanted > rival) {
            alternative
        } else {
            default
        }
    }
}

/// One member of the field: the media range in lower case and its weight.
fn media_range(member: &str) -> Option<(String, Weight)> {
    let mut parts = member.split(';').map(str::trim);
    let range = parts.next().filter(|range| range.contains('/'))?;
    let weight = parts
        .find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("q")
                .then(|| weight(value.trim()))
        })
        .unwrap_or(Some(1000))?;
    Some((range.to_ascii_lowercase(), weight))
}

/// A `qvalue`: 0 to 1 with at most three decimals.
fn weight(text: &str) -> Option<Weight> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: Weight = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn copies(accept: &str) -> Form {
        choose(accept, Form::Pdf, Form::Json)
    }

    fn choose(accept: &str, default: Form, alternative: Form) -> Form {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        Accept::of(&headers).choose(default, alternative)
    }

    #[test]
    fn stock_clients_get_a_pdf_from_copies() {
        assert_eq!(copies("*/*"), Form::Pdf, "curl, Python requests");
        assert_eq!(
            copies("application/json, text/plain, */*"),
            Form::Pdf,
            "axios"
        );
        assert_eq!(
            Accept::of(&HeaderMap::new()).choose(Form::Pdf, Form::Json),
            Form::Pdf,
            "Java HttpClient"
        );
        assert_eq!(
            copies("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"),
            Form::Pdf,
            "browsers"
        );
        assert_eq!(
            copies("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"),
            Form::Pdf,
            "Java HttpURLConnection"
        );
    }

    #[test]
    fn json_is_given_to_who_prefers_it() {
        assert_eq!(copies("application/json"), Form::Json);
        assert_eq!(copies("Application/JSON ; charset=utf-8"), Form::Json);
        assert_eq!(copies("application/json, */*;q=0.5"), Form::Json);
        assert_eq!(
            copies("application/pdf;q=0.4, application/json;q=0.5"),
            Form::Json
        );
        assert_eq!(
            copies("application/pdf;q=0, application/json, */*"),
            Form::Json
        );
    }

    #[test]
    fn pdf_is_given_when_json_is_only_as_good_or_worse() {
        assert_eq!(copies("application/pdf, application/json"), Form::Pdf);
        assert_eq!(copies("application/json;q=0.5, */*;q=0.8"), Form::Pdf);
        assert_eq!(copies("application/json;q=0, application/pdf"), Form::Pdf);
        assert_eq!(copies("application/json;q=0"), Form::Pdf);
        assert_eq!(
            copies("*/*, application/pdf;q=0.1, application/json;q=0.5"),
            Form::Pdf
        );
        assert_eq!(
            copies("image/png"),
            Form::Pdf,
            "never a 406 after the work is done"
        );
    }

    #[test]
    fn a_validation_is_json_unless_html_is_preferred() {
        let form = |accept| choose(accept, Form::Json, Form::Html);
        assert_eq!(form("*/*"), Form::Json);
        assert_eq!(form("application/json, text/plain, */*"), Form::Json);
        assert_eq!(
            form("text/html,application/xml;q=0.9,*/*;q=0.8"),
            Form::Html
        );
    }

    #[test]
    fn a_page_is_html_unless_json_is_preferred() {
        let form = |accept| choose(accept, Form::Html, Form::Json);
        assert_eq!(form("*/*"), Form::Html);
        assert_eq!(
            form("text/html,application/xml;q=0.9,*/*;q=0.8"),
            Form::Html
        );
        assert_eq!(form("application/json"), Form::Json);
    }

    #[test]
    fn weights_are_read_as_the_standard_writes_them() {
        assert_eq!(weight("1"), Some(1000));
        assert_eq!(weight("1.000"), Some(1000));
        assert_eq!(weight("0.5"), Some(500));
        assert_eq!(weight("0.001"), Some(1));
        assert_eq!(weight("1.001"), None);
        assert_eq!(weight("0.0001"), None);
        assert_eq!(weight("-1"), None);
        assert_eq!(weight("0.+1"), None);
    }

    #[test]
    fn nonsense_in_the_field_is_passed_over() {
        assert_eq!(copies(",,;q=,/;q=x,application/json;q=banana"), Form::Pdf);
        assert_eq!(copies(&";".repeat(5000)), Form::Pdf);
    }
}
