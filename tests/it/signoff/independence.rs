//! Whoever signs is independent, whatever hat they wear, and stays so until the second key.

use checkride::db::Conn;
use checkride::db::schema::{memberships, qualifiers, ramps};
use checkride::db::types::UtcTime;
use checkride::domain::ramp::{PairingRole, RampState};
use checkride::domain::signoff::SignoffState;
use checkride::domain::signoff::store::of_ramps;
use checkride::domain::{clearance, people, ramp};
use diesel::prelude::*;

use crate::past::tables::{assert_same, known, looking_back};
use crate::support::factory::pair;
use crate::support::verbs::Oversight;
use crate::support::{Client, Decision, Role, Site, path};

/// A ramp of that person in the area, which began that many days ago and is closed since half of them.
fn closed_ramp(c: &mut Conn, site: &Site, mentee_id: i64, state: RampState, days: i64) -> i64 {
    let now = site.app.now();
    let new = ramp::model::NewRamp {
        mentee_id,
        area_id: site.area_id,
        standard_id: site.standard_id,
        state,
        starts_on: now.day().plus_days(-days),
        target_on: now.day().plus_days(-days / 2),
        started_by: site.owner_lead.id,
        created_at: now.plus_hours(-24 * days),
    };
    // One open ramp a person and area: the one under way is closed until the other one is.
    close(c, site.ramp_id, Some(now));
    let id = ramp::store::insert(c, &new).unwrap();
    close(c, id, Some(now.plus_hours(-12 * days)));
    close(c, site.ramp_id, None);
    id
}

fn close(c: &mut Conn, ramp_id: i64, at: Option<UtcTime>) {
    diesel::update(ramps::table.find(ramp_id))
        .set(ramps::closed_at.eq(at))
        .execute(c)
        .unwrap();
}

/// A site where the qualifier mentored the mentee on an earlier ramp in the area, which ended.
fn mentored_before() -> Site {
    let site = Site::open();
    let (days, since) = (400, site.app.now().plus_hours(-24 * 400));
    site.app.db(|c| {
        let earlier = closed_ramp(c, &site, site.mentee.id, RampState::Ended, days);
        pair(
            c,
            earlier,
            site.qualifier.id,
            PairingRole::Primary,
            14,
            since,
        )
    });
    site
}

fn signoff_id(site: &Site) -> i64 {
    site.app.db(|c| of_ramps(c, &[site.ramp_id]))[0].id
}

fn state(site: &Site) -> SignoffState {
    site.app.db(|c| of_ramps(c, &[site.ramp_id]))[0].state
}

#[test]
fn who_mentored_them_on_an_earlier_ramp_is_not_offered_the_second_key_and_cannot_turn_it() {
    let site = mentored_before();
    site.ask_for_signoff();
    site.turn_first_key();
    let (client, id) = (site.client(Role::Qualifier), signoff_id(&site));
    for page in ["/", "/board"] {
        let text = client.get(page).text();
        assert!(!text.contains("turned the first key"), "{page}: {text}");
    }
    client
        .get("/sign-offs")
        .assert_text("No sign-off waits for your key");
    let page = client.signoff_page(id);
    page.assert_status(200)
        .assert_text("You mentored this person in this area, so you cannot turn the second key.");
    assert!(!page.has_form(&path::decision(id)));
    site.approve(&client, id).assert_status(403);
    assert_eq!(state(&site), SignoffState::FirstKey);
    let lead = site.client(Role::OwnerLead);
    lead.get("/").assert_text("turned the first key");
    site.approve(&lead, id).assert_status(303);
}

/// Takes the right to sign away from the mentor who turned the first key.
type Loss = (&'static str, fn(&Site));

const LOSSES: [Loss; 4] = [
    ("suspended", |site| {
        let held = site
            .app
            .db(|c| clearance::store::of_person(c, site.mentor.id))[0]
            .id;
        site.client(Role::Qualifier)
            .oversee(held, Oversight::Suspend, "A wrong failover")
            .assert_status(303);
    }),
    ("no longer designated", |site| {
        let end = format!(
            "/areas/{}/qualifiers/{}/end",
            site.area_slug, site.mentor.id
        );
        site.client(Role::OwnerLead)
            .send(&end, &[("reason", "Another area")])
            .assert_status(303);
    }),
    ("left", |site| {
        let leave = format!("/admin/people/{}/deactivate", site.mentor.handle);
        site.client(Role::Administrator)
            .send(&leave, &[("reason", "Another team")])
            .assert_status(303);
    }),
    ("lapsed", |site| {
        let yesterday = site.app.now().day().plus_days(-1);
        site.app.db(|c| {
            use checkride::db::schema::clearances;
            diesel::update(clearances::table.filter(clearances::person_id.eq(site.mentor.id)))
                .set((
                    clearances::ends_on.eq(yesterday),
                    clearances::holds_until.eq(yesterday),
                ))
                .execute(c)?;
            Ok(())
        });
    }),
];

#[test]
fn a_first_key_is_void_when_its_holder_loses_the_right_to_it() {
    for (what, lose) in LOSSES {
        let site = Site::open();
        site.helped_by_the_stranger();
        site.ask_for_signoff();
        site.turn_first_key();
        let (lead, id) = (site.client(Role::OwnerLead), signoff_id(&site));
        lead.signoff_page(id).assert_text("Second key due");
        lose(&site);
        let page = lead.signoff_page(id);
        page.assert_text("The first key is void.")
            .assert_text("First key due again");
        assert!(
            !page.has_form(&path::decision(id)),
            "{what}: the second key is offered"
        );
        assert!(
            !lead.get("/").text().contains("the second is due"),
            "{what}"
        );
        site.approve(&lead, id)
            .assert_status(409)
            .assert_text("The first key is void");
        assert_eq!(state(&site), SignoffState::FirstKey, "{what}");
    }
}

#[test]
fn a_void_first_key_stays_void_when_its_holder_has_the_right_again() {
    /// Gives back what the loss of that number took.
    type Again = (usize, fn(&Site));
    let again: [Again; 3] = [
        (0, |site| {
            let held = site
                .app
                .db(|c| clearance::store::of_person(c, site.mentor.id))[0]
                .id;
            site.client(Role::Qualifier)
                .oversee(held, Oversight::Reinstate, "Seen again")
                .assert_status(303);
        }),
        (1, |site| {
            let designate = format!("/areas/{}/qualifiers", site.area_slug);
            site.client(Role::OwnerLead)
                .send(&designate, &[("who", site.mentor.handle.as_str())])
                .assert_status(303);
        }),
        (2, |site| {
            let back = format!("/admin/people/{}/reactivate", site.mentor.handle);
            site.client(Role::Administrator)
                .send(&back, &[])
                .assert_status(303);
        }),
    ];
    for (n, has_it_again) in again {
        let (what, lose) = LOSSES[n];
        let site = Site::open();
        site.ask_for_signoff();
        site.turn_first_key();
        site.app.wait_hours(1);
        lose(&site);
        site.app.wait_hours(1);
        has_it_again(&site);
        let (lead, id) = (site.client(Role::OwnerLead), signoff_id(&site));
        lead.signoff_page(id).assert_text("The first key is void.");
        site.approve(&lead, id).assert_status(409);
        assert_eq!(state(&site), SignoffState::FirstKey, "{what}");
    }
}

#[test]
fn another_mentor_turns_a_void_first_key_again() {
    let site = Site::open();
    site.helped_by_the_stranger();
    let now = site.app.now();
    site.app.db(|c| {
        diesel::insert_into(qualifiers::table)
            .values((
                qualifiers::area_id.eq(site.area_id),
                qualifiers::person_id.eq(site.stranger.id),
                qualifiers::since.eq(now),
            ))
            .execute(c)?;
        let until = now.day().plus_days(300);
        let key = (site.stranger.id, site.area_id);
        clearance::store::insert(c, &clearance::model::NewClearance::full(key, now, until))?;
        Ok(())
    });
    site.ask_for_signoff();
    site.turn_first_key();
    site.app.wait_hours(1);
    LOSSES[0].1(&site);
    let before = site.app.now().plus_seconds(1);
    let known_then = known(&mut looking_back(site.app.database()), before);
    site.app.wait_hours(1);
    let (helper, id) = (site.client(Role::Stranger), signoff_id(&site));
    helper.get("/").assert_text("the first key is due");
    helper
        .turn_first_key(id, "Calm and right")
        .assert_status(303);
    // The key before it is kept: on the page, and on every past day.
    helper
        .signoff_page(id)
        .assert_text("First key turned, void now Marcus Oyelaran")
        .assert_text("Steady under load")
        .assert_text("Calm and right");
    let known_now = known(&mut looking_back(site.app.database()), before);
    assert_same(&known_then, &known_now, "before the key was turned again");
    let lead = site.client(Role::OwnerLead);
    site.approve(&lead, id).assert_status(303);
    assert_eq!(state(&site), SignoffState::Granted);
}

/// The mentee leads the team that owns the area.
fn mentee_who_leads(site: &Site) -> Client {
    let now = site.app.now();
    site.app.db(|c| {
        let (team, _) =
            people::store::team_named(c, &people::Name::parse("Payments").unwrap(), now)?;
        diesel::insert_into(memberships::table)
            .values((
                memberships::person_id.eq(site.mentee.id),
                memberships::team_id.eq(team),
                memberships::is_lead.eq(true),
            ))
            .execute(c)?;
        Ok(())
    });
    site.client(Role::Mentee)
}

#[test]
fn nobody_arranges_their_own_ramp() {
    let site = Site::open();
    let client = mentee_who_leads(&site);
    let page = client.ramp_page(site.ramp_id);
    for form in ["pause", "target", "hand-over", "add-mentor", "end"] {
        assert!(
            !page.body.contains(&path::ramp_form(site.ramp_id, form)),
            "{form} is offered"
        );
        client
            .get(&path::ramp_form(site.ramp_id, form))
            .assert_status(403);
    }
    client
        .send(
            &path::ramp_form(site.ramp_id, "add-mentor"),
            &[
                ("person", &site.qualifier.id.to_string()),
                ("interval_days", "7"),
            ],
        )
        .assert_status(403);
    site.client(Role::OwnerLead)
        .get(&path::ramp_form(site.ramp_id, "hand-over"))
        .assert_status(200);

    site.put_into(RampState::Ended);
    let now = site.app.now();
    site.app.db(|c| {
        close(c, site.ramp_id, Some(now));
        Ok(())
    });
    let fields = [
        ("area", site.area_id.to_string()),
        ("mentee", site.mentee.id.to_string()),
        ("primary", site.mentor.id.to_string()),
        ("starts_on", now.day().to_string()),
        ("interval_days", "7".to_owned()),
    ];
    client.start_ramp(&fields).assert_status(403);
    site.client(Role::OwnerLead)
        .start_ramp(&fields)
        .assert_status(303);
}

#[test]
fn nobody_designates_the_mentor_of_their_own_ramp() {
    let site = Site::open();
    let client = mentee_who_leads(&site);
    let page = format!("/areas/{}/qualifiers", site.area_slug);
    let end = format!("{page}/{}/end", site.mentor.id);
    site.client(Role::OwnerLead)
        .send(&end, &[("reason", "Another area")])
        .assert_status(303);
    assert!(
        !client
            .get(&page)
            .body
            .contains(&format!("value=\"{}\"", site.mentor.id))
    );
    let typed = [("who", site.mentor.handle.as_str())];
    client
        .send(&page, &typed)
        .assert_status(422)
        .assert_text("mentors your ramp here");
    site.client(Role::OwnerLead)
        .send(&page, &typed)
        .assert_status(303);
}

#[test]
fn what_somebody_independent_asked_for_is_closed_by_somebody_independent() {
    let site = Site::open();
    site.ask_for_signoff();
    site.turn_first_key();
    let (lead, id) = (site.client(Role::OwnerLead), signoff_id(&site));
    lead.decision_form(id, Decision::Approve)
        .with("conditions", "Lead one more drill")
        .send(&lead)
        .assert_status(303);
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentee.id))[0]
        .id;
    let (mentor, qualifier) = (site.client(Role::Mentor), site.client(Role::Qualifier));
    let tick = {
        let page = qualifier.clearance_page(held);
        let begin = page.body.find("/conditions/").unwrap();
        let rest = &page.body[begin..];
        format!(
            "{}{}",
            path::clearance(held),
            &rest[..rest.find('"').unwrap()]
        )
    };
    assert!(!mentor.clearance_page(held).has_form(&tick));
    let fields = |tick: &str| {
        let condition = tick
            .rsplit('/')
            .find_map(|p| p.parse::<i64>().ok())
            .unwrap();
        vec![(format!("note-{condition}"), "Seen on Tuesday".to_owned())]
    };
    let typed = fields(&tick);
    let typed: Vec<(&str, &str)> = typed
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    mentor
        .send(&tick, &typed)
        .assert_status(403)
        .assert_text("You mentored this person in Payments");
    qualifier.send(&tick, &typed).assert_status(303);

    mentor
        .oversee(held, Oversight::Suspend, "A wrong failover")
        .assert_status(303);
    let reinstate = path::clearance_form(held, Oversight::Reinstate.word());
    assert!(!mentor.clearance_page(held).body.contains(&reinstate));
    mentor.get(&reinstate).assert_status(403);
    mentor
        .send(
            &reinstate,
            &[("reason", "Seen again"), ("from", "suspended")],
        )
        .assert_status(403);
    qualifier
        .oversee(held, Oversight::Reinstate, "Seen again")
        .assert_status(303);
}

#[test]
fn two_people_who_clear_each_other_within_a_year_are_named() {
    let site = Site::open();
    let now = site.app.now();
    // The mentee turned the second key for the owner team's lead, on a ramp of before.
    site.app.db(|c| {
        use checkride::db::schema::signoffs;
        let earlier = closed_ramp(c, &site, site.owner_lead.id, RampState::Cleared, 400);
        let decided = now.plus_hours(-24 * 200);
        diesel::insert_into(signoffs::table)
            .values((
                signoffs::ramp_id.eq(earlier),
                signoffs::state.eq(SignoffState::Granted),
                signoffs::requested_by.eq(site.owner_lead.id),
                signoffs::requested_at.eq(decided),
                signoffs::request_note.eq(""),
                signoffs::decided_by.eq(site.mentee.id),
                signoffs::decided_at.eq(decided),
            ))
            .execute(c)?;
        Ok(())
    });
    site.ask_for_signoff();
    site.turn_first_key();
    let words = format!(
        "{} turned a key for {}",
        site.mentee.name, site.owner_lead.name
    );
    let page = path::signoff(signoff_id(&site));
    site.client(Role::Qualifier).get(&page).assert_text(&words);
    site.app.wait_hours(24 * 170);
    let page = site.client(Role::Administrator).get(&page);
    page.assert_status(200);
    assert!(!page.text().contains("turned a key for"));
}
