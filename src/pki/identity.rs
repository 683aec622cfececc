//! Who a seal says it is, and whether its renewal still says so.

use serde::Serialize;

use super::CertificateFacts;

/// Class of a seal (national profile of certificates, policies 2.16.724.1.3.5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SealClass {
    /// Policy 2.16.724.1.3.5.6.1.
    High,
    /// Policy 2.16.724.1.3.5.6.2.
    Medium,
    /// AOC's *certificat d'aplicació*, which is no seal of an organ.
    Application,
    /// None of these.
    Other,
}

/// Something by which counterparts know a seal, and which is another in its renewal: they need new forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentityChange {
    /// `name`, `NIF` or `class`.
    pub what: &'static str,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

impl SealClass {
    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::High => "organ's seal, high level (2.16.724.1.3.5.6.1)",
            Self::Medium => "organ's seal, medium level (2.16.724.1.3.5.6.2)",
            Self::Application => "application certificate, not an organ's seal",
            Self::Other => "not an organ's seal",
        }
    }
}

impl CertificateFacts {
    /// Class of the seal.
    pub fn seal_class(&self) -> SealClass {
        let has = |policy: &str| self.policies.iter().any(|held| held == policy);
        if has("2.16.724.1.3.5.6.1") {
            SealClass::High
        } else if has("2.16.724.1.3.5.6.2") {
            SealClass::Medium
        } else if self.is_application_certificate() {
            SealClass::Application
        } else {
            SealClass::Other
        }
    }

    /// What of this seal's identity its renewal has changed.
    pub fn changes_in(&self, renewal: &Self) -> Vec<IdentityChange> {
        let nif = |facts: &Self| facts.nif.clone().unwrap_or_else(|| "none".to_owned());
        let class = |facts: &Self| facts.seal_class().word().to_owned();
        let compared = [
            (
                "name",
                self.common_name.clone(),
                renewal.common_name.clone(),
            ),
            ("NIF", nif(self), nif(renewal)),
            ("class", class(self), class(renewal)),
        ];
        compared
            .into_iter()
            .filter(|(_, before, after)| before != after)
            .map(|(what, before, after)| IdentityChange {
                what,
                before,
                after,
            })
            .collect()
    }
}
