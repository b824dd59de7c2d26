//! What a wallboard shows: cover and clearances, which are open to everybody, and nothing else.

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::fixed::fixed;
use crate::db::schema::{clearances, people};
use crate::db::types::{Day, UtcTime};
use crate::db::{Conn, id_in};
use crate::domain::area::model::Area;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::store::covering;
use crate::domain::clearance::{EXPIRING_DAYS, Standing, standing};
use crate::domain::screen;
use crate::error::Result;
use crate::text;
use crate::usecases::register::AreaCover;
use crate::usecases::register::cover::covers;

/// People named of the areas on the screen, at most.
const PEOPLE: i64 = 300;
/// Clearances that end soon, at most.
const ENDING: i64 = 6;

/// Somebody who is cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub name: String,
    pub held: Clearance,
    pub ends_soon: bool,
}

/// An area on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub name: String,
    pub cover: AreaCover,
    /// Who is cleared, by name.
    pub holders: Vec<Holder>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    /// The areas whose turn it is, the least to spare first.
    pub tiles: Vec<Tile>,
    /// Which part of the areas they are, from 0, and how many parts there are.
    pub turn: (usize, usize),
    /// Of all areas, the soonest first, each with the name of its area.
    pub ending: Vec<(String, Holder)>,
}

impl Wall {
    /// The areas that a team owns, or all of them: three queries, whatever the rows.
    pub fn load(c: &mut Conn, team_id: Option<i64>, now: UtcTime) -> Result<Self> {
        let today = now.day();
        let mut areas: Vec<(Area, AreaCover)> = covers(c, today)?
            .into_iter()
            .filter(|(area, _)| team_id.is_none_or(|id| area.owner_team_id == id))
            .map(|(area, count)| {
                let cover = AreaCover::of(&area, count);
                (area, cover)
            })
            .collect();
        // They come by tier and name, and this sort is stable.
        areas.sort_by_key(|(_, cover)| cover.cleared - cover.minimum);
        let all: Vec<i64> = areas.iter().map(|(area, _)| area.id).collect();
        let ending = ending(c, &areas, &all, today)?;
        let (part, parts) = screen::turn(areas.len(), now);
        let shown: Vec<_> = areas
            .into_iter()
            .skip(part * screen::AREAS)
            .take(screen::AREAS)
            .collect();
        let ids: Vec<i64> = shown.iter().map(|(area, _)| area.id).collect();
        let mut holders = holders(c, &ids, (today, Day::NEVER), PEOPLE)?;
        holders.sort_by_cached_key(|holder| text::sort_key(&holder.name));
        let tiles = shown.into_iter().map(|(area, cover)| {
            let here = holders.iter().filter(|h| h.held.area_id == area.id);
            Tile {
                cover,
                holders: here.cloned().collect(),
                name: area.name,
            }
        });
        Ok(Self {
            tiles: tiles.collect(),
            turn: (part, parts),
            ending,
        })
    }
}

fn ending(
    c: &mut Conn,
    areas: &[(Area, AreaCover)],
    ids: &[i64],
    today: Day,
) -> Result<Vec<(String, Holder)>> {
    let soon = (today, today.plus_days(EXPIRING_DAYS));
    let name = |id: i64| {
        let area = areas.iter().find(|(area, _)| area.id == id);
        area.map_or_else(String::new, |(area, _)| area.name.clone())
    };
    let found = holders(c, ids, soon, ENDING)?;
    Ok(found
        .into_iter()
        .map(|holder| (name(holder.held.area_id), holder))
        .collect())
}

/// Who is cleared in these areas today, and until a day between those two; the first to end first.
fn holders(
    c: &mut Conn,
    area_ids: &[i64],
    (today, latest): (Day, Day),
    most: i64,
) -> Result<Vec<Holder>> {
    let rows: Vec<(Clearance, String)> = clearances::table
        .inner_join(people::table.on(people::id.eq(clearances::person_id)))
        .filter(id_in(clearances::area_id, area_ids))
        .filter(fixed::<Bool>(covering("clearances")))
        .filter(clearances::holds_until.ge(today))
        .filter(clearances::holds_until.le(latest))
        .filter(people::deactivated_at.is_null())
        .order((clearances::holds_until, clearances::id))
        .limit(most)
        .select((Clearance::as_select(), people::name))
        .load(c)?;
    let holder = |(held, name): (Clearance, String)| Holder {
        ends_soon: standing(Some(&held), today) == Standing::Expiring,
        name,
        held,
    };
    Ok(rows.into_iter().map(holder).collect())
}
