//! The jobs of every day, counted as a thumb counts them: taps, fields that are typed into, and screens that are scrolled
//! past. None takes more than one above what is possible.

use std::cell::{Cell, RefCell};

use checkride::db::schema::{drills, shifts};
use checkride::db::types::UtcTime;
use checkride::domain::drill::DrillState;
use checkride::domain::shift::{ShiftKind, ShiftState};
use diesel::prelude::*;
use serde_json::json;
use thirtyfour::By;

use crate::support::Demo;
use crate::support::browser::{Browser, Viewport};

fn hours_to(demo: &Demo, moment: UtcTime) -> i64 {
    let now = demo.app.now();
    let mut hours = 0..;
    hours.find(|h| now.plus_hours(*h) >= moment).unwrap()
}

/// Until the next reverse-shadow shift begins.
fn hours_to_the_shift(demo: &Demo) -> i64 {
    let planned = shifts::table
        .filter(shifts::state.eq(ShiftState::Planned))
        .filter(shifts::kind.eq(ShiftKind::ReverseShadow))
        .select(shifts::starts_at)
        .order(shifts::starts_at);
    hours_to(demo, demo.app.db(|c| Ok(planned.first(c)?)))
}

fn hours_to_the_drill(demo: &Demo) -> i64 {
    let planned = drills::table
        .filter(drills::state.eq(DrillState::Planned))
        .select(drills::starts_at);
    hours_to(demo, demo.app.db(|c| Ok(planned.first(c)?)))
}

/// A hand with a phone.
struct Hand {
    demo: Demo,
    browser: Browser,
    done: Cell<u64>,
    /// What was done, with the screens on the way.
    trail: RefCell<Vec<String>>,
}

impl Hand {
    fn of(role: &str) -> Self {
        Self::when(role, |_| 0)
    }

    /// On home so many hours later.
    fn when(role: &str, hours: impl FnOnce(&Demo) -> i64) -> Self {
        let demo = Demo::open();
        demo.app.wait_hours(hours(&demo));
        let browser = Browser::open(&demo.app);
        browser.resize(Viewport::Phone);
        browser.sign_in_as(role);
        browser.goto("/");
        Self {
            demo,
            browser,
            done: Cell::new(0),
            trail: RefCell::default(),
        }
    }

    fn add(&self, n: u64) {
        self.done.set(self.done.get() + n);
    }

    /// Scrolls until the first that is seen and fits can be touched; each screen on the way counts.
    fn reach(&self, css: &str) {
        let seen =
            "[...document.querySelectorAll(arguments[0])].find((one) => one.checkVisibility())";
        self.browser.wait_until(css, || {
            let found = self
                .browser
                .script(&format!("return !!{seen}"), vec![json!(css)]);
            found == true
        });
        let screens = self.browser.script(
            &format!(
                "const found = {seen}; \
                 const below = found.getBoundingClientRect().bottom - innerHeight; \
                 found.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
                 return Math.max(0, Math.ceil(below / innerHeight));"
            ),
            vec![json!(css)],
        );
        self.add(screens.as_u64().unwrap());
        let step = format!("{css} on {}: {screens}", self.browser.path());
        self.trail.borrow_mut().push(step);
    }

    fn tap(&self, css: &str) -> &Self {
        self.reach(css);
        self.browser
            .with(By::Css(css), async |one| one.click().await);
        self.add(1);
        self
    }

    /// Taps a link to a place on the same page. A browser that has much to do goes there a moment after the tap, and the
    /// screens that the jump saves must not be counted.
    fn jump(&self, css: &str) -> &Self {
        self.tap(css);
        self.browser.wait_until("the end of the jump", || {
            let there = self.browser.script(
                "const top = document.querySelector(':target')?.getBoundingClientRect().top; \
                 return top >= 0 && top < innerHeight;",
                vec![],
            );
            there == true
        });
        self
    }

    /// Taps the first button that is seen and says this, on the page that follows the last one so tapped.
    fn press(&self, words: &str) -> &Self {
        self.browser.wait_until(words, || {
            let found = self.browser.script(
                "if (document.readyState !== 'complete' || 'left' in document.body.dataset) return false; \
                 const all = [...document.querySelectorAll('main button, main label, main summary')]; \
                 const one = all.find((o) => o.checkVisibility() && o.innerText.trim().startsWith(arguments[0])); \
                 if (one) one.dataset.hand = document.body.dataset.left = ''; \
                 return !!one;",
                vec![json!(words)],
            );
            found == true
        });
        self.tap("[data-hand]")
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
        let trail = self.trail.borrow();
        assert!(
            done <= ideal + 1,
            "{words}: {done}, {ideal} would do: {trail:#?}"
        );
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
        .jump("main a.jump")
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

#[test]
fn a_mentor_records_two_observations_of_another_mentee() {
    let hand = Hand::of("mentor");
    let ramp = hand.demo.ramp("amara-okafor", "payments");
    let record = ramp.replace("/ramps/", "/sessions/new?ramp=");
    hand.tap(&format!("main a[href='{record}']"))
        .write("summary", "Drained a provider together")
        .tap("label:has([name=help-PAY-C3][value='4'])")
        .tap("label:has([name=help-PAY-C1][value='3'])")
        .tap("main button.pri")
        .done("is recorded", 5);
}

#[test]
fn a_mentor_sees_two_competencies_rise() {
    let hand = Hand::of("mentor");
    let ramp = hand.demo.ramp("amara-okafor", "payments");
    let higher = ".anchor:has(:checked) + .anchor";
    // Every level is a sentence, and those of two competencies are two screens of a phone.
    let (taps, screens) = (4, 2);
    hand.tap(&format!("main a[href='{ramp}/assess']"))
        .tap(&format!(".rub {higher}"))
        .tap(&format!(".rub ~ .rub {higher}"))
        .tap("main button.pri")
        .done("saved", taps + screens);
}

#[test]
fn a_mentor_asks_for_a_sign_off_and_turns_the_first_key() {
    let hand = Hand::of("mentor");
    let ramp = hand.demo.ramp("jonas-weber", "command");
    hand.tap(&format!("main a.btn[href='{ramp}/sign-off']"))
        .write("recommendation", "Calm, and never alone with a doubt")
        .tap("main button[name=do][value=sign]")
        .done("you turned the first key", 4);
}

#[test]
fn a_lead_sees_who_lapses_next() {
    let hand = Hand::of("lead");
    hand.tap("main a[href='/board?show=expiring#who']");
    hand.browser.wait_until("the board", || {
        hand.browser.path() == "/board?show=expiring#who"
    });
    hand.reach("main a.cell[href^='/clearances/']");
    hand.done("Sofia Marchetti", 1);
}

#[test]
fn a_mentor_plans_a_shift() {
    let hand = Hand::of("mentor");
    let ramp = hand.demo.ramp("amara-okafor", "payments");
    hand.tap(&format!("main a[href='{ramp}']"))
        .tap(".head details > summary")
        .tap("main a[href$='/shifts/plan']")
        .tap("main button.pri")
        .done("is planned", 4);
}

#[test]
fn a_mentee_keeps_the_ledger_of_the_shift_that_runs() {
    let hand = Hand::when("mentee", hours_to_the_shift);
    hand.tap("main .next a.pri")
        .tap("label:has([name=flag][value=understood])")
        .tap("main button.pri")
        .done("1 of 1 alert", 3);
}

#[test]
fn a_mentor_runs_a_drill() {
    let hand = Hand::when("mentor", hours_to_the_drill);
    hand.tap("main .next a.pri").press("Begin the drill");
    hand.press("Give")
        .press("Understood")
        .press("Mentor reachable")
        .press("End the drill")
        .write("went_badly", "Nobody told support")
        .tap("main button.pri")
        .done("debriefed", 8);
}

#[test]
fn a_qualifier_edits_a_line_and_publishes_it() {
    let hand = Hand::of("mentor");
    hand.tap("main details > summary")
        .tap("main a[href$='/standard/flags']")
        .tap("main a.btn[href*='/draft/items/']")
        .write("text", "Read the two documents on providers")
        .tap("main button.pri")
        .tap("main a.pri")
        .write("note", "The page of the wiki has moved")
        .tap("main button.pri")
        .done("is published", 8);
}
