//! What happens later changes no figure of a day that is over, and a session more lowers none that counts sessions.

use checkride::db::schema::{
    activities, alerts, asked_observations, assessments, people, postmortem_versions, sessions,
    stale_flags,
};
use checkride::db::types::UtcTime;
use checkride::db::{Conn, Purpose, past, transaction};
use checkride::domain::assessment::Stream;
use checkride::domain::kpi::Kpi;
use checkride::domain::people::mentoring::{self, Agreed};
use checkride::domain::standard::Level;
use checkride::usecases::kpi::{Figure, Scope};
use diesel::prelude::*;

use super::{TODAY, assert_same, everything, filled, of};
use crate::past::tables::looking_back;
use crate::support::{Database, Role, Site, at};

/// The figures as they were known before that moment, for the moment before it.
fn known(database: &Database, before: UtcTime) -> Vec<(String, Vec<Figure>)> {
    let mut back = looking_back(database);
    transaction(&mut back, Purpose::Past, |c| {
        past::view_at(c, before)?;
        Ok(everything(c, before.just_before()))
    })
    .unwrap()
}

#[test]
fn on_the_connection_of_the_past_today_is_what_it_is() {
    let database = filled();
    let now = at(TODAY).plus_seconds(1);
    let today = everything(&mut database.connect(), now.just_before());
    assert_same(&known(&database, now), &today, "today");
}

/// Much happens, some of it about days before.
fn go_on(c: &mut Conn, now: UtcTime) {
    // Sessions of long ago are recorded late, others undone.
    let some: Vec<(i64, i64)> = sessions::table
        .filter(sessions::state.eq("held"))
        .order(sessions::id.desc())
        .limit(8)
        .select((sessions::id, sessions::ramp_id))
        .load(c)
        .unwrap();
    for (n, (id, ramp_id)) in (1..).zip(&some) {
        let session = sessions::table.find(*id);
        if n % 2 == 0 {
            diesel::update(session)
                .set(sessions::undone_at.eq(now))
                .execute(c)
                .unwrap();
        }
        let mentor_id: i64 = session.select(sessions::mentor_id).first(c).unwrap();
        diesel::insert_into(sessions::table)
            .values((
                sessions::ramp_id.eq(*ramp_id),
                sessions::mentor_id.eq(mentor_id),
                sessions::kind.eq("lab"),
                sessions::state.eq("held"),
                sessions::starts_at.eq(now.plus_hours(-24 * 10 * n)),
                sessions::minutes.eq(45),
                sessions::summary.eq("Late"),
                sessions::recorded_at.eq(now),
                sessions::agenda.eq(""),
            ))
            .execute(c)
            .unwrap();
        let assessed = (
            assessments::ramp_id.eq(*ramp_id),
            assessments::competency_code.eq("PAY-A1"),
            assessments::stream.eq(Stream::Mentor),
            assessments::level.eq(Level::new(5)),
            assessments::by_id.eq(mentor_id),
            assessments::at.eq(now),
            assessments::evidence.eq("Seen"),
        );
        diesel::insert_into(assessments::table)
            .values(assessed)
            .execute(c)
            .unwrap();
    }
    diesel::update(alerts::table)
        .set(alerts::undone_at.eq(now))
        .execute(c)
        .unwrap();
    diesel::update(activities::table)
        .set(activities::undone_at.eq(now))
        .execute(c)
        .unwrap();
    diesel::update(stale_flags::table.filter(stale_flags::closed_at.is_null()))
        .set(stale_flags::closed_at.eq(now))
        .execute(c)
        .unwrap();
    diesel::delete(asked_observations::table.filter(asked_observations::asked_at.ge(now)))
        .execute(c)
        .unwrap();
    let retired: Vec<(i64, i32)> = postmortem_versions::table
        .group_by(postmortem_versions::postmortem_id)
        .select((
            postmortem_versions::postmortem_id,
            diesel::dsl::max(postmortem_versions::revision).assume_not_null(),
        ))
        .load(c)
        .unwrap();
    for (id, revision) in retired {
        diesel::insert_into(postmortem_versions::table)
            .values((
                postmortem_versions::postmortem_id.eq(id),
                postmortem_versions::revision.eq(revision + 1),
                postmortem_versions::state.eq("retired"),
                postmortem_versions::title.eq("Out of use"),
                postmortem_versions::content.eq(""),
                postmortem_versions::at.eq(now),
            ))
            .execute(c)
            .unwrap();
    }
    let everyone: Vec<i64> = people::table.select(people::id).load(c).unwrap();
    for id in everyone {
        let agreed = Agreed {
            mentees: Some(9),
            hours: Some(70),
        };
        mentoring::store::set(c, id, agreed, now).unwrap();
    }
}

#[test]
fn what_is_recorded_later_changes_no_day_before() {
    let database = filled();
    let today = at(TODAY).day().start();
    let days = [0, 1, 30, 90].map(|n| today.plus_hours(-24 * n));
    let before = days.map(|day| known(&database, day));
    let mut c = database.connect();
    let later = at(TODAY).plus_hours(5);
    let then = everything(&mut c, later);
    go_on(&mut c, later);
    assert!(then != everything(&mut c, later), "it should change today");
    for (day, before) in days.iter().zip(before) {
        assert_same(&known(&database, *day), &before, &day.iso());
    }
}

#[test]
fn a_session_more_never_lowers_cadence() {
    let site = Site::open();
    site.app.wait_hours(24 * 20);
    let now = site.app.now();
    let scopes = [
        Scope::Organisation,
        Scope::Area(site.area_id),
        Scope::Person(site.mentee.id),
    ];
    let cadence = || {
        let all = scopes.iter();
        let values = all.map(|scope| site.app.db(|c| Ok(of(c, scope, Kpi::Cadence, now).main)));
        values.map(|main| main.value.unwrap()).collect::<Vec<_>>()
    };
    let mut last = cadence();
    for summary in ["One", "Two", "Three"] {
        let answer = site
            .client(Role::Mentor)
            .record_session(site.ramp_id, summary, &[]);
        answer.assert_status(303);
        let next = cadence();
        for (before, after) in last.iter().zip(&next) {
            assert!(after > before, "{before} then {after}");
        }
        last = next;
    }
}
