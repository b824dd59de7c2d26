//! What a page offers, the use case permits: after random histories, and in the demo, people follow every link they come
//! to from Home and send every form they find.

mod kept;
mod pages;

use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::auth;
use checkride::domain::people;
use checkride::error::{Error, Result};
use checkride::forms::new_key;
use checkride::usecases::dossier::Dossier;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use self::kept::Kept;
use self::pages::{Offer, Offers};
use super::deeds::{Deed, next_step};
use super::organisation::Organisation;
use super::past::{Turn, turn};
use crate::support::factory::member;
use crate::support::{Answer, Client, Database, TestApp};

const CASES: usize = 1;
/// Forms that are sent before all are tried.
const STEPS: usize = 30;
/// How often a form is mended before it is left.
const TRIES: usize = 5;

/// Somebody at a browser.
type Visitor = (String, Client);

/// Lives one history, whatever of it is refused.
pub(super) fn live(c: &mut Conn, number: usize, history: &[Turn]) -> Result<Organisation> {
    let mut organisation = transaction(c, Purpose::Write, |c| Organisation::found(c, number))?;
    let mut logged = Vec::new();
    for turn in history {
        organisation.now = organisation.now.plus_hours(5);
        let taken = transaction(c, Purpose::Write, |c| {
            if let Turn::Try(_, Deed::Advance) = turn {
                let dossier = Dossier::lock(c, organisation.ramp_id, organisation.now.day())?;
                let (who, deed) = next_step(&dossier);
                return organisation.take(c, &Turn::Try(who, deed), &mut logged);
            }
            organisation.take(c, turn, &mut logged)
        });
        if let Err(Error::Fault(cause)) = taken {
            panic!("{turn:?}: {cause}");
        }
    }
    Ok(organisation)
}

/// A browser of everyone among them who can sign in.
fn visitors(app: &TestApp, ids: &[i64]) -> Vec<Visitor> {
    let now = app.now();
    let everybody = app.db(people::store::everybody);
    let here = everybody.into_iter().filter(|p| p.deactivated_at.is_none());
    here.filter(|p| ids.contains(&p.id))
        .map(|p| {
            let token = new_key();
            let hash = auth::token_hash(&token);
            app.db(|c| auth::store::insert_session(c, &hash, p.id, now, now.plus_hours(12)));
            // Not the jar: what a form does to the session is undone with the rest.
            let client = app.client().with("cookie", &format!("checkride={token}"));
            (p.name, client)
        })
        .collect()
}

/// Sends an offer, mended as the page says, until it is taken or refused; gives back the last answer.
fn send(app: &TestApp, offer: &Offer, client: &Client) -> (Offer, Answer) {
    let mut offer = offer.clone();
    let mut answer = offer.send(client);
    for _ in 1..TRIES {
        if answer.status != 422 {
            break;
        }
        offer = offer.mended(&answer, app.now().day());
        answer = offer.send(client);
    }
    (offer, answer)
}

/// Some people go on by what they are offered, in any order. Meanwhile an offer may have become void.
fn go_on(app: &TestApp, visitors: &[Visitor], runner: &mut TestRunner) {
    let mut shuffled = |n: usize| {
        let order = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        order.new_tree(runner).unwrap().current()
    };
    let mut all = Vec::new();
    for n in shuffled(visitors.len()).into_iter().take(3) {
        let client = &visitors[n].1;
        let forms = Offers::of(client).forms.into_iter();
        all.extend(forms.map(|offer| (client, offer)));
    }
    all.retain(|(_, offer)| offer.action != "/sign-out");
    for n in shuffled(all.len()).into_iter().take(STEPS) {
        let (client, offer) = &all[n];
        let (offer, answer) = send(app, offer, client);
        assert!(answer.status < 500, "{}: {}", offer.name(), answer.text());
        app.wait_seconds(60);
    }
}

/// Tries all that these people are offered, each as if nothing else had been tried.
fn refused(app: &TestApp, visitors: &[Visitor]) -> Vec<String> {
    let mut refused = Vec::new();
    let kept = app.raw(Kept::of);
    for (who, client) in visitors {
        let offers = Offers::of(client);
        assert!(offers.forms.len() > 3, "{who} found no forms");
        refused.extend(offers.broken.iter().map(|link| format!("{who}: {link}")));
        for offer in &offers.forms {
            let (sent, answer) = send(app, offer, client);
            if answer.status != 422 {
                app.raw(|c| kept.restore(c));
            }
            if !matches!(answer.status, 200 | 303 | 422) {
                let (page, name) = (&offer.page, sent.name());
                let (status, text) = (answer.status, answer.text());
                refused.push(format!("{who}: {name} on {page}: {status} {text}"));
            }
        }
    }
    refused
}

fn assert_permitted(refused: &[String]) {
    assert!(
        refused.is_empty(),
        "offered, but refused:\n{}",
        refused.join("\n")
    );
}

#[test]
fn after_any_history_everyone_may_do_what_pages_offer_them() {
    let mut runner = TestRunner::deterministic();
    for number in 1..=CASES {
        let histories = prop::collection::vec(turn(), 20..60);
        let history = histories.new_tree(&mut runner).unwrap().current();
        let database = Database::migrated();
        let organisation = live(&mut database.connect(), number, &history).unwrap();
        let app = TestApp::start_on(database, |_| ());
        app.wait_hours(5 * i64::try_from(history.len()).unwrap());
        let stranger = app.db(|c| member(c, app.now(), "A Stranger", "UTC", None));
        let ids = [&organisation.people[..], &[stranger.id]].concat();
        go_on(&app, &visitors(&app, &ids), &mut runner);
        assert_permitted(&refused(&app, &visitors(&app, &ids)));
    }
}

#[test]
fn in_the_demo_a_mentor_and_a_mentee_may_do_what_pages_offer_them() {
    let app = TestApp::demo();
    let everybody = app.db(people::store::everybody);
    let some = ["rafael-costa", "noor-haddad"];
    let chosen = everybody
        .iter()
        .filter(|p| some.contains(&p.handle.as_str()));
    let ids: Vec<i64> = chosen.map(|p| p.id).collect();
    assert_eq!(ids.len(), some.len());
    assert_permitted(&refused(&app, &visitors(&app, &ids)));
}
