//! The report in the words of the standards, for who knows them.

use jiff::Timestamp;
use serde::Serialize;

use super::{Teller, clean, keys};
use crate::http::public::icons::Mood;
use crate::http::public::pages::Datum;
use crate::validate::report::{
    AnchorState, ClaimsReport, Qualification, RuleFinding, SignatureReport, TimestampReport, Weight,
};

/// The technical part.
pub(crate) struct Technical {
    /// What it is called.
    pub(crate) title: String,
    /// Whose words these are.
    pub(crate) words: String,
    /// The document, then every signature.
    pub(crate) groups: Vec<Group>,
}

/// What is said of one thing.
pub(crate) struct Group {
    /// What it is about.
    pub(crate) title: String,
    /// Facts.
    pub(crate) data: Vec<Datum>,
    /// What a signature claims, under its title.
    pub(crate) claims: (String, Vec<Datum>),
    /// Findings, under their title.
    pub(crate) findings: (String, Vec<Finding>),
    /// What stands where there are no findings.
    pub(crate) no_findings: String,
}

/// The answer of one rule, in English.
pub(crate) struct Finding {
    /// How it is to be taken.
    pub(crate) mood: Mood,
    /// How much it counts, in a word.
    pub(crate) severity: String,
    /// The rule.
    pub(crate) rule: &'static str,
    /// A sentence.
    pub(crate) text: String,
    /// What it means for the indication, where in the file, and the clause that asks for it.
    pub(crate) where_and_why: String,
}

impl<'a> Teller<'a> {
    pub(super) fn technical(&self) -> Technical {
        let mut groups = vec![self.document()];
        let signatures = self.report.signatures.iter().enumerate();
        groups.extend(signatures.map(|(index, signature)| self.group(index, signature)));
        Technical {
            title: self.words.say("technical-title"),
            words: self.words.say("technical-words"),
            groups,
        }
    }

    fn document(&self) -> Group {
        let report = self.report;
        let mut rows = Rows::new(self);
        rows.word("verdict", &report.verdict);
        rows.words("status-word", &report.status);
        rows.words("indication", &report.indication);
        rows.words("sub-indication", &report.sub_indication);
        rows.literal("check-digest", report.digest);
        rows.say("check-size", format!("{} bytes", report.size));
        rows.says("revisions", report.revisions);
        if let Some(copy) = &report.copy {
            rows.literal("organ-code", &copy.organ);
            rows.say("version", format!("{} / {}", copy.version, copy.versions));
            rows.say("committed", instant(copy.committed_at));
            for part in copy.parts.iter().filter(|_| copy.parts.len() > 1) {
                let time = part.time.map(|time| format!(" ({})", instant(time)));
                let end = format!("{}{}", part.end, time.unwrap_or_default());
                rows.say(keys::part(part.kind), end);
            }
            rows.literal("matched", copy.digest);
        }
        rows.say("checked-for", instant(report.validation_time));
        rows.say("policy", report.policy);
        rows.say("trust-seals", self.anchors(report.trust.seals));
        rows.say("trust-timestamps", self.anchors(report.trust.timestamps));
        rows.say("software", report.software);
        for stamp in &report.timestamps {
            rows.say(keys::stamped(stamp.kind), timestamp(stamp));
        }
        Group {
            title: self.words.say("the-document"),
            data: rows.0.1,
            claims: (String::new(), Vec::new()),
            findings: (self.words.say("findings-title"), self.told(None)),
            no_findings: self.words.say("findings-none"),
        }
    }

    fn group(&self, index: usize, signature: &'a SignatureReport) -> Group {
        let mut rows = Rows::new(self);
        rows.literal("field", clean(&signature.field));
        rows.word("indication", &signature.indication);
        rows.words("sub-indication", &signature.sub_indication);
        rows.word("role", &signature.role);
        rows.say("counts", self.yes_or_no(signature.counts));
        rows.says("seal-level", signature.level);
        rows.says("best-time", signature.best_signature_time.map(instant));
        if let (Some(time), Some(proof)) = (signature.time, signature.time_proof) {
            rows.say("when", format!("{} ({})", instant(time), word(&proof)));
        }
        for stamp in &signature.timestamps {
            rows.say(keys::stamped(stamp.kind), timestamp(stamp));
        }
        rows.says("revision", signature.revision);
        rows.say("covers", self.yes_or_no(signature.covers_whole_file));
        rows.says(
            "certification",
            signature.certification.map(|level| format!("P {level}")),
        );
        if let Some(by) = &signature.signed_by {
            rows.say("seal-issuer", clean(&by.issuer));
            rows.literal("seal-fingerprint", by.fingerprint);
        }
        if let Some(qualification) = &signature.qualification {
            rows.says("qualification", says_of_itself(qualification));
            let policies = qualification.policies.join(", ");
            rows.says("certificate-policies", some(clean(&policies)));
        }
        let mut data = rows.0.1;
        data.extend(signature.changes.iter().map(|change| {
            let permitted = match change.permitted {
                true => "permitted",
                false => "not permitted",
            };
            let field = change.field.as_deref().map(clean);
            let field = field.map(|field| format!(", {field}")).unwrap_or_default();
            let class = word(&change.class);
            Datum::new(
                self.words.with("change-in", "revision", change.revision),
                format!("{class}, {permitted}{field}: {}", clean(&change.text)),
            )
        }));
        Group {
            title: format!("{}. {}", index + 1, self.signer(signature)),
            data,
            claims: (
                self.words.say("claims-title"),
                self.claims(&signature.claims),
            ),
            findings: (
                self.words.say("findings-title"),
                self.told(Some(&signature.field)),
            ),
            no_findings: self.words.say("findings-none"),
        }
    }

    fn claims(&self, claims: &ClaimsReport) -> Vec<Datum> {
        let mut rows = Rows::new(self);
        rows.says("claim-time", claims.time.map(instant));
        rows.says("claim-name", claims.name.as_deref().map(clean));
        rows.says("claim-reason", claims.reason.as_deref().map(clean));
        rows.says("claim-location", claims.location.as_deref().map(clean));
        rows.0.1
    }

    fn told(&self, signature: Option<&'a str>) -> Vec<Finding> {
        let findings = self.findings(signature);
        findings
            .into_iter()
            .map(|finding| self.finding(finding))
            .collect()
    }

    fn finding(&self, finding: &RuleFinding) -> Finding {
        let mood = match finding.severity {
            Weight::Passed => Mood::Good,
            Weight::Info => Mood::Neutral,
            Weight::Warning => Mood::Careful,
            Weight::Failed => Mood::Bad,
        };
        let offset = finding.offset.map(|offset| format!("byte {offset}"));
        let clause = finding.clause.map(str::to_owned);
        let sub_indication = finding.sub_indication.as_ref().map(word);
        let where_and_why: Vec<_> = [sub_indication, offset, clause]
            .into_iter()
            .flatten()
            .collect();
        Finding {
            mood,
            severity: self.words.say(keys::severity(finding.severity)),
            rule: finding.rule,
            text: clean(&finding.text),
            where_and_why: where_and_why.join(" · "),
        }
    }

    /// How many anchors, of which age.
    fn anchors(&self, state: AnchorState) -> String {
        let words = self.words;
        let count = u32::try_from(state.anchors).unwrap_or(u32::MAX);
        let anchors = words.count("anchors", "count", &count);
        let Some(as_of) = state.as_of else {
            return anchors;
        };
        let days = self.now.duration_since(as_of).as_hours() / 24;
        words.fill(
            "anchors-of",
            [
                ("anchors", anchors.into()),
                ("date", words.date(&as_of).into()),
                ("days", days.max(0).into()),
            ],
        )
    }

    fn yes_or_no(&self, is_so: bool) -> String {
        self.words.say(if is_so { "yes" } else { "no" })
    }
}

/// Rows in the making.
struct Rows<'a, 'b>((&'b Teller<'a>, Vec<Datum>));

impl<'a, 'b> Rows<'a, 'b> {
    const fn new(teller: &'b Teller<'a>) -> Self {
        Self((teller, Vec::new()))
    }

    fn say(&mut self, key: &str, value: impl ToString) {
        let (teller, rows) = &mut self.0;
        rows.push(Datum::new(teller.words.say(key), value.to_string()));
    }

    fn says(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.say(key, value);
        }
    }

    fn literal(&mut self, key: &str, value: impl ToString) {
        let (teller, rows) = &mut self.0;
        rows.push(Datum::literal(teller.words.say(key), value.to_string()));
    }

    /// A word of the report's own.
    fn word(&mut self, key: &str, value: &impl Serialize) {
        self.literal(key, word(value));
    }

    fn words(&mut self, key: &str, value: &Option<impl Serialize>) {
        if let Some(value) = value {
            self.word(key, value);
        }
    }
}

/// The word that stands for it in JSON.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// To the second, in UTC.
fn instant(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn timestamp(stamp: &TimestampReport) -> String {
    let parts = [
        stamp.time.map(instant),
        stamp.authority.as_deref().map(clean),
        Some(word(&stamp.indication)),
        stamp.sub_indication.as_ref().map(word),
        stamp.field.as_deref().map(clean),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// The statements of the certificate, in the names of EN 319 412-5.
fn says_of_itself(qualification: &Qualification) -> Option<String> {
    let statements = [
        (qualification.qc_compliance, "QcCompliance"),
        (qualification.qc_sscd, "QcSSCD"),
        (qualification.qc_eseal, "QcType eseal"),
        (qualification.organ_seal, "2.16.724.1.3.5.6"),
    ];
    let stated = statements.into_iter().filter(|(is_stated, _)| *is_stated);
    let stated: Vec<_> = stated.map(|(_, name)| name).collect();
    some(stated.join(", "))
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
