//! An observation asked for on a phone, and answered in a minute by the person who was there.

use crate::asked::CODE;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Site, path};

fn from_question_to_answer(browser: &Browser, site: &Site) {
    browser.sign_in(&site.mentee);
    browser.goto(&path::competency(site.ramp_id, CODE));
    browser.press("Ask for an observation");
    browser.choose("asked", &site.qualifier.id.to_string());
    browser.fill("work", "Drained eu-west in the retry storm");
    assert_eq!(browser.overflow(), None);
    browser.press("Ask");
    browser.see("Asked. An answer is possible until");

    browser.sign_in(&site.qualifier);
    browser.goto("/");
    browser.press("Answer (Leila Haddad, Payments)");
    browser.see("What did you see of PAY-I2?");
    browser.choose("seen", "there");
    browser.choose("help", "4");
    browser.fill("words", "Drained it alone and said when she would stop.");
    assert_eq!(browser.overflow(), None);
    browser.press("Send answer");
    browser.see("Thank you. Your observation can back an assessment now.");

    browser.sign_in(&site.mentor);
    browser.goto(&path::competency(site.ramp_id, CODE));
    browser.see("Observation on request");
}

#[test]
fn a_mentee_asks_and_the_person_who_saw_it_answers() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.resize(Viewport::Phone);
    from_question_to_answer(&browser, &site);
    let site = Site::open();
    let browser = Browser::open(&site.app);
    from_question_to_answer(browser.without_javascript(), &site);
}
