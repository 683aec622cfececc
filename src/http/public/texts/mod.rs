//! The words of the public pages, in Fluent files: one per language under `locales`, all with the same
//! messages and the same variables. A service may replace any message by one of its own.

mod overrides;
pub(super) mod prose;

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use unic_langid::LanguageIdentifier;

pub use self::overrides::TextsFault;
use crate::model::{CopyKind, Language};
use crate::seal::legend;

/// The time zone of the dates shown: that of the administrations served, as in the band.
static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC));

/// The messages of a language as they come with the program: those of the pages, of the validation
/// report, and of the receipt of a check.
const fn built_in(language: Language) -> &'static str {
    macro_rules! messages {
        ($file:literal) => {
            concat!(
                include_str!(concat!("locales/", $file)),
                include_str!(concat!("locales/report/", $file)),
                include_str!(concat!("locales/receipt/", $file)),
            )
        };
    }
    match language {
        Language::Ca => messages!("ca.ftl"),
        Language::Es => messages!("es.ftl"),
        Language::OcAranes => messages!("oc-aranes.ftl"),
        Language::En => messages!("en.ftl"),
    }
}

/// The words of all languages, and who runs the service: what every message may name.
pub struct Texts {
    tongues: Vec<Tongue>,
    names_operator: bool,
}

/// The words of one language, with the two names that every message may use: they are put into words
/// once, and not for every message of every page.
struct Tongue {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    operator: String,
    contact: String,
}

impl Tongue {
    fn of(language: Language, bundle: FluentBundle<FluentResource>) -> Self {
        let mut tongue = Self {
            language,
            bundle,
            operator: String::new(),
            contact: String::new(),
        };
        tongue.name(None, None);
        tongue
    }

    /// Names who runs the service and how they are reached; in general terms where that is not said.
    fn name(&mut self, operator: Option<&str>, contact: Option<&str>) {
        let unnamed = |key| self.format(key, None).unwrap_or_default();
        let operator = operator.map_or_else(|| unnamed("operator-unnamed"), str::to_owned);
        let contact = contact.map_or_else(|| unnamed("contact-unnamed"), str::to_owned);
        self.operator = operator;
        self.contact = contact;
    }

    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut errors);
        Some(text.into_owned())
    }
}

impl Texts {
    /// The words that come with the program, with those of `overrides` (Fluent, per language) in the
    /// place of the messages of the same names.
    ///
    /// # Errors
    /// An override that is not Fluent, or a message that no page has or that names other variables.
    pub fn new(overrides: &[(Language, String)]) -> Result<Self, TextsFault> {
        let mut texts = Self::built_in();
        for tongue in &mut texts.tongues {
            let language = tongue.language;
            for (_, text) in overrides.iter().filter(|(other, _)| *other == language) {
                let resource = overrides::checked(language, text)?;
                tongue.bundle.add_resource_overriding(resource);
            }
            tongue.name(None, None);
        }
        Ok(texts)
    }

    /// The words that come with the program.
    pub fn built_in() -> Self {
        let tongues = Language::ALL.map(|language| {
            let mut bundle = FluentBundle::new_concurrent(vec![identifier(language)]);
            // The marks that Fluent puts around variables end up in what people copy from a page.
            bundle.set_use_isolating(false);
            bundle.add_resource_overriding(overrides::resource(built_in(language)).0);
            Tongue::of(language, bundle)
        });
        Self {
            tongues: tongues.into(),
            names_operator: false,
        }
    }

    /// Names who runs the service, and how that office is reached; without them the messages speak of
    /// the administration in general.
    #[must_use]
    pub fn of(mut self, operator: Option<String>, contact: Option<String>) -> Self {
        self.names_operator = operator.is_some();
        for tongue in &mut self.tongues {
            tongue.name(operator.as_deref(), contact.as_deref());
        }
        self
    }

    /// The words in one language.
    pub(super) const fn words(&self, language: Language) -> Words<'_> {
        Words {
            texts: self,
            language,
        }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Texts")
    }
}

fn identifier(language: Language) -> LanguageIdentifier {
    language.tag().parse().unwrap_or_default()
}

/// The words in one language.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    texts: &'a Texts,
    language: Language,
}

impl<'a> Words<'a> {
    /// The language.
    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// Its tag, for `lang`.
    pub(super) const fn tag(&self) -> &'static str {
        self.language.tag()
    }

    /// Its own name.
    pub(super) const fn name_of(&self, language: &Language) -> &'static str {
        match language {
            Language::Ca => "Català",
            Language::Es => "Castellano",
            Language::OcAranes => "Aranés",
            Language::En => "English",
        }
    }

    /// A message.
    pub(super) fn say(&self, key: &str) -> String {
        self.fill(key, [])
    }

    /// A message with a text in it.
    pub(super) fn with(&self, key: &str, name: &str, value: impl fmt::Display) -> String {
        self.fill(key, [(name, value.to_string().into())])
    }

    /// A message with a number in it, on which its form may depend.
    pub(super) fn count(&self, key: &str, name: &str, number: &u32) -> String {
        self.fill(key, [(name, (*number).into())])
    }

    /// A message with several variables.
    pub(super) fn fill<const N: usize>(
        &self,
        key: &str,
        variables: [(&str, FluentValue<'_>); N],
    ) -> String {
        let Some(tongue) = self.tongue() else {
            return key.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(N + 2);
        arguments.set("operator", tongue.operator.as_str());
        arguments.set("contact", tongue.contact.as_str());
        for (name, value) in variables {
            arguments.set(name, value);
        }
        let said = tongue.format(key, Some(&arguments));
        said.unwrap_or_else(|| key.to_owned())
    }

    /// A minute: `21 de novembre de 2026, 13:05 CET`, where the administrations are.
    pub(super) fn moment(&self, time: &Timestamp) -> String {
        format!("{}, {}", self.date(time), local(time).strftime("%H:%M %Z"))
    }

    /// A day: `21 de novembre de 2026`, where the administrations are.
    pub(super) fn date(&self, time: &Timestamp) -> String {
        let day = local(time);
        let [year, month, day] = [
            i64::from(day.year()),
            i64::from(day.month()),
            i64::from(day.day()),
        ];
        self.fill(
            "date",
            [
                ("day", day.into()),
                ("month", month.into()),
                ("year", year.into()),
            ],
        )
    }

    /// What a copy of this kind is called, in the words of its band.
    pub(super) fn kind_of_copy(&self, kind: CopyKind) -> &'static str {
        legend::kind_of_copy(kind, self.language)
    }

    /// Whether the service says who runs it.
    pub(super) const fn names_operator(&self) -> bool {
        self.texts.names_operator
    }

    fn tongue(&self) -> Option<&'a Tongue> {
        let mut tongues = self.texts.tongues.iter();
        tongues.find(|tongue| tongue.language == self.language)
    }
}

/// A time where the administrations are.
fn local(time: &Timestamp) -> Zoned {
    time.to_zoned(ZONE.clone())
}

/// A length in bytes for people: `340 kB`, `12 MB`. Whole numbers need no decimal sign, which languages
/// write differently.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

#[cfg(test)]
mod tests;
