//! The board where a table has no room: on a phone, and on paper.

use checkride::db::Conn;
use checkride::db::schema::{areas, people};
use checkride::domain::area;
use checkride::domain::people::{Email, Name, NewPerson, ZoneName};
use checkride::error::Result;
use diesel::prelude::*;
use serde_json::json;

use crate::support::browser::{Browser, Viewport};
use crate::support::{Demo, Site};

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

/// Letters without a place to break, as many as that.
fn letters(most: usize) -> String {
    "Donaudampfschifffahrtsgesellschaft"
        .chars()
        .cycle()
        .take(most)
        .collect()
}

/// Forty areas and three hundred people, with names as long as nobody has them.
fn fill(c: &mut Conn) -> Result<()> {
    let first = area::store::by_slug(c, "payments")?.unwrap();
    let now = areas::table.select(areas::created_at).first(c)?;
    for n in area::store::all(c)?.len()..40 {
        let fields = area::model::Fields {
            code: format!("A{}{}", letter(n / 26), letter(n % 26)),
            name: format!("Area {n}"),
            ..area::model::Fields::of(&first)
        };
        area::store::insert(c, &format!("area-{n}"), &fields, first.owner_team_id, now)?;
    }
    let here: i64 = people::table.count().get_result(c)?;
    for n in here..300 {
        let person = NewPerson {
            name: Name::parse(&format!("Person {n}")).unwrap(),
            email: Email::parse(&format!("person-{n}@example.com")).unwrap(),
            time_zone: ZoneName::parse("UTC").unwrap(),
        };
        checkride::domain::people::store::insert_person(c, &person, false, now)?;
    }
    for table in ["areas", "people", "teams"] {
        diesel::sql_query(format!(
            "UPDATE {table} SET name = name || ' {}' WHERE id % 2 = 0",
            letters(220)
        ))
        .execute(c)?;
    }
    Ok(())
}

fn letter(n: usize) -> char {
    char::from(b'A' + u8::try_from(n).unwrap())
}

/// The narrowest column, the tallest head and the tallest row of the table, in pixels.
fn sizes(browser: &Browser) -> [u64; 3] {
    let found = browser.script(
        "const size = (all, side) => [...document.querySelectorAll(all)].map((e) => e.getBoundingClientRect()[side]); \
         return [Math.min(...size('.board thead tr:first-child th:not(.p)', 'width')), \
                 Math.max(...size('.board thead', 'height')), \
                 Math.max(...size('.board tbody tr', 'height'))].map(Math.round)",
        vec![],
    );
    [0, 1, 2].map(|n| found[n].as_u64().unwrap())
}

/// Whether heads and names are in sight wherever the table is scrolled to.
fn stay(browser: &Browser) -> bool {
    let found = browser.script(
        "const box = document.querySelector('.scroll'); box.scrollTo(2000, 2000); \
         const [frame, head, name] = [box, box.querySelector('thead th:last-child'), box.querySelector('tbody .p')] \
           .map((e) => e.getBoundingClientRect()); \
         return box.scrollTop > 0 && box.scrollLeft > 0 \
           && Math.abs(head.top - frame.top) < 4 && Math.abs(name.left - frame.left) < 4",
        vec![],
    );
    found == true
}

#[test]
fn forty_areas_and_three_hundred_people_stay_readable() {
    let demo = Demo::open();
    demo.app.db(fill);
    let browser = Browser::open(&demo.app);
    browser.sign_in_as("lead");
    for (viewport, view) in [(Viewport::Desktop, ""), (Viewport::Phone, "&view=table")] {
        browser.resize(viewport);
        browser.goto(&format!("/board?columns=all{view}"));
        browser.see("40 areas. Scroll the table");
        assert_eq!(browser.overflow(), None);
        let [column, head, row] = sizes(&browser);
        assert!(column >= 120, "{view}: columns of {column} px");
        assert!(
            head <= 220 && row <= 140,
            "{view}: head {head}, row {row} px"
        );
        assert!(stay(&browser), "{view}");
        let name = browser.script(
            "return document.querySelector('.board thead th:nth-child(2) a').title.length > 0",
            vec![],
        );
        assert_eq!(name, true);
        // Areas that say nothing of anybody are left out until they are asked for.
        browser.press("Hide 34 areas without anything");
        browser.see("Show 34 areas without anything");
        assert_eq!(browser.overflow(), None);
    }
    browser.goto("/board?columns=all");
    assert_eq!(drawn(&browser), (false, false));
    assert_eq!(browser.overflow(), None);
    browser.see("areas with people to spare are left out");
}

#[test]
fn who_is_cleared_for_an_area_next_tuesday_is_two_taps_away() {
    for viewport in [Viewport::Phone, Viewport::Desktop] {
        let site = Site::open();
        let browser = Browser::open(&site.app);
        browser.resize(viewport);
        browser.sign_in(&site.mentee);
        browser.goto("/board");
        // It is Monday: tomorrow is a Tuesday, and so is the last of the near days but one.
        browser.press("Tue 1 Dec");
        browser.see("Tuesday 1 December 2026, if nothing changes.");
        match viewport {
            Viewport::Phone => browser.press("2 of 2 At minimum (Payments)"),
            _ => browser.press("Payments"),
        }
        browser.see("Tuesday 1 December 2026: 2 of 2 if nothing changes.");
        browser.see(&site.mentor.name);
    }
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
