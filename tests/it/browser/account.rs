//! How pages look is one's own choice; what is copied needs no marking; zones are chosen from a list.

use serde_json::json;
use thirtyfour::By;

use super::look;
use crate::support::browser::Browser;
use crate::support::{Demo, Role, Site};

/// The colour of the page's ground, and the height of its buttons.
fn drawn(browser: &Browser) -> (String, f64) {
    let drawn = browser.script(
        "const ground = getComputedStyle(document.body).backgroundColor; \
         return [ground, document.querySelector('.top .btn').getBoundingClientRect().height];",
        vec![],
    );
    (
        drawn[0].as_str().unwrap().to_owned(),
        drawn[1].as_f64().unwrap(),
    )
}

#[test]
fn colours_and_spacing_are_chosen_for_this_browser_with_scripts_and_without() {
    let demo = Demo::open();
    for scripts in [true, false] {
        let browser = Browser::open(&demo.app);
        browser.sign_in_as("mentee");
        browser.goto("/account");
        let (light, roomy) = drawn(&browser);
        if !scripts {
            browser.without_javascript();
            browser.goto("/account");
        }
        for (name, value) in [("theme", "dark"), ("density", "compact")] {
            let css = format!("label:has([name={name}][value={value}])");
            browser.with(By::Css(css), async |choice| choice.click().await);
        }
        browser.press("Save the look");
        browser.see("Pages look as you chose");
        browser.goto("/board");
        let (dark, close) = drawn(&browser);
        assert_ne!(dark, light);
        assert!(close < roomy, "{close} {roomy}");
        if scripts {
            assert_eq!(look(&browser), Vec::<String>::new());
            browser.goto("/no-such-page");
            assert_eq!(drawn(&browser).0, dark);
        }
    }
}

#[test]
fn a_link_is_copied_by_its_button() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.sign_in(site.member(Role::Administrator).unwrap());
    browser.devtools(
        "Browser.grantPermissions",
        json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }),
    );
    browser.goto("/me/calendar");
    browser.press("Make address");
    browser.see("Your secret address");
    browser.press("Copy");
    browser.see("Copied");
    let copied = browser.script("return navigator.clipboard.readText()", vec![]);
    let shown = browser.script("return document.querySelector('.cmd').textContent", vec![]);
    assert_eq!(copied, shown);
    assert!(shown.as_str().unwrap().contains("/calendar/"), "{shown}");
}

#[test]
fn a_time_zone_is_offered_in_a_list() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("mentee");
    browser.goto("/account");
    let offered = browser.script(
        "const field = document.querySelector('[name=time_zone]'); \
         return [...field.list.options].map((zone) => zone.value)",
        vec![],
    );
    let offered = offered.as_array().unwrap();
    for zone in [
        "Europe/Lisbon",
        "Asia/Kolkata",
        "America/Argentina/Ushuaia",
        "UTC",
    ] {
        assert!(offered.contains(&json!(zone)), "{zone}");
    }
    for other in ["Etc/GMT+5", "posixrules"] {
        assert!(!offered.contains(&json!(other)), "{other}");
    }
}
