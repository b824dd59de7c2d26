//! Chats hear that a clearance ends, whatever keeps its holder from hearing it.

use checkride::domain::availability::{Absence, store as availability};
use checkride::domain::clearance::model::NewClearance;
use checkride::domain::clearance::store as clearances;
use checkride::domain::outbox::Letter;
use checkride::domain::outbox::store::{self, Filter};

use super::Wired;
use crate::support::at;

/// A clearance of somebody that ends in so many days, and a hook that hears of it.
fn ending(wired: &Wired, days: i64) -> i64 {
    let kinds = ["clearance.expiring", "clearance.lapsed"];
    wired.add("slack", &kinds).assert_status(303);
    let (site, now) = (&wired.site, wired.site.app.now());
    let ends_on = now.day().plus_days(days);
    let new = NewClearance::full((site.stranger.id, site.area_id), now, ends_on);
    site.app.db(|c| clearances::insert(c, &new))
}

/// What the hook was told of it, the oldest first.
fn heard(wired: &Wired, clearance: i64) -> Vec<String> {
    let of_it = format!(":{clearance}:");
    let all = wired.messages().into_iter();
    let mut all: Vec<_> = all.filter(|m| m.key.contains(&of_it)).collect();
    all.sort_by_key(|m| m.id);
    all.into_iter().map(|m| m.subject).collect()
}

/// The subjects of what the holder was mailed about it.
fn mailed(wired: &Wired, clearance: i64) -> Vec<String> {
    let (app, stranger) = (&wired.site.app, wired.site.stranger.id);
    let all = app.db(|c| store::list(c, Filter::default(), None, 500));
    let path = format!("/clearances/{clearance}");
    let own = all.iter().rev().filter(|m| m.person_id == Some(stranger));
    own.map(|m| Letter::from_json(&m.body).unwrap())
        .filter(|letter| letter.button.as_ref().is_some_and(|(_, to)| *to == path))
        .map(|letter| letter.subject)
        .collect()
}

#[test]
fn a_chat_hears_at_once_what_its_holder_is_told_after_a_long_leave() {
    let wired = Wired::open();
    let id = ending(&wired, 5);
    let app = &wired.site.app;
    let away = Absence {
        first_on: at("2026-11-23T00:00:00Z").day(),
        last_on: at("2027-01-31T00:00:00Z").day(),
    };
    let (stranger, now) = (wired.site.stranger.id, app.now());
    app.db(|c| availability::add_absence(c, stranger, away, now));
    let expiring = "Clearance expiring, Payments";
    let both = [expiring, "Clearance lapsed, Payments"];
    for _ in 0..2 {
        app.rounds();
        assert_eq!(heard(&wired, id), [expiring]);
        app.wait_hours(1);
    }
    for _ in 0..6 {
        app.wait_hours(10 * 24);
        app.rounds();
        assert_eq!(heard(&wired, id), both);
        assert_eq!(mailed(&wired, id), Vec::<String>::new());
    }
    // Two months after the last day they are back.
    for _ in 0..3 {
        app.wait_hours(10 * 24);
        app.rounds();
        let mails = mailed(&wired, id);
        assert!(
            mails.len() == 1 && mails[0].contains("It lapsed on 28 Nov"),
            "{mails:?}"
        );
    }
    assert_eq!(heard(&wired, id), both, "once each");
}

#[test]
fn a_chat_hears_at_night_and_the_holder_in_the_morning() {
    let wired = Wired::open();
    let app = &wired.site.app;
    app.wait_hours(14);
    let id = ending(&wired, 5);
    app.rounds();
    assert_eq!(heard(&wired, id).len(), 1);
    assert_eq!(mailed(&wired, id), Vec::<String>::new());
    app.wait_hours(12);
    app.rounds();
    assert_eq!(mailed(&wired, id).len(), 1);
    assert_eq!(heard(&wired, id).len(), 1);
}
