//! A record that was wrong: undone at once, or corrected afterwards.

use checkride::domain::signoff::record::Record;

use super::{latest, record, winner};
use crate::support::{Form, Role, Site, at_once, path};

#[test]
fn a_fresh_record_is_undone_by_its_recorder_for_ten_minutes_unless_a_judgement_rests_on_it() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let id = record(&site, &mentor, &[("help-PAY-I1", "3")]);
    let path = path::session_form(id, "undo");
    let said = mentor.ramp_page(site.ramp_id);
    assert!(said.has_form(&path), "the message carries the button");
    assert!(!mentor.ramp_page(site.ramp_id).has_form(&path), "once");
    site.app.wait_seconds(9 * 60);
    mentor.session_page(id).assert_text("for 1 more minute");
    site.app.wait_seconds(61);
    assert!(!mentor.session_page(id).has_form(&path));
    mentor
        .send(&path, &[])
        .assert_status(409)
        .assert_text("for ten minutes after it was recorded. Correct it instead");

    let id = record(&site, &mentor, &[("help-PAY-I1", "3")]);
    let assess = path::assess(site.ramp_id, "incident");
    let rest = [
        ("level-PAY-I1", "3"),
        ("source-PAY-I1", &format!("session-{id}")),
    ];
    mentor.send(&assess, &rest).assert_status(303);
    let path = path::session_form(id, "undo");
    assert!(!mentor.session_page(id).has_form(&path));
    mentor
        .send(&path, &[])
        .assert_status(409)
        .assert_text("Marcus Oyelaran’s assessment of PAY-I1 rests on this session already");
}

#[test]
fn a_correction_counts_keeps_what_rests_on_it_and_leaves_the_original_readable() {
    let site = Site::open();
    let (mentor, mentee) = (site.client(Role::Mentor), site.client(Role::Mentee));
    let id = record(
        &site,
        &mentor,
        &[
            ("help-PAY-I1", "3"),
            ("next_actions", "Drain it\nTell finance"),
        ],
    );
    let assess = path::assess(site.ramp_id, "incident");
    let rest = [
        ("level-PAY-I1", "3"),
        ("source-PAY-I1", &format!("session-{id}")),
    ];
    mentor.send(&assess, &rest).assert_status(303);
    let action = site.dossier().next_actions[0].id;
    mentee
        .send(
            &format!("{}/next-actions/{action}", path::ramp(site.ramp_id)),
            &[("to", "done")],
        )
        .assert_status(303);
    site.app.wait_hours(5);

    let path = path::session_form(id, "correct");
    let fresh = mentor.form_at(&path);
    assert_eq!(fresh.get("summary"), Some("Failed over and back"));
    assert_eq!(fresh.get("next_actions"), Some("Drain it\nTell finance"));
    assert_eq!(fresh.get("help-PAY-I1"), Some("3"));
    fresh
        .send(&mentor)
        .assert_status(422)
        .assert_text("Nothing here differs from what is recorded.");
    let lost = mentor
        .form_at(&path)
        .with("help-PAY-I1", "")
        .with("minutes", "90");
    let answer = lost.send(&mentor);
    answer.assert_status(422).assert_text(
        "Marcus Oyelaran’s assessment of PAY-I1 rests on this session. Keep PAY-I1 as practised",
    );
    assert_eq!(Form::on(&answer, &path).get("minutes"), Some("90"));
    mentor
        .form_at(&path)
        .with("help-PAY-I1", "4")
        .with("minutes", "90")
        .with("reason", "We stayed on")
        .send(&mentor)
        .assert_status(303);

    let correction = latest(&site);
    for page in [path::session(id), path::session(correction)] {
        mentee
            .get(&page)
            .assert_text("Length 45 min 90 min")
            .assert_text("PAY-I1 3 Mentor reachable 4 Alone");
    }
    mentee
        .session_page(id)
        .assert_text("Marcus Oyelaran corrected it on Mon 23 Nov, 15:00 . See the current record")
        .assert_text("We stayed on")
        .assert_text("Mentor reachable");
    // The mentee has not assessed it yet, so what the mentor said is not open to them.
    site.client(Role::Qualifier)
        .session_page(correction)
        .assert_text("Assessments based on it");
    let d = site.dossier();
    assert_eq!(
        d.readiness.gates[2].progress,
        "1 of 1 sessions, 90 of 30 minutes"
    );
    assert!(d.readiness.competency("PAY-I1").unwrap().met);
    // What was ticked off stays ticked off; the rest is still to be done, once.
    let open: Vec<&str> = d.next_actions.iter().map(|a| a.body.as_str()).collect();
    assert_eq!(open, ["Tell finance"]);
    let history = mentee.get(&path::competency(site.ramp_id, "PAY-I1"));
    assert!(
        history.body.contains(&path::session(correction))
            && !history.body.contains(&format!("\"{}\"", path::session(id)))
    );

    // The frozen record names the one that counts, and says that it was corrected.
    site.make_ready();
    let act = site.act(Role::Mentee);
    let note = checkride::domain::signoff::Note::parse("").unwrap();
    site.app
        .db(|c| checkride::usecases::signoff::actions::request(c, &act, site.ramp_id, &note));
    let dossier = site.dossier();
    let drawn = Record::build(&dossier, &dossier.signoffs[0], &Default::default(), |_| {
        None
    })
    .unwrap();
    let told: Vec<(i32, bool)> = drawn
        .sessions
        .iter()
        .map(|s| (s.minutes, s.corrected))
        .collect();
    assert_eq!(told, [(45, false), (90, true)]);
}

#[test]
fn a_correction_is_made_by_the_recorder_or_the_primary_mentor_and_by_nobody_else() {
    let site = Site::open();
    let now = site.app.now();
    site.app.db(|c| {
        use checkride::domain::ramp::PairingRole::Secondary;
        crate::support::factory::pair(c, site.ramp_id, site.qualifier.id, Secondary, 7, now)
    });
    let (mentor, helper) = (site.client(Role::Mentor), site.client(Role::Qualifier));
    let of_mentor = path::session_form(record(&site, &mentor, &[]), "correct");
    let of_helper = path::session_form(record(&site, &helper, &[]), "correct");
    helper
        .get(&of_mentor)
        .assert_status(403)
        .assert_text("This session can be corrected only by Marcus Oyelaran, who recorded it, while they mentor this ramp.");
    mentor.get(&of_helper).assert_status(200);
    helper.get(&of_helper).assert_status(200);
}

#[test]
fn of_two_corrections_at_once_one_wins_and_the_other_is_told() {
    for _ in 0..6 {
        let site = Site::open();
        let now = site.app.now();
        site.app.db(|c| {
            use checkride::domain::ramp::PairingRole::Secondary;
            crate::support::factory::pair(c, site.ramp_id, site.qualifier.id, Secondary, 7, now)
        });
        let both = [site.client(Role::Mentor), site.client(Role::Qualifier)];
        let id = record(&site, &both[1], &[]);
        let path = path::session_form(id, "correct");
        let forms = [0, 1].map(|n| {
            let minutes = ["60", "90"][n];
            both[n].form_at(&path).with("minutes", minutes)
        });
        let answers = at_once(2, |n| forms[n].send(&both[n]));
        let won = winner(&answers);
        let (name, zone) = [
            ("Marcus Oyelaran", "10:00 (Europe/Stockholm)"),
            ("Sofia Lindqvist", "09:00 (Europe/London)"),
        ][won];
        answers[1 - won].assert_text(&format!(
            "{name} corrected this session on Mon 23 Nov, {zone}"
        ));
        let d = site.dossier();
        let counting: Vec<i32> = d
            .sessions
            .iter()
            .filter(|s| s.counts())
            .map(|s| s.minutes)
            .collect();
        assert_eq!(counting, [[60, 90][won]]);
        assert_eq!(d.sessions.len(), 2);
    }
}
