//! `segell seals plan`: seals that wait, in waves with their times.

use std::io::Write;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::organ_record::OrganRecord;
use super::organ_text::Role;
use super::{ACTIVE_FROM, Desk, moment_in, trouble_of, value_of};
use crate::cli::inventory::Trouble;
use crate::cli::seals::arguments::PlanArguments;
use crate::cli::seals::plan::{PlanRow, tell};
use crate::cli::{Exit, Failure};
use crate::model::{Environment, Organ};
use crate::opening::organ_file::OrganFile;
use crate::opening::organs::trouble_of_seal;
use crate::pki::{CertificateFacts, SealDefect};

/// An organ with a seal that waits.
struct Candidate {
    record: OrganRecord,
    /// The organ, or why its file cannot be used.
    organ: Result<Organ, Trouble>,
    /// What the certificate that waits says, when it could be read.
    facts: Option<CertificateFacts>,
}

/// What may hold a candidate up that would take over at a time. One check is one function.
type Check = fn(&Candidate, &Desk<'_>, Timestamp) -> Option<Trouble>;

const CHECKS: [Check; 3] = [opens_and_signs, valid_then, confirmed];

/// Runs the command.
pub(super) fn run(
    arguments: &PlanArguments,
    desk: &Desk<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if arguments
        .active_from
        .is_some_and(|moment| moment <= desk.now)
    {
        return Err(Failure::new(Exit::Usage, "--active-from is past")
            .with_next_step("name a time to come; `segell seals promote --now` does not wait"));
    }
    let mut rows = Vec::new();
    let mut ready = 0;
    for candidate in candidates(arguments, desk)? {
        let wave = arguments.wave.map_or(0, |size| ready / size);
        let planned = arguments
            .active_from
            .map(|first| later(first, wave, arguments.every));
        let planned = planned.transpose()?;
        let mut row = candidate.row(desk, planned);
        if row.held_up.is_empty() && planned.is_some() {
            ready += 1;
            row.wave = Some(wave + 1);
            row.planned = planned;
        }
        if let (Some(moment), true) = (row.planned, arguments.apply) {
            match candidate.write(moment) {
                Ok(()) => row.written = true,
                Err(failure) => row.held_up.push(trouble_of(failure)),
            }
        }
        rows.push(row);
    }
    tell(&rows, arguments.format, out)
}

/// The organs to plan for, in the order in which they were named, or of their files.
fn candidates(arguments: &PlanArguments, desk: &Desk<'_>) -> Result<Vec<Candidate>, Failure> {
    let mut records = OrganRecord::all(desk.settings)?;
    let environment = arguments.environment;
    records
        .retain(|record| environment.is_none_or(|environment| record.environment == environment));
    if arguments.organs.is_empty() {
        records.retain(|record| record.seal(Role::Next).is_some());
    } else {
        let order = |record: &OrganRecord| {
            let mut named = arguments.organs.iter();
            named.position(|dir3| *dir3 == record.dir3)
        };
        for dir3 in &arguments.organs {
            if !records.iter().any(|record| record.dir3 == *dir3) {
                // Says by name what is not there.
                OrganRecord::find(desk.settings, dir3, environment)?;
            }
        }
        records.retain(|record| order(record).is_some());
        records.sort_by_key(order);
    }
    let candidate = |record: OrganRecord| {
        let organ = OrganFile::read(&record.text).map_err(|fault| Trouble {
            code: fault.code(),
            cause: fault.to_string(),
            next_step: fault.next_step(),
        });
        let organ = organ.map(|(organ, ..)| organ);
        let facts = organ.as_ref().ok();
        let facts = facts.and_then(|organ| desk.facts(&record, organ, Role::Next).ok());
        Candidate {
            record,
            organ,
            facts,
        }
    };
    Ok(records.into_iter().map(candidate).collect())
}

/// The time of a wave.
fn later(first: Timestamp, wave: u32, every: Option<u32>) -> Result<Timestamp, Failure> {
    let hours = i64::from(wave).checked_mul(i64::from(every.unwrap_or(0)));
    let moment = hours.and_then(|hours| first.checked_add(SignedDuration::from_hours(hours)).ok());
    moment.ok_or_else(|| Failure::new(Exit::Usage, "the last waves are too far away"))
}

impl Candidate {
    fn row(&self, desk: &Desk<'_>, planned: Option<Timestamp>) -> PlanRow {
        let stands = moment_in(&self.record);
        let moment = planned.or(stands).unwrap_or(desk.now).max(desk.now);
        let mut checks = CHECKS.iter();
        let held_up = checks.find_map(|check| check(self, desk, moment));
        PlanRow {
            organ: self.record.dir3.clone(),
            environment: self.record.environment,
            name: self.record.name(),
            seal: self.facts.as_ref().map(|facts| facts.common_name.clone()),
            wave: None,
            stands,
            planned: None,
            written: false,
            held_up: held_up.into_iter().collect(),
            remarks: self.remarks(desk, moment),
        }
    }

    fn remarks(&self, desk: &Desk<'_>, moment: Timestamp) -> Vec<String> {
        let organ = self.organ.as_ref().ok();
        let in_force = organ.and_then(|organ| desk.facts(&self.record, organ, Role::Current).ok());
        let gap = in_force
            .filter(|facts| facts.not_after < moment)
            .map(|facts| {
                let end = facts.not_after.strftime("%Y-%m-%d");
                format!(
                    "the seal in force ends before, on {end}: until then the organ would have none"
                )
            });
        let previous = self.record.seal(Role::Previous).map(|_| {
            let dir3 = &self.record.dir3;
            format!(
                "`segell seals retire --organ {dir3}` first: the file still has its previous seal"
            )
        });
        gap.into_iter().chain(previous).collect()
    }

    /// Writes the time into the organ's file.
    fn write(&self, moment: Timestamp) -> Result<(), Failure> {
        let moment = value_of(moment)?;
        let edited = self
            .record
            .edited(|text| text.set(Role::Next, ACTIVE_FROM, moment))?;
        self.record.replace(&edited.text)
    }
}

/// The seal opens, satisfies every rule of the time at which it takes over, and signs.
fn opens_and_signs(candidate: &Candidate, desk: &Desk<'_>, at: Timestamp) -> Option<Trouble> {
    match &candidate.organ {
        Err(trouble) => Some(trouble.clone()),
        Ok(organ) => desk.open(&candidate.record, organ, Role::Next, at).err(),
    }
}

/// The seal is still valid a day after it takes over: there is something to take over.
fn valid_then(candidate: &Candidate, _: &Desk<'_>, at: Timestamp) -> Option<Trouble> {
    let end = candidate.facts.as_ref()?.not_after;
    let day_after = at.checked_add(SignedDuration::from_hours(24)).ok()?;
    (end < day_after).then(|| trouble_of_seal(&SealDefect::Expired { since: end }))
}

/// Every counterpart has confirmed that it knows the seal. Test seals are nobody's concern.
fn confirmed(candidate: &Candidate, desk: &Desk<'_>, _: Timestamp) -> Option<Trouble> {
    let facts = candidate.facts.as_ref()?;
    let record = &candidate.record;
    if record.environment != Environment::Pro {
        return None;
    }
    let papers = OrganFile::papers(&record.path);
    let today = desk.now.to_zoned(TimeZone::UTC).date();
    let counterparts = desk.settings.organs.counterparts.iter();
    let missing = counterparts.filter(|counterpart| {
        let confirmation = papers.confirmed(counterpart, &facts.fingerprint, today);
        confirmation.is_none()
    });
    let missing: Vec<&str> = missing.map(String::as_str).collect();
    (!missing.is_empty()).then(|| Trouble {
        code: "confirmation-missing",
        cause: format!("not confirmed by {}", missing.join(", ")),
        next_step: format!(
            "send the certificate, and write the answer into the organ's file: [[confirmations]] with \
             counterpart, certificate_sha256 = \"{}\" and confirmed",
            facts.fingerprint
        ),
    })
}
