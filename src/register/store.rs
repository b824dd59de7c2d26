//! SQL of the register: what a page is about, in four statements, and no row that it does not need.

use diesel::dsl::sql;
use diesel::expression::{AsExpression, SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date};

use super::{Count, Rows, Scope};
use crate::area::store::{Area, Qualifier};
use crate::clearance::store::Clearance;
use crate::clearance::{ClearanceState, EXPIRING_DAYS};
use crate::db::Conn;
use crate::db::schema::{
    areas, clearances, memberships, pairings, people, qualifiers, ramps, signoffs, teams,
};
use crate::db::types::Day;
use crate::error::Result;
use crate::people::Actor;
use crate::people::store::{Membership, Person, Team};
use crate::ramp::store::{Pairing, Ramp};
use crate::signoff::store::Signoff;

/// People that a board without a team shows at most; a larger organisation is shown by team.
pub const CROWD: i64 = 300;

type Today = <Day as AsExpression<Date>>::Expression;
type Counted = SqlLiteral<BigInt, UncheckedBind<SqlLiteral<BigInt>, Today>>;

/// How many people an area has as cover: what [`crate::clearance::standing`] calls so, counted in an index alone.
fn cleared(today: Day) -> Counted {
    sql(
        "(SELECT count(*) FROM clearances WHERE clearances.area_id = areas.id \
         AND clearances.replaced_at IS NULL AND clearances.state = 'valid' \
         AND clearances.person_id NOT IN (SELECT people.id FROM people WHERE people.deactivated_at IS NOT NULL) \
         AND clearances.ends_on >= ",
    )
    .bind::<Date, _>(today)
    .sql(")")
}

/// How many people are on their way in an area: whose ramp [`super::Register::ramp_word`] calls ramping.
fn ramping(today: Day) -> Counted {
    sql(
        "(SELECT count(*) FROM ramps WHERE ramps.area_id = areas.id AND ramps.closed_at IS NULL \
         AND ramps.state = 'active' \
         AND ramps.mentee_id NOT IN (SELECT people.id FROM people WHERE people.deactivated_at IS NOT NULL) \
         AND ramps.starts_on <= ",
    )
    .bind::<Date, _>(today)
    .sql(")")
}

/// The order in which areas are shown; in Rust, because the two databases sort names differently.
fn in_order(area: &Area) -> (i32, String, i64) {
    (area.tier, area.name.to_lowercase(), area.id)
}

/// All teams by name, and whether there are more people than one board shows.
///
/// # Errors
/// A database fault.
pub fn teams(c: &mut Conn) -> Result<(Vec<Team>, bool)> {
    // Counts no further than it must, so that it costs the same in any organisation.
    let heads = sql::<BigInt>(
        "(SELECT count(*) FROM (SELECT id FROM people WHERE deactivated_at IS NULL LIMIT ",
    )
    .bind::<BigInt, _>(CROWD + 1)
    .sql(") AS some_people)");
    let rows: Vec<(Team, i64)> = teams::table.select((Team::as_select(), heads)).load(c)?;
    let is_large = rows.first().is_some_and(|(_, heads)| *heads > CROWD);
    let mut teams: Vec<Team> = rows.into_iter().map(|(team, _)| team).collect();
    teams.sort_by_cached_key(|t| (t.name.to_lowercase(), t.id));
    Ok((teams, is_large))
}

/// Every area that is not archived, with who is cleared and who ramps in it.
///
/// # Errors
/// A database fault.
pub fn covers(c: &mut Conn, today: Day) -> Result<Vec<(Area, Count)>> {
    let mut all: Vec<(Area, Count)> = areas::table
        .inner_join(teams::table)
        .filter(areas::archived_at.is_null())
        .select((
            Area::as_select(),
            (areas::id, cleared(today), ramping(today)),
        ))
        .load(c)?;
    all.sort_by_cached_key(|(area, _)| in_order(area));
    Ok(all)
}

/// What a scope is about, as the asker may need it. `others` are people whose names are asked for too.
///
/// # Errors
/// A database fault.
pub fn rows(
    c: &mut Conn,
    scope: &Scope<'_>,
    asker: &Actor,
    others: &[i64],
    today: Day,
) -> Result<Rows> {
    let (members, clearances) = match scope {
        Scope::Everybody | Scope::Team { .. } | Scope::People(_) => members(c, scope)?,
        Scope::Area(_) | Scope::Person(_) | Scope::Mine => {
            (Vec::new(), held(c, scope, asker, today)?)
        }
    };
    let mut rows = Rows {
        clearances,
        ..Rows::default()
    };
    open_ramps(c, scope, asker, &members, &mut rows)?;
    areas_of(c, scope, asker, today, &mut rows)?;
    let mut ids = members;
    ids.extend(asker.id);
    ids.extend(rows.clearances.iter().map(|held| held.person_id));
    ids.extend(rows.ramps.iter().map(|r| r.mentee_id));
    ids.extend(rows.pairings.iter().map(|p| p.mentor_id));
    ids.extend(rows.qualifiers.iter().map(|q| q.person_id));
    for signoff in &rows.signoffs {
        ids.push(signoff.requested_by);
        ids.extend(signoff.first_key_by);
    }
    ids.extend(others);
    ids.sort_unstable();
    ids.dedup();
    people_of(c, scope, ids, &mut rows)?;
    Ok(rows)
}

/// The people a scope lists, with the clearances they hold.
fn members(c: &mut Conn, scope: &Scope<'_>) -> Result<(Vec<i64>, Vec<Clearance>)> {
    let holds = clearances::person_id
        .eq(people::id)
        .and(clearances::replaced_at.is_null());
    let listed = people::table
        .left_join(clearances::table.on(holds))
        .filter(people::deactivated_at.is_null())
        .select((people::id, Option::<Clearance>::as_select()))
        .into_boxed();
    let listed = match scope {
        Scope::Team { id, .. } => {
            let members = memberships::table
                .filter(memberships::team_id.eq(*id))
                .select(memberships::person_id);
            listed.filter(people::id.eq_any(members))
        }
        Scope::People(ids) => listed.filter(people::id.eq_any(ids.to_vec())),
        Scope::Everybody | Scope::Area(_) | Scope::Person(_) | Scope::Mine => {
            let first = sql::<Bool>(
                "people.id IN (SELECT id FROM people WHERE deactivated_at IS NULL ORDER BY id LIMIT ",
            );
            listed.filter(first.bind::<BigInt, _>(CROWD).sql(")"))
        }
    };
    let rows: Vec<(i64, Option<Clearance>)> = listed.load(c)?;
    let ids = rows.iter().map(|(id, _)| *id).collect();
    let clearances = rows.into_iter().filter_map(|(_, held)| held).collect();
    Ok((ids, clearances))
}

/// The clearances of a scope that lists nobody: those that hold, and of one person all there ever were, the latest last.
fn held(c: &mut Conn, scope: &Scope<'_>, asker: &Actor, today: Day) -> Result<Vec<Clearance>> {
    let all = clearances::table
        .select(Clearance::as_select())
        .order(clearances::id)
        .into_boxed();
    let holds = clearances::replaced_at.is_null();
    let scoped = match scope {
        Scope::Area(slug) => {
            let area = areas::table.filter(areas::slug.eq(*slug)).select(areas::id);
            all.filter(holds.and(clearances::area_id.eq_any(area)))
        }
        Scope::Person(handle) => {
            let person = people::table
                .filter(people::handle.eq(*handle))
                .select(people::id);
            all.filter(clearances::person_id.eq_any(person))
        }
        Scope::Everybody | Scope::Team { .. } | Scope::People(_) | Scope::Mine => {
            // Of the areas somebody leads only what ends soon, has ended or was taken away: the rest asks nothing of them.
            let led = areas::table
                .filter(areas::owner_team_id.eq_any(asker.leads.clone()))
                .select(areas::id);
            let ending = clearances::ends_on
                .le(today.plus_days(EXPIRING_DAYS))
                .or(clearances::state.ne(ClearanceState::Valid))
                .and(clearances::area_id.eq_any(led));
            let mine = clearances::person_id.eq(asker.id.unwrap_or_default());
            all.filter(holds.and(mine.or(ending)))
        }
    };
    Ok(scoped.load(c)?)
}

/// Open ramps of the scope (of one person those long closed as well), with pairings and the sign-off that waits.
fn open_ramps(
    c: &mut Conn,
    scope: &Scope<'_>,
    asker: &Actor,
    members: &[i64],
    rows: &mut Rows,
) -> Result<()> {
    let waits = signoffs::ramp_id
        .eq(ramps::id)
        .and(signoffs::decided_at.is_null());
    let all = ramps::table
        .left_join(pairings::table)
        .left_join(signoffs::table.on(waits))
        .select((
            Ramp::as_select(),
            Option::<Pairing>::as_select(),
            Option::<Signoff>::as_select(),
        ))
        .order((ramps::id, pairings::role, pairings::since))
        .into_boxed();
    let is_open = ramps::closed_at.is_null();
    let paired = diesel::alias!(pairings as paired);
    let scoped = match scope {
        Scope::Everybody | Scope::Team { .. } | Scope::People(_) => {
            all.filter(is_open.and(ramps::mentee_id.eq_any(members.to_vec())))
        }
        Scope::Area(slug) => {
            let area = areas::table.filter(areas::slug.eq(*slug)).select(areas::id);
            all.filter(is_open.and(ramps::area_id.eq_any(area)))
        }
        Scope::Person(handle) => {
            let person = people::table
                .filter(people::handle.eq(*handle))
                .select(people::id);
            let mentored = paired
                .filter(paired.field(pairings::mentor_id).eq_any(person))
                .select(paired.field(pairings::ramp_id));
            all.filter(
                ramps::mentee_id
                    .eq_any(person)
                    .or(ramps::id.eq_any(mentored)),
            )
        }
        Scope::Mine => {
            let me = asker.id.unwrap_or_default();
            let lasts = paired.field(pairings::until).is_null();
            let mentored = paired
                .filter(paired.field(pairings::mentor_id).eq(me).and(lasts))
                .select(paired.field(pairings::ramp_id));
            let led_people = memberships::table
                .filter(memberships::team_id.eq_any(asker.leads.clone()))
                .select(memberships::person_id);
            let led_areas = areas::table
                .filter(areas::owner_team_id.eq_any(asker.leads.clone()))
                .select(areas::id);
            let signed_for = qualifiers::table
                .filter(
                    qualifiers::person_id
                        .eq(me)
                        .and(qualifiers::until.is_null()),
                )
                .select(qualifiers::area_id);
            let to_sign = signoffs::id
                .nullable()
                .is_not_null()
                .and(ramps::area_id.eq_any(signed_for));
            let concerns = ramps::mentee_id
                .eq(me)
                .or(ramps::id.eq_any(mentored))
                .or(ramps::mentee_id.eq_any(led_people))
                .or(ramps::area_id.eq_any(led_areas))
                .or(to_sign);
            all.filter(is_open.and(concerns))
        }
    };
    let found: Vec<(Ramp, Option<Pairing>, Option<Signoff>)> = scoped.load(c)?;
    for (ramp, pairing, signoff) in found {
        rows.pairings.extend(pairing);
        if rows.ramps.last().is_none_or(|last| last.id != ramp.id) {
            rows.signoffs.extend(signoff);
            rows.ramps.push(ramp);
        }
    }
    Ok(())
}

/// The areas of a scope with their cover, and for which of them the asker (or the person it is about) may sign; for an
/// area of its own everybody who may.
fn areas_of(
    c: &mut Conn,
    scope: &Scope<'_>,
    asker: &Actor,
    today: Day,
    rows: &mut Rows,
) -> Result<()> {
    let handle = match scope {
        Scope::Person(handle) => *handle,
        _ => asker.handle.as_str(),
    };
    let whose = people::table
        .filter(
            people::handle
                .eq(handle)
                .or(people::id.eq(asker.id.unwrap_or_default())),
        )
        .select(people::id);
    let is_asked = matches!(scope, Scope::Area(_))
        .into_sql::<Bool>()
        .or(qualifiers::person_id.eq_any(whose));
    let signs = qualifiers::area_id
        .eq(areas::id)
        .and(qualifiers::until.is_null())
        .and(is_asked);
    let all = areas::table
        .inner_join(teams::table)
        .left_join(qualifiers::table.on(signs))
        .select((
            Area::as_select(),
            (areas::id, cleared(today), ramping(today)),
            Option::<Qualifier>::as_select(),
        ))
        .into_boxed();
    let touched: Vec<i64> = rows
        .clearances
        .iter()
        .map(|held| held.area_id)
        .chain(rows.ramps.iter().map(|r| r.area_id))
        .collect();
    let is_kept = areas::archived_at.is_null();
    let scoped = match scope {
        Scope::Everybody
        | Scope::Team {
            is_large: false, ..
        } => all.filter(is_kept),
        Scope::Team { id, .. } => {
            let of_team = areas::owner_team_id.eq(*id).or(areas::id.eq_any(touched));
            all.filter(is_kept.and(of_team))
        }
        Scope::People(_) => all.filter(is_kept.and(areas::id.eq_any(touched))),
        Scope::Area(slug) => all.filter(areas::slug.eq(*slug)),
        Scope::Person(_) => all.filter(
            areas::id
                .eq_any(touched)
                .or(qualifiers::id.nullable().is_not_null()),
        ),
        Scope::Mine => {
            let led = areas::owner_team_id
                .eq_any(asker.leads.clone())
                .and(is_kept);
            // One area more, whichever: without any the installation is new, and home says how to begin.
            let any = sql::<Bool>("areas.id = (SELECT min(id) FROM areas)");
            let answers_for = qualifiers::id.nullable().is_not_null().and(is_kept);
            all.filter(led.or(areas::id.eq_any(touched)).or(answers_for).or(any))
        }
    };
    let found: Vec<(Area, Count, Option<Qualifier>)> = scoped.load(c)?;
    for (area, count, qualifier) in found {
        rows.qualifiers.extend(qualifier);
        if rows.areas.iter().all(|known| known.id != area.id) {
            rows.areas.push(area);
            rows.counts.push(count);
        }
    }
    rows.areas.sort_by_cached_key(in_order);
    Ok(())
}

/// Those people, with their teams.
fn people_of(c: &mut Conn, scope: &Scope<'_>, ids: Vec<i64>, rows: &mut Rows) -> Result<()> {
    let all = people::table
        .left_join(memberships::table.inner_join(teams::table))
        .select((
            Person::as_select(),
            Option::<(Membership, Team)>::as_select(),
        ))
        .order(people::id)
        .into_boxed();
    let known = people::id.eq_any(ids);
    let scoped = if let Scope::Person(handle) = scope {
        all.filter(known.or(people::handle.eq(*handle)))
    } else {
        all.filter(known)
    };
    let found: Vec<(Person, Option<(Membership, Team)>)> = scoped.load(c)?;
    for (person, place) in found {
        if rows.people.last().is_none_or(|last| last.id != person.id) {
            rows.people.push(person);
        }
        if let Some((membership, team)) = place {
            rows.memberships.push(membership);
            if rows.teams.iter().all(|known| known.id != team.id) {
                rows.teams.push(team);
            }
        }
    }
    rows.teams
        .sort_by_cached_key(|t| (t.name.to_lowercase(), t.id));
    Ok(())
}
