//! What is said about a copy on the command line.

use clap::Args;
use jiff::Timestamp;

use crate::cli::keys::environment;
use crate::model::policy::{OnLowerLevel, SourceSignatures};
use crate::model::{
    CopyKind, Dir3, DocumentType, Environment, ExternalRef, Language, Origin, Placement,
    SignatureLevel, Visibility,
};
use crate::seal::Fields;

/// What is said about a copy; everything may be left out.
#[derive(Args, Debug, Default)]
pub struct FieldArguments {
    /// The environment of the organ, when it is served in both: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// DIR3 code of the organ that seals
    #[arg(long, value_name = "DIR3")]
    organ: Option<Dir3>,
    /// What kind of copy: electronic (EE02), paper (EE03) or partial (EE04)
    #[arg(long, value_parser = kind)]
    kind: Option<CopyKind>,
    /// Language of the band: ca, es, oc-aranes or en
    #[arg(long, value_parser = language)]
    language: Option<Language>,
    /// Where the band goes: fit, extend or last
    #[arg(long, value_parser = placement)]
    placement: Option<Placement>,
    /// Title, for people
    #[arg(long)]
    title: Option<String>,
    /// ENI document type, TD01 to TD99
    #[arg(long, value_name = "TDnn", value_parser = document_type)]
    document_type: Option<DocumentType>,
    /// Who made the source: citizen or administration
    #[arg(long, value_parser = origin)]
    origin: Option<Origin>,
    /// When the source was captured, such as 2026-11-21T09:30:00Z
    #[arg(long, value_name = "TIME")]
    captured_at: Option<Timestamp>,
    /// ENI identifier of the source
    #[arg(long, value_name = "ID")]
    source_id: Option<String>,
    /// Who asked for the copy; never printed on it
    #[arg(long, value_name = "WHO")]
    requested_by: Option<String>,
    /// Your own reference, such as registre:2026-1234
    #[arg(long, value_name = "SYSTEM:ID", value_parser = external_ref)]
    external_ref: Option<ExternalRef>,
    /// A higher signature level than the organ's: B-B, B-T, B-LT or B-LTA
    #[arg(long, value_parser = level)]
    level: Option<SignatureLevel>,
    /// When that level cannot be reached now: fail, or accept a lower one if the organ does
    #[arg(long, value_name = "RULE", value_parser = on_lower_level)]
    on_lower_level: Option<OnLowerLevel>,
    /// Who may see the copy: open, or metadata (what it is, and no content)
    #[arg(long, value_parser = visibility)]
    visibility: Option<Visibility>,
    /// A stricter rule for signed sources than the organ's: require, accept, record or refuse
    #[arg(long, value_name = "RULE", value_parser = source_signatures)]
    source_signatures: Option<SourceSignatures>,
}

impl FieldArguments {
    /// The fields of a request, as said and nothing filled in.
    pub fn fields(&self) -> Fields {
        Fields {
            organ: self.organ.clone(),
            kind: self.kind,
            title: self.title.clone(),
            document_type: self.document_type,
            origin: self.origin,
            captured_at: self.captured_at,
            source_id: self.source_id.clone(),
            requested_by: self.requested_by.clone(),
            external_ref: self.external_ref.clone(),
            language: self.language,
            placement: self.placement,
            level: self.level,
            on_lower_level: self.on_lower_level,
            visibility: self.visibility,
            access_factor: None,
            source_signatures: self.source_signatures,
            force_new: None,
        }
    }
}

fn level(text: &str) -> Result<SignatureLevel, &'static str> {
    SignatureLevel::from_word(text).ok_or("say B-B, B-T, B-LT or B-LTA")
}

fn on_lower_level(text: &str) -> Result<OnLowerLevel, &'static str> {
    OnLowerLevel::from_word(text).ok_or("say fail or accept")
}

fn kind(text: &str) -> Result<CopyKind, &'static str> {
    CopyKind::from_word(text).ok_or("say electronic, paper or partial")
}

fn language(text: &str) -> Result<Language, &'static str> {
    Language::from_tag(text).ok_or("say ca, es, oc-aranes or en")
}

fn placement(text: &str) -> Result<Placement, &'static str> {
    Placement::from_word(text).ok_or("say fit, extend or last")
}

fn visibility(text: &str) -> Result<Visibility, &'static str> {
    match Visibility::from_word(text) {
        Some(Visibility::Restricted) => Err(
            "restricted takes a factor, which does not belong on a command line: use the service",
        ),
        Some(visibility) => Ok(visibility),
        None => Err("say open or metadata"),
    }
}

fn origin(text: &str) -> Result<Origin, &'static str> {
    Origin::from_word(text).ok_or("say citizen or administration")
}

fn document_type(text: &str) -> Result<DocumentType, String> {
    DocumentType::try_from(text.to_owned()).map_err(|error| error.to_string())
}

fn external_ref(text: &str) -> Result<ExternalRef, &'static str> {
    match text.split_once(':') {
        Some((system, id)) if !system.is_empty() && !id.is_empty() => Ok(ExternalRef {
            system: system.to_owned(),
            id: id.to_owned(),
        }),
        _ => Err("say SYSTEM:ID, such as registre:2026-1234"),
    }
}

fn source_signatures(text: &str) -> Result<SourceSignatures, &'static str> {
    match text {
        "require" => Ok(SourceSignatures::Require),
        "accept" => Ok(SourceSignatures::Accept),
        "record" => Ok(SourceSignatures::Record),
        "refuse" => Ok(SourceSignatures::Refuse),
        _ => Err("say require, accept, record or refuse"),
    }
}
