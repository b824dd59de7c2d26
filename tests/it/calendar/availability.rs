//! When people can meet, as they say it themselves.

use checkride::usecases::availability::free_times;

use crate::support::{Form, Role, Site, TestApp, at_once, path, told};

#[test]
fn hours_are_set_on_a_form_that_loses_nothing() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let page = mentee.get(path::AVAILABILITY);
    page.assert_text("All times are in Africa/Tunis.")
        .assert_text("These are the usual hours.");
    let form = Form::on(&page, path::AVAILABILITY);
    assert_eq!(form.get("Monday"), Some("09:00-17:00"));
    assert_eq!(form.get("Sunday"), Some(""));

    let wrong = form
        .clone()
        .with("Monday", "all day <b>")
        .with("Tuesday", "12-9")
        .with("Saturday", "10–12");
    let answer = wrong.send(&mentee);
    answer
        .assert_status(422)
        .assert_text("Enter hours such as 09:00-12:00, 13:00-17:00.")
        .assert_text("12-9 ends before it begins.");
    assert_eq!(Form::on(&answer, path::AVAILABILITY).typed(), wrong.typed());

    let right = Form::on(&answer, path::AVAILABILITY)
        .with("Monday", "8-12, 13:30-16")
        .with("Tuesday", "");
    right.send(&mentee).assert_status(303);
    let saved = mentee.get(path::AVAILABILITY);
    let saved = Form::on(&saved, path::AVAILABILITY);
    assert_eq!(saved.get("Monday"), Some("08:00-12:00, 13:30-16:00"));
    assert_eq!(saved.get("Tuesday"), Some(""));
    assert_eq!(saved.get("Saturday"), Some("10:00-12:00"));
    assert_eq!(told(&site, "person.hours_changed").len(), 1);

    // The form that was opened before is told what was saved since, and keeps what it says.
    let late = form.with("Friday", "9-10").send(&mentee);
    late.assert_status(409)
        .assert_text("Saved now: Monday 08:00-12:00, 13:30-16:00");
    let late = Form::on(&late, path::AVAILABILITY);
    assert_eq!(late.get("Friday"), Some("9-10"));
    late.send(&mentee).assert_status(303);
}

#[test]
fn of_two_who_save_at_once_one_is_told() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let forms = ["9-10", "10-11"].map(|hours| {
        let page = mentor.get(path::AVAILABILITY);
        Form::on(&page, path::AVAILABILITY).with("Monday", hours)
    });
    let mut statuses = at_once(2, |n| forms[n].send(&mentor).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

#[test]
fn an_absence_is_added_and_removed_by_the_person_alone() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    let form = || Form::on(&mentor.get(path::AVAILABILITY), path::ABSENCES);
    mentor.get(path::AVAILABILITY).assert_text("None ahead.");
    let wrong = form()
        .with("first_on", "2026-12-10")
        .with("last_on", "2026-12-01");
    let answer = wrong.send(&mentor);
    answer
        .assert_status(422)
        .assert_text("The last day is before the first one.");
    assert_eq!(Form::on(&answer, path::ABSENCES).typed(), wrong.typed());
    form()
        .with("first_on", "2026-12-01")
        .with("last_on", "2026-12-10")
        .send(&mentor)
        .assert_status(303);
    let page = mentor.get(path::AVAILABILITY);
    page.assert_text("1 Dec to 10 Dec");
    form()
        .with("first_on", "2026-12-10")
        .send(&mentor)
        .assert_status(422)
        .assert_text("You have an absence on one of these days already.");

    let (_, rest) = page.body.split_once("/me/absences/").unwrap();
    let remove = format!("/me/absences/{}/remove", rest.split('/').next().unwrap());
    site.client(Role::Mentee)
        .send(&remove, &[])
        .assert_status(404);
    site.client(Role::MenteeLead)
        .send(&remove, &[])
        .assert_status(404);
    let kept = Form::on(&page, &remove);
    kept.send(&mentor).assert_status(303);
    kept.send(&mentor).assert_status(303);
    mentor.send(&remove, &[]).assert_status(404);
    mentor.get(path::AVAILABILITY).assert_text("None ahead.");
    assert_eq!(told(&site, "person.absence_added").len(), 1);
    assert_eq!(told(&site, "person.absence_removed").len(), 1);
}

/// Says that somebody is away on those days.
fn away(site: &Site, role: Role, (first, last): (&str, &str)) {
    let client = site.client(role);
    Form::on(&client.get(path::AVAILABILITY), path::ABSENCES)
        .with("first_on", first)
        .with("last_on", last)
        .send(&client)
        .assert_status(303);
}

#[test]
fn planning_offers_times_at_which_both_are_free() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    // London on a Monday at nine; Tunis is an hour ahead.
    site.plan_session(2);
    away(&site, Role::Mentee, ("2026-11-24", "2026-11-24"));
    let page = mentor.get(&path::plan_session(site.ramp_id));
    page.assert_text("Mon 23 Nov, 10:00: 11:00 for Leila (Africa/Tunis)")
        .assert_text("Mon 23 Nov, 12:00: 13:00 for Leila (Africa/Tunis)")
        .assert_text("Wed 25 Nov, 09:00: 10:00 for Leila (Africa/Tunis)")
        .assert_text("Leila Haddad: away on 24 Nov.");
    assert!(!page.text().contains("Tue 24 Nov"), "{}", page.text());

    let form = Form::on(&page, &path::plan_session(site.ramp_id));
    assert_eq!(form.get("free"), Some(""), "none is chosen beforehand");
    let wrong = form
        .clone()
        .with("free", "2026-11-25T09:00:00Z")
        .with("kind", "");
    let back = wrong.send(&mentor);
    back.assert_status(422);
    let back = Form::on(&back, &path::plan_session(site.ramp_id));
    assert_eq!(
        back.get("free"),
        Some("2026-11-25T09:00:00Z"),
        "it stays chosen"
    );
    let made = form.with("free", "2026-11-25T09:00:00Z").send(&mentor);
    mentor
        .get(made.assert_status(303).location())
        .assert_text("planned for Wed 25 Nov, 09:00");
    mentor
        .get(&path::plan_session(site.ramp_id))
        .assert_text("Wed 25 Nov, 09:45");
}

#[test]
fn an_absence_is_named_where_a_mentor_is_chosen() {
    let site = Site::open();
    away(&site, Role::Qualifier, ("2026-12-01", "2026-12-10"));
    site.client(Role::OwnerLead)
        .get(&path::new_ramp(&site.area_slug))
        .assert_text("; away 1 Dec to 10 Dec");
}

#[test]
fn times_of_many_guests_cost_no_more_statements_than_those_of_one() {
    let (app, statements) = TestApp::counted();
    let site = Site::open_on(app);
    let (now, mentor) = (site.app.now(), site.mentor.id);
    let all = [
        mentor,
        site.mentee.id,
        site.qualifier.id,
        site.stranger.id,
        site.owner_lead.id,
    ];
    site.plan_session(24);
    let counts = [&all[..1], &all[..]].map(|ids| {
        let guests: Vec<_> = ids.iter().map(|id| (*id, "UTC".to_owned())).collect();
        statements.take();
        let times = site.app.db(|c| free_times(c, &guests, 45, now, 4));
        assert_eq!(times.len(), 4);
        statements.take().len()
    });
    assert_eq!(counts[0], counts[1]);
    assert!((1..=7).contains(&counts[0]), "{counts:?}");
}
