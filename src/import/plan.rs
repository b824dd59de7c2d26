//! The differences between the files and the database, as a list of changes. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::change::{Change, Place};
use super::doubts::Doubts;
use super::existing::{Existing, ExistingArea};
use super::{AreaEntry, Options, Organisation, PersonEntry, library};
use crate::domain::people::{Email, Name};
use crate::domain::standard::{Competency, Content, Item, Standard, StandardState};
use crate::text;

/// Every change that makes the database say what the files say, in an order that works.
pub fn diff(organisation: &Organisation, existing: &Existing, options: Options) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut teams = BTreeSet::new();
    let of_people = organisation.people.iter().flat_map(|p| &p.teams);
    let named = of_people.map(|(team, _)| team).chain(&organisation.teams);
    for team in named {
        if !existing.teams.contains_key(&team.key()) && teams.insert(team.key()) {
            changes.push(Change::AddTeam(team.clone()));
        }
    }
    let mut nobody_yet = existing.people.is_empty();
    for entry in &organisation.people {
        diff_person(entry, existing, nobody_yet, &mut changes);
        nobody_yet = false;
    }
    for entry in &organisation.areas {
        diff_area(
            entry,
            existing.areas.get(&entry.slug),
            options,
            &mut changes,
        );
    }
    let postmortems = organisation.postmortems.iter();
    changes.extend(postmortems.filter_map(|entry| library::change(entry, existing)));
    changes
}

/// What may not be meant, and what stays although a file says something else, a line each.
pub fn notes(organisation: &Organisation, existing: &Existing) -> Vec<String> {
    let mut notes = Doubts::of(&organisation.people, existing).notes();
    let postmortems = organisation.postmortems.iter();
    notes.extend(postmortems.flat_map(|entry| library::notes(entry, existing)));
    notes
}

fn diff_person(
    entry: &PersonEntry,
    existing: &Existing,
    is_first: bool,
    changes: &mut Vec<Change>,
) {
    let email = &entry.person.email;
    let known = existing.people.get(&email.key());
    match known {
        None => changes.push(Change::AddPerson {
            person: entry.person.clone(),
            administrator: is_first,
        }),
        Some(known) if known.name != entry.person.name.as_str() => {
            changes.push(Change::RenamePerson {
                email: email.clone(),
                from: known.name.clone(),
                to: entry.person.name.clone(),
            })
        }
        // A person who is already here chooses their own time zone.
        Some(_) => {}
    }
    let place = |lead: bool| if lead { Place::Lead } else { Place::Member };
    let mut move_to = |team: &Name, from: Place, to: Place| {
        if from != to {
            changes.push(Change::MovePerson {
                email: email.clone(),
                team: team.clone(),
                from,
                to,
            });
        }
    };
    for (team, lead) in &entry.teams {
        let from = known
            .and_then(|k| k.teams.get(&team.key()))
            .map_or(Place::Outside, |lead| place(*lead));
        move_to(team, from, place(*lead));
    }
    for (key, lead) in known.iter().flat_map(|k| &k.teams) {
        let stays = entry.teams.iter().any(|(team, _)| team.key() == *key);
        // Every team in the database has a name that parses; one that does not is ignored.
        if let Some(Ok(team)) = existing
            .teams
            .get(key)
            .filter(|_| !stays)
            .map(|t| Name::parse(&t.name))
        {
            move_to(&team, place(*lead), Place::Outside);
        }
    }
}

fn diff_area(
    entry: &AreaEntry,
    known: Option<&ExistingArea>,
    options: Options,
    changes: &mut Vec<Change>,
) {
    let (slug, fields) = (entry.slug.clone(), entry.fields.clone());
    let (owner_team, systems) = (entry.owner_team.clone(), entry.systems.clone());
    match known.map(|known| differences(entry, known)) {
        None => changes.push(Change::AddArea {
            slug,
            fields,
            owner_team,
            systems,
        }),
        Some(what) if !what.is_empty() => {
            changes.push(Change::ChangeArea {
                slug,
                fields,
                owner_team,
                systems,
                what,
            });
        }
        Some(_) => {}
    }
    diff_standard(entry, known.map_or(&[], |k| &k.standards), options, changes);
    let was = |email: &Email| known.is_some_and(|k| k.qualifiers.contains(&email.key()));
    for email in entry.qualifiers.iter().filter(|email| !was(email)) {
        changes.push(Change::Designate {
            slug: entry.slug.clone(),
            email: email.clone(),
        });
    }
    let wanted: HashSet<String> = entry.qualifiers.iter().map(Email::key).collect();
    for email_key in known.iter().flat_map(|k| &k.qualifiers) {
        if !wanted.contains(email_key) {
            changes.push(Change::EndDesignation {
                slug: entry.slug.clone(),
                email_key: email_key.clone(),
            });
        }
    }
    for (email, until) in &entry.cleared {
        if !known.is_some_and(|k| k.ever_cleared.contains(&email.key())) {
            changes.push(Change::TakeOverClearance {
                slug: entry.slug.clone(),
                email: email.clone(),
                until: *until,
            });
        }
    }
}

/// Where an area differs, in words.
fn differences(entry: &AreaEntry, known: &ExistingArea) -> Vec<String> {
    let (is, was) = (&entry.fields, &known.fields);
    let mut what = Vec::new();
    if is.name != was.name {
        what.push(format!("name “{}” becomes “{}”", was.name, is.name));
    }
    if is.summary != was.summary {
        what.push("summary".into());
    }
    if entry.owner_team.key() != text::key(&known.owner_team) {
        what.push(format!(
            "owner {} becomes {}",
            known.owner_team,
            entry.owner_team.as_str()
        ));
    }
    for (field, was, is) in [
        ("tier", was.tier, is.tier),
        ("minimum cover", was.minimum_cover, is.minimum_cover),
        ("target weeks", was.target_weeks, is.target_weeks),
    ] {
        if was != is {
            what.push(format!("{field} {was} becomes {is}"));
        }
    }
    if is.labels != was.labels {
        what.push("labels".into());
    }
    for (field, was, is) in [
        ("validity", was.validity().words(), is.validity().words()),
        ("practice", was.rule().words(), is.rule().words()),
    ] {
        if was != is {
            what.push(format!("{field} “{was}” becomes “{is}”"));
        }
    }
    if entry.systems != known.systems {
        what.push("systems and links".into());
    }
    what
}

/// Published versions never change: what differs becomes a draft.
fn diff_standard(
    entry: &AreaEntry,
    versions: &[Standard],
    options: Options,
    changes: &mut Vec<Change>,
) {
    let Some(content) = entry.standard.clone() else {
        return;
    };
    let in_state = |state| versions.iter().find(|s| s.state == state);
    let (slug, note) = (entry.slug.clone(), entry.note.clone());
    let Some(newest) = versions.iter().map(|s| s.version).max() else {
        changes.push(Change::PublishFirst {
            slug,
            note,
            content,
        });
        return;
    };
    let published = in_state(StandardState::Published);
    if published.is_some_and(|p| *p.content == content) {
        // Someone works on a draft with another origin; the files do not touch it.
        return;
    }
    let draft = in_state(StandardState::Draft);
    let version = draft.map_or(newest.saturating_add(1), |d| d.version);
    if draft.is_none_or(|d| *d.content != content || d.note != note) {
        let what = content_difference(published.map(|p| &*p.content), &content);
        let rewrites = draft.map(|d| d.id);
        changes.push(Change::Draft {
            slug: slug.clone(),
            version,
            rewrites,
            note,
            content,
            what,
        });
    }
    if options.publish {
        changes.push(Change::PublishDraft { slug, version });
    }
}

/// The lines of a standard by code.
struct Lines<'a> {
    competencies: HashMap<&'a str, &'a Competency>,
    items: HashMap<&'a str, &'a Item>,
}

impl<'a> Lines<'a> {
    fn of(content: &'a Content) -> Self {
        let competencies = content.competencies.iter().map(|c| (c.code.as_str(), c));
        let items = content.items.iter().map(|i| (i.code.as_str(), i));
        Self {
            competencies: competencies.collect(),
            items: items.collect(),
        }
    }

    fn line(&self, code: &str) -> (Option<&'a Competency>, Option<&'a Item>) {
        let item = self.items.get(code).copied();
        (self.competencies.get(code).copied(), item)
    }

    fn knows(&self, code: &str) -> bool {
        self.line(code) != (None, None)
    }
}

/// `adds PAY-A3; changes PAY-I2; gates`
fn content_difference(before: Option<&Content>, after: &Content) -> String {
    let none = Content::default();
    let before = before.unwrap_or(&none);
    let (old, new) = (Lines::of(before), Lines::of(after));
    let (common, added): (Vec<&str>, Vec<&str>) = after.codes().partition(|code| old.knows(code));
    let removed: Vec<&str> = before.codes().filter(|code| !new.knows(code)).collect();
    let changed: Vec<&str> = common
        .into_iter()
        .filter(|code| old.line(code) != new.line(code))
        .collect();
    let mut parts = Vec::new();
    for (verb, codes) in [("adds", &added), ("drops", &removed), ("changes", &changed)] {
        if !codes.is_empty() {
            parts.push(format!("{verb} {}", codes.join(", ")));
        }
    }
    if before.gates != after.gates {
        parts.push("changes the gates".into());
    }
    if parts.is_empty() {
        parts.push("changes the order".into());
    }
    parts.join("; ")
}
