//! A reverse-shadow shift on a phone: planned, its ledger kept in two taps an alert, debriefed; and the gate moves.

use thirtyfour::By;

use crate::shift::{alerts, asking_for_shifts};
use crate::support::Site;
use crate::support::browser::{Browser, Viewport};

/// Fills in a day and time, which browsers show in as many ways as there are languages.
fn at(browser: &Browser, name: &str, value: &str) {
    browser.script(
        "document.getElementsByName(arguments[0])[0].value = arguments[1]",
        vec![name.into(), value.into()],
    );
}

/// The smallest of the flags, in pixels; and whether flags and button are on one screen.
fn tiles(browser: &Browser) -> (f64, bool) {
    let smallest = "return Math.min(...[...document.querySelectorAll('.tiles .choice')].map((e) => e.offsetHeight))";
    let on_one_screen = "const form = document.querySelector('form:has(.tiles)'); form.scrollIntoView(); \
         return form.querySelector('button').getBoundingClientRect().bottom <= innerHeight";
    let height = browser.script(smallest, vec![]).as_f64().unwrap();
    (height, browser.script(on_one_screen, vec![]) == true)
}

fn shift_through(browser: &Browser, site: &Site) {
    browser.sign_in(&site.mentor);
    browser.goto(&format!("/ramps/{}/shifts/plan", site.ramp_id));
    browser.choose("kind", "reverse_shadow");
    browser.choose("with", &site.qualifier.id.to_string());
    at(browser, "starts_at", "2026-11-23T10:00");
    at(browser, "ends_at", "2026-11-23T12:00");
    browser.fill("may_page", "The gateway");
    browser.fill("runbooks", "On the wiki");
    browser.fill("learner_job", "Take every page first");
    browser.fill("who_may_touch", "She does, after a word with Sofia");
    assert_eq!(browser.overflow(), None);
    browser.press("Plan shift");
    browser.see("The reverse-shadow shift is planned for Mon 23 Nov, 10:00.");

    site.app.wait_hours(2);
    browser.sign_in(&site.mentee);
    browser.goto("/");
    browser.press("Open the ledger (Your ramp, Payments)");
    browser.see("no alert acknowledged yet");
    let (height, on_one_screen) = tiles(browser);
    assert!(height >= 48.0 && on_one_screen, "{height} pixels");
    let id = site.dossier().shifts[0].id;
    for n in 1..=5 {
        // The two taps.
        browser.with(By::Css("[name=flag][value=understood]"), async |flag| {
            flag.click().await
        });
        browser.press("Add alert");
        browser.see(&format!("100%, {n} of {n} alert"));
        assert_eq!(alerts(site, id).len(), n);
    }
    assert_eq!(browser.overflow(), None);

    site.app.wait_hours(2);
    browser.sign_in(&site.qualifier);
    browser.goto("/");
    browser.press("Debrief (Leila Haddad, Payments)");
    browser.see("You confirm these lines");
    // One of the lines was not understood after all.
    let line = alerts(site, id)[0].id;
    browser.choose(&format!("line-{line}"), "not_understood");
    browser.fill("went_well", "Calm from the first page on");
    browser.fill("went_badly", "Nothing");
    assert_eq!(browser.overflow(), None);
    browser.press("Close the shift");
    browser.see("it counts from now on.");

    browser.sign_in(&site.mentee);
    browser.goto(&format!("/ramps/{}", site.ramp_id));
    browser.press("1 met");
    browser.see("80% of 5 alerts understood, needs 80% of 5");
    assert!(site.dossier().readiness.gates[1].met);
}

#[test]
fn a_shift_is_planned_kept_and_debriefed_on_a_phone_and_the_gate_moves() {
    let site = Site::open();
    asking_for_shifts(&site);
    let browser = Browser::open(&site.app);
    browser.resize(Viewport::Phone);
    shift_through(&browser, &site);
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn without_scripts_it_goes_all_the_same() {
    let site = Site::open();
    asking_for_shifts(&site);
    let browser = Browser::open(&site.app);
    browser.without_javascript();
    browser.resize(Viewport::Phone);
    shift_through(&browser, &site);
}
