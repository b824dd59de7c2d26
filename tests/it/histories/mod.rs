//! Whatever people do, in whatever order: the rules that never bend hold after every act.
//!
//! Acts go through the use cases, on one database with new people and a new area for every history.

mod deeds;
mod offers;
mod organisation;
mod past;
mod rules;
mod search;
mod told;

use std::cell::RefCell;

use checkride::db::schema::audit_entries;
use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::assessment::Stream;
use checkride::domain::audit::Verdict;
use checkride::domain::signoff::SignoffState;
use checkride::error::{Error, Result};
use checkride::usecases::dossier::Dossier;
use deeds::{Deed, deed, next_step};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use organisation::{MENTEE, Organisation};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rules::{check_counted_alike, check_history, check_keys, check_undo, is_favourable, worse};

use crate::support::{Database, verified};

const CASES: u32 = 24;

/// Lives one history, and gives back how its sign-offs ended.
fn live(c: &mut Conn, number: usize, history: &[(usize, Deed)]) -> Result<Vec<SignoffState>> {
    let mut organisation = transaction(c, Purpose::Write, |c| Organisation::found(c, number))?;
    let entries = |c: &mut Conn| Ok::<i64, Error>(audit_entries::table.count().get_result(c)?);
    let mut expected = entries(c)?;
    let dossier = |c: &mut Conn, organisation: &Organisation| {
        transaction(c, Purpose::Write, |c| {
            Dossier::lock(c, organisation.ramp_id, organisation.now.day())
        })
    };
    let mut before = dossier(c, &organisation)?;
    let mut afterwards = 0;
    for (who, deed) in history {
        // A closed ramp has little more to tell.
        afterwards += usize::from(before.ramp.closed_at.is_some());
        if afterwards > 5 {
            break;
        }
        organisation.now = organisation
            .now
            .plus_seconds(if matches!(deed, Deed::Wait) {
                86_400
            } else {
                60
            });
        let (who, deed) = &match deed {
            Deed::Advance => next_step(&before),
            deed => (*who, deed.clone()),
        };
        let done = transaction(c, Purpose::Write, |c| organisation.try_deed(c, *who, deed));
        let after = dossier(c, &organisation)?;
        match done {
            Ok(worth) => {
                expected += i64::try_from(worth).unwrap();
                if matches!(deed, Deed::Session | Deed::Correct) {
                    check_undo(c, &organisation, *who, &before);
                }
            }
            Err(Error::Fault(cause)) => panic!("{who} {deed:?}: {cause}"),
            Err(_) => {
                assert_eq!(after.readiness, before.readiness, "refused, but written");
                assert_eq!(after.signoffs, before.signoffs, "refused, but written");
                assert_eq!(after.ramp, before.ramp, "refused, but written");
                assert_eq!(after.sessions, before.sessions, "refused, but written");
            }
        }
        check_history(&before, &after);
        check_counted_alike(c, &organisation, &after)?;
        if matches!(deed, Deed::Assess(Stream::Self_, _)) {
            assert_eq!(after.readiness.gates, before.readiness.gates);
            assert_eq!(after.readiness.obstacles, before.readiness.obstacles);
        }
        if is_favourable(deed, &before.readiness) {
            assert!(
                !worse(&before.readiness, &after.readiness),
                "{deed:?} made it worse: {:#?} {:#?}",
                before.readiness,
                after.readiness
            );
        }
        for signoff in &before.signoffs {
            let now = after.signoffs.iter().find(|s| s.id == signoff.id).unwrap();
            if signoff.decided_at.is_some() {
                assert_eq!(now, signoff, "what was decided does not change");
            } else if now != signoff {
                check_keys(c, &organisation, (signoff, now), &after)?;
            }
        }
        before = after;
    }
    assert_eq!(entries(c)?, expected, "an entry for each successful write");
    assert_eq!(
        std::mem::discriminant(&verified(c)?),
        std::mem::discriminant(&Verdict::Whole {
            entries: 0,
            head: String::new(),
            until: None,
            unsealed: 0,
            erasures: Vec::new(),
        })
    );
    Ok(before.signoffs.iter().map(|s| s.state).collect())
}

#[test]
fn no_history_bends_the_rules() {
    let database = Database::migrated();
    let mut conn = database.connect();
    if let Conn::Sqlite(lite) = &mut conn {
        // Nothing here is about losing power.
        lite.batch_execute("PRAGMA synchronous = OFF").unwrap();
    }
    // Chance alone may clear nobody.
    let ends = live(&mut conn, 0, &vec![(MENTEE, Deed::Advance); 40]).unwrap();
    assert!(ends.contains(&SignoffState::Granted));
    let state = RefCell::new((conn, 0_usize));
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&prop::collection::vec(deed(), 15..70), |history| {
        let (conn, number) = &mut *state.borrow_mut();
        *number += 1;
        live(conn, *number, &history).map_err(|e| TestCaseError::fail(e.to_string()))?;
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
}
