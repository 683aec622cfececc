//! What a caller asks for.

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;

use super::SealError;
use crate::archive::NewAccess;
use crate::model::policy::{MetadataPolicy, OnLowerLevel, SourceSignatures};
use crate::model::{
    AccessFactor, CopyKind, Description, Dir3, DocumentType, Environment, ExternalRef, HashTrail,
    Language, Organ, Origin, Placement, Sha256Digest, SignatureLevel, Visibility,
};

/// Who asks: a registered application, recognised by its key at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Stable id; codes are derived from it, so it never changes.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The organs it may ask for.
    pub organs: Vec<Dir3>,
    /// The organ meant when a request names none; without it, the only one of `organs`.
    pub default_organ: Option<Dir3>,
    /// The environment that its credential is for. `None`: whichever an organ has, when it has one only.
    pub environment: Option<Environment>,
}

/// The application as which the service itself makes copies: the receipts of checks.
pub const RECEIPTS_ID: &str = "receipt";

impl Application {
    /// The service itself, making a receipt for an organ.
    pub fn receipts_of(organ: &Organ) -> Self {
        Self {
            id: RECEIPTS_ID.to_owned(),
            name: "Receipts".to_owned(),
            organs: vec![organ.dir3.clone()],
            default_organ: Some(organ.dir3.clone()),
            environment: Some(organ.environment),
        }
    }
}

/// A document that was counted and hashed while it arrived.
#[derive(Clone)]
pub struct Upload {
    /// The bytes received.
    pub bytes: Bytes,
    /// A hash that has seen exactly these bytes.
    pub hash: HashTrail,
}

impl Upload {
    /// Hashes bytes that are already here.
    pub fn new(bytes: Bytes) -> Self {
        let hash = HashTrail::of(&bytes);
        Self { bytes, hash }
    }

    /// SHA-256 of the document.
    pub fn digest(&self) -> Sha256Digest {
        self.hash.digest()
    }
}

/// The fields of a request (DESIGN §9), as sent: nothing filled in. The digest that names a copy is
/// taken over their JSON form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fields {
    /// DIR3 code of the organ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ: Option<Dir3>,
    /// What kind of copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<CopyKind>,
    /// Title for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ENI document type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_type: Option<DocumentType>,
    /// Who made the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// When the source was captured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captured_at: Option<Timestamp>,
    /// ENI identifier of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// Who asked for the copy; never printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// The caller's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<ExternalRef>,
    /// Language of the band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Where the band goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// A higher signature level than the organ's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<SignatureLevel>,
    /// What becomes of a copy that cannot reach its level now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_lower_level: Option<OnLowerLevel>,
    /// Who may see the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// The second factor of a restricted copy. As JSON it is its label only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_factor: Option<AccessFactor>,
    /// A stricter rule for signed sources than the organ's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_signatures: Option<SourceSignatures>,
    /// Make another copy even if the same request made one before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_new: Option<bool>,
}

/// A whole request.
#[derive(Clone)]
pub struct SealRequest {
    /// Who asks.
    pub application: Application,
    /// What it asks for.
    pub fields: Fields,
    /// The value of `Idempotency-Key`, when sent.
    pub idempotency_key: Option<String>,
    /// The document.
    pub upload: Upload,
}

/// Longest title, in characters.
const TITLE_CHARS: usize = 500;

/// Longest identifier or reference, in characters.
const IDENTIFIER_CHARS: usize = 100;

impl SealRequest {
    /// The organ meant: the one named, or the application's default, or its only one.
    pub fn organ(&self) -> Result<Dir3, SealError> {
        let application = &self.application;
        match (&self.fields.organ, &application.default_organ) {
            (Some(organ), _) | (None, Some(organ)) => Ok(organ.clone()),
            (None, None) => match application.organs.as_slice() {
                [only] => Ok(only.clone()),
                _ => Err(SealError::OrganRequired),
            },
        }
    }

    /// Who may see the copy. `None` when visibility and factor do not fit together.
    pub(super) fn access(&self) -> Option<NewAccess> {
        let visibility = self.fields.visibility.unwrap_or_default();
        NewAccess::new(visibility, self.fields.access_factor.clone())
    }

    /// The metadata of the copy: the fields, completed by the organ's defaults (`lenient`), or refused
    /// when they leave something out (`strict`).
    pub fn describe(&self, organ: &Organ, now: Timestamp) -> Result<Description, SealError> {
        let fields = &self.fields;
        self.check_fields()?;
        if organ.policy.metadata == MetadataPolicy::Strict {
            self.check_complete()?;
        }
        let kind = fields.kind.unwrap_or_default();
        let captured_at = fields.captured_at.unwrap_or(now);
        Ok(Description {
            kind,
            language: fields.language.unwrap_or(organ.language),
            placement: fields.placement.unwrap_or_default(),
            title: fields.title.clone(),
            document_type: fields.document_type.unwrap_or(DocumentType::OTHER),
            origin: fields.origin.unwrap_or(Origin::Administration),
            captured_at,
            source_id: fields
                .source_id
                .clone()
                .unwrap_or_else(|| self.generated_source_id(organ, captured_at)),
            source_id_generated: fields.source_id.is_none(),
            requested_by: fields.requested_by.clone(),
            external_ref: fields.external_ref.clone(),
        })
    }

    /// `ES_<DIR3>_<year>_<first 30 hexadecimal digits of the source's digest>`, in the shape of an ENI
    /// identifier.
    fn generated_source_id(&self, organ: &Organ, captured_at: Timestamp) -> String {
        let digest = self.upload.digest().to_string().to_ascii_uppercase();
        format!(
            "ES_{}_{}_{}",
            organ.dir3,
            captured_at.strftime("%Y"),
            &digest[..30]
        )
    }

    fn check_fields(&self) -> Result<(), SealError> {
        let fields = &self.fields;
        let invalid = |pointer, allowed| Err(SealError::FieldInvalid { pointer, allowed });
        let fits = |text: &Option<String>, longest: usize| {
            text.as_ref().is_none_or(|text| {
                let length = text.chars().count();
                (1..=longest).contains(&length) && !text.chars().any(char::is_control)
            })
        };
        const TEXT: &str = "up to 100 characters, none of them a control character";
        if self.access().is_none() {
            return match fields.access_factor {
                None => invalid(
                    "/access_factor",
                    "an object with label and value, for a restricted copy",
                ),
                Some(_) => invalid("/visibility", "restricted, when there is an access_factor"),
            };
        }
        if !fits(&fields.title, TITLE_CHARS) {
            return invalid(
                "/title",
                "up to 500 characters, none of them a control character",
            );
        }
        if !fits(&fields.source_id, IDENTIFIER_CHARS) {
            return invalid("/source_id", TEXT);
        }
        if !fits(&fields.requested_by, IDENTIFIER_CHARS) {
            return invalid("/requested_by", TEXT);
        }
        if let Some(reference) = &fields.external_ref {
            if !fits(&Some(reference.system.clone()), IDENTIFIER_CHARS) {
                return invalid("/external_ref/system", TEXT);
            }
            if !fits(&Some(reference.id.clone()), IDENTIFIER_CHARS) {
                return invalid("/external_ref/id", TEXT);
            }
        }
        Ok(())
    }

    fn check_complete(&self) -> Result<(), SealError> {
        let fields = &self.fields;
        let present = [
            ("/kind", fields.kind.is_some()),
            ("/document_type", fields.document_type.is_some()),
            ("/origin", fields.origin.is_some()),
            ("/captured_at", fields.captured_at.is_some()),
            ("/source_id", fields.source_id.is_some()),
        ];
        match present.into_iter().find(|(_, present)| !present) {
            Some((pointer, _)) => Err(SealError::FieldMissing(pointer)),
            None => Ok(()),
        }
    }
}
