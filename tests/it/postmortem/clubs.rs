//! The page of a reading club: who sees who was there, and what stays of one that is cancelled.

use super::discussed::{asking_for, club};
use crate::support::sample::document;
use crate::support::{Form, Role, Site};

#[test]
fn who_was_there_is_told_to_themselves_to_whoever_led_it_and_to_their_mentors_and_leads() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let (mentee, stranger) = (site.mentee.id, site.stranger.id);
    let id = club(&site, &slug, &[mentee, stranger], &[mentee]);
    // Of the mentee, who came, and of the stranger, who did not.
    let sees = |role: Role| {
        let page = site.client(role).get(&format!("/clubs/{id}"));
        let text = page.assert_status(200).text();
        for name in ["Leila Haddad", "Tomasz Wilk"] {
            assert!(text.contains(name), "who was invited is open: {text}");
        }
        (
            text.contains("Leila Haddad Was there"),
            text.contains("Tomasz Wilk Was not there"),
            text.contains("Who was invited"),
        )
    };
    for (role, expected) in [
        // Led it and wrote it down.
        (Role::Mentor, (true, true, false)),
        (Role::Mentee, (true, false, true)),
        (Role::Stranger, (false, true, true)),
        // Leads the team of both.
        (Role::MenteeLead, (true, true, true)),
        (Role::Qualifier, (false, false, true)),
        (Role::OwnerLead, (false, false, true)),
        (Role::Administrator, (false, false, true)),
    ] {
        assert_eq!(sees(role), expected, "{role:?}");
    }
}

#[test]
fn mentors_see_of_their_own_mentees_whether_they_came() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let id = led_by_the_qualifier(&site, &slug);
    let text = site
        .client(Role::Mentor)
        .get(&format!("/clubs/{id}"))
        .text();
    assert!(text.contains("Leila Haddad Was there"), "{text}");
    assert!(!text.contains("Tomasz Wilk Was"), "{text}");
}

fn led_by_the_qualifier(site: &Site, slug: &str) -> i64 {
    use checkride::usecases::postmortem::club::actions::{NewPlan, People, held, plan};
    let act = site.act(Role::Qualifier);
    let people = People {
        chosen: [site.mentee.id, site.stranger.id].into(),
        named: Vec::new(),
    };
    site.app.db(|c| {
        let new = NewPlan {
            starts_at: act.now.plus_hours(-1),
            minutes: checkride::domain::session::Minutes::USUAL,
            note: Default::default(),
            people: people.clone(),
        };
        let id = plan(c, &act, slug, &new)?;
        checkride::db::locks::begin();
        held(c, &act, id, &people)?;
        Ok(id)
    })
}

#[test]
fn what_was_to_be_brought_stays_beside_the_reason_it_was_called_off_for() {
    let site = asking_for(1);
    let slug = site.teach(&document());
    let mentor = site.client(Role::Mentor);
    let new = format!("/library/{slug}/clubs/new");
    let planned = Form::on(&mentor.get(&new), &new)
        .with("person", &site.mentee.id.to_string())
        .with("note", "Bring the runbook")
        .send(&mentor);
    let page = planned.assert_status(303).location().to_owned();
    let cancel = format!("{page}/cancel");
    Form::on(&mentor.get(&page), &cancel)
        .with("reason", "A real incident")
        .send(&mentor)
        .assert_leads_to(&page);
    site.client(Role::Mentee)
        .get(&page)
        .assert_text("Bring the runbook Cancelled: A real incident")
        .assert_text("Who was invited");
}
