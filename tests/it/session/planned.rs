//! A session to come: read by both, moved, called off, missed, recorded.

use checkride::domain::session::SessionState;

use super::{card, latest, plan, winner};
use crate::support::{Form, Role, Site, at_once, path};

#[test]
fn a_plan_is_read_by_both_on_their_own_clocks_and_named_beside_what_it_covers() {
    let site = Site::open();
    // London plans; Tunis is an hour ahead.
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let page = path::plan_session(site.ramp_id);
    let fresh = mentor.form_at(&page);
    assert_eq!(fresh.get("starts_at"), Some("2026-11-23T10:00"));
    assert_eq!(
        fresh.get("topic"),
        Some("PAY-A2"),
        "what is open comes filled in"
    );
    mentor
        .get(&page)
        .assert_text("Leila Haddad reads times in Africa/Tunis.");
    let answer = fresh
        .with("starts_at", "2026-11-26T09:00")
        .with("agenda", "Bring the runbook")
        .send(&mentor);
    let place = answer.assert_status(303).location().to_owned();
    mentor
        .get(&place)
        .assert_text("planned for Thu 26 Nov, 09:00: 10:00 for Leila (Africa/Tunis)")
        .assert_text("Bring the runbook")
        .assert_text("Shows the architecture of payments, part 2");
    mentee
        .get(&place)
        .assert_text("Thu 26 Nov, 10:00 in 3 days 09:00 for Marcus (Europe/London)");
    for page in [path::ramp(site.ramp_id), "/".into()] {
        mentee
            .get(&page)
            .assert_text("Thu 26 Nov, 10:00 with Marcus Oyelaran");
        mentor.get(&page).assert_text("Thu 26 Nov, 09:00");
    }
    let missing = mentee.ramp_page(site.ramp_id);
    let obstacles = card(&missing, "ob");
    assert!(obstacles.contains(&format!("href=\"{place}\"")));
    assert!(
        obstacles.contains("/sessions/plan?topic=PAY-I1"),
        "others can be planned for"
    );

    // The mentee plans too, but not at the same time, nor in the past.
    for (starts_at, sentence) in [
        (
            "2026-11-26T10:30",
            "Another session of yours is planned for Thu 26 Nov, 10:00",
        ),
        ("2026-11-20T10:30", "This start is in the past."),
        ("", "Enter the day and time it is to begin."),
    ] {
        let wrong = mentee
            .form_at(&page)
            .with("starts_at", starts_at)
            .with("agenda", "Mine <b>");
        let answer = wrong.send(&mentee);
        answer.assert_status(422).assert_text(sentence);
        assert_eq!(
            Form::on(&answer, &page).typed(),
            wrong.typed(),
            "nothing typed is lost"
        );
    }
    assert_eq!(site.dossier().plans.len(), 1);
}

#[test]
fn a_plan_is_moved_and_called_off_and_every_step_stays() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let place = plan(&site, &mentor, "2026-11-26T09:00");
    let (moving, cancelling) = (format!("{place}/move"), format!("{place}/cancel"));
    let seen_by_both = mentor.form(&place, &moving);
    mentee
        .form(&place, &moving)
        .with("starts_at", "2026-11-27T11:00")
        .with("move_reason", "Dentist")
        .send(&mentee)
        .assert_leads_to(&place);
    mentor
        .get(&place)
        .assert_text("Leila Haddad moved it from Thu 26 Nov, 09:00 to Fri 27 Nov, 10:00")
        .assert_text("Dentist");
    // What the mentor had before them is not so any more.
    let overtaken = seen_by_both
        .with("starts_at", "2026-11-28T09:00")
        .send(&mentor);
    overtaken.assert_status(409).assert_text(
        "Leila Haddad moved this session to Fri 27 Nov, 10:00 (Europe/London) in the meantime.",
    );
    // The form keeps what was typed, and names the time that is stored now.
    let again = Form::on(&overtaken, &moving);
    assert_eq!(again.get("starts_at"), Some("2026-11-28T09:00"));
    let stored = mentor.form(&place, &moving);
    assert_eq!(again.get("from"), stored.get("from"));
    mentor
        .form(&place, &cancelling)
        .send(&mentor)
        .assert_status(422)
        .assert_text("Say why, in a few words.");
    mentor
        .form(&place, &cancelling)
        .with("cancel_reason", "On call")
        .send(&mentor)
        .assert_leads_to(&place);
    let page = mentee.get(&place);
    page.assert_text("Cancelled")
        .assert_text("Marcus Oyelaran cancelled it")
        .assert_text("On call");
    assert!(!page.has_form(&moving));
    mentee
        .send(&cancelling, &[("cancel_reason", "Me too")])
        .assert_status(409)
        .assert_text("Marcus Oyelaran cancelled this session on Mon 23 Nov, 10:00 (Africa/Tunis)");
    assert!(site.dossier().plans.is_empty());
    mentee
        .sessions_page(site.ramp_id)
        .assert_text("No session is planned");
}

#[test]
fn who_did_not_come_is_said_once_the_session_has_begun() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let place = plan(&site, &mentee, "2026-11-23T12:00");
    let path = format!("{place}/no-show");
    assert!(!mentee.get(&place).has_form(&path));
    mentee
        .send(&path, &[("absent", "mentor")])
        .assert_status(409)
        .assert_text("This session has not begun.");
    site.app.wait_hours(3);
    mentee
        .send(&path, &[])
        .assert_status(422)
        .assert_text("Say who did not come.");
    mentee
        .send(&path, &[("absent", "mentor"), ("no_show_note", "Paged")])
        .assert_leads_to(&place);
    mentee
        .get(&place)
        .assert_text("No-show")
        .assert_text("Leila Haddad: the mentor did not come");
    assert!(site.dossier().sessions.iter().all(|s| !s.counts()));
}

#[test]
fn a_plan_whose_time_went_by_waits_for_its_mentor_and_fills_the_record_in() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let plan = site.plan_session(2);
    assert!(!mentor.get("/").text().contains("Record or cancel"));
    site.app.wait_hours(4);
    mentor
        .get("/")
        .assert_text("The session of Mon 23 Nov, 11:00 was not recorded yet");
    assert!(!mentee.get("/").text().contains("Record or cancel"));
    let before = site.dossier();

    let form = mentor.session_form(site.ramp_id);
    for (field, filled_in) in [
        ("plan", plan.to_string().as_str()),
        ("kind", "lab"),
        ("minutes", "45"),
        ("starts_at", "2026-11-23T11:00"),
    ] {
        assert_eq!(form.get(field), Some(filled_in), "{field}");
    }
    let asked = mentor.get(&path::new_session(site.ramp_id));
    asked
        .assert_text("As planned for Mon 23 Nov, 11:00 .")
        .assert_text("Bring the runbook");
    let first = asked.body.find("help-PAY-I2").unwrap();
    assert!(
        first < asked.body.find("help-PAY-A1").unwrap(),
        "what was planned stands first"
    );
    let other = format!("/sessions/new?ramp={}&plan=none", site.ramp_id);
    assert_eq!(
        Form::on(&mentor.get(&other), path::NEW_SESSION).get("plan"),
        None
    );

    let twin = form
        .clone()
        .with("summary", "As planned")
        .with("form_key", "0123456789abcdef0");
    form.with("summary", "As planned")
        .with("help-PAY-I2", "3")
        .send(&mentor)
        .assert_status(303);
    let late = twin.send(&mentor);
    late.assert_status(409)
        .assert_text("Marcus Oyelaran recorded this session on Mon 23 Nov, 13:00")
        .assert_text("Save this only if it was another session");
    // What was typed is not lost. Sent again, it is a session without a plan.
    let again = Form::on(&late, path::NEW_SESSION);
    assert_eq!(again.get("summary"), Some("As planned"));
    assert_eq!(again.get("plan"), None);
    let held = latest(&site);
    mentor
        .session_page(plan)
        .assert_text("Marcus Oyelaran recorded that it was held")
        .assert_text("See the current record");
    mentor
        .session_page(held)
        .assert_text("It was planned for Mon 23 Nov, 11:00 .");
    assert!(!mentor.get("/").text().contains("Record or cancel"));

    // Taken back, the plan waits again, and everything is as it was.
    mentor.undo_session(held).assert_status(303);
    let after = site.dossier();
    assert_eq!(
        (after.readiness, after.plans),
        (before.readiness, before.plans)
    );
    mentor.get("/").assert_text("Record or cancel");
    mentor
        .session_page(held)
        .assert_text("Undone")
        .assert_text("Marcus Oyelaran undid the record");
}

#[test]
fn a_plan_recorded_and_called_off_at_once_is_one_of_them() {
    for _ in 0..6 {
        let site = Site::open();
        let plan = site.plan_session(-2);
        let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
        let held = mentor.session_form(site.ramp_id).with("summary", "We met");
        let answers = at_once(2, |n| match n {
            0 => held.send(&mentor),
            _ => mentee.send(
                &path::session_form(plan, "cancel"),
                &[("cancel_reason", "Ill")],
            ),
        });
        let won = winner(&answers);
        let d = site.dossier();
        let counting = d.sessions.iter().filter(|s| s.counts()).count();
        assert_eq!(counting, 1 - won);
        let state = d.sessions.iter().find(|s| s.id == plan).unwrap().state;
        assert_eq!(state == SessionState::Cancelled, won == 1);
        assert!(d.plans.is_empty());
    }
}

#[test]
fn a_planned_session_covers_the_gap_that_is_about_one_of_its_topics() {
    let site = Site::open();
    site.ask_for_signoff();
    site.turn_first_key();
    let signoff = site.dossier().signoffs[0].id;
    let edition = site.edition();
    let returned = [
        ("decision", "return"),
        ("note", "Once more, alone"),
        ("gaps", "PAY-I2 Alone, at night\nTell the lead first"),
        ("edition", &edition),
    ];
    site.client(Role::OwnerLead)
        .send(&path::decision(signoff), &returned)
        .assert_status(303);
    let gaps = site.dossier().gaps;
    let gap = |n: usize| format!("{}/gaps/{}", path::ramp(site.ramp_id), gaps[n].id);
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let plan = path::plan_session(site.ramp_id);
    // It is at its level: only the review asks for it, and so the form of a session offers it.
    let form = mentor.get(&plan);
    form.assert_text("PAY-I2, at its level already; a review named: Alone, at night");
    let form = Form::on(&form, &plan).with("starts_at", "2026-11-26T09:00");
    assert_eq!(form.get("topic"), Some("PAY-I2"), "suggested first");
    form.send(&mentor).assert_status(303);
    // Leila is an hour ahead of London, where Marcus planned it.
    let booked = "Thu 26 Nov, 10:00 with Marcus Oyelaran";
    mentee.get(&path::ramp(site.ramp_id)).assert_text(&format!(
        "Alone, at night PAY-I2, named when the sign-off was returned Marcus Oyelaran {booked}"
    ));
    // On home it is the next step.
    mentee
        .get("/")
        .assert_text("Alone, at night PAY-I2, named when the sign-off was returned.")
        .assert_text(&format!("Planned for {booked}."));
    mentee
        .get(&gap(0))
        .assert_text(&format!("A session covers it: {booked}"));
    let other = mentee.get(&gap(1));
    assert!(!other.text().contains("A session covers it"));
    mentor
        .send(&gap(0), &[("note", "She did")])
        .assert_status(303);
    let closed = mentee.get(&gap(0));
    assert!(!closed.text().contains("A session covers it"));
}
