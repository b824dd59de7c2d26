//! The list of sign-offs.

use checkride::domain::people;
use checkride::domain::ramp;
use checkride::domain::ramp::RampState;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::signoff::store;

use crate::support::{Role, Site, factory};

#[test]
fn many_open_ones_are_shown_a_page_at_a_time_and_the_file_has_them_all() {
    let site = Site::open();
    let now = site.app.now();
    for n in 0..103 {
        site.app.db(|c| {
            let mentee = factory::member(c, now, &format!("Mentee Nr {n:03}"), "UTC", None)?;
            let ramp_id = ramp::store::insert(
                c,
                &NewRamp {
                    mentee_id: mentee.id,
                    area_id: site.area_id,
                    standard_id: site.standard_id,
                    state: RampState::InReview,
                    starts_on: now.day(),
                    target_on: now.day().plus_days(84),
                    started_by: site.owner_lead.id,
                    created_at: now,
                },
            )?;
            store::insert(c, ramp_id, mentee.id, "", now)?;
            if n == 50 {
                people::store::deactivate(c, mentee.id, now)?;
            }
            Ok(())
        });
    }
    let lead = site.client(Role::OwnerLead);
    let first = lead.get("/sign-offs");
    first
        .assert_status(200)
        .assert_text("100 open on this page");
    let next = first.body.split("href=\"/sign-offs?after=").nth(1);
    let next = next.unwrap().split('"').next().unwrap();
    let second = lead.get(&format!("/sign-offs?after={next}"));
    second
        .assert_status(200)
        .assert_text("2 open")
        .assert_text("First page");
    let file = lead.get("/sign-offs.csv").body;
    let both = format!("{}{}", first.text(), second.text());
    for n in 0..103 {
        let name = format!("Mentee Nr {n:03}");
        // Nobody has to decide about a person who left.
        let is_here = usize::from(n != 50);
        let title = format!("{name}, Payments");
        assert_eq!(both.matches(&title).count(), is_here, "{name}");
        assert_eq!(file.matches(&name).count(), is_here, "{name}");
    }
    let stranger = site.client(Role::Stranger).get("/sign-offs");
    stranger.assert_text("0 open");
    assert!(!stranger.text().contains("Mentee Nr"));
}
