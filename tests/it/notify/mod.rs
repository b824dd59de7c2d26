//! What people are told, where they read it, and what is mailed.

mod both;
mod choices;
mod inbox;
mod month;
mod rounds;

use checkride::domain::outbox::Letter;
use checkride::domain::outbox::store::{self, Filter};

use crate::support::{Member, TestApp};

/// The mails to somebody, the oldest first.
pub fn letters(app: &TestApp, to: &Member) -> Vec<Letter> {
    let all = app.db(|c| store::list(c, Filter::default(), None, 500));
    let mut own: Vec<Letter> = all
        .iter()
        .filter(|m| m.person_id == Some(to.id))
        .map(|m| Letter::from_json(&m.body).unwrap())
        .collect();
    own.reverse();
    own
}

/// What left for somebody, as it was kept; the oldest first.
fn left(app: &TestApp, to: &Member) -> Vec<Letter> {
    app.send_mails();
    let mut all = checkride::mail::Folder::new(app.mails.path()).list();
    all.reverse();
    let own = all.into_iter().filter(|kept| kept.to == to.email);
    own.map(|kept| kept.letter).collect()
}

fn subjects(app: &TestApp, to: &Member) -> Vec<String> {
    letters(app, to).into_iter().map(|l| l.subject).collect()
}
