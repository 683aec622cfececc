//! `segell archive withdraw`: takes a copy back.

use std::io::Write;

use jiff::Timestamp;

use super::arguments::WithdrawArguments;
use super::{of_error, stand};
use crate::archive::{Archive, Withdrew};
use crate::audit::{Event, Fact};
use crate::cli::audit::Tell;
use crate::cli::failure::{Exit, Failure};
use crate::model::Withdrawal;

/// Withdraws a copy. The same again changes nothing.
pub fn run(
    archive: &Archive,
    arguments: &WithdrawArguments,
    (application, tell): (&str, Tell<'_>),
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let (index, standing) = stand(archive, &arguments.words, now)?;
    let withdrawal = Withdrawal {
        reason: arguments.reason,
        text: arguments.text.clone(),
    };
    let outcome = archive.withdraw(index, &withdrawal, application, now);
    match outcome.map_err(|error| of_error(&error))? {
        Withdrew::Done => {
            let intent = &standing.record.intent;
            let fact = Fact::new(Event::CopyWithdrawn).outcome(arguments.reason.word());
            tell(fact.about(intent))?;
            let issued = crate::cli::time(intent.issued_at);
            writeln!(
                out,
                "withdrawn: the copy of {} issued {issued}",
                intent.organ
            )?;
            Ok(())
        }
        Withdrew::Otherwise => Err(Failure::new(
            Exit::Refused,
            "the copy was withdrawn before, for another reason or with other words",
        )),
        Withdrew::Erased => Err(Failure::new(Exit::Refused, "the copy was erased")),
    }
}
