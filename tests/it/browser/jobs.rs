//! The jobs of every day, counted as a thumb counts them: taps, fields that are typed into, and screens that are scrolled
//! past. None takes more than one above what is possible.

use std::cell::Cell;

use serde_json::json;
use thirtyfour::By;

use crate::support::Demo;
use crate::support::browser::{Browser, Viewport};

/// A hand with a phone.
struct Hand {
    _demo: Demo,
    browser: Browser,
    done: Cell<u64>,
}

impl Hand {
    fn of(role: &str) -> Self {
        let demo = Demo::open();
        let browser = Browser::open(&demo.app);
        browser.resize(Viewport::Phone);
        browser.sign_in_as(role);
        browser.goto("/");
        Self {
            _demo: demo,
            browser,
            done: Cell::new(0),
        }
    }

    fn add(&self, n: u64) {
        self.done.set(self.done.get() + n);
    }

    /// Scrolls until the first that fits can be touched; each screen on the way counts.
    fn reach(&self, css: &str) {
        self.browser.wait_until(css, || {
            let found = self.browser.script(
                "return !!document.querySelector(arguments[0])",
                vec![json!(css)],
            );
            found == true
        });
        let screens = self.browser.script(
            "const found = [...document.querySelectorAll(arguments[0])].find((one) => one.checkVisibility()); \
             const below = found.getBoundingClientRect().bottom - innerHeight; \
             found.scrollIntoView({ block: 'center', behavior: 'instant' }); \
             return Math.max(0, Math.ceil(below / innerHeight));",
            vec![json!(css)],
        );
        self.add(screens.as_u64().unwrap());
    }

    fn tap(&self, css: &str) -> &Self {
        self.reach(css);
        self.browser
            .with(By::Css(css), async |one| one.click().await);
        self.add(1);
        self
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        self.reach(&format!("[name={name}]"));
        self.browser.fill(name, text);
        self.add(1);
        self
    }

    /// The job is done when the page says this, in at most one more than `ideal`.
    #[track_caller]
    fn done(&self, words: &str, ideal: u64) {
        self.browser.see(words);
        assert_eq!(self.browser.overflow(), None);
        let done = self.done.get();
        assert!(done <= ideal + 1, "{words}: {done}, {ideal} would do");
    }
}

#[test]
fn a_mentor_records_the_planned_session() {
    let hand = Hand::of("mentor");
    hand.tap("main a[href^='/sessions/new?plan=']")
        .write("summary", "Walked the dashboards together")
        .tap("main button.pri")
        .done("is recorded", 3);
}

#[test]
fn a_mentee_finds_what_is_missing_and_ticks_an_item() {
    let hand = Hand::of("mentee");
    hand.reach("main .obst");
    hand.done("Open before clearance", 0);
    let hand = Hand::of("mentee");
    hand.tap("main .next form button").done("Done: ", 1);
}

#[test]
fn a_mentee_rates_a_competency() {
    let hand = Hand::of("mentee");
    hand.tap("main h2 a[href^='/ramps/']")
        .tap("main a[href*='/self-assess/']")
        .tap("main .anchor:not(:has(:checked))")
        .tap("main button.pri")
        .done("saved", 4);
}

#[test]
fn a_lead_turns_the_second_key() {
    let hand = Hand::of("lead");
    hand.tap("main .next a.pri")
        .tap("main a.jump")
        .tap("label:has([name=decision][value=approve])")
        .tap("form.decide button.pri")
        .done("Cleared", 3);
}

#[test]
fn a_lead_sees_who_can_be_on_call_next_tuesday() {
    let hand = Hand::of("lead");
    hand.tap(".top .menu")
        .tap("#nav a[href='/board']")
        .tap(".days li:nth-child(4) a")
        .done("if nothing changes", 2);
}

#[test]
fn a_lead_sees_how_many_may_leave() {
    let hand = Hand::of("lead");
    hand.tap("main a[href='/areas/payments']")
        .tap("main a[href$='/forecast']")
        .done("Bus factor", 2);
}

#[test]
fn an_administrator_invites_a_person() {
    let hand = Hand::of("administrator");
    hand.tap(".top .me")
        .tap("#me a[href='/admin/people']")
        .tap("main a[href='/admin/add-person']")
        .write("name", "Dana Lee")
        .write("email", "dana.lee@harbour.example")
        .tap("main button.pri")
        .tap("main button[data-copy]")
        .done("Dana Lee", 6);
}

#[test]
fn a_post_mortem_is_opened_at_its_first_question() {
    let hand = Hand::of("mentee");
    hand.tap(".top .menu")
        .tap("#nav a[href='/library']")
        .tap("main a[href^='/library/']:not([href*='?'], [href$='/new'], [href$='/import'])")
        .tap("main a[href$='/read']")
        .done("questions answered", 3);
}
