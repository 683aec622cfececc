//! Which organs have to be served, and why.

use std::collections::BTreeMap;

use super::{Content, Expected, Finding, Gravity, Material, OrganEntry};
use crate::model::{Dir3, Environment};

/// Why an organ has to be served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons<'a> {
    /// The applications that may ask for it.
    pub(super) applications: Vec<&'a str>,
    /// Its row in the list of those expected.
    pub(super) expected: Option<&'a Expected>,
}

/// An organ that has to be served and of which there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Absent<'a> {
    pub(super) dir3: &'a Dir3,
    /// `None`: in whichever environment.
    pub(super) environment: Option<Environment>,
    pub(super) reasons: Reasons<'a>,
}

/// What has to be served, by organ and environment.
pub(super) struct Required<'a>(BTreeMap<(&'a Dir3, Option<Environment>), Reasons<'a>>);

impl<'a> Required<'a> {
    pub(super) fn of(material: &'a Material<'_>) -> Self {
        let mut all: BTreeMap<_, Reasons<'_>> = BTreeMap::new();
        for authorised in &material.authorised {
            let reasons = all.entry((&authorised.organ, authorised.environment));
            let applications = &mut reasons.or_default().applications;
            if !applications.contains(&authorised.application.as_str()) {
                applications.push(&authorised.application);
            }
        }
        for expected in material.expected.iter().flatten() {
            let reasons = all.entry((&expected.dir3, Some(expected.environment)));
            reasons.or_default().expected.get_or_insert(expected);
        }
        Self(all)
    }

    /// Why the organ of a file has to be served.
    pub(super) fn reasons(&self, entry: &OrganEntry<'_>) -> Reasons<'a> {
        let mut reasons = Reasons::default();
        let Some(dir3) = &entry.dir3 else {
            return reasons;
        };
        for ((organ, environment), why) in &self.0 {
            let meant = environment.is_none() || *environment == entry.environment;
            if *organ == dir3 && meant {
                reasons.applications.extend(&why.applications);
                reasons.expected = reasons.expected.or(why.expected);
            }
        }
        reasons.applications.sort_unstable();
        reasons.applications.dedup();
        reasons
    }

    /// The organs of which there is no file, in an environment that this profile serves.
    pub(super) fn absent(&self, material: &Material<'_>) -> Vec<Absent<'a>> {
        let is_there = |dir3: &Dir3, environment: Option<Environment>| {
            material.entries.iter().any(|entry| {
                // Of a file that cannot be read, the environment may be unknown.
                let same = environment.is_none()
                    || entry.environment.is_none()
                    || entry.environment == environment;
                entry.dir3.as_ref() == Some(dir3) && same
            })
        };
        let absent = self.0.iter().filter(|((dir3, environment), _)| {
            !(is_there(dir3, *environment) || is_left_out(*environment, material))
        });
        absent
            .map(|((dir3, environment), reasons)| Absent {
                dir3,
                environment: *environment,
                reasons: reasons.clone(),
            })
            .collect()
    }

    /// What has to be known before any line is believed.
    pub(super) fn general_findings(&self, material: &Material<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Some(fault) = &material.archive_fault {
            findings.push(Finding::general(
                Gravity::Warning,
                "archive-not-asked",
                format!("the certificates registered in the archive are not compared: {fault}"),
                "see that the archive is reached, and check again",
            ));
        }
        let mut unseen = self.0.keys();
        if unseen.any(|(_, environment)| is_left_out(*environment, material)) {
            findings.push(Finding::general(
                Gravity::Warning,
                "environment-left-out",
                "organs of the real environment (pro) are not looked at under the profile evaluation"
                    .to_owned(),
                "check with SEGELL_PROFILE=production, where they are served",
            ));
        }
        findings
    }
}

fn is_left_out(environment: Option<Environment>, material: &Material<'_>) -> bool {
    environment.is_some() && environment == material.left_out
}

impl Reasons<'_> {
    /// Whether anybody counts on the organ.
    pub(super) fn any(&self) -> bool {
        !self.applications.is_empty() || self.expected.is_some()
    }

    /// Who, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let mut who = Vec::new();
        match self.applications.as_slice() {
            [] => {}
            [only] => who.push(format!("application {only} may ask for it")),
            several => who.push(format!(
                "applications {} may ask for it",
                several.join(", ")
            )),
        }
        if let Some(expected) = self.expected {
            who.push(format!("line {} of the list expects it", expected.line));
        }
        who.join(", and ")
    }
}

impl<'a> OrganEntry<'a> {
    /// The seat of the organ, when the file could be read.
    pub(super) fn seat(&self) -> Option<&'a crate::seal::Seat> {
        match self.content {
            Content::Organ(seat, _) => Some(seat),
            Content::Unusable { .. } => None,
        }
    }
}
