//! The first card: what runs, what comes next, what waits. Its button does it.

use checkride::domain::ramp::MarkKind;
use checkride::domain::shift::ShiftKind;

use crate::shift::planned;
use crate::support::{Answer, Form, Role, Site, path, told};

fn hero(page: &Answer) -> String {
    page.part("class=\"card next\"", "</section>")
}

fn home(site: &Site, role: Role) -> Answer {
    site.client(role).get("/")
}

#[test]
fn a_mentee_marks_an_item_done_in_one_tap_and_is_back_on_home() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let page = mentee.get("/");
    let first = hero(&page);
    assert!(first.contains("Read the failover runbook"), "{first}");
    let action = path::item(site.ramp_id, "PAY-K1");
    let form = Form::on(&page, &action);
    form.send(&mentee).assert_leads_to("/");
    // Sent twice, it counts once.
    form.send(&mentee).assert_leads_to("/");
    assert_eq!(told(&site, "item.marked").len(), 1);
    let page = mentee.get("/");
    page.assert_text("Done: Read the failover runbook");
    let marks = site.dossier().marks;
    assert_eq!(marks[0].mark, MarkKind::Done);
    // The next one is on top, and the one that a mentor checks is no button of the mentee.
    assert!(hero(&page).contains("Get access to the payments dashboards"));
    assert!(!page.has_form(&action));
    // From a window that was open before: somebody was first.
    form.with("form_key", "0123456789abcdef0123")
        .send(&mentee)
        .assert_status(409);
    assert!(!home(&site, Role::Mentor).has_form(&action));
}

#[test]
fn the_next_line_is_self_assessed_planned_or_seen_where_it_is_done() {
    let site = Site::open();
    for code in ["PAY-K1", "PAY-K2"] {
        site.check(code);
    }
    let page = home(&site, Role::Mentee);
    let rate = path::self_assess(site.ramp_id, "architecture");
    assert!(hero(&page).contains("Self-assess"), "{}", hero(&page));
    assert!(page.body.contains(&format!("href=\"{rate}\"")));
    // All that the group has.
    for code in ["PAY-A1", "PAY-A2"] {
        site.self_assess(code, 2);
    }
    let page = home(&site, Role::Mentee);
    let first = hero(&page);
    assert!(first.contains("See the competency"), "{first}");
    assert!(!page.body.contains(&rate), "it is rated");
    for competency in &crate::support::sample::content().competencies {
        site.assess(
            &competency.code,
            i64::from(competency.required_level.number()),
        );
    }
    let page = home(&site, Role::Mentee);
    assert!(hero(&page).contains("Plan session"), "{}", hero(&page));
    site.plan_session(2);
    assert!(!hero(&home(&site, Role::Mentee)).contains("Plan session"));
    site.make_ready();
    assert!(hero(&home(&site, Role::Mentee)).contains("Ask for your sign-off in Payments"));
}

#[test]
fn a_session_that_is_over_opens_its_form_ready_to_be_recorded() {
    let site = Site::open();
    let plan = site.plan_session(1);
    site.app.wait_hours(3);
    let mentor = site.client(Role::Mentor);
    let page = mentor.get("/");
    assert!(hero(&page).contains("Record session"));
    let form = format!("/sessions/new?plan={plan}");
    assert!(page.body.contains(&format!("href=\"{form}\"")));
    mentor.get(&form).assert_text("What did you work on?");
    assert!(
        !page.text().contains("Also waits for you"),
        "it is said once"
    );
}

#[test]
fn a_shift_that_runs_is_on_top_for_the_two_on_it() {
    let site = Site::open();
    let id = planned(&site, ShiftKind::ReverseShadow, (-2, 2));
    for role in [Role::Mentee, Role::Qualifier] {
        let page = home(&site, role);
        assert!(hero(&page).contains("Runs now"), "{role:?}");
        assert!(
            page.body.contains(&format!("href=\"/shifts/{id}#ledger\"")),
            "{role:?}"
        );
    }
    assert!(!home(&site, Role::Mentor).text().contains("Runs now"));
    site.app.wait_hours(3);
    let page = home(&site, Role::Qualifier);
    assert!(
        hero(&page).contains("Debrief Leila Haddad's reverse-shadow shift, due 25 Nov"),
        "{}",
        hero(&page)
    );
}

#[test]
fn a_drill_that_runs_is_on_top_for_everyone_in_it_and_its_sheet_for_who_leads_it() {
    let site = Site::open();
    let id = site.plan_drill();
    for role in [Role::Mentor, Role::Stranger] {
        assert!(!home(&site, role).text().contains("Runs now"), "{role:?}");
    }
    site.app.wait_hours(1);
    site.client(Role::Mentor).begin_drill(id).assert_status(303);
    let sheet = format!("href=\"/drills/{id}/sheet\"");
    for role in [Role::Mentor, Role::Mentee, Role::Stranger, Role::MenteeLead] {
        let page = home(&site, role);
        assert!(hero(&page).contains("Monday morning"), "{role:?}");
        assert_eq!(page.body.contains(&sheet), role == Role::Mentor, "{role:?}");
    }
    assert!(!home(&site, Role::Qualifier).text().contains("Runs now"));
    site.client(Role::Mentor).end_drill(id).assert_status(303);
    assert!(!home(&site, Role::Stranger).text().contains("Runs now"));
    home(&site, Role::Mentor).assert_text("Debrief the drill Monday morning, Payments");
}
