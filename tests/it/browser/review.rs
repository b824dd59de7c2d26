//! A sign-off decided, and a clearance overseen, in the browser: with and without scripts, on a phone, on paper.

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, Role, Site};

/// A browser in which whoever has that role is signed in.
fn browser(site: &Site, role: Role) -> Browser {
    let browser = Browser::open(&site.app);
    browser.sign_in(site.member(role).unwrap());
    browser
}

#[test]
fn a_return_with_gaps_goes_back_and_forth_on_a_phone_with_and_without_scripts() {
    for scripts in [true, false] {
        let site = Site::open();
        site.ask_for_signoff();
        site.turn_first_key();
        let lead = browser(&site, Role::OwnerLead);
        if !scripts {
            lead.without_javascript();
        }
        lead.resize(Viewport::Phone);
        let page = format!("/sign-offs/{}", site.dossier().signoffs[0].id);
        lead.goto(&page);
        // What belongs to an answer comes with it.
        assert!(!lead.text().contains("Conditions"));
        lead.choose("decision", "approve");
        lead.see("Leila Haddad may be on call for Payments from today until");
        lead.choose("decision", "return");
        lead.see("What is missing");
        assert!(!lead.text().contains("may be on call"));
        lead.fill("note", "Almost");
        lead.fill("gaps", "PAY-I2 Alone, at night");
        lead.press("Record decision");
        lead.see("Its gaps are open items now");
        lead.see("Alone, at night");

        let mentor = browser(&site, Role::Mentor);
        mentor.resize(Viewport::Phone);
        mentor.goto(&format!("/ramps/{}", site.ramp_id));
        mentor.press("Close it (Alone, at night)");
        mentor.press("Close the gap");
        mentor.see("Write what was done about it");
        if scripts {
            assert_eq!(look(&mentor), Vec::<String>::new());
        }
        mentor.fill("note", "She did, on Thursday");
        mentor.press("Close the gap");
        mentor.see("The gap is closed.");
        mentor.see("Ready for sign-off");
    }
}

#[test]
fn a_clearance_with_its_history_prints_on_one_page() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    for (who, area) in [
        ("sofia-marchetti", "edge"),
        ("sofia-marchetti", "payments"),
        ("jonas-weber", "catalogue"),
    ] {
        browser.goto(&demo.clearance(who, area));
        assert_eq!(browser.printed_pages(), 1, "{who}, {area}");
    }
}

#[test]
fn the_record_of_a_sign_off_prints_on_two_pages_at_most() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    let sign_off = demo.sign_off("sofia-marchetti", "edge");
    browser.goto(&sign_off);
    browser.press("Record");
    browser.see("This is the frozen record");
    browser.see("Second key");
    assert!(browser.printed_pages() <= 2, "{}", browser.printed_pages());
}

#[test]
fn a_clearance_is_suspended_and_reinstated_with_the_effect_before_the_eyes() {
    let site = Site::open();
    let held = site
        .app
        .db(|c| checkride::domain::clearance::store::of_person(c, site.mentor.id))[0]
        .id;
    let lead = browser(&site, Role::OwnerLead);
    lead.resize(Viewport::Phone);
    lead.goto(&format!("/clearances/{held}"));
    lead.press("Suspend");
    lead.see("Payments goes from 2 to 1 cleared.");
    lead.see("After: Short by 1.");
    assert_eq!(look(&lead), Vec::<String>::new());
    lead.press("Suspend the clearance");
    lead.see("Say why.");
    assert_eq!(look(&lead), Vec::<String>::new());
    lead.fill("reason", "Away until spring");
    lead.press("Suspend the clearance");
    lead.see("The clearance is suspended.");
    lead.see("Does not count as cover");
    assert_eq!(look(&lead), Vec::<String>::new());
    lead.press("Reinstate");
    lead.fill("reason", "Back again");
    lead.press("Reinstate the clearance");
    lead.see("Counts as cover");
    lead.see("Away until spring");
}
