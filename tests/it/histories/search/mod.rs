//! Whatever people do: what the search finds of anything is what its page shows to that person, and the index that
//! followed every change is the one that is made from everything there is.

mod turns;

use std::cell::RefCell;
use std::collections::BTreeSet;

use checkride::db::schema::search_entries as entries;
use checkride::db::{Conn, Purpose, transaction};
use checkride::domain::auth::context::ReadContext;
use checkride::domain::people::Actor;
use checkride::domain::people::next::Part;
use checkride::domain::search::{Kind, Sought};
use checkride::domain::{discussion, postmortem};
use checkride::error::{Error, Result};
use checkride::time::LocalTime;
use checkride::usecases::discussion::place::{Key, open};
use checkride::usecases::dossier::Dossier;
use checkride::usecases::search::{Wanted, find, rebuild};
use checkride::usecases::shift::detail::ShiftDetail;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use turns::{Turn, plain, turn};

use super::deeds::{Deed, next_step};
use super::organisation::{Organisation, PEOPLE};
use crate::support::Database;

const CASES: u32 = 12;
/// More than there are.
const ALL: i64 = 10_000;

type Row = (
    Kind,
    i64,
    String,
    Option<i64>,
    String,
    String,
    String,
    String,
    String,
);

/// The index, but for the numbers of its rows.
fn index(c: &mut Conn) -> Result<Vec<Row>> {
    Ok(entries::table
        .order((entries::kind, entries::ref_id, entries::code))
        .select((
            entries::kind,
            entries::ref_id,
            entries::code,
            entries::ramp_id,
            entries::title,
            entries::body,
            entries::context,
            entries::address,
            entries::digest,
        ))
        .load(c)?)
}

/// Whether the page of an entry opens for somebody, as the page itself decides it.
fn opens(c: &mut Conn, organisation: &Organisation, actor: &Actor, row: &Row) -> Result<bool> {
    let (kind, id, _, ramp, ..) = row;
    let shown = match kind {
        Kind::Ramp | Kind::Session => {
            Dossier::load_for(c, ramp.unwrap(), actor, organisation.now).map(|_| true)
        }
        Kind::Shift => ShiftDetail::load_for(c, *id, actor, &[]).map(|_| true),
        Kind::Postmortem => {
            postmortem::store::named(c, &id.to_string()).map(|p| p.access().may_read(actor))
        }
        Kind::Comment => {
            let comment = discussion::store::by_id(c, *id)?.unwrap();
            let context = ReadContext {
                actor: actor.clone(),
                now: organisation.now,
                local: LocalTime::new("UTC", organisation.now),
                unread: 0,
                part: Part::default(),
                past: None,
            };
            open(c, &context, &Key::of(&comment)).map(|(_, is_kept_back)| !is_kept_back)
        }
        Kind::Person | Kind::Area | Kind::System | Kind::Competency | Kind::Drill => Ok(true),
    };
    match shown {
        Err(Error::Forbidden(_) | Error::NotFound(_)) => Ok(false),
        shown => shown,
    }
}

/// Lives through it, then has everybody look for everything. Adds which kinds were shown to somebody, and which not.
fn live(c: &mut Conn, history: &[Turn], seen: &mut BTreeSet<(Kind, bool)>) -> Result<()> {
    let mut organisation = transaction(c, Purpose::Write, |c| Organisation::found(c, 1))?;
    // It was founded by hand.
    transaction(c, Purpose::Write, rebuild)?;
    let mut written = Vec::new();
    for turn in history {
        organisation.now = organisation.now.plus_seconds(600);
        let turn = match turn {
            Turn::Try(_, Deed::Advance) => {
                let dossier = transaction(c, Purpose::Write, |c| {
                    Dossier::lock(c, organisation.ramp_id, organisation.now.day())
                })?;
                let (who, deed) = next_step(&dossier);
                &Turn::Try(who, deed)
            }
            turn => turn,
        };
        let before = written.clone();
        match transaction(c, Purpose::Write, |c| {
            organisation.follow(c, turn, &mut written)
        }) {
            Ok(()) => {}
            Err(Error::Fault(cause)) => panic!("{turn:?}: {cause}"),
            Err(_) => written = before,
        }
    }
    let followed = index(c)?;
    for who in 0..PEOPLE {
        let actor = organisation.act(c, who)?.actor;
        for row in &followed {
            let sought = Sought::parse(&row.4).unwrap();
            let wanted = Wanted {
                sought,
                kind: None,
                after: 0,
                limit: ALL,
            };
            let hits = find(c, &actor, &wanted)?;
            let is_found = hits.iter().any(|hit| hit.address == row.7);
            let opens = opens(c, &organisation, &actor, row)?;
            assert_eq!(is_found, opens, "{who} looks for {row:?}");
            seen.insert((row.0, opens));
        }
    }
    transaction(c, Purpose::Write, rebuild)?;
    assert_eq!(followed, index(c)?, "the index did not follow");
    Ok(())
}

#[test]
fn what_is_found_is_what_its_page_shows() {
    let seen = RefCell::new(BTreeSet::new());
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        max_shrink_iters: 50,
        failure_persistence: None,
        ..Config::default()
    });
    let lived = |history: &[Turn]| {
        let database = Database::migrated();
        let mut conn = database.connect();
        if let Conn::Sqlite(lite) = &mut conn {
            // Nothing here is about losing power.
            lite.batch_execute("PRAGMA synchronous = OFF").unwrap();
        }
        live(&mut conn, history, &mut seen.borrow_mut())
    };
    // In chance's histories it may be that everyone comes to see everything.
    lived(&plain()).unwrap();
    let outcome = runner.run(&prop::collection::vec(turn(), 20..60), |history| {
        lived(&history).map_err(|e| TestCaseError::fail(e.to_string()))
    });
    if let Err(e) = outcome {
        panic!("{e}");
    }
    // The rules were put to the test.
    let seen = seen.into_inner();
    for kind in [
        Kind::Ramp,
        Kind::Session,
        Kind::Shift,
        Kind::Postmortem,
        Kind::Comment,
    ] {
        for opens in [true, false] {
            assert!(seen.contains(&(kind, opens)), "{kind:?} {opens}");
        }
    }
}
