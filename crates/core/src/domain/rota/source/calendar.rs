//! Rotas as calendars: PagerDuty, Opsgenie, Grafana and Google Calendar export them. Who is on call is invited, or named in
//! the title.

use super::{Adapter, Request, authorized};
use crate::domain::calendar::Party;
use crate::domain::calendar::read::{self, Occurrence};
use crate::domain::rota::matching::names_in;
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

/// One for each who is invited; without any, for those in the title, or who made the event.
fn entries(occurrence: &Occurrence) -> Vec<Entry> {
    let duty = Duty::in_words(&occurrence.summary);
    let when = (occurrence.span.from, occurrence.span.to);
    let invited: Vec<(&str, &str)> = pairs(&occurrence.attendees).collect();
    let named = names_in(&occurrence.summary);
    let mut own: Vec<&String> = named.iter().collect();
    own.retain(|name| **name != occurrence.summary.trim() || is_address(name));
    let are_addresses = !own.is_empty() && own.iter().all(|name| is_address(name));
    let who: Vec<(&str, &str)> = if !invited.is_empty() {
        invited
    } else if are_addresses {
        own.iter().map(|word| ("", word.as_str())).collect()
    } else if !named.is_empty() {
        vec![(occurrence.summary.as_str(), "")]
    } else if let Some(made) = &occurrence.organiser {
        pairs(std::slice::from_ref(made)).collect()
    } else {
        vec![("", "")]
    };
    let uid = match occurrence.instance.as_str() {
        "" => occurrence.uid.clone(),
        instance => format!("{} {instance}", occurrence.uid),
    };
    who.into_iter()
        .filter_map(|who| Some(Entry::new(when, who, duty)?.known_as(&uid)))
        .collect()
}

fn pairs(parties: &[Party]) -> impl Iterator<Item = (&str, &str)> {
    parties.iter().map(|p| (p.name.as_str(), p.email.as_str()))
}
