//! Rootly: `GET /v1/schedules/{id}/shifts` (JSON:API). Some answers have the person in the shift, some beside it.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Adapter, Request, authorized, has_more, json, moment, with_query};
use crate::domain::rota::{Duty, Entry, Window};

pub(super) struct Rootly;

#[derive(Deserialize)]
struct Answer {
    data: Vec<Shift>,
    #[serde(default)]
    included: Vec<Thing>,
    #[serde(default)]
    links: Links,
}

#[derive(Deserialize, Default)]
struct Links {
    next: Option<String>,
}

#[derive(Deserialize)]
struct Shift {
    #[serde(default)]
    id: Value,
    attributes: Attributes,
    #[serde(default)]
    relationships: Relationships,
}

#[derive(Deserialize)]
struct Attributes {
    starts_at: String,
    ends_at: String,
    is_shadow: Option<bool>,
    user_id: Option<i64>,
    user: Option<One>,
}

#[derive(Deserialize, Default)]
struct Relationships {
    user: Option<One>,
}

#[derive(Deserialize)]
struct One {
    data: Option<Thing>,
}

#[derive(Deserialize)]
struct Thing {
    id: Value,
    r#type: String,
    #[serde(default)]
    attributes: User,
}

#[derive(Deserialize, Default, Clone)]
struct User {
    full_name: Option<String>,
    name: Option<String>,
    email: Option<String>,
}

/// Numbers are written with and without quotation marks.
fn id(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

impl Adapter for Rootly {
    fn parse(&self, raw: &[u8], _: &Window) -> Result<Vec<Entry>, String> {
        let answer: Answer = json(raw, "Rootly")?;
        if answer.links.next.is_some() {
            return Err(has_more("Rootly"));
        }
        let users = answer.included.iter().filter(|t| t.r#type == "users");
        let users: HashMap<String, &User> = users.map(|t| (id(&t.id), &t.attributes)).collect();
        let mut entries = Vec::new();
        for Shift {
            id: shift_id,
            attributes,
            relationships,
        } in &answer.data
        {
            let inside = attributes.user.as_ref().and_then(|one| one.data.as_ref());
            let beside = relationships
                .user
                .as_ref()
                .and_then(|one| one.data.as_ref());
            let number = inside.or(beside).map(|thing| id(&thing.id));
            let number = number.or_else(|| attributes.user_id.map(|id| id.to_string()));
            let user = match inside {
                Some(thing) => Some(&thing.attributes),
                None => number.as_ref().and_then(|id| users.get(id)).copied(),
            };
            let name = user.and_then(|u| u.full_name.as_deref().or(u.name.as_deref()));
            let email = user.and_then(|u| u.email.as_deref()).unwrap_or_default();
            // Without a name a lead says once who the number is.
            let unnamed = number
                .map(|id| format!("Rootly user {id}"))
                .unwrap_or_default();
            let name = match (name, email) {
                (Some(name), _) => name,
                (None, "") => &unnamed,
                (None, _) => "",
            };
            let duty = match attributes.is_shadow {
                Some(true) => Duty::Shadow,
                _ => Duty::Primary,
            };
            let when = (moment(&attributes.starts_at)?, moment(&attributes.ends_at)?);
            let entry = Entry::new(when, (name, email), duty);
            entries.extend(entry.map(|entry| entry.known_as(&id(shift_id))));
        }
        Ok(entries)
    }

    fn request(&self, address: &str, token: &str, window: &Window) -> Request {
        let (from, until) = (window.from.iso(), window.until.iso());
        let asked = [("from", from.as_str()), ("to", &until), ("include", "user")];
        let mut headers = authorized("Bearer ", token);
        headers.push(("accept", "application/vnd.api+json".into()));
        Request {
            address: with_query(address, &asked),
            headers,
        }
    }
}
