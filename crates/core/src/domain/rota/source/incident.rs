//! incident.io: `GET /v2/schedule_entries`. The final entries have the overrides in them.

use serde::Deserialize;

use super::{Adapter, Request, authorized, has_more, json, moment, with_query};
use crate::domain::rota::{Duty, Entry, Window};

pub(super) struct IncidentIo;

#[derive(Deserialize)]
struct Answer {
    schedule_entries: Lists,
    pagination_meta: Option<Paging>,
}

#[derive(Deserialize)]
struct Lists {
    r#final: Vec<Shift>,
}

#[derive(Deserialize)]
struct Paging {
    after: Option<String>,
}

#[derive(Deserialize)]
struct Shift {
    start_at: String,
    end_at: String,
    #[serde(default)]
    entry_id: String,
    #[serde(default)]
    layer_id: String,
    #[serde(default)]
    rotation_id: String,
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

impl Adapter for IncidentIo {
    fn parse(&self, raw: &[u8], window: &Window) -> Result<Vec<Entry>, String> {
        let answer: Answer = json(raw, "incident.io")?;
        let mut entries = Vec::new();
        let mut last = None;
        for shift in &answer.schedule_entries.r#final {
            let when = (moment(&shift.start_at)?, moment(&shift.end_at)?);
            last = last.max(Some(when.1));
            let duty = Duty::in_words(&format!("{} {}", shift.rotation_id, shift.layer_id));
            let user = shift.user.as_ref();
            let who = user.map_or(("", ""), |u| (u.name.as_str(), u.email.as_str()));
            let entry = Entry::new(when, who, duty);
            entries.extend(entry.map(|entry| entry.known_as(&shift.entry_id)));
        }
        // The next page of a whole window is about later days.
        let more = answer.pagination_meta.and_then(|m| m.after);
        match more.is_some_and(|after| !after.is_empty()) && last < Some(window.until) {
            true => Err(has_more("incident.io")),
            false => Ok(entries),
        }
    }

    fn request(&self, address: &str, token: &str, window: &Window) -> Request {
        let (from, until) = (window.from.iso(), window.until.iso());
        let asked = [
            ("entry_window_start", from.as_str()),
            ("entry_window_end", &until),
        ];
        Request {
            address: with_query(address, &asked),
            headers: authorized("Bearer ", token),
        }
    }
}
