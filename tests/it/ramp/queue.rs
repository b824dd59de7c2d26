//! The ramp queue: who asks, who answers, and that each request is answered once.

use checkride::domain::queue::store::{closed_of, waiting};
use checkride::domain::queue::{Outcome, model::RampRequest};
use checkride::usecases::clearance::takeover::{Existing, record_existing};

use crate::support::{Role, Site, at_once, path, told};

const WHY: &str = "I carry its pager from January";

fn queue(site: &Site) -> String {
    format!("/areas/{}/queue", site.area_slug)
}

fn asked(site: &Site) -> i64 {
    site.client(Role::Stranger)
        .send(&queue(site), &[("why", WHY)])
        .assert_leads_to(&queue(site));
    open(site)[0].id
}

fn open(site: &Site) -> Vec<RampRequest> {
    site.app.db(|c| waiting(c, site.area_id))
}

fn closed(site: &Site) -> Vec<RampRequest> {
    site.app
        .db(|c| closed_of(c, site.stranger.id, site.area_id))
}

fn starting(site: &Site) -> Vec<(&'static str, String)> {
    vec![
        ("area", site.area_id.to_string()),
        ("mentee", site.stranger.id.to_string()),
        ("primary", site.mentor.id.to_string()),
        ("starts_on", site.app.now().day().to_string()),
        ("target_on", String::new()),
        ("interval_days", "7".into()),
    ]
}

fn start(site: &Site, role: Role) -> crate::support::Answer {
    let fields = starting(site);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    site.client(role).send(path::NEW_RAMP, &fields)
}

#[test]
fn the_leads_see_who_waits_and_a_ramp_that_starts_answers_it() {
    let site = Site::open();
    let stranger = site.client(Role::Stranger);
    stranger
        .area_page(&site.area_slug)
        .assert_text("Ask to ramp");
    stranger
        .send(&queue(&site), &[("why", " ")])
        .assert_status(422)
        .assert_text("Say in a sentence why you want to ramp here.");
    asked(&site);
    stranger.get(&queue(&site)).assert_text("You asked");
    for role in [Role::OwnerLead, Role::MenteeLead] {
        let lead = site.client(role);
        lead.get("/").assert_text("Asked to ramp");
        lead.get(&queue(&site))
            .assert_text(WHY)
            .assert_text("Has a place");
    }
    // Others learn neither who waits nor why.
    for role in [Role::Mentee, Role::Qualifier] {
        assert!(!site.client(role).get(&queue(&site)).text().contains(WHY));
    }
    start(&site, Role::OwnerLead).assert_status(303);
    assert!(open(&site).is_empty());
    let row = &closed(&site)[0];
    assert_eq!(row.outcome, Some(Outcome::Started));
    assert!(row.ramp_id.is_some());
    let home = site.client(Role::OwnerLead).get("/").text();
    assert!(!home.contains("Asked to ramp"), "{home}");
    stranger
        .get(&queue(&site))
        .assert_text("You have an open ramp here.");
}

#[test]
fn a_lead_declines_with_a_reason_that_the_person_reads_and_may_ask_again() {
    let site = Site::open();
    let id = asked(&site);
    let decline = format!("{}/{id}/decline", queue(&site));
    let lead = site.client(Role::OwnerLead);
    lead.send(&decline, &[("reason", "")])
        .assert_status(422)
        .assert_text("Say why. The person reads it.");
    lead.send(&decline, &[("reason", "No mentor before March")])
        .assert_status(303);
    let stranger = site.client(Role::Stranger);
    stranger
        .get(&queue(&site))
        .assert_text("No mentor before March");
    stranger
        .get("/inbox")
        .assert_text("declined your request to ramp");
    lead.send(&decline, &[("reason", "Again")])
        .assert_status(409)
        .assert_text("declined");
    asked(&site);
    assert_eq!(told(&site, "ramp_request.declined").len(), 1);
    assert_eq!(told(&site, "ramp_request.asked").len(), 2);
}

#[test]
fn a_request_is_withdrawn_by_its_person_and_nobody_else() {
    let site = Site::open();
    let id = asked(&site);
    let withdraw = format!("{}/{id}/withdraw", queue(&site));
    site.client(Role::OwnerLead)
        .send(&withdraw, &[])
        .assert_status(404);
    let stranger = site.client(Role::Stranger);
    stranger.send(&withdraw, &[]).assert_status(303);
    stranger.send(&withdraw, &[]).assert_status(409);
    assert_eq!(closed(&site)[0].outcome, Some(Outcome::Withdrawn));
    let home = site.client(Role::OwnerLead).get("/").text();
    assert!(!home.contains("Asked to ramp"), "{home}");
}

#[test]
fn asked_in_two_tabs_at_once_is_asked_once() {
    let site = Site::open();
    let both = [site.client(Role::Stranger), site.client(Role::Stranger)];
    let answers = at_once(2, |n| both[n].send(&queue(&site), &[("why", WHY)]));
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(open(&site).len(), 1);
}

#[test]
fn a_start_and_a_decline_at_once_leave_one_answer() {
    for _ in 0..3 {
        let site = Site::open();
        let id = asked(&site);
        let decline = format!("{}/{id}/decline", queue(&site));
        let lead = site.client(Role::MenteeLead);
        let answers = at_once(2, |n| match n {
            0 => start(&site, Role::OwnerLead),
            _ => lead.send(&decline, &[("reason", "Not now")]),
        });
        assert_eq!(answers[0].status, 303, "the ramp starts in any case");
        let row = &closed(&site)[0];
        let declined = answers[1].status == 303;
        let outcome = [Outcome::Started, Outcome::Declined][usize::from(declined)];
        assert_eq!(row.outcome, Some(outcome));
        assert!(open(&site).is_empty());
    }
}

#[test]
fn a_lone_lead_who_asks_is_answered_by_an_administrator() {
    let site = Site::open();
    asked(&site);
    let says = |text: String| text.contains("Asked to ramp");
    // Where a lead answers, no administrator is asked.
    assert!(!says(site.client(Role::Administrator).get("/").text()));
    site.client(Role::OwnerLead)
        .send(&queue(&site), &[("why", WHY)])
        .assert_leads_to(&queue(&site));
    let id = open(&site)[1].id;
    let administrator = site.client(Role::Administrator);
    administrator.get("/inbox").assert_text("Asked to ramp");
    administrator.get("/").assert_text("Asked to ramp");
    site.app.rounds();
    assert!(says(administrator.get("/").text()));
    let decline = format!("{}/{id}/decline", queue(&site));
    let why = [("reason", "Not before the move")];
    site.client(Role::OwnerLead)
        .send(&decline, &why)
        .assert_status(403);
    administrator.send(&decline, &why).assert_status(303);
    assert!(!says(administrator.get("/").text()));
    site.client(Role::OwnerLead)
        .get(&queue(&site))
        .assert_text("Not before the move");
}

#[test]
fn who_leaves_no_longer_asks() {
    let site = Site::open();
    asked(&site);
    let leave = format!("/admin/people/{}/deactivate", site.stranger.handle);
    site.client(Role::Administrator)
        .send(&leave, &[("reason", "Left the company")])
        .assert_status(303);
    assert!(open(&site).is_empty());
    assert_eq!(closed(&site)[0].outcome, Some(Outcome::Left));
    let home = site.client(Role::OwnerLead).get("/").text();
    assert!(!home.contains("Asked to ramp"), "{home}");
}

#[test]
fn a_clearance_from_before_checkride_answers_who_asked() {
    let site = Site::open();
    asked(&site);
    let act = site.act(Role::OwnerLead);
    let existing = Existing {
        person_id: site.stranger.id,
        area_id: site.area_id,
        since: act.now,
        ends_on: act.now.day().plus_days(90),
        rests_on: None,
    };
    site.app.db(|c| record_existing(c, &act, &existing));
    assert!(open(&site).is_empty());
    let row = &closed(&site)[0];
    assert_eq!((row.outcome, row.ramp_id), (Some(Outcome::Cleared), None));
    site.client(Role::Stranger)
        .get(&queue(&site))
        .assert_text("Cleared by");
}

#[test]
fn of_two_leads_who_answer_at_once_one_is_told() {
    for _ in 0..3 {
        let site = Site::open();
        let id = asked(&site);
        let decline = format!("{}/{id}/decline", queue(&site));
        let leads = [Role::OwnerLead, Role::MenteeLead].map(|role| site.client(role));
        let words = ["Not now", "No mentor"];
        let answers = at_once(2, |n| leads[n].send(&decline, &[("reason", words[n])]));
        let first = answers.iter().position(|a| a.status == 303).unwrap();
        answers[1 - first]
            .assert_status(409)
            .assert_text("This was closed meanwhile: declined.");
        assert_eq!(closed(&site)[0].words, words[first]);
    }
}

#[test]
fn the_file_of_the_queue_has_what_its_page_shows() {
    let site = Site::open();
    asked(&site);
    let file = |role: Role| site.client(role).get(&format!("{}.csv", queue(&site))).body;
    for role in [Role::OwnerLead, Role::Stranger] {
        assert!(file(role).contains(WHY), "{role:?}");
    }
    assert!(!file(Role::Qualifier).contains(WHY));
}
