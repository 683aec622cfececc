//! Changes to an applications file that leave everything else in it as its operator wrote it, comments
//! included. Lines are put in; then the file is read again, and unless it says exactly what it said before
//! plus the change, nothing is changed.

use toml::{Table, Value};

use crate::model::{Dir3, Environment, Sha256Digest};

/// A key to be added.
#[derive(Clone, Debug)]
pub(crate) struct NewKey {
    pub(crate) digest: Sha256Digest,
    pub(crate) environment: Environment,
    pub(crate) label: Option<String>,
    /// `2026-11-22`.
    pub(crate) created: String,
    pub(crate) expires: Option<String>,
}

/// An application to be added, with its first key.
#[derive(Clone, Debug)]
pub(crate) struct NewRecord {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) organs: Vec<Dir3>,
}

/// The file is written in a way that cannot be edited by lines; these are the lines to be put in by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotEdited {
    pub(crate) lines: String,
}

type Fields = Vec<(&'static str, Value)>;

impl NewKey {
    fn fields(&self) -> Fields {
        let text = |text: &str| Value::String(text.to_owned());
        let mut fields = vec![
            ("key_sha256", text(&self.digest.to_string())),
            ("environment", text(self.environment.word())),
        ];
        if let Some(label) = &self.label {
            fields.push(("label", text(label)));
        }
        fields.push(("created", text(&self.created)));
        if let Some(expires) = &self.expires {
            fields.push(("expires", text(expires)));
        }
        fields
    }

    /// The lines that make it a key of the application above them.
    pub(crate) fn lines(&self) -> String {
        lines("[[application.keys]]", &self.fields())
    }
}

impl NewRecord {
    fn fields(&self) -> Fields {
        let organs = self.organs.iter();
        let organs = organs.map(|organ| Value::String(organ.to_string()));
        vec![
            ("id", Value::String(self.id.clone())),
            ("name", Value::String(self.name.clone())),
            ("organs", Value::Array(organs.collect())),
        ]
    }

    /// The lines that make it an application of a file.
    pub(crate) fn lines(&self, key: &NewKey) -> String {
        let record = lines("[[application]]", &self.fields());
        format!("{record}\n{}", key.lines())
    }
}

fn lines(header: &str, fields: &Fields) -> String {
    let mut text = format!("{header}\n");
    for (name, value) in fields {
        text.push_str(&format!("{name} = {value}\n"));
    }
    text
}

fn table(fields: Fields) -> Value {
    let fields = fields.into_iter();
    Value::Table(
        fields
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// The text with one more key for the application `id`, which is in it.
pub(crate) fn add_key(text: &str, id: &str, key: &NewKey) -> Result<String, NotEdited> {
    let not_edited = NotEdited { lines: key.lines() };
    let edited = || {
        let mut expected: Table = text.parse().ok()?;
        let (index, entry) = applications(&mut expected)?
            .iter_mut()
            .enumerate()
            .find(|(_, entry)| entry.get("id").and_then(Value::as_str) == Some(id))?;
        let entry = entry.as_table_mut()?;
        let keys = entry.entry("keys").or_insert(Value::Array(Vec::new()));
        keys.as_array_mut()?.push(table(key.fields()));

        let mut written: Vec<&str> = text.lines().collect();
        let end = end_of_section(&written, index)?;
        let block = format!("\n{}", key.lines());
        written.splice(end..end, block.lines());
        proved(&written, &expected)
    };
    edited().ok_or(not_edited)
}

/// The text with one more application at its end.
pub(crate) fn add_record(
    text: &str,
    record: &NewRecord,
    key: &NewKey,
) -> Result<String, NotEdited> {
    let lines = record.lines(key);
    let edited = || {
        let mut expected: Table = text.parse().ok()?;
        let applications = expected
            .entry("application")
            .or_insert(Value::Array(Vec::new()));
        let mut fields = record.fields();
        fields.push(("keys", Value::Array(vec![table(key.fields())])));
        applications.as_array_mut()?.push(table(fields));

        let mut written: Vec<&str> = text.trim_end().lines().collect();
        if !written.is_empty() {
            written.push("");
        }
        written.extend(lines.lines());
        proved(&written, &expected)
    };
    edited().ok_or_else(|| NotEdited {
        lines: lines.clone(),
    })
}

/// The text with the key revoked, which is in it, since `day`.
pub(crate) fn revoke(text: &str, digest: &Sha256Digest, day: &str) -> Result<String, NotEdited> {
    let line = format!("revoked = {}", Value::String(day.to_owned()));
    let edited = || {
        let mut expected: Table = text.parse().ok()?;
        let mut revoked = 0;
        for entry in applications(&mut expected)? {
            let entry = entry.as_table_mut()?;
            revoked += mark(entry, digest, day);
            for key in entry
                .get_mut("keys")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                revoked += mark(key.as_table_mut()?, digest, day);
            }
        }
        let mut written: Vec<&str> = text.lines().collect();
        let holds = |written: &&str| {
            let pair = written.split_once('=');
            pair.is_some_and(|(name, value)| {
                name.trim() == "key_sha256"
                    && value.to_ascii_lowercase().contains(&digest.to_string())
            })
        };
        let at = written.iter().position(holds)?;
        let indented = written.get(at)?.split("key_sha256").next()?.to_owned() + &line;
        written.insert(at + 1, &indented);
        (revoked == 1).then(|| proved(&written, &expected))?
    };
    edited().ok_or_else(|| NotEdited {
        lines: format!("{line}\n"),
    })
}

/// Marks the key of a table, if it is this one; says how many were.
fn mark(table: &mut Table, digest: &Sha256Digest, day: &str) -> u32 {
    let own = table.get("key_sha256").and_then(Value::as_str);
    if own.and_then(|own| own.parse().ok()) != Some(*digest) {
        return 0;
    }
    table.insert("revoked".to_owned(), Value::String(day.to_owned()));
    1
}

fn applications(file: &mut Table) -> Option<&mut Vec<Value>> {
    file.get_mut("application")?.as_array_mut()
}

/// Where the section of the application with this index ends: before the comments that introduce the next.
fn end_of_section(lines: &[&str], index: usize) -> Option<usize> {
    let is_header = |line: &str| {
        let line = line.split('#').next().unwrap_or_default();
        let line: String = line.split_whitespace().collect();
        line == "[[application]]"
    };
    let numbered = lines.iter().enumerate();
    let headers: Vec<usize> = numbered
        .filter(|(_, line)| is_header(line))
        .map(|(number, _)| number)
        .collect();
    let begin = *headers.get(index)?;
    let mut end = headers.get(index + 1).copied().unwrap_or(lines.len());
    let introduces = |line: &&str| line.trim().is_empty() || line.trim().starts_with('#');
    while end > begin + 1 && lines.get(end - 1).is_some_and(introduces) {
        end -= 1;
    }
    Some(end)
}

/// The lines as a text, when it says what is expected.
fn proved(lines: &[&str], expected: &Table) -> Option<String> {
    let text = lines.join("\n") + "\n";
    let said: Table = text.parse().ok()?;
    (said == *expected).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"# Applications of the council.
[[application]]
id = "registre"       # never change it
name = "Registre"
organs = ["L01990015"]
key_sha256 = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"

# The case manager, since 2025.
[[application]]
id = "gestor"
name = "Gestor [[application]]"
organs = ["L01990015"]

[[application.keys]]
key_sha256 = "0000000000000000000000000000000000000000000000000000000000000001"
"#;

    fn key() -> NewKey {
        NewKey {
            digest: Sha256Digest::of(b"new"),
            environment: Environment::Pre,
            label: Some("la \"nova\"".to_owned()),
            created: "2026-11-22".to_owned(),
            expires: None,
        }
    }

    /// What was there is there still, in its order.
    fn keeps(edited: &str) {
        let mut lines = edited.lines();
        for line in FILE.lines() {
            assert!(
                lines.any(|other| other == line),
                "{line} is lost:\n{edited}"
            );
        }
    }

    #[test]
    fn a_key_goes_to_its_application_and_everything_else_stays() {
        for (id, before) in [("registre", "# The case manager"), ("gestor", "")] {
            let edited = add_key(FILE, id, &key()).unwrap();
            keeps(&edited);
            let at = edited.find(&Sha256Digest::of(b"new").to_string()).unwrap();
            assert!(edited[at..].contains(before), "{edited}");
        }
    }

    #[test]
    fn an_application_is_added_at_the_end_and_to_an_empty_file() {
        let record = NewRecord {
            id: "nou".to_owned(),
            name: "Nou".to_owned(),
            organs: vec!["L01990015".parse().unwrap()],
        };
        keeps(&add_record(FILE, &record, &key()).unwrap());
        let alone = add_record("", &record, &key()).unwrap();
        assert!(
            alone.starts_with("[[application]]\nid = \"nou\"\n"),
            "{alone}"
        );
    }

    #[test]
    fn a_key_is_revoked_where_it_stands_in_either_form() {
        for digest in [Sha256Digest::of(b""), format!("{:064}", 1).parse().unwrap()] {
            let edited = revoke(FILE, &digest, "2026-11-22").unwrap();
            keeps(&edited);
            let mut lines = edited.lines().map(str::to_ascii_lowercase);
            assert!(lines.any(|line| line.contains(&digest.to_string())));
            assert_eq!(lines.next().as_deref(), Some("revoked = \"2026-11-22\""));
        }
    }

    #[test]
    fn a_file_that_cannot_be_edited_by_lines_is_left_alone() {
        let inline =
            "application = [{ id = \"gestor\", name = \"G\", organs = [\"L01990015\"] }]\n";
        let refused = add_key(inline, "gestor", &key()).unwrap_err();
        assert!(
            refused
                .lines
                .starts_with("[[application.keys]]\nkey_sha256 = ")
        );
        let digest = Sha256Digest::of(b"x");
        let keys = format!("keys = [{{ key_sha256 = \"{digest}\" }}]");
        let inline = format!("[[application]]\nid = \"a\"\nname = \"A\"\norgans = []\n{keys}\n");
        assert!(add_key(&inline, "a", &key()).is_err());
        assert!(revoke(&inline, &digest, "2026-11-22").is_err());
        assert!(revoke(FILE, &digest, "2026-11-22").is_err(), "no such key");
    }
}
