//! The pictures of the README, made from the demo: `scripts/screenshots` runs this and keeps them.

use crate::support::Demo;
use crate::support::browser::Browser;

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
