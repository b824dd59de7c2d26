//! Recording a session in half a minute on a phone, and planning one.

use thirtyfour::By;

use crate::support::Site;
use crate::support::browser::{Browser, Viewport};

/// At most so much is asked of somebody in the common case.
const TEXTS: u64 = 1;
const TAPS: u64 = 2;

/// Counts, from now on, on this page: fields that were typed into, and taps.
fn count(browser: &Browser) {
    browser.script(
        "window.typed = new Set(); window.taps = 0; \
         document.addEventListener('input', (e) => { if (e.isTrusted && e.target.matches('textarea, [type=text], [type=number]')) window.typed.add(e.target.name); }, true); \
         document.addEventListener('pointerdown', (e) => { if (e.isTrusted) window.taps += 1; sessionStorage.setItem('taps', window.taps); }, true); \
         addEventListener('pagehide', () => sessionStorage.setItem('typed', window.typed.size));",
        vec![],
    );
}

fn counted(browser: &Browser, what: &str) -> u64 {
    let number = browser.script(
        "return Number(sessionStorage.getItem(arguments[0]))",
        vec![what.into()],
    );
    number.as_u64().unwrap()
}

fn level(code: &str) -> By {
    By::XPath(format!(
        "//fieldset[@id='f-help-{code}']//label[normalize-space()='Mentor reachable']"
    ))
}

/// How many screens down the first button that saves is.
fn screens_to_save(browser: &Browser) -> f64 {
    let script = "const all = [...document.querySelectorAll('main button.pri')].filter((e) => e.offsetParent); \
                  return all[0].getBoundingClientRect().bottom / innerHeight";
    browser.script(script, vec![]).as_f64().unwrap()
}

#[test]
fn a_session_is_recorded_on_a_phone_with_one_text_and_two_taps() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    for viewport in [Viewport::Phone, Viewport::Narrow] {
        browser.resize(viewport);
        browser.sign_in(&site.mentor);
        browser.goto("/");
        browser.press("Record session with Leila Haddad");
        browser.see("What did you work on?");
        browser.see("Leila Haddad");
        assert!(screens_to_save(&browser) < 2.0);
        assert_eq!(browser.overflow(), None);
        count(&browser);
        let here = browser.script("return document.activeElement.name", vec![]);
        assert_eq!(here, "summary", "typing can begin at once");
        browser.with(By::Css("textarea:focus"), async |field| {
            field.send_keys("Failed over and back, she drove.").await
        });
        browser.with(level("PAY-I2"), async |choice| choice.click().await);
        browser.press("Save session");
        browser.see("is recorded.");
        let (texts, taps) = (counted(&browser, "typed"), counted(&browser, "taps"));
        assert!(
            (1..=TEXTS).contains(&texts) && (2..=TAPS).contains(&taps),
            "{texts} texts and {taps} taps"
        );
        let d = site.dossier();
        let last = d.sessions.first().unwrap();
        assert_eq!(
            (last.minutes, last.summary.as_str()),
            (45, "Failed over and back, she drove.")
        );
        let observed = d.observations.iter().find(|o| o.session_id == last.id);
        assert_eq!(observed.unwrap().competency_code, "PAY-I2");
        // Said too soon: one more tap takes it back.
        browser.press("Undo");
        browser.see("is undone. It no longer counts.");
        assert!(!site.dossier().sessions.iter().any(|s| s.counts()));
    }
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn without_scripts_a_session_is_planned_recorded_and_corrected_all_the_same() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.without_javascript();
    browser.resize(Viewport::Phone);
    browser.sign_in(&site.mentee);
    browser.goto(&format!("/ramps/{}", site.ramp_id));
    browser.press("Plan a session");
    browser.see("What does it cover?");
    browser.script(
        "document.getElementsByName('starts_at')[0].value = '2026-11-23T12:00'",
        vec![],
    );
    let save = By::XPath("//main//button[normalize-space()='Plan session']");
    browser.with(save, async |button| button.click().await);
    browser.see("The session is planned for Mon 23 Nov, 12:00: 11:00 for Marcus (Europe/London).");
    site.app.wait_hours(3);

    browser.sign_in(&site.mentor);
    browser.goto("/");
    browser.press("Record session (Leila Haddad, Payments)");
    browser.fill("summary", "Read the runbook together");
    browser.fill("next_actions", "Drain it alone");
    browser.press("Save session");
    browser.see("is recorded.");
    browser.press("1 next action open");
    browser.see("Drain it alone");
    browser.press("Done (Drain it alone)");
    browser.see("Done: Drain it alone");
    browser.press("Read the runbook together");
    browser.press("Correct");
    browser.choose("minutes", "30");
    browser.press("Save correction");
    browser.see("The correction is recorded.");
    browser.see("30 min");
    let d = site.dossier();
    assert_eq!(
        d.readiness.gates[2].progress,
        "1 of 1 sessions, 30 of 30 minutes"
    );
}
