//! Checkride without a mouse.

use thirtyfour::Key;

use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, Site};

/// What has the focus, in its own words.
fn focused(browser: &Browser) -> String {
    let words = browser.script("return document.activeElement.innerText", vec![]);
    words.as_str().unwrap_or_default().trim().to_owned()
}

/// Row and column of the board's cell that has the focus.
fn cell(browser: &Browser) -> (u64, u64) {
    let at = browser.script(
        "const cell = document.activeElement.closest('.board td, .board th'); \
         return cell && [cell.parentNode.rowIndex, cell.cellIndex]",
        vec![],
    );
    let number = |n: usize| {
        at[n]
            .as_u64()
            .unwrap_or_else(|| panic!("not on the board: {at}"))
    };
    (number(0), number(1))
}

#[test]
fn the_first_key_leads_past_the_menu() {
    let site = Site::open();
    for scripts in [true, false] {
        let browser = Browser::open(&site.app);
        if !scripts {
            browser.without_javascript();
        }
        browser.sign_in(&site.mentor);
        for path in ["/", "/board", "/areas", &format!("/ramps/{}", site.ramp_id)] {
            browser.goto(path);
            browser.keys(Key::Tab);
            assert_eq!(focused(&browser), "Skip to main content", "{path}");
            browser.keys(Key::Enter);
            browser.wait_until("the main part", || {
                browser.script("return document.activeElement.id", vec![]) == "main"
            });
            browser.keys(Key::Tab);
            let inside = browser.script(
                "return !!document.activeElement.closest('main') && document.activeElement.id !== 'main'",
                vec![],
            );
            assert_eq!(inside, true, "{path}: {}", focused(&browser));
        }
    }
}

#[test]
fn arrow_keys_go_from_cell_to_cell_of_the_board() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    browser.goto("/board");
    browser.script(
        "[...document.querySelectorAll('.board th.p a')].find((a) => a.innerText === 'Jonas Weber').focus()",
        vec![],
    );
    let (row, column) = cell(&browser);
    assert_eq!(column, 0);
    // Jonas has a dash in the first area: arrows stop at what can be followed.
    browser.keys(Key::Right);
    assert_eq!(cell(&browser), (row, 2));
    assert!(
        focused(&browser).starts_with("Interim"),
        "{}",
        focused(&browser)
    );
    browser.keys(Key::Right);
    assert_eq!(cell(&browser), (row, 3));
    assert!(
        focused(&browser).starts_with("Lapsed"),
        "{}",
        focused(&browser)
    );
    browser.keys(Key::Up);
    assert_eq!(cell(&browser), (row - 1, 3));
    assert!(
        focused(&browser).starts_with("Cleared"),
        "{}",
        focused(&browser)
    );
    browser.keys(Key::Left);
    assert_eq!(cell(&browser), (row - 1, 2));
    browser.keys(Key::Down);
    assert_eq!(cell(&browser), (row, 2));
    browser.keys(Key::Enter);
    let held = demo.clearance("jonas-weber", "command");
    browser.wait_until("his clearance", || browser.path() == held);
}

#[test]
fn the_board_can_be_skipped() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    for path in ["/board", "/board?view=list"] {
        browser.goto(path);
        let press =
            "[...document.querySelectorAll('button')].find((b) => b.innerText === 'Apply').focus()";
        browser.script(press, vec![]);
        if path.ends_with("list") {
            // The areas' cover stands above the people.
            browser.script(
                "document.querySelector('.blist').previousElementSibling.focus()",
                vec![],
            );
        } else {
            browser.keys(Key::Tab);
        }
        assert_eq!(focused(&browser), "Skip the board", "{path}");
        browser.keys(Key::Enter);
        browser.keys(Key::Tab);
        assert_eq!(
            focused(&browser),
            "Lukas Novák, Catalogue, search & pricing",
            "{path}"
        );
    }
}

#[test]
fn a_table_can_be_scrolled_by_key_as_soon_as_it_does_not_fit() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    browser.goto("/board?view=table");
    let stops = || {
        browser.script(
            "const box = document.querySelector('.board').closest('.scroll'); \
             return [box.getAttribute('tabindex'), box.getAttribute('role'), !!box.getAttribute('aria-labelledby')]",
            vec![],
        )
    };
    let (fits, scrolls) = (
        serde_json::json!([null, null, false]),
        serde_json::json!(["0", "group", true]),
    );
    for (viewport, expected) in [
        (Viewport::Desktop, &fits),
        (Viewport::Phone, &scrolls),
        (Viewport::Desktop, &fits),
        (Viewport::Phone, &scrolls),
    ] {
        browser.resize(viewport);
        browser.wait_until(&format!("{expected} at {viewport:?}"), || {
            stops() == *expected
        });
    }
}
