//! What was agreed to come next.

use super::record;
use crate::support::{Client, Form, Role, Site, path};

#[test]
fn next_actions_are_carried_until_either_side_ticks_them_off() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    record(
        &site,
        &mentor,
        &[(
            "next_actions",
            "Drain <captures>\r\n\r\nTell finance\r\nName the three failures",
        )],
    );
    for client in [&mentor, &mentee] {
        client
            .sessions_page(site.ramp_id)
            .assert_text("3 open")
            .assert_text("Drain <captures>");
        client.get("/").assert_text("Drain <captures>");
    }
    let open = site.dossier().next_actions;
    let tick = |n: usize| format!("{}/next-actions/{}", path::ramp(site.ramp_id), open[n].id);
    let both = [("to", "done")];
    mentee.send(&tick(0), &both).assert_status(303);
    mentor.send(&tick(0), &both).assert_status(409).assert_text(
        "Leila Haddad ticked “Drain <captures>” off on Mon 23 Nov, 09:00 (Europe/London).",
    );

    // In the next record the others are check boxes; what stays open is carried on.
    let carried = mentor.get(&path::new_session(site.ramp_id));
    carried
        .assert_text("Finished since last time")
        .assert_text("Tell finance since 23 Nov");
    let id = record(
        &site,
        &mentor,
        &[
            ("done", &open[1].id.to_string()),
            ("next_actions", "Reconcile"),
        ],
    );
    let bodies = || -> Vec<String> {
        let open = site.dossier().next_actions;
        open.into_iter().map(|a| a.body).collect()
    };
    assert_eq!(bodies(), ["Name the three failures", "Reconcile"]);
    mentor.undo_session(id).assert_status(303);
    assert_eq!(
        bodies(),
        ["Tell finance", "Name the three failures"],
        "undone is as before"
    );

    mentor.send(&tick(0), &[("to", "open")]).assert_status(303);
    assert_eq!(bodies().len(), 3);
    let long = format!("fine\n{}", "x".repeat(301));
    let wrong = mentor
        .session_form(site.ramp_id)
        .with("summary", "Talked")
        .with("next_actions", &long);
    let answer = wrong.send(&mentor);
    answer
        .assert_status(422)
        .assert_text("Line 2: This has 301 characters. The limit is 300.");
    assert_eq!(Form::on(&answer, path::NEW_SESSION).typed(), wrong.typed());
}

/// Corrects a record: its session took longer.
fn correct(client: &Client, id: i64, minutes: &str) -> i64 {
    let path = path::session_form(id, "correct");
    let form = client.form_at(&path).with("minutes", minutes);
    let answer = form.with("another", "yes").send(client);
    let place = answer.assert_status(303).location().to_owned();
    let place = place.split(['?', '#']).next().unwrap().to_owned();
    place.rsplit('/').next().unwrap().parse().unwrap()
}

#[test]
fn what_was_ticked_off_can_be_opened_again_after_a_correction_as_before_it() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let agreed = record(
        &site,
        &mentor,
        &[("next_actions", "Drain it\nTell finance\nRotate")],
    );
    let open = || -> Vec<String> {
        let all = site.dossier().next_actions;
        all.into_iter().map(|a| a.body).collect()
    };
    let send = |id: i64, to: &str| {
        let path = format!("{}/next-actions/{id}", path::ramp(site.ramp_id));
        mentee.send(&path, &[("to", to)]).assert_status(303);
    };
    // One is ticked off in a later session, one by itself; then what they were agreed in is corrected.
    site.app.wait_hours(1);
    let ticked = site.dossier().next_actions[0].id.to_string();
    let later = record(&site, &mentor, &[("done", &ticked)]);
    send(site.dossier().next_actions[0].id, "done");
    assert_eq!(open(), ["Rotate"]);
    let correction = correct(&mentor, agreed, "90");
    assert_eq!(open(), ["Rotate"], "what is done stays done");

    // The session that ticked it off is undone.
    mentor.undo_session(later).assert_status(303);
    assert_eq!(open(), ["Drain it", "Rotate"]);
    // The other is opened again by hand, where it stands now.
    let rows = site
        .app
        .db(|c| checkride::domain::session::next::store::of_sessions(c, &[correction]));
    send(rows[1].id, "open");
    assert_eq!(open(), ["Drain it", "Tell finance", "Rotate"]);
}

#[test]
fn a_correction_that_is_taken_back_takes_back_nothing_else() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let agreed = record(
        &site,
        &mentor,
        &[("next_actions", "Drain it\nTell finance\nRotate")],
    );
    let open = || site.dossier().next_actions;
    let bodies = || -> Vec<String> { open().into_iter().map(|a| a.body).collect() };
    let send = |id: i64, to: &str| {
        let path = format!("{}/next-actions/{id}", path::ramp(site.ramp_id));
        mentee.send(&path, &[("to", to)]).assert_status(303);
    };
    send(open()[0].id, "done");
    site.app.wait_hours(1);
    let correction = correct(&mentor, agreed, "90");
    // Between the correction and its undoing one is opened again, one ticked off by itself, one in another session.
    let rows = site
        .app
        .db(|c| checkride::domain::session::next::store::of_sessions(c, &[correction]));
    send(rows[0].id, "open");
    send(rows[1].id, "done");
    let later = record(&site, &mentor, &[("done", &rows[2].id.to_string())]);
    assert_eq!(bodies(), ["Drain it"]);
    mentor.undo_session(correction).assert_status(303);
    assert_eq!(bodies(), ["Drain it"], "ticks are not part of a correction");
    mentor.undo_session(later).assert_status(303);
    assert_eq!(bodies(), ["Drain it", "Rotate"]);
}
