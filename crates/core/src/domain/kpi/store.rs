//! SQL of targets, notes, goals, and of the figures that were computed before.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::note::{NewNote, Note};
use super::target::{Target, ends, goal};
use super::{Goal, Kpi};
use crate::db::fixed::fixed;
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::{kpi_crossings, kpi_days, kpi_notes, kpi_pins, kpi_targets};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, Each};
use crate::error::Result;

/// Every target that a scope ever had, in the order in which they were set. What this version does not know is left out.
pub fn targets(c: &mut Conn, scope: &str) -> Result<Vec<Target>> {
    type Row = (
        i64,
        String,
        Option<f64>,
        Option<f64>,
        i64,
        Option<i64>,
        UtcTime,
    );
    let rows: Vec<Row> = kpi_targets::table
        .filter(kpi_targets::scope.eq(scope))
        .order(kpi_targets::id)
        .select((
            kpi_targets::id,
            kpi_targets::kpi,
            kpi_targets::at_least,
            kpi_targets::at_most,
            kpi_targets::owner_id,
            kpi_targets::set_by,
            kpi_targets::set_at,
        ))
        .load(c)?;
    let read = |(id, kpi, low, high, owner_id, set_by, set_at): Row| {
        Some(Target {
            id,
            kpi: Kpi::parse(&kpi)?,
            goal: goal(low, high)?,
            owner_id,
            set_by,
            set_at,
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// The row of the last target of a figure; 0 when there is none.
pub fn last_target(c: &mut Conn, scope: &str, kpi: Kpi) -> Result<i64> {
    let last: Option<i64> = kpi_targets::table
        .filter(
            kpi_targets::scope
                .eq(scope)
                .and(kpi_targets::kpi.eq(kpi.word())),
        )
        .select(diesel::dsl::max(kpi_targets::id))
        .first(c)?;
    Ok(last.unwrap_or_default())
}

pub fn insert_target(
    c: &mut Conn,
    (scope, kpi): (&str, Kpi),
    (goal, owner_id): (Goal, i64),
    by: Option<i64>,
    now: UtcTime,
) -> Result<()> {
    let (low, high) = ends(goal);
    diesel::insert_into(kpi_targets::table)
        .values((
            kpi_targets::scope.eq(scope),
            kpi_targets::kpi.eq(kpi.word()),
            kpi_targets::at_least.eq(low),
            kpi_targets::at_most.eq(high),
            kpi_targets::owner_id.eq(owner_id),
            kpi_targets::set_by.eq(by),
            kpi_targets::set_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// The latest notes of a figure, the last one first.
pub fn notes(c: &mut Conn, scope: &str, kpi: Kpi, most: i64) -> Result<Vec<Note>> {
    let rows: Vec<(String, String, i64, UtcTime)> = kpi_notes::table
        .filter(
            kpi_notes::scope
                .eq(scope)
                .and(kpi_notes::kpi.eq(kpi.word())),
        )
        .order(kpi_notes::id.desc())
        .limit(most)
        .select((
            kpi_notes::why,
            kpi_notes::next,
            kpi_notes::by_id,
            kpi_notes::at,
        ))
        .load(c)?;
    let note = |(why, next, by_id, at)| Note {
        kpi,
        why,
        next,
        by_id,
        at,
    };
    Ok(rows.into_iter().map(note).collect())
}

/// The last note of each figure of a scope.
pub fn last_notes(c: &mut Conn, scope: &str) -> Result<Vec<Note>> {
    let is_last = fixed::<Bool>(
        "NOT EXISTS (SELECT 1 FROM kpi_notes n WHERE n.scope = kpi_notes.scope AND n.kpi = kpi_notes.kpi \
         AND n.id > kpi_notes.id)",
    );
    let rows: Vec<(String, String, String, i64, UtcTime)> = kpi_notes::table
        .filter(kpi_notes::scope.eq(scope))
        .filter(is_last)
        .select((
            kpi_notes::kpi,
            kpi_notes::why,
            kpi_notes::next,
            kpi_notes::by_id,
            kpi_notes::at,
        ))
        .load(c)?;
    let note = |(kpi, why, next, by_id, at): (String, String, String, i64, UtcTime)| {
        Some(Note {
            kpi: Kpi::parse(&kpi)?,
            why,
            next,
            by_id,
            at,
        })
    };
    Ok(rows.into_iter().filter_map(note).collect())
}

pub fn insert_note(
    c: &mut Conn,
    (scope, kpi): (&str, Kpi),
    note: &NewNote,
    by: i64,
    now: UtcTime,
) -> Result<()> {
    diesel::insert_into(kpi_notes::table)
        .values((
            kpi_notes::scope.eq(scope),
            kpi_notes::kpi.eq(kpi.word()),
            kpi_notes::why.eq(note.why.as_str()),
            kpi_notes::next.eq(note.next.as_str()),
            kpi_notes::by_id.eq(by),
            kpi_notes::at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// The goals of a team, in the order in which they were pinned.
pub fn pins(c: &mut Conn, team_id: i64) -> Result<Vec<Kpi>> {
    let words: Vec<String> = kpi_pins::table
        .filter(kpi_pins::team_id.eq(team_id).and(kpi_pins::until.is_null()))
        .order(kpi_pins::id)
        .select(kpi_pins::kpi)
        .load(c)?;
    Ok(words.iter().filter_map(|w| Kpi::parse(w)).collect())
}

pub fn pin(c: &mut Conn, (team_id, kpi): (i64, Kpi), by: Option<i64>, now: UtcTime) -> Result<()> {
    diesel::insert_into(kpi_pins::table)
        .values((
            kpi_pins::team_id.eq(team_id),
            kpi_pins::kpi.eq(kpi.word()),
            kpi_pins::since.eq(now),
            kpi_pins::by_id.eq(by),
        ))
        .execute(c)?;
    Ok(())
}

/// Ends a goal; false when it was none.
pub fn unpin(
    c: &mut Conn,
    (team_id, kpi): (i64, Kpi),
    by: Option<i64>,
    now: UtcTime,
) -> Result<bool> {
    let now_pinned = kpi_pins::team_id
        .eq(team_id)
        .and(kpi_pins::kpi.eq(kpi.word()))
        .and(kpi_pins::until.is_null());
    let ended = diesel::update(kpi_pins::table.filter(now_pinned))
        .set((kpi_pins::until.eq(now), kpi_pins::ended_by.eq(by)))
        .execute(c)?;
    Ok(ended == 1)
}

/// Whether the figure missed its target when that was last decided.
pub fn is_missed(c: &mut Conn, scope: &str, kpi: Kpi) -> Result<bool> {
    let last: Option<bool> = kpi_crossings::table
        .filter(
            kpi_crossings::scope
                .eq(scope)
                .and(kpi_crossings::kpi.eq(kpi.word())),
        )
        .order(kpi_crossings::id.desc())
        .select(kpi_crossings::is_missed)
        .first(c)
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// Notes that a figure crossed its target on that day; the row, or none when that was noted before.
pub fn cross(
    c: &mut Conn,
    (scope, kpi): (&str, Kpi),
    (day, is_missed): (Day, bool),
    now: UtcTime,
) -> Result<Option<i64>> {
    let row = (
        kpi_crossings::scope.eq(scope),
        kpi_crossings::kpi.eq(kpi.word()),
        kpi_crossings::day.eq(day),
        kpi_crossings::is_missed.eq(is_missed),
        kpi_crossings::at.eq(now),
    );
    let made = Each(
        diesel::insert_into(kpi_crossings::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    if made == 0 {
        return Ok(None);
    }
    let id = kpi_crossings::table
        .filter(
            kpi_crossings::scope
                .eq(scope)
                .and(kpi_crossings::kpi.eq(kpi.word()))
                .and(kpi_crossings::day.eq(day)),
        )
        .select(kpi_crossings::id)
        .first(c)?;
    Ok(Some(id))
}

/// Figures of a scope as they were computed: the day, when, and the figures as JSON.
pub type Computed = (Day, UtcTime, String);

/// What was computed of a scope for these days.
pub fn days(c: &mut Conn, scope: &str, days: &[Day]) -> Result<Vec<Computed>> {
    Ok(kpi_days::table
        .filter(kpi_days::scope.eq(scope))
        .filter(kpi_days::day.eq_any(days.to_vec()))
        .select((kpi_days::day, kpi_days::computed_at, kpi_days::figures))
        .load(c)?)
}

/// The scopes that were computed for that day at that moment or later.
pub fn computed_scopes(c: &mut Conn, day: Day, since: UtcTime) -> Result<Vec<String>> {
    Ok(kpi_days::table
        .filter(kpi_days::day.eq(day).and(kpi_days::computed_at.ge(since)))
        .select(kpi_days::scope)
        .load(c)?)
}

/// The scopes that somebody looked at since that day.
pub fn scopes_since(c: &mut Conn, day: Day) -> Result<Vec<String>> {
    Ok(kpi_days::table
        .filter(kpi_days::day.ge(day))
        .select(kpi_days::scope)
        .distinct()
        .load(c)?)
}

/// Every scope with what was computed of it for that day.
pub fn all_of(c: &mut Conn, day: Day) -> Result<Vec<(String, String)>> {
    Ok(kpi_days::table
        .filter(kpi_days::day.eq(day))
        .order(kpi_days::scope)
        .select((kpi_days::scope, kpi_days::figures))
        .load(c)?)
}

/// Keeps what was computed. What was computed later for the same day stays.
pub fn keep_day(c: &mut Conn, scope: &str, day: Day, json: &str, now: UtcTime) -> Result<()> {
    let row = (
        kpi_days::scope.eq(scope),
        kpi_days::day.eq(day),
        kpi_days::computed_at.eq(now),
        kpi_days::figures.eq(json),
    );
    let made = Each(
        diesel::insert_into(kpi_days::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(c)?;
    if made == 0 {
        let older = kpi_days::scope
            .eq(scope)
            .and(kpi_days::day.eq(day))
            .and(kpi_days::computed_at.lt(now));
        diesel::update(kpi_days::table.filter(older))
            .set((kpi_days::computed_at.eq(now), kpi_days::figures.eq(json)))
            .execute(c)?;
    }
    Ok(())
}

/// Forgets everything that was computed.
pub fn drop_days(c: &mut Conn) -> Result<usize> {
    Ok(diesel::delete(kpi_days::table).execute(c)?)
}

/// A target that somebody owns, with its last note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub kpi: Kpi,
    pub scope: String,
    pub set_at: UtcTime,
    pub noted_at: Option<UtcTime>,
    /// Name in addresses and name of the area; empty for others.
    pub area: (String, String),
    /// Name of the team; empty for others.
    pub team: String,
}

/// SQL: the targets that the person of the row of `people` owns now. Areas that are archived ask for nothing.
pub fn owned() -> Listed {
    let area = |column: &str| {
        format!(
            "COALESCE((SELECT {column} FROM areas b WHERE 'area:' || CAST(b.id AS TEXT) = t.scope \
             AND b.archived_at IS NULL), '')"
        )
    };
    let team = format!(
        "COALESCE((SELECT {} FROM teams b WHERE 'team:' || CAST(b.id AS TEXT) = t.scope), '')",
        plain("b.name")
    );
    let noted = "COALESCE((SELECT CAST(MAX(o.at) AS TEXT) FROM kpi_notes o WHERE o.scope = t.scope AND o.kpi = t.kpi), '')";
    listed(
        &[
            "t.kpi",
            "t.scope",
            "CAST(t.set_at AS TEXT)",
            noted,
            &area("b.slug"),
            &area(&plain("b.name")),
            &team,
        ],
        "kpi_targets t WHERE t.owner_id = people.id AND NOT EXISTS (SELECT 1 FROM kpi_targets n \
         WHERE n.scope = t.scope AND n.kpi = t.kpi AND n.id > t.id)",
    )
}

/// Reads what [`owned`] found. A figure that this version does not know asks for nothing.
pub fn read_owned(list: List) -> Result<Vec<Owned>> {
    let read = |parts: &[&str]| {
        let [kpi, scope, set_at, noted_at, slug, area, team] = parts else {
            return None;
        };
        let noted_at = match *noted_at {
            "" => None,
            at => Some(UtcTime::stored(at)?),
        };
        let owned = |kpi| {
            Some(Owned {
                kpi,
                scope: (*scope).to_owned(),
                set_at: UtcTime::stored(set_at)?,
                noted_at,
                area: ((*slug).to_owned(), (*area).to_owned()),
                team: (*team).to_owned(),
            })
        };
        match Kpi::parse(kpi) {
            Some(kpi) => owned(kpi).map(Some),
            None => Some(None),
        }
    };
    let mut all: Vec<Owned> = entries(list, read)?.into_iter().flatten().collect();
    all.sort_by(|a, b| (&a.scope, a.kpi).cmp(&(&b.scope, b.kpi)));
    Ok(all)
}
