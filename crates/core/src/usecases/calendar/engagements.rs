//! What a person takes part in: sessions, shifts, drills and reading clubs that are planned. Nothing else of a ramp, a sheet
//! or a post-mortem is read here, so nothing else can be in a calendar.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Timestamp};

use crate::db::Conn;
use crate::db::fixed::{Fixed, fixed};
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::{
    areas, clearances, clubs, drill_roles, drills, postmortems, ramps, sessions, shifts,
};
use crate::db::types::UtcTime;
use crate::domain::calendar::engagement::{Engagement, Kind, LastDay};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceState, End};
use crate::domain::drill::DrillState;
use crate::domain::postmortem::club::ClubState;
use crate::domain::postmortem::lifecycle::State;
use crate::domain::session::{SessionKind, SessionState};
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;
use crate::text;

/// Most things of one kind.
const MOST: i64 = 300;

/// Which of a kind.
#[derive(Debug, Clone, Copy)]
pub enum Which {
    /// What a person takes part in and is planned, begun between two moments.
    Of(i64, (UtcTime, UtcTime)),
    /// The one in that row, whatever became of it.
    Row(i64),
}

/// Everything planned that a person takes part in, begun between two moments; in order.
pub fn of_person(
    c: &mut Conn,
    person_id: i64,
    range: (UtcTime, UtcTime),
) -> Result<Vec<Engagement>> {
    let which = Which::Of(person_id, range);
    let mut all = of_sessions(c, which)?;
    all.extend(of_shifts(c, which)?);
    all.extend(of_drills(c, which)?);
    all.extend(of_clubs(c, which)?);
    all.sort_by_key(|e| (e.starts_at, e.kind, e.id));
    Ok(all)
}

/// Names and zones of people whose rows such SQL finds, under the name `p`.
fn people_in(rows: &str) -> Listed {
    listed(&["p.time_zone", &plain("p.name")], rows)
}

/// The names in one text, by name, and the zones.
fn named(list: List) -> Result<(String, Vec<String>)> {
    let mut people = entries(list, |parts| match parts {
        [zone, name] => Some(((*name).to_owned(), (*zone).to_owned())),
        _ => None,
    })?;
    people.sort_by_cached_key(|(name, _)| text::sort_key(name));
    let (names, zones): (Vec<String>, Vec<String>) = people.into_iter().unzip();
    Ok((names.join(", "), zones))
}

fn moves(changes: &str) -> Fixed<BigInt> {
    fixed(format!(
        "(SELECT count(*) FROM {changes} AND x.kind = 'moved')"
    ))
}

fn changed(changes: &str) -> Fixed<Nullable<Timestamp>> {
    fixed(format!("(SELECT max(x.at) FROM {changes})"))
}

fn counted(moves: i64) -> u32 {
    u32::try_from(moves).unwrap_or(u32::MAX)
}

pub(super) fn of_sessions(c: &mut Conn, which: Which) -> Result<Vec<Engagement>> {
    let changes = "session_changes x WHERE x.session_id = sessions.id";
    let query = sessions::table
        .inner_join(ramps::table.inner_join(areas::table))
        .order((sessions::starts_at, sessions::id))
        .limit(MOST)
        .select((
            sessions::id,
            (sessions::starts_at, sessions::minutes),
            sessions::state,
            sessions::kind,
            sessions::agenda,
            sessions::recorded_at,
            areas::name,
            people_in("people p WHERE p.id IN (sessions.mentor_id, ramps.mentee_id)"),
            moves(changes),
            changed(changes),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(sessions::id.eq(id)),
        Which::Of(person, (from, until)) => query
            .filter(fixed::<Bool>(format!(
                "sessions.id IN (SELECT s.id FROM sessions s WHERE s.mentor_id = {person} \
                 UNION SELECT s.id FROM ramps r JOIN sessions s ON s.ramp_id = r.id WHERE r.mentee_id = {person})"
            )))
            .filter(sessions::state.eq(SessionState::Planned))
            .filter(sessions::superseded_at.is_null().and(sessions::undone_at.is_null()))
            .filter(sessions::starts_at.ge(from).and(sessions::starts_at.lt(until))),
    };
    type Row = (
        i64,
        (UtcTime, i32),
        SessionState,
        SessionKind,
        String,
        UtcTime,
        String,
        List,
        i64,
        Option<UtcTime>,
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (
            id,
            (starts_at, minutes),
            state,
            kind,
            notes,
            planned_at,
            area,
            people,
            moves,
            changed,
        ) = row;
        let (names, zones) = named(people)?;
        Ok(Engagement {
            kind: Kind::Session,
            id,
            starts_at,
            ends_at: starts_at.plus_seconds(60 * i64::from(minutes)),
            title: format!("{} in {area}: {names}", kind.label()),
            notes,
            zones,
            moves: counted(moves),
            is_cancelled: state == SessionState::Cancelled,
            changed_at: changed.unwrap_or(planned_at),
        })
    };
    rows.into_iter().map(engagement).collect()
}

pub(super) fn of_shifts(c: &mut Conn, which: Which) -> Result<Vec<Engagement>> {
    let changes = "shift_changes x WHERE x.shift_id = shifts.id";
    let query = shifts::table
        .inner_join(areas::table.on(areas::id.eq(shifts::area_id)))
        .order((shifts::starts_at, shifts::id))
        .limit(MOST)
        .select((
            shifts::id,
            (shifts::starts_at, shifts::ends_at),
            shifts::state,
            shifts::kind,
            shifts::planned_at,
            areas::name,
            people_in("people p WHERE p.id IN (shifts.mentee_id, shifts.with_id)"),
            moves(changes),
            changed(changes),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(shifts::id.eq(id)),
        Which::Of(person, (from, until)) => query
            .filter(shifts::with_id.eq(person).or(shifts::mentee_id.eq(person)))
            .filter(shifts::state.eq(ShiftState::Planned))
            .filter(shifts::starts_at.ge(from).and(shifts::starts_at.lt(until))),
    };
    type Row = (
        i64,
        (UtcTime, UtcTime),
        ShiftState,
        ShiftKind,
        UtcTime,
        String,
        List,
        i64,
        Option<UtcTime>,
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (id, (starts_at, ends_at), state, kind, planned_at, area, people, moves, changed) = row;
        let (names, zones) = named(people)?;
        Ok(Engagement {
            kind: Kind::Shift,
            id,
            starts_at,
            ends_at,
            title: format!("{} in {area}: {names}", kind.label()),
            notes: String::new(),
            zones,
            moves: counted(moves),
            is_cancelled: state == ShiftState::Cancelled,
            changed_at: changed.unwrap_or(planned_at),
        })
    };
    rows.into_iter().map(engagement).collect()
}

pub(super) fn of_drills(c: &mut Conn, which: Which) -> Result<Vec<Engagement>> {
    let query = drills::table
        .inner_join(areas::table)
        .order((drills::starts_at, drills::id))
        .limit(MOST)
        .select((
            drills::id,
            (drills::starts_at, drills::minutes),
            drills::state,
            drills::title,
            drills::revision,
            drills::changed_at,
            areas::name,
            people_in(
                "drill_roles o JOIN people p ON p.id = o.person_id WHERE o.drill_id = drills.id",
            ),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(drills::id.eq(id)),
        Which::Of(person, (from, until)) => {
            let theirs = drill_roles::table
                .filter(drill_roles::person_id.eq(person))
                .select(drill_roles::drill_id);
            query
                .filter(drills::id.eq_any(theirs))
                .filter(drills::state.eq_any([DrillState::Planned, DrillState::Running]))
                .filter(drills::starts_at.ge(from).and(drills::starts_at.lt(until)))
        }
    };
    type Row = (
        i64,
        (UtcTime, i32),
        DrillState,
        String,
        i32,
        UtcTime,
        String,
        List,
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (id, (starts_at, minutes), state, title, revision, changed_at, area, people) = row;
        Ok(Engagement {
            kind: Kind::Drill,
            id,
            starts_at,
            ends_at: starts_at.plus_seconds(60 * i64::from(minutes)),
            // Its title gives nothing away; its sheet would.
            title: format!("Drill in {area}: {title}"),
            notes: String::new(),
            zones: named(people)?.1,
            // Every change of the plan is one, a change of time among them.
            moves: revision.unsigned_abs(),
            is_cancelled: state == DrillState::Cancelled,
            changed_at,
        })
    };
    rows.into_iter().map(engagement).collect()
}

pub(super) fn of_clubs(c: &mut Conn, which: Which) -> Result<Vec<Engagement>> {
    let query = clubs::table
        .inner_join(postmortems::table)
        .order((clubs::starts_at, clubs::id))
        .limit(MOST)
        .select((
            clubs::id,
            (clubs::starts_at, clubs::minutes),
            clubs::state,
            (postmortems::title, postmortems::state),
            (clubs::planned_at, clubs::closed_at),
            people_in(
                "people p WHERE p.id = clubs.led_by OR p.id IN \
                 (SELECT m.person_id FROM club_people m WHERE m.club_id = clubs.id)",
            ),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(clubs::id.eq(id)),
        Which::Of(person, (from, until)) => query
            .filter(fixed::<Bool>(format!(
                "clubs.id IN (SELECT b.id FROM clubs b WHERE b.led_by = {person} \
                 UNION SELECT m.club_id FROM club_people m WHERE m.person_id = {person})"
            )))
            .filter(clubs::state.eq(ClubState::Planned))
            .filter(clubs::starts_at.ge(from).and(clubs::starts_at.lt(until))),
    };
    type Row = (
        i64,
        (UtcTime, i32),
        ClubState,
        (String, State),
        (UtcTime, Option<UtcTime>),
        List,
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (id, (starts_at, minutes), state, (title, readable), (planned_at, closed_at), people) =
            row;
        let title = match readable {
            State::Teachable | State::Retired => format!("Reading club: {title}"),
            // Not everyone in the club may read it, not even its title.
            State::Draft | State::InReview => "Reading club".to_owned(),
        };
        Ok(Engagement {
            kind: Kind::Club,
            id,
            starts_at,
            ends_at: starts_at.plus_seconds(60 * i64::from(minutes)),
            title,
            notes: String::new(),
            zones: named(people)?.1,
            // A club keeps its time.
            moves: 0,
            is_cancelled: state == ClubState::Cancelled,
            changed_at: closed_at.unwrap_or(planned_at),
        })
    };
    rows.into_iter().map(engagement).collect()
}

/// The last days of a person's own clearances: of each, and of practice where that is first.
pub fn last_days(c: &mut Conn, person_id: i64) -> Result<Vec<LastDay>> {
    let changed = fixed::<Nullable<Timestamp>>(
        "(SELECT max(x.at) FROM clearance_changes x WHERE x.clearance_id = clearances.id)",
    );
    let rows: Vec<(Clearance, String, Option<UtcTime>)> = clearances::table
        .inner_join(areas::table)
        .filter(clearances::person_id.eq(person_id))
        .filter(clearances::replaced_at.is_null())
        .filter(clearances::state.eq(ClearanceState::Valid))
        .order((clearances::area_id, clearances::id))
        .limit(MOST)
        .select((Clearance::as_select(), areas::name, changed))
        .load(c)?;
    let days = rows.into_iter().flat_map(|(held, area, changed)| {
        let changed_at = changed.unwrap_or(held.granted_at);
        let last = LastDay {
            clearance_id: held.id,
            day: held.ends_on,
            title: format!("{area}: last day of your clearance"),
            changed_at,
        };
        let practice = match End::of(&held) {
            End::LastDay(_) => None,
            End::Practice(day) => Some(LastDay {
                day,
                title: format!("{area}: practise by today to stay cleared"),
                ..last.clone()
            }),
        };
        practice.into_iter().chain([last])
    });
    Ok(days.collect())
}
