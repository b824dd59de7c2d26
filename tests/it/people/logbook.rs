//! The page of a person as a logbook, and who may read how much of it (rule 9).

use checkride::domain::clearance;
use checkride::domain::people;
use checkride::domain::people::{Name, Reason};

use crate::support::factory::{PASSWORD, member};
use crate::support::{Role, Site, path};

fn page(site: &Site, role: Role, path: &str) -> String {
    site.client(role).get(path).assert_status(200).text()
}

#[test]
fn sessions_add_up_by_month_and_year() {
    let site = Site::open();
    site.hold_session(45);
    site.app.wait_hours(24 * 10);
    site.hold_session(30);
    let handle = &site.mentee.handle;
    let now = page(&site, Role::Mentee, &path::person(handle));
    assert!(now.contains("In 2026 2 sessions, 1 h 15 min"), "{now}");
    assert!(now.contains("December 1 session, 30 min"), "{now}");
    assert!(now.contains("November 1 session, 45 min"), "{now}");
    assert!(now.contains("Ramp set up Payments"), "{now}");

    // A month later it is another year: what was is brought forward.
    site.app.wait_hours(24 * 31);
    site.hold_session(60);
    let next = page(&site, Role::Mentee, &path::person(handle));
    assert!(next.contains("In 2027 1 session, 1 h"), "{next}");
    assert!(
        next.contains("Years before 2 sessions, 1 h 15 min"),
        "{next}"
    );
    assert!(next.contains("Total 3 sessions, 2 h 15 min"), "{next}");
    let last = page(&site, Role::Mentee, &format!("/people/{handle}?year=2026"));
    assert!(last.contains("In 2026 2 sessions, 1 h 15 min"), "{last}");
    assert!(last.contains("Total 3 sessions, 2 h 15 min"), "{last}");
    // A year nobody could write asks for this one.
    let odd = page(&site, Role::Mentee, &format!("/people/{handle}?year=99999"));
    assert!(odd.contains("Logbook 2027"), "{odd}");
}

#[test]
fn figures_are_for_the_person_their_mentors_and_their_leads() {
    let site = Site::open();
    site.hold_session(45);
    let of =
        |role, member: &crate::support::Member| page(&site, role, &path::person(&member.handle));
    for role in [
        Role::Mentee,
        Role::Mentor,
        Role::Qualifier,
        Role::OwnerLead,
        Role::MenteeLead,
        Role::Administrator,
    ] {
        let said = of(role, &site.mentee);
        assert!(
            said.contains("In 2026 1 session, 45 min"),
            "{role:?}: {said}"
        );
    }
    let stranger = of(Role::Stranger, &site.mentee);
    for word in ["45 min", "session,", "Ramp set up"] {
        assert!(!stranger.contains(word), "{word}: {stranger}");
    }
    assert!(
        stranger.contains("Ramping"),
        "that they ramp is open to all: {stranger}"
    );

    // The mentor's book has the session too, for those who may read the ramp; their clearance is open to all.
    let mentor = of(Role::Mentor, &site.mentor);
    assert!(mentor.contains("Payments, with Leila Haddad"), "{mentor}");
    let stranger = of(Role::Stranger, &site.mentor);
    assert!(!stranger.contains("Leila Haddad"), "{stranger}");
    assert!(stranger.contains("Cleared Payments"), "{stranger}");
}

#[test]
fn a_clearance_that_was_replaced_stays_in_the_book() {
    let site = Site::open();
    let (now, key) = (site.app.now(), (site.mentor.id, site.area_id));
    site.app.db(|c| {
        clearance::store::insert(
            c,
            &clearance::model::NewClearance::full(key, now, now.day().plus_days(400)),
        )
    });
    let said = page(&site, Role::Stranger, &path::person(&site.mentor.handle));
    assert_eq!(said.matches("Cleared Payments").count(), 2, "{said}");
    assert!(said.contains("1 before (Payments)"), "{said}");
}

#[test]
fn what_was_held_stays_in_the_book_of_somebody_who_left_with_an_open_ramp() {
    let site = Site::open();
    site.hold_session(45);
    let act = site.act(Role::Administrator);
    site.app.db(|c| {
        checkride::usecases::people::actions::deactivate(
            c,
            &act,
            &site.mentee.handle,
            &Reason::default(),
        )
    });
    let book = path::person(&site.mentee.handle);
    for role in [Role::Administrator, Role::MenteeLead, Role::Mentor] {
        let said = page(&site, role, &book);
        assert!(
            said.contains("In 2026 1 session, 45 min"),
            "{role:?}: {said}"
        );
    }
    // It stays in the mentor's book too, and is counted there.
    let mentor = page(&site, Role::Mentor, &path::person(&site.mentor.handle));
    assert!(mentor.contains("In 2026 1 session, 45 min"), "{mentor}");
    assert!(mentor.contains("Payments, with Leila Haddad"), "{mentor}");
    let stranger = page(&site, Role::Stranger, &book);
    assert!(!stranger.contains("45 min"), "{stranger}");
}

#[test]
fn a_lead_of_the_mentor_reads_what_they_held_but_not_with_whom() {
    let site = Site::open();
    site.hold_session(45);
    let now = site.app.now();
    // Leads a team that the mentor is in too; neither the area's nor the mentee's.
    let lead = site.app.db(|c| {
        let (team, _) = people::store::team_named(c, &Name::parse("Night shift").unwrap(), now)?;
        people::store::put_membership(c, (team, site.mentor.id), false, now)?;
        member(c, now, "Ada Brook", "UTC", Some((team, true)))
    });
    let client = site.app.client();
    client.sign_in(&lead.email, PASSWORD).assert_status(303);
    client.ramp_page(site.ramp_id).assert_status(403);
    let book = client.person_page(&site.mentor.handle);
    book.assert_text("In 2026 1 session, 45 min");
    let said = book.text();
    assert!(!said.contains("Leila"), "{said}");
    let session = format!("/sessions/{}\"", site.dossier().sessions[0].id);
    assert!(!book.body.contains(&session), "{said}");
}
