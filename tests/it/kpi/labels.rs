//! Areas have free labels; lists and figures are cut by them, and a past day knows those of its time.

use crate::support::{Form, Role, Site};

#[test]
fn a_label_is_written_once_found_in_any_case_and_known_of_a_past_day() {
    let site = Site::open();
    let lead = site.client(Role::OwnerLead);
    let before = site.app.now().day();
    site.app.wait_hours(24 * 3);
    let lead = {
        drop(lead);
        site.client(Role::OwnerLead)
    };
    let page = format!("/areas/{}/edit", site.area_slug);
    let form = Form::on(&lead.get(&page), &page).with("labels", "Webshop, webshop, Nordic portal");
    form.send(&lead).assert_status(303);
    let area = format!("/areas/{}", site.area_slug);
    lead.get(&area).assert_text("Nordic portal");
    let listed = lead.get("/areas?label=NORDIC+portal");
    listed.assert_text("1 of ");
    lead.get("/kpis/labels/nordic%20portal").assert_status(200);
    lead.get("/kpis/labels/unheard").assert_status(404);
    let then = lead.get(&format!("{area}?at={before}"));
    assert!(!then.text().contains("Nordic portal"));
    let wrong = Form::on(&lead.get(&page), &page).with("labels", &"x".repeat(41));
    wrong
        .send(&lead)
        .assert_status(422)
        .assert_text("The limit is 40");
}
