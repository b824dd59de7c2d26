//! A post-mortem read step by step on a phone, and a file that is read into the form.

use thirtyfour::By;

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::sample::document;
use crate::support::{Role, Site};

fn type_answer(browser: &Browser, words: &str) {
    browser.with(By::Id("f-answer"), async |field| {
        field.send_keys(words).await
    });
}

#[test]
fn a_post_mortem_is_read_step_by_step_on_a_phone_and_its_answers_reach_the_mentor() {
    let site = Site::open();
    let slug = site.teach(&document());
    let browser = Browser::open(&site.app);
    browser.resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto("/library");
    browser.press("Captures were doubled");
    browser.press("Read it step by step");
    browser.see("Authorisation takes nine seconds.");
    assert!(!browser.text().contains("The queue grows"));
    assert_eq!(look(&browser), Vec::<String>::new());

    type_answer(&browser, "Call the provider");
    browser.press("Continue");
    browser.see("The queue grows");
    assert!(!browser.text().contains("Switched everything"));
    assert_eq!(browser.overflow(), None);
    // Nothing typed: it comes back and says so, beside the field.
    browser.press("Show what was done");
    browser.see("a few words are enough");
    assert_eq!(look(&browser), Vec::<String>::new());
    type_answer(&browser, "Drain the queue");
    browser.press("Show what was done");
    browser.see("Switched everything to the other one");
    type_answer(&browser, "Believe support");
    browser.press("Show what was done");
    browser.see("The end");
    assert_eq!(look(&browser), Vec::<String>::new());

    browser.sign_in(&site.mentor);
    browser.goto(&format!("/sessions/new?ramp={}", site.ramp_id));
    browser.press("Captures were doubled");
    browser.see("To talk about");
    browser.unfold();
    browser.see("Drain the queue");
    assert!(browser.path().starts_with(&format!("/library/{slug}")));
}

#[test]
fn without_scripts_it_is_read_pasted_and_written_all_the_same() {
    let site = Site::open();
    let slug = site.teach(&document());
    let browser = Browser::open(&site.app);
    browser.without_javascript().resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&format!("/library/{slug}/read"));
    browser.fill("answer", "Call the provider");
    browser.press("Continue");
    browser.see("The queue grows");
    browser.goto("/library/import");
    let file = "+++\ntitle = \"Bots were read as success\"\nseverity = \"sev3\"\nwhen = 2026-06-18T19:42:00Z\n\
                minutes = 40\n+++\nThey were.";
    browser.fill("text", file);
    browser.press("Read it");
    browser.see("Write a post-mortem");
    browser.fill("impact", "Nobody noticed.");
    browser.press("Save");
    browser.see("The draft is saved");
    let stored = site.postmortem("bots-were-read-as-success");
    assert_eq!(stored.document.body, "They were.");
    assert!(
        site.member(Role::Mentee)
            .is_some_and(|m| Some(m.id) == stored.created_by)
    );
}
