//! Interim clearances: granted under a supervisor, extended once, ended by themselves, never cover.

use std::time::Duration;

use checkride::db::schema::{clearances, people};
use checkride::domain::clearance::model::Clearance;
use checkride::domain::clearance::oversight::Transition;
use checkride::domain::clearance::store::{latest_in_area, latest_of, of_person};
use checkride::domain::clearance::{ClearanceKind, ClearanceState, Standing, standing};
use checkride::domain::interim::is_supervised;
use checkride::domain::ramp::RampState;
use checkride::domain::signoff::Note;
use checkride::usecases::clearance::actions::change;
use checkride::usecases::register::{Register, Scope};
use diesel::prelude::*;

use crate::support::{Answer, Client, Form, Role, Site, at_once, path};

fn path(site: &Site) -> String {
    path::ramp_form(site.ramp_id, "interim")
}

fn day(site: &Site, ahead: i64) -> String {
    site.app.now().day().plus_days(ahead).to_string()
}

/// Every competency at its level, nothing else done.
fn able() -> Site {
    let site = Site::open();
    for competency in &checkride_content().competencies {
        site.assess(
            &competency.code,
            i64::from(competency.required_level.number()),
        );
    }
    site
}

fn checkride_content() -> checkride::domain::standard::Content {
    crate::support::sample::content()
}

fn grant(site: &Site, client: &Client, ahead: i64) -> Answer {
    let (supervisor, ends_on) = (site.mentor.id.to_string(), day(site, ahead));
    let fields = [
        ("supervisor", supervisor.as_str()),
        ("ends_on", ends_on.as_str()),
        ("reason", "Nights are short of people"),
    ];
    client.send(&path(site), &fields)
}

#[test]
fn nobody_who_left_is_granted_one_and_no_form_says_so() {
    let site = able();
    let lead = site.client(Role::OwnerLead);
    assert!(lead.get(&path(&site)).has_form(&path(&site)));
    let gone = people::table.find(site.mentee.id);
    site.app.db(|c| {
        let left = people::deactivated_at.eq(site.app.now());
        diesel::update(gone).set(left).execute(c)?;
        Ok(())
    });
    let why = "This person has left, so nobody can be cleared.";
    let page = lead.get(&path(&site));
    assert!(!page.assert_text(why).has_form(&path(&site)));
    grant(&site, &lead, 40).assert_status(409).assert_text(why);
}

fn held(site: &Site) -> Clearance {
    let all = site.app.db(|c| of_person(c, site.mentee.id));
    all.into_iter().next().unwrap()
}

fn extend(site: &Site, client: &Client, ahead: i64) -> Answer {
    let ends_on = day(site, ahead);
    let fields = [
        ("ends_on", ends_on.as_str()),
        ("reason", "One drill is left"),
    ];
    client.send(&path::clearance_form(held(site).id, "extend"), &fields)
}

fn stands(site: &Site) -> Standing {
    standing(Some(&held(site)), site.app.now().day())
}

/// The board's line of the mentee.
fn on_the_board(site: &Site) -> String {
    let csv = site.client(Role::Stranger).get(path::BOARD_CSV).body;
    let line = csv
        .lines()
        .find(|l| l.contains("Leila Haddad") && l.contains("Payments"));
    line.unwrap().to_owned()
}

/// Whether rows and pure rule agree that somebody answers for the mentee; and what they say.
fn supervised(site: &Site) -> bool {
    let (today, act) = (site.app.now().day(), site.act(Role::Stranger));
    let register = site.app.db(|c| {
        let scope = Scope::People(&[site.mentee.id]);
        Register::load(c, &scope, &act.actor, today)
    });
    let held = held(site);
    let by_row = register.is_supervised(&held);
    let all = site.app.db(|c| latest_in_area(c, site.area_id));
    let own = all
        .iter()
        .find(|own| Some(own.person_id) == held.supervisor_id);
    let is_here = site.app.db(|c| {
        let person = checkride::domain::people::store::by_id(c, held.supervisor_id.unwrap())?;
        Ok(person.unwrap().deactivated_at.is_none())
    });
    assert_eq!(
        by_row,
        is_supervised(&held, own.map(|own| (own, is_here)), today)
    );
    by_row
}

#[test]
fn from_a_supervisor_to_the_end_and_the_full_clearance() {
    let site = able();
    let lead = site.client(Role::OwnerLead);
    site.client(Role::Mentee)
        .ramp_page(site.ramp_id)
        .assert_text("Interim clearance");

    // Granted for sixty days through the form: on call, and no cover.
    Form::on(&lead.get(&path(&site)), &path(&site))
        .with("supervisor", &site.mentor.id.to_string())
        .with("reason", "Nights are short of people")
        .send(&lead)
        .assert_status(303);
    let clearance = path::clearance(held(&site).id);
    assert_eq!(held(&site).kind, ClearanceKind::Interim);
    lead.get(&clearance)
        .assert_text("Leila Haddad: interim clearance for Payments")
        .assert_text("Does not count as cover")
        .assert_text("Supervisor Marcus Oyelaran")
        .assert_text("granted it until 22 Jan 2027, under Marcus Oyelaran")
        .assert_text("Nights are short of people");
    let line = on_the_board(&site);
    assert!(
        line.contains("Interim,Ramping") && line.contains(",no,"),
        "{line}"
    );
    let area = lead.area_page("payments");
    area.assert_text("2 cleared, minimum 2")
        .assert_text("Under supervision no cover Leila Haddad supervised by Marcus Oyelaran");
    lead.person_page(&site.mentee.handle)
        .assert_text("under a supervisor")
        .assert_text("Interim clearance");
    grant(&site, &lead, 30)
        .assert_status(409)
        .assert_text("There is an interim clearance already");

    // Extended once; a second time it is refused.
    site.app.wait_hours(24 * 50);
    let lead = site.client(Role::OwnerLead);
    extend(&site, &lead, 71)
        .assert_status(422)
        .assert_text("An extension lasts 60 days at most");
    extend(&site, &lead, 70).assert_status(303);
    extend(&site, &lead, 71)
        .assert_status(409)
        .assert_text("This interim clearance was extended before.");
    lead.get(&clearance).assert_text("extended it until 23 Mar");
    assert!(
        !lead
            .get(&clearance)
            .body
            .contains(&format!("{clearance}/extend"))
    );

    // Its last day counts whole; then nothing is left of it, and there is no second one on this ramp.
    site.app.wait_hours(24 * 70 + 14);
    assert_eq!(stands(&site), Standing::Interim);
    site.app.wait_hours(1);
    assert_eq!(stands(&site), Standing::None);
    assert!(
        on_the_board(&site).contains("Ramping,"),
        "{}",
        on_the_board(&site)
    );
    let lead = site.client(Role::OwnerLead);
    lead.get(&clearance).assert_text("Ended");
    lead.get(&path(&site))
        .assert_text("There was an interim clearance on this ramp until 23 Mar 2027.");
    assert!(
        !lead
            .area_page("payments")
            .text()
            .contains("Under supervision")
    );
}

#[test]
fn the_full_clearance_takes_its_place() {
    let site = able();
    grant(&site, &site.client(Role::OwnerLead), 40).assert_status(303);
    let interim = held(&site).id;
    site.make_ready();
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let ask = path::ask(site.ramp_id);
    mentee.submit(&ask, &ask, &[]).assert_status(303);
    let signoffs = site.dossier().signoffs;
    let page = path::signoff(signoffs[0].id);
    mentor
        .get(&page)
        .assert_text("First clearance in this area")
        .assert_text("Granted, Payments goes from 2 to 3 cleared");
    site.turn_first_key();
    let (ends_on, edition) = (day(&site, 200), site.edition());
    let fields = [
        ("decision", "approve"),
        ("note", ""),
        ("ends_on", ends_on.as_str()),
        ("edition", edition.as_str()),
    ];
    site.client(Role::OwnerLead)
        .send(&format!("{page}/decision"), &fields)
        .assert_status(303);
    assert_eq!(stands(&site), Standing::Cleared);
    assert!(on_the_board(&site).contains("Cleared,"));
    site.client(Role::Stranger)
        .clearance_page(interim)
        .assert_text("The later clearance holds now");
    extend_of(&site, interim).assert_status(409);
}

fn extend_of(site: &Site, id: i64) -> Answer {
    let ends_on = day(site, 70);
    let fields = [
        ("ends_on", ends_on.as_str()),
        ("reason", "One drill is left"),
    ];
    site.client(Role::OwnerLead)
        .send(&path::clearance_form(id, "extend"), &fields)
}

#[test]
fn a_supervisor_who_is_not_cleared_or_left_is_missed_everywhere() {
    let site = able();
    let lead = site.client(Role::OwnerLead);
    grant(&site, &lead, 40).assert_status(303);
    assert!(supervised(&site));
    let id = held(&site).id;
    let missed = |is_missed: bool| {
        assert_eq!(!supervised(&site), is_missed);
        let pages = [
            path::clearance(id),
            path::person(&site.mentee.handle),
            "/board".to_owned(),
            "/areas/payments".to_owned(),
            "/".to_owned(),
        ];
        for page in pages {
            let text = lead.get(&page).text();
            assert_eq!(
                text.contains("without supervisor"),
                is_missed,
                "{page}: {text}"
            );
        }
    };
    missed(false);
    let set = |state: ClearanceState| {
        site.app.db(|c| {
            let own = clearances::table.filter(clearances::person_id.eq(site.mentor.id));
            diesel::update(own)
                .set(clearances::state.eq(state))
                .execute(c)?;
            Ok(())
        });
    };
    set(ClearanceState::Suspended);
    missed(true);
    set(ClearanceState::Valid);
    missed(false);
    let now = site.app.now();
    site.app.db(|c| {
        let mentor = people::table.find(site.mentor.id);
        diesel::update(mentor)
            .set(people::deactivated_at.eq(Some(now)))
            .execute(c)?;
        Ok(())
    });
    missed(true);

    // Another one is named by the lead; the one seen before is what the form says.
    let path = path::clearance_form(id, "supervisor");
    lead.get("/").assert_text("Name a supervisor");
    Form::on(&lead.get(&path), &path)
        .with("supervisor", &site.qualifier.id.to_string())
        .with("reason", "Marcus left")
        .send(&lead)
        .assert_status(303);
    missed(false);
    lead.clearance_page(id)
        .assert_text("put it under Sofia Lindqvist");
    let (from, to) = (site.mentor.id.to_string(), site.qualifier.id.to_string());
    let stale = [
        ("from", from.as_str()),
        ("supervisor", to.as_str()),
        ("reason", "Again"),
    ];
    lead.send(&path, &stale)
        .assert_status(409)
        .assert_text("Ruth Abara named another supervisor of this clearance");
}

#[test]
fn nothing_is_extended_that_nobody_supervises_or_whose_ramp_rests() {
    let site = able();
    let lead = site.client(Role::OwnerLead);
    grant(&site, &lead, 40).assert_status(303);
    let clearance = path::clearance(held(&site).id);
    let path = format!("{clearance}/extend");
    let refused = |words: &str| {
        extend(&site, &lead, 80)
            .assert_status(409)
            .assert_text(words);
        let page = lead.get(&path);
        page.assert_text(words);
        assert!(!page.has_form(&path), "it is not offered");
        assert!(!lead.get(&clearance).body.contains(&path));
        assert_eq!(held(&site).extended_at, None);
    };
    let suspend = |state: ClearanceState| {
        site.app.db(|c| {
            let own = clearances::table.filter(clearances::person_id.eq(site.mentor.id));
            diesel::update(own)
                .set(clearances::state.eq(state))
                .execute(c)?;
            Ok(())
        });
    };
    suspend(ClearanceState::Suspended);
    refused("Marcus Oyelaran supervises it, and is no longer cleared in Payments or has left.");
    suspend(ClearanceState::Valid);
    site.put_into(RampState::Paused);
    refused("An interim clearance can be extended only on a running ramp. This one is paused.");
    site.put_into(RampState::InReview);
    assert!(lead.get(&clearance).body.contains(&path));
    extend(&site, &lead, 80).assert_status(303);
}

#[test]
fn what_is_asked_for() {
    let site = able();
    let lead = site.client(Role::OwnerLead);
    // supervisor, days ahead, reason, the sentence
    let (mentor, mentee, stranger) = (
        site.mentor.id.to_string(),
        site.mentee.id.to_string(),
        site.stranger.id.to_string(),
    );
    let table = [
        ("", 10, "Why", "Choose a supervisor."),
        (
            mentee.as_str(),
            10,
            "Why",
            "Choose someone else, who is cleared in the area now.",
        ),
        (
            stranger.as_str(),
            10,
            "Why",
            "Choose someone else, who is cleared in the area now",
        ),
        (
            mentor.as_str(),
            0,
            "Why",
            "The clearance must end after today.",
        ),
        (
            mentor.as_str(),
            61,
            "Why",
            "An interim clearance lasts 60 days at most",
        ),
        (mentor.as_str(), 10, " ", "Say why."),
    ];
    for (supervisor, ahead, reason, sentence) in table {
        let ends_on = day(&site, ahead);
        let fields = [
            ("supervisor", supervisor),
            ("ends_on", &ends_on),
            ("reason", reason),
        ];
        lead.send(&path(&site), &fields)
            .assert_status(422)
            .assert_text(sentence);
    }
    // One competency the mentor sees lower again is enough, also where the standard asks for no more.
    site.assess("PAY-O1", 2);
    lead.get(&path(&site))
        .assert_text("PAY-O1")
        .assert_text("at 2, needs 3");
    grant(&site, &lead, 10)
        .assert_status(409)
        .assert_text("1 competency is below level 3")
        .assert_text("Nights are short of people");
    let mentees = site.client(Role::Mentee).get(&path(&site));
    assert!(
        !mentees.text().contains("at 2, needs 3"),
        "{}",
        mentees.text()
    );
    site.assess("PAY-O1", 3);
    site.put_into(RampState::Paused);
    grant(&site, &lead, 10)
        .assert_status(409)
        .assert_text("This one is paused");
}

#[test]
fn suspended_and_revoked_like_any_other() {
    let site = able();
    let lead = site.client(Role::OwnerLead);
    grant(&site, &lead, 40).assert_status(303);
    let clearance = path::clearance(held(&site).id);
    let deed = |deed: &str, from: &str| {
        let fields = [("from", from), ("reason", "Two pages were missed")];
        lead.send(&format!("{clearance}/{deed}"), &fields)
            .assert_status(303);
    };
    lead.get(&format!("{clearance}/suspend"))
        .assert_text("Payments stays at 2 cleared: this clearance does not count either way");
    deed("suspend", "valid");
    assert_eq!(stands(&site), Standing::Suspended);
    extend(&site, &lead, 60)
        .assert_status(409)
        .assert_text("suspended or revoked");
    lead.get(&format!("{clearance}/reinstate"))
        .assert_text("It holds again until its last day, as it was granted, under its supervisor");
    deed("reinstate", "suspended");
    assert_eq!(stands(&site), Standing::Interim);
    lead.get(&format!("{clearance}/revoke"))
        .assert_text("its sign-off may still clear Leila Haddad");
    deed("revoke", "valid");
    lead.get(&clearance)
        .assert_text("Revoked: it cannot be reinstated. The ramp continues to its sign-off.");
    grant(&site, &lead, 10)
        .assert_status(409)
        .assert_text("An interim one cannot replace it");
}

#[test]
fn two_who_grant_or_extend_at_once_are_one_and_one_who_is_told() {
    let site = able();
    let both = [Role::OwnerLead, Role::Qualifier].map(|role| site.client(role));
    let statuses = |answers: Vec<Answer>| {
        let mut all: Vec<u16> = answers.iter().map(|a| a.status).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(
        statuses(at_once(2, |n| grant(&site, &both[n], 40))),
        [303, 409]
    );
    assert_eq!(site.app.db(|c| of_person(c, site.mentee.id)).len(), 1);
    assert_eq!(
        statuses(at_once(2, |n| extend(&site, &both[n], 80))),
        [303, 409]
    );
}

#[test]
fn whoever_is_suspended_at_the_same_moment_supervises_nobody() {
    // What is sent while the suspension of the mentor's own clearance is being written, under whom it stood before.
    for sent in ["grant", "extend", "name"] {
        let site = able();
        let lead = site.client(Role::OwnerLead);
        let (mentor, qualifier) = (site.mentor.id.to_string(), site.qualifier.id.to_string());
        if sent != "grant" {
            let under = if sent == "extend" {
                &mentor
            } else {
                &qualifier
            };
            let fields = [
                ("supervisor", under.as_str()),
                ("ends_on", &day(&site, 40)),
                ("reason", "Nights are short of people"),
            ];
            lead.send(&path(&site), &fields).assert_status(303);
        }
        let to = match sent {
            "grant" => path(&site),
            "extend" => path::clearance_form(held(&site).id, "extend"),
            _ => path::clearance_form(held(&site).id, "supervisor"),
        };
        let fields = [
            ("supervisor", mentor.as_str()),
            ("from", &qualifier),
            (
                "ends_on",
                &day(&site, if sent == "grant" { 40 } else { 80 }),
            ),
            ("reason", "Nights are short of people"),
        ];
        let act = site.act(Role::Qualifier);
        let reason = Note::parse("She asked for it").unwrap();
        let answer = std::thread::scope(|scope| {
            let waiting = site.app.db(|c| {
                let own = latest_of(c, (site.mentor.id, site.area_id))?.unwrap();
                let deed = (Transition::Suspend, ClearanceState::Valid);
                change(c, &act, own.id, deed, &reason)?;
                let waiting = scope.spawn(|| lead.send(&to, &fields));
                std::thread::sleep(Duration::from_millis(500));
                Ok(waiting)
            });
            waiting.join().unwrap()
        });
        let (status, words) = match sent {
            "extend" => (
                409,
                "Marcus Oyelaran supervises it, and is no longer cleared in Payments",
            ),
            _ => (422, "Choose someone else, who is cleared in the area now."),
        };
        answer.assert_status(status).assert_text(words);
    }
}
