//! One signature in plain words.

use super::{Observation, Teller, clean, keys, mood, seen};
use crate::http::public::icons::Mood;
use crate::http::public::pages::Datum;
use crate::validate::report::{ChangeClass, Indication, SignatureReport, SignedBy, TimeProof};

/// A signature in the words of one language.
pub(crate) struct SignatureTold {
    /// Who signed.
    pub(crate) name: String,
    /// How its indication is to be taken.
    pub(crate) mood: Mood,
    /// Its indication in one or two words.
    pub(crate) tag: String,
    /// Why it did not pass.
    pub(crate) why: Option<String>,
    /// Who, what and when.
    pub(crate) data: Vec<Datum>,
    /// Title of the list that follows.
    pub(crate) later_title: String,
    /// What was changed after it.
    pub(crate) later: Vec<Observation>,
    /// Title of the list that follows.
    pub(crate) observations_title: String,
    /// What else was seen.
    pub(crate) observations: Vec<Observation>,
}

impl<'a> Teller<'a> {
    pub(super) fn signatures(&self) -> Vec<SignatureTold> {
        let signatures = self.report.signatures.iter();
        signatures
            .map(|signature| self.signature(signature))
            .collect()
    }

    fn signature(&self, signature: &'a SignatureReport) -> SignatureTold {
        let words = self.words;
        let findings = self.findings(Some(&signature.field));
        SignatureTold {
            name: self.signer(signature),
            mood: mood(signature.indication),
            tag: words.say(keys::tag(signature.indication)),
            why: signature
                .sub_indication
                .map(|sub_indication| words.say(keys::why(sub_indication))),
            data: self.signature_data(signature),
            later_title: words.say("later"),
            later: self.later(signature),
            observations_title: words.say("findings-title"),
            observations: seen::observations(words, &findings, signature.sub_indication),
        }
    }

    /// The name in the certificate.
    pub(super) fn signer(&self, signature: &SignatureReport) -> String {
        let name = signature.signed_by.as_ref().map(|by| clean(&by.name));
        let name = name.filter(|name| !name.trim().is_empty());
        name.unwrap_or_else(|| self.words.say("signer-unknown"))
    }

    fn signature_data(&self, signature: &SignatureReport) -> Vec<Datum> {
        let words = self.words;
        let mut data = Vec::new();
        if let Some(by) = &signature.signed_by {
            data.extend(self.entity(by));
            let registered = by.registered_for.as_ref();
            data.extend(
                registered.map(|organ| Datum::new(words.say("registered-for"), self.organ(organ))),
            );
            data.push(Datum::new(words.say("seal-issuer"), clean(&by.issuer)));
        }
        data.push(Datum::new(
            words.say("role"),
            words.say(keys::role(signature.role)),
        ));
        data.push(Datum::new(words.say("when"), self.when(signature)));
        data.extend(
            signature
                .level
                .map(|level| Datum::new(words.say("level"), words.say(keys::level(level)))),
        );
        data
    }

    /// The organisation with its NIF.
    fn entity(&self, by: &SignedBy) -> Option<Datum> {
        let organisation = clean(&by.organisation);
        let nif = by.nif.as_deref().map(clean);
        let nif = nif.map(|nif| self.words.with("nif", "nif", nif));
        let entity = match (organisation.trim().is_empty(), nif) {
            (true, None) => return None,
            (true, Some(nif)) => nif,
            (false, None) => organisation,
            (false, Some(nif)) => format!("{organisation} · {nif}"),
        };
        Some(Datum::new(self.words.say("entity"), entity))
    }

    /// What proves when it was made; else what it claims, as a claim.
    fn when(&self, signature: &SignatureReport) -> String {
        let proved = signature.time.zip(signature.time_proof);
        let (key, time) = match (proved, signature.claims.time) {
            (Some((time, TimeProof::Timestamp)), _) => ("when-timestamp", time),
            (Some((time, TimeProof::Archive)), _) => ("when-archive", time),
            (None, Some(claimed)) => ("when-claimed", claimed),
            (None, None) => return self.words.say("when-unknown"),
        };
        let moment = self.words.moment(&time);
        self.words.with(key, "moment", moment)
    }

    /// What was changed after it: each kind once. Nothing for what is failed and covers everything: that
    /// nothing follows it would say too much.
    fn later(&self, signature: &SignatureReport) -> Vec<Observation> {
        let words = self.words;
        if signature.covers_whole_file && signature.indication == Indication::TotalFailed {
            return Vec::new();
        }
        if signature.covers_whole_file {
            return vec![Observation {
                mood: Mood::Good,
                text: words.say("later-none"),
            }];
        }
        let mut kinds: Vec<(ChangeClass, bool)> = Vec::new();
        for change in &signature.changes {
            let kind = (change.class, change.permitted);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds.is_empty() {
            return vec![Observation {
                mood: Mood::Neutral,
                text: words.say("later-some"),
            }];
        }
        let tell = |(class, permitted): (ChangeClass, bool)| {
            let what = words.say(keys::change(class));
            let (mood, whether) = match (permitted, class) {
                (true, ChangeClass::ValidationData) => (Mood::Good, None),
                (true, _) => (Mood::Neutral, Some("later-permitted")),
                (false, _) if signature.indication == Indication::TotalFailed => {
                    (Mood::Bad, Some("later-forbidden"))
                }
                (false, _) => (Mood::Careful, Some("later-undecided")),
            };
            let whether = whether.map(|key| format!(" {}", words.say(key)));
            Observation {
                mood,
                text: what + &whether.unwrap_or_default(),
            }
        };
        kinds.into_iter().map(tell).collect()
    }
}
