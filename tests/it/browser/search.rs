//! The search as a palette, by keyboard, and as a page without scripts.

use thirtyfour::{By, Key};

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, path};

fn with_ctrl(browser: &Browser, key: &str) {
    browser.chord(|chain| {
        let chain = chain.key_down(Key::Control).send_keys(key);
        chain.key_up(Key::Control)
    });
}

fn is_open(browser: &Browser) -> bool {
    browser.script(
        "return !!document.querySelector('dialog.palette[open]')",
        vec![],
    ) == true
}

/// What has the focus: the field of the palette, a result by its words, or nothing of it.
fn focused(browser: &Browser) -> String {
    let words = browser.script(
        "const at = document.activeElement; \
         return !at.closest('dialog') ? 'the page' : at.id === 'palette-q' ? 'the field' : at.innerText",
        vec![],
    );
    words.as_str().unwrap_or_default().trim().to_owned()
}

fn results(browser: &Browser) -> String {
    let text = browser.script(
        "return document.querySelector('.palette .found').innerText",
        vec![],
    );
    text.as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_palette_is_used_by_keyboard_alone() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("mentor");
    let amara = demo.ramp("amara-okafor", "payments");
    browser.goto("/help");
    with_ctrl(&browser, "k");
    assert!(is_open(&browser));
    // What can be done is offered before anything is typed.
    browser.wait_until("what can be done", || {
        results(&browser).contains("Record a session with")
    });
    browser.keys("record session amara");
    let offered = "Record a session with Amara Okafor";
    browser.wait_until("the one action", || {
        let results = results(&browser);
        results.contains(offered) && !results.contains("Jonas")
    });
    assert_eq!(look(&browser), Vec::<String>::new());
    browser.keys(Key::Down);
    assert!(
        focused(&browser).starts_with(offered),
        "{}",
        focused(&browser)
    );
    browser.keys(Key::Up);
    assert_eq!(focused(&browser), "the field");
    browser.keys(Key::Down);
    browser.keys(Key::Enter);
    let id = amara.rsplit('/').next().unwrap();
    let form = path::new_session(id.parse().unwrap());
    browser.wait_until("the form", || browser.path() == form);

    // A slash is a letter in a field, and opens the palette elsewhere. Esc gives the focus back.
    browser.with(By::Name("summary"), async |field| field.focus().await);
    browser.keys("/");
    assert!(!is_open(&browser));
    let typed = browser.script("return document.activeElement.value", vec![]);
    assert_eq!(typed, "/");
    browser.goto("/help");
    browser.keys("/");
    assert!(is_open(&browser));
    browser.keys(Key::Escape);
    assert!(!is_open(&browser));
    assert_eq!(focused(&browser), "the page");

    // Enter in the field opens the page with everything.
    browser.keys("/");
    browser.keys("time-out");
    browser.keys(Key::Enter);
    browser.wait_until("the page of the search", || {
        browser.path() == "/search?q=time-out"
    });
    browser.see("Provider time-outs");
}

#[test]
fn the_single_key_can_be_switched_off() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("mentee");
    browser.goto("/account");
    browser.with(By::Css("input[data-slash]"), async |slash| {
        slash.click().await
    });
    for page in ["/account", "/help"] {
        browser.goto(page);
        browser.keys("/");
        assert!(!is_open(&browser), "{page}");
        with_ctrl(&browser, "k");
        assert!(is_open(&browser), "{page}");
    }
    browser.goto("/account");
    browser.with(By::Css("input[data-slash]"), async |slash| {
        slash.click().await
    });
    browser.goto("/help");
    browser.keys("/");
    assert!(is_open(&browser));
}

#[test]
fn it_works_on_a_phone_and_without_scripts() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.resize(Viewport::Phone);
    browser.without_javascript();
    browser.sign_in_as("mentee");
    browser.goto("/");
    browser.with(By::Css("[popovertarget='nav']"), async |menu| {
        menu.click().await
    });
    browser.with(By::Css("#nav a[href='/search']"), async |link| {
        link.click().await
    });
    browser.wait_until("the search", || browser.path() == "/search");
    browser.fill("q", "amara");
    browser.press("Search");
    browser.see("Amara Okafor");
    browser.see("Results");
}
