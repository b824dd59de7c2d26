//! A form that cannot be accepted comes back: the sentence at the field, the focus on the summary, nothing lost.

use serde_json::Value;
use thirtyfour::By;

use crate::shift::{close, ended};
use crate::support::browser::{Browser, Viewport};
use crate::support::{Role, Site};

/// With scripts at a desk, and without on a phone.
fn both_ways(site: &Site, walk: impl Fn(&Browser)) {
    for scripts in [true, false] {
        let browser = Browser::open(&site.app);
        if !scripts {
            browser.resize(Viewport::Phone);
            browser.without_javascript();
        }
        walk(&browser);
    }
}

/// The page says that there is a problem: the title, the summary, which has the focus, and a sentence that belongs to
/// the field.
fn assert_says_so(browser: &Browser, field: &str, sentence: &str) {
    browser.see("There is a problem");
    browser.wait_until("the focus on the summary", || {
        browser.script("return document.activeElement.className", vec![]) == "errsum"
    });
    let title = browser.script("return document.title", vec![]);
    assert!(title.as_str().unwrap().starts_with("Error: "), "{title}");
    let said = browser.script(
        "const field = document.getElementById('f-' + arguments[0]); \
         const named = field.matches('[aria-describedby]') ? field : field.querySelector('[aria-describedby]'); \
         const ids = (named ?? field).getAttribute('aria-describedby')?.split(' ') ?? ['e-' + arguments[0]]; \
         return ids.map((id) => document.getElementById(id).innerText).join(' ')",
        vec![field.into()],
    );
    assert!(
        said.as_str().unwrap().contains(sentence),
        "at {field}: {said}"
    );
    // The summary leads to the field.
    let link = browser.script(
        "return [...document.querySelectorAll('.errsum a')].find((a) => a.innerText.includes(arguments[0]))\
            ?.getAttribute('href')",
        vec![sentence.into()],
    );
    assert_eq!(link, format!("#f-{field}"));
}

/// What a field holds now; of radio buttons the chosen one.
fn value(browser: &Browser, name: &str) -> Value {
    browser.script(
        "const all = [...document.getElementsByName(arguments[0])]; \
         return (all[0].type === 'radio' ? all.find((r) => r.checked) : all[0])?.value ?? null",
        vec![name.into()],
    )
}

/// Puts a value where typing depends on the language of the browser.
fn set(browser: &Browser, name: &str, to: &str) {
    browser.script(
        "document.getElementsByName(arguments[0])[0].value = arguments[1]",
        vec![name.into(), to.into()],
    );
}

#[test]
fn a_debrief_that_comes_second_comes_back_whole() {
    for scripts in [true, false] {
        let site = Site::open();
        let id = ended(&site);
        let browser = Browser::open(&site.app);
        if !scripts {
            browser.without_javascript();
        }
        browser.sign_in(&site.mentor);
        browser.goto(&format!("/shifts/{id}/debrief"));
        browser.fill("went_well", "He named <b>every</b> alert");
        browser.fill("went_badly", "The hand-over was short");
        close(&site, id);
        browser.press("Close the shift");
        browser.see("There is a problem");
        browser.see("She read the board first");
        assert_eq!(value(&browser, "went_well"), "He named <b>every</b> alert");
        assert_eq!(
            value(&browser, "corrects").as_str().map(str::is_empty),
            Some(false)
        );
        browser.press("Save correction");
        browser.see("He named <b>every</b> alert");
    }
}

#[test]
fn a_session_without_its_sentence_comes_back_whole() {
    let site = Site::open();
    both_ways(&site, |browser| {
        // The second session is not at the time of the first one.
        site.app.wait_hours(2);
        browser.sign_in(&site.mentor);
        browser.goto("/sessions/new");
        browser.fill("next_actions", "Do it again, alone.");
        browser.choose("kind", "walkthrough");
        browser.choose("minutes", "other");
        browser.fill("minutes_other", "25");
        browser.press("5 more below their level");
        browser.with(By::Css("summary:has(+ #f-help-PAY-A1)"), async |line| {
            line.click().await
        });
        browser.choose("help-PAY-A1", "2");
        let held = site.dossier().sessions.len();
        browser.press("Save session");
        assert_says_so(browser, "summary", "Say in a sentence what you worked on.");
        for (name, typed) in [
            ("next_actions", "Do it again, alone."),
            ("kind", "walkthrough"),
            ("minutes", "other"),
            ("minutes_other", "25"),
            ("help-PAY-A1", "2"),
        ] {
            assert_eq!(value(browser, name), typed, "{name}");
        }
        assert_eq!(site.dossier().sessions.len(), held, "nothing is written");
        browser.fill("summary", "Read the failover runbook together.");
        browser.press("Save session");
        browser.see("is recorded.");
        let sessions = site.dossier().sessions;
        assert_eq!(sessions.len(), held + 1);
        assert_eq!(sessions[0].minutes, 25);
    });
}

#[test]
fn a_level_that_rises_without_evidence_comes_back_whole() {
    let site = Site::open();
    both_ways(&site, |browser| {
        browser.sign_in(&site.mentor);
        browser.goto(&format!("/ramps/{}/assess/incident", site.ramp_id));
        browser.choose("level-PAY-I1", "3");
        browser.fill("note-PAY-I1", "Led a drill on Monday.");
        browser.choose("level-PAY-I2", "4");
        browser.press("Save, go to Change & recovery");
        assert_says_so(browser, "evidence-PAY-I2", "the level rises");
        for (name, typed) in [
            ("level-PAY-I1", "3"),
            ("note-PAY-I1", "Led a drill on Monday."),
            ("level-PAY-I2", "4"),
            ("note-PAY-I2", ""),
        ] {
            assert_eq!(value(browser, name), typed, "{name}");
        }
        assert_eq!(site.dossier().assessments.len(), 0, "nothing is written");
    });
}

#[test]
fn a_return_without_reasons_comes_back_whole() {
    let site = Site::open();
    site.ask_for_signoff();
    site.turn_first_key();
    let page = format!("/sign-offs/{}", site.dossier().signoffs[0].id);
    both_ways(&site, |browser| {
        browser.sign_in(&site.qualifier);
        browser.goto(&page);
        browser.choose("decision", "return");
        set(browser, "ends_on", "2027-05-01");
        browser.press("Record decision");
        assert_says_so(browser, "note", "Say why it goes back, and what is needed.");
        assert_eq!(value(browser, "decision"), "return");
        assert_eq!(value(browser, "ends_on"), "2027-05-01");
        let state = site.dossier().signoffs[0].state.label();
        assert_eq!(state, "First key turned", "nothing is decided");
    });
}

#[test]
fn a_ramp_that_cannot_start_comes_back_whole() {
    let site = Site::open();
    both_ways(&site, |browser| {
        browser.sign_in(&site.owner_lead);
        // Somebody of another team, whom a search finds for the part they cannot have.
        browser.goto("/ramps/new?area=payments&who=wilk&find=wilk");
        let (mentee, mentor) = (site.stranger.id.to_string(), site.mentor.id.to_string());
        browser.choose("mentee", &mentee);
        browser.choose("primary", &mentee);
        browser.choose("secondary", &mentor);
        set(browser, "target_on", "2027-03-01");
        browser.fill("interval_days", "99");
        browser.press("Propose the ramp");
        assert_says_so(browser, "primary", "Nobody mentors themselves");
        assert_says_so(browser, "interval_days", "1 to 60");
        for (name, typed) in [
            ("area", site.area_id.to_string()),
            ("mentee", mentee.clone()),
            ("primary", mentee),
            ("secondary", mentor),
            ("starts_on", "2026-11-23".into()),
            ("target_on", "2027-03-01".into()),
            ("interval_days", "99".into()),
        ] {
            assert_eq!(value(browser, name), typed.as_str(), "{name}");
        }
        let board = site.client(Role::OwnerLead).get("/people/tomasz-wilk");
        assert!(!board.text().contains("Ramping"), "nothing is started");
    });
}
