//! A past day on a phone: from the board to a person and an area as they were, and back to today.

use thirtyfour::By;

use crate::support::Demo;
use crate::support::browser::{Browser, Viewport};

const DAY: &str = "2026-06-01";
const KNOWN: &str = "As it was known at the end of Monday 1 June 2026";

/// Follows the first link of that day to one of these pages, which is of that day too.
fn follow(browser: &Browser, to: &str) {
    let path = format!("//main//a[starts-with(@href, '{to}') and contains(@href, 'at={DAY}')]");
    browser.with(By::XPath(path), async |link| link.click().await);
    browser.wait_until("its page", || browser.path().starts_with(to));
    assert!(browser.path().contains(DAY), "{}", browser.path());
    browser.see(KNOWN);
    assert_eq!(browser.overflow(), None);
}

fn back_and_forth(browser: &Browser) {
    browser.sign_in_as("lead");
    browser.goto("/board");
    browser.press("Look at another day");
    browser.script(
        "document.getElementsByName('at')[0].value = arguments[0]",
        vec![DAY.into()],
    );
    let show = By::XPath("//form[.//input[@type='date' and @name='at']]//button");
    browser.with(show, async |button| button.click().await);
    browser.see(KNOWN);
    assert_eq!(browser.overflow(), None);
    follow(browser, "/people/ingrid-solberg");
    follow(browser, "/areas/");
    browser.press("Back to today");
    browser.wait_until("today", || {
        !browser.path().contains("at=") && !browser.text().contains(KNOWN)
    });
    browser.see("Roster");
}

#[test]
fn a_lead_looks_at_a_past_day_on_a_phone_and_comes_back() {
    let demo = Demo::open();
    for scripts in [true, false] {
        let browser = Browser::open(&demo.app);
        if !scripts {
            browser.without_javascript();
        }
        browser.resize(Viewport::Phone);
        back_and_forth(&browser);
        if scripts {
            assert_eq!(browser.console(), Vec::<String>::new());
        }
    }
}
