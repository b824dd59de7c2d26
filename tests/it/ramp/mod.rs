//! What is arranged about a ramp: proposed and accepted, paused, handed over, ended; and how its pace is told.

mod closed;
mod list;
mod pairs;
mod paused;
mod proposed;
mod queue;
mod renewal;
mod several;

use checkride::db::schema::audit_entries;
use checkride::domain::audit::Verdict;
use checkride::domain::ramp::RampState;
use checkride::domain::ramp::store::by_id;
use diesel::prelude::*;

use crate::support::{Answer, Client, Form, Site, path, verified};

fn path(site: &Site, deed: &str) -> String {
    path::ramp_form(site.ramp_id, deed)
}

fn state(site: &Site) -> RampState {
    site.app.db(|c| by_id(c, site.ramp_id)).state
}

/// The form of that deed, filled in and sent.
fn arrange(client: &Client, site: &Site, deed: &str, typed: &[(&str, &str)]) -> Answer {
    let path = path(site, deed);
    let form = Form::on(client.get(&path).assert_status(200), &path);
    typed
        .iter()
        .fold(form, |form, (name, value)| form.with(name, value))
        .send(client)
}

/// Entries of the audit chain with that action; the chain holds.
fn told(site: &Site, action: &str) -> i64 {
    site.app.db(|c| {
        assert!(matches!(verified(c)?, Verdict::Whole { .. }));
        Ok(audit_entries::table
            .filter(audit_entries::action.eq(action))
            .count()
            .get_result(c)?)
    })
}
