//! Observations on request: who may ask whom, who may answer, and what an answer backs.

mod answered;
mod asks;
mod races;

use checkride::domain::asked::model::Asked;
use checkride::domain::asked::{NewAsk, store};
use checkride::domain::clearance;
use checkride::domain::clearance::model::NewClearance;
use checkride::usecases::asked::actions;
use checkride::words::Words;

use crate::support::factory::Member;
use crate::support::{Role, Site, path};

pub const CODE: &str = "PAY-I2";

/// The mentee asks the qualifier about work of today; gives back the row.
pub fn asked(site: &Site) -> i64 {
    asked_of(site, &site.qualifier)
}

pub fn asked_of(site: &Site, member: &Member) -> i64 {
    let (act, new) = (site.act(Role::Mentee), new(site, member));
    let asked = site
        .app
        .db(|c| actions::ask(c, &act, site.ramp_id, CODE, Ok(new)));
    asked.id
}

fn new(site: &Site, member: &Member) -> NewAsk {
    NewAsk {
        asked_id: member.id,
        worked_on: site.app.now().day(),
        work: Words::parse("Drained eu-west in the retry storm").unwrap(),
    }
}

/// What the form of the mentee sends.
pub fn asking(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("asked", site.qualifier.id.to_string()),
        ("worked_on", site.app.now().day().to_string()),
        ("work", "Drained eu-west in the retry storm".into()),
    ]
}

pub fn answering() -> Vec<(&'static str, String)> {
    vec![
        ("seen", "there".into()),
        ("help", "4".into()),
        (
            "words",
            "Drained it alone, said when she would stop.".into(),
        ),
    ]
}

fn as_sent<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(k, v)| (*k, v.as_str())).collect()
}

fn row(site: &Site, id: i64) -> Asked {
    site.app.db(|c| store::by_id(c, id))
}

fn page(id: i64) -> String {
    path::observation(id)
}

fn form(id: i64, form: &str) -> String {
    format!("{}/{form}", path::observation(id))
}

/// Someone who has nothing to do with the ramp, cleared in the area until that day.
fn the_stranger_is_cleared(site: &Site, days: i64) {
    let (from, to) = (
        site.app.now().plus_hours(-24 * 50),
        site.app.now().day().plus_days(days),
    );
    let new = NewClearance::full((site.stranger.id, site.area_id), from, to);
    site.app.db(|c| clearance::store::insert(c, &new));
}
