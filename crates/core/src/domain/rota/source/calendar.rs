//! Rotas as calendars: PagerDuty, Opsgenie, Grafana and Google Calendar export them. Who is on call is invited, or named in
//! the title.

use super::{Adapter, Request, authorized};
use crate::domain::calendar::read::{self, Occurrence};
use crate::domain::rota::{Duty, Entry, Window};
use crate::text::email::is_address;

pub(super) struct Calendar;

impl Adapter for Calendar {
    fn parse(&self, raw: &[u8], window: &Window) -> Result<Vec<Entry>, String> {
        let found = read::occurrences(raw, &window.zone, (window.from, window.until));
        let found = found.map_err(|refused| refused.sentence())?;
        Ok(found.iter().flat_map(entries).collect())
    }

    fn request(&self, address: &str, token: &str, _: &Window) -> Request {
        let mut headers = authorized("Bearer ", token);
        headers.push(("accept", "text/calendar".into()));
        Request {
            address: address.to_owned(),
            headers,
        }
    }
}

/// One for each who is invited; without any, the one in the title, or who made the event.
fn entries(occurrence: &Occurrence) -> Vec<Entry> {
    let duty = Duty::in_words(&occurrence.summary);
    let when = (occurrence.span.from, occurrence.span.to);
    let named = super::super::matching::names_in(&occurrence.summary);
    let invited = occurrence.attendees.iter();
    let who: Vec<(&str, &str)> = match (occurrence.attendees.is_empty(), named.first()) {
        (false, _) => invited
            .map(|p| (p.name.as_str(), p.email.as_str()))
            .collect(),
        (true, Some(word)) if is_address(word) => vec![("", word.as_str())],
        (true, Some(_)) => vec![(occurrence.summary.as_str(), "")],
        (true, None) => {
            let made = occurrence.organiser.iter();
            let made: Vec<_> = made.map(|p| (p.name.as_str(), p.email.as_str())).collect();
            match made.is_empty() {
                true => vec![("", "")],
                false => made,
            }
        }
    };
    who.into_iter()
        .filter_map(|who| Entry::new(when, who, duty))
        .collect()
}
