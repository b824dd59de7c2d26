//! Many hands on one database.

use checkride::db::schema::teams;
use checkride::db::{Conn, Db, Purpose, locks, transaction};
use checkride::domain::audit;
use checkride::domain::audit::{Act, Entry, Verdict};
use checkride::domain::people::Name;
use checkride::domain::people::store::team_named;
use checkride::error::Error;
use diesel::prelude::*;

use super::{lines, wait_shortly};
use crate::support::{Database, On, at, at_once, block_on, verified};

#[test]
fn eight_at_once_lose_nothing_and_never_find_it_locked() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let (threads, writes) = (8, 200);
    let write = |c: &mut Conn, n, write| {
        let entry = Entry::new("test.wrote", format!("write:{n}-{write}"));
        audit::record(c, &Act::operator(at("2026-11-23T09:00:00Z")), entry)
    };
    at_once(threads + 1, |n| {
        if n < threads {
            for number in 0..writes {
                block_on(db.write(move |c| write(c, n, number))).unwrap();
            }
        } else {
            // And another process beside it: somebody at the command line.
            let mut c = database.connect();
            for number in 0..writes {
                transaction(&mut c, Purpose::Write, |c| write(c, n, number)).unwrap();
            }
        }
    });
    match verified(&mut database.connect()).unwrap() {
        Verdict::Whole { entries, .. } => {
            assert_eq!(entries, i64::try_from((threads + 1) * writes).unwrap())
        }
        broken @ Verdict::Broken { .. } => panic!("{broken:?}"),
    }
}

#[test]
fn a_write_behind_the_lock_of_another_is_told_to_try_again_and_waits_only_once() {
    let database = Database::migrated();
    let db = Db::open(&database.target).unwrap();
    let write = |c: &mut Conn, number: u8| {
        let entry = Entry::new("test.wrote", format!("write:{number}"));
        audit::record(c, &Act::operator(at("2026-11-23T09:00:00Z")), entry)
    };
    let impatient = |number| {
        block_on(db.write(move |c| {
            wait_shortly(c);
            write(c, number)
        }))
    };
    impatient(1).unwrap();
    transaction(&mut database.connect(), Purpose::Write, |c| {
        locks::alone(c)?;
        write(c, 2)?;
        assert!(matches!(impatient(3), Err(Error::Busy)));
        Ok(())
    })
    .unwrap();
    impatient(4).unwrap();
    let mut written = block_on(db.write(|c| {
        // A connection opened anew would have waited its five seconds once more.
        if let Conn::Sqlite(_) = c {
            assert_eq!(
                lines(c, "SELECT timeout || '' AS line FROM pragma_busy_timeout"),
                ["50"]
            );
        }
        Ok(lines(c, "SELECT object AS line FROM audit_entries"))
    }))
    .unwrap();
    written.sort();
    assert_eq!(written, ["write:1", "write:2", "write:4"]);
}

#[test]
fn of_two_that_wait_for_each_other_one_is_told_to_try_again() {
    if On::this_run() == On::Sqlite {
        return; // One writer at a time: nobody can wait for a second lock.
    }
    let database = Database::migrated();
    let teams = ["One", "Other"].map(|name| {
        let name = Name::parse(name).unwrap();
        let made = team_named(&mut database.connect(), &name, at("2026-11-23T09:00:00Z"));
        made.unwrap().0
    });
    let both_hold_one = std::sync::Barrier::new(2);
    let ended = at_once(2, |n| {
        let rename = |c: &mut Conn, id: i64| {
            use checkride::db::schema::teams::dsl;
            let team = dsl::teams.find(id);
            diesel::update(team)
                .set(dsl::name.eq(format!("Team {id}")))
                .execute(c)
        };
        transaction(&mut database.connect(), Purpose::Write, |c| {
            rename(c, teams[n])?;
            both_hold_one.wait();
            rename(c, teams[1 - n])?;
            Ok(())
        })
    });
    let gave_way = ended
        .iter()
        .filter(|e| matches!(e, Err(Error::Busy)))
        .count();
    let went_on = ended.iter().filter(|e| e.is_ok()).count();
    assert_eq!((gave_way, went_on), (1, 1), "{ended:?}");
}

/// Five writes that wait for the one before them, each adding a team and then ending as `ends` says: whether it was told
/// that its team is kept, and whether it is.
fn waiting_together(ends: fn(usize) -> Result<(), Error>) -> Vec<(bool, bool)> {
    let database = Database::migrated();
    let db = &Db::open(&database.target).unwrap();
    let name = |n: usize| Name::parse(&format!("Team {n}")).unwrap();
    let write = |n: usize| {
        db.write(move |c| {
            team_named(c, &name(n), at("2026-11-23T09:00:00Z"))?;
            ends(n)
        })
    };
    let (release, held) = std::sync::mpsc::channel::<()>();
    let holding = db.write(move |_| held.recv().map_err(Error::fault));
    let told = block_on(async {
        let (_, a, b, c, d, e, _) = tokio::join!(
            holding,
            write(0),
            write(1),
            write(2),
            write(3),
            write(4),
            // Asked for last, so all of them wait by now.
            async { release.send(()).unwrap() }
        );
        [a, b, c, d, e].map(|outcome| outcome.is_ok())
    });
    let mut c = database.connect();
    let is_kept = |n: usize| {
        let of_that_name = teams::table.filter(teams::name.eq(format!("Team {n}")));
        of_that_name.count().get_result::<i64>(&mut c).unwrap() == 1
    };
    told.into_iter().zip((0..5).map(is_kept)).collect()
}

#[test]
fn of_writes_that_wait_together_each_is_kept_or_undone_by_itself() {
    let ended = waiting_together(|n| match n {
        1 | 4 => Err(Error::Conflict("somebody was faster".into())),
        _ => Ok(()),
    });
    let kept = [true, false, true, true, false];
    assert_eq!(ended, kept.map(|kept| (kept, kept)));
}

#[test]
fn nobody_is_told_that_something_is_kept_which_a_panic_beside_it_undid() {
    let ended = waiting_together(|n| {
        assert_ne!(n, 2, "on purpose");
        Ok(())
    });
    for (n, (told, kept)) in ended.into_iter().enumerate() {
        assert_eq!(told, kept, "{n}");
        assert!(n != 2 || !kept);
    }
}
