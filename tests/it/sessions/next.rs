//! What was agreed to come next.

use super::{of, ramp, record, record_form};
use crate::support::{Form, Role, Site};

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
            .get(&ramp(&site))
            .assert_text("3 open")
            .assert_text("Drain <captures>");
        client.get("/").assert_text("Drain <captures>");
    }
    let open = site.dossier().next_actions;
    let tick = |n: usize| format!("{}/next-actions/{}", ramp(&site), open[n].id);
    let both = [("to", "done")];
    mentee.send(&tick(0), &both).assert_status(303);
    mentor.send(&tick(0), &both).assert_status(409).assert_text(
        "Leila Haddad ticked “Drain <captures>” off on Mon 23 Nov, 09:00 (Europe/London).",
    );

    // In the next record the others are check boxes; what stays open is carried on.
    let carried = mentor.get(&format!("/sessions/new?ramp={}", site.ramp_id));
    carried
        .assert_text("Done since last time")
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
    mentor
        .send(&format!("{}/undo", of(id)), &[])
        .assert_status(303);
    assert_eq!(
        bodies(),
        ["Tell finance", "Name the three failures"],
        "undone is as before"
    );

    mentor.send(&tick(0), &[("to", "open")]).assert_status(303);
    assert_eq!(bodies().len(), 3);
    let long = format!("fine\n{}", "x".repeat(301));
    let wrong = record_form(&site, &mentor)
        .with("summary", "Talked")
        .with("next_actions", &long);
    let answer = wrong.send(&mentor);
    answer
        .assert_status(422)
        .assert_text("Line 2: This has 301 characters; 300 is the most.");
    assert_eq!(Form::on(&answer, "/sessions/new").typed(), wrong.typed());
}
