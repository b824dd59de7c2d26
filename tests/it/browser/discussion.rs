//! A question on a ramp is asked, answered, corrected and removed, on a phone, with and without scripts.

use thirtyfour::By;

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::sample::document;
use crate::support::{Site, path};

fn ask(browser: &Browser, words: &str) {
    browser.with(By::Id("f-body"), async |field| field.send_keys(words).await);
}

#[test]
fn a_name_is_completed_while_one_types_on_a_phone() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&path::ramp(site.ramp_id));
    ask(&browser, "Could you look, @marc");
    browser.see("Marcus Oyelaran (@");
    assert_eq!(look(&browser), Vec::<String>::new());
    ask(&browser, "\u{e007}at the keys?");
    browser.press("Comment");
    browser.see("Your comment is on the page.");
    browser.see(&format!(
        "Could you look, @{} at the keys?",
        site.mentor.handle
    ));
    assert_eq!(browser.overflow(), None);
    assert_eq!(look(&browser), Vec::<String>::new());

    browser.sign_in(&site.mentor);
    browser.goto(&path::ramp(site.ramp_id));
    browser.press(&format!("Reply to {}", site.mentee.name));
    browser.see("Your answer");
    ask(&browser, "On Monday.");
    browser.press("Answer");
    browser.see("On Monday.");
    assert_eq!(look(&browser), Vec::<String>::new());
}

#[test]
fn without_scripts_people_are_chosen_from_a_list_and_views_are_added() {
    let site = Site::open();
    let slug = site.teach(&document());
    let browser = Browser::open(&site.app);
    browser.without_javascript().resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&path::ramp(site.ramp_id));
    browser.fill("body", "Who knows the keys?");
    browser.press("Mention someone");
    browser.choose("mention", &site.mentor.handle);
    browser.press("Insert");
    browser.press("Comment");
    browser.see(&format!("Who knows the keys? @{}", site.mentor.handle));

    browser.goto(&format!("/library/{slug}/comments?show=all&moment=1"));
    browser.fill("saw", "A flat line");
    browser.press("Add your view");
    browser.see("Write what you would decide, and why.");
    browser.fill("body", "Drain the queue");
    browser.press("Add your view");
    browser.see("Your view is on the page.");
    browser.see("What others saw");
}
