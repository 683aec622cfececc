//! The fields of a validation: for which time, and by which policy.

use actix_web::web::Query;
use jiff::Timestamp;
use serde_json::Value;

use super::RequestFields;
use crate::http::problem::{Problem, ProblemCode};
use crate::model::Language;
use crate::validate::{Options, Policy, policy};

/// What a request for a validation says beside the document.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ValidationFields {
    validation_time: Option<Timestamp>,
    policy: Option<&'static Policy>,
}

impl ValidationFields {
    /// Reads them from a query string; `now` is the latest time that can be asked about.
    ///
    /// # Errors
    /// An unknown name, a wrong value, a field said twice.
    pub(crate) fn from_query(query: &str) -> Result<Self, Problem> {
        let pairs = Query::<Vec<(String, String)>>::from_query(query).map_err(|_| {
            Problem::new(ProblemCode::BadRequest).with_detail("The query cannot be read.")
        })?;
        let mut fields = Self::default();
        for (name, value) in pairs.into_inner() {
            // The language of a report for people is read where pages are made.
            if name == "lang" {
                Language::from_tag(&value)
                    .ok_or_else(|| invalid("/lang", "ca, es, oc-aranes, en"))?;
                continue;
            }
            fields.set(&name, &value)?;
        }
        Ok(fields)
    }

    /// How the document is to be judged at the time `now`.
    ///
    /// # Errors
    /// A validation time that has not come.
    pub(crate) fn options(self, now: Timestamp) -> Result<Options, Problem> {
        if self.validation_time.is_some_and(|time| time > now) {
            return Err(invalid("/validation_time", "a time that has come"));
        }
        let default = Options::default();
        Ok(Options {
            validation_time: self.validation_time,
            policy: self.policy.unwrap_or(default.policy),
        })
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        let twice = match name {
            "validation_time" => {
                let time = value.parse().map_err(|_| {
                    let allowed = "a time with its offset, such as 2026-11-21T09:30:00Z";
                    invalid("/validation_time", allowed)
                })?;
                self.validation_time.replace(time).is_some()
            }
            "policy" => {
                let named = Policy::named(value).ok_or_else(|| {
                    let names: Vec<_> = policy::ALL.iter().map(|policy| policy.name).collect();
                    invalid("/policy", &names.join(", "))
                })?;
                self.policy.replace(named).is_some()
            }
            _ => {
                let shown: String = name.chars().take(64).collect();
                return Err(Problem::new(ProblemCode::MetadataInvalid).with_detail(format!(
                    "There is no field {shown:?}: a validation takes a document, validation_time and \
                     policy."
                )));
            }
        };
        match twice {
            false => Ok(()),
            true => Err(invalid(
                &format!("/{name}"),
                "a single value: it is given twice",
            )),
        }
    }
}

impl RequestFields for ValidationFields {
    fn add_json(&mut self, json: &[u8]) -> Result<(), Problem> {
        let value: Value = serde_json::from_slice(json).map_err(|error| {
            Problem::new(ProblemCode::MetadataInvalid)
                .with_detail(format!("The metadata is not JSON: {error}."))
                .with_pointer("")
        })?;
        let Value::Object(object) = value else {
            return Err(invalid("", "an object"));
        };
        for (name, value) in object {
            self.set(&name, value.as_str().unwrap_or_default())?;
        }
        Ok(())
    }
}

fn invalid(pointer: &str, allowed: &str) -> Problem {
    let what = match pointer {
        "" => "The metadata",
        pointer => pointer,
    };
    Problem::new(ProblemCode::MetadataInvalid)
        .with_detail(format!("{what} can be: {allowed}."))
        .with_pointer(pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T00:00:00Z".parse().unwrap()
    }

    #[test]
    fn query_and_metadata_say_the_same_things() {
        let query = ValidationFields::from_query(
            "validation_time=2020-01-01T00:00:00Z&policy=segell-1-strict",
        )
        .unwrap();
        let mut json = ValidationFields::default();
        json.add_json(br#"{"validation_time":"2020-01-01T00:00:00Z","policy":"segell-1-strict"}"#)
            .unwrap();
        for fields in [query, json] {
            let options = fields.options(now()).unwrap();
            assert_eq!(options.policy.name, policy::STRICT.name);
            assert_eq!(
                options.validation_time,
                Some("2020-01-01T00:00:00Z".parse().unwrap())
            );
        }
        let nothing = ValidationFields::default().options(now()).unwrap();
        assert_eq!(nothing.policy.name, policy::DEFAULT.name);
        assert_eq!(nothing.validation_time, None);
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_what_can() {
        for (query, said) in [
            ("policy=lenient", "segell-1, segell-1-strict"),
            ("validation_time=yesterday", "with its offset"),
            ("policy=segell-1&policy=segell-1", "twice"),
            ("kind=paper", "There is no field"),
        ] {
            let problem = ValidationFields::from_query(query).unwrap_err();
            let detail = problem.document("r").detail;
            assert!(detail.contains(said), "{detail}");
        }
        let tomorrow = ValidationFields::from_query("validation_time=2026-11-23T00:00:00Z");
        assert!(tomorrow.unwrap().options(now()).is_err());
        let mut fields = ValidationFields::default();
        assert!(fields.add_json(b"[]").is_err());
        assert!(fields.add_json(br#"{"policy":1}"#).is_err());
    }

    #[test]
    fn the_language_of_the_report_is_one_that_is_offered() {
        assert!(ValidationFields::from_query("lang=oc-aranes&policy=segell-1").is_ok());
        let problem = ValidationFields::from_query("lang=fr").unwrap_err();
        assert_eq!(problem.code(), ProblemCode::MetadataInvalid);
    }
}
