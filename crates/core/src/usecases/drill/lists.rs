//! The list of drills: of an area, in a state, or those of a person.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::Conn;
use crate::db::fixed::varying;
use crate::db::list::{List, Listed, entries, listed, plain};
use crate::db::schema::{areas, drill_roles, drills};
use crate::db::types::UtcTime;
use crate::domain::drill::rules::About;
use crate::domain::drill::{DrillKind, DrillState, Role};
use crate::error::Result;
use crate::text;

/// Drills on a page.
pub const SHOWN: usize = 50;

/// What the list is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The area's name in URLs.
    pub area: Option<&'a str>,
    pub state: Option<DrillState>,
    /// Who takes part.
    pub person_id: Option<i64>,
    /// The drill after which the page begins.
    pub before: Option<i64>,
}

/// A drill in the list.
#[derive(Debug)]
pub struct Line {
    pub id: i64,
    pub title: String,
    pub state: DrillState,
    pub kind: DrillKind,
    pub area: String,
    pub owner_team_id: i64,
    /// When it began, or is to begin.
    pub begins_at: UtcTime,
    pub planned_by: i64,
    /// By role, then by name.
    pub people: Vec<Taker>,
}

/// A person who takes part in a drill of the list.
#[derive(Debug)]
pub struct Taker {
    pub role: Role,
    pub name: String,
    pub was_absent: bool,
    /// Who they are; who else may read that they were not there, if they were not.
    pub about: About,
}

/// The drills that run or are planned, the first to begin first, so many at most.
pub fn to_come(c: &mut Conn, most: i64) -> Result<Vec<Line>> {
    let open = drills::state.eq_any([DrillState::Running, DrillState::Planned]);
    let rows = drills::table
        .inner_join(areas::table)
        .filter(open)
        .order((drills::starts_at, drills::id))
        .limit(most)
        .select(columns())
        .load::<Row>(c)?;
    rows.into_iter().map(line).collect()
}

/// The drills wanted, the latest first: [`SHOWN`], and one more where there are more.
pub fn lines(c: &mut Conn, wanted: Wanted<'_>) -> Result<Vec<Line>> {
    let mut all = drills::table
        .inner_join(areas::table)
        .order((drills::starts_at.desc(), drills::id.desc()))
        .limit(i64::try_from(SHOWN + 1).unwrap_or(i64::MAX))
        .select(columns())
        .into_boxed();
    if let Some(slug) = wanted.area {
        all = all.filter(areas::slug.eq(slug.to_owned()));
    }
    if let Some(state) = wanted.state {
        all = all.filter(drills::state.eq(state));
    }
    if let Some(person_id) = wanted.person_id {
        let theirs = drill_roles::table
            .filter(drill_roles::person_id.eq(person_id))
            .select(drill_roles::drill_id);
        all = all.filter(drills::id.eq_any(theirs));
    }
    if let Some(before) = wanted.before {
        // A number that was parsed.
        let earlier = varying::<Bool>(format!(
            "(drills.starts_at, drills.id) < (SELECT b.starts_at, b.id FROM drills b WHERE b.id = {before})"
        ));
        all = all.filter(earlier);
    }
    all.load::<Row>(c)?.into_iter().map(line).collect()
}

type Row = (
    i64,
    String,
    DrillState,
    DrillKind,
    (String, i64),
    (UtcTime, Option<UtcTime>),
    i64,
    List,
);

type Columns = (
    drills::id,
    drills::title,
    drills::state,
    drills::kind,
    (areas::name, areas::owner_team_id),
    (drills::starts_at, drills::begun_at),
    drills::planned_by,
    Listed,
);

/// What a [`Row`] is read from.
fn columns() -> Columns {
    // Who may read of a person matters only where there is something to hide.
    let of_absent = |column: &str, rows: &str| {
        format!(
            "CASE WHEN p.was_absent THEN COALESCE((SELECT string_agg(CAST({column} AS TEXT), ',') FROM {rows}), '') \
             ELSE '' END"
        )
    };
    let mentors = of_absent(
        "g.mentor_id",
        "pairings g JOIN ramps r ON r.id = g.ramp_id WHERE r.mentee_id = p.person_id AND r.area_id = drills.area_id",
    );
    let teams = of_absent("m.team_id", "memberships m WHERE m.person_id = p.person_id");
    let people = listed(
        &[
            "CAST(p.person_id AS TEXT)",
            "p.role",
            "CASE WHEN p.was_absent THEN '1' ELSE '' END",
            &mentors,
            &teams,
            &plain("x.name"),
        ],
        "drill_roles p JOIN people x ON x.id = p.person_id WHERE p.drill_id = drills.id",
    );
    (
        drills::id,
        drills::title,
        drills::state,
        drills::kind,
        (areas::name, areas::owner_team_id),
        (drills::starts_at, drills::begun_at),
        drills::planned_by,
        people,
    )
}

fn line(row: Row) -> Result<Line> {
    let (id, title, state, kind, (area, owner_team_id), (starts_at, begun_at), planned_by, people) =
        row;
    let mut people = entries(people, taker)?;
    people.sort_by_cached_key(|p| (p.role, text::sort_key(&p.name)));
    Ok(Line {
        id,
        title,
        state,
        kind,
        area,
        owner_team_id,
        begins_at: begun_at.unwrap_or(starts_at),
        planned_by,
        people,
    })
}

fn taker(parts: &[&str]) -> Option<Taker> {
    let [id, role, was_absent, mentors, teams, name] = parts else {
        return None;
    };
    let ids = |list: &str| -> Option<Vec<i64>> {
        let ids = list.split(',').filter(|id| !id.is_empty());
        ids.map(|id| id.parse().ok()).collect()
    };
    Some(Taker {
        role: Role::parse(role)?,
        name: (*name).to_owned(),
        was_absent: !was_absent.is_empty(),
        about: About {
            person_id: id.parse().ok()?,
            mentors: ids(mentors)?,
            teams: ids(teams)?,
        },
    })
}
