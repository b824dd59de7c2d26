//! Sessions over their whole life: planned, moved, called off, recorded, undone, corrected; and what comes next.

mod amended;
mod feedback;
mod next;
mod planned;
mod taken_back;
mod twice;
mod upgrade;

use crate::support::{Answer, Client, Site, path};

/// Plans a session for that local time through the form; gives back its address.
pub fn plan(site: &Site, client: &Client, starts_at: &str) -> String {
    let page = path::plan_session(site.ramp_id);
    let answer = client
        .form_at(&page)
        .with("starts_at", starts_at)
        .send(client);
    answer.assert_status(303).location().to_owned()
}

/// Records a session; gives back its row.
fn record(site: &Site, client: &Client, more: &[(&str, &str)]) -> i64 {
    client
        .record_session(site.ramp_id, "Failed over and back", more)
        .assert_status(303);
    latest(site)
}

fn latest(site: &Site) -> i64 {
    let rows = site.dossier().sessions;
    rows.iter().map(|s| s.id).max().unwrap()
}

/// The part of a page under that heading's id.
fn card<'a>(page: &'a Answer, id: &str) -> &'a str {
    let (_, rest) = page
        .body
        .split_once(&format!("aria-labelledby=\"{id}\""))
        .unwrap_or_else(|| panic!("no {id} on: {}", page.text()));
    rest.split("</section>").next().unwrap()
}

/// Which one was done; the other was told.
fn winner(answers: &[Answer]) -> usize {
    let statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    let won = statuses
        .iter()
        .position(|s| *s == 303)
        .unwrap_or_else(|| panic!("{statuses:?}"));
    assert_eq!(statuses[1 - won], 409, "{}", answers[1 - won].text());
    won
}
