//! The people that a page names.

use std::collections::HashMap;

use super::model::Person;
use super::store;
use crate::db::Conn;
use crate::error::Result;

#[derive(Debug, Clone, Default)]
pub struct Names(HashMap<i64, Person>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonRef<'a> {
    pub name: &'a str,
    pub handle: &'a str,
    /// IANA name of their time zone.
    pub zone: &'a str,
}

impl Names {
    /// Loads them with one query; with none when `ids` is empty.
    pub fn load(c: &mut Conn, ids: impl IntoIterator<Item = i64>) -> Result<Self> {
        let mut ids: Vec<i64> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        Ok(store::by_ids(c, &ids)?.into_iter().collect())
    }

    pub fn get(&self, id: i64) -> Option<&Person> {
        self.0.get(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.0.values()
    }

    pub fn name(&self, id: i64) -> &str {
        self.person(id).name
    }

    pub fn person(&self, id: i64) -> PersonRef<'_> {
        self.get(id).map_or(
            PersonRef {
                name: "someone",
                handle: "",
                zone: "UTC",
            },
            |p| PersonRef {
                name: &p.name,
                handle: &p.handle,
                zone: &p.time_zone,
            },
        )
    }

    /// Known, and has not left.
    pub fn is_active(&self, id: i64) -> bool {
        self.get(id).is_some_and(|p| p.deactivated_at.is_none())
    }
}

impl FromIterator<Person> for Names {
    fn from_iter<I: IntoIterator<Item = Person>>(people: I) -> Self {
        Self(people.into_iter().map(|p| (p.id, p)).collect())
    }
}
