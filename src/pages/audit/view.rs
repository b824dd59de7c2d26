//! Entries of the audit log as people read them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::model::Area;
use crate::domain::audit::object::Object;
use crate::domain::audit::store::Row;
use crate::domain::people::model::Person;
use crate::domain::people::{Actor, Names};
use crate::domain::postmortem::store::search;
use crate::domain::standard::store as standards;
use crate::error::Result;
use crate::pages::audit::sentence::{Part, Subjects, sentence};
use crate::time::LocalTime;

/// Letters of a detail that the list shows; the page of the entry shows all.
const SHORT: usize = 300;

/// Everybody and everything some entries name, looked up at once.
pub(super) struct Named {
    people: Names,
    areas: HashMap<i64, (String, String)>,
    versions: HashMap<i64, (i64, i32)>,
    /// Post-mortems that the viewer may read.
    postmortems: HashSet<i64>,
}

impl Named {
    pub(super) fn look_up(
        c: &mut Conn,
        rows: &[Row],
        areas: &[Area],
        viewer: &Actor,
    ) -> Result<Self> {
        let (mut of_people, mut of_standards) = (HashSet::new(), HashSet::new());
        let mut of_postmortems = HashSet::new();
        for row in rows {
            of_people.extend(row.actor_id.iter().chain(&row.person_id));
            match Object::parse(&row.object) {
                Object::Person(id) => _ = of_people.insert(id),
                Object::Standard(id) => _ = of_standards.insert(id),
                Object::Postmortem(id) => _ = of_postmortems.insert(id),
                _ => {}
            }
            if let Value::Object(fields) = details(row) {
                let people = fields.iter().filter(|(key, _)| is_person(&row.action, key));
                of_people.extend(people.filter_map(|(_, id)| id.as_i64()));
            }
        }
        let ids = |set: HashSet<i64>| set.into_iter().collect::<Vec<_>>();
        let people = Names::load(c, of_people)?;
        let versions = if of_standards.is_empty() {
            HashMap::new()
        } else {
            standards::versions(c, &ids(of_standards))?
        };
        let postmortems = if of_postmortems.is_empty() {
            HashSet::new()
        } else {
            let reader = search::reader(c, viewer)?;
            search::readable(c, &ids(of_postmortems), &reader)?
        };
        Ok(Self {
            postmortems,
            people,
            areas: areas
                .iter()
                .map(|a| (a.id, (a.name.clone(), a.slug.clone())))
                .collect(),
            versions,
        })
    }

    pub(super) fn person(&self, id: Option<i64>) -> Option<&Person> {
        self.people.get(id?)
    }

    /// Name, and name in URLs.
    pub(super) fn area(&self, id: Option<i64>) -> Option<&(String, String)> {
        self.areas.get(&id?)
    }

    /// The entry's sentence. Who acted is called what they were called then.
    pub(super) fn sentence(&self, row: &Row) -> Vec<Part> {
        let linked = |text: &str, person: Option<&Person>| match person {
            Some(p) => Part::link(text, person_page(p)),
            None => Part::text(text),
        };
        let person = self.person(row.person_id);
        let subjects = Subjects {
            actor: linked(&row.actor_name, self.person(row.actor_id)),
            person: person.map(|p| linked(&p.name, Some(p))),
            is_own: row.actor_id.is_some() && row.actor_id == row.person_id,
            area: self
                .area(row.area_id)
                .map(|(name, slug)| Part::link(name, area_page(slug))),
        };
        sentence(&row.action, &details(row), &subjects)
    }

    /// What the entry is about, with the way there; words alone where there is no page, or not for the viewer.
    fn object(&self, row: &Row) -> Part {
        let object = Object::parse(&row.object);
        if let Some((word, href)) = object.by_number() {
            return match object {
                Object::Postmortem(id) if !self.postmortems.contains(&id) => Part::text(word),
                _ => Part::link(word, href),
            };
        }
        let known = match object {
            Object::Person(id) => self
                .person(Some(id))
                .map(|p| Part::link("Person", person_page(p))),
            Object::OnArea(_) => self
                .area(row.area_id)
                .map(|(_, slug)| Part::link("Area", area_page(slug))),
            Object::Area(id) => self
                .area(Some(id))
                .map(|(_, slug)| Part::link("Area", area_page(slug))),
            Object::Standard(id) => self.versions.get(&id).and_then(|(area, version)| {
                let (_, slug) = self.area(Some(*area))?;
                let href = format!("{}/standard/v/{version}", area_page(slug));
                Some(Part::link("Standard", href))
            }),
            _ => None,
        };
        known.unwrap_or_else(|| Part::text(row.object.replace([':', '_'], " ")))
    }
}

fn person_page(person: &Person) -> String {
    format!("/people/{}", person.handle)
}

fn area_page(slug: &str) -> String {
    format!("/areas/{slug}")
}

/// What the entry holds beside its sentence.
pub(super) fn details(row: &Row) -> Value {
    serde_json::from_str(&row.details).unwrap_or(Value::Null)
}

/// One entry, ready to be shown.
pub(super) struct Line {
    pub(super) seq: i64,
    pub(super) iso: String,
    pub(super) clock: String,
    pub(super) sentence: Vec<Part>,
    pub(super) address: String,
    pub(super) request_id: String,
    pub(super) object: Part,
    pub(super) details: Vec<(String, String)>,
}

/// One entry; its details cut short for a list.
pub(super) fn line(row: &Row, named: &Named, local: &LocalTime, is_short: bool) -> Line {
    Line {
        seq: row.seq,
        iso: row.at.iso(),
        clock: local.clock(row.at),
        sentence: named.sentence(row),
        address: row.address.clone(),
        request_id: row.request_id.clone(),
        object: named.object(row),
        details: details_in_words(row, named, is_short),
    }
}

/// The entries of one day.
pub(super) struct OnDay {
    pub(super) heading: String,
    pub(super) iso: String,
    pub(super) lines: Vec<Line>,
}

/// Entries under the days of the reader's time zone.
pub(super) fn by_day(rows: &[Row], named: &Named, local: &LocalTime) -> Vec<OnDay> {
    let same_day = |a: &Row, b: &Row| local.local_day(a.at) == local.local_day(b.at);
    rows.chunk_by(same_day)
        .map(|of_day| {
            let day = of_day.first().map(|row| local.local_day(row.at));
            OnDay {
                heading: day.map(|d| local.heading(d)).unwrap_or_default(),
                iso: day.as_ref().map(Day::to_string).unwrap_or_default(),
                lines: of_day
                    .iter()
                    .map(|row| line(row, named, local, true))
                    .collect(),
            }
        })
        .collect()
}

/// Whether the number under that name is a person's.
fn is_person(action: &str, key: &str) -> bool {
    match key {
        "primary" | "secondary" | "mentor" | "first_key_by" => true,
        "from" | "to" => matches!(action, "ramp.handed_over" | "ramp.mentor_added"),
        _ => false,
    }
}

fn details_in_words(row: &Row, named: &Named, is_short: bool) -> Vec<(String, String)> {
    let Value::Object(fields) = details(row) else {
        return Vec::new();
    };
    fields
        .iter()
        .filter_map(|(key, value)| {
            let person = is_person(&row.action, key)
                .then(|| named.person(value.as_i64()))
                .flatten();
            let text = match (person, value) {
                (Some(person), _) => person.name.clone(),
                (None, Value::Null) => return None,
                (None, Value::String(text)) => text.clone(),
                (None, Value::Bool(yes)) => if *yes { "yes" } else { "no" }.into(),
                (None, other) => serde_json::to_string_pretty(other).ok()?,
            };
            Some((label(key), if is_short { cut(&text) } else { text }))
        })
        .collect()
}

/// `starts_on` as people read it: `Starts on`.
fn label(key: &str) -> String {
    let mut letters = key.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    let rest = letters.map(|c| if c == '_' { ' ' } else { c });
    first.into_iter().chain(rest).collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHORT) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
