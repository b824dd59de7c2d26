//! Two at the same moment: one is done, the other is told, nothing is there twice.

use checkride::domain::asked::{Outcome, store};

use super::{CODE, answering, as_sent, asked, asking, form, row};
use crate::support::{Answer, Role, Site, at_once, path};

/// Which of two comes first is not up to a test; that many rounds see it both ways, more often than not.
const ROUNDS: usize = 4;

fn winner(answers: &[Answer], refusal: u16) -> usize {
    let statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    let won = statuses.iter().position(|s| *s == 303);
    let won = won.unwrap_or_else(|| panic!("{statuses:?}"));
    assert_eq!(statuses[1 - won], refusal, "{}", answers[1 - won].text());
    won
}

#[test]
fn an_answer_and_a_decline_at_once_are_one_of_them() {
    for round in 0..ROUNDS {
        let site = Site::open();
        let id = asked(&site);
        let both = [site.client(Role::Qualifier), site.client(Role::Qualifier)];
        let fields = answering();
        let answers = at_once(2, |n| match n {
            0 => both[0].send(&form(id, "answer"), &as_sent(&fields)),
            _ => both[1].send(&form(id, "decline"), &[("why", "Not there")]),
        });
        let outcome = [Outcome::Answered, Outcome::Declined][winner(&answers, 409)];
        assert_eq!(row(&site, id).outcome, Some(outcome), "round {round}");
    }
}

#[test]
fn the_same_person_asked_in_two_tabs_at_once_is_asked_once() {
    for _ in 0..ROUNDS {
        let site = Site::open();
        let both = [site.client(Role::Mentee), site.client(Role::Mentee)];
        let (page, fields) = (path::ask_for_observation(site.ramp_id, CODE), asking(&site));
        let answers = at_once(2, |n| both[n].send(&page, &as_sent(&fields)));
        winner(&answers, 422);
        let all = site.app.db(|c| store::of_ramp(c, site.ramp_id));
        assert_eq!(all.len(), 1);
    }
}

#[test]
fn a_form_that_is_sent_twice_is_answered_once_and_leads_to_the_same_page() {
    let site = Site::open();
    let id = asked(&site);
    let qualifier = site.client(Role::Qualifier);
    let mut fields = answering();
    fields.push(("form_key", "a-key-of-some-page-1234".into()));
    for _ in 0..2 {
        qualifier
            .post(&form(id, "answer"), &as_sent(&fields))
            .assert_status(303)
            .assert_leads_to(&path::observation(id));
    }
}
