//! By what right an organ is served here, and who has confirmed that it knows the organ's seal.

use jiff::civil::Date;
use serde::Serialize;

use super::Sha256Digest;

/// The service commission of an organ (*encàrrec de gestió*, Ley 40/2015, art. 11): the agreement by which
/// another administration keeps its seal and makes its copies, and whom to ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Commission {
    /// The date of the agreement.
    pub agreement: Option<Date>,
    /// The date of the data-processor contract (GDPR, art. 28).
    pub data_processor_contract: Option<Date>,
    /// The person or office of the organ: an e-mail address, a telephone number.
    pub contact: Option<String>,
}

impl Commission {
    /// What is not on record, in the words of the organ's file.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        let parts = [
            ("agreement", self.agreement.is_none()),
            (
                "data_processor_contract",
                self.data_processor_contract.is_none(),
            ),
            ("contact", self.contact.is_none()),
        ];
        parts
            .into_iter()
            .filter(|(_, missing)| *missing)
            .map(|(part, _)| part)
    }
}

/// A counterpart, such as the tax agency, has confirmed in writing that it has loaded the public key of a
/// seal. It is for that certificate alone: a renewed one has to be confirmed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// Who confirmed: `AEAT`.
    pub counterpart: String,
    /// SHA-256 of the certificate.
    pub certificate_sha256: Sha256Digest,
    /// The day of the confirmation.
    pub confirmed: Date,
    /// Where it can be found: a register entry, a ticket.
    pub reference: Option<String>,
}

/// What an organ's file says beside the organ and its seal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// The service commission.
    pub commission: Commission,
    /// The confirmations, in the order of the file.
    pub confirmations: Vec<Confirmation>,
}

impl Papers {
    /// The counterpart's confirmation of exactly this certificate, no later than `today`.
    pub fn confirmed(
        &self,
        counterpart: &str,
        certificate: &Sha256Digest,
        today: Date,
    ) -> Option<&Confirmation> {
        self.of(counterpart)
            .find(|confirmation| confirmation.certificate_sha256 == *certificate)
            .filter(|confirmation| confirmation.confirmed <= today)
    }

    /// The counterpart's last confirmation, of whatever certificate.
    pub fn last_confirmed(&self, counterpart: &str) -> Option<&Confirmation> {
        self.of(counterpart)
            .max_by_key(|confirmation| confirmation.confirmed)
    }

    fn of(&self, counterpart: &str) -> impl Iterator<Item = &Confirmation> {
        let confirmations = self.confirmations.iter();
        confirmations.filter(move |confirmation| {
            confirmation
                .counterpart
                .trim()
                .eq_ignore_ascii_case(counterpart.trim())
        })
    }
}
