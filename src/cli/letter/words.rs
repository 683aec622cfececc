//! The words of the letter, in Fluent files: one per language, all with the same messages.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use unic_langid::LanguageIdentifier;

use super::LetterLanguage;

/// The words of one language.
pub(super) struct Words {
    bundle: FluentBundle<FluentResource>,
    zone: TimeZone,
}

/// The file of a language.
const fn built_in(language: LetterLanguage) -> &'static str {
    match language {
        LetterLanguage::Ca => include_str!("locales/ca.ftl"),
        LetterLanguage::Es => include_str!("locales/es.ftl"),
    }
}

impl Words {
    pub(super) fn in_language(language: LetterLanguage) -> Self {
        let identifier: LanguageIdentifier = language.language().tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![identifier]);
        // The marks that Fluent puts around variables would end up in the mail.
        bundle.set_use_isolating(false);
        // What could be read of a faulty file is better than nothing, and a test reads them whole.
        let resource = FluentResource::try_new(built_in(language).to_owned());
        bundle.add_resource_overriding(resource.unwrap_or_else(|(resource, _)| resource));
        Self {
            bundle,
            // That of the administrations served, as in the band.
            zone: TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC),
        }
    }

    /// A message.
    pub(super) fn say(&self, key: &str) -> String {
        self.fill(key, [])
    }

    /// A message with texts or numbers in it.
    pub(super) fn fill<const N: usize>(
        &self,
        key: &str,
        variables: [(&str, FluentValue<'_>); N],
    ) -> String {
        let message = self.bundle.get_message(key);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut arguments = FluentArgs::with_capacity(N);
        for (name, value) in variables {
            arguments.set(name, value);
        }
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&arguments), &mut errors);
        text.into_owned()
    }

    /// Whether there is such a message.
    pub(super) fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// A day in one of the forms that a sentence takes: `date-on`, `date-until`, `date-from`, `date-plain`.
    pub(super) fn date(&self, form: &str, day: Date) -> String {
        self.fill(
            form,
            [
                ("day", i64::from(day.day()).into()),
                ("month", i64::from(day.month()).into()),
                ("year", i64::from(day.year()).into()),
            ],
        )
    }

    /// The day of a time where the administrations are.
    pub(super) fn day(&self, time: Timestamp) -> Date {
        let local: Zoned = time.to_zoned(self.zone.clone());
        local.date()
    }
}
