//! Who the people of a rota are: by mail, by what a lead said, or by name. Never by a name that two have.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::Entry;
use super::finding::Shift;
use crate::db::schema::people;
use crate::db::types::UtcTime;
use crate::text;
use crate::text::email::{email_key, is_address};

/// Words of a title that name nobody.
const OF_THE_TRADE: [&str; 17] = [
    "on",
    "call",
    "oncall",
    "on-call",
    "primary",
    "secondary",
    "shadow",
    "backup",
    "back-up",
    "rota",
    "rotation",
    "shift",
    "shifts",
    "duty",
    "pager",
    "schedule",
    "is",
];

/// Marks between a name and what else a title says.
const AROUND: [char; 10] = [':', '(', ')', '[', ']', '|', '–', '—', '<', '>'];
/// Marks between two names.
const BETWEEN: [char; 5] = [',', ';', '/', '&', '+'];

/// The names that a title may hold, those that stand together in one list: `Pay: Ada King, Bo Li (primary)` holds one
/// list of `Pay`, and one of the two.
fn lists_in(title: &str) -> Vec<Vec<String>> {
    let parts = title.split(AROUND).flat_map(|part| part.split(" - "));
    let lists = parts.map(|part| {
        let names = part.split(BETWEEN).flat_map(|name| name.split(" and "));
        let names = names.filter_map(|name| {
            let words = name.split_whitespace().filter(|word| is_of_name(word));
            let words: Vec<&str> = words.collect();
            (!words.is_empty()).then(|| words.join(" "))
        });
        names.collect::<Vec<String>>()
    });
    lists.filter(|list| !list.is_empty()).collect()
}

fn is_of_name(word: &str) -> bool {
    let word = word.to_lowercase();
    let level = word
        .strip_prefix('l')
        .is_some_and(|n| n.parse::<u8>().is_ok());
    !OF_THE_TRADE.contains(&word.as_str()) && !level
}

/// The names that a title may hold, the whole of it last: `On call: Ada King (primary)` holds `Ada King`.
pub fn names_in(title: &str) -> Vec<String> {
    let mut names: Vec<String> = lists_in(title).into_iter().flatten().collect();
    let whole = title.trim();
    if !names.is_empty() && names.iter().all(|name| name != whole) {
        names.push(whole.to_owned());
    }
    names
}

/// What tells one name of a rota from another: its key, or that of the address.
pub fn key_of(entry: &Entry) -> String {
    match entry.name.as_str() {
        "" => email_key(&entry.email),
        name => text::key(name),
    }
}

/// What to look for among the people: keys of addresses, and keys of names.
pub fn sought<'a>(
    entries: impl Iterator<Item = &'a Entry>,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut emails, mut names) = (BTreeSet::new(), BTreeSet::new());
    for entry in entries {
        if !entry.email.is_empty() {
            emails.insert(email_key(&entry.email));
        }
        for name in names_in(&entry.name) {
            match is_address(&name) {
                true => emails.insert(email_key(&name)),
                false => names.insert(text::key(&name)),
            };
        }
    }
    (emails, names)
}

/// Someone whom a rota may mean, by the keys of name and address; on a past day those of that day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = people)]
pub struct Candidate {
    pub id: i64,
    pub name_key: String,
    pub email_key: String,
    pub deactivated_at: Option<UtcTime>,
}

/// The people that a rota may mean.
#[derive(Debug, Clone, Default)]
pub struct Known {
    by_email: HashMap<String, i64>,
    /// `None` where two people have the name.
    by_name: HashMap<String, Option<i64>>,
    said: HashMap<String, i64>,
}

impl Known {
    /// `said` is what leads said: the key of a name, and who that is.
    pub fn new<'a>(
        people: impl Iterator<Item = &'a Candidate>,
        said: impl IntoIterator<Item = (String, i64)>,
    ) -> Self {
        let mut known = Self {
            said: said.into_iter().collect(),
            ..Self::default()
        };
        let (left, here): (Vec<_>, Vec<_>) = people.partition(|p| p.deactivated_at.is_some());
        for person in here.iter().chain(&left) {
            known.by_email.insert(person.email_key.clone(), person.id);
        }
        for person in here {
            let name = known.by_name.entry(person.name_key.clone());
            name.and_modify(|one| *one = None)
                .or_insert(Some(person.id));
        }
        for person in left {
            let name = known.by_name.entry(person.name_key.clone());
            name.or_insert(Some(person.id));
        }
        known
    }

    /// The shifts that an entry is, one for each person it names. A name that two people have is nobody's; so is a name
    /// that nobody has, in one list with a name that somebody has.
    pub fn shifts(&self, entry: Entry) -> Vec<Shift> {
        let by_email = self.by_email.get(&email_key(&entry.email)).copied();
        let said = || self.said.get(&key_of(&entry)).copied();
        let whole = || self.look(&entry.name).flatten();
        if let Some(id) = by_email.or_else(said).or_else(whole) {
            return vec![Shift {
                entry,
                person: Some(id),
            }];
        }
        let mut shifts: Vec<Shift> = Vec::new();
        for list in lists_in(&entry.name) {
            let looked: Vec<_> = list.iter().map(|name| self.look(name)).collect();
            if looked.iter().all(Option::is_none) {
                continue;
            }
            for (name, person) in list.into_iter().zip(looked) {
                let person = person.flatten();
                let mut entry = entry.clone();
                if person.is_none() {
                    entry.name = name;
                }
                shifts.push(Shift { entry, person });
            }
        }
        if shifts.is_empty() {
            shifts.push(Shift {
                entry,
                person: None,
            });
        }
        shifts
    }

    /// Who has a name or an address; `None` within where two have it.
    fn look(&self, name: &str) -> Option<Option<i64>> {
        let key = text::key(name);
        let said = self.said.get(&key).copied();
        let by_email = || match is_address(name) {
            true => self.by_email.get(&email_key(name)).copied(),
            false => None,
        };
        match said.or_else(by_email) {
            Some(id) => Some(Some(id)),
            None => self.by_name.get(&key).copied(),
        }
    }
}
