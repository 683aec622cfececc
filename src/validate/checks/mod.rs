//! The rules: one function is one rule is one clause, over the evidence alone. They stand in the order
//! of the building blocks of ETSI EN 319 102-1: format (5.2.2), identification of the signing
//! certificate (5.2.3), X.509 validation (5.2.6, in [`super::chain`]), cryptographic verification
//! (5.2.7), signature acceptance (5.2.8). `CONFORMANCE.md` says which test holds which.

pub(super) mod acceptance;
pub(super) mod changes;
pub(super) mod cryptographic;
pub(super) mod document;
pub(super) mod format;
pub(super) mod identification;
pub(super) mod token;

use super::case::Case;
use super::report::{Indication, RuleFinding, SubIndication, Weight};
use super::timeline::TokenCase;
use document::Whole;

/// A rule: `check` is a function over what it is about.
pub(super) struct Rule<F> {
    /// Its name in findings: `B3`, `C7`, …
    pub(super) id: &'static str,
    /// The clause that asks for it.
    pub(super) clause: &'static str,
    /// The rule.
    pub(super) check: F,
}

/// A rule about a signature.
pub(super) type SignatureRule = Rule<fn(&Case<'_>) -> Answer>;
/// A rule about a timestamp.
pub(super) type TokenRule = Rule<fn(&TokenCase<'_>) -> Answer>;
/// A rule about the document as a whole.
pub(super) type DocumentRule = Rule<fn(&Whole<'_>) -> Answer>;

/// The answer of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It holds, or does not apply.
    Held,
    /// Good to know.
    Note(String),
    /// Worth a warning, and not held against the signature.
    Doubt(String),
    /// It is broken.
    Broken(Breach),
}

/// What a broken rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) indication: Indication,
    pub(super) sub_indication: SubIndication,
    pub(super) text: String,
}

impl Answer {
    /// TOTAL-FAILED.
    pub(super) fn failed(sub_indication: SubIndication, text: impl Into<String>) -> Self {
        Self::Broken(Breach {
            indication: Indication::TotalFailed,
            sub_indication,
            text: text.into(),
        })
    }

    /// INDETERMINATE.
    pub(super) fn open(sub_indication: SubIndication, text: impl Into<String>) -> Self {
        Self::Broken(Breach {
            indication: Indication::Indeterminate,
            sub_indication,
            text: text.into(),
        })
    }

    /// A note.
    pub(super) fn note(text: impl Into<String>) -> Self {
        Self::Note(text.into())
    }

    /// A warning.
    pub(super) fn doubt(text: impl Into<String>) -> Self {
        Self::Doubt(text.into())
    }

    /// Held, or else what `broken` says.
    pub(super) fn unless(held: bool, broken: impl FnOnce() -> Self) -> Self {
        if held { Self::Held } else { broken() }
    }

    /// Its indication: whatever is not broken passes.
    pub(super) fn indication(&self) -> Indication {
        match self {
            Self::Broken(breach) => breach.indication,
            Self::Held | Self::Note(_) | Self::Doubt(_) => Indication::TotalPassed,
        }
    }
}

/// What the rules said about one thing: the findings, and the worst of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judgement {
    pub(super) indication: Indication,
    pub(super) sub_indication: Option<SubIndication>,
    pub(super) findings: Vec<RuleFinding>,
    subject: Option<String>,
    offset: Option<u64>,
}

impl Judgement {
    /// Of nothing yet. `subject` is the field that findings are about, `offset` where it stands.
    pub(super) fn about(subject: Option<String>, offset: Option<u64>) -> Self {
        Self {
            indication: Indication::TotalPassed,
            sub_indication: None,
            findings: Vec::new(),
            subject,
            offset,
        }
    }

    /// Asks every rule of a block; `answer` puts the case before it.
    pub(super) fn ask<F>(&mut self, rules: &[Rule<F>], answer: impl Fn(&F) -> Answer) {
        for rule in rules {
            self.take(rule.id, rule.clause, answer(&rule.check));
        }
    }

    /// Takes the answer of a rule. Of equally bad answers the first decides: the blocks are asked in the
    /// order of the standard.
    pub(super) fn take(&mut self, rule: &'static str, clause: &'static str, answer: Answer) {
        let (severity, sub_indication, text) = match answer {
            Answer::Held => return,
            Answer::Note(text) => (Weight::Info, None, text),
            Answer::Doubt(text) => (Weight::Warning, None, text),
            Answer::Broken(breach) => {
                if breach.indication > self.indication {
                    self.indication = breach.indication;
                    self.sub_indication = Some(breach.sub_indication);
                }
                let severity = match breach.indication {
                    Indication::TotalFailed => Weight::Failed,
                    Indication::Indeterminate | Indication::TotalPassed => Weight::Warning,
                };
                (severity, Some(breach.sub_indication), breach.text)
            }
        };
        self.findings.push(RuleFinding {
            rule,
            severity,
            offset: self.offset,
            signature: self.subject.clone(),
            clause: Some(clause),
            sub_indication,
            text,
        });
    }

    /// It passed.
    pub(super) fn passed(&self) -> bool {
        self.indication == Indication::TotalPassed
    }
}
