//! Changes to the seals of an organ's file that leave everything else in it as its operator wrote it, comments
//! included. Lines are changed; then the file is read again, and unless it says exactly what was meant, it
//! stays as it is.

use std::ops::Range;

use toml::{Table, Value};

/// A table of an organ's file that says where a seal is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// In force.
    Current,
    /// It takes over.
    Next,
    /// It was in force.
    Previous,
}

impl Role {
    pub(super) const ALL: [Self; 3] = [Self::Current, Self::Next, Self::Previous];

    /// The name of its table.
    pub(super) const fn table(self) -> &'static str {
        match self {
            Self::Current => "seal",
            Self::Next => "next_seal",
            Self::Previous => "previous_seal",
        }
    }

    /// The word for people.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Next => "next",
            Self::Previous => "previous",
        }
    }
}

/// The file is written in a way that cannot be edited by lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotEdited;

/// The text of an organ's file under change: its lines, and what they have to say in the end.
#[derive(Clone, Debug)]
pub(super) struct OrganText {
    lines: Vec<String>,
    meant: Table,
}

impl OrganText {
    pub(super) fn new(text: &str, said: &Table) -> Self {
        Self {
            lines: text.lines().map(str::to_owned).collect(),
            meant: said.clone(),
        }
    }

    /// Gives seals other roles, all at once.
    pub(super) fn rename(&mut self, changes: &[(Role, Role)]) {
        for line in &mut self.lines {
            let to = |name: &str| {
                let mut changes = changes.iter();
                changes.find(|(from, _)| from.table() == name)
            };
            if let Some(renamed) = header(line).and_then(|header| {
                let (_, to) = to(header.name)?;
                Some(format!("{}{}{}", header.before, to.table(), header.after))
            }) {
                *line = renamed;
            }
        }
        let taken: Vec<_> = changes
            .iter()
            .filter_map(|(from, to)| Some((to.table(), self.meant.remove(from.table())?)))
            .collect();
        let taken = taken.into_iter();
        self.meant
            .extend(taken.map(|(name, table)| (name.to_owned(), table)));
    }

    /// Says something else about a seal, or something more.
    pub(super) fn set(&mut self, role: Role, key: &str, value: Value) {
        let line = format!("{key} = {value}");
        if let Some(table) = self.meant_of(role) {
            table.insert(key.to_owned(), value);
        }
        let Some(own) = self.own_lines(role) else {
            return;
        };
        match self.position(own.clone(), key) {
            Some(at) => {
                if let Some(written) = self.lines.get_mut(at) {
                    let comment = written.find(" #").and_then(|at| written.get(at..));
                    *written = line + comment.unwrap_or_default();
                }
            }
            None => self.lines.insert(own.end, line),
        }
    }

    /// Says something about a seal no longer.
    pub(super) fn unset(&mut self, role: Role, key: &str) {
        if let Some(table) = self.meant_of(role) {
            table.remove(key);
        }
        let at = self.own_lines(role).and_then(|own| self.position(own, key));
        if let Some(at) = at {
            self.lines.remove(at);
        }
    }

    /// Adds a seal at the end.
    pub(super) fn append(&mut self, role: Role, comment: &str, fields: &[(&str, Value)]) {
        while self.lines.last().is_some_and(|line| line.trim().is_empty()) {
            self.lines.pop();
        }
        self.lines.push(String::new());
        self.lines.push(format!("[{}]", role.table()));
        // A name out of a certificate stays on its line.
        let comment: String = comment
            .chars()
            .filter(|letter| !letter.is_control())
            .collect();
        self.lines.push(format!("# {comment}"));
        let written = fields.iter().map(|(key, value)| format!("{key} = {value}"));
        self.lines.extend(written);
        let fields = fields.iter().cloned();
        let table = fields.map(|(key, value)| (key.to_owned(), value)).collect();
        self.meant
            .insert(role.table().to_owned(), Value::Table(table));
    }

    /// Takes a seal out, with the comments among its lines.
    pub(super) fn remove(&mut self, role: Role) {
        while let Some(section) = self.section(role) {
            self.lines.drain(section);
        }
        self.meant.remove(role.table());
    }

    /// The text, when it says what was meant.
    pub(super) fn finish(self) -> Result<String, NotEdited> {
        let text = self.lines.join("\n") + "\n";
        let said: Table = text.parse().map_err(|_| NotEdited)?;
        if said == self.meant {
            Ok(text)
        } else {
            Err(NotEdited)
        }
    }

    fn meant_of(&mut self, role: Role) -> Option<&mut Table> {
        self.meant.get_mut(role.table())?.as_table_mut()
    }

    /// The lines of a seal's table and of the tables inside it, up to the comments that introduce the next.
    fn section(&self, role: Role) -> Option<Range<usize>> {
        let is_own = |header: &Header<'_>| header.name == role.table();
        let mut headers = self.headers().skip_while(|(_, header)| !is_own(header));
        let (begin, _) = headers.next()?;
        let end = headers.find(|(_, header)| !is_own(header));
        Some(begin..self.before_introduction(begin, end.map(|(at, _)| at)))
    }

    /// The lines of a seal's table alone, its header left out.
    fn own_lines(&self, role: Role) -> Option<Range<usize>> {
        let mut headers = self.headers();
        let (begin, _) = headers.find(|(_, header)| header.name == role.table())?;
        let end = headers.next().map(|(at, _)| at);
        Some(begin + 1..self.before_introduction(begin, end))
    }

    fn before_introduction(&self, begin: usize, end: Option<usize>) -> usize {
        let introduces = |line: &String| line.trim().is_empty() || line.trim().starts_with('#');
        let mut end = end.unwrap_or(self.lines.len());
        while end > begin + 1 && self.lines.get(end - 1).is_some_and(introduces) {
            end -= 1;
        }
        end
    }

    fn headers(&self) -> impl Iterator<Item = (usize, Header<'_>)> {
        let numbered = self.lines.iter().enumerate();
        numbered.filter_map(|(at, line)| Some((at, header(line)?)))
    }

    fn position(&self, lines: Range<usize>, key: &str) -> Option<usize> {
        let says = |at: &usize| {
            let line = self.lines.get(*at).and_then(|line| line.split_once('='));
            line.is_some_and(|(name, _)| name.trim() == key)
        };
        lines.into_iter().find(says)
    }
}

/// A line that begins a table: what stands before its first name, that name, and what stands after it.
struct Header<'a> {
    before: &'a str,
    name: &'a str,
    after: &'a str,
}

fn header(line: &str) -> Option<Header<'_>> {
    let inside = line.trim_start().trim_start_matches('[').trim_start();
    let before = line.get(..line.len() - inside.len())?;
    let is_bare = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let length = inside.find(|letter| !is_bare(letter))?;
    let (name, after) = inside.split_at_checked(length)?;
    let closes = after.trim_start().starts_with([']', '.']);
    (before.contains('[') && !name.is_empty() && closes).then_some(Header {
        before,
        name,
        after,
    })
}

#[cfg(test)]
mod tests;
