//! Grafana IRM and OnCall: `GET /api/v1/schedules/{id}/final_shifts`.

use serde::Deserialize;

use super::{Adapter, Request, authorized, has_more, json, moment, with_query};
use crate::domain::rota::{Duty, Entry, Window};

pub(super) struct Grafana;

#[derive(Deserialize)]
struct Answer {
    results: Vec<Shift>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Shift {
    shift_start: String,
    shift_end: String,
    #[serde(default)]
    user_email: String,
    #[serde(default)]
    user_username: String,
}

impl Adapter for Grafana {
    fn parse(&self, raw: &[u8], _: &Window) -> Result<Vec<Entry>, String> {
        let answer: Answer = json(raw, "Grafana")?;
        if answer.next.is_some() {
            return Err(has_more("Grafana"));
        }
        let mut entries = Vec::new();
        for shift in &answer.results {
            let when = (moment(&shift.shift_start)?, moment(&shift.shift_end)?);
            let who = (shift.user_username.as_str(), shift.user_email.as_str());
            entries.extend(Entry::new(when, who, Duty::Primary));
        }
        Ok(entries)
    }

    fn request(&self, address: &str, token: &str, window: &Window) -> Request {
        let (from, until) = (
            window.from.day().to_string(),
            window.until.day().to_string(),
        );
        let asked = [
            ("start_date", from.as_str()),
            ("end_date", &until),
            ("perpage", "100"),
        ];
        Request {
            address: with_query(address, &asked),
            headers: authorized("", token),
        }
    }
}
