//! Keeps the list of what has to be done in time, and tells each matter once.

use std::collections::BTreeSet;

use crate::model::{Dir3, Environment};
use crate::seal::warnings::{CurrentWarnings, Warning};

/// What tells one matter from another: a seal that comes to its next stage is another one.
type Matter = (
    &'static str,
    Option<Dir3>,
    Option<Environment>,
    Option<String>,
);

/// Watches over the list.
pub(super) struct Watch {
    current: CurrentWarnings,
    told: BTreeSet<Matter>,
}

impl Watch {
    /// Over a list that others read.
    pub(super) const fn over(current: CurrentWarnings) -> Self {
        Self {
            current,
            told: BTreeSet::new(),
        }
    }

    /// Puts these warnings into the list and logs those that are new. One that goes and comes again is new.
    pub(super) fn renew(&mut self, warnings: Vec<Warning>) {
        let matters: BTreeSet<Matter> = warnings.iter().map(matter).collect();
        for warning in &warnings {
            if !self.told.contains(&matter(warning)) {
                tracing::warn!(
                    code = warning.code,
                    organ = warning.organ.as_ref().map(Dir3::as_str),
                    environment = warning.environment.map(Environment::word),
                    fact = warning.fact,
                    next_step = warning.next_step,
                    "to be done in time"
                );
            }
        }
        self.told = matters;
        self.current.replace(warnings);
    }
}

fn matter(warning: &Warning) -> Matter {
    (
        warning.code,
        warning.organ.clone(),
        warning.environment,
        warning.about.clone(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(code: &'static str, about: &str) -> Warning {
        Warning {
            code,
            organ: "L01990015".parse().ok(),
            environment: Some(Environment::Pro),
            about: Some(about.to_owned()),
            fact: "the seal ends".to_owned(),
            next_step: "renew it".to_owned(),
        }
    }

    #[test]
    fn a_matter_is_told_once_and_again_when_it_comes_back() {
        let list = CurrentWarnings::default();
        let mut watch = Watch::over(list.clone());
        let first = warning("seal-ends-90", "a");
        watch.renew(vec![first.clone()]);
        assert_eq!(list.list().as_slice(), std::slice::from_ref(&first));
        assert!(watch.told.contains(&matter(&first)));
        // The next stage, and the next seal, are other matters.
        for other in [warning("seal-ends-60", "a"), warning("seal-ends-90", "b")] {
            assert!(!watch.told.contains(&matter(&other)));
        }
        watch.renew(Vec::new());
        assert!(list.list().is_empty());
        assert!(!watch.told.contains(&matter(&first)));
    }

    #[test]
    fn an_organ_sees_its_own_warnings_only() {
        let list = CurrentWarnings::default();
        let own = warning("seal-ends-90", "a");
        let other = Warning {
            organ: "L01990027".parse().ok(),
            ..own.clone()
        };
        list.replace(vec![own.clone(), other]);
        let organ = "L01990015".parse().unwrap();
        assert_eq!(list.of(&organ, Environment::Pro), [own]);
        assert_eq!(list.of(&organ, Environment::Pre), []);
    }
}
