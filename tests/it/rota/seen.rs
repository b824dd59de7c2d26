//! What a rota shows to whom, and what of it was never read.

use checkride::domain::availability::{Absence, store as absences};
use checkride::usecases::rota::checked;

use super::fetched::{pass, site};
use super::{add, page, table};
use crate::support::receiver::Receiver;
use crate::support::{Role, Site};

#[test]
fn that_somebody_is_away_is_seen_by_them_and_by_those_who_lead() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let (day, now) = (site.app.now().day(), site.app.now());
    site.app.db(|c| {
        let away = Absence {
            first_on: day.plus_days(4),
            last_on: day.plus_days(9),
        };
        absences::add_absence(c, site.mentor.id, away, now)
    });
    let text = table(&site, &[(&site.mentor.name, 5), ("The duty phone", 7)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    let file = format!("{}.csv", page(&site));
    for (role, may_see) in [
        (Role::OwnerLead, true),
        (Role::Mentor, true),
        (Role::Administrator, true),
        (Role::Mentee, false),
        (Role::MenteeLead, false),
        (Role::Stranger, false),
    ] {
        let client = site.client(role);
        let shown = client.get(&page(&site));
        shown.assert_text(match may_see {
            true => "2 open, 0 accepted",
            false => "1 open, 0 accepted",
        });
        for body in [
            shown.text(),
            client.get(&file).body,
            client.get("/search?q=away").text(),
        ] {
            let says = body.contains("Away during") || body.contains("Away during this shift");
            assert!(may_see || !says, "{role:?}: {body}");
        }
        assert_eq!(shown.text().contains("Away during"), may_see, "{role:?}");
    }
    // What is wrong besides is told to all; the lead hears of both.
    lead.get("/").assert_text("2 findings in the rota");
}

#[test]
fn a_rota_that_was_never_read_says_so_and_finds_nothing() {
    let (site, app) = site();
    let lead = site.client(Role::OwnerLead);
    let receiver = Receiver::start();
    let address = receiver.address();
    let fields = [
        ("name", "Primary"),
        ("address", address.as_str()),
        ("source", "csv"),
    ];
    lead.send(&format!("{}/new", page(&site)), &fields)
        .assert_status(303);
    // Practice of the two who are cleared runs out in these days.
    site.app.wait_hours(24 * 75);
    let lead = site.client(Role::OwnerLead);
    receiver.answers("404 Not Found", "");
    assert_eq!(pass(&site, &app), 1);
    let shown = lead.get(&page(&site));
    shown.assert_text("Never read.").assert_text("never read");
    let now = site.app.now();
    assert_eq!(site.app.db(|c| checked(c, site.area_id, now)).findings, []);
    // A second one that was read finds who is on call, and still not who has no shift.
    let text = table(&site, &[(&site.mentee.name, 5)]);
    add(&lead, &site, "Secondary", &text).assert_status(303);
    let shown = lead.get(&page(&site));
    shown
        .assert_text("1 open, 0 accepted")
        .assert_text("One of the rotas was never read");
    site.app.wait_hours(3);
    receiver.answers("200 OK", &table(&site, &[(&site.mentor.name, 6)]));
    assert!(pass(&site, &app) >= 1);
    let now = site.app.now();
    let found = site.app.db(|c| checked(c, site.area_id, now)).findings;
    let all: Vec<&str> = found.iter().map(|(f, _)| f.identity.kind.label()).collect();
    assert!(all.contains(&"No shift"), "{all:?}");
}

#[test]
fn everyone_whom_a_title_names_is_checked() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let both = format!("{} and {}", site.mentor.name, site.mentee.name);
    add(&lead, &site, "Primary", &table(&site, &[(&both, 5)])).assert_status(303);
    lead.get(&page(&site))
        .assert_text("1 open, 0 accepted")
        .assert_text("Not cleared for this area.")
        .assert_text("2 in 28 days");
}

#[test]
fn a_rota_with_more_names_than_a_query_binds_is_read() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let day = site.app.now().day().plus_days(3);
    let mut text = String::from("start,end,person\n");
    for n in 0..4_500 {
        let names: Vec<String> = (0..8).map(|m| format!("n{n}x{m}")).collect();
        text.push_str(&format!("{day},{day},{}\n", names.join("; ")));
    }
    add(&lead, &site, "Primary", &text).assert_status(303);
    lead.get(&page(&site)).assert_status(200);
}
