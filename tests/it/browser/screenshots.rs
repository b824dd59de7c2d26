//! The pictures of the README, made from the demo: `scripts/screenshots` runs this and keeps them.

use crate::support::Demo;
use crate::support::TestApp;
use crate::support::browser::{Browser, Theme, Viewport};

#[test]
fn pictures_of_the_demo() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    browser.goto("/board");
    browser.see("Short by 1");
    browser.screenshot("board");

    browser.sign_in_as("mentor");
    browser.goto(&demo.ramp("amara-okafor", "payments"));
    browser.see("What stands between Amara Okafor and clearance");
    browser.screenshot("ramp");
}

#[test]
fn pictures_of_every_component() {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    for (viewport, width) in [(Viewport::Phone, 390), (Viewport::Desktop, 1280)] {
        for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            browser.resize(viewport);
            browser.prefer(theme);
            browser.goto("/_ui");
            browser.see("Every component in every state");
            browser.screenshot(&format!("ui-{width}-{word}"));
        }
    }
}
