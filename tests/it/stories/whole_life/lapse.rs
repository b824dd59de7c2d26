//! A quarter without practice: what ends when, and on which day everybody sees it.

use super::look::{AT_MINIMUM, ONE_SPARE, Stands};
use super::*;

const CLEARED: Stands = Stands {
    cell: &["Cleared practise by 11 Apr"],
    cover: ONE_SPARE,
    line: "Cleared,,,yes,2027-04-11,2027-12-23,",
};

const EXPIRING: Stands = Stands {
    cell: &["Expiring practise by 11 Apr"],
    cover: ONE_SPARE,
    line: "Expiring,,,yes,2027-04-11,2027-12-23,",
};

/// One incident in January, then nothing for the ninety days of the area. The other two go on practising.
pub fn without_practice(life: &mut Life, held: i64) {
    life.on("2027-01-11");
    handle_an_incident(&life.own());
    life.look(CLEARED);

    // A version that is not material touches no clearance.
    life.on("2027-02-01");
    for role in [Role::Mentor, Role::Qualifier] {
        handle_an_incident(&life.client(role));
    }
    publish_harder(life, "PAY-A1", false);
    life.look(CLEARED);

    life.on("2027-03-11");
    life.look(CLEARED);
    life.on("2027-03-12");
    life.look(EXPIRING);

    // The ninetieth day still counts, to its last second; the next one does not, from its first.
    turn_to(&life.site, at("2027-04-11T23:59:59Z"));
    life.look_now(EXPIRING);
    turn_to(&life.site, at("2027-04-12T00:00:00Z"));
    life.look_now(Stands {
        cell: &["Lapsed on 11 Apr"],
        cover: AT_MINIMUM,
        line: "Lapsed,,,no,2027-04-11,2027-12-23,",
    });
    let words = "Lapsed on 11 Apr It ended yesterday. Practice Last on 11 Jan . Needed: 1 practice in 90 days.";
    let anybody = life.client(Role::MenteeLead);
    anybody
        .clearance_page(held)
        .assert_text(words)
        .assert_text("Does not count as cover");
    let practice = life
        .own()
        .get(&format!("/people/{}/practice", life.who.handle));
    assert!(section(&practice, "pr").starts_with("Practised 4 11 Jan Real incident"));
}
