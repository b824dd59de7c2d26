//! Discussed: in a session or in a reading club, and what that counts for.

use checkride::db::locks;
use checkride::db::schema::{sessions, standards};
use checkride::domain::audit::Act;
use checkride::domain::postmortem::{Document, Transition};
use checkride::domain::session::Minutes;
use checkride::domain::standard::Gate;
use checkride::usecases::postmortem::club::actions::{NewPlan, People, held, plan};
use checkride::words::Words;
use diesel::prelude::*;

use crate::support::sample::content;
use crate::support::sample::document;
use crate::support::{Answer, Client, Form, Role, Site, at_once, path};

/// A site whose standard asks for that many discussions.
pub(super) fn asking_for(discussed: u32) -> Site {
    let site = Site::open();
    let mut content = content();
    content.gates.push(Gate::Postmortems { discussed });
    let text = serde_json::to_string(&content).unwrap();
    site.app.db(|c| {
        diesel::update(standards::table.find(site.standard_id))
            .set(standards::content.eq(text))
            .execute(c)?;
        Ok(())
    });
    site
}

/// How many the gate counts, and whether it is met; the list and the ramp page say the same.
pub(super) fn counted(site: &Site) -> (usize, bool) {
    let dossier = site.dossier();
    let gate = dossier
        .readiness
        .gates
        .iter()
        .find(|g| matches!(g.gate, Gate::Postmortems { .. }))
        .unwrap();
    let have = gate.progress.split(' ').next().unwrap().parse().unwrap();
    let ramps = [dossier.ramp.clone()];
    let day = site.app.now().day();
    let many = site
        .app
        .db(|c| Ok(crate::support::progress(c, &ramps, day)));
    let of_many = &many.readiness[&site.ramp_id];
    let same = of_many.gates.iter().find(|g| g.gate == gate.gate).unwrap();
    assert_eq!((same.met, &same.progress), (gate.met, &gate.progress));
    (have, gate.met)
}

fn id(site: &Site, slug: &str) -> String {
    site.postmortem(slug).id.to_string()
}

/// The mentor records a session in which a post-mortem was discussed.
pub(super) fn record(site: &Site, kind: &str, postmortem: &str) -> Answer {
    let ramp = site.ramp_id.to_string();
    site.client(Role::Mentor).send(
        path::NEW_SESSION,
        &[
            ("ramp", ramp.as_str()),
            ("kind", kind),
            ("minutes", "30"),
            ("starts_at", "2026-11-23T08:00"),
            ("summary", "Talked it through"),
            ("postmortem", postmortem),
            ("another", "yes"),
        ],
    )
}

pub(super) fn titled(title: &str) -> Document {
    Document {
        title: title.into(),
        ..document()
    }
}

/// The mentor leads a club with those people, in the past hours, and says who came.
pub(super) fn club(site: &Site, slug: &str, with: &[i64], came: &[i64]) -> i64 {
    let act = site.act(Role::Mentor);
    let people = |ids: &[i64]| People {
        chosen: ids.iter().copied().collect(),
        named: Vec::new(),
    };
    site.app.db(|c| {
        let new = NewPlan {
            starts_at: act.now.plus_hours(-1),
            minutes: Minutes::USUAL,
            note: Words::default(),
            people: people(with),
        };
        let id = plan(c, &act, slug, &new)?;
        locks::begin();
        held(c, &act, id, &people(came))?;
        Ok(id)
    })
}

#[test]
fn a_session_that_names_one_counts_each_once_until_it_is_taken_back() {
    let site = asking_for(2);
    let first = site.teach(&document());
    let second = site.teach(&titled("The origin melted"));
    assert_eq!(counted(&site), (0, false));
    record(&site, "post_mortem", &id(&site, &first)).assert_status(303);
    record(&site, "reading_club", &id(&site, &first)).assert_status(303);
    assert_eq!(counted(&site), (1, false), "the same one counts once");
    record(&site, "post_mortem", &id(&site, &second)).assert_status(303);
    assert_eq!(counted(&site), (2, true));
    site.client(Role::Mentee)
        .get("/library?undiscussed=me")
        .assert_text("No post-mortem matches");

    let latest = site.dossier().sessions[0].id;
    let page = path::session(latest);
    let mentor = site.client(Role::Mentor);
    mentor.get(&page).assert_text("Discussed");
    mentor.send(&format!("{page}/undo"), &[]).assert_status(303);
    assert!(counted(&site).0 < 3);
}

#[test]
fn what_cannot_count_is_not_taken() {
    let site = asking_for(1);
    let draft = site.write(Role::Stranger, &titled("Only a draft"));
    let taught = site.teach(&document());
    record(&site, "pairing", &id(&site, &taught))
        .assert_status(422)
        .assert_text("Only a post-mortem discussion or a reading club can name a post-mortem");
    record(&site, "post_mortem", &id(&site, &draft))
        .assert_status(422)
        .assert_text("Choose a teachable post-mortem of this area");
    record(&site, "post_mortem", "99999").assert_status(422);
    record(&site, "post_mortem", "").assert_status(303);
    assert_eq!(counted(&site), (0, false));
}

#[test]
fn a_correction_and_a_plan_carry_it_over_even_when_it_was_retired_since() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let mentor = site.client(Role::Mentor);
    let path = path::plan_session(site.ramp_id);
    let form = Form::on(&mentor.get(&format!("{path}?postmortem={slug}")), &path);
    assert_eq!(form.get("postmortem"), Some(id(&site, &slug).as_str()));
    let planned = form.with("starts_at", "2026-11-24T10:00").send(&mentor);
    planned.assert_status(303);
    let plan = planned.location().rsplit('/').next().unwrap().to_owned();
    mentor.get(planned.location()).assert_text("To discuss");
    site.make_transition(Role::OwnerLead, &slug, Transition::Retire);
    site.app.wait_hours(30);
    let mentor = site.client(Role::Mentor);

    let new = format!("/sessions/new?ramp={}&plan={plan}", site.ramp_id);
    let form = Form::on(&mentor.get(&new), path::NEW_SESSION);
    assert_eq!(form.get("kind"), Some("post_mortem"));
    form.with("summary", "Talked it through")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(counted(&site), (1, true));

    let held = site
        .dossier()
        .sessions
        .iter()
        .find(|s| s.counts())
        .unwrap()
        .id;
    let path = format!("/sessions/{held}/correct");
    let form = Form::on(&mentor.get(&path), &path);
    form.with("summary", "Talked it through twice")
        .send(&mentor)
        .assert_status(303);
    assert_eq!(counted(&site), (1, true));
    let named: i64 = site.app.db(|c| {
        Ok(sessions::table
            .filter(sessions::postmortem_id.is_not_null())
            .count()
            .get_result(c)?)
    });
    assert_eq!(named, 3, "plan, record and correction each say it");
}

#[test]
fn a_club_counts_for_everybody_there_and_for_nobody_else() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let (mentee, stranger) = (site.mentee.id, site.stranger.id);
    club(
        &site,
        &slug,
        &[mentee, stranger],
        &[site.mentor.id, stranger],
    );
    assert_eq!(counted(&site), (0, false), "the mentee was not there");
    club(&site, &slug, &[stranger], &[stranger, mentee]);
    assert_eq!(counted(&site), (1, true), "came without being asked");
}

/// The mentee leads a club, which somebody cleared may.
fn led_by_the_mentee(site: &Site, slug: &str, others: &[i64]) -> (usize, bool) {
    let now = site.app.now();
    site.app.db(|c| {
        use checkride::domain::clearance::model::NewClearance;
        use checkride::domain::clearance::store::insert;
        let to = now.day().plus_days(30);
        insert(
            c,
            &NewClearance::full((site.mentee.id, site.area_id), now, to),
        )
        .map(|_| ())
    });
    let act: Act = site.act(Role::Mentee);
    let people = People {
        chosen: others.iter().copied().chain([site.mentee.id]).collect(),
        named: Vec::new(),
    };
    site.app.db(|c| {
        let new = NewPlan {
            starts_at: act.now.plus_hours(-1),
            minutes: Minutes::USUAL,
            note: Words::default(),
            people: people.clone(),
        };
        let id = plan(c, &act, slug, &new)?;
        locks::begin();
        held(c, &act, id, &people)
    });
    counted(site)
}

#[test]
fn nobody_counts_by_their_own_word_of_who_was_there() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let one = led_by_the_mentee(&site, &slug, &[site.stranger.id]);
    assert_eq!(one, (0, false), "one talks, one is talked to");
    let site = asking_for(1);
    let slug = site.teach(&document());
    let two = led_by_the_mentee(&site, &slug, &[site.stranger.id, site.mentor.id]);
    assert_eq!(two, (0, false), "they led it and wrote it down themselves");
}

#[test]
fn a_club_from_the_form_to_what_it_counts_for() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let mentor = site.client(Role::Mentor);
    let new = format!("/library/{slug}/clubs/new");
    let answer = mentor.submit(
        &new,
        &new,
        &[
            ("starts_at", "2026-11-23T10:00"),
            ("minutes", "60"),
            ("person", &site.mentee.id.to_string()),
            (
                "others",
                &format!("{}\n{}", site.stranger.name, site.stranger.email),
            ),
        ],
    );
    answer.assert_status(422).assert_text(&format!(
        "nobody here with the name or handle “{}”",
        site.stranger.email
    ));
    let answer = mentor.submit(
        &new,
        &new,
        &[
            ("starts_at", "2026-11-23T10:00"),
            ("minutes", "60"),
            ("person", &site.mentee.id.to_string()),
            ("others", &site.stranger.handle),
        ],
    );
    answer.assert_status(303);
    let page = answer.location().to_owned();
    site.client(Role::Mentee)
        .get("/library")
        .assert_text("Your reading clubs");
    let held = format!("{page}/held");
    let there = [("person", site.mentee.id.to_string())];
    let there: Vec<(&str, &str)> = there.iter().map(|(k, v)| (*k, v.as_str())).collect();
    mentor
        .send(&held, &there)
        .assert_status(409)
        .assert_text("Say afterwards who was there");
    site.app.wait_hours(3);
    mentor
        .send(&held, &[])
        .assert_status(422)
        .assert_text("A club needs at least two people");
    site.client(Role::Mentee)
        .send(&held, &there)
        .assert_status(403);
    mentor.send(&held, &there).assert_leads_to(&page);
    assert_eq!(counted(&site), (1, true));
    site.client(Role::Stranger)
        .get(&page)
        .assert_text("Was not there");
}

/// How two who close a club at once are answered: one is done, the other told.
fn close(client: &Client, page: &str, how: usize, mentee: &str) -> Answer {
    match how {
        0 => client.send(&format!("{page}/held"), &[("person", mentee)]),
        _ => client.send(&format!("{page}/cancel"), &[("reason", "Nobody came")]),
    }
}

#[test]
fn two_who_close_a_club_are_one_who_closes_it_and_one_who_is_told() {
    for round in 0..6 {
        let site = asking_for(1);
        let slug = site.teach(&document());
        let act = site.act(Role::Mentor);
        let club = site.app.db(|c| {
            let new = NewPlan {
                starts_at: act.now.plus_hours(-1),
                minutes: Minutes::USUAL,
                note: Words::default(),
                people: People {
                    chosen: [site.mentee.id].into(),
                    named: Vec::new(),
                },
            };
            plan(c, &act, &slug, &new)
        });
        let page = format!("/clubs/{club}");
        let both = [Role::Mentor, Role::OwnerLead].map(|role| site.client(role));
        let mentee = site.mentee.id.to_string();
        // Both write down who was there, or one of them calls it off.
        let answers = at_once(2, |n| close(&both[n], &page, n * (round % 2), &mentee));
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "round {round}");
        let is_held = round % 2 == 0 || answers[0].status == 303;
        assert_eq!(counted(&site).1, is_held);
    }
}

#[test]
fn who_has_not_discussed_it_is_named_to_those_who_see_their_ramp() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let page = format!("/library/{slug}");
    for (role, sees) in [
        (Role::Mentor, true),
        (Role::Qualifier, true),
        (Role::MenteeLead, true),
        (Role::Administrator, true),
        (Role::Mentee, true),
        (Role::Stranger, false),
    ] {
        let text = site.client(role).get(&page).text();
        assert_eq!(text.contains("Not yet discussed by"), sees, "{role:?}");
    }
    record(&site, "post_mortem", &id(&site, &slug)).assert_status(303);
    let text = site.client(Role::Mentor).get(&page).text();
    assert!(!text.contains("Not yet discussed by"));
    site.client(Role::Mentee)
        .get(&page)
        .assert_text("You have discussed it")
        .assert_text("Moments of decision");
    site.client(Role::Mentor)
        .get(&format!("/library?undiscussed={}", site.mentee.handle))
        .assert_text("No post-mortem matches");
    site.client(Role::Mentor)
        .get(&format!("/library?ramp={}", site.ramp_id))
        .assert_text("No post-mortem matches");
}
