//! How long home is for each role of the demo, and what one tap does there.

use thirtyfour::By;

use crate::support::Demo;
use crate::support::browser::{Browser, Viewport};

/// How many windows high the page is.
fn screens(browser: &Browser) -> f64 {
    let script = "return document.documentElement.scrollHeight / innerHeight";
    browser.script(script, vec![]).as_f64().unwrap()
}

#[test]
fn home_is_short_on_a_phone() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.resize(Viewport::Phone);
    for (role, most) in [("mentee", 2.5), ("mentor", 3.0), ("lead", 3.0)] {
        browser.sign_in_as(role);
        browser.goto("/");
        let high = screens(&browser);
        assert!(high <= most, "{role}: {high} screens, {most} at most");
        assert_eq!(browser.overflow(), None, "{role}");
        assert_eq!(browser.filled_buttons(), None, "{role}");
    }
}

#[test]
fn an_item_is_marked_done_from_home_in_one_tap() {
    for scripts in [true, false] {
        let demo = Demo::open();
        let browser = Browser::open(&demo.app);
        browser.resize(Viewport::Phone);
        if !scripts {
            browser.without_javascript();
        }
        browser.sign_in_as("mentee");
        browser.goto("/");
        let first = By::Css("main .next form button");
        browser.with(first, async |button| button.click().await);
        browser.see("Done: ");
        assert_eq!(browser.path(), "/");
    }
}
