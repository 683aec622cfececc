//! `segell seal`: makes a copy exactly as the service does, and commits it to the same archive.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::arguments::SealArguments;
use super::audit::{Tell, copy_issued};
use super::document::{self, Destination};
use super::failure::{Exit, Failure};
use super::table::{FAINT, Paint, STRONG};
use super::{refused, write_json};
use crate::archive::{CopyRecord, Intent};
use crate::cades::{Imprint, TimestampToken};
use crate::http::problem::Problem;
use crate::model::Deadline;
use crate::seal::{Application, NoTimestamp, SealRequest, Sealer, Upload};

/// What `--json` answers with.
#[derive(Serialize)]
struct Answer<'a> {
    /// The code of the copy: whoever has it can fetch the copy.
    verification_code: String,
    /// The copy was there already.
    replayed: bool,
    /// Where anybody can check it.
    address: String,
    /// What was stored about it.
    record: &'a CopyRecord,
}

/// What a copy is made with.
pub struct Means<'a> {
    /// Makes it.
    pub sealer: &'a Sealer,
    /// The calendar.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// Gives timestamps; waited for.
    pub authority: &'a dyn Fn(&Imprint) -> Result<TimestampToken, NoTimestamp>,
    /// How long the work may take.
    pub deadline: &'a Deadline,
    /// Hears of the copy before anybody has it.
    pub tell: Tell<'a>,
}

/// Runs the command.
pub fn run(
    arguments: &SealArguments,
    means: &Means<'_>,
    application: Application,
    limit: usize,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let destination = Destination::prepare(&arguments.output, arguments.force)?;
    if destination.is_stream() && arguments.format.json {
        return Err(
            Failure::new(Exit::Usage, "standard output cannot take the copy and JSON")
                .with_next_step("name a file with -o, or leave --json out"),
        );
    }
    let mut fields = arguments.fields.fields();
    fields.force_new = arguments.force_new.then_some(true);
    let request = SealRequest {
        application,
        fields,
        idempotency_key: arguments.idempotency_key.clone(),
        upload: Upload::new(document::read(&arguments.input, limit)?),
    };
    let issued = means
        .sealer
        .seal_with(request, means.clock, means.deadline, means.authority)
        .map_err(|error| refused(&Problem::from(&error), arguments.format, out))?;
    (means.tell)(copy_issued(&issued))?;
    let stream = destination.is_stream();
    destination.write(&issued.document)?;
    if stream {
        return Ok(());
    }
    let organ = &issued.record.intent.organ;
    let organs = means.sealer.organs();
    let origin = organs
        .seat_in(organ, issued.record.intent.environment)
        .map_or("", |seat| seat.organ.verification_address.as_str());
    let answer = Answer {
        verification_code: issued.code.grouped(),
        replayed: issued.replayed,
        address: format!("{origin}/{}", issued.code.compact()),
        record: &issued.record,
    };
    if arguments.format.json {
        write_json(out, &answer)?;
    } else {
        tell(arguments, &answer, out)?;
    }
    Ok(())
}

/// The signature level reached, and the one asked where that is another.
fn level(intent: &Intent) -> String {
    match intent.level == intent.level_asked {
        true => intent.level.to_string(),
        false => format!("{} ({} asked)", intent.level, intent.level_asked),
    }
}

fn tell(
    arguments: &SealArguments,
    answer: &Answer<'_>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let green = Paint::Green.style();
    let record = answer.record;
    let done = if answer.replayed {
        "the copy this request made before"
    } else {
        "a new copy"
    };
    writeln!(
        out,
        "{green}✔{green:#} {STRONG}{}{STRONG:#}  {done}, {} bytes",
        arguments.output.display(),
        record.document.size
    )?;
    let mut line = |name: &str, value: &str| writeln!(out, "  {FAINT}{name:<12}{FAINT:#} {value}");
    line("code", &answer.verification_code)?;
    line("check at", &answer.address)?;
    line("sealed by", &record.intent.seal.common_name)?;
    line("level", &level(&record.intent))?;
    line("answers till", &super::time(record.intent.available_until))?;
    for finding in &record.intent.findings {
        let place = finding.page.map(|page| format!(" (page {page})"));
        line(
            "note",
            &format!("{}{}", finding.text, place.unwrap_or_default()),
        )?;
    }
    Ok(())
}
