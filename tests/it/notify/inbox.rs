//! The inbox: told in the transaction of the deed, read and done.

use checkride::db::schema::clearances;
use diesel::prelude::*;

use super::{letters, subjects};
use crate::support::{Decision, Oversight, Role, Site, path};

#[test]
fn a_sign_off_is_told_to_who_can_turn_its_key_and_to_nobody_else() {
    let site = Site::open();
    site.make_ready();
    let [mentee, mentor, lead] =
        [Role::Mentee, Role::Mentor, Role::OwnerLead].map(|r| site.client(r));
    let id = mentee.ask(site.ramp_id);
    let first = "Leila Haddad, Payments: The first key of the sign-off is due";
    assert_eq!(subjects(&site.app, &site.mentor), [first]);
    for other in [&site.mentee, &site.qualifier, &site.owner_lead] {
        assert_eq!(subjects(&site.app, other), Vec::<String>::new());
    }
    let letter = &letters(&site.app, &site.mentor)[0];
    assert_eq!(
        letter.button,
        Some(("Review".into(), format!("/sign-offs/{id}")))
    );
    assert_eq!(letter.thread, Some(format!("ramp:{}", site.ramp_id)));
    assert_eq!(letter.ends, None, "what one must decide cannot be ended");
    mentor
        .get("/inbox")
        .assert_text("Waits for you 1")
        .assert_text("Leila Haddad asked for the sign-off today; the first key is due")
        .assert_text("New");
    assert!(mentor.get("/board").body.contains("<title>(1) "));

    // The key is turned: nothing waits for the mentor any more, and the second key waits for others.
    mentor.turn_first_key(id, "Ready").assert_status(303);
    assert!(mentor.get("/board").body.contains("<title>Readiness"));
    mentor
        .get("/inbox")
        .assert_text("Nothing waits for you")
        .assert_text("The first key of the sign-off is due Done");
    let second = "Leila Haddad, Payments: The second key of the sign-off is due";
    for other in [&site.qualifier, &site.owner_lead] {
        assert_eq!(subjects(&site.app, other), [second]);
    }
    lead.decide(id, Decision::Approve, "Well done")
        .assert_status(303);
    assert_eq!(
        subjects(&site.app, &site.mentee),
        ["Your clearance, Payments: You are cleared: practise by 21 Feb 2027"]
    );
    assert_eq!(
        subjects(&site.app, &site.mentee_lead),
        ["Leila Haddad, Payments: Leila Haddad is cleared: practise by 21 Feb 2027"]
    );
    site.client(Role::Qualifier)
        .get("/inbox")
        .assert_text("Nothing waits for you");
}

#[test]
fn a_refused_deed_tells_nobody() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    mentee
        .send_request(site.ramp_id, "Please")
        .assert_status(422);
    assert_eq!(subjects(&site.app, &site.mentor), Vec::<String>::new());
}

#[test]
fn the_same_form_sent_twice_tells_once() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let form = mentor
        .session_form(site.ramp_id)
        .with("summary", "Drained a queue");
    form.send(&mentor).assert_status(303);
    form.send(&mentor).assert_status(303);
    let mentee = site.client(Role::Mentee);
    let inbox = mentee.get("/inbox");
    assert_eq!(
        inbox.text().matches("recorded your session of").count(),
        1,
        "{}",
        inbox.text()
    );
}

#[test]
fn the_inbox_is_read_line_by_line_or_whole_and_only_by_its_owner() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    for summary in ["One", "Two"] {
        mentor
            .record_session(site.ramp_id, summary, &[("another", "1")])
            .assert_status(303);
        site.app.wait_hours(1);
    }
    let mentee = site.client(Role::Mentee);
    assert_eq!(mentee.get("/inbox/count").body, "2");
    let inbox = mentee.get("/inbox");
    inbox.assert_text("2 unread");
    let line = inbox
        .body
        .split("href=\"/inbox/")
        .filter_map(|rest| rest.split('"').next())
        .find(|id| id.parse::<i64>().is_ok())
        .unwrap()
        .to_owned();
    let line = format!("/inbox/{line}");
    for other in [&mentor, &site.client(Role::Administrator)] {
        other.get(&line).assert_status(404);
    }
    assert!(
        mentee
            .get(&line)
            .header("location")
            .starts_with("/sessions/")
    );
    assert_eq!(mentee.get("/inbox/count").body, "1");

    // What comes after the page was loaded is not marked with it.
    let form = mentee.form("/inbox", "/inbox/read");
    site.app.wait_hours(1);
    mentor
        .record_session(site.ramp_id, "Three", &[("another", "1")])
        .assert_status(303);
    form.send(&mentee).assert_leads_to("/inbox");
    assert_eq!(mentee.get("/inbox/count").body, "1");
    mentee.post("/inbox/read", &[]).assert_status(422);
}

#[test]
fn a_page_that_asks_for_the_count_keeps_no_session_alive() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    for _ in 0..25 {
        site.app.wait_hours(1);
        mentee.get("/inbox/count");
    }
    mentee.get("/inbox/count").assert_status(303);
}

#[test]
fn a_session_that_comes_back_to_its_time_is_told_each_time() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let id = site.plan_session(48);
    for time in ["2026-11-26T11:00", "2026-11-27T11:00", "2026-11-26T11:00"] {
        site.app.wait_hours(1);
        mentee
            .form(&path::session(id), &path::session_form(id, "move"))
            .with("starts_at", time)
            .send(&mentee)
            .assert_status(303);
    }
    let moved = subjects(&site.app, &site.mentor);
    let moved = moved.iter().filter(|s| s.contains("moved the session"));
    assert_eq!(moved.count(), 3);
}

#[test]
fn whatever_is_mailed_about_a_ramp_is_one_thread() {
    let site = Site::open();
    site.make_ready();
    let [mentee, mentor, lead] =
        [Role::Mentee, Role::Mentor, Role::OwnerLead].map(|r| site.client(r));
    let plan = format!("/ramps/{}/shifts/plan", site.ramp_id);
    let mut shift = mentee.form_at(&plan).with("kind", "shadow");
    for (field, value) in [
        ("with", site.qualifier.id.to_string().as_str()),
        ("starts_at", "2026-11-24T13:00"),
        ("ends_at", "2026-11-24T17:00"),
        ("may_page", "As agreed"),
        ("runbooks", "As agreed"),
        ("learner_job", "As agreed"),
        ("who_may_touch", "As agreed"),
        ("brief_reason", "As agreed"),
    ] {
        shift = shift.with(field, value);
    }
    shift.send(&mentee).assert_status(303);
    let talk = format!("/ramps/{}/comments", site.ramp_id);
    mentee.say(&talk, &format!("@{} one question", site.mentor.handle));
    let id = mentee.ask(site.ramp_id);
    mentor.turn_first_key(id, "Ready").assert_status(303);
    lead.decide(id, Decision::Approve, "Well done")
        .assert_status(303);
    let held: i64 = site.app.db(|c| {
        Ok(clearances::table
            .select(clearances::id)
            .order(clearances::id.desc())
            .first(c)?)
    });
    lead.oversee(held, Oversight::Suspend, "A pause")
        .assert_status(303);
    site.app.wait_seconds(60);
    lead.oversee(held, Oversight::Reinstate, "Back")
        .assert_status(303);
    // A week before its last day.
    site.app.wait_hours(24 * 358);
    site.app.rounds();
    let of = |member| letters(&site.app, member).into_iter();
    let mut subjects = Vec::new();
    let both = of(&site.mentee).chain(of(&site.mentor));
    for letter in both.chain(of(&site.qualifier)) {
        let is_digest =
            letter.subject.starts_with("Your week") || letter.subject.starts_with("Today");
        let expected = (!is_digest).then(|| format!("ramp:{}", site.ramp_id));
        assert_eq!(letter.thread, expected, "{}", letter.subject);
        subjects.push(letter.subject);
    }
    let all = subjects.join("\n");
    for told in [
        "planned a shift",
        "mentioned you",
        "You are cleared",
        "suspended",
        "reinstated",
    ] {
        assert!(all.contains(told), "{told}: {all}");
    }
}
