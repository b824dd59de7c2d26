//! The first steps of each part: until they are done, or put away for good.

use checkride::domain::people::store;

use crate::support::{Form, Role, Site, at_once};

const CARD: &str = "First steps";

#[test]
fn each_part_has_its_own_steps_and_its_part_of_the_guide() {
    let site = Site::open();
    for (role, title, guide) in [
        (Role::Mentee, "Your first ramp", "for-a-mentee-"),
        (Role::Mentor, "Your first mentee", "for-a-mentor-"),
        (
            Role::Administrator,
            "Your installation",
            "for-an-administrator-",
        ),
    ] {
        let page = site.client(role).get("/");
        page.assert_text(&format!("{CARD}: {title}"));
        let link = page.body.split("/help/guide/").nth(1).unwrap();
        let anchor = link.split('"').next().unwrap();
        assert!(anchor.starts_with(guide), "{anchor}");
        let part = site.client(role).get(&format!("/help/guide/{anchor}"));
        part.assert_status(200);
        site.client(role)
            .get("/help/guide/nothing")
            .assert_status(404);
        let guide = site.client(role).get("/help/guide").body;
        assert!(
            guide.contains(&format!("/help/guide/{anchor}\"")),
            "{anchor}"
        );
    }
    assert!(!site.client(Role::Stranger).get("/").text().contains(CARD));
    assert!(!site.client(Role::Qualifier).get("/").text().contains(CARD));
}

#[test]
fn the_card_goes_by_itself_when_its_steps_are_done() {
    let site = Site::open();
    let mentor = site.client(Role::Mentor);
    mentor.get("/").assert_text("1 of 3 done");
    site.hold_session(30);
    mentor.get("/").assert_text("2 of 3 done");
    site.assess("PAY-A1", 2);
    assert!(!mentor.get("/").text().contains(CARD));
    let mentee = site.client(Role::Mentee);
    mentee.get("/").assert_text("2 of 4 done");
    site.self_assess("PAY-A1", 2);
    site.check("PAY-K1");
    assert!(!mentee.get("/").text().contains(CARD));
}

#[test]
fn put_away_it_stays_away_and_only_for_that_person_and_part() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let form = Form::on(&mentee.get("/"), "/welcome");
    // Two windows at once, and the same form again.
    let statuses = at_once(2, |_| {
        let part = [("part", "mentee")];
        site.client(Role::Mentee).send("/welcome", &part).status
    });
    assert_eq!(statuses, [303, 303]);
    for _ in 0..2 {
        form.send(&mentee).assert_leads_to("/");
    }
    assert!(!mentee.get("/").text().contains(CARD));
    assert!(!site.client(Role::Mentee).get("/").text().contains(CARD));
    site.client(Role::Mentor).get("/").assert_text(CARD);
    let stored = site.app.db(|c| store::welcomed(c, site.mentee.id));
    assert_eq!(stored, "mentee");
    mentee
        .send("/welcome", &[("part", "pilot")])
        .assert_status(422);
    site.client(Role::SignedOut)
        .send("/welcome", &[("part", "mentee")])
        .assert_status(401);
}
