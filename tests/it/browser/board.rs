//! The board where a table has no room: on a phone, and on paper.

use serde_json::json;

use crate::support::Demo;
use crate::support::browser::{Browser, Viewport};

/// Whether the board is drawn as a table, and whether anything on the page scrolls sideways in a box of its own.
fn drawn(browser: &Browser) -> (bool, bool) {
    let found = browser.script(
        "const table = document.querySelector('.board'), boxes = [...document.querySelectorAll('.scroll')]; \
         return [!!table && getComputedStyle(table).display === 'table', \
                 boxes.some((b) => b.scrollWidth > b.clientWidth + 1)]",
        vec![],
    );
    (found[0] == true, found[1] == true)
}

#[test]
fn on_a_phone_the_board_is_a_list_unless_the_table_is_asked_for() {
    let demo = Demo::open();
    for scripts in [true, false] {
        let browser = Browser::open(&demo.app);
        browser.sign_in_as("lead");
        if !scripts {
            browser.without_javascript();
        }
        browser.resize(Viewport::Phone);
        browser.goto("/board");
        // Each person with a line for each area that says something, and no dash for those that do not.
        browser.see("Amara Okafor");
        browser.see("Cleared of minimum");
        if scripts {
            assert_eq!(drawn(&browser), (false, false));
            browser.press("Table");
            browser.wait_until("the table", || browser.path().contains("view=table"));
            assert_eq!(drawn(&browser), (true, true));
        }
        browser.resize(Viewport::Desktop);
        browser.goto("/board");
        if scripts {
            assert_eq!(drawn(&browser), (true, false));
        }
    }
}

#[test]
fn the_roster_of_an_area_needs_no_scrolling_of_its_own_on_a_phone() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    browser.resize(Viewport::Phone);
    browser.goto("/areas/payments");
    browser.see("Roster");
    assert!(!drawn(&browser).1, "{}", browser.text());
    assert_eq!(browser.overflow(), None);
}

#[test]
fn the_board_of_the_demo_prints_on_one_page() {
    let demo = Demo::open();
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    browser.goto("/board");
    let paper = browser.run(async |d| {
        let how = json!({ "preferCSSPageSize": true, "printBackground": true });
        d.cdp().send_raw("Page.printToPDF", how).await
    });
    let pdf = decode(paper["data"].as_str().unwrap());
    let pages = String::from_utf8_lossy(&pdf);
    let sheets = pages.matches("/Type /Page").count() - pages.matches("/Type /Pages").count();
    assert_eq!(sheets, 1);
    assert!(
        pages.contains("/MediaBox [0 0 841") || pages.contains("/MediaBox [0 0 842"),
        "A4 landscape"
    );
}

/// Base64, as the browser answers.
fn decode(text: &str) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => u32::from(b - b'A'),
        b'a'..=b'z' => u32::from(b - b'a') + 26,
        b'0'..=b'9' => u32::from(b - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.bytes().filter(|b| *b != b'=').collect();
    let mut bytes = Vec::new();
    for group in letters.chunks(4) {
        let bits = group.iter().fold(0, |sum, b| sum << 6 | value(*b)) << (6 * (4 - group.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    bytes
}
