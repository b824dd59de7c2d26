//! SQL of the register: the data of a page, in four statements, and no row that the page does not need.

pub mod ramps;

use crate::domain::area;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer};

use super::cover::{Reach, cleared, in_order, ramping};
use super::interim::unsupervised;
use super::{Count, Rows, Scope};
use crate::db::fixed::fixed;
use crate::db::list::{List, entries, row_id};
use crate::db::schema::{areas, clearances, memberships, people, qualifiers, standards, teams};
use crate::db::types::Day;
use crate::db::{Conn, found_by, id_in};
use crate::domain::area::model::Area;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, ClearanceState, EXPIRING_DAYS};
use crate::domain::people::Actor;
use crate::domain::people::model::{Membership, Person, Team};
use crate::domain::people::store::{by_name, is_here};
use crate::domain::standard;
use crate::error::Result;
use crate::usecases::clearance::delta;

/// Most people on a board without a team; a larger organisation is shown by team.
pub const BOARD_LIMIT: i64 = 300;

/// Most ramps, endings and second keys that home shows, of each.
pub const HOME_LIMIT: u8 = 30;

/// Loads a scope for the actor. `others` are rows of more people to name.
pub fn rows(
    c: &mut Conn,
    scope: &Scope<'_>,
    actor: &Actor,
    others: &[i64],
    today: Day,
) -> Result<Rows> {
    let mut rows = Rows::default();
    let mut members = Vec::new();
    match scope {
        Scope::Everyone | Scope::Team { .. } | Scope::People(_) => {
            for (id, held, is_unsupervised, due) in listed(c, scope, today)? {
                if members.last() != Some(&id) {
                    members.push(id);
                }
                if let Some(held) = held {
                    note(&mut rows, &held, is_unsupervised, due);
                    rows.clearances.push(held);
                }
            }
        }
        Scope::Area { .. } | Scope::Person(_) | Scope::Mine { .. } => {
            for (held, conditions, is_unsupervised, due) in held(c, scope, actor, today)? {
                note(&mut rows, &held, is_unsupervised, due);
                if conditions > 0 {
                    rows.conditions.insert(held.id, conditions);
                }
                rows.clearances.push(held);
            }
        }
    }
    crate::usecases::register::store::ramps::open_ramps(
        c,
        (scope, actor, today),
        &members,
        &mut rows,
    )?;
    areas_of(c, scope, actor, today, &mut rows)?;
    let mut ids = members;
    ids.extend(actor.id);
    ids.extend(rows.clearances.iter().map(|held| held.person_id));
    ids.extend(rows.clearances.iter().filter_map(|held| held.supervisor_id));
    ids.extend(rows.ramps.iter().map(|r| r.mentee_id));
    ids.extend(rows.pairings.iter().map(|p| p.mentor_id));
    if matches!(scope, Scope::Area { .. }) {
        ids.extend(rows.qualifiers.iter().map(|(_, person)| person));
    }
    for signoff in &rows.signoffs {
        ids.push(signoff.requested_by);
        ids.extend(signoff.first_key_by);
    }
    ids.extend(others);
    ids.sort_unstable();
    ids.dedup();
    people_of(c, scope, ids, &mut rows)?;
    if !matches!(scope, Scope::Area { .. }) {
        let handle = asked_handle(scope, actor);
        let asked = rows.people.iter().filter(|p| p.handle == handle);
        let asked: Vec<i64> = asked.map(|p| p.id).chain(actor.id).collect();
        rows.qualifiers.retain(|(_, person)| asked.contains(person));
    }
    Ok(rows)
}

/// When a delta review is due, if there is one.
type Due = Option<Day>;

/// A person, one of their clearances, whether its supervisor is missing, and when a delta review is due.
type Listed = (i64, Option<Clearance>, bool, Due);

/// What belongs to a clearance.
fn note(rows: &mut Rows, held: &Clearance, is_unsupervised: bool, due: Due) {
    rows.deltas.extend(due.map(|due| (held.id, due)));
    if is_unsupervised {
        rows.unsupervised.insert(held.id);
    }
}

/// The people a scope lists, with their valid clearances, whether a supervisor is missing, and when a delta review is
/// due.
fn listed(c: &mut Conn, scope: &Scope<'_>, today: Day) -> Result<Vec<Listed>> {
    let holds = clearances::person_id
        .eq(people::id)
        .and(clearances::replaced_at.is_null());
    let listed = people::table
        .left_join(clearances::table.on(holds))
        .filter(is_here("people.id"))
        .select((
            people::id,
            Option::<Clearance>::as_select(),
            unsupervised(today),
            delta::due(),
        ))
        .into_boxed();
    let listed = match scope {
        Scope::Team { id, .. } => {
            let members = memberships::table
                .filter(memberships::team_id.eq(*id))
                .select(memberships::person_id);
            listed.filter(people::id.eq_any(members))
        }
        Scope::People(ids) => listed.filter(id_in(people::id, ids)),
        Scope::Everyone | Scope::Area { .. } | Scope::Person(_) | Scope::Mine { .. } => {
            let first = fixed::<Bool>(format!(
                "people.id IN (SELECT id FROM people WHERE deactivated_at IS NULL ORDER BY id LIMIT {BOARD_LIMIT})"
            ));
            listed.filter(first)
        }
    };
    Ok(listed.load(c)?)
}

/// The clearances of a scope that lists no people: the valid ones, and all of a person, the latest last. Each has the
/// open conditions of its sign-off, and whether its supervisor is missing.
fn held(
    c: &mut Conn,
    scope: &Scope<'_>,
    actor: &Actor,
    today: Day,
) -> Result<Vec<(Clearance, i64, bool, Due)>> {
    let conditions = fixed::<BigInt>(
        "(SELECT count(*) FROM signoff_points WHERE signoff_points.signoff_id = clearances.signoff_id \
         AND signoff_points.kind = 'condition' AND signoff_points.closed_at IS NULL)",
    );
    let all = clearances::table
        .select((
            Clearance::as_select(),
            conditions,
            unsupervised(today),
            delta::due(),
        ))
        .order(clearances::id)
        .into_boxed();
    let holds = clearances::replaced_at.is_null();
    let scoped = match scope {
        Scope::Area { slug, people } => {
            let area = areas::table.filter(areas::slug.eq(*slug)).select(areas::id);
            let here = all.filter(holds.and(clearances::area_id.eq_any(area)));
            match people {
                Some(ids) => here.filter(id_in(clearances::person_id, ids)),
                None => here,
            }
        }
        Scope::Person(handle) => {
            let person = people::table
                .filter(people::handle.eq(*handle))
                .select(people::id);
            all.filter(clearances::person_id.eq_any(person))
        }
        Scope::Everyone | Scope::Team { .. } | Scope::People(_) | Scope::Mine { .. } => {
            let most = match scope {
                Scope::Mine { most } => *most,
                _ => HOME_LIMIT.into(),
            };
            // Of the areas someone leads: only clearances that end soon, have ended, were suspended or revoked, or are
            // interim. The rest needs no action, and an ended interim clearance does not either.
            let led = areas::table
                .filter(id_in(areas::owner_team_id, &actor.leads).and(areas::archived_at.is_null()))
                .select(areas::id);
            let ending = diesel::alias!(clearances as ending);
            let is_ending = ending
                .field(clearances::holds_until)
                .le(today.plus_days(EXPIRING_DAYS))
                .or(ending.field(clearances::state).ne(ClearanceState::Valid))
                .or(ending.field(clearances::kind).eq(ClearanceKind::Interim));
            let is_full = ending.field(clearances::kind).eq(ClearanceKind::Full);
            let asks = is_full.or(ending.field(clearances::holds_until).ge(today));
            // Suspended, revoked and interim first, then the next to end; those that lapsed long ago last.
            let rank = fixed::<Integer>("CASE WHEN ending.holds_until < ").on(
                today,
                " THEN 2 WHEN ending.state <> 'valid' OR ending.kind = 'interim' THEN 0 ELSE 1 END",
            );
            let first = ending
                .filter(ending.field(clearances::replaced_at).is_null())
                .filter(ending.field(clearances::area_id).eq_any(led).and(is_ending))
                .filter(asks)
                .filter(is_here("ending.person_id"))
                .order((
                    rank,
                    ending.field(clearances::holds_until),
                    ending.field(clearances::id),
                ))
                .limit(most)
                .select(ending.field(clearances::id));
            let mine = clearances::person_id.eq(actor.id.unwrap_or_default());
            all.filter(holds.and(mine.or(found_by(clearances::id, first))))
        }
    };
    Ok(scoped.load(c)?)
}

/// Whose designations are asked for, besides those of the actor.
fn asked_handle<'a>(scope: &Scope<'a>, actor: &'a Actor) -> &'a str {
    match scope {
        Scope::Person(handle) => handle,
        _ => &actor.handle,
    }
}

/// The areas of a scope with their cover and everyone designated to sign.
fn areas_of(
    c: &mut Conn,
    scope: &Scope<'_>,
    actor: &Actor,
    today: Day,
    rows: &mut Rows,
) -> Result<()> {
    let asked_people = people::table
        .filter(
            people::handle
                .eq(asked_handle(scope, actor))
                .or(people::id.eq(actor.id.unwrap_or_default())),
        )
        .select(people::id);
    let signed_for = qualifiers::table
        .filter(area::store::is_designated().and(qualifiers::person_id.eq_any(asked_people)))
        .select(qualifiers::area_id);
    let reach = match scope {
        Scope::Everyone | Scope::Team { .. } | Scope::Mine { .. } => Reach::Limited,
        Scope::Area { .. } => Reach::All,
        Scope::People(_) | Scope::Person(_) => Reach::Nobody,
    };
    // A caller with the scope of an area or a list of people has the versions already, or does not show the share of a
    // ramp.
    let mut pinned: Vec<i64> = match scope {
        Scope::Area { .. } | Scope::People(_) => Vec::new(),
        Scope::Everyone | Scope::Team { .. } | Scope::Person(_) | Scope::Mine { .. } => {
            let open = rows.ramps.iter().filter(|r| r.closed_at.is_none());
            open.map(|r| r.standard_id).collect()
        }
    };
    pinned.sort_unstable();
    pinned.dedup();
    let asked_for = standards::area_id
        .eq(areas::id)
        .and(id_in(standards::id, &pinned));
    let all = areas::table
        .inner_join(teams::table)
        .left_join(standards::table.on(asked_for))
        .select((
            Area::as_select(),
            (areas::id, cleared(today, reach), ramping(today, reach)),
            // A list, not a row each: people would be counted again for each of them.
            area::store::designated("areas.id"),
            Option::<standard::store::Row>::as_select(),
        ))
        .into_boxed();
    let area_ids: Vec<i64> = rows
        .clearances
        .iter()
        .map(|held| held.area_id)
        .chain(rows.ramps.iter().map(|r| r.area_id))
        .collect();
    let is_in_use = areas::archived_at.is_null();
    let scoped = match scope {
        Scope::Everyone
        | Scope::Team {
            is_large: false, ..
        } => all.filter(is_in_use),
        Scope::Team { id, .. } => {
            let of_team = areas::owner_team_id.eq(*id).or(id_in(areas::id, &area_ids));
            all.filter(is_in_use.and(of_team))
        }
        Scope::People(_) => all.filter(is_in_use.and(id_in(areas::id, &area_ids))),
        Scope::Area { slug, .. } => all.filter(areas::slug.eq(*slug)),
        Scope::Person(_) => {
            all.filter(id_in(areas::id, &area_ids).or(areas::id.eq_any(signed_for)))
        }
        Scope::Mine { .. } => {
            let led = id_in(areas::owner_team_id, &actor.leads).and(is_in_use);
            // One more area, any: without an area the installation is new, and home shows how to begin.
            let any = fixed::<Bool>("areas.id = (SELECT min(id) FROM areas)");
            let answers_for = areas::id.eq_any(signed_for).and(is_in_use);
            all.filter(led.or(id_in(areas::id, &area_ids)).or(answers_for).or(any))
        }
    };
    type Found = (Area, Count, List, Option<standard::store::Row>);
    let found: Vec<Found> = scoped.load(c)?;
    for (area, count, designated, version) in found {
        let is_new = |v: &standard::store::Row| rows.standards.iter().all(|known| known.id != v.id);
        if let Some(version) = version.filter(is_new) {
            rows.standards.push(version.read()?);
        }
        if rows.areas.iter().all(|known| known.id != area.id) {
            let designated = entries(designated, row_id)?;
            let of_area = designated.into_iter().map(|person| (area.id, person));
            rows.qualifiers.extend(of_area);
            rows.areas.push(area);
            rows.counts.push(count);
        }
    }
    rows.areas.sort_by_cached_key(in_order);
    Ok(())
}

fn people_of(c: &mut Conn, scope: &Scope<'_>, ids: Vec<i64>, rows: &mut Rows) -> Result<()> {
    // One join after the other: a nested join reads every member of every team.
    let all = people::table
        .left_join(memberships::table)
        .left_join(teams::table.on(teams::id.eq(memberships::team_id)))
        .select((
            Person::as_select(),
            Option::<Membership>::as_select(),
            Option::<Team>::as_select(),
        ))
        .order(people::id)
        .into_boxed();
    let known = id_in(people::id, &ids);
    let scoped = if let Scope::Person(handle) = scope {
        all.filter(known.or(people::handle.eq(*handle)))
    } else {
        all.filter(known)
    };
    let found: Vec<(Person, Option<Membership>, Option<Team>)> = scoped.load(c)?;
    for (person, membership, team) in found {
        if rows.people.last().is_none_or(|last| last.id != person.id) {
            rows.people.push(person);
        }
        rows.memberships.extend(membership);
        let is_new = |team: &Team| rows.teams.iter().all(|known| known.id != team.id);
        if let Some(team) = team.filter(is_new) {
            rows.teams.push(team);
        }
    }
    rows.teams = by_name(std::mem::take(&mut rows.teams));
    Ok(())
}
