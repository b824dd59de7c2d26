//! What people were told agrees with what waits for them, after any history.

use checkride::domain::auth::context::ReadContext;
use checkride::domain::notification::{Kind, store};
use checkride::domain::people;
use checkride::domain::people::next::Part;
use checkride::time::LocalTime;
use checkride::usecases::home::mine::Mine;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::offers::live;
use super::past::turn;
use crate::support::{Database, TestApp};

const CASES: usize = 4;

#[test]
fn what_was_told_and_not_done_is_what_waits() {
    let mut runner = TestRunner::deterministic();
    let mut waited = 0;
    for number in 1..=CASES {
        let histories = prop::collection::vec(turn(), 20..60);
        let history = histories.new_tree(&mut runner).unwrap().current();
        let database = Database::migrated();
        live(&mut database.connect(), number, &history).unwrap();
        let app = TestApp::start_on(database, |_| ());
        app.wait_hours(5 * i64::try_from(history.len()).unwrap());
        // At noon nobody is asleep: everyone's zone is UTC.
        let noon = (36
            - app
                .now()
                .timestamp()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .hour())
            % 24;
        app.wait_hours(noon.into());
        app.rounds();
        let now = app.now();
        for person in app.db(people::store::active) {
            let (id, name) = (person.id, person.name.clone());
            let (mut told, mut waits) = app.db(|c| {
                let context = ReadContext {
                    actor: people::store::actor(c, person)?,
                    now,
                    local: LocalTime::new("UTC", now),
                    unread: 0,
                    part: Part::default(),
                    past: None,
                };
                let waits = Mine::load(c, &context, i64::MAX)?.waiting();
                let told = store::open(c, id, Kind::waits, now)?;
                let told: Vec<String> = told.into_iter().map(|(_, cause)| cause).collect();
                let waits: Vec<String> = waits.iter().map(|w| w.cause.key()).collect();
                Ok((told, waits))
            });
            told.sort();
            waits.sort();
            assert_eq!(told, waits, "{name} in history {number}: {history:#?}");
            waited += waits.len();
        }
    }
    assert!(waited > 0, "nothing waited in {CASES} histories");
}
