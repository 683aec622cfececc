//! `segell keys`: makes, lists and revokes the keys of applications, in the applications file.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::audit::{Event, Fact};
use crate::cli::keys::{self, KeyRow, KeysCommand, MadeKey, NewKeyArguments, RevokeArguments};
use crate::cli::{Exit, Failure};
use crate::http::key_prefix;
use crate::model::{Environment, Sha256Digest};
use crate::opening::applications::file::{Day, Entry, entries, fault_of_id};
use crate::opening::applications::{self, ApplicationsFault, NewKey, NewRecord};
use crate::opening::audit::{self, CommandLog};
use crate::opening::clock::Clock;
use crate::opening::{self, replacement};
use crate::settings::{Profile, Settings};

/// Random bytes in a key.
const KEY_BYTES: usize = 32;
/// Fewest digits by which a key is named.
const DIGITS: usize = 8;

/// Runs the command.
pub(crate) fn run(
    command: &KeysCommand,
    settings: &Settings,
    clock: &Clock,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let now = clock();
    match command {
        KeysCommand::New(arguments) => make(arguments, settings, clock, out),
        KeysCommand::List(format) => {
            let file = File::open(settings)?.ok_or_else(no_file)?;
            let rows = file.entries.iter().flat_map(|entry| rows(entry, now));
            keys::list(&rows.collect::<Vec<_>>(), *format, out)
        }
        KeysCommand::Revoke(arguments) => {
            let file = File::open(settings)?.ok_or_else(no_file)?;
            revoke(arguments, file, (settings, clock), out)
        }
    }
}

/// The applications file as it is.
struct File {
    path: PathBuf,
    text: String,
    entries: Vec<Entry>,
}

impl File {
    /// Reads the file that the settings name; `None` when they name none. One that is not there is empty.
    fn open(settings: &Settings) -> Result<Option<Self>, Failure> {
        let Some(path) = settings.applications.file.clone() else {
            return Ok(None);
        };
        let fault = |fault: ApplicationsFault| Failure::new(Exit::Usage, fault.to_string());
        let text = match path.try_exists() {
            Ok(false) => String::new(),
            Ok(true) | Err(_) => applications::text_of(&path).map_err(fault)?,
        };
        let entries = entries(&path, &text).map_err(fault)?;
        Ok(Some(Self {
            path,
            text,
            entries,
        }))
    }

    /// Puts another text in its place, at once or not at all.
    fn replace(&self, text: &str) -> Result<(), Failure> {
        let before = self.path.exists().then_some(self.text.as_str());
        replacement::replace(&self.path, before, text)
            .map_err(|error| Failure::file(&self.path, "changed", &error))
    }
}

fn no_file() -> Failure {
    Failure::new(Exit::Usage, "no applications file is set").with_next_step(
        "name one in applications.file (SEGELL__APPLICATIONS__FILE); config/default.toml shows its shape",
    )
}

fn make(
    arguments: &NewKeyArguments,
    settings: &Settings,
    clock: &Clock,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let now = clock();
    let usage = |sentence: String| Failure::new(Exit::Usage, sentence);
    let environment = arguments.environment.unwrap_or(match settings.profile {
        Profile::Evaluation => Environment::Pre,
        Profile::Production => Environment::Pro,
    });
    if let Some(text) = &arguments.expires {
        let day: Day = text
            .parse()
            .map_err(|fault| usage(format!("--expires: {fault}")))?;
        if day.end() <= now {
            return Err(usage("--expires: that day is past".to_owned()));
        }
    }
    if let Some(fault) = fault_of_id(&arguments.application) {
        return Err(usage(format!("--application: {fault}")));
    }
    let file = File::open(settings)?;
    let id = &arguments.application;
    let entries = file.as_ref().map_or(&[][..], |file| &file.entries);
    let known = entries.iter().find(|entry| entry.id == *id);
    if let Some(own) = known.and_then(|entry| entry.environment)
        && own != environment
    {
        return Err(usage(format!("{id} is for {} only", own.word())));
    }
    if known.is_some() && !(arguments.organs.is_empty() && arguments.name.is_none()) {
        return Err(usage(format!("{id} is there already"))
            .with_next_step("leave --organ and --name out; its record says them, edit it there"));
    }
    if known.is_none() && arguments.organs.is_empty() {
        return Err(usage(format!("there is no application {id}"))
            .with_next_step("to add it, name with --organ the DIR3 codes that it may ask for"));
    }

    let secret = random_key(environment)?;
    let key = NewKey {
        digest: Sha256Digest::of(secret.as_bytes()),
        environment,
        label: arguments.label.clone(),
        created: day(now),
        expires: arguments.expires.clone(),
    };
    let record = NewRecord {
        id: id.clone(),
        name: arguments.name.clone().unwrap_or_else(|| id.clone()),
        organs: arguments.organs.clone(),
    };
    let edited = match (&file, known) {
        (Some(file), Some(_)) => applications::add_key(&file.text, id, &key),
        (Some(file), None) => applications::add_record(&file.text, &record, &key),
        (None, _) => Err(applications::NotEdited {
            lines: record.lines(&key),
        }),
    };
    let mut made = MadeKey {
        key: secret,
        application: id.clone(),
        environment: environment.word(),
        key_sha256: key.digest.to_string(),
        file: None,
        lines: None,
    };
    match (edited, &file) {
        (Ok(text), Some(file)) => {
            let fact = Fact::new(Event::KeyMade).outcome(environment.word());
            replace(
                file,
                &text,
                fact.key(key.digest).application(id),
                (settings, clock),
            )?;
            made.file = Some(file.path.display().to_string());
        }
        (Ok(lines) | Err(applications::NotEdited { lines }), _) => made.lines = Some(lines),
    }
    made.write(arguments.format, out)
}

fn revoke(
    arguments: &RevokeArguments,
    file: File,
    (settings, clock): (&Settings, &Clock),
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let now = clock();
    let usage = |sentence: String| {
        Failure::new(Exit::Usage, sentence).with_next_step("`segell keys list` shows the keys")
    };
    let digits = arguments.digits.trim_end_matches('…').to_ascii_lowercase();
    if digits.len() < DIGITS {
        return Err(usage(format!("name the key by {DIGITS} digits or more")));
    }
    let all = file.entries.iter().flat_map(|entry| {
        let keys = entry.all_keys();
        keys.map(|key| (entry.id.as_str(), key))
    });
    let mut meant = all.filter(|(_, key)| key.key_sha256.to_string().starts_with(&digits));
    let (application, key) = match (meant.next(), meant.next()) {
        (Some(only), None) => only,
        (None, _) => return Err(usage(format!("there is no key {digits}"))),
        (Some(_), Some(_)) => return Err(usage(format!("there are several keys {digits}…"))),
    };
    if let Some(since) = key.revoked {
        return Err(usage(format!("this key is revoked since {since}")));
    }
    let path = file.path.display().to_string();
    match applications::revoke(&file.text, &key.key_sha256, &day(now)) {
        Ok(text) => {
            let fact = Fact::new(Event::KeyRevoked).key(key.key_sha256);
            replace(
                &file,
                &text,
                fact.application(application),
                (settings, clock),
            )?;
            Ok(keys::revoked(application, &path, None, out)?)
        }
        Err(by_hand) => {
            keys::revoked(application, &path, Some(&by_hand.lines), out)?;
            Err(Failure::new(Exit::Refused, "nothing was changed"))
        }
    }
}

/// Puts the changed text in place and tells the audit log, which is opened before anything is changed.
fn replace(
    file: &File,
    text: &str,
    fact: Fact,
    (settings, clock): (&Settings, &Clock),
) -> Result<(), Failure> {
    let runtime = opening::runtime()?;
    let archive = audit::archive_if_there(settings, runtime.handle(), clock)?;
    let log = CommandLog::new(settings, archive, runtime.handle().clone(), clock);
    log.open()?;
    file.replace(text)?;
    log.tell(fact)
}

fn rows(entry: &Entry, now: Timestamp) -> Vec<KeyRow> {
    let said = |day: Option<Day>| day.map(|day| day.to_string());
    let keys = entry.all_keys().map(|key| KeyRow {
        application: entry.id.clone(),
        key_sha256: key.key_sha256.to_string(),
        state: match (key.revoked, key.expires) {
            (Some(since), _) if since.begin() <= now => "revoked",
            (_, Some(until)) if until.end() <= now => "expired",
            _ => "active",
        },
        label: key.label,
        environment: key.environment.or(entry.environment).map(Environment::word),
        created: said(key.created),
        expires: said(key.expires),
        scopes: entry.scopes().words(),
        organs: entry.organs.iter().map(ToString::to_string).collect(),
    });
    keys.collect()
}

fn random_key(environment: Environment) -> Result<String, Failure> {
    let mut bits = [0; KEY_BYTES];
    getrandom::fill(&mut bits)
        .map_err(|error| Failure::new(Exit::Trouble, format!("no random bits: {error}")))?;
    let digits: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}{digits}", key_prefix(environment)))
}

fn day(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC).date().to_string()
}
