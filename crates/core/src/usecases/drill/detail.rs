//! Everything about a drill that a page shows or a decision needs, in a few statements.

use crate::domain::area::store::designated;
use crate::domain::people::store::teams_of;
use diesel::prelude::*;

use crate::db::Conn;
use crate::db::list::{List, Listed, entries, listed, row_id};
use crate::db::schema::{areas, drill_roles, drills, pairings, people, ramps, teams};
use crate::domain::area::model::Area;
use crate::domain::drill::Role;
use crate::domain::drill::model::{Drill, Line};
use crate::domain::drill::rules::{About, AreaRoles, Authority, may_read_of};
use crate::domain::drill::store;
use crate::domain::people::Actor;
use crate::error::{Error, Result};
use crate::text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub role: Role,
    pub name: String,
    pub handle: String,
    /// IANA name of their time zone.
    pub zone: String,
    /// Was planned and did not come, according to the debrief.
    pub was_absent: bool,
    /// Who they are, and who may read observations of them.
    pub about: About,
}

/// A drill with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct DrillDetail {
    pub drill: Drill,
    pub area: Area,
    pub roles: AreaRoles,
    /// In the order of roles, then by name.
    pub parts: Vec<Part>,
    /// In order.
    pub lines: Vec<Line>,
}

impl DrillDetail {
    pub fn load(c: &mut Conn, id: i64) -> Result<Self> {
        type Row = (Drill, Area, (List, List));
        let row: Option<Row> = drills::table
            .inner_join(areas::table.on(areas::id.eq(drills::area_id)))
            .inner_join(teams::table.on(teams::id.eq(areas::owner_team_id)))
            .filter(drills::id.eq(id))
            .select((
                Drill::as_select(),
                Area::as_select(),
                roles_of("drills.area_id"),
            ))
            .first(c)
            .optional()?;
        let (drill, area, lists) = row.ok_or(Error::NotFound("drill"))?;
        Ok(Self {
            roles: read_roles(area.owner_team_id, lists)?,
            parts: parts(c, &drill)?,
            lines: store::lines(c, id)?,
            drill,
            area,
        })
    }

    /// Locks the drill, then loads it: for use cases that write.
    pub fn lock(c: &mut Conn, id: i64) -> Result<Self> {
        store::lock(c, id)?;
        Self::load(c, id)
    }

    pub fn authority(&self, actor: &Actor) -> Authority {
        Authority {
            planned: actor.is(self.drill.planned_by),
            role: actor.id.and_then(|id| self.part(id)).map(|p| p.role),
            may_plan: self.roles.may_plan(actor),
            is_lead: actor.leads(self.area.owner_team_id),
        }
    }

    /// Whether someone may read the observations of a person who takes part, and whether they came.
    pub fn may_read_of(&self, part: &Part, actor: &Actor) -> bool {
        let (owners, runs) = (self.area.owner_team_id, self.authority(actor).may_run());
        may_read_of(&part.about, owners, runs, actor)
    }

    pub fn part(&self, person_id: i64) -> Option<&Part> {
        self.parts.iter().find(|p| p.about.person_id == person_id)
    }

    /// The primary first.
    pub fn players(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|p| p.role.plays())
    }

    /// Everyone with their role.
    pub fn cast(&self) -> impl Iterator<Item = (i64, Role)> {
        self.parts.iter().map(|p| (p.about.person_id, p.role))
    }

    /// For roles that one person has.
    pub fn first(&self, role: Role) -> Option<&Part> {
        self.parts.iter().find(|p| p.role == role)
    }

    /// Codes of the competencies that the expected observations show, in the order of the sheet, each once.
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        for code in self
            .lines
            .iter()
            .filter_map(|l| l.competency_code.as_deref())
        {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

/// The people with a role in an area; `area` is the SQL column that names it.
fn roles_of(area: &str) -> (Listed, Listed) {
    (
        designated(area),
        listed(
            &["CAST(g.mentor_id AS TEXT)"],
            &format!(
                "pairings g JOIN ramps r ON r.id = g.ramp_id WHERE r.area_id = {area} AND r.closed_at IS NULL \
                 AND g.until IS NULL"
            ),
        ),
    )
}

fn read_roles(owner_team_id: i64, (qualifiers, mentors): (List, List)) -> Result<AreaRoles> {
    Ok(AreaRoles {
        owner_team_id,
        qualifiers: entries(qualifiers, row_id)?,
        mentors: entries(mentors, row_id)?,
    })
}

/// Areas in which a person mentors an open ramp now.
pub fn mentored_areas(c: &mut Conn, person_id: i64) -> Result<Vec<i64>> {
    Ok(pairings::table
        .inner_join(ramps::table)
        .filter(
            pairings::mentor_id
                .eq(person_id)
                .and(pairings::until.is_null()),
        )
        .filter(ramps::closed_at.is_null())
        .select(ramps::area_id)
        .distinct()
        .load(c)?)
}

/// Areas in use, each with whether the actor may plan drills in it: tier 1 first, then by name.
pub fn areas(c: &mut Conn, actor: &Actor) -> Result<Vec<(Area, bool)>> {
    let me = actor.id.unwrap_or_default();
    let mentored = mentored_areas(c, me)?;
    let rows: Vec<(Area, List)> = areas::table
        .inner_join(teams::table)
        .filter(areas::archived_at.is_null())
        .select((Area::as_select(), designated("areas.id")))
        .load(c)?;
    let mut all = rows
        .into_iter()
        .map(|(area, qualifiers)| {
            let qualifiers = entries(qualifiers, row_id)?;
            let is_mentor = mentored.contains(&area.id);
            let roles = AreaRoles::of_one(me, area.owner_team_id, qualifiers, is_mentor);
            Ok((area, roles.may_plan(actor)))
        })
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_cached_key(|(a, _)| (a.tier, text::sort_key(&a.name), a.id));
    Ok(all)
}

/// The areas in use where the actor may plan drills, as [`areas`].
pub fn plannable(c: &mut Conn, actor: &Actor) -> Result<Vec<Area>> {
    let all = areas(c, actor)?.into_iter();
    Ok(all.filter(|(_, may)| *may).map(|(area, _)| area).collect())
}

fn parts(c: &mut Conn, drill: &Drill) -> Result<Vec<Part>> {
    let mentors = listed(
        &["CAST(g.mentor_id AS TEXT)"],
        "pairings g JOIN ramps r ON r.id = g.ramp_id JOIN drills d ON d.id = drill_roles.drill_id \
         WHERE r.mentee_id = drill_roles.person_id AND r.area_id = d.area_id",
    );
    let of_teams = teams_of("drill_roles.person_id");
    type Row = (i64, Role, bool, String, String, String, List, List);
    let rows: Vec<Row> = drill_roles::table
        .inner_join(people::table)
        .filter(drill_roles::drill_id.eq(drill.id))
        .select((
            drill_roles::person_id,
            drill_roles::role,
            drill_roles::was_absent,
            people::name,
            people::handle,
            people::time_zone,
            mentors,
            of_teams,
        ))
        .load(c)?;
    let mut parts = rows
        .into_iter()
        .map(
            |(person_id, role, was_absent, name, handle, zone, mentors, teams)| {
                Ok(Part {
                    role,
                    name,
                    handle,
                    zone,
                    was_absent,
                    about: About {
                        person_id,
                        mentors: entries(mentors, row_id)?,
                        teams: entries(teams, row_id)?,
                    },
                })
            },
        )
        .collect::<Result<Vec<_>>>()?;
    parts.sort_by_cached_key(|p| (p.role, text::sort_key(&p.name), p.about.person_id));
    Ok(parts)
}

/// The area of that slug with its roles, also when it is archived.
pub fn area(c: &mut Conn, slug: &str) -> Result<(Area, AreaRoles)> {
    let found: Option<(Area, (List, List))> = areas::table
        .inner_join(teams::table)
        .filter(areas::slug.eq(slug))
        .select((Area::as_select(), roles_of("areas.id")))
        .first(c)
        .optional()?;
    let (area, lists) = found.ok_or(Error::NotFound("area"))?;
    let roles = read_roles(area.owner_team_id, lists)?;
    Ok((area, roles))
}
