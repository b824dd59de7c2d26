//! Asking: of somebody cleared, about fresh work, once while it is open.

use checkride::db::schema::people;
use checkride::domain::asked::store;
use checkride::domain::outbox::store::{self as outbox, Filter};
use diesel::prelude::*;

use super::{CODE, as_sent, asked, asked_of, asking, form, page, the_stranger_is_cleared};
use crate::support::{Role, Site, path};

fn ask_page(site: &Site) -> String {
    path::ask_for_observation(site.ramp_id, CODE)
}

#[test]
fn a_mentee_asks_from_the_page_of_the_competency_and_everybody_finds_it() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    mentee
        .get(&path::competency(site.ramp_id, CODE))
        .assert_text("Ask for an observation");
    let fields = asking(&site);
    mentee
        .submit(&ask_page(&site), &ask_page(&site), &as_sent(&fields))
        .assert_status(303)
        .assert_leads_to(&path::competency(site.ramp_id, CODE));
    for page in [
        path::competency(site.ramp_id, CODE),
        path::competencies(site.ramp_id),
    ] {
        mentee.get(&page).assert_text("Sofia Lindqvist");
    }
    mentee
        .competencies_page(site.ramp_id)
        .assert_text("Observations asked for");
    site.client(Role::Qualifier)
        .get("/")
        .assert_text("Asks what you saw of PAY-I2. Answer by Mon 30 Nov");
    site.client(Role::Administrator)
        .get(path::AUDIT_LOG)
        .assert_text("asked for an observation of PAY-I2 on their own ramp in Payments");
}

#[test]
fn until_when_it_can_be_answered_is_one_moment_on_the_clock_of_each_reader() {
    let site = Site::open();
    let zone = people::table.find(site.qualifier.id);
    site.app.db(|c| {
        diesel::update(zone)
            .set(people::time_zone.eq("Asia/Tokyo"))
            .execute(c)?;
        Ok(())
    });
    // Asked at ten in Tunis: seven days later at ten there, at six in the evening in Tokyo.
    let id = super::asked(&site);
    let tokyo = "Mon 30 Nov, 18:00";
    let mail = site.app.db(|c| outbox::list(c, Filter::default(), None, 9));
    let letter = mail.iter().find(|m| m.person_id == Some(site.qualifier.id));
    let letter = &letter.unwrap().body;
    assert!(letter.contains(&format!("Answer by {tokyo}")), "{letter}");
    let qualifier = site.client(Role::Qualifier);
    let page = format!("/observations/{id}");
    for place in ["/", "/inbox", &page] {
        qualifier.get(place).assert_text(tokyo);
    }
    let mentee = site.client(Role::Mentee);
    for place in [&page, &path::competencies(site.ramp_id)] {
        mentee.get(place).assert_text("Mon 30 Nov, 10:00");
    }
    site.app.wait_seconds(7 * 24 * 3600 - 1);
    // No day that ends before in some zone ends it.
    let qualifier = site.client(Role::Qualifier);
    qualifier.get(&page).assert_text("Open until");
    site.app.wait_seconds(1);
    qualifier
        .get(&page)
        .assert_text(&format!("Expired {tokyo}"));
    let answer = site
        .client(Role::Qualifier)
        .send(&format!("{page}/answer"), &[]);
    answer
        .assert_status(409)
        .assert_text(&format!("This request expired on {tokyo}"));
    assert!(!qualifier.get("/").text().contains("Asks what you saw"));
}

#[test]
fn only_the_mentee_is_offered_it() {
    let site = Site::open();
    let page = site
        .client(Role::Mentor)
        .get(&path::competency(site.ramp_id, CODE));
    assert!(!page.text().contains("Ask for an observation"));
}

#[test]
fn what_cannot_be_asked_comes_back_with_a_sentence_at_each_field_and_what_was_typed() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let today = site.app.now().day();
    let (qualifier, stranger, own) = (
        site.qualifier.id.to_string(),
        site.stranger.id.to_string(),
        site.mentee.id.to_string(),
    );
    let (tomorrow, long_ago) = (
        today.plus_days(1).to_string(),
        today.plus_days(-31).to_string(),
    );
    let today = today.to_string();
    let most = "x".repeat(601);
    // asked, day, work, sentence
    let table: [(&str, &str, &str, &str); 9] = [
        ("", &today, "Drained it", "Choose the person who saw it."),
        (
            "nobody",
            &today,
            "Drained it",
            "Choose the person who saw it.",
        ),
        (
            &stranger,
            &today,
            "Drained it",
            "Choose someone who is cleared in Payments today.",
        ),
        (
            &own,
            &today,
            "Drained it",
            "Choose someone who is cleared in Payments today.",
        ),
        (
            &qualifier,
            "the 3rd",
            "Drained it",
            "Enter the day of the work.",
        ),
        (
            &qualifier,
            &tomorrow,
            "Drained it",
            "This day has not come yet",
        ),
        (
            &qualifier,
            &long_ago,
            "Drained it",
            "This ramp starts on 2026-11-23. Work up to 30 days before that counts.",
        ),
        (
            &qualifier,
            &today,
            " \n ",
            "Say in a sentence what you worked on.",
        ),
        (
            &qualifier,
            &today,
            &most,
            "This has 601 characters. The limit is 600.",
        ),
    ];
    for (asked, day, work, sentence) in table {
        let fields = [("asked", asked), ("worked_on", day), ("work", work)];
        let answer = mentee.send(&ask_page(&site), &fields);
        answer.assert_status(422).assert_text(sentence);
        answer.assert_text(work.trim());
    }
    assert_eq!(site.app.db(|c| store::of_ramp(c, site.ramp_id)), []);
}

#[test]
fn the_same_person_is_asked_again_once_it_is_answered_declined_or_expired() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    let fields = asking(&site);
    let ask = || mentee.send(&ask_page(&site), &as_sent(&fields));
    ask().assert_status(303);
    ask()
        .assert_status(422)
        .assert_text("You asked them about PAY-I2 already. They can answer until");
    // Someone else can be asked meanwhile.
    asked_of(&site, &site.mentor);
    site.app.wait_hours(7 * 24);
    let mentee = site.client(Role::Mentee);
    mentee
        .send(&ask_page(&site), &as_sent(&fields))
        .assert_status(303);
    site.client(Role::Qualifier)
        .send(&form(3, "decline"), &[("why", "Not on that call")])
        .assert_status(303);
    mentee
        .send(&ask_page(&site), &as_sent(&fields))
        .assert_status(303);
    mentee
        .get(&page(1))
        .assert_text("It expired without an answer");
    mentee.get(&page(3)).assert_text("Not on that call");
}

#[test]
fn nobody_is_asked_on_a_ramp_that_is_closed_or_about_a_competency_that_is_none() {
    let site = Site::open();
    let mentee = site.client(Role::Mentee);
    mentee
        .get(&path::ask_for_observation(site.ramp_id, "PAY-X9"))
        .assert_status(404);
    let id = asked(&site);
    site.put_into(checkride::domain::ramp::RampState::Ended);
    let fields = asking(&site);
    mentee
        .send(&ask_page(&site), &as_sent(&fields))
        .assert_status(409);
    mentee
        .get(&page(id))
        .assert_text("It expired without an answer");
    let qualifier = site.client(Role::Qualifier);
    let home = qualifier.get("/");
    assert!(!home.text().contains("Asks what you saw"));
    qualifier
        .send(&form(id, "answer"), &as_sent(&super::answering()))
        .assert_status(409);
}

#[test]
fn somebody_who_left_or_is_no_longer_cleared_is_not_offered() {
    let site = Site::open();
    the_stranger_is_cleared(&site, 3);
    let mentee = site.client(Role::Mentee);
    let page = mentee.get(&ask_page(&site));
    page.assert_text("Tomasz Wilk");
    page.assert_text("Marcus Oyelaran");
    site.app.wait_hours(4 * 24);
    let later = site.client(Role::Mentee).get(&ask_page(&site));
    assert!(!later.text().contains("Tomasz Wilk"));
}
