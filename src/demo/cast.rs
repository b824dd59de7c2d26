//! People and areas of the demo, by their names in the script.

use std::collections::HashMap;
use std::sync::Arc;

use crate::db::types::UtcTime;
use crate::db::{Conn, locks};
use crate::domain::area::model::Area;
use crate::domain::audit::Act;
use crate::domain::people::Actor;
use crate::domain::standard::Content;
use crate::domain::{area, people, standard};
use crate::error::{Error, Result};

/// People by the local part of their e-mail, areas by slug.
pub(super) struct Cast {
    people: HashMap<String, Actor>,
    areas: HashMap<String, (Area, Arc<Content>)>,
}

impl Cast {
    pub(super) fn load(c: &mut Conn) -> Result<Self> {
        let mut people = HashMap::new();
        for person in people::store::active(c)? {
            let local = person
                .email
                .split('@')
                .next()
                .unwrap_or_default()
                .to_owned();
            people.insert(local, people::store::actor(c, person)?);
        }
        let mut areas = HashMap::new();
        for area in area::store::all(c)? {
            let id =
                standard::store::published_id(c, area.id)?.ok_or(Error::NotFound("standard"))?;
            let content = standard::store::load_one(c, id)?.content;
            areas.insert(area.slug.clone(), (area, content));
        }
        Ok(Self { people, areas })
    }

    pub(super) fn actor(&self, name: &str) -> Result<&Actor> {
        self.people
            .get(name)
            .ok_or_else(|| Error::fault(format!("the demo has no person {name}")))
    }

    /// Everyone, sorted by name.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.people.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    pub(super) fn id(&self, name: &str) -> Result<i64> {
        self.actor(name)?.id.ok_or(Error::SignedOut)
    }

    pub(super) fn area(&self, slug: &str) -> Result<(&Area, &Content)> {
        self.areas
            .get(slug)
            .map(|(area, content)| (area, &**content))
            .ok_or_else(|| Error::fault(format!("the demo has no area {slug}")))
    }

    /// An act of that person at that time, from their own address.
    pub(super) fn act(&self, name: &str, at: UtcTime) -> Result<Act> {
        let actor = self.actor(name)?.clone();
        locks::begin();
        Ok(Act {
            actor,
            address: "127.0.0.1".into(),
            request_id: "demo".into(),
            ..Act::operator(at)
        })
    }
}
