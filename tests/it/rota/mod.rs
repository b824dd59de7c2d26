//! The rota of an area: where it comes from, what is found in it, and what a lead does about that.

mod check;
mod fetched;
mod seen;
mod shadow;

use checkride::db::schema::{rota_entries, rota_fetches, rota_findings};
use checkride::db::{Conn, Db, past};
use checkride::usecases::rota::{ahead, checked};
use diesel::prelude::*;

use crate::support::{Answer, Client, Role, Site, TestApp, at_once, block_on};

const DAY: i64 = 86_400;

/// A table with shifts that begin so many days from now, a day long.
fn table(site: &Site, shifts: &[(&str, i64)]) -> String {
    let mut table = String::from("start,end,person,kind\n");
    for (who, day) in shifts {
        let from = site.app.now().plus_seconds(day * DAY);
        let to = from.plus_seconds(DAY);
        table.push_str(&format!("{},{},{who},\n", from.iso(), to.iso()));
    }
    table
}

fn page(site: &Site) -> String {
    format!("/areas/{}/rota", site.area_slug)
}

fn add(client: &Client, site: &Site, name: &str, text: &str) -> Answer {
    let fields = [("name", name), ("text", text)];
    client.send(&format!("{}/new", page(site)), &fields)
}

/// The first finding that is not accepted, as the form names it.
fn finding(site: &Site) -> [(&'static str, String); 3] {
    let now = site.app.now();
    let all = site.app.db(|c| checked(c, site.area_id, now));
    let found = all.open().next().expect("a finding").identity.clone();
    [
        ("who", found.who.word()),
        ("kind", found.kind.word().to_owned()),
        ("shift", found.at.iso_micros()),
    ]
}

fn accept(client: &Client, site: &Site, of: &[(&'static str, String); 3], days: i64) -> Answer {
    let until = site.app.now().day().plus_days(days).to_string();
    let mut fields: Vec<(&str, &str)> = of.iter().map(|(k, v)| (*k, v.as_str())).collect();
    fields.extend([
        ("reason", "They sit next to a qualifier"),
        ("until_on", &until),
    ]);
    client.send(&format!("{}/finding", page(site)), &fields)
}

fn count(c: &mut Conn) -> checkride::error::Result<(i64, i64)> {
    Ok((
        rota_fetches::table.count().get_result(c)?,
        rota_entries::table.count().get_result(c)?,
    ))
}

fn open_findings(c: &mut Conn) -> checkride::error::Result<i64> {
    let open = rota_findings::table.filter(rota_findings::ended_at.is_null());
    Ok(open.count().get_result(c)?)
}

#[test]
fn a_lead_uploads_a_rota_and_sees_what_is_wrong_with_it() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    lead.get(&page(&site))
        .assert_status(200)
        .assert_text("No rota yet.");
    let text = table(
        &site,
        &[
            (&site.mentor.name, 3),
            (&site.mentee.name, 5),
            ("The duty phone", 7),
        ],
    );
    add(&lead, &site, "Primary", &text).assert_leads_to(&page(&site));
    let shown = lead.get(&page(&site));
    shown
        .assert_status(200)
        .assert_text("2 open, 0 accepted")
        .assert_text("Not cleared for this area.")
        .assert_text("Nobody here has this name");
    // Everybody reads it; who does not manage it is offered nothing.
    let mentee = site.client(Role::Mentee).get(&page(&site));
    mentee.assert_status(200).assert_text("2 open, 0 accepted");
    assert!(!mentee.text().contains("Add a rota"));
    let csv = lead.get(&format!("{}.csv", page(&site)));
    assert!(
        csv.assert_status(200)
            .body
            .contains("Not cleared,Not cleared for this area.")
    );
    lead.get("/").assert_text("2 findings in the rota");
    let other = site.client(Role::MenteeLead).get("/");
    assert!(!other.text().contains("in the rota"));
}

#[test]
fn a_name_is_said_once_and_counts_for_every_rota_of_the_area() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    for name in ["Primary", "Secondary"] {
        let text = table(&site, &[("The duty phone", 7)]);
        add(&lead, &site, name, &text).assert_status(303);
    }
    let names = format!("{}/names", page(&site));
    lead.submit(
        &names,
        &names,
        &[("called", "the duty phone"), ("who", "nobody.known")],
    )
    .assert_status(422);
    lead.submit(
        &names,
        &names,
        &[("called", "the duty phone"), ("who", &site.mentor.handle)],
    )
    .assert_leads_to(&page(&site));
    lead.get(&page(&site)).assert_text("0 open, 0 accepted");
    lead.get(&names).assert_text("Every name is known.");
}

#[test]
fn an_accepted_finding_stays_visible_and_ends_by_itself() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let text = table(&site, &[(&site.mentee.name, 20)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    let of = finding(&site);
    for days in [-1, 200] {
        accept(&lead, &site, &of, days).assert_status(422);
    }
    accept(&lead, &site, &of, 3).assert_leads_to(&page(&site));
    lead.get(&page(&site))
        .assert_text("0 open, 1 accepted")
        .assert_text("They sit next to a qualifier");
    assert!(!lead.get("/").text().contains("in the rota"));
    // It survives the next upload with the same shift.
    let more = table(&site, &[(&site.mentee.name, 20), (&site.mentor.name, 21)]);
    let fields = [("text", more.as_str())];
    lead.send("/rotas/1", &fields).assert_leads_to("/rotas/1");
    lead.get(&page(&site)).assert_text("0 open, 1 accepted");
    site.app.wait_hours(24 * 4);
    let lead = site.client(Role::OwnerLead);
    lead.get(&page(&site)).assert_text("1 open, 0 accepted");
}

#[test]
fn two_leads_who_accept_at_once_and_a_form_sent_twice_accept_once() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let text = table(&site, &[(&site.mentee.name, 5)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    let of = finding(&site);
    let clients = [
        site.client(Role::OwnerLead),
        site.client(Role::Administrator),
    ];
    let mut status: Vec<u16> = at_once(2, |n| accept(&clients[n], &site, &of, 5).status);
    status.sort_unstable();
    assert_eq!(status, [303, 409]);
    lead.get(&page(&site)).assert_text("0 open, 1 accepted");
}

#[test]
fn two_uploads_at_once_are_both_kept_in_an_order() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let text = table(&site, &[(&site.mentor.name, 5)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    let texts = [
        table(&site, &[(&site.mentor.name, 6)]),
        table(&site, &[(&site.mentor.name, 7), (&site.mentor.name, 9)]),
    ];
    let clients = [
        site.client(Role::OwnerLead),
        site.client(Role::Administrator),
    ];
    let status = at_once(2, |n| {
        clients[n]
            .send("/rotas/1", &[("text", texts[n].as_str())])
            .status
    });
    assert_eq!(status, [303, 303]);
    assert_eq!(site.app.db(count), (3, 4));
    let now = site.app.now();
    let shifts = site.app.db(|c| checked(c, site.area_id, now)).shifts.len();
    assert!(
        [1, 2].contains(&shifts),
        "one of them counts, not both: {shifts}"
    );
    // The same once more is nothing new.
    let last = &texts[if shifts == 1 { 0 } else { 1 }];
    lead.send("/rotas/1", &[("text", last)]).assert_status(303);
    assert_eq!(site.app.db(count), (3, 4));
}

#[test]
fn the_rota_of_a_past_day_is_shown_as_it_was_known_then() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let first = table(&site, &[(&site.mentee.name, 10)]);
    add(&lead, &site, "Primary", &first).assert_status(303);
    let day = site.app.now().day();
    site.app.wait_hours(48);
    let lead = site.client(Role::OwnerLead);
    let second = table(&site, &[(&site.mentor.name, 8)]);
    lead.send("/rotas/1", &[("text", second.as_str())])
        .assert_status(303);
    lead.get(&page(&site)).assert_text("0 open, 0 accepted");
    let then = lead.get(&format!("{}?at={day}", page(&site)));
    then.assert_status(200)
        .assert_text("1 open, 0 accepted")
        .assert_text(&site.mentee.name);
    // A figure of that day says the same.
    let (area, end) = (site.area_id, day.plus_days(1).start());
    let db = Db::open(&site.app.database().target).unwrap();
    let known = block_on(db.read_past(move |c| {
        past::view_at(c, end)?;
        ahead(c, &[area], end.just_before())
    }));
    let known: Vec<bool> = known.unwrap().iter().map(|s| s.is_cleared).collect();
    assert_eq!(known, [false]);
    let now = site.app.now();
    let today = site.app.db(|c| ahead(c, &[area], now));
    assert!(today.iter().all(|s| s.is_cleared) && today.len() == 1);
}

#[test]
fn a_removed_rota_is_no_longer_checked_and_its_address_is_gone() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let text = table(&site, &[(&site.mentee.name, 5)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    lead.send("/rotas/1/remove", &[("reason", "")])
        .assert_status(422);
    lead.send("/rotas/1/remove", &[("reason", "We use another tool")])
        .assert_leads_to(&page(&site));
    lead.get(&page(&site)).assert_text("No rota yet.");
    lead.send("/rotas/1/remove", &[("reason", "Again")])
        .assert_status(409);
    let open: i64 = site.app.db(|c| {
        let open = rota_findings::table.filter(rota_findings::ended_at.is_null());
        Ok(open.count().get_result(c)?)
    });
    assert_eq!(open, 0);
}

#[test]
fn what_cannot_be_read_comes_back_with_a_sentence() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let new = format!("{}/new", page(&site));
    for (fields, sentence) in [
        (
            vec![("name", "Primary")],
            "Enter an address, choose a file, or paste the rota.",
        ),
        (
            vec![("name", ""), ("text", "x")],
            "Name it, like the schedule",
        ),
        (
            vec![("name", "A"), ("text", "start,end,person\nsoon,x,Bo\n")],
            "Line 2: the start “soon” is no time",
        ),
        (
            vec![("name", "A"), ("text", "start,end,person\n")],
            "has no shift in the months ahead",
        ),
        (
            vec![
                ("name", "A"),
                ("text", "x"),
                ("address", "https://x.example/"),
            ],
            "not both",
        ),
        (
            vec![
                ("name", "A"),
                ("address", "https://10.0.0.1/x"),
                ("source", "csv"),
            ],
            "private network",
        ),
    ] {
        lead.send(&new, &fields)
            .assert_status(422)
            .assert_text(sentence);
    }
}

#[test]
fn leads_are_told_once_of_new_findings() {
    let app = TestApp::start();
    let site = Site::open_on(app);
    let lead = site.client(Role::OwnerLead);
    let text = table(&site, &[(&site.mentee.name, 5)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    let told = |words: &str| lead.get("/inbox").text().matches(words).count();
    site.app.rounds();
    site.app.rounds();
    assert_eq!(told("1 finding in the rota"), 1);
}
