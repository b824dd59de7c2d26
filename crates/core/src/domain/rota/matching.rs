//! Who the people of a rota are: by mail, by what a lead said, or by name. Never by a name that two have.

use std::collections::{BTreeSet, HashMap};

use super::Entry;
use crate::domain::people::model::Person;
use crate::text;
use crate::text::email::email_key;

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

/// The names that a title may hold, the whole of it last: `On call: Ada King (primary)` holds `Ada King`.
pub fn names_in(title: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let marks = [
        ':', '(', ')', '[', ']', '|', ',', ';', '/', '–', '—', '<', '>',
    ];
    let parts = title.split(marks).flat_map(|part| part.split(" - "));
    for part in parts {
        let words: Vec<&str> = part.split_whitespace().collect();
        let is_name = |word: &&str| {
            let word = word.to_lowercase();
            let level = word
                .strip_prefix('l')
                .is_some_and(|n| n.parse::<u8>().is_ok());
            !OF_THE_TRADE.contains(&word.as_str()) && !level
        };
        let left: Vec<&str> = words.iter().copied().filter(is_name).collect();
        if !left.is_empty() {
            names.push(left.join(" "));
        }
    }
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
        names.extend(names_in(&entry.name).iter().map(|name| text::key(name)));
    }
    (emails, names)
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
        people: impl Iterator<Item = &'a Person>,
        said: impl IntoIterator<Item = (String, i64)>,
    ) -> Self {
        let mut known = Self {
            said: said.into_iter().collect(),
            ..Self::default()
        };
        let (here, left): (Vec<_>, Vec<_>) = people.partition(|p| p.deactivated_at.is_none());
        for person in here.iter().chain(&left) {
            known.by_email.insert(email_key(&person.email), person.id);
        }
        for person in here {
            let name = known.by_name.entry(text::key(&person.name));
            name.and_modify(|one| *one = None)
                .or_insert(Some(person.id));
        }
        for person in left {
            let name = known.by_name.entry(text::key(&person.name));
            name.or_insert(Some(person.id));
        }
        known
    }

    pub fn who(&self, entry: &Entry) -> Option<i64> {
        let by_email = self.by_email.get(&email_key(&entry.email)).copied();
        let said = || self.said.get(&key_of(entry)).copied();
        let by_name = || {
            let names = names_in(&entry.name);
            names
                .iter()
                .find_map(|name| *self.by_name.get(&text::key(name))?)
        };
        by_email.or_else(said).or_else(by_name)
    }
}
