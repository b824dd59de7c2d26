//! Two people at the same moment: one wins, the other is told, nothing is there twice.

mod rights;

use std::time::Duration;

use checkride::db::schema::{assessments, item_marks};
use checkride::db::types::UtcTime;
use checkride::domain::audit::Verdict;
use checkride::domain::clearance;
use checkride::domain::clearance::ClearanceState;
use checkride::domain::clearance::oversight::Transition;
use checkride::domain::ramp::{PairingRole, RampState, store as ramps};
use checkride::domain::signoff::model::Signoff;
use checkride::domain::signoff::record::Record;
use checkride::domain::signoff::store::of_ramps;
use checkride::domain::signoff::{Note, SignoffState};
use checkride::forms::new_key;
use checkride::usecases::clearance::actions::change;
use diesel::prelude::*;

use crate::support::{Answer, Client, Role, Site, at_once, path, verified};

/// Which of two comes first is not up to a test; that many rounds see it both ways, more often than not.
const ROUNDS: usize = 8;

/// A site whose ramp is ready, with a sign-off asked for.
fn requested() -> (Site, i64) {
    let site = Site::open();
    site.ask_for_signoff();
    let id = signoffs(&site)[0].id;
    (site, id)
}

/// The same, with the first key turned.
fn first_key_turned() -> (Site, i64) {
    let (site, id) = requested();
    site.turn_first_key();
    (site, id)
}

fn clients(site: &Site, roles: [Role; 2]) -> [Client; 2] {
    roles.map(|role| site.client(role))
}

fn first_key(site: &Site, client: &Client, id: i64) -> Answer {
    let edition = site.edition();
    let fields = [("recommendation", "I vouch for her"), ("edition", &edition)];
    client.send(&path::first_key(id), &fields)
}

/// Which one was done; the other must have been answered with `refusal`.
fn winner(answers: &[Answer], refusal: u16) -> usize {
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    let won = statuses.iter().position(|s| *s == 303);
    statuses.sort_unstable();
    let pages: Vec<String> = answers.iter().map(Answer::text).collect();
    assert_eq!(statuses, [303, refusal], "{pages:#?}");
    won.unwrap()
}

fn signoffs(site: &Site) -> Vec<Signoff> {
    site.app.db(|c| of_ramps(c, &[site.ramp_id]))
}

fn clearances(site: &Site) -> usize {
    let held = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentee.id));
    held.len()
}

fn ramp_state(site: &Site) -> RampState {
    site.app.db(|c| ramps::by_id(c, site.ramp_id)).state
}

/// Entries of the audit chain with that action; the chain holds.
fn told(site: &Site, action: &str) -> i64 {
    use checkride::db::schema::audit_entries::dsl;
    site.app.db(|c| {
        assert!(matches!(verified(c)?, Verdict::Whole { .. }));
        Ok(dsl::audit_entries
            .filter(dsl::action.eq(action))
            .count()
            .get_result(c)?)
    })
}

/// The moment as somebody in that zone reads it.
fn moment(at: UtcTime, zone: &str) -> String {
    let there = at.timestamp().in_tz(zone).unwrap();
    format!("{} ({zone})", there.strftime("%a %-d %b, %H:%M"))
}

#[test]
fn two_who_decide_at_once_are_one_who_decides_and_one_who_is_told() {
    for round in 0..ROUNDS {
        let (site, id) = first_key_turned();
        let both = clients(&site, [Role::OwnerLead, Role::Qualifier]);
        let answers = at_once(2, |n| site.approve(&both[n], id));
        let won = winner(&answers, 409);
        let (name, zone) = [
            (&site.owner_lead.name, "Europe/Stockholm"),
            (&site.qualifier.name, "UTC"),
        ][won];
        answers[1 - won].assert_text(&format!(
            "{name} granted this sign-off on {}. Your change was not saved.",
            moment(site.app.now(), zone)
        ));
        assert_eq!(clearances(&site), 1, "round {round}");
        assert_eq!(ramp_state(&site), RampState::Cleared);
        assert_eq!(told(&site, "signoff.granted"), 1);
        assert_eq!(told(&site, "clearance.granted"), 1);
    }
}

#[test]
fn approving_and_returning_at_once_is_one_of_them() {
    for round in 0..ROUNDS {
        let (site, id) = first_key_turned();
        let [lead, qualifier] = clients(&site, [Role::OwnerLead, Role::Qualifier]);
        let answers = at_once(2, |n| match n {
            0 => site.approve(&lead, id),
            _ => site.give_back(&qualifier, id, "Once more", ""),
        });
        let signoff = || signoffs(&site).remove(0);
        let (state, ramp, cleared, words) = match winner(&answers, 409) {
            0 => (
                SignoffState::Granted,
                RampState::Cleared,
                1,
                "Ruth Abara granted",
            ),
            _ => (
                SignoffState::Returned,
                RampState::Active,
                0,
                "Sofia Lindqvist returned",
            ),
        };
        let loser = answers.iter().find(|a| a.status == 409).unwrap();
        loser.assert_text(&format!("{words} this sign-off on "));
        assert_eq!(
            (signoff().state, ramp_state(&site), clearances(&site)),
            (state, ramp, cleared),
            "round {round}"
        );
        let record = Record::thaw(&signoff().record.unwrap()).unwrap();
        assert_eq!(record.verdict.unwrap().state, state.word());
        assert_eq!(
            told(&site, "signoff.granted") + told(&site, "signoff.returned"),
            1
        );
    }
}

#[test]
fn the_first_key_is_turned_once() {
    for round in 0..ROUNDS {
        let (site, id) = requested();
        let now = site.app.now();
        site.app.db(|c| {
            let (ramp, mentor) = (site.ramp_id, site.qualifier.id);
            crate::support::factory::pair(c, ramp, mentor, PairingRole::Secondary, 7, now)
        });
        // Two mentors, and one mentor with two windows open.
        let second = if round % 2 == 0 {
            Role::Qualifier
        } else {
            Role::Mentor
        };
        let both = clients(&site, [Role::Mentor, second]);
        let answers = at_once(2, |n| first_key(&site, &both[n], id));
        let won = winner(&answers, 409);
        let holder = site.member([Role::Mentor, second][won]).unwrap();
        answers[1 - won].assert_text(&format!(
            "{} turned the first key of this sign-off on ",
            holder.name
        ));
        let signoff = signoffs(&site).remove(0);
        assert_eq!(
            (signoff.state, signoff.first_key_by),
            (SignoffState::FirstKey, Some(holder.id))
        );
        assert_eq!(told(&site, "signoff.first_key"), 1);
    }
}

#[test]
fn a_sign_off_is_asked_for_once() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        site.make_ready();
        let both = clients(&site, [Role::Mentee, Role::Mentor]);
        let path = path::ask(site.ramp_id);
        let answers = at_once(2, |n| both[n].send(&path, &[("note", "")]));
        let won = winner(&answers, 409);
        let asked = [&site.mentee.name, &site.mentor.name][won];
        answers[1 - won].assert_text(&format!("{asked} asked for this sign-off on "));
        assert_eq!(signoffs(&site).len(), 1);
        assert_eq!(ramp_state(&site), RampState::InReview);
        assert_eq!(told(&site, "signoff.requested"), 1);
    }
}

fn new_ramp(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("area", site.area_id.to_string()),
        ("mentee", site.stranger.id.to_string()),
        ("primary", site.mentor.id.to_string()),
        ("starts_on", site.app.now().day().to_string()),
        ("interval_days", "7".into()),
    ]
}

fn ramps_of_stranger(site: &Site) -> Vec<i64> {
    let all = site.app.db(|c| ramps::of_mentee(c, site.stranger.id));
    all.into_iter().map(|ramp| ramp.id).collect()
}

#[test]
fn the_same_form_sent_eight_times_at_once_starts_one_ramp_and_gets_one_answer() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let mut fields = new_ramp(&site);
    fields.push(("form_key", new_key()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let answers = at_once(8, |_| lead.post(path::NEW_RAMP, &fields));
    let ids = ramps_of_stranger(&site);
    assert_eq!(ids.len(), 1);
    for answer in &answers {
        answer.assert_leads_to(&path::ramp(ids[0]));
        assert_eq!(
            answer.cookie("checkride-flash"),
            answers[0].cookie("checkride-flash")
        );
    }
    assert_eq!(told(&site, "ramp.proposed"), 1);
}

#[test]
fn two_leads_who_start_the_same_ramp_at_once_start_one() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let both = clients(&site, [Role::OwnerLead, Role::MenteeLead]);
        let fields = new_ramp(&site);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answers = at_once(2, |n| both[n].start_ramp(&fields));
        let won = winner(&answers, 422);
        answers[1 - won].assert_text("Tomasz Wilk already has an open ramp in Payments.");
        let ids = ramps_of_stranger(&site);
        assert_eq!(ids.len(), 1);
        answers[won].assert_leads_to(&path::ramp(ids[0]));
        assert_eq!(told(&site, "ramp.proposed"), 1);
    }
}

#[test]
fn a_level_that_falls_at_the_moment_of_the_second_key_never_leaves_a_clearance_on_a_closed_gate() {
    for round in 0..ROUNDS {
        let (site, id) = first_key_turned();
        let [mentor, lead] = clients(&site, [Role::Mentor, Role::OwnerLead]);
        let assess = path::assess(site.ramp_id, "incident");
        let lower = [
            ("shown-PAY-I2", "4"),
            ("level-PAY-I2", "2"),
            ("note-PAY-I2", "Lost the thread last night"),
        ];
        let answers = at_once(2, |n| match n {
            0 => mentor.send(&assess, &lower),
            _ => site.approve(&lead, id),
        });
        let lowered = site.app.db(|c| {
            Ok(assessments::table
                .filter(assessments::evidence.eq("Lost the thread last night"))
                .count()
                .get_result::<i64>(c)?)
        });
        let signoff = signoffs(&site).remove(0);
        if answers[0].status == 303 {
            // The judgement came first: the gate is closed, and the decision is explained.
            answers[1]
                .assert_status(422)
                .assert_text("Something changed since this was asked for. 1 gate is open");
            assert_eq!((lowered, clearances(&site)), (1, 0), "round {round}");
            assert_eq!(signoff.state, SignoffState::FirstKey);
        } else {
            // The decision came first: the ramp is closed, and its record stands on what was so.
            answers[0]
                .assert_status(409)
                .assert_text("was closed on 23 Nov 2026 (cleared)");
            answers[1].assert_status(303);
            assert_eq!((lowered, clearances(&site)), (0, 1), "round {round}");
            assert!(site.dossier().readiness.is_ready());
            let record = Record::thaw(&signoff.record.unwrap()).unwrap();
            assert!(record.gates.iter().all(|gate| gate.met));
        }
    }
}

#[test]
fn two_marks_of_one_item_at_once_are_one_mark() {
    for round in 0..ROUNDS {
        let site = Site::open();
        // The mentee in two windows; the mentee and a mentor.
        let second = if round % 2 == 0 {
            (Role::Mentee, "done")
        } else {
            (Role::Mentor, "checked")
        };
        let moves = [(Role::Mentee, "done"), second];
        let both = moves.map(|(role, to)| (site.client(role), to));
        let path = path::item(site.ramp_id, "PAY-K1");
        let answers = at_once(2, |n| {
            let (client, to) = &both[n];
            client.send(&path, &[("from", "open"), ("to", to)])
        });
        let won = winner(&answers, 409);
        let (role, to) = moves[won];
        let word = if to == "done" { "Done" } else { "Checked" };
        answers[1 - won].assert_text(&format!(
            "{} moved “Read the failover runbook” to “{word}” in the meantime.",
            site.member(role).unwrap().name
        ));
        let marks: Vec<i64> = site
            .app
            .db(|c| Ok(item_marks::table.select(item_marks::by_id).load(c)?));
        assert_eq!(marks, [site.member(role).unwrap().id]);
        assert_eq!(told(&site, "item.marked"), 1);
    }
}

#[test]
fn a_second_key_waits_for_a_suspension_under_way_and_does_not_replace_it_in_silence() {
    let (site, id) = first_key_turned();
    let (now, held) = (site.app.now(), (site.mentee.id, site.area_id));
    let until = now.day().plus_days(20);
    let earlier = site.app.db(|c| {
        clearance::store::insert(c, &clearance::model::NewClearance::full(held, now, until))
    });
    let (lead, act) = (site.client(Role::OwnerLead), site.act(Role::Qualifier));
    let (ends_on, edition) = (now.day().plus_days(100).to_string(), site.edition());
    let fields = [
        ("decision", "approve"),
        ("note", ""),
        ("ends_on", &ends_on),
        ("edition", &edition),
    ];
    let reason = Note::parse("Lost the thread last night").unwrap();
    let answer = std::thread::scope(|scope| {
        let key = site.app.db(|c| {
            let deed = (Transition::Suspend, ClearanceState::Valid);
            change(c, &act, earlier, deed, &reason)?;
            let key = scope.spawn(|| lead.send(&path::decision(id), &fields));
            // It is sent before the suspension is committed, and has the time to look at what was so before.
            std::thread::sleep(Duration::from_millis(400));
            Ok(key)
        });
        key.join().unwrap()
    });
    answer
        .assert_status(409)
        .assert_text("clearance in Payments is suspended");
    let all = site
        .app
        .db(|c| clearance::store::of_person(c, site.mentee.id));
    let all: Vec<_> = all.iter().map(|k| (k.id, k.state)).collect();
    assert_eq!(all, [(earlier, ClearanceState::Suspended)]);
}
