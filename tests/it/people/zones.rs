//! Whose clock somebody sees: administrators set it too, and a pasted list may name it.

use checkride::domain::people::store::by_email;

use crate::support::told;
use crate::support::{Answer, Form, Role, Site, path};

fn path(site: &Site) -> String {
    format!("/admin/people/{}", site.mentee.handle)
}

fn details(page: &Answer, site: &Site) -> Form {
    Form::on(page, &format!("{}/details", path(site)))
}

#[test]
fn an_administrator_sets_somebody_s_time_zone_and_notices_when_they_did() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let page = admin.get(&path(&site));
    let form = details(&page, &site);
    assert_eq!(form.get("time_zone"), Some("Africa/Tunis"));
    let nowhere = form.clone().with("time_zone", "Mars/Olympus").send(&admin);
    nowhere
        .assert_status(422)
        .assert_text("“Mars/Olympus” is not a time zone.");
    let back = details(&nowhere, &site);
    assert_eq!(back.get("time_zone"), Some("Mars/Olympus"));
    back.with("time_zone", "Asia/Singapore")
        .send(&admin)
        .assert_leads_to(&path(&site));
    let entries = told(&site, "person.changed");
    assert_eq!(entries.len(), 1);
    for zone in ["Africa/Tunis", "Asia/Singapore"] {
        assert!(entries[0].contains(zone), "{entries:?}");
    }
    let mentee = site.client(Role::Mentee);
    mentee.get("/").assert_text("Times in Asia/Singapore");

    // She moves on while he has the form open.
    let stale = details(&admin.get(&path(&site)), &site).with("time_zone", "Europe/Oslo");
    mentee
        .send(path::TIME_ZONE, &[("time_zone", "Asia/Tokyo")])
        .assert_status(303);
    stale
        .send(&admin)
        .assert_status(409)
        .assert_text("In the meantime the details of Leila Haddad changed by Leila Haddad on");
    mentee.get("/").assert_text("Times in Asia/Tokyo");
}

#[test]
fn a_pasted_line_may_name_a_time_zone() {
    let site = Site::open();
    let admin = site.client(Role::Administrator);
    let send = |list: &str| {
        let fields = [
            ("list", list),
            ("time_zone", "Europe/Lisbon"),
            ("step", "add"),
        ];
        admin.send(path::ADD_PEOPLE, &fields)
    };
    send("Ada King, ada.king@example.com, , , Mars/Olympus")
        .assert_status(422)
        .assert_text("Line 1: time zone: “Mars/Olympus” is not a time zone.");
    let lines = "Ada King, ada.king@example.com, Payments, lead, Europe/London\n\
                 Per Holm, per.holm@example.com, , , Europe/Oslo\nMia Lund, mia.lund@example.com";
    send(lines).assert_status(200);
    let zone = |email: &str| {
        let person = site.app.db(|c| by_email(c, email));
        person.unwrap().time_zone
    };
    assert_eq!(
        ["ada.king", "per.holm", "mia.lund"].map(|who| zone(&format!("{who}@example.com"))),
        ["Europe/London", "Europe/Oslo", "Europe/Lisbon"]
    );
}
