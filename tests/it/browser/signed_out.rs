//! Signed out while typing: a long text is stored by signing in where it was refused, with scripts and without.

use thirtyfour::By;

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::factory::PASSWORD;
use crate::support::{Demo, Role, Site, path};

#[test]
fn a_text_is_stored_after_its_writer_was_signed_out() {
    for scripts in [true, false] {
        let site = Site::open();
        let browser = Browser::open(&site.app);
        browser.sign_in(&site.mentor);
        if !scripts {
            browser.without_javascript();
        }
        browser.goto(&path::new_session(site.ramp_id));
        browser.fill("summary", "A long debrief that took twenty minutes.");
        site.client(Role::Mentor)
            .post("/sign-out", &[("everywhere", "1")]);
        browser.press("Save session");
        browser.see("You are signed out, so nothing was stored.");
        if scripts {
            let found = look(&browser);
            let found: Vec<_> = found.iter().filter(|line| !line.contains("401")).collect();
            assert!(found.is_empty(), "{found:?}");
        }
        browser.fill("email", &site.mentor.email);
        browser.fill("password", "not this one");
        browser.press("Sign in and send");
        browser.see("E-mail and password do not match.");
        browser.fill("password", PASSWORD);
        browser.press("Sign in and send");
        browser.see("is recorded");
        browser.goto(&format!("{}/sessions", path::ramp(site.ramp_id)));
        browser.see("A long debrief that took twenty minutes.");
        let sessions = site.dossier().sessions;
        assert_eq!(sessions.len(), 1, "scripts: {scripts}");
    }
}

#[test]
fn in_the_demo_one_button_signs_in_and_sends() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.resize(Viewport::Phone);
    browser.sign_in_as("mentor");
    let amara = demo.ramp("amara-okafor", "payments");
    let new = format!("/sessions/new?ramp={}", amara.rsplit('/').next().unwrap());
    browser.goto(&new);
    browser.fill("summary", "A long debrief that took twenty minutes.");
    browser.script(
        "return fetch('/sign-out', { method: 'POST', body: new URLSearchParams({ everywhere: 1 }) }).then(() => 1)",
        vec![],
    );
    browser.press("Save session");
    browser.see("What you typed is sent when you sign in here.");
    assert_eq!(browser.overflow(), None);
    let button = By::XPath("//button[starts-with(normalize-space(), 'Sign in as mentor ')]");
    browser.with(button, async |target| target.click().await);
    browser.see("is recorded");
    browser.goto(&format!("{amara}/sessions"));
    browser.see("A long debrief that took twenty minutes.");
}
