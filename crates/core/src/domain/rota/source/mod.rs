//! Where a rota comes from: one adapter for each tool, behind one trait.

mod calendar;
mod csv;
mod grafana;
mod incident;
mod pagerduty;
mod rootly;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Entry, MOST_BYTES, Window, in_order};
use crate::db::types::UtcTime;
use crate::text_enum;

text_enum! {
    /// What a rota is written in.
    pub enum Source {
        Calendar = "icalendar" / "Calendar (iCalendar, .ics)",
        Csv = "csv" / "Table (CSV)",
        PagerDuty = "pagerduty" / "PagerDuty",
        IncidentIo = "incident_io" / "incident.io",
        Rootly = "rootly" / "Rootly",
        Grafana = "grafana" / "Grafana IRM",
    }
}

/// A request for a rota.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub address: String,
    pub headers: Vec<(&'static str, String)>,
}

/// Reads one shape of rotas.
pub trait Adapter {
    /// The shifts, in any order; also some outside the window.
    ///
    /// Errors: A sentence for the person who named it.
    fn parse(&self, raw: &[u8], window: &Window) -> Result<Vec<Entry>, String>;

    /// How a rota is asked for; `token` may be empty.
    fn request(&self, address: &str, token: &str, window: &Window) -> Request;
}

impl Source {
    fn adapter(self) -> &'static dyn Adapter {
        match self {
            Self::Calendar => &calendar::Calendar,
            Self::Csv => &csv::Csv,
            Self::PagerDuty => &pagerduty::PagerDuty,
            Self::IncidentIo => &incident::IncidentIo,
            Self::Rootly => &rootly::Rootly,
            Self::Grafana => &grafana::Grafana,
        }
    }

    /// What a file is, by its shape.
    pub fn of(raw: &[u8]) -> Self {
        let plain = raw
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(raw)
            .trim_ascii();
        match plain.first() {
            Some(b'{') => Self::of_json(plain),
            _ if plain
                .get(..15)
                .is_some_and(|head| head.eq_ignore_ascii_case(b"BEGIN:VCALENDAR")) =>
            {
                Self::Calendar
            }
            _ => Self::Csv,
        }
    }

    fn of_json(plain: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Shape {
            schedule_entries: Option<serde::de::IgnoredAny>,
            data: Option<serde::de::IgnoredAny>,
            results: Option<serde::de::IgnoredAny>,
        }
        match serde_json::from_slice(plain) {
            Ok(Shape {
                schedule_entries: Some(_),
                ..
            }) => Self::IncidentIo,
            Ok(Shape { data: Some(_), .. }) => Self::Rootly,
            Ok(Shape {
                results: Some(_), ..
            }) => Self::Grafana,
            _ => Self::PagerDuty,
        }
    }

    /// The shifts of a rota in the window, each once, the first one first.
    ///
    /// Errors: A sentence for the person who named it.
    pub fn read(self, raw: &[u8], window: &Window) -> Result<Vec<Entry>, String> {
        if raw.len() > MOST_BYTES {
            return Err("This rota is too large: the limit is 5 MiB.".into());
        }
        in_order(self.adapter().parse(raw, window)?, window)
    }

    pub fn request(self, address: &str, token: &str, window: &Window) -> Request {
        self.adapter().request(address, token, window)
    }
}

fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let Ok(mut url) = url::Url::parse(address) else {
        return address.to_owned();
    };
    // What was typed stays, but for what is asked anew.
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| pairs.iter().all(|(own, _)| own != name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .extend_pairs(pairs);
    url.into()
}

/// The header that carries a token, where there is one.
fn authorized(kind: &str, token: &str) -> Vec<(&'static str, String)> {
    match token {
        "" => Vec::new(),
        token => vec![("authorization", format!("{kind}{token}"))],
    }
}

fn json<T: DeserializeOwned>(raw: &[u8], tool: &str) -> Result<T, String> {
    serde_json::from_slice(raw).map_err(|_| format!("This is no rota of {tool}."))
}

/// A moment as the tools write it, with its distance from UTC.
fn moment(written: &str) -> Result<UtcTime, String> {
    let parsed = written.trim().parse::<jiff::Timestamp>();
    let shown: String = written.chars().take(40).collect();
    parsed
        .map(UtcTime::from)
        .map_err(|_| format!("A shift has a time that cannot be read: {shown}."))
}

/// What is not answered at once is not read: half a rota would hide shifts.
fn has_more(tool: &str) -> String {
    format!("{tool} answers with more than one page. Use the calendar address of this rota.")
}

#[cfg(test)]
mod tests;
