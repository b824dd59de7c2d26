//! Post-mortems on home: reading clubs to be at and to close, and what comes back to mind.

use checkride::domain::postmortem::{Document, Transition};
use checkride::domain::session::Minutes;
use checkride::usecases::postmortem::club::actions::{NewPlan, People, plan};
use checkride::words::Words;

use crate::support::sample::document;
use crate::support::{Role, Site, at};

/// The mentor plans one with the mentee, so many hours from now.
fn club_in(site: &Site, slug: &str, hours: i64) -> i64 {
    let act = site.act(Role::Mentor);
    let mentee = site.mentee.id;
    site.app.db(|c| {
        let new = NewPlan {
            starts_at: act.now.plus_hours(hours),
            minutes: Minutes::USUAL,
            note: Words::default(),
            people: People {
                chosen: [mentee].into(),
                named: Vec::new(),
            },
        };
        plan(c, &act, slug, &new)
    })
}

fn home(site: &Site, role: Role) -> String {
    site.client(role).get("/").assert_status(200).text()
}

#[test]
fn a_club_is_on_home_in_its_week_and_whoever_led_it_is_reminded_to_close_it() {
    let site = Site::open();
    let slug = site.teach(&Document {
        occurred_at: at("2026-06-01T10:00:00Z"),
        ..document()
    });
    assert!(!home(&site, Role::Mentee).contains("Post-mortems Library"));
    let id = club_in(&site, &slug, 24 * 8);
    let ahead = "Reading club: Captures were doubled";
    assert!(!home(&site, Role::Mentee).contains(ahead));
    site.app.wait_hours(24 * 2);
    let text = home(&site, Role::Mentee);
    assert!(text.contains(ahead), "{text}");
    assert!(
        text.contains(&format!("in 6 days, led by {}", site.mentor.name)),
        "{text}"
    );
    assert!(home(&site, Role::Mentor).contains("in 6 days, led by you"));
    assert!(
        !home(&site, Role::Qualifier).contains(ahead),
        "who is not in it"
    );

    site.app.wait_hours(24 * 6 + 1);
    let reminder = "say who was there, so that it counts for them";
    let text = home(&site, Role::Mentor);
    assert!(text.contains(reminder) && !text.contains(ahead), "{text}");
    let text = home(&site, Role::Mentee);
    assert!(!text.contains(reminder) && !text.contains(ahead), "{text}");
    site.client(Role::Mentor)
        .send(
            &format!("/clubs/{id}/held"),
            &[("person", &site.mentee.id.to_string())],
        )
        .assert_status(303);
    assert!(!home(&site, Role::Mentor).contains(reminder));
}

#[test]
fn what_happened_a_year_ago_comes_back_to_those_whom_its_area_concerns() {
    let site = Site::open();
    let line = "One year ago: Captures were doubled";
    let slug = site.teach(&document());
    for (role, sees) in [
        (Role::Mentee, true),
        (Role::Mentor, true),
        (Role::Qualifier, true),
        (Role::OwnerLead, true),
        (Role::Stranger, false),
        (Role::MenteeLead, false),
        (Role::Administrator, false),
    ] {
        assert_eq!(home(&site, role).contains(line), sees, "{role:?}");
    }
    // A teachable one alone, and for a week on either side of the day.
    site.make_transition(Role::Qualifier, &slug, Transition::Retire);
    assert!(!home(&site, Role::Mentee).contains(line));
    let slug = site.teach(&Document {
        title: "The origin melted".into(),
        occurred_at: at("2023-11-28T10:00:00Z"),
        ..document()
    });
    let text = home(&site, Role::Mentee);
    assert!(text.contains("3 years ago: The origin melted"), "{text}");
    site.app.wait_hours(24 * 14);
    assert!(
        !home(&site, Role::Mentee).contains("The origin melted"),
        "{slug}"
    );
}
