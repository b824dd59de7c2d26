//! What a person takes part in: sessions, shifts, drills and reading clubs that are planned. Nothing else of a ramp, a sheet
//! or a post-mortem is read here, so nothing else can be in a calendar.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Timestamp};

use crate::db::fixed::{Fixed, fixed, varying};
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::{
    areas, clearances, clubs, drill_roles, drills, postmortems, ramps, sessions, shifts,
};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, found_by, id_in, ids};
use crate::domain::calendar::engagement::{Engagement, Kind, LastDay, Participant};
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceState, End};
use crate::domain::drill::DrillState;
use crate::domain::postmortem::club::ClubState;
use crate::domain::postmortem::lifecycle::State;
use crate::domain::ramp::PairingRole;
use crate::domain::session::{SessionKind, SessionState, plan};
use crate::domain::shift::{ShiftKind, ShiftState};
use crate::error::Result;
use crate::text;

/// Most things of one kind, for each person.
const MOST: i64 = 300;

/// Which of a kind.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// What any of these people takes part in and is planned, begun between two moments.
    Of(&'a [i64], (UtcTime, UtcTime)),
    /// The one in that row, whatever became of it.
    Row(i64),
}

impl Which<'_> {
    /// The people in SQL, or a number that nobody has.
    fn people(self) -> String {
        let ids: Vec<String> = match self {
            Self::Of(people, _) => people.iter().map(i64::to_string).collect(),
            Self::Row(_) => Vec::new(),
        };
        match ids.is_empty() {
            true => "0".into(),
            false => ids.join(", "),
        }
    }

    fn most(self) -> i64 {
        match self {
            Self::Of(people, _) => i64::try_from(people.len())
                .unwrap_or(i64::MAX)
                .saturating_mul(MOST),
            Self::Row(_) => 1,
        }
    }
}

/// Everything planned that any of these people takes part in, begun between two moments; in order.
pub fn of_people(
    c: &mut Conn,
    people: &[i64],
    range: (UtcTime, UtcTime),
) -> Result<Vec<Engagement>> {
    let which = Which::Of(people, range);
    let mut all = Vec::new();
    for kind in Kind::ALL {
        all.extend(of_kind(c, kind, which)?);
    }
    // Of a session, its mentor is known only now.
    all.retain(|e| people.iter().any(|id| e.is_with(*id)));
    all.sort_by_key(|e| (e.starts_at, e.kind, e.id));
    Ok(all)
}

pub fn of_kind(c: &mut Conn, kind: Kind, which: Which<'_>) -> Result<Vec<Engagement>> {
    match kind {
        Kind::Session => of_sessions(c, which),
        Kind::Shift => of_shifts(c, which),
        Kind::Drill => of_drills(c, which),
        Kind::Club => of_clubs(c, which),
    }
}

/// The people whose rows such SQL finds, under the name `p`.
fn people_in(rows: &str) -> Listed {
    listed(
        &["CAST(p.id AS TEXT)", "p.time_zone", &plain("p.name")],
        rows,
    )
}

fn taking_part(list: List) -> Result<Vec<Participant>> {
    let mut people = entries(list, |parts| match parts {
        [id, zone, name] => Some(Participant {
            id: id.parse().ok()?,
            name: (*name).to_owned(),
            zone: (*zone).to_owned(),
        }),
        _ => None,
    })?;
    people.sort_by_cached_key(|p| (text::sort_key(&p.name), p.id));
    Ok(people)
}

fn names(people: &[Participant]) -> String {
    let names: Vec<&str> = people.iter().map(|p| p.name.as_str()).collect();
    names.join(", ")
}

/// How many such rows there are.
fn count(rows: &str) -> Fixed<BigInt> {
    fixed(format!("(SELECT count(*) FROM {rows})"))
}

fn latest(at: &str, rows: &str) -> Fixed<Nullable<Timestamp>> {
    fixed(format!("(SELECT max({at}) FROM {rows})"))
}

fn counted(changes: i64) -> u32 {
    u32::try_from(changes).unwrap_or(u32::MAX)
}

fn of_sessions(c: &mut Conn, which: Which<'_>) -> Result<Vec<Engagement>> {
    const CHANGES: &str = "session_changes x WHERE x.session_id = sessions.id";
    const NOW: &str = "pairings g WHERE g.ramp_id = sessions.ramp_id AND g.until IS NULL";
    const PAIRINGS: &str = "pairings g WHERE g.ramp_id = sessions.ramp_id";
    let changes = count(&format!("{CHANGES} AND x.kind = 'moved'"));
    // Who holds it may change with every pairing that begins or ends once it is planned.
    let begun = count(&format!("{PAIRINGS} AND g.since > sessions.recorded_at"));
    let ended = count(&format!("{PAIRINGS} AND g.until > sessions.recorded_at"));
    let query = sessions::table
        .inner_join(ramps::table.inner_join(areas::table))
        .order((sessions::starts_at, sessions::id))
        .limit(which.most())
        .select((
            (sessions::id, sessions::mentor_id, ramps::mentee_id),
            (sessions::starts_at, sessions::minutes),
            (sessions::state, sessions::kind),
            sessions::agenda,
            areas::name,
            people_in(&format!(
                "(SELECT sessions.mentor_id AS id UNION SELECT ramps.mentee_id UNION SELECT g.mentor_id FROM {NOW}) AS w \
                 JOIN people p ON p.id = w.id"
            )),
            listed(&["g.role", "CAST(g.mentor_id AS TEXT)"], NOW),
            (changes, begun, ended),
            sessions::recorded_at,
            (
                latest("x.at", CHANGES),
                latest("g.since", PAIRINGS),
                latest("g.until", PAIRINGS),
            ),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(sessions::id.eq(id)),
        Which::Of(_, (from, until)) => query
            .filter(varying::<Bool>(format!(
                "sessions.id IN (SELECT s.id FROM sessions s WHERE s.mentor_id IN ({people}) \
                 UNION SELECT s.id FROM ramps r JOIN sessions s ON s.ramp_id = r.id WHERE r.mentee_id IN ({people}) \
                 UNION SELECT s.id FROM pairings g JOIN sessions s ON s.ramp_id = g.ramp_id \
                 WHERE g.until IS NULL AND g.mentor_id IN ({people}))",
                people = which.people()
            )))
            .filter(sessions::state.eq(SessionState::Planned))
            .filter(sessions::superseded_at.is_null().and(sessions::undone_at.is_null()))
            .filter(sessions::starts_at.ge(from).and(sessions::starts_at.lt(until))),
    };
    type Row = (
        (i64, i64, i64),
        (UtcTime, i32),
        (SessionState, SessionKind),
        String,
        String,
        List,
        List,
        (i64, i64, i64),
        UtcTime,
        (Option<UtcTime>, Option<UtcTime>, Option<UtcTime>),
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (key, hours, (state, kind), notes, area, people, mentors, changes, planned_at, last) =
            row;
        let ((id, planned_with, mentee), (starts_at, minutes)) = (key, hours);
        let mut people = taking_part(people)?;
        if state != SessionState::Held {
            let mentor = plan::holder(planned_with, &primary_first(mentors)?);
            people.retain(|p| [mentor, mentee].contains(&p.id));
        }
        Ok(Engagement {
            kind: Kind::Session,
            id,
            starts_at,
            ends_at: starts_at.plus_seconds(60 * i64::from(minutes)),
            title: format!("{} in {area}: {}", kind.label(), names(&people)),
            notes,
            people,
            changes: counted(changes.0 + changes.1 + changes.2),
            is_cancelled: state == SessionState::Cancelled,
            changed_at: [last.0, last.1, last.2]
                .into_iter()
                .flatten()
                .fold(planned_at, UtcTime::max),
        })
    };
    rows.into_iter().map(engagement).collect()
}

/// Current mentors, in the order in which [`plan::holder`] takes them.
fn primary_first(mentors: List) -> Result<Vec<i64>> {
    let mut mentors = entries(mentors, |parts| match parts {
        [role, id] => Some((
            *role != PairingRole::Primary.word(),
            id.parse::<i64>().ok()?,
        )),
        _ => None,
    })?;
    mentors.sort_unstable();
    Ok(mentors.into_iter().map(|(_, id)| id).collect())
}

fn of_shifts(c: &mut Conn, which: Which<'_>) -> Result<Vec<Engagement>> {
    const CHANGES: &str = "shift_changes x WHERE x.shift_id = shifts.id";
    let query = shifts::table
        .inner_join(areas::table.on(areas::id.eq(shifts::area_id)))
        .order((shifts::starts_at, shifts::id))
        .limit(which.most())
        .select((
            shifts::id,
            (shifts::starts_at, shifts::ends_at),
            (shifts::state, shifts::kind),
            areas::name,
            people_in("people p WHERE p.id IN (shifts.mentee_id, shifts.with_id)"),
            count(&format!("{CHANGES} AND x.kind = 'moved'")),
            (shifts::planned_at, latest("x.at", CHANGES)),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(shifts::id.eq(id)),
        Which::Of(people, (from, until)) => query
            .filter(
                found_by(shifts::with_id, ids(people)).or(found_by(shifts::mentee_id, ids(people))),
            )
            .filter(shifts::state.eq(ShiftState::Planned))
            .filter(shifts::starts_at.ge(from).and(shifts::starts_at.lt(until))),
    };
    type Row = (
        i64,
        (UtcTime, UtcTime),
        (ShiftState, ShiftKind),
        String,
        List,
        i64,
        (UtcTime, Option<UtcTime>),
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (id, (starts_at, ends_at), (state, kind), area, people, changes, (planned_at, last)) =
            row;
        let people = taking_part(people)?;
        Ok(Engagement {
            kind: Kind::Shift,
            id,
            starts_at,
            ends_at,
            title: format!("{} in {area}: {}", kind.label(), names(&people)),
            notes: String::new(),
            people,
            changes: counted(changes),
            is_cancelled: state == ShiftState::Cancelled,
            changed_at: last.unwrap_or(planned_at),
        })
    };
    rows.into_iter().map(engagement).collect()
}

fn of_drills(c: &mut Conn, which: Which<'_>) -> Result<Vec<Engagement>> {
    let query = drills::table
        .inner_join(areas::table)
        .order((drills::starts_at, drills::id))
        .limit(which.most())
        .select((
            drills::id,
            (drills::starts_at, drills::minutes),
            drills::state,
            (areas::name, drills::title),
            people_in(
                "drill_roles o JOIN people p ON p.id = o.person_id WHERE o.drill_id = drills.id",
            ),
            (drills::revision, drills::changed_at),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(drills::id.eq(id)),
        Which::Of(people, (from, until)) => {
            let theirs = drill_roles::table
                .filter(id_in(drill_roles::person_id, people))
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
        (String, String),
        List,
        (i32, UtcTime),
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (id, (starts_at, minutes), state, (area, title), people, (revision, changed_at)) = row;
        Ok(Engagement {
            kind: Kind::Drill,
            id,
            starts_at,
            ends_at: starts_at.plus_seconds(60 * i64::from(minutes)),
            // Its title gives nothing away; its sheet would.
            title: format!("Drill in {area}: {title}"),
            notes: String::new(),
            people: taking_part(people)?,
            changes: revision.unsigned_abs(),
            is_cancelled: state == DrillState::Cancelled,
            changed_at,
        })
    };
    rows.into_iter().map(engagement).collect()
}

fn of_clubs(c: &mut Conn, which: Which<'_>) -> Result<Vec<Engagement>> {
    let query = clubs::table
        .inner_join(postmortems::table)
        .order((clubs::starts_at, clubs::id))
        .limit(which.most())
        .select((
            clubs::id,
            (clubs::starts_at, clubs::minutes),
            clubs::state,
            (postmortems::title, postmortems::state),
            people_in(
                "(SELECT clubs.led_by AS id UNION SELECT m.person_id FROM club_people m WHERE m.club_id = clubs.id) AS w \
                 JOIN people p ON p.id = w.id",
            ),
            (clubs::planned_at, clubs::closed_at),
        ))
        .into_boxed();
    let query = match which {
        Which::Row(id) => query.filter(clubs::id.eq(id)),
        Which::Of(_, (from, until)) => query
            .filter(varying::<Bool>(format!(
                "clubs.id IN (SELECT b.id FROM clubs b WHERE b.led_by IN ({people}) \
                 UNION SELECT m.club_id FROM club_people m WHERE m.person_id IN ({people}))",
                people = which.people()
            )))
            .filter(clubs::state.eq(ClubState::Planned))
            .filter(clubs::starts_at.ge(from).and(clubs::starts_at.lt(until))),
    };
    type Row = (
        i64,
        (UtcTime, i32),
        ClubState,
        (String, State),
        List,
        (UtcTime, Option<UtcTime>),
    );
    let rows: Vec<Row> = query.load(c)?;
    let engagement = |row: Row| {
        let (id, (starts_at, minutes), state, (title, readable), people, (planned_at, closed_at)) =
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
            people: taking_part(people)?,
            // A club keeps its time and its people until it is closed.
            changes: 0,
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
        let ends = End::all(&held).into_iter();
        let ends = ends.filter(|end| end.day() != Day::NEVER);
        let last_day = move |end: End| LastDay {
            clearance_id: held.id,
            day: end.day(),
            title: format!("{area}: {} today", end.words_alone(&held)),
            changed_at,
        };
        ends.map(last_day).collect::<Vec<_>>()
    });
    Ok(days.collect())
}
