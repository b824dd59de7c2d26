//! The search as a palette, by keyboard, and as a page without scripts.

use thirtyfour::action_chain::ActionChain;
use thirtyfour::{By, Key};

use super::look;
use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, path};

/// Opens the palette: with Ctrl+K, which works in fields too, or with a slash.
fn open(browser: &Browser, key: &str) {
    let press = |chain: ActionChain| match key {
        "/" => chain.send_keys("/"),
        _ => {
            let chain = chain.key_down(Key::Control).send_keys(key);
            chain.key_up(Key::Control)
        }
    };
    browser.press_until("no palette", press, || is_open(browser));
    wait_for_focus(browser, "the field");
}

/// Types into the palette.
fn look_for(browser: &Browser, words: &str) {
    browser.keys(words);
    browser.wait_until("what was typed", || {
        browser.script("return document.activeElement.value", vec![]) == *words
    });
}

fn press(browser: &Browser, key: Key, then: &str) {
    browser.press_until(
        &format!("no focus on {then}"),
        |chain| chain.send_keys(key.clone()),
        || focused(browser).starts_with(then),
    );
}

fn is_open(browser: &Browser) -> bool {
    browser.script(
        "return !!document.querySelector('dialog.palette[open]')",
        vec![],
    ) == true
}

/// Waits until the results are those of what is in the field.
fn settled(browser: &Browser) {
    browser.wait_until("the results", || {
        browser.script(
            "return document.querySelector('.palette .found').ariaBusy === 'false'",
            vec![],
        ) == true
    });
}

fn wait_for_focus(browser: &Browser, on: &str) {
    browser.wait_until(&format!("the focus on {on}"), || {
        focused(browser).starts_with(on)
    });
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
    open(&browser, "k");
    // What can be done is offered before anything is typed.
    browser.wait_until("what can be done", || {
        results(&browser).contains("Record a session with")
    });
    look_for(&browser, "record session amara");
    let offered = "Record a session with Amara Okafor";
    browser.wait_until("the one action", || {
        let results = results(&browser);
        results.contains(offered) && !results.contains("Jonas")
    });
    settled(&browser);
    assert_eq!(look(&browser), Vec::<String>::new());
    press(&browser, Key::Down, offered);
    press(&browser, Key::Up, "the field");
    press(&browser, Key::Down, offered);
    let id = amara.rsplit('/').next().unwrap();
    let form = path::new_session(id.parse().unwrap());
    browser.keys(Key::Enter);
    browser.wait_until("the form", || browser.path() == form);

    // A slash is a letter in a field, and opens the palette elsewhere. Esc gives the focus back.
    browser.wait_until("the page to be read", || {
        browser.script("return document.readyState", vec![]) == "complete"
    });
    browser.with(By::Name("summary"), async |field| field.focus().await);
    browser.keys("/");
    browser.wait_until("the slash in the field", || {
        browser.script("return document.activeElement.value", vec![]) == "/"
    });
    assert!(!is_open(&browser));
    browser.goto("/help");
    open(&browser, "/");
    press(&browser, Key::Escape, "the page");
    assert!(!is_open(&browser));

    // Enter in the field opens the page with everything.
    open(&browser, "/");
    look_for(&browser, "time-out");
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
        open(&browser, "k");
    }
    browser.goto("/account");
    browser.with(By::Css("input[data-slash]"), async |slash| {
        slash.click().await
    });
    browser.goto("/help");
    open(&browser, "/");
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
