//! SQL of reading clubs, and of who has discussed a post-mortem.

use crate::domain::clearance::store::covering;
use crate::domain::people::store::teams_of;
use crate::domain::ramp::store::pairs::MENTORED;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{ClubState, Leadership};
use crate::db::fixed::{Fixed, fixed, varying};
use crate::db::list::{List, entries, listed, row_id};
use crate::db::locks;
use crate::db::locks::Order;
use crate::db::schema::{areas, club_people, clubs, people, postmortems, ramps};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, ForUpdate, id_in};
use crate::domain::people::Actor;
use crate::domain::postmortem::Postmortem;
use crate::domain::postmortem::reading::Concerned;
use crate::domain::postmortem::store::discussed::{Whose, discussed};
use crate::domain::ramp::{Parties, RampState};
use crate::error::{Error, Result};

/// Most clubs in a list.
const SHOWN: i64 = 10;
/// Most mentees that a page names.
const NAMED: i64 = 100;

#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = clubs)]
pub struct Club {
    pub id: i64,
    pub postmortem_id: i64,
    pub state: ClubState,
    /// Start, planned or real.
    pub starts_at: UtcTime,
    /// Length, planned or real.
    pub minutes: i32,
    pub led_by: i64,
    /// What to bring; also why it was cancelled.
    pub note: String,
    pub closed_by: Option<i64>,
    pub closed_at: Option<UtcTime>,
}

/// A person in a club.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub person_id: i64,
    pub name: String,
    pub handle: String,
    /// Whether they were there; unknown until it was held.
    pub was_there: Option<bool>,
    /// Who may see whether they were there.
    pub concerned: Concerned,
}

pub fn by_id(c: &mut Conn, id: i64) -> Result<Club> {
    clubs::table
        .find(id)
        .select(Club::as_select())
        .first(c)
        .optional()?
        .ok_or(Error::NotFound("reading club"))
}

/// The same, locked until the transaction ends.
pub fn lock(c: &mut Conn, id: i64) -> Result<Club> {
    locks::take(Order::Club, id);
    ForUpdate(
        clubs::table
            .filter(clubs::id.eq(id))
            .select(Club::as_select()),
    )
    .get_result(c)
    .optional()?
    .ok_or(Error::NotFound("reading club"))
}

/// Everyone in a club, by name.
pub fn members(c: &mut Conn, id: i64) -> Result<Vec<Member>> {
    let mentors = listed(
        &["CAST(g.mentor_id AS TEXT)"],
        &format!("{MENTORED} WHERE o.mentee_id = people.id"),
    );
    let of_teams = teams_of("people.id");
    type Row = (i64, String, String, Option<bool>, List, List);
    let rows: Vec<Row> = club_people::table
        .inner_join(people::table.on(people::id.eq(club_people::person_id)))
        .filter(club_people::club_id.eq(id))
        .order((people::sort_key, people::id))
        .select((
            people::id,
            people::name,
            people::handle,
            club_people::was_there,
            mentors,
            of_teams,
        ))
        .load(c)?;
    rows.into_iter()
        .map(|(person_id, name, handle, was_there, mentors, teams)| {
            Ok(Member {
                person_id,
                name,
                handle,
                was_there,
                concerned: Concerned {
                    reader: person_id,
                    mentors: entries(mentors, row_id)?,
                    teams: entries(teams, row_id)?,
                },
            })
        })
        .collect()
}

#[derive(Debug, Clone, Copy)]
pub struct NewClub<'a> {
    pub postmortem_id: i64,
    pub starts_at: UtcTime,
    /// Planned length.
    pub minutes: i32,
    /// Who leads and plans it.
    pub led_by: i64,
    pub note: &'a str,
    /// When the plan is made.
    pub at: UtcTime,
}

/// Plans a club with those people; returns its row.
pub fn insert(c: &mut Conn, new: NewClub<'_>, with: impl Iterator<Item = i64>) -> Result<i64> {
    let id: i64 = diesel::insert_into(clubs::table)
        .values((
            clubs::postmortem_id.eq(new.postmortem_id),
            clubs::state.eq(ClubState::Planned),
            clubs::starts_at.eq(new.starts_at),
            clubs::minutes.eq(new.minutes),
            clubs::led_by.eq(new.led_by),
            clubs::note.eq(new.note),
            clubs::planned_by.eq(new.led_by),
            clubs::planned_at.eq(new.at),
        ))
        .returning(clubs::id)
        .get_result(c)?;
    for person in with {
        join(c, id, person, None)?;
    }
    Ok(id)
}

/// Adds a person to a club.
pub fn join(c: &mut Conn, id: i64, person_id: i64, was_there: Option<bool>) -> Result<()> {
    diesel::insert_into(club_people::table)
        .values((
            club_people::club_id.eq(id),
            club_people::person_id.eq(person_id),
            club_people::was_there.eq(was_there),
        ))
        .execute(c)?;
    Ok(())
}

/// Stores which of the planned people were there.
pub fn tick(c: &mut Conn, id: i64, person_id: i64, was_there: bool) -> Result<()> {
    diesel::update(club_people::table.find((id, person_id)))
        .set(club_people::was_there.eq(was_there))
        .execute(c)?;
    Ok(())
}

/// Ends a planned club; false when it is no longer planned.
pub fn close(
    c: &mut Conn,
    id: i64,
    (state, note): (ClubState, &str),
    by: i64,
    at: UtcTime,
) -> Result<bool> {
    let planned = clubs::table.filter(clubs::id.eq(id).and(clubs::state.eq(ClubState::Planned)));
    let closed = diesel::update(planned)
        .set((
            clubs::state.eq(state),
            clubs::note.eq(note),
            clubs::closed_by.eq(by),
            clubs::closed_at.eq(at),
        ))
        .execute(c)?;
    Ok(closed == 1)
}

/// A club as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Listing {
    pub id: i64,
    /// Title of its post-mortem.
    pub title: String,
    pub state: ClubState,
    /// Start, planned or real.
    pub starts_at: UtcTime,
    pub leader: String,
}

fn leader() -> Fixed<Text> {
    fixed("(SELECT p.name FROM people p WHERE p.id = clubs.led_by)")
}

/// The clubs on a post-mortem, the latest first, without cancelled ones.
pub fn on(c: &mut Conn, postmortem_id: i64) -> Result<Vec<Listing>> {
    Ok(clubs::table
        .inner_join(postmortems::table)
        .filter(
            clubs::postmortem_id
                .eq(postmortem_id)
                .and(clubs::state.ne(ClubState::Cancelled)),
        )
        .order((clubs::starts_at.desc(), clubs::id.desc()))
        .limit(SHOWN)
        .select((
            clubs::id,
            postmortems::title,
            clubs::state,
            clubs::starts_at,
            leader(),
        ))
        .load(c)?)
}

/// A person's planned clubs, the next one first, with their own that wait to be closed.
pub fn of_person(c: &mut Conn, person_id: i64) -> Result<Vec<Listing>> {
    let mine = club_people::table
        .filter(club_people::person_id.eq(person_id))
        .select(club_people::club_id);
    Ok(clubs::table
        .inner_join(postmortems::table)
        .filter(
            clubs::state
                .eq(ClubState::Planned)
                .and(clubs::id.eq_any(mine)),
        )
        .order((clubs::starts_at, clubs::id))
        .limit(SHOWN)
        .select((
            clubs::id,
            postmortems::title,
            clubs::state,
            clubs::starts_at,
            leader(),
        ))
        .load(c)?)
}

/// A person's relation to a post-mortem: whether they may lead a club on it, and whether they have discussed it.
pub fn part_of(
    c: &mut Conn,
    postmortem: &Postmortem,
    actor: &Actor,
    today: Day,
) -> Result<(Leadership, bool)> {
    let me = actor.id.unwrap_or_default();
    let of = "(SELECT j.area_id FROM postmortem_areas j WHERE j.postmortem_id = postmortems.id)";
    let cleared = varying::<Bool>(format!(
        "EXISTS (SELECT 1 FROM clearances e WHERE e.person_id = {me} AND e.area_id IN {of} AND {} \
         AND e.holds_until >= ",
        covering("e")
    ))
    .on(today, ")");
    let mentors = varying::<Bool>(format!(
        "EXISTS (SELECT 1 FROM {MENTORED} WHERE g.mentor_id = {me} AND o.area_id IN {of})"
    ));
    let has_discussed =
        varying::<Bool>(discussed(Whose::Person(&me.to_string()), "postmortems.id"));
    let (is_cleared, mentors, discussed): (bool, bool, bool) = postmortems::table
        .find(postmortem.id)
        .select((cleared, mentors, has_discussed))
        .first(c)?;
    let leadership = Leadership {
        is_cleared,
        mentors,
        leads: postmortem.access().is_lead(actor),
    };
    Ok((leadership, discussed))
}

/// A person on an open ramp in an area of a post-mortem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ramping {
    pub ramp_id: i64,
    pub person_id: i64,
    pub name: String,
    pub state: RampState,
    /// Whether they have discussed it so that it counts for the ramp.
    pub has_discussed: bool,
    pub parties: Parties,
}

/// Everyone on an open ramp in its areas, by name.
pub fn ramping(c: &mut Conn, postmortem: &Postmortem) -> Result<Vec<Ramping>> {
    type Row = (i64, i64, String, RampState, i64, List, List, List, bool);
    let area_ids: Vec<i64> = postmortem.areas.iter().map(|a| a.id).collect();
    if area_ids.is_empty() {
        return Ok(Vec::new());
    }
    let discussed = discussed(Whose::Ramp("ramps"), &postmortem.id.to_string());
    let rows: Vec<Row> = ramps::table
        .inner_join(people::table.on(people::id.eq(ramps::mentee_id)))
        .inner_join(areas::table.on(areas::id.eq(ramps::area_id)))
        .filter(
            id_in(ramps::area_id, &area_ids)
                .and(ramps::closed_at.is_null())
                .and(ramps::state.ne(RampState::Proposed))
                .and(people::deactivated_at.is_null()),
        )
        .order((people::sort_key, ramps::id))
        .limit(NAMED)
        .select((
            ramps::id,
            ramps::mentee_id,
            people::name,
            ramps::state,
            areas::id,
            listed(
                &["CAST(g.mentor_id AS TEXT)"],
                "pairings g WHERE g.ramp_id = ramps.id AND g.until IS NULL",
            ),
            listed(
                &["CAST(g.mentor_id AS TEXT)"],
                "pairings g WHERE g.ramp_id = ramps.id",
            ),
            teams_of("ramps.mentee_id"),
            varying::<Bool>(discussed),
        ))
        .load(c)?;
    rows.into_iter()
        .map(
            |(
                ramp_id,
                mentee_id,
                name,
                state,
                area_id,
                mentors,
                mentors_ever,
                teams,
                has_discussed,
            )| {
                let area = postmortem.areas.iter().find(|a| a.id == area_id);
                Ok(Ramping {
                    ramp_id,
                    person_id: mentee_id,
                    name,
                    state,
                    has_discussed,
                    parties: Parties {
                        mentee_id,
                        mentors: entries(mentors, row_id)?,
                        mentors_ever: entries(mentors_ever, row_id)?,
                        mentored_before: Vec::new(),
                        mentee_teams: entries(teams, row_id)?,
                        owner_team_id: area.map_or(0, |a| a.owner_team_id),
                        qualifiers: area.map(|a| a.qualifiers.clone()).unwrap_or_default(),
                    },
                })
            },
        )
        .collect()
}
