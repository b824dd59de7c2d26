//! The pictures of README and guide, made from the demo as it is on a day that stays the same: `scripts/screenshots` runs
//! this and keeps them.

use crate::browser::first_run::set_up;
use crate::support::browser::{Browser, Theme, Viewport};
use crate::support::{Demo, TestApp};

/// What somebody sees: the page, how wide, words to wait for, and what the picture is called.
type Picture<'a> = (&'a str, Viewport, &'a str, &'a str);

fn take(browser: &Browser, role: &str, pictures: &[Picture]) {
    browser.sign_in_as(role);
    for (path, viewport, words, name) in pictures {
        browser.resize(*viewport);
        browser.goto(path);
        browser.see(words);
        keep(browser, name);
    }
}

fn keep(browser: &Browser, name: &str) {
    // Nothing is marked that nobody touched.
    browser.script("document.activeElement.blur()", vec![]);
    browser.screenshot(&format!("docs/{name}"));
}

#[test]
fn pictures_of_the_demo() {
    use Viewport::{Desktop, Phone};
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    let amara = demo.ramp("amara-okafor", "payments");
    take(
        &browser,
        "mentee",
        &[
            ("/", Desktop, "Next step", "mentee-home"),
            (&amara, Phone, "Open before clearance", "mentee-ramp"),
        ],
    );
    let record = format!("/sessions/new?ramp={}", amara.rsplit('/').next().unwrap());
    let draft = "/areas/payments/standard/draft";
    take(
        &browser,
        "mentor",
        &[
            (&amara, Desktop, "Open before clearance", "ramp"),
            (&record, Phone, "Record a session", "mentor-record"),
            (
                &format!("{amara}/compare"),
                Desktop,
                "Side by side",
                "mentor-compare",
            ),
            ("/inbox", Desktop, "Waits for you", "inbox"),
            ("/search?q=refund", Desktop, "6 results", "search"),
            (
                &format!("{amara}#discussion"),
                Desktop,
                "captured twice",
                "discussion",
            ),
            (draft, Desktop, "Review and publish", "qualifier-draft"),
            (
                &format!("{draft}/publish"),
                Desktop,
                "Publish it",
                "qualifier-publish",
            ),
        ],
    );
    let sign_off = demo.sign_off("lukas-novak", "catalogue");
    let clearance = demo.clearance("sofia-marchetti", "edge");
    take(
        &browser,
        "lead",
        &[
            ("/board", Desktop, "Short by 1", "board"),
            (
                "/ramps/new?area=payments",
                Desktop,
                "Who ramps up",
                "lead-start",
            ),
            (&sign_off, Desktop, "Lukas", "sign-off"),
            (&clearance, Desktop, "Sofia", "clearance"),
        ],
    );
    demo.app.send_mails();
    take(
        &browser,
        "administrator",
        &[
            ("/admin/people", Desktop, "Elif Demir", "admin-people"),
            ("/admin/audit", Desktop, "Audit log", "admin-audit"),
            ("/demo/mail", Desktop, "Mail", "demo-mail"),
        ],
    );
}

#[test]
fn picture_of_the_first_steps() {
    let app = TestApp::start();
    let browser = Browser::open(&app);
    set_up(&app, &browser);
    browser.see("0 of 6 done");
    browser.press("Teams");
    browser.fill("name", "Payments");
    browser.press("Add the team");
    browser.see("Payments was added.");
    browser.goto("/");
    browser.see("1 of 6 done");
    keep(&browser, "admin-setup");
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
