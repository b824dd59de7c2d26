//! A target has an owner and a history; its notes are asked for every month.

use checkride::domain::kpi::store;
use checkride::domain::kpi::target::Target;

use super::owned_by;
use crate::support::{Client, Form, Role, Site, at_once, told};

const PAGE: &str = "/kpis/areas/payments/coverage/target";
const NOTE: &str = "/kpis/areas/payments/coverage/note";

fn form(site: &Site, client: &Client, low: &str) -> Form {
    Form::on(&client.get(PAGE), PAGE)
        .with("low", low)
        .with("high", "")
        .with("owner", &site.owner_lead.id.to_string())
}

fn targets(site: &Site) -> Vec<Target> {
    let scope = format!("area:{}", site.area_id);
    site.app.db(|c| store::targets(c, &scope))
}

#[test]
fn a_target_is_set_once_and_the_one_before_stays_readable() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let first = form(&site, &lead, "1.33");
    first.send(&lead).assert_status(303);
    first.send(&lead).assert_status(303);
    assert_eq!(targets(&site).len(), 1, "the same form twice");
    form(&site, &lead, "1,5").send(&lead).assert_status(303);
    assert_eq!(targets(&site).len(), 2);
    assert_eq!(told(&site, "kpi.target_set").len(), 2);
    let typed = form(&site, &lead, "many").send(&lead);
    typed.assert_status(422).assert_text("Enter a number from");
    let nobody = Form::on(&lead.get(PAGE), PAGE).with("owner", &site.stranger.id.to_string());
    nobody
        .send(&lead)
        .assert_status(422)
        .assert_text("Choose who owns");
}

#[test]
fn two_who_set_a_target_at_once_do_not_overwrite_each_other() {
    let site = Site::open();
    let clients = [
        site.client(Role::OwnerLead),
        site.client(Role::Administrator),
    ];
    let forms = [
        form(&site, &clients[0], "1.2"),
        form(&site, &clients[1], "1.4"),
    ];
    let answers = at_once(2, |n| forms[n].send(&clients[n]));
    let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(targets(&site).len(), 1);
    let late = answers.iter().find(|a| a.status == 409).unwrap();
    late.assert_text("Compare and save again");
}

#[test]
fn a_note_is_asked_for_every_month_until_it_is_written() {
    let site = Site::open();
    owned_by(&site, Role::OwnerLead);
    let lead = site.client(Role::OwnerLead);
    let waits = |client: &Client| client.get("/").text().contains("Write a note");
    assert!(!waits(&lead));
    site.app.wait_hours(24 * 31);
    let lead = site.client(Role::OwnerLead);
    assert!(waits(&lead));
    site.app.rounds();
    lead.get("/inbox").assert_text("Coverage, ");
    let written = Form::on(&lead.get(NOTE), NOTE)
        .with("why", "Two clearances ended")
        .with("next", "");
    written
        .send(&lead)
        .assert_status(422)
        .assert_text("Say what comes next");
    let written = Form::on(&lead.get(NOTE), NOTE)
        .with("why", "Two clearances ended")
        .with("next", "Pair one more");
    written.send(&lead).assert_status(303);
    assert!(!waits(&lead));
    let scope = format!("area:{}", site.area_id);
    let last = site.app.db(|c| store::last_notes(c, &scope));
    assert_eq!(last.len(), 1);
    assert_eq!(last[0].next, "Pair one more");
    site.app.wait_hours(24 * 31);
    assert!(waits(&site.client(Role::OwnerLead)));
}

#[test]
fn a_new_owner_is_asked_and_the_one_before_no_longer_writes() {
    let site = Site::open();
    owned_by(&site, Role::OwnerLead);
    let admin = site.client(Role::Administrator);
    let handed = Form::on(&admin.get(PAGE), PAGE).with("owner", &site.admin.id.to_string());
    handed.send(&admin).assert_status(303);
    site.client(Role::OwnerLead).get(NOTE).assert_status(403);
    admin.get(NOTE).assert_status(200);
}
