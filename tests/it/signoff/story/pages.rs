//! What everybody sees on the way.

use checkride::domain::clearance::store::of_person;

use super::*;
use crate::support::{Answer, Member, path};

fn assert_says(page: &Answer, status: u16, sentences: &[&str]) {
    assert_eq!(page.status, status, "{}", page.body);
    for sentence in sentences {
        assert!(
            page.body.contains(sentence),
            "“{sentence}” is missing in {}",
            page.body
        );
    }
}

#[test]
fn the_pages_say_what_may_be_done_and_why_not() {
    let site = Site::open();
    let (mentee, mentor) = (site.client(Role::Mentee), site.client(Role::Mentor));
    let (lead, stranger) = (site.client(Role::OwnerLead), site.client(Role::Stranger));
    let ask = path::ask(site.ramp_id);
    let page = mentor.get(&ask);
    assert_says(
        &page,
        200,
        &[
            "3 gates are open",
            "/assess/incident",
            "#item-PAY-K1",
            "<b>Marcus Oyelaran</b>",
        ],
    );
    assert!(
        !page.body.contains("<button class=\"btn pri\""),
        "a form for what cannot be done"
    );
    assert_says(&stranger.get(&ask), 403, &[]);

    make_ready(&site);
    assert_says(
        &mentee.get(&ask),
        200,
        &["Every gate is met", "name=\"note\""],
    );
    assert_says(&lead.get(&ask), 200, &["Only Leila Haddad or a mentor"]);
    assert_says(&mentee.send(&ask, &[("note", "Please")]), 303, &[]);
    assert_says(&mentee.get(&ask), 200, &["Requested already"]);

    let id = site.dossier().signoffs[0].id;
    let path = path::signoff(id);
    assert_says(
        &mentor.get(&path),
        200,
        &[
            "The first key is yours",
            "goes from 2 to <b>3</b> cleared",
            "Please",
        ],
    );
    assert_says(
        &lead.get(&path),
        200,
        &[
            "The first key is due",
            "The first key belongs to a mentor",
            ">Marcus Oyelaran</a>",
        ],
    );
    let (first_key, empty) = (format!("{path}/first-key"), [("recommendation", " ")]);
    assert_says(
        &mentor.send(&first_key, &empty),
        422,
        &["Write why you recommend", "Error: "],
    );
    assert_says(&lead.send(&first_key, &empty), 403, &[]);
    turn_first_key(&site, Role::Mentor, id).unwrap();

    assert_says(
        &mentor.get(&path),
        200,
        &[
            "You mentored this person in this area, so you cannot turn the second key.",
            ">Sofia Lindqvist</a>",
            ">Ruth Abara</a>",
        ],
    );
    let page = lead.get(&path);
    assert_says(
        &page,
        200,
        &[
            "Your decision",
            "value=\"2027-11-23\"",
            "Who else can turn the second key",
        ],
    );
    assert!(
        !page.body.contains(" checked>"),
        "a decision is chosen before anybody chose"
    );
    let bare = [("note", "Typed words"), ("ends_on", "2026-12-24")];
    assert_says(
        &lead.send(&format!("{path}/decision"), &bare),
        422,
        &[
            "Choose what you decide.",
            "Typed words",
            "value=\"2026-12-24\"",
        ],
    );
    assert_says(
        &lead.get("/sign-offs"),
        200,
        &["Turn the second key", "Leila Haddad, Payments"],
    );
    assert_says(
        &mentee.get("/sign-offs"),
        200,
        &[
            "No sign-off waits for your key",
            "by Ruth Abara, Sofia Lindqvist",
        ],
    );
    assert!(!stranger.get("/sign-offs").body.contains("Leila Haddad"));

    decide(&site, Role::OwnerLead, id, &approval(&site)).unwrap();
    assess(&site, "PAY-I2", 1);
    assert_says(
        &mentor.get(&path),
        200,
        &[
            "This is the frozen record",
            "3 met, 0 open",
            "Granted until 23 Nov 2027",
        ],
    );
    assert_says(&lead.get("/sign-offs"), 200, &["by Ruth Abara", "Granted"]);
    let held = |who: &Member| {
        let all = site.app.db(|c| of_person(c, who.id));
        path::clearance(all[0].id)
    };
    let cleared = held(&site.mentee);
    assert_says(
        &mentee.get(&cleared),
        200,
        &[
            "Cleared",
            "Counts as cover",
            "23 Nov 2027",
            "<b>Ruth Abara</b>",
            "<b>Marcus Oyelaran</b>",
            &path,
        ],
    );
    let page = stranger.get(&cleared);
    assert_says(&page, 200, &["can read what it was decided on"]);
    assert!(!page.body.contains(&path));
    assert_says(
        &stranger.get(&held(&site.mentor)),
        200,
        &["Taken over from before Checkride"],
    );
}
