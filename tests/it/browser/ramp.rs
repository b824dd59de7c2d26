//! A ramp's page in its parts: how long each is, how few taps its common deeds take, and that old addresses lead on.

use serde_json::json;

use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, Role, Site, path};

/// Heights in pixels: two screens of a desk of 800, three of a phone of 844.
const DESK: u64 = 2 * 800;
const PHONE: u64 = 3 * 844;

fn height(browser: &Browser) -> u64 {
    let script = "return document.documentElement.scrollHeight";
    browser.script(script, vec![]).as_u64().unwrap()
}

#[test]
fn no_part_is_longer_than_two_screens_of_a_desk_and_three_of_a_phone() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    let ramp = demo.ramp("amara-okafor", "payments");
    let mut long = Vec::new();
    for role in ["mentor", "mentee", "lead"] {
        browser.sign_in_as(role);
        for part in ["", "/competencies", "/checklist", "/sessions", "/history"] {
            browser.goto(&format!("{ramp}{part}"));
            for (viewport, most) in [(Viewport::Desktop, DESK), (Viewport::Phone, PHONE)] {
                browser.resize(viewport);
                let height = height(&browser);
                if height > most {
                    long.push(format!("{role}{part} {viewport:?}: {height} of {most}"));
                }
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn an_address_of_the_one_long_page_leads_to_the_part() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.sign_in(&site.mentor);
    let ramp = path::ramp(site.ramp_id);
    for (name, part) in [
        ("items", "checklist"),
        ("item-PAY-K1", "checklist"),
        ("checklist", "competencies"),
        ("change", "competencies"),
        ("next-actions", "sessions"),
        ("shifts", "sessions"),
        ("discussion", "history"),
        ("c-1", "history"),
    ] {
        browser.goto("/");
        browser.script(
            "location.assign(arguments[0])",
            vec![json!(format!("{ramp}#{name}"))],
        );
        let part = format!("{ramp}/{part}");
        browser.wait_until(&part, || browser.path() == format!("{part}#{name}"));
    }
    browser.goto(&format!("{ramp}#gates"));
    assert_eq!(browser.path(), format!("{ramp}#gates"), "this one is here");
}

#[test]
fn an_item_takes_two_taps_from_the_ramp_and_a_plan_two_to_its_form() {
    for scripts in [true, false] {
        let site = Site::open();
        let browser = Browser::open(&site.app);
        if !scripts {
            browser.without_javascript();
        }
        browser.resize(Viewport::Phone);
        browser.sign_in(&site.mentee);
        browser.goto(&path::ramp(site.ramp_id));
        browser.press("Checklist");
        browser.press("Mark done (Read the failover runbook)");
        browser.see("Done: Read the failover runbook");
        browser.press("…More (Read the failover runbook)");
        browser.press("Open again (Read the failover runbook)");
        browser.see("Open: Read the failover runbook");

        browser.press("Plan");
        browser.press("Plan shift");
        browser.see("Who may touch what");
        let mentor = site.client(Role::Mentor);
        assert!(mentor.ramp_page(site.ramp_id).body.contains("Plan drill"));
    }
}
