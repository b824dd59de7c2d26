//! What lists of people and teams count, and what they leave out.

use checkride::domain::ramp::RampState;

use crate::support::client::words_of;
use crate::support::{Role, Site};

/// The line of the mentee in the list of people.
fn line(site: &Site) -> String {
    let page = site.client(Role::Stranger).get("/people?q=leila");
    let (_, rest) = page.body.split_once("<tbody>").unwrap();
    words_of(rest.split("</tr>").next().unwrap())
}

/// The numbers of a team among the teams of the board, by the heads of their columns.
fn numbers(site: &Site, team: &str) -> Vec<(String, u32)> {
    let page = site.client(Role::Stranger).get("/board/teams");
    let named = format!(">{team}</a>");
    let rows: Vec<&str> = page.assert_status(200).body.split("<tr>").collect();
    let row = rows.iter().find(|row| row.contains(&named)).unwrap();
    row.split("data-h=\"")
        .skip(1)
        .map(|cell| {
            let (head, rest) = cell.split_once("\">").unwrap();
            let number = rest.split('<').next().unwrap();
            (head.to_owned(), number.parse().unwrap())
        })
        .collect()
}

fn of(numbers: &[(String, u32)], head: &str) -> u32 {
    numbers.iter().find(|(h, _)| h == head).unwrap().1
}

#[test]
fn the_list_of_people_counts_what_the_board_calls_ramping() {
    let site = Site::open();
    assert!(line(&site).contains("1 area"), "{}", line(&site));
    for state in RampState::ALL {
        site.put_into(*state);
        let on_the_board = of(&numbers(&site, "Storefront"), "Ramping") == 1;
        assert_eq!(on_the_board, *state == RampState::Active, "{state:?}");
        assert_eq!(line(&site).contains("1 area"), on_the_board, "{state:?}");
    }
}

#[test]
fn what_is_held_in_an_archived_area_is_counted_in_no_list() {
    let site = Site::open();
    let before = numbers(&site, "Payments");
    assert_eq!(of(&before, "Cleared"), 2);
    let people = |q: &str| {
        let page = site.client(Role::Stranger).get(&format!("/people?q={q}"));
        page.text()
    };
    assert!(!people("marcus").contains("Not cleared for an area"));
    let now = site.app.now();
    site.put_into(RampState::Ended);
    site.app
        .db(|c| checkride::domain::area::store::set_archived(c, site.area_id, true, now));
    let after = numbers(&site, "Payments");
    for head in ["Cleared", "Expiring", "Lapsed"] {
        assert_eq!(of(&after, head), 0, "{head}");
    }
    assert_eq!(of(&after, "People"), of(&before, "People"));
    assert!(people("marcus").contains("Not cleared for an area"));
    // Nor when it has lapsed there since.
    site.app.wait_hours(24 * 201);
    assert_eq!(of(&numbers(&site, "Payments"), "Lapsed"), 0);
}
