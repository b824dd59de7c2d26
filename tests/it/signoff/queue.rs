//! The list of sign-offs.

use checkride::db::Conn;
use checkride::domain::people;
use checkride::domain::ramp;
use checkride::domain::ramp::RampState;
use checkride::domain::ramp::model::NewRamp;
use checkride::domain::signoff::model::Signoff;
use checkride::domain::signoff::store;

use crate::support::{Role, Site, factory};

/// A sign-off that waits for its first key, and whose it is.
fn asked(site: &Site, n: usize) -> (Signoff, i64) {
    let now = site.app.now();
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
        let id = store::insert(c, ramp_id, mentee.id, "", now)?;
        Ok((store::by_id(c, id)?, mentee.id))
    })
}

fn turn_first_key(site: &Site, signoff: &Signoff) {
    let (mentor, now) = (site.mentor.id, site.app.now());
    let turned = |c: &mut Conn| store::turn_first_key(c, signoff, mentor, "", now);
    assert!(site.app.db(turned));
}

#[test]
fn the_key_that_is_yours_is_on_the_first_page_however_many_wait_for_others() {
    let site = Site::open();
    let signoffs: Vec<Signoff> = (0..102).map(|n| asked(&site, n).0).collect();
    turn_first_key(&site, &signoffs[101]);
    let lead = site.client(Role::OwnerLead);
    let first = lead.get("/sign-offs");
    first
        .assert_text("1 waits for you 100 wait for others on this page")
        .assert_text("Waits for you Mentee Nr 101, Payments");
    assert_eq!(first.text().matches("Mentee Nr 101, Payments").count(), 2);
    for signoff in &signoffs[..100] {
        turn_first_key(&site, signoff);
    }
    lead.get("/sign-offs")
        .assert_text("101 wait for you 0 wait for others on this page")
        .assert_text("The 100 oldest are shown.")
        .assert_text("Nothing on this page waits for others");
    let second = lead.get(&format!("/sign-offs?after={}", signoffs[99].id));
    second.assert_text("101 wait for you 1 waits for others on this page");
}

#[test]
fn many_open_ones_are_shown_a_page_at_a_time_and_the_file_has_them_all() {
    let site = Site::open();
    let now = site.app.now();
    for n in 0..103 {
        let (_, mentee_id) = asked(&site, n);
        if n == 50 {
            site.app
                .db(|c| people::store::deactivate(c, mentee_id, now));
        }
    }
    let lead = site.client(Role::OwnerLead);
    let first = lead.get("/sign-offs");
    first
        .assert_status(200)
        .assert_text("0 wait for you 100 wait for others on this page");
    let next = first.body.split("href=\"/sign-offs?after=").nth(1);
    let next = next.unwrap().split('"').next().unwrap();
    let second = lead.get(&format!("/sign-offs?after={next}"));
    second
        .assert_status(200)
        .assert_text("0 wait for you 2 wait for others on this page")
        .assert_text("First page");
    let file = lead.get("/sign-offs.csv").body;
    let both = format!("{}{}", first.text(), second.text());
    for n in 0..103 {
        let name = format!("Mentee Nr {n:03}");
        // Nobody has to decide about a person who left.
        let is_here = usize::from(n != 50);
        let title = format!("{name}, Payments");
        assert_eq!(both.matches(&title).count(), is_here, "{name}");
        assert_eq!(file.matches(&name).count(), 1, "{name}");
    }
    let stranger = site.client(Role::Stranger).get("/sign-offs");
    stranger.assert_text("0 wait for you 0 wait for others");
    assert!(!stranger.text().contains("Mentee Nr"));
}
