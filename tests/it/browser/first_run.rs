//! From nothing to the first ramp, in a browser: the administrator of an empty installation on a phone.

use thirtyfour::By;

use crate::support::TestApp;
use crate::support::browser::{Browser, Viewport};
use crate::support::factory::PASSWORD;

#[test]
fn from_nothing_to_the_first_ramp_on_a_phone() {
    walk(true);
}

#[test]
fn from_nothing_to_the_first_ramp_on_a_phone_without_scripts() {
    walk(false);
}

fn walk(scripts: bool) {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    browser.resize(Viewport::Phone);
    if !scripts {
        browser.without_javascript();
    }
    set_up(&app, &browser);
    browser.see("0 of 6 done");

    browser.press("Teams");
    browser.fill("name", "Payments");
    browser.press("Add the team");
    browser.see("Payments was added. Put its people in.");

    browser.goto("/");
    browser.see("1 of 6 done");
    browser.press("Add people");
    browser.fill(
        "list",
        "Ada King, ada@example.com, Payments, lead\nBo Li, bo@example.com, Payments\nKim Park, kim@example.com, Payments",
    );
    browser.press("Check the list");
    browser.see("2 new, 1 here already");
    browser.press("Add 2 people");
    browser.see("Copy now: this page is the only place that ever shows these links.");
    let text = browser.text();
    let bo = text
        .split_whitespace()
        .find(|word| word.contains("/invite/"));
    let bo = bo.unwrap().strip_prefix(&app.base).unwrap().to_owned();

    browser.goto("/");
    browser.see("2 of 6 done");
    browser.press("Set up an area");
    browser.wait_until("the form", || browser.path() == "/areas/new");
    let template = By::Css("a[href='/areas/new?template=payments']");
    browser.with(template, async |link| link.click().await);
    browser.wait_until("the template", || {
        browser.path().contains("template=payments")
    });
    let team = By::XPath("//select[@name='owner_team']/option[normalize-space()='Payments']");
    browser.with(team, async |option| option.click().await);
    browser.press("Set up the area");
    browser.see("is set up.");

    browser.goto("/");
    browser.see("3 of 6 done");
    browser.press("Start a ramp");
    browser.wait_until("the form", || browser.path().starts_with("/ramps/new"));
    let choose = |field: &str, words: &str| {
        let option = format!("//select[@name='{field}']/option[contains(., '{words}')]");
        browser.with(By::XPath(option), async |option| option.click().await);
    };
    choose("area", "Checkout");
    browser.press("Search");
    browser.see("Who ramps up");
    choose("mentee", "Bo Li");
    choose("primary", "Kim Park");
    let submit = By::Css("form[action='/ramps/new'] button.pri");
    browser.with(submit, async |button| button.click().await);
    browser.wait_until("the ramp", || {
        browser.path().starts_with("/ramps/") && !browser.path().starts_with("/ramps/new")
    });
    browser.goto("/");
    assert!(!browser.text().contains("Steps to the first ramp"));

    // The one who ramps up comes in by the link.
    browser.goto(&bo);
    browser.see("This link is for Bo Li.");
    choose_a_password(&browser, "Set password and sign in");
    browser.see("Welcome. Your password is set and you are signed in.");
    browser.goto(&bo);
    browser.see("This link was used");
    assert_eq!(browser.path(), bo);
    let faults = browser.console();
    assert_eq!(faults, Vec::<String>::new());
}

/// Ada King makes the first account, by the link that the start of the server prints.
pub fn set_up(app: &TestApp, browser: &Browser) {
    let now = app.now();
    let link = app
        .db(|c| checkride::usecases::invite::actions::offer_setup(c, now))
        .unwrap();
    browser.goto(&link.setup_link(""));
    browser.fill("name", "Ada King");
    browser.fill("email", "ada@example.com");
    choose_a_password(browser, "Create the account");
}

pub fn choose_a_password(browser: &Browser, button: &str) {
    browser.fill("password", PASSWORD);
    browser.fill("repeat_password", PASSWORD);
    browser.press(button);
    browser.wait_until("signed in", || browser.path() == "/");
}
