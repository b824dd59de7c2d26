//! A rota that is read from an address.

use std::sync::atomic::AtomicBool;

use checkride::app::App;
use checkride::net::Networks;
use checkride::outgoing::Outgoing;
use checkride::rotas;
use checkride::usecases::rota::reading::settle;

use super::{add, count, page};
use crate::support::receiver::Receiver;
use crate::support::{Role, Site, TestApp, block_on};

/// A site that may call this machine, and the app behind it.
pub fn site() -> (Site, App) {
    let mut kept = None;
    let app = TestApp::start_with(|app| {
        app.outgoing = Outgoing::new(Networks::parse("127.0.0.0/8").unwrap());
        kept = Some(app.clone());
    });
    (Site::open_on(app), kept.unwrap())
}

pub fn pass(site: &Site, app: &App) -> usize {
    block_on(rotas::pass(app, site.app.now(), &AtomicBool::new(false))).unwrap()
}

fn shifts(site: &Site, name: &str) -> String {
    let from = site.app.now().plus_hours(48);
    format!(
        r#"{{"count":1,"next":null,"results":[{{"user_email":"","user_username":"{name}","shift_start":"{}","shift_end":"{}"}}]}}"#,
        from.iso(),
        from.plus_hours(8).iso()
    )
}

#[test]
fn an_address_is_asked_with_its_token_and_only_what_is_new_is_kept() {
    let (site, app) = site();
    let receiver = Receiver::start();
    let lead = site.client(Role::OwnerLead);
    let address = receiver.address();
    let fields = [
        ("name", "Primary"),
        ("address", address.as_str()),
        ("source", "grafana"),
        ("token", "t0ken"),
    ];
    lead.send(&format!("{}/new", page(&site)), &fields)
        .assert_status(303);
    receiver.answers("200 OK", &shifts(&site, &site.mentee.name));
    assert_eq!(pass(&site, &app), 1);
    lead.get(&page(&site))
        .assert_text("Not cleared for this area.");
    let asked = receiver.take();
    assert_eq!(asked[0].header("authorization"), "t0ken");
    assert_eq!(pass(&site, &app), 0, "it is not due again");
    let unchanged = shifts(&site, &site.mentee.name);
    site.app.wait_hours(2);
    receiver.answers("200 OK", &unchanged);
    assert_eq!(pass(&site, &app), 1);
    assert_eq!(site.app.db(count), (1, 1));
    // What cannot be read is said on the page, and what was known still counts.
    site.app.wait_hours(2);
    receiver.answers("403 Forbidden", "");
    assert_eq!(pass(&site, &app), 1);
    let shown = lead.get(&page(&site));
    shown
        .assert_text("The other side refuses the token.")
        .assert_text("Not cleared for this area.");
    assert!(!shown.body.contains("t0ken") && !shown.body.contains("s3cret"));
    site.app.wait_hours(4);
    receiver.answers("200 OK", "{}");
    assert_eq!(pass(&site, &app), 1);
    lead.get(&page(&site))
        .assert_text("This is no rota of Grafana.");
    assert_eq!(site.app.db(count), (1, 1));
}

#[test]
fn an_upload_is_looked_at_again_and_calls_nobody() {
    let (site, app) = site();
    let lead = site.client(Role::OwnerLead);
    let text = super::table(&site, &[(&site.mentor.name, 5)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    assert_eq!(pass(&site, &app), 1);
    lead.get(&page(&site)).assert_text("0 open, 0 accepted");
}

#[test]
fn rotas_of_an_archived_area_wait_until_it_is_back() {
    let (site, app) = site();
    let lead = site.client(Role::OwnerLead);
    let text = super::table(&site, &[(&site.mentee.name, 5)]);
    add(&lead, &site, "Primary", &text).assert_status(303);
    let found = site.app.db(super::open_findings);
    assert!(found > 0);
    let archived = |is| {
        let now = site.app.now();
        site.app
            .db(|c| checkride::domain::area::store::set_archived(c, site.area_id, is, now));
    };
    archived(true);
    assert_eq!(pass(&site, &app), 0);
    // Nor does one that was taken before change what was found.
    let now = site.app.now().plus_hours(24 * 10);
    site.app.db(|c| settle(c, site.area_id, 1, now));
    assert_eq!(site.app.db(super::open_findings), found);
    archived(false);
    assert_eq!(pass(&site, &app), 1);
}
