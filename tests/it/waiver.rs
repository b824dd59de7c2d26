//! Waivers: asked for, decided by somebody independent, visible beside what they excuse, over by themselves.

use checkride::db::types::Day;
use checkride::domain::ramp::RampState;
use checkride::domain::readiness::Excused;
use checkride::domain::signoff::record::Record;
use checkride::domain::signoff::store::of_ramps;
use checkride::domain::waiver;
use checkride::domain::waiver::WaiverState;
use checkride::domain::waiver::model::Waiver;

use crate::support::{Answer, Client, Form, Role, Site, at_once, path};

/// A ramp on which one checklist item alone is open.
fn almost_ready() -> Site {
    let site = Site::open();
    site.make_ready();
    let (ramp, by, now) = (site.ramp_id, site.mentor.id, site.app.now());
    site.app.db(|c| {
        let open = checkride::domain::ramp::MarkKind::Open;
        checkride::domain::ramp::store::insert_mark(c, ramp, "PAY-K2", open, by, now)
    });
    site
}

fn path(site: &Site) -> String {
    path::ramp_form(site.ramp_id, "waivers")
}

fn day(site: &Site, ahead: i64) -> Day {
    site.app.now().day().plus_days(ahead)
}

/// Asks through the form of the page.
fn ask(site: &Site, client: &Client, subject: &str, ahead: i64) -> Answer {
    let page = path(site);
    Form::on(&client.get(&page), &page)
        .with("subject", subject)
        .with("ends_on", &day(site, ahead).to_string())
        .with("reason", "The tool is not there yet")
        .send(client)
}

fn latest(site: &Site) -> Waiver {
    let all = site.app.db(|c| waiver::store::of_ramp(c, site.ramp_id));
    all.into_iter().next().unwrap()
}

/// Decides the latest one.
fn decide(site: &Site, client: &Client, decision: &str, ahead: i64) -> Answer {
    let id = latest(site).id;
    let (decision_field, ends_on, note) = (
        format!("decision-{id}"),
        format!("ends_on-{id}"),
        format!("note-{id}"),
    );
    let last = day(site, ahead).to_string();
    let fields = [
        (decision_field.as_str(), decision),
        (ends_on.as_str(), last.as_str()),
        (note.as_str(), "As agreed"),
    ];
    client.send(&format!("{}/{id}/decision", path(site)), &fields)
}

fn revoke(site: &Site, client: &Client, reason: &str) -> Answer {
    let id = latest(site).id;
    let field = format!("reason-{id}");
    let path = format!("{}/{id}/revoke", path(site));
    client.send(&path, &[(field.as_str(), reason)])
}

fn state(site: &Site) -> WaiverState {
    waiver::state(&latest(site), site.app.now().day())
}

/// Sends a sign-off from its request to the decision.
fn signed(site: &Site) -> i64 {
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let ask = path::ask(site.ramp_id);
    mentee.submit(&ask, &ask, &[]).assert_status(303);
    let id = site.app.db(|c| of_ramps(c, &[site.ramp_id]))[0].id;
    let page = path::signoff(id);
    mentor
        .submit(
            &page,
            &format!("{page}/first-key"),
            &[("recommendation", "Steady")],
        )
        .assert_status(303);
    id
}

fn approve(site: &Site, id: i64) -> Answer {
    site.approve(&site.client(Role::OwnerLead), id)
}

#[test]
fn a_waiver_from_the_question_to_its_end_and_the_gate_opens_again() {
    let site = almost_ready();
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let (lead, qualifier) = (site.client(Role::OwnerLead), site.client(Role::Qualifier));
    let ramp = path::ramp(site.ramp_id);
    mentee
        .get(&path(&site))
        .assert_text("No waiver was asked for on this ramp.");

    // Asked: visible, and nothing is excused.
    ask(&site, &mentee, "item:PAY-K2", 20).assert_status(303);
    let page = mentee.get(&ramp);
    mentee
        .checklist_page(site.ramp_id)
        .assert_text("Leila Haddad asked to waive it until 13 Dec, not decided yet");
    page.assert_text("Checklist items checked 1 of 2 items")
        .assert_text("Waivers, 1 to be decided");
    mentee.get("/").assert_text("waiver until 13 Dec asked for");
    assert!(!site.dossier().readiness.is_ready());
    for (role, told) in [
        (&lead, true),
        (&qualifier, true),
        (&mentor, false),
        (&mentee, false),
    ] {
        let home = role.get("/").text();
        assert_eq!(home.contains("1 waiver is asked for"), told, "{home}");
    }
    mentor.get(&path(&site)).assert_text("Pending");
    assert!(!mentor.get(&path(&site)).has_form(&format!(
        "{}/{}/decision",
        path(&site),
        latest(&site).id
    )));

    // Granted until a sooner day than was asked for.
    decide(&site, &qualifier, "grant", 10).assert_status(303);
    assert_eq!(state(&site), WaiverState::Active);
    mentee
        .get(&ramp)
        .assert_text("2 of 2 items, 1 waived")
        .assert_text("Ready for sign-off");
    mentee
        .checklist_page(site.ramp_id)
        .assert_text("Waived until 3 Dec by Sofia Lindqvist")
        .assert_text("1 of 2 checked, 1 waived");
    mentee.get("/").assert_text("2 of 2 checked or waived");
    mentee
        .get(&path(&site))
        .assert_text("Until 3 Dec in 10 days")
        .assert_text("asked for until 13 Dec")
        .assert_text("Granted by Sofia Lindqvist");
    assert!(!lead.get("/").text().contains("waiver is asked for"));

    // A sign-off rests on it: its page says so, and nothing moves it.
    let id = signed(&site);
    let signoff = path::signoff(id);
    lead.get(&signoff)
        .assert_text("1 waiver applies")
        .assert_text("Waived until 3 Dec by Sofia Lindqvist: The tool is not there yet");
    revoke(&site, &lead, "Not needed")
        .assert_status(409)
        .assert_text("A sign-off of this ramp is being decided")
        .assert_text("Not needed");
    assert!(!mentee.get(&path(&site)).has_form(&path(&site)));

    // Its last day counts whole; on the day after, the gate is open and the second key is refused.
    site.app.wait_hours(24 * 10 + 14);
    assert_eq!(site.app.now().iso(), "2026-12-03T23:00:00Z");
    assert!(site.dossier().readiness.is_ready());
    site.app.wait_hours(1);
    assert!(!site.dossier().readiness.is_ready());
    assert_eq!(state(&site), WaiverState::Expired);
    let (lead, mentee) = (site.client(Role::OwnerLead), site.client(Role::Mentee));
    approve(&site, id)
        .assert_status(422)
        .assert_text("1 gate is open");
    lead.get(&signoff).assert_text("1 of 2 items");
    mentee
        .submit(
            &signoff,
            &format!("{signoff}/withdraw"),
            &[("reason", "It ended")],
        )
        .assert_status(303);
    mentee
        .get(&path(&site))
        .assert_text("Expired")
        .assert_text("Until 3 Dec yesterday");
    let page = mentee.get(&ramp).text();
    assert!(!page.contains("Waived until"), "{page}");

    // Asked for anew, granted, and counted in the frozen copy, which stays when the waiver is over.
    ask(&site, &mentee, "item:PAY-K2", 5).assert_status(303);
    decide(&site, &lead, "grant", 5).assert_status(303);
    let id = signed(&site);
    approve(&site, id).assert_status(303);
    site.app.wait_hours(24 * 30);
    let frozen = site.app.db(|c| of_ramps(c, &[site.ramp_id]));
    let frozen = frozen.iter().find(|s| s.id == id).unwrap();
    let record = Record::thaw(frozen.record.as_deref().unwrap()).unwrap();
    assert_eq!(record.waived(), 1);
    let waived = record.items[1].waived.as_ref().unwrap();
    assert_eq!(waived.by.name, "Ruth Abara");
    site.client(Role::OwnerLead)
        .signoff_page(id)
        .assert_text("1 waiver applies")
        .assert_text("Waived until 9 Dec 2026 by Ruth Abara");
    site.client(Role::Mentor)
        .send(
            &path(&site),
            &[
                ("subject", "item:PAY-K1"),
                ("reason", "x"),
                ("ends_on", &day(&site, 1).to_string()),
            ],
        )
        .assert_status(409)
        .assert_text("This ramp is closed");
}

#[test]
fn a_gate_that_a_waiver_holds_does_not_look_like_a_met_one() {
    let site = Site::open();
    let (mentor, lead) = (site.client(Role::Mentor), site.client(Role::OwnerLead));
    ask(&site, &mentor, "gate:sessions", 30).assert_status(303);
    decide(&site, &lead, "grant", 30).assert_status(303);
    let page = mentor.ramp_page(site.ramp_id);
    page.assert_text("Working sessions 0 of 1 sessions, 0 of 30 minutes");
    assert!(page.body.contains("gate is-waived"), "{}", page.body);
    assert!(!page.body.contains("gate is-met"));
    for page in ["/", &path::ask(site.ramp_id)] {
        let page = site.client(Role::Mentee).get(page);
        assert!(page.body.contains("gate is-waived"), "{}", page.body);
        page.assert_text("waived until 23 Dec");
    }
    // Met by itself, it is met; the waiver stays on its page.
    site.hold_session(45);
    let page = mentor.ramp_page(site.ramp_id);
    assert!(page.body.contains("gate is-met"));
    assert_eq!(site.dossier().readiness.waived(), 0);
    mentor.get(&path(&site)).assert_text("1 active");
}

#[test]
fn a_record_without_waivers_is_what_it_was_before_there_were_any() {
    let site = Site::open();
    site.make_ready();
    let id = signed(&site);
    approve(&site, id).assert_status(303);
    let signoffs = site.app.db(|c| of_ramps(c, &[site.ramp_id]));
    let frozen = signoffs[0].record.as_deref().unwrap();
    assert!(!frozen.contains("waive"), "{frozen}");
    assert_eq!(Record::thaw(frozen).unwrap().waived(), 0);
}

#[test]
fn what_cannot_be_asked_for() {
    let site = Site::open();
    site.check("PAY-K1");
    let mentee = site.client(Role::Mentee);
    // subject, days ahead, reason, the sentence
    let table = [
        ("", 10, "Why", "Choose what is to be waived."),
        ("gate:levels", 10, "Why", "Levels cannot be waived"),
        (
            "gate:checklist",
            10,
            "Why",
            "Waive the checklist item by item",
        ),
        (
            "gate:drills",
            10,
            "Why",
            "There is no such gate on this ramp.",
        ),
        ("item:PAY-K1", 10, "Why", "This item is checked"),
        ("item:PAY-K9", 10, "Why", "There is no such checklist item"),
        ("item:PAY-K2", -1, "Why", "The last day is in the past."),
        ("item:PAY-K2", 181, "Why", "A waiver lasts 180 days at most"),
        ("item:PAY-K2", 10, " ", "Say why it cannot be done in time."),
    ];
    for (subject, ahead, reason, sentence) in table {
        let ends_on = day(&site, ahead).to_string();
        let fields = [
            ("subject", subject),
            ("ends_on", &ends_on),
            ("reason", reason),
        ];
        let answer = mentee.send(&path(&site), &fields);
        answer.assert_status(422).assert_text(sentence);
        assert_eq!(
            Form::on(&answer, &path(&site)).get("ends_on"),
            Some(ends_on.as_str())
        );
    }
    ask(&site, &mentee, "item:PAY-K2", 10).assert_status(303);
    ask(&site, &site.client(Role::Mentor), "item:PAY-K2", 12)
        .assert_status(409)
        .assert_text("Leila Haddad asked for this waiver already")
        .assert_text("The tool is not there yet");
    let lead = site.client(Role::OwnerLead);
    decide(&site, &lead, "grant", 11)
        .assert_status(422)
        .assert_text("a waiver may end sooner, not later");
    decide(&site, &lead, "", 10)
        .assert_status(422)
        .assert_text("Choose what you decide.");
    decide(&site, &lead, "grant", 10).assert_status(303);
    ask(&site, &mentee, "item:PAY-K2", 10)
        .assert_status(422)
        .assert_text("It is waived until 3 Dec 2026 already.");
    // A longer one may be asked for while the first still holds.
    ask(&site, &mentee, "item:PAY-K2", 40).assert_status(303);
}

#[test]
fn one_that_nobody_decides_blocks_nothing_and_ends() {
    let site = almost_ready();
    let mentee = site.client(Role::Mentee);
    ask(&site, &mentee, "item:PAY-K2", 2).assert_status(303);
    site.check("PAY-K2");
    assert!(
        site.dossier().readiness.is_ready(),
        "a pending one blocks nothing"
    );
    site.app.wait_hours(24 * 3);
    assert_eq!(state(&site), WaiverState::Expired);
    decide(&site, &site.client(Role::OwnerLead), "grant", 0)
        .assert_status(409)
        .assert_text("This waiver ended on 25 Nov 2026");
    assert!(
        !site
            .client(Role::OwnerLead)
            .get("/")
            .text()
            .contains("waiver is asked for")
    );
}

#[test]
fn refused_and_revoked_ones_stay_on_record_and_excuse_nothing() {
    let site = almost_ready();
    let (mentee, lead) = (site.client(Role::Mentee), site.client(Role::OwnerLead));
    ask(&site, &mentee, "item:PAY-K2", 20).assert_status(303);
    decide(&site, &lead, "refuse", 20).assert_status(303);
    assert_eq!(state(&site), WaiverState::Refused);
    assert!(!site.dossier().readiness.is_ready());
    mentee
        .get(&path(&site))
        .assert_text("Refused by Ruth Abara")
        .assert_text("As agreed");
    ask(&site, &mentee, "item:PAY-K2", 20).assert_status(303);
    revoke(&site, &lead, "Too early")
        .assert_status(409)
        .assert_text("Nobody has decided on this waiver yet");
    decide(&site, &lead, "grant", 20).assert_status(303);
    revoke(&site, &lead, " ")
        .assert_status(422)
        .assert_text("Say why.");
    revoke(&site, &lead, "The access is there now").assert_status(303);
    assert_eq!(state(&site), WaiverState::Revoked);
    assert!(!site.dossier().readiness.is_ready());
    mentee
        .get(&path(&site))
        .assert_text("Revoked by Ruth Abara")
        .assert_text("The access is there now");
    let excused = Excused::Item("PAY-K2".into());
    let (dossier, today) = (site.dossier(), site.app.now().day());
    assert!(waiver::holding(&dossier.waivers, &excused, today).is_none());
    site.client(Role::Administrator)
        .get(path::AUDIT_LOG)
        .assert_text("revoked the waiver of “PAY-K2 Get access to the payments dashboards”")
        .assert_text("refused a waiver of “PAY-K2");
}

#[test]
fn waivers_move_neither_before_a_ramp_is_accepted_nor_after_it_is_closed() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    ask(&site, &mentee, "item:PAY-K2", 20).assert_status(303);
    for (at, words) in [
        (RampState::Proposed, "This ramp is proposed"),
        (
            RampState::InReview,
            "A sign-off of this ramp is being decided",
        ),
    ] {
        site.put_into(at);
        decide(&site, &site.client(Role::OwnerLead), "grant", 20)
            .assert_status(409)
            .assert_text(words);
    }
    site.put_into(RampState::Paused);
    decide(&site, &site.client(Role::OwnerLead), "grant", 20).assert_status(303);
}

#[test]
fn two_who_decide_a_waiver_at_once_are_one_who_decides_and_one_who_is_told() {
    for _ in 0..4 {
        let site = Site::open();
        ask(&site, &site.client(Role::Mentee), "item:PAY-K2", 20).assert_status(303);
        let both = [Role::OwnerLead, Role::Qualifier].map(|role| site.client(role));
        let words = ["grant", "refuse"];
        let answers = at_once(2, |n| decide(&site, &both[n], words[n], 20));
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let granted = answers[0].status == 303;
        assert_eq!(latest(&site).granted, Some(granted));
        let who = if granted {
            "Ruth Abara granted"
        } else {
            "Sofia Lindqvist refused"
        };
        answers[usize::from(granted)].assert_text(who);
    }
}

#[test]
fn two_who_ask_for_the_same_at_once_are_one_waiver() {
    let site = Site::open();
    let both = [Role::Mentee, Role::Mentor].map(|role| site.client(role));
    let answers = at_once(2, |n| ask(&site, &both[n], "item:PAY-K2", 20));
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(
        site.app
            .db(|c| waiver::store::of_ramp(c, site.ramp_id))
            .len(),
        1
    );
}
