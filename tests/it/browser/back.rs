//! The Back key, now that a browser keeps pages: it shows what is so now, and nothing after signing out.

use checkride::db::schema::people;
use diesel::prelude::*;

use crate::support::browser::Browser;
use crate::support::{Role, Site, path};

#[test]
fn after_signing_out_back_shows_nothing() {
    for scripts in [true, false] {
        let site = Site::open();
        let browser = Browser::open(&site.app);
        browser.sign_in(&site.mentor);
        if !scripts {
            browser.without_javascript();
        }
        for page in ["/board", &path::person(&site.mentee.handle), "/account"] {
            browser.goto(page);
        }
        browser.press("Sign out here");
        browser.see("You are signed out.");
        for _ in 0..3 {
            browser.back();
            browser.see("Sign in");
            let words = browser.text();
            assert!(!words.contains(&site.mentee.name), "{words}");
            assert!(browser.path().starts_with("/sign-in"), "{}", browser.path());
        }
    }
}

#[test]
fn a_session_that_ended_elsewhere_is_found_by_back() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.sign_in(&site.mentor);
    browser.goto(&path::person(&site.mentee.handle));
    browser.goto("/help");
    site.client(Role::Mentor)
        .post("/sign-out", &[("everywhere", "1")]);
    browser.back();
    browser.see("Password");
    assert!(!browser.text().contains(&site.mentee.name));
}

#[test]
fn back_shows_what_is_so_now() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.sign_in(&site.mentor);
    browser.goto(&path::person(&site.mentee.handle));
    browser.see(&site.mentee.name);
    browser.goto("/help");
    site.app.db(|c| {
        diesel::update(people::table.find(site.mentee.id))
            .set(people::name.eq("Leila the Renamed"))
            .execute(c)?;
        Ok(())
    });
    browser.back();
    browser.see("Leila the Renamed");
}

#[test]
fn a_form_that_back_shows_again_is_another_form() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.sign_in(&site.mentor);
    let comments = path::history(site.ramp_id);
    for words in ["What is a capture?", "And a refund?"] {
        browser.goto(&comments);
        browser.goto("/help");
        browser.back();
        browser.wait_until("the form is back", || browser.path() == comments);
        browser.fill("body", words);
        browser.press("Comment");
        browser.see(words);
        browser.back();
    }
    // Two tabs of one page that did not change.
    let keys = || {
        let script = "return [...document.querySelectorAll('main input[name=form_key]')].map((f) => f.value)";
        let keys = browser.script(script, vec![]);
        serde_json::from_value::<Vec<String>>(keys).unwrap()
    };
    browser.goto("/account");
    let first = keys();
    browser.goto("/account");
    let second = keys();
    assert!(!first.is_empty() && first.len() == second.len());
    for (one, other) in first.iter().zip(&second) {
        assert_ne!(one, other);
        assert_eq!(one[32..], other[32..], "for whom it is");
    }
}
