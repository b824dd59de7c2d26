//! Who holds a planned session, and who takes part in a drill, changes: calendars and mails follow.

use checkride::domain::calendar::engagement::Kind;
use checkride::domain::outbox::Letter;
use checkride::domain::outbox::store::{self, Filter};
use checkride::usecases::availability::free_times;
use icalendar::Component;

use super::feed::{address, subscribed};
use super::invitations::{invitation_for, told};
use super::read;
use crate::support::{Client, Member, Role, Site, at, path};

/// The subject of each mail to somebody that carries an entry of `object`, the oldest first.
pub fn invited(site: &Site, to: &Member, object: &str) -> Vec<String> {
    let all = site
        .app
        .db(|c| store::list(c, Filter::default(), None, 500));
    let own = all.iter().rev().filter(|m| m.person_id == Some(to.id));
    own.map(|m| Letter::from_json(&m.body).unwrap())
        .filter(|letter| letter.invites_to.as_deref() == Some(object))
        .map(|letter| letter.subject)
        .collect()
}

fn hand_over(site: &Site, by: &Client, to: &Member) {
    let page = format!("{}/hand-over", path::ramp(site.ramp_id));
    by.form(&page, &page)
        .with("mentor", &to.id.to_string())
        .with("reason", "Marcus moves to another team")
        .send(by)
        .assert_status(303);
}

#[test]
fn a_session_that_is_handed_over_leaves_one_calendar_and_comes_into_another() {
    let site = Site::open();
    let lead = site.client(Role::MenteeLead);
    let id = site.plan_session(24);
    let object = format!("session:{id}");
    let feeds =
        [Role::Mentor, Role::Qualifier, Role::Mentee].map(|role| address(&site.client(role)));
    let sessions = || {
        feeds.each_ref().map(|feed| {
            let events = read(&subscribed(&site, feed).assert_status(200).body);
            let own = events
                .into_iter()
                .find(|e| e.get_uid().unwrap().starts_with("session-"));
            own.map(|e| {
                (
                    e.get_sequence().unwrap(),
                    e.get_summary().unwrap().to_owned(),
                )
            })
        })
    };
    let with = |number, mentor: &str| {
        let title = format!("Guided lab in Payments: Leila Haddad, {mentor}");
        Some((number, title))
    };
    let marcus = || with(0, "Marcus Oyelaran");
    assert_eq!(sessions(), [marcus(), None, marcus()]);
    // Whether they can meet when the session is: at nine in London, at ten in Stockholm.
    let free = || {
        let of = |who: &Member, zone: &str, from: &str| {
            let (guest, now) = (vec![(who.id, zone.to_owned())], site.app.now());
            let times = site.app.db(|c| free_times(c, &guest, 90, now, 20));
            times.contains(&at(from))
        };
        [
            of(&site.mentor, "Europe/London", "2026-11-24T09:00:00Z"),
            of(&site.qualifier, "Europe/Stockholm", "2026-11-24T08:00:00Z"),
        ]
    };
    assert_eq!(free(), [false, true]);
    site.app.wait_hours(1);
    hand_over(&site, &lead, &site.qualifier);

    let sofia = || with(2, "Sofia Lindqvist");
    assert_eq!(sessions(), [None, sofia(), sofia()]);
    let all = [&site.mentor, &site.qualifier, &site.mentee];
    let methods = all.map(|who| {
        let (method, number, _) = told(&invitation_for(&site, Kind::Session, id, who.id));
        (method, number)
    });
    assert_eq!(methods, [("CANCEL", 2), ("REQUEST", 2), ("REQUEST", 2)]);
    let subject = |who: &Member| invited(&site, who, &object).pop().unwrap_or_default();
    for (who, to) in [
        (&site.mentor, "another mentor"),
        (&site.qualifier, "you"),
        (&site.mentee, "another mentor"),
    ] {
        let said = subject(who);
        assert!(said.contains("handed the session of Tue 24 Nov"), "{said}");
        assert!(said.ends_with(&format!("over to {to}")), "{said}");
    }
    assert_eq!(free(), [true, false]);
    // What is over waits for who holds it.
    site.app.wait_hours(25);
    let note = "was not recorded yet";
    assert!(!site.client(Role::Mentor).get("/").text().contains(note));
    site.client(Role::Qualifier).get("/").assert_text(note);
}

#[test]
fn a_helper_who_goes_hands_their_sessions_to_the_primary_mentor() {
    let site = Site::open();
    let lead = site.client(Role::MenteeLead);
    let page = |word: &str| format!("{}/{word}", path::ramp(site.ramp_id));
    let add = page("add-mentor");
    lead.form(&add, &add)
        .with("mentor", &site.qualifier.id.to_string())
        .send(&lead)
        .assert_status(303);
    let helper = site.client(Role::Qualifier);
    let place = crate::session::plan(&site, &helper, "2026-11-26T09:00");
    let id: i64 = place.rsplit('/').next().unwrap().parse().unwrap();
    let method = |who: &Member| told(&invitation_for(&site, Kind::Session, id, who.id)).0;
    assert_eq!(method(&site.mentor), "CANCEL");
    let remove = page("remove-mentor");
    lead.form(&remove, &remove)
        .with("reason", "Sofia is on leave")
        .send(&lead)
        .assert_status(303);
    assert_eq!(method(&site.mentor), "REQUEST");
    assert_eq!(method(&site.qualifier), "CANCEL");
    let object = format!("session:{id}");
    let said = invited(&site, &site.mentor, &object);
    assert!(said[0].ends_with("over to you"), "{said:?}");
    // A mentor more changes nothing for what another holds.
    lead.form(&add, &add)
        .with("mentor", &site.qualifier.id.to_string())
        .send(&lead)
        .assert_status(303);
}

#[test]
fn who_hands_their_own_sessions_over_gets_the_cancellation_too() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let id = site.plan_session(24);
    hand_over(&site, &mentor, &site.qualifier);
    let said = invited(&site, &site.mentor, &format!("session:{id}"));
    assert!(
        said.len() == 1 && said[0].ends_with("over to another mentor"),
        "{said:?}"
    );
}
