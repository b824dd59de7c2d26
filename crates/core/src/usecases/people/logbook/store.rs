//! SQL of the logbook: a year of sessions and attestations of clearances, and the entries before and after.

use diesel::dsl::{count_star, max, min, sql, sum};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::db::schema::{clearance_changes, clearances, sessions};
use crate::db::types::UtcTime;
use crate::db::{Conn, Each, id_in};
use crate::domain::clearance::ClearanceState;
use crate::domain::session;
use crate::domain::session::SessionKind;
use crate::error::Result;
use crate::usecases::people::logbook::Total;

/// Whose sessions, and on which ramps: their own, and those they mentored.
#[derive(Debug, Clone)]
pub struct LogbookQuery {
    pub person_id: i64,
    /// Their own ramps that the viewer may read.
    pub own: Vec<i64>,
    /// Ramps of others that they mentored.
    pub mentored: Vec<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub id: i64,
    pub ramp_id: i64,
    pub at: UtcTime,
    /// Its length.
    pub minutes: i64,
    pub kind: SessionKind,
}

#[derive(Debug, Clone, Default)]
pub struct Year {
    pub sessions: Vec<Held>,
    /// Attestations in it: the clearance, the attestation, the time.
    pub changes: Vec<(i64, ClearanceState, UtcTime)>,
    /// Number of sessions before it, and when the first of them was.
    pub before: (Total, Option<UtcTime>),
    /// Number of sessions after it, and when the last of them was.
    pub after: (Total, Option<UtcTime>),
}

const SESSION: &str = "session";
const CHANGE: &str = "change";
const BEFORE: &str = "before";

/// Kind, two numbers, a time, minutes, a word; the kind decides what each means.
type Row = (String, i64, i64, Option<UtcTime>, Option<i64>, String);

/// One query.
pub fn year(c: &mut Conn, query: &LogbookQuery, (from, to): (UtcTime, UtcTime)) -> Result<Year> {
    // One list beside AND: of two joined by OR, PostgreSQL would read every session.
    let all_ramps = [&query.own[..], &query.mentored].concat();
    let held = || {
        let own = id_in(sessions::ramp_id, &query.own);
        let concerns = own.or(sessions::mentor_id.eq(query.person_id));
        session::store::counts()
            .and(id_in(sessions::ramp_id, &all_ramps))
            .and(concerns)
    };
    let within = sessions::table
        .filter(
            held()
                .and(sessions::starts_at.ge(from))
                .and(sessions::starts_at.lt(to)),
        )
        .select((
            SESSION.into_sql::<Text>(),
            sessions::id,
            sessions::ramp_id,
            sessions::starts_at.nullable(),
            sql::<Nullable<BigInt>>("CAST(sessions.minutes AS BIGINT)"),
            sessions::kind,
        ));
    let before = sessions::table
        .filter(held().and(sessions::starts_at.lt(from)))
        .select((
            BEFORE.into_sql::<Text>(),
            count_star(),
            0_i64.into_sql::<BigInt>(),
            min(sessions::starts_at),
            sum(sessions::minutes),
            "".into_sql::<Text>(),
        ));
    let after = sessions::table
        .filter(held().and(sessions::starts_at.ge(to)))
        .select((
            "after".into_sql::<Text>(),
            count_star(),
            0_i64.into_sql::<BigInt>(),
            max(sessions::starts_at),
            sum(sessions::minutes),
            "".into_sql::<Text>(),
        ));
    let changes = clearance_changes::table
        .inner_join(clearances::table)
        .filter(
            clearances::person_id
                .eq(query.person_id)
                .and(clearance_changes::at.ge(from))
                .and(clearance_changes::at.lt(to))
                // A clearance's own page shows interim extensions and changes of supervisor.
                .and(clearance_changes::ends_on.is_null())
                .and(clearance_changes::supervisor_id.is_null()),
        )
        .select((
            CHANGE.into_sql::<Text>(),
            clearances::id,
            clearances::area_id,
            clearance_changes::at.nullable(),
            None::<i64>.into_sql::<Nullable<BigInt>>(),
            clearance_changes::state,
        ));
    let all = within.union_all(before).union_all(after).union_all(changes);
    let rows: Vec<Row> = Each(all).load(c)?;
    let mut year = Year::default();
    for (what, first, second, at, minutes, word) in rows {
        let minutes = minutes.unwrap_or_default();
        let total = Total {
            sessions: first,
            minutes,
        };
        match (what.as_str(), at) {
            (SESSION, Some(at)) => {
                year.sessions
                    .extend(SessionKind::parse(&word).map(|kind| Held {
                        id: first,
                        ramp_id: second,
                        at,
                        minutes,
                        kind,
                    }))
            }
            (CHANGE, Some(at)) => {
                let state = ClearanceState::parse(&word);
                year.changes.extend(state.map(|state| (first, state, at)));
            }
            (BEFORE, first_at) => year.before = (total, first_at),
            (_, last_at) => year.after = (total, last_at),
        }
    }
    Ok(year)
}
