//! A material version: everybody who is cleared is asked for what changed, and nobody is dropped.

use super::look::{ONE_SPARE, Stands};
use super::*;

/// Asked in April, overdue in May, shown the day after.
pub fn asked_and_shown(life: &mut Life, held: i64) {
    life.on("2027-04-26");
    for role in [Role::Mentor, Role::Qualifier] {
        handle_an_incident(&life.client(role));
    }
    publish_harder(life, "PAY-O1", true);
    life.look(Stands {
        cell: &["Cleared practise by 22 Jul, delta review by 26 May"],
        cover: ONE_SPARE,
        line: "Cleared,,,yes,2027-07-22,2028-04-23,2027-05-26",
    });

    life.on("2027-05-27");
    life.look(Stands {
        cell: &["Cleared practise by 22 Jul, delta review overdue"],
        cover: ONE_SPARE,
        line: "Cleared,,,yes,2027-07-22,2028-04-23,2027-05-26",
    });

    life.on("2027-05-28");
    let (qualifier, review) = (
        life.client(Role::Qualifier),
        path::clearance_form(held, "delta"),
    );
    qualifier
        .form_at(&review)
        .with("seen", "PAY-O1")
        .with("note", "Found it alone, on the new board")
        .send(&qualifier)
        .assert_status(303);
    qualifier.get(&review).assert_status(404);
    life.look(Stands {
        cell: &["Cleared practise by 22 Jul"],
        cover: ONE_SPARE,
        line: "Cleared,,,yes,2027-07-22,2028-04-23,",
    });
}
