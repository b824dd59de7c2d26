//! Ramps for several people at once, and their mentors reminded.

use super::*;
use crate::support::{Role, at_once, factory};

fn open_ramps(site: &Site) -> i64 {
    use checkride::db::schema::ramps;
    site.app.db(|c| Ok(ramps::table.count().get_result(c)?))
}

fn ramps(site: &Site) -> Vec<i64> {
    use checkride::db::schema::ramps;
    let rows = ramps::table.select(ramps::id).order(ramps::id);
    site.app.db(|c| Ok(rows.load(c)?))
}

/// What the form of a new ramp sends for the stranger and these others.
fn for_all(site: &Site, also: &[i64]) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("area", site.area_id.to_string()),
        ("mentee", site.stranger.id.to_string()),
        ("primary", site.qualifier.id.to_string()),
        ("starts_on", site.app.now().day().to_string()),
        ("interval_days", "7".into()),
    ];
    fields.extend(also.iter().map(|id| ("also", id.to_string())));
    fields
}

#[test]
fn one_form_starts_the_same_ramp_for_several_people_or_for_none() {
    let site = Site::open();
    let now = site.app.now();
    let [ada, bo] = ["Ada Holm", "Bo Lund"]
        .map(|name| site.app.db(|c| factory::member(c, now, name, "UTC", None)));
    let lead = site.client(Role::OwnerLead);
    lead.get(&path::new_ramp("payments"))
        .assert_text("The same ramp for more people");
    // One of them ramps here already: nobody's ramp starts.
    lead.start_ramp(&for_all(&site, &[ada.id, site.mentee.id]))
        .assert_status(422)
        .assert_text("Leila Haddad already has an open ramp in Payments.");
    assert_eq!(open_ramps(&site), 1);
    lead.start_ramp(&for_all(&site, &[ada.id, site.qualifier.id]))
        .assert_status(422)
        .assert_text("Nobody mentors themselves");
    let many: Vec<i64> = (1000..1030).collect();
    lead.start_ramp(&for_all(&site, &many))
        .assert_status(422)
        .assert_text("Start at most 20 ramps at a time.");
    let all = for_all(&site, &[ada.id, bo.id, site.stranger.id]);
    // Sent by two windows at once: one wins.
    let mut statuses = at_once(2, |_| site.client(Role::OwnerLead).start_ramp(&all).status);
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    assert_eq!(open_ramps(&site), 4);
    assert_eq!(told(&site, "ramp.proposed"), 3);
    for who in ["Ada Holm", "Bo Lund"] {
        lead.get("/ramps").assert_text(who);
    }
    // Of another team, and the lead of neither.
    site.client(Role::Mentor)
        .start_ramp(&all)
        .assert_status(403);
}

#[test]
fn a_lead_reminds_the_mentors_of_the_ramps_that_are_chosen() {
    let site = Site::open();
    site.app.wait_hours(24 * 40);
    let lead = site.client(Role::OwnerLead);
    lead.get("/").assert_text("Remind mentors");
    let page = lead.get("/ramps/remind");
    page.assert_text("Leila Haddad, Payments: Marcus Oyelaran; stale pairing");
    let form = Form::on(&page, "/ramps/remind");
    // What is stale is chosen already.
    assert_eq!(form.get("ramp"), Some(site.ramp_id.to_string().as_str()));
    let form = form.with("words", "Please plan the next session");
    for _ in 0..2 {
        form.send(&lead).assert_leads_to("/");
    }
    assert_eq!(told(&site, "ramp.reminded"), 1, "sent twice, once told");
    lead.get("/")
        .assert_text("The mentors of 1 ramp are reminded.");
    let inbox = site.client(Role::Mentor).get("/inbox");
    let words = "reminds you: Please plan the next session";
    inbox.assert_text(words);
    assert!(
        !site
            .client(Role::Mentee)
            .get("/inbox")
            .text()
            .contains(words)
    );
    lead.send("/ramps/remind", &[("words", "Hello")])
        .assert_status(422)
        .assert_text("Choose at least one ramp.");
    let long = "x".repeat(201);
    let ramp = site.ramp_id.to_string();
    lead.send("/ramps/remind", &[("ramp", &ramp), ("words", &long)])
        .assert_status(422);
    site.put_into(RampState::Ended);
    lead.send("/ramps/remind", &[("ramp", &ramp)])
        .assert_status(409);
    lead.get("/ramps/remind").assert_text("Nobody to remind.");
    assert_eq!(told(&site, "ramp.reminded"), 1);
    site.put_into(RampState::Active);
    // Several at once, the one that began last named first.
    let ada = site
        .app
        .db(|c| factory::member(c, site.app.now(), "Ada Holm", "UTC", None));
    lead.start_ramp(&for_all(&site, &[ada.id]))
        .assert_status(303);
    let rows = ramps(&site);
    let chosen: Vec<_> = rows
        .iter()
        .rev()
        .map(|id| ("ramp", id.to_string()))
        .collect();
    let chosen: Vec<_> = chosen
        .iter()
        .map(|(name, id)| (*name, id.as_str()))
        .collect();
    lead.send("/ramps/remind", &chosen).assert_leads_to("/");
    lead.get("/")
        .assert_text("The mentors of 3 ramps are reminded.");
    assert_eq!(told(&site, "ramp.reminded"), 4);
}

#[test]
fn several_items_are_ticked_at_once_or_none() {
    let site = Site::open();
    let checklist = path::checklist(site.ramp_id);
    let items = path::item(site.ramp_id, "");
    let items = items.trim_end_matches('/');
    let leads_there = |page: &Answer| page.body.contains(&format!("href=\"{items}\""));
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    assert!(leads_there(&mentee.get(&checklist)));
    let form = Form::on(&mentee.get(items), items);
    form.send(&mentee)
        .assert_status(422)
        .assert_text("Tick at least one item.");
    let form = form.with("item", "PAY-K1").ticked("item", "PAY-K2");
    // Meanwhile a mentor checks one of them: neither is moved, and both stay ticked.
    site.check("PAY-K2");
    let before = told(&site, "item.marked");
    form.send(&mentee)
        .assert_status(409)
        .assert_text("moved “Get access to the payments dashboards” to “Checked” in the meantime");
    assert_eq!(told(&site, "item.marked"), before);
    let back = [("from", "checked"), ("to", "open")];
    mentor
        .send(&path::item(site.ramp_id, "PAY-K2"), &back)
        .assert_status(303);
    let form = Form::on(&mentee.get(items), items);
    let form = form.with("item", "PAY-K1").ticked("item", "PAY-K2");
    for _ in 0..2 {
        form.send(&mentee).assert_leads_to(&checklist);
    }
    mentee.get(&checklist).assert_text("Done: 2 items");
    assert_eq!(told(&site, "item.marked"), before + 3);
    let page = mentor.get(items);
    page.assert_text("Read the failover runbook (Done by Leila Haddad");
    let form = Form::on(&page, items);
    form.with("item", "PAY-K1")
        .send(&mentor)
        .assert_leads_to(&checklist);
    mentor
        .get(&checklist)
        .assert_text("Checked: Read the failover runbook");
    // One is left: the box of its line will do.
    assert!(!leads_there(&mentor.get(&checklist)));
    site.put_into(RampState::Ended);
    mentor.get(items).assert_text("Nothing left to tick.");
}
