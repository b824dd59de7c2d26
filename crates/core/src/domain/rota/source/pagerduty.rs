//! PagerDuty: the final schedule of `GET /schedules/{id}`, or `GET /oncalls`. Neither has a name for a shift.

use serde::Deserialize;

use super::{Adapter, Request, authorized, has_more, json, moment, with_query};
use crate::domain::rota::{Duty, Entry, Window};

pub(super) struct PagerDuty;

#[derive(Deserialize)]
struct Answer {
    schedule: Option<Schedule>,
    oncalls: Option<Vec<OnCall>>,
    more: Option<bool>,
}

#[derive(Deserialize)]
struct Schedule {
    #[serde(default)]
    name: String,
    final_schedule: Layer,
}

#[derive(Deserialize)]
struct Layer {
    rendered_schedule_entries: Vec<Rendered>,
}

#[derive(Deserialize)]
struct Rendered {
    start: String,
    end: String,
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    summary: Option<String>,
    name: Option<String>,
    email: Option<String>,
}

#[derive(Deserialize)]
struct OnCall {
    user: Option<User>,
    schedule: Option<User>,
    escalation_level: Option<i64>,
    /// Without an end somebody is always on call: that is no shift.
    start: Option<String>,
    end: Option<String>,
}

impl User {
    fn who(&self) -> (&str, &str) {
        let name = self.summary.as_deref().or(self.name.as_deref());
        (
            name.unwrap_or_default(),
            self.email.as_deref().unwrap_or_default(),
        )
    }
}

impl Adapter for PagerDuty {
    fn parse(&self, raw: &[u8], _: &Window) -> Result<Vec<Entry>, String> {
        let answer: Answer = json(raw, "PagerDuty")?;
        if answer.more == Some(true) {
            return Err(has_more("PagerDuty"));
        }
        let mut entries = Vec::new();
        match (answer.schedule, answer.oncalls) {
            (Some(schedule), _) => {
                let duty = Duty::in_words(&schedule.name);
                for shift in schedule.final_schedule.rendered_schedule_entries {
                    let when = (moment(&shift.start)?, moment(&shift.end)?);
                    let who = shift.user.as_ref().map_or(("", ""), User::who);
                    entries.extend(Entry::new(when, who, duty));
                }
            }
            (None, Some(oncalls)) => {
                for shift in oncalls {
                    let (Some(start), Some(end)) = (&shift.start, &shift.end) else {
                        continue;
                    };
                    let when = (moment(start)?, moment(end)?);
                    let layer = shift.schedule.as_ref().map_or("", |s| s.who().0);
                    let duty = match Duty::in_words(layer) {
                        Duty::Primary if shift.escalation_level > Some(1) => Duty::Secondary,
                        duty => duty,
                    };
                    let who = shift.user.as_ref().map_or(("", ""), User::who);
                    entries.extend(Entry::new(when, who, duty));
                }
            }
            (None, None) => return Err("This is no rota of PagerDuty.".into()),
        }
        Ok(entries)
    }

    fn request(&self, address: &str, token: &str, window: &Window) -> Request {
        let (since, until) = (window.from.iso(), window.until.iso());
        // Without `overflow` a shift that runs begins at `since`, and so at another time every day.
        let mut asked = vec![
            ("since", since.as_str()),
            ("until", &until),
            ("time_zone", "UTC"),
            ("overflow", "true"),
        ];
        let path = address.split(['?', '#']).next().unwrap_or_default();
        if path.trim_end_matches('/').ends_with("/oncalls") {
            // Without them it answers with 25, and with people by name alone.
            asked.extend([("limit", "100"), ("include[]", "users")]);
        }
        let mut headers = authorized("Token token=", token);
        headers.push(("accept", "application/vnd.pagerduty+json;version=2".into()));
        Request {
            address: with_query(address, &asked),
            headers,
        }
    }
}
