//! `segell seals add`: a container is explained, checked against its organ, wrapped anew, tried out, and only
//! then named in the organ's file.

mod received;
mod wrapped;

use std::io::Write;

use jiff::Timestamp;
use toml::Value;
use zeroize::Zeroizing;

use self::received::Received;
use self::wrapped::{Names, Wrapped};
use super::organ_record::{Edited, OrganRecord};
use super::organ_text::Role;
use super::{ACTIVE_FROM, Desk, refused, value_of};
use crate::cli::inventory::Trouble;
use crate::cli::seals::addition::{Addition, Contents};
use crate::cli::seals::arguments::{AddArguments, AddedAs};
use crate::cli::{Exit, Failure};
use crate::model::SealAlgorithm;
use crate::opening::organs::trouble_of_seal;
use crate::pki::pem;
use crate::pki::{
    CertificateFacts, SealContainer, SealContents, SealDefect, SealRules, inspect,
    is_example_material, rewrap,
};
use crate::settings::Profile;

/// Random bytes of a new passphrase.
const PASSPHRASE_BYTES: usize = 32;

/// What is to be done.
struct Order<'a> {
    arguments: &'a AddArguments,
    desk: &'a Desk<'a>,
    record: OrganRecord,
    role: Role,
    /// The time for which the seal is judged: that from which it will seal.
    at: Timestamp,
}

/// Why a seal is not taken, or the command fails.
enum Stop {
    Refused(Trouble),
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Runs the command.
pub(super) fn run(
    arguments: &AddArguments,
    desk: &Desk<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let record = OrganRecord::find(desk.settings, &arguments.organ, arguments.environment)?;
    let order = Order {
        role: role(arguments, &record, desk.now)?,
        at: arguments.active_from.unwrap_or(desk.now).max(desk.now),
        arguments,
        desk,
        record,
    };
    let received = Received::read(arguments)?;
    let container = received.container();
    let contents = inspect(&container, &desk.anchors, order.at);
    let contents = contents.map_err(|defect| of_defect(&defect))?;
    let mut addition = Addition {
        organ: order.record.dir3.clone(),
        environment: order.record.environment,
        contents: Contents::new(&contents, desk.now),
        algorithm: None,
        changes: Vec::new(),
        remarks: Vec::new(),
        refused: None,
        outcome: None,
    };
    match order.wrap(&container, &contents, &mut addition) {
        Ok(wrapped) => {
            let mut outcome = wrapped.outcome(&order);
            if !arguments.dry_run {
                wrapped.write(&order)?;
                outcome.written = true;
            }
            addition.outcome = Some(outcome);
            addition.write(arguments.format, out)
        }
        Err(Stop::Refused(trouble)) => {
            addition.refused = Some(trouble.clone());
            addition.write(arguments.format, out)?;
            Err(refused(trouble))
        }
        Err(Stop::Failed(failure)) => Err(failure),
    }
}

/// As what the seal is added; a place that is taken is refused.
fn role(arguments: &AddArguments, record: &OrganRecord, now: Timestamp) -> Result<Role, Failure> {
    let has = |role: Role| record.seal(role).is_some();
    let dir3 = &record.dir3;
    let taken = |role: Role, step: String| {
        let sentence = format!("{dir3} has a {} seal already", role.word());
        Failure::new(Exit::Refused, sentence).with_next_step(step)
    };
    let usage = |sentence: String, step: &str| {
        Failure::new(Exit::Usage, sentence).with_next_step(step.to_owned())
    };
    let added_as = arguments.place.unwrap_or(match has(Role::Current) {
        true => AddedAs::Next,
        false => AddedAs::Current,
    });
    match (added_as, arguments.active_from) {
        (AddedAs::Next, _) if !has(Role::Current) => Err(usage(
            format!("{dir3} has no seal from which this one could take over"),
            "add it with --as current",
        )),
        (AddedAs::Next, _) if has(Role::Next) => Err(taken(
            Role::Next,
            format!(
                "if it has taken over, `segell seals promote --organ {dir3}`; if it never will, `segell seals \
                 retire --organ {dir3} --next` destroys its key"
            ),
        )),
        (AddedAs::Next, Some(moment)) if moment <= now => Err(usage(
            "--active-from is past".to_owned(),
            "name a time to come, or add it with --as current",
        )),
        (AddedAs::Next, _) => Ok(Role::Next),
        (AddedAs::Current, Some(_)) => Err(usage(
            "--active-from belongs to a seal that waits".to_owned(),
            "leave it out, or say --as next",
        )),
        (AddedAs::Current, None) if has(Role::Current) && has(Role::Previous) => Err(taken(
            Role::Previous,
            format!("`segell seals retire --organ {dir3}` destroys its key"),
        )),
        (AddedAs::Current, None) => Ok(Role::Current),
    }
}

impl Order<'_> {
    /// Checks the seal by every rule, notes what is worth knowing, and puts together what is to be written.
    fn wrap(
        &self,
        container: &SealContainer<'_>,
        contents: &SealContents,
        addition: &mut Addition,
    ) -> Result<Wrapped, Stop> {
        let refused = |defect: SealDefect| Stop::Refused(trouble_of_seal(&defect));
        let algorithm = self.algorithm(contents);
        addition.algorithm = Some(algorithm);
        let names = Names::of(&self.record, &contents.facts);
        let edited = self.edited(&names, algorithm, &contents.facts)?;
        let rules = SealRules {
            nif: &edited.organ.nif,
            algorithm,
            anchors: &self.desk.anchors,
            now: self.at,
        };
        if self.desk.settings.profile == Profile::Production
            && is_example_material(std::slice::from_ref(&contents.certificate))
        {
            return Err(refused(SealDefect::ExampleMaterial));
        }
        let passphrase = random_passphrase()?;
        let container = rewrap(container, &rules, &passphrase).map_err(refused)?;
        self.compare(&contents.facts, &edited, addition)?;
        Ok(Wrapped {
            names,
            container,
            passphrase,
            certificate: pem::of_certificate(&contents.certificate),
            edited,
        })
    }

    /// How the seal signs: as said; else as the one in force does, when its key fits; else as its key can.
    fn algorithm(&self, contents: &SealContents) -> SealAlgorithm {
        let in_force = self.record.source(Role::Current).and_then(Result::ok);
        let in_force = in_force.map(|source| source.algorithm);
        let fitting = in_force.filter(|algorithm| contents.fits.contains(algorithm));
        let said = self.arguments.algorithm.or(fitting);
        // A key that fits nothing is refused with this word in the sentence.
        let fallback = contents.fits.first().copied();
        said.or(fallback).unwrap_or(SealAlgorithm::RsaPkcs1Sha256)
    }

    /// The organ's file with the new seal in it.
    fn edited(
        &self,
        names: &Names,
        algorithm: SealAlgorithm,
        facts: &CertificateFacts,
    ) -> Result<Edited, Failure> {
        let text = |text: &str| Value::String(text.to_owned());
        let mut fields = vec![
            ("pkcs12", text(&names.file("p12"))),
            ("passphrase_file", text(&names.file("pass"))),
            ("algorithm", text(algorithm.word())),
        ];
        if let Some(moment) = self.arguments.active_from {
            fields.push((ACTIVE_FROM, value_of(moment)?));
        }
        if self.role == Role::Current {
            // For which applications the seal is stays as it is.
            let before = self.record.seal(Role::Current);
            let kept = ["use", "applications"].into_iter();
            fields.extend(kept.filter_map(|key| Some((key, before?.get(key)?.clone()))));
        }
        let until = facts.not_after.strftime("%Y-%m-%d");
        let comment = format!("{}, until {until}", facts.common_name);
        self.record.edited(|text| {
            if self.role == Role::Current {
                text.rename(&[(Role::Current, Role::Previous)]);
            }
            text.append(self.role, &comment, &fields);
        })
    }

    /// Compares the seal with the one in force. Who changes name, NIF or class has to mean it.
    fn compare(
        &self,
        new: &CertificateFacts,
        edited: &Edited,
        addition: &mut Addition,
    ) -> Result<(), Stop> {
        if self.record.seal(Role::Current).is_none() {
            return Ok(());
        }
        let in_force = match self.desk.facts(&self.record, &edited.organ, Role::Current) {
            Ok(in_force) => in_force,
            Err(trouble) => {
                let cause = trouble.cause;
                let remark = format!("it could not be compared with the seal in force: {cause}");
                addition.remarks.push(remark);
                return Ok(());
            }
        };
        if in_force.fingerprint == new.fingerprint {
            return Err(Stop::Refused(Trouble {
                code: "seal-in-force",
                cause: "this is the seal in force".to_owned(),
                next_step: "ask the issuer for its renewal".to_owned(),
            }));
        }
        if new.not_after <= in_force.not_after {
            let end = in_force.not_after.strftime("%Y-%m-%d");
            let remark = format!("it ends no later than the seal in force, which ends on {end}");
            addition.remarks.push(remark);
        }
        if in_force.key.is_some() && in_force.key == new.key {
            let remark = "it has the key of the seal in force; a renewal should have its own";
            addition.remarks.push(remark.to_owned());
        }
        addition.changes = in_force.changes_in(new);
        if addition.changes.is_empty() || self.arguments.accept_change {
            return Ok(());
        }
        Err(Stop::Refused(Trouble {
            code: "identity-changed",
            cause: "its name, NIF or class is another than that of the seal in force".to_owned(),
            next_step:
                "if that is meant, say --accept-change and send the counterparts their forms anew; \
                        otherwise this seal is somebody else's"
                    .to_owned(),
        }))
    }
}

/// A refusal before anything could be explained.
fn of_defect(defect: &SealDefect) -> Failure {
    refused(trouble_of_seal(defect))
}

fn random_passphrase() -> Result<Zeroizing<String>, Failure> {
    let mut bits = Zeroizing::new([0; PASSPHRASE_BYTES]);
    getrandom::fill(bits.as_mut_slice())
        .map_err(|error| Failure::new(Exit::Trouble, format!("no random bits: {error}")))?;
    let mut text = Zeroizing::new(String::with_capacity(2 * PASSPHRASE_BYTES));
    for byte in bits.iter() {
        text.push_str(&format!("{byte:02x}"));
    }
    Ok(text)
}
