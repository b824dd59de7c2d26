//! Rotas: who is on call when, as other tools say it, and how that agrees with the clearances.

pub mod finding;
pub mod form;
pub mod matching;
pub mod model;
pub mod shadow;
pub mod source;
pub mod store;

use jiff::tz::TimeZone;

use crate::db::types::UtcTime;
use crate::text;
use crate::text_enum;

/// Shifts are checked that far ahead.
pub const DAYS_AHEAD: i64 = 28;
/// An upload is kept that far ahead: it is checked for half a year.
const DAYS_KEPT: i64 = 186;
/// Largest file or answer, in bytes.
pub const MOST_BYTES: usize = crate::domain::calendar::read::MOST_BYTES;
/// Most shifts of a rota that are kept.
pub const MOST_ENTRIES: usize = 5_000;
/// Rotas that an area has at most.
pub const MOST: usize = 10;
/// Longest name or address of somebody in a rota.
const MOST_CHARS: usize = 200;

text_enum! {
    /// What somebody does in a shift.
    pub enum Duty {
        Primary = "primary" / "Primary",
        Secondary = "secondary" / "Secondary",
        /// Watches; needs no clearance.
        Shadow = "shadow" / "Shadow",
    }
}

impl Duty {
    /// Reads the name of a layer, a kind, or the title of an event.
    pub fn in_words(words: &str) -> Self {
        let words = words.to_lowercase();
        let says = |all: &[&str]| all.iter().any(|word| words.contains(word));
        if says(&["shadow"]) {
            Self::Shadow
        } else if says(&["secondary", "backup", "back-up"]) {
            Self::Secondary
        } else {
            Self::Primary
        }
    }
}

/// A shift of a rota, as a tool says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    pub starts_at: UtcTime,
    pub ends_at: UtcTime,
    /// May be empty where there is an address.
    pub name: String,
    /// May be empty where there is a name.
    pub email: String,
    pub duty: Duty,
    /// What tells it from the others when it is moved, where the tool gives that. It says nothing about who is on call:
    /// some tools give another one with each answer.
    pub uid: String,
}

impl Entry {
    /// `None` for one that ends before it begins.
    pub fn new(
        (starts_at, ends_at): (UtcTime, UtcTime),
        (name, email): (&str, &str),
        duty: Duty,
    ) -> Option<Self> {
        (starts_at < ends_at).then(|| Self {
            starts_at,
            ends_at,
            name: plain(name),
            email: plain(email),
            duty,
            uid: String::new(),
        })
    }

    /// The same, with what the tool calls it.
    pub fn known_as(mut self, uid: &str) -> Self {
        self.uid = plain(uid);
        self
    }

    /// Whether two say the same, whatever the tool calls them.
    pub fn says_same(&self, other: &Self) -> bool {
        let said = |e: &Self| (e.starts_at, e.ends_at, e.duty);
        said(self) == said(other) && self.name == other.name && self.email == other.email
    }

    /// From and to.
    pub fn hours(&self) -> (UtcTime, UtcTime) {
        (self.starts_at, self.ends_at)
    }

    pub fn overlaps(&self, from: UtcTime, to: UtcTime) -> bool {
        self.starts_at < to && from < self.ends_at
    }

    /// How a page names them before it is known who they are.
    pub fn called(&self) -> &str {
        match self.name.as_str() {
            "" if self.email.is_empty() => "Nobody",
            "" => &self.email,
            name => name,
        }
    }
}

fn plain(typed: &str) -> String {
    let line = text::without_hidden(typed);
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ").chars().take(MOST_CHARS).collect()
}

/// What is read of a rota.
#[derive(Debug, Clone)]
pub struct Window {
    pub from: UtcTime,
    pub until: UtcTime,
    /// The zone of times without one.
    pub zone: TimeZone,
}

impl Window {
    /// What is kept of an upload. It moves once a week, so that a rota nobody changed stays the same.
    pub fn of_upload(now: UtcTime, zone: &str) -> Self {
        let week = now.rounded_down(7 * 86_400);
        Self {
            from: week.plus_hours(-24 * 7),
            until: week.plus_hours(24 * DAYS_KEPT),
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
        }
    }

    /// What is asked of another tool: some of them answer for no more than a month.
    pub fn of_fetch(now: UtcTime, zone: &str) -> Self {
        let today = now.day().start();
        Self {
            from: today,
            until: today.plus_hours(24 * (DAYS_AHEAD + 1)),
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
        }
    }

    fn meets(&self, entry: &Entry) -> bool {
        self.from < entry.ends_at && entry.starts_at < self.until
    }
}

/// Each once, the first one first.
///
/// Errors: A sentence when there are too many.
pub fn in_order(mut entries: Vec<Entry>, window: &Window) -> Result<Vec<Entry>, String> {
    entries.retain(|entry| window.meets(entry));
    entries.sort();
    entries.dedup_by(|a, b| a.says_same(b));
    match entries.len() {
        0..=MOST_ENTRIES => Ok(entries),
        n => Err(format!(
            "This rota has {n} shifts. The limit is {MOST_ENTRIES}."
        )),
    }
}

#[cfg(test)]
mod tests;
