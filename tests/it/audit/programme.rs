//! The programme audit: what it finds, and for whom.

use checkride::domain::area;
use checkride::domain::waiver::Subject;

use crate::support::{Role, Site};

const PAGE: &str = "/audit/programme";

fn page(site: &Site, role: Role) -> String {
    site.client(role).get(PAGE).assert_status(200).text()
}

#[test]
fn a_programme_that_is_well_has_no_finding() {
    let site = Site::open();
    let said = page(&site, Role::OwnerLead);
    assert!(said.contains("Nothing found"), "{said}");
    assert!(!said.contains("What to do"), "{said}");
}

#[test]
fn a_qualifier_who_is_not_cleared_is_found_in_the_areas_one_leads() {
    let site = Site::open();
    let now = site.app.now();
    site.app
        .db(|c| area::store::designate(c, site.area_id, site.stranger.id, None, now));
    for role in [Role::OwnerLead, Role::Administrator] {
        let said = page(&site, role);
        assert!(said.contains("Qualifier list is stale"), "{said}");
        assert!(said.contains(&site.stranger.name), "{said}");
    }
    let other = page(&site, Role::MenteeLead);
    assert!(!other.contains(&site.stranger.name), "{other}");
    site.client(Role::Mentor)
        .get(PAGE)
        .assert_status(403)
        .assert_text("Only leads and administrators");
}

#[test]
fn sessions_recorded_at_once_before_a_request_are_found() {
    let site = Site::open();
    site.app.wait_hours(24 * 20);
    let mentor = site.client(Role::Mentor);
    for day in ["25", "26", "27"] {
        let starts = format!("2026-11-{day}T09:00");
        mentor
            .record_session(
                site.ramp_id,
                "Walked through a failover",
                &[("starts_at", &starts)],
            )
            .assert_status(303);
    }
    assert!(!page(&site, Role::OwnerLead).contains("recorded within a day"));
    site.ask_for_signoff();
    let said = page(&site, Role::OwnerLead);
    assert!(
        said.contains("3 sessions of earlier days recorded within a day"),
        "{said}"
    );
    // Each of them has its page, in the file too.
    let lead = site.client(Role::OwnerLead);
    let page = lead.get(PAGE).body;
    assert_eq!(page.matches("\">Session of ").count(), 3, "{page}");
    let file = lead.get("/audit/programme.csv").body;
    let lines = file.lines().filter(|line| line.contains("Session of"));
    assert_eq!(lines.count(), 3, "{file}");
}

#[test]
fn a_waiver_past_its_end_is_found_while_its_ramp_is_open() {
    use checkride::db::schema::waivers;
    use diesel::prelude::*;
    let site = Site::open();
    let (now, today) = (site.app.now(), site.app.now().day());
    site.app.db(|c| {
        diesel::insert_into(waivers::table)
            .values((
                waivers::ramp_id.eq(site.ramp_id),
                waivers::subject.eq(Subject::Gate),
                waivers::code.eq("sessions"),
                waivers::reason.eq("A quiet quarter"),
                waivers::asked_until.eq(today),
                waivers::ends_on.eq(today),
                waivers::asked_by.eq(site.mentor.id),
                waivers::asked_at.eq(now),
                waivers::granted.eq(Some(true)),
                waivers::decided_by.eq(Some(site.owner_lead.id)),
                waivers::decided_at.eq(Some(now)),
                waivers::decision_note.eq(""),
                waivers::revoke_reason.eq(""),
            ))
            .execute(c)?;
        Ok(())
    });
    assert!(!page(&site, Role::OwnerLead).contains("days over"));
    site.app.wait_hours(24 * 3);
    let said = page(&site, Role::OwnerLead);
    assert!(said.contains("3 days over"), "{said}");
}

#[test]
fn a_finding_lists_no_judgement_that_is_sealed_from_the_reader() {
    use checkride::db::schema::assessments;
    use checkride::domain::assessment::Stream;
    use checkride::domain::people;
    use checkride::domain::standard::Level;
    use diesel::prelude::*;
    let site = Site::open();
    let (now, team) = (site.app.now(), crate::permissions::owners(&site));
    site.app.db(|c| {
        people::store::put_membership(c, (team, site.mentee.id), true, now)?;
        for _ in 0..25 {
            diesel::insert_into(assessments::table)
                .values((
                    assessments::ramp_id.eq(site.ramp_id),
                    assessments::competency_code.eq("PAY-A1"),
                    assessments::stream.eq(Stream::Mentor),
                    assessments::level.eq(Level::new(4)),
                    assessments::by_id.eq(site.mentor.id),
                    assessments::at.eq(now),
                    assessments::evidence.eq("Talked it through"),
                ))
                .execute(c)?;
        }
        Ok(())
    });
    let listed = |role: Role, path: &str| {
        let said = site.client(role).get(path).body;
        assert!(said.contains("0 of 25 rest on a drill"), "{said}");
        said.matches("PAY-A1 of ").count()
    };
    let (one, file) = (format!("{PAGE}?finding=depth"), format!("{PAGE}.csv"));
    // Two checks find them. The page of all checks counts what it does not list.
    assert_eq!(listed(Role::OwnerLead, PAGE), 2 * 20);
    assert_eq!(listed(Role::OwnerLead, &one), 25);
    assert_eq!(listed(Role::OwnerLead, &file), 2 * 25);
    for path in [PAGE, &one, &file] {
        assert_eq!(listed(Role::Mentee, path), 0, "{path}");
    }
    site.app.wait_hours(24 * 8);
    assert_eq!(listed(Role::Mentee, &one), 25);
}
