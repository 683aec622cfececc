//! `segell seals promote` and `rollback`: which of an organ's seals is in force, written down.

use std::io::Write;

use super::organ_record::OrganRecord;
use super::organ_text::Role;
use super::{ACTIVE_FROM, Desk, moment_in, trouble_of};
use crate::cli::Failure;
use crate::cli::inventory::Trouble;
use crate::cli::seals::arguments::{PromoteArguments, RollbackArguments};
use crate::cli::seals::step::{Step, tell};

/// What a seal keeps from the one before it unless it says otherwise.
const INHERITED: [&str; 2] = ["use", "applications"];

/// Makes next seals current and current ones previous.
pub(super) fn promote(
    arguments: &PromoteArguments,
    desk: &Desk<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let is_due = |record: &OrganRecord| moment_in(record).is_some_and(|moment| moment <= desk.now);
    let records = if arguments.all_due {
        let mut records = OrganRecord::all(desk.settings)?;
        let environment = arguments.environment;
        records.retain(|record| {
            is_due(record)
                && environment.is_none_or(|environment| record.environment == environment)
        });
        records
    } else {
        let organs = arguments.organs.iter();
        let found =
            organs.map(|dir3| OrganRecord::find(desk.settings, dir3, arguments.environment));
        found.collect::<Result<_, _>>()?
    };
    let steps: Vec<_> = records
        .iter()
        .map(|record| {
            let outcome = match is_due(record) || arguments.now {
                true => promote_one(record, desk),
                false => Err(not_due(record)),
            };
            step(record, "promoted", outcome)
        })
        .collect();
    if steps.is_empty() && !arguments.format.json {
        writeln!(out, "no seal is due")?;
    }
    tell(&steps, arguments.format, out)
}

fn not_due(record: &OrganRecord) -> Trouble {
    if record.seal(Role::Next).is_none() {
        return super::absent(Role::Next);
    }
    Trouble {
        code: "not-due",
        cause: match moment_in(record) {
            Some(moment) => format!("its next seal takes over at {moment}"),
            None => "nobody has said when its next seal takes over".to_owned(),
        },
        next_step: "say --now, or plan it with `segell seals plan`".to_owned(),
    }
}

fn promote_one(record: &OrganRecord, desk: &Desk<'_>) -> Result<Vec<String>, Trouble> {
    if record.seal(Role::Next).is_none() {
        return Err(super::absent(Role::Next));
    }
    if record.seal(Role::Previous).is_some() {
        return Err(Trouble {
            code: "previous-seal-left",
            cause: "the organ's file still has its previous seal".to_owned(),
            next_step: format!("`segell seals retire --organ {}`", record.dir3),
        });
    }
    let fields = |role: Role, key: &str| record.seal(role)?.get(key).cloned();
    let says_use = INHERITED
        .iter()
        .any(|key| fields(Role::Next, key).is_some());
    let inherited = INHERITED.into_iter().filter(|_| !says_use);
    let inherited = inherited.filter_map(|key| Some((key, fields(Role::Current, key)?)));
    let inherited: Vec<_> = inherited.collect();
    let edited = record.edited(|text| {
        text.unset(Role::Next, ACTIVE_FROM);
        text.rename(&[(Role::Current, Role::Previous), (Role::Next, Role::Current)]);
        for (key, value) in inherited {
            text.set(Role::Current, key, value);
        }
    });
    let edited = edited.map_err(trouble_of)?;
    let seal = desk.open(record, &edited.organ, Role::Next, desk.now)?;
    record.replace(&edited.text).map_err(trouble_of)?;
    Ok(vec![
        format!(
            "{} is in force; a running service has it within seconds",
            seal.facts().common_name
        ),
        format!(
            "what was in force before is kept: `segell seals rollback --organ {dir3}` goes back to it, `segell \
             seals retire --organ {dir3}` destroys its key",
            dir3 = record.dir3
        ),
    ])
}

/// Goes back to the seal that was in force before.
pub(super) fn rollback(
    arguments: &RollbackArguments,
    desk: &Desk<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let record = OrganRecord::find(desk.settings, &arguments.organ, arguments.environment)?;
    let took_over = moment_in(&record).is_some_and(|moment| moment <= desk.now);
    let outcome = match took_over {
        true => wait_again(&record, desk),
        false => swap(&record, desk),
    };
    let steps = [step(&record, "rolled-back", outcome)];
    tell(&steps, arguments.format, out)
}

/// A seal took over by its time, and the file was not rewritten: it waits again.
fn wait_again(record: &OrganRecord, desk: &Desk<'_>) -> Result<Vec<String>, Trouble> {
    let edited = record.edited(|text| text.unset(Role::Next, ACTIVE_FROM));
    let edited = edited.map_err(trouble_of)?;
    let seal = desk.open(record, &edited.organ, Role::Current, desk.now)?;
    record.replace(&edited.text).map_err(trouble_of)?;
    Ok(vec![
        format!("{} is in force again", seal.facts().common_name),
        "the seal that had taken over waits, without a time".to_owned(),
    ])
}

/// The previous seal and the current one exchange their places.
fn swap(record: &OrganRecord, desk: &Desk<'_>) -> Result<Vec<String>, Trouble> {
    if record.seal(Role::Previous).is_none() {
        return Err(super::absent(Role::Previous));
    }
    let edited = record.edited(|text| {
        text.rename(&[
            (Role::Current, Role::Previous),
            (Role::Previous, Role::Current),
        ]);
    });
    let edited = edited.map_err(trouble_of)?;
    let seal = desk.open(record, &edited.organ, Role::Previous, desk.now)?;
    record.replace(&edited.text).map_err(trouble_of)?;
    let mut done = vec![
        format!("{} is in force again", seal.facts().common_name),
        "the one that was in force is the previous one now".to_owned(),
    ];
    if let Some(moment) = moment_in(record) {
        done.push(format!("the next seal still takes over at {moment}"));
    }
    Ok(done)
}

/// What is said of an organ.
pub(super) fn step(
    record: &OrganRecord,
    what: &'static str,
    outcome: Result<Vec<String>, Trouble>,
) -> Step {
    let (done, trouble) = match outcome {
        Ok(done) => (done, None),
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    Step {
        organ: record.dir3.clone(),
        environment: record.environment,
        what,
        done,
        trouble,
    }
}
