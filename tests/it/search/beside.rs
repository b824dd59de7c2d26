//! Two transactions that change what is found at the same moment: the index ends with what is there.

use std::thread;
use std::time::Duration;

use checkride::db::schema::{next_actions, people};
use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::audit::{Act, Entry, record};
use checkride::error::Result;
use checkride::usecases::search::rebuild;
use diesel::prelude::*;

use super::followed::all;
use super::site;
use crate::support::{On, Site};

type Write<'a> = &'a (dyn Fn(&mut Conn) -> Result<()> + Sync);

/// Does the one, then the other while the first is not committed; the second waits for that.
fn beside(site: &Site, first: Write<'_>, second: Write<'_>) {
    let database = site.app.database();
    thread::scope(|scope| {
        let second = transaction(&mut database.connect(), Purpose::Write, |c| {
            first(c)?;
            let second =
                scope.spawn(|| transaction(&mut database.connect(), Purpose::Write, second));
            thread::sleep(Duration::from_millis(300));
            assert!(!second.is_finished());
            Ok(second)
        });
        second.unwrap().join().unwrap().unwrap();
    });
    site.app.db(|c| {
        let followed = all(c);
        rebuild(c)?;
        assert_eq!(followed, all(c));
        Ok(())
    });
}

#[test]
fn one_thing_that_two_change_has_the_texts_of_both() {
    let site = site();
    let session = site.plan_session(24);
    let act = Act::operator(site.app.now());
    let note = |c: &mut Conn, body: &str| {
        diesel::insert_into(next_actions::table)
            .values((
                next_actions::ramp_id.eq(site.ramp_id),
                next_actions::session_id.eq(session),
                next_actions::body.eq(body),
                next_actions::at.eq(act.now),
            ))
            .execute(c)?;
        record(
            c,
            &act,
            Entry::new("session.planned", format!("session:{session}")),
        )
    };
    beside(&site, &|c| note(c, "Read the log"), &|c| {
        note(c, "Read the queue")
    });
}

#[test]
fn a_name_that_changes_is_found_on_what_is_made_at_the_same_moment() {
    for is_renamed_first in [true, false] {
        let site = site();
        let act = Act::operator(site.app.now());
        let rename = |c: &mut Conn| {
            diesel::update(people::table.find(site.mentee.id))
                .set(people::name.eq("Leila Brandnew"))
                .execute(c)?;
            let about = format!("person:{}", site.mentee.id);
            record(c, &act, Entry::new("person.renamed", about))
        };
        let plan = |c: &mut Conn| {
            let session = site.planned_session(c, 24)?;
            record(
                c,
                &act,
                Entry::new("session.planned", format!("session:{session}")),
            )
        };
        if is_renamed_first {
            beside(&site, &rename, &plan);
        } else {
            beside(&site, &plan, &rename);
        }
        let found = site.app.db(|c| Ok(all(c)));
        let is_followed = found
            .iter()
            .any(|row| row.3 == "Session with Leila Brandnew");
        assert!(is_followed, "{found:?}");
    }
}

#[test]
fn those_who_change_different_things_do_not_wait_for_each_other() {
    if On::this_run() == On::Sqlite {
        return; // It has one writer at a time.
    }
    let site = site();
    let act = Act::operator(site.app.now());
    let sessions = [24, 48].map(|hours| site.plan_session(hours));
    let planned = |c: &mut Conn, id: i64| {
        record(
            c,
            &act,
            Entry::new("session.planned", format!("session:{id}")),
        )
    };
    let database = site.app.database();
    transaction(&mut database.connect(), Purpose::Write, |c| {
        planned(c, sessions[0])?;
        // On this thread: it would wait for itself.
        transaction(&mut database.connect(), Purpose::Write, |c| {
            planned(c, sessions[1])
        })
    })
    .unwrap();
}
