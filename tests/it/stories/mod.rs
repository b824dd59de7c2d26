//! The main job, told by what each person sees and sends.

mod clearance;
mod keys;
mod main_path;
mod record;
mod whole_life;

use checkride::db::schema::{audit_entries, qualifiers};
use checkride::db::types::UtcTime;
use checkride::domain::audit::Verdict;
use checkride::domain::clearance::model::Clearance;
use checkride::domain::clearance::store::of_person;
use checkride::domain::people;
use checkride::domain::signoff::model::Signoff;
use checkride::domain::signoff::store::of_ramps;
use diesel::prelude::*;

use crate::support::client::words_of;
use crate::support::factory::{PASSWORD, member};
use crate::support::sample::content;
use crate::support::{Answer, Client, Decision, Form, Member, Oversight, Site, path, verified};

/// Somebody more in the organisation, in no team.
fn newcomer(site: &Site, name: &str) -> Member {
    let now = site.app.now();
    site.app.db(|c| member(c, now, name, "UTC", None))
}

/// Designates them for the area.
fn designate(site: &Site, who: &Member) {
    let now = site.app.now();
    site.app.db(|c| {
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(site.area_id),
                qualifiers::person_id.eq(who.id),
                qualifiers::since.eq(now),
            ))
            .execute(c)?;
        Ok(())
    });
}

/// Clears them for the area, for longer than any story lasts.
fn clear(site: &Site, who: &Member) {
    let (now, to) = (site.app.now(), site.app.now().day().plus_days(400));
    site.app.db(|c| {
        checkride::domain::clearance::store::insert(
            c,
            &checkride::domain::clearance::model::NewClearance::full(
                (who.id, site.area_id),
                now,
                to,
            ),
        )
    });
}

/// Makes them a lead of the team that owns the area.
fn make_owner_lead(site: &Site, who: &Member) {
    let now = site.app.now();
    site.app.db(|c| {
        let team = checkride::domain::area::store::by_id(c, site.area_id)?.owner_team_id;
        people::store::put_membership(c, (team, who.id), true, now)
    });
}

/// A browser, signed in.
fn client(site: &Site, who: &Member) -> Client {
    let client = site.app.client();
    client.sign_in(&who.email, PASSWORD).assert_status(303);
    client
}

/// What stands in the way, as the ramp page lists it.
fn obstacles(page: &Answer) -> Vec<String> {
    let Some((_, rest)) = page
        .assert_status(200)
        .body
        .split_once("<section class=\"card\" aria-labelledby=\"ob\">")
    else {
        return Vec::new();
    };
    let section = rest.split("</section>").next().unwrap();
    section
        .split("<p class=\"what\">")
        .skip(1)
        .map(|line| words_of(line.split("</p>").next().unwrap()))
        .collect()
}

/// The words of a part of a page that is headed by `id`.
fn section(page: &Answer, id: &str) -> String {
    let start = format!("aria-labelledby=\"{id}\">");
    let (_, rest) = page
        .body
        .split_once(&start)
        .unwrap_or_else(|| panic!("no part {id} in: {}", page.text()));
    words_of(rest.split("</section>").next().unwrap())
}

/// The table row that names them first, as it is written; `None` where none does.
fn find_row<'a>(page: &'a Answer, who: &Member) -> Option<&'a str> {
    let name = format!(">{}</a>", who.name);
    let rows = page.body.split("<tr>");
    let mut rows = rows.map(|row| row.split("</tr>").next().unwrap());
    rows.find(|row| row.contains(&name))
}

/// The words of the table row that names them first.
fn row(page: &Answer, who: &Member) -> String {
    find_row(page, who).map_or_else(
        || panic!("{} is not in a row of: {}", who.name, page.text()),
        words_of,
    )
}

/// The main part of a page, as it is written.
fn main_part(page: &Answer) -> String {
    let (_, main) = page.body.split_once("<main").unwrap();
    main.split("</main>").next().unwrap().to_owned()
}

/// The sign-offs of a ramp, newest first.
fn signoffs(site: &Site, ramp_id: i64) -> Vec<Signoff> {
    site.app.db(|c| of_ramps(c, &[ramp_id]))
}

/// Every clearance of a person, newest first.
fn clearances(site: &Site, who: &Member) -> Vec<Clearance> {
    site.app.db(|c| of_person(c, who.id))
}

/// What the audit chain says of a person in the area, in order: action, and who did it. The chain holds.
fn told(site: &Site, about: &Member) -> Vec<(String, Option<i64>)> {
    site.app.db(|c| {
        assert!(matches!(verified(c)?, Verdict::Whole { .. }));
        Ok(audit_entries::table
            .filter(audit_entries::person_id.eq(about.id))
            .filter(audit_entries::area_id.eq(site.area_id))
            .order(audit_entries::seq)
            .select((audit_entries::action, audit_entries::actor_id))
            .load(c)?)
    })
}

/// Turns the clock to that moment.
fn turn_to(site: &Site, to: UtcTime) {
    site.app.wait_seconds(to.seconds_since(site.app.now()));
}
