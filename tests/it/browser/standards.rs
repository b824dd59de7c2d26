//! A qualifier shapes a standard in the browser: a draft from what is published, edited, put in order without a mouse
//! and with one, compared and published.

use checkride::domain::standard::{Standard, StandardState, store};
use thirtyfour::{By, Key};

use super::look;
use crate::support::Site;
use crate::support::browser::Browser;

/// The competencies of the page, group by group.
fn order(browser: &Browser, group: &str) -> String {
    let codes = browser.script(
        "return [...document.querySelectorAll(`[data-group='${arguments[0]}'] [data-line]`)].map((l) => l.dataset.line).join(' ')",
        vec![group.into()],
    );
    codes.as_str().unwrap_or_default().to_owned()
}

fn focused(browser: &Browser) -> String {
    let words = browser.script("return document.activeElement.textContent", vec![]);
    words.as_str().unwrap_or_default().trim().to_owned()
}

/// Presses a key where the focus is.
fn key(browser: &Browser, key: Key) {
    browser.run(async |d| d.active_element().await?.send_keys(key).await);
}

/// Goes on with the Tab key until the focus is on that button, and presses it.
fn tab_to(browser: &Browser, words: &str) {
    for _ in 0..100 {
        if focused(browser) == words {
            key(browser, Key::Enter);
            return;
        }
        key(browser, Key::Tab);
    }
    panic!("the Tab key does not lead to “{words}”");
}

#[test]
fn a_qualifier_drafts_orders_compares_and_publishes_a_standard() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.sign_in(&site.qualifier);
    browser.goto("/areas/payments");
    browser.press("Edit the standard");
    browser.press("From v1, as it is");
    browser.see("The draft of v2 is open.");
    browser.see("No change to v1 yet");
    assert_eq!(order(&browser, "architecture"), "PAY-A1 PAY-A2");

    // A competency is stricter, and says so in other words.
    browser.press("Shows the architecture of payments, part 1");
    browser.fill("statement", "Draws the way of a payment");
    browser.choose("required_level", "4");
    browser.press("Save in the draft");
    browser.see("PAY-A1 is saved in the draft.");
    browser.see("1 change to v1");

    // The keyboard: down past the end of its group, into the next one, and on; the button keeps the focus.
    tab_to(&browser, "Move PAY-A2 to the start of Observability");
    browser.see("PAY-A2 moved to Observability.");
    assert_eq!(order(&browser, "observability"), "PAY-A2 PAY-O1 PAY-O2");
    assert_eq!(focused(&browser), "Move PAY-A2 down");
    key(&browser, Key::Enter);
    browser.see("PAY-A2 moved.");
    assert_eq!(order(&browser, "observability"), "PAY-O1 PAY-A2 PAY-O2");

    // The mouse: to the place before another line, and to the end of another group.
    browser.drag(
        "[data-line='PAY-I2'] [data-grip]",
        "[data-line='PAY-I1']",
        0.2,
    );
    browser.see("PAY-I2 moved.");
    assert_eq!(order(&browser, "incident"), "PAY-I2 PAY-I1");
    browser.drag(
        "[data-line='PAY-A2'] [data-grip]",
        "[data-group='architecture'] [data-line]:last-child",
        0.8,
    );
    browser.see("PAY-A2 moved to Architecture & normal behaviour.");
    assert_eq!(order(&browser, "architecture"), "PAY-A1 PAY-A2");
    assert_eq!(order(&browser, "observability"), "PAY-O1 PAY-O2");
    // Let go where it was: nothing is sent.
    browser.drag(
        "[data-line='PAY-I2'] [data-grip]",
        "[data-line='PAY-I2']",
        0.5,
    );
    assert_eq!(order(&browser, "incident"), "PAY-I2 PAY-I1");

    // Each line shows what it changes; so does the page on which it is published.
    browser.press("What changed in PAY-A1");
    browser.see("was: Shows the architecture of payments, part 1 now: Draws the way of a payment");
    assert_eq!(look(&browser), Vec::<String>::new());
    browser.press("Review and publish");
    browser.see("1 changed, 1 moved, compared with v1");
    browser.see("was: 3 Mentor reachable now: 4 Alone");
    browser.fill("note", "Draws instead of shows; incidents in another order");
    browser.with(By::Css("[name='material']"), async |tick| {
        tick.click().await
    });
    browser.press("Publish v2");
    browser.see("v2 is published. New ramps start on it.");
    assert_eq!(browser.path(), "/areas/payments/standard/v/2");
    browser.see("material change");
    browser.see("Draws instead of shows; incidents in another order");
    browser.unfold();
    browser.see("PAY-A1 Draws the way of a payment");
    browser.press("What it changed");
    browser.see("Payments: from v1 to v2");

    let versions: Vec<Standard> = site.app.db(|c| store::of_area(c, site.area_id));
    let [new, old] = versions.as_slice() else {
        panic!("two versions, not {}", versions.len())
    };
    assert_eq!(
        (new.state, new.material, new.published_by),
        (StandardState::Published, true, Some(site.qualifier.id))
    );
    assert_eq!(old.state, StandardState::Retired);
    let codes: Vec<&str> = new.content.codes().collect();
    let before: Vec<&str> = old.content.codes().collect();
    assert_eq!(
        codes[..8],
        [
            "PAY-A1", "PAY-A2", "PAY-O1", "PAY-O2", "PAY-I2", "PAY-I1", "PAY-C1", "PAY-C2"
        ]
    );
    assert_eq!(codes[8..], before[8..]);
    assert_eq!(
        new.content.competency("PAY-A1").unwrap().statement,
        "Draws the way of a payment"
    );
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn without_scripts_a_draft_is_ordered_by_its_buttons() {
    let site = Site::open();
    let browser = Browser::open(&site.app);
    browser.without_javascript();
    browser.sign_in(&site.qualifier);
    browser.goto("/areas/payments/standard/draft");
    browser.press("From v1, as it is");
    browser.see("The draft of v2 is open.");
    assert_eq!(
        browser.script(
            "return document.querySelector('[data-grip]').hidden",
            vec![]
        ),
        true,
        "nothing can be dragged, so nothing looks like it"
    );
    browser.with(
        By::Css("[data-line='PAY-O1'] button[value='up']"),
        async |button| button.click().await,
    );
    browser.see("PAY-O1 moved to Architecture & normal behaviour.");
    assert_eq!(order(&browser, "architecture"), "PAY-A1 PAY-A2 PAY-O1");
}
