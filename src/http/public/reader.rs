//! In which language a reader is answered: the one that the address names (`?lang=es`), or the first of
//! `Accept-Language` that is offered, or Catalan. Nothing is remembered: there are no cookies, so links
//! carry on what was chosen by hand.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

use crate::model::Language;

/// A reader's language, and whether it was chosen by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reader {
    pub(super) language: Language,
    chosen: bool,
}

impl Reader {
    /// Who asks.
    pub(super) fn of(request: &HttpRequest) -> Self {
        match chosen(request.query_string()) {
            Some(language) => Self {
                language,
                chosen: true,
            },
            None => Self {
                language: preferred(request.headers()).unwrap_or_default(),
                chosen: false,
            },
        }
    }

    /// The language that forms have to send along.
    pub(super) fn tag_if_chosen(self) -> Option<&'static str> {
        self.chosen.then(|| self.language.tag())
    }

    /// An address of this service, with the language if it was chosen by hand.
    pub(super) fn link(self, path: &str) -> String {
        if self.chosen {
            in_language(path, self.language)
        } else {
            path.to_owned()
        }
    }
}

/// An address of this service that asks for a language.
pub(super) fn in_language(path: &str, language: Language) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}lang={}", language.tag())
}

/// The value of `lang` in a query. Tags need no decoding.
fn chosen(query: &str) -> Option<Language> {
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Language::from_tag)
}

/// The first language of `Accept-Language` that is offered, in the order written: browsers list them by
/// preference. Aranese is named `oc-aranes`; any other Occitan is closer to it than to the rest.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let field = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    field.split(',').find_map(|member| {
        let tag = member.split(';').next()?.trim();
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "ca" => Some(Language::Ca),
            "es" => Some(Language::Es),
            "oc" => Some(Language::OcAranes),
            "en" => Some(Language::En),
            _ => None,
        }
    })
}

/// A text as part of a query (RFC 3986, 2.1).
pub(super) fn query_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn reader(address: &str, accept: &'static str) -> Reader {
        let request = TestRequest::with_uri(address).insert_header((ACCEPT_LANGUAGE, accept));
        Reader::of(&request.to_http_request())
    }

    #[test]
    fn the_reader_gets_the_first_language_offered_or_catalan() {
        let language = |accept| reader("/", accept).language;
        assert_eq!(language("es-ES,es;q=0.9,en;q=0.8"), Language::Es);
        assert_eq!(language("fr, en-GB;q=0.8"), Language::En);
        assert_eq!(language("oc-ES, es"), Language::OcAranes);
        assert_eq!(language("fr"), Language::Ca);
        assert_eq!(language(""), Language::Ca);
    }

    #[test]
    fn a_language_chosen_by_hand_wins_and_is_carried_on() {
        let chosen = reader("/segells?page=2&lang=oc-aranes", "es");
        assert_eq!(chosen.language, Language::OcAranes);
        assert_eq!(chosen.link("/check"), "/check?lang=oc-aranes");
        assert_eq!(chosen.link("/?codi=A"), "/?codi=A&lang=oc-aranes");
        let unknown = reader("/?lang=fr", "es");
        assert_eq!(unknown.language, Language::Es);
        assert_eq!(unknown.link("/check"), "/check");
    }

    #[test]
    fn what_was_typed_is_escaped_in_an_address() {
        assert_eq!(query_escaped("a&b \"ç"), "a%26b%20%22%C3%A7");
    }
}
