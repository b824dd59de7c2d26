//! What someone leaves behind. The page and the command line ask before they mark someone as left.

use std::collections::HashMap;

use super::{AreaCover, Count, Register, Scope, cover, keys};
use crate::db::Conn;
use crate::db::types::Day;
use crate::domain::area::Cover;
use crate::domain::area::model::Area;
use crate::domain::people::{Actor, admin};
use crate::error::Result;

/// An area that loses one of its cleared people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    pub slug: String,
    pub name: String,
    /// Cover now.
    pub before: AreaCover,
    /// Cover afterwards.
    pub after: AreaCover,
}

impl Loss {
    /// Whether the area has enough people now, and would not afterwards.
    pub fn falls_short(&self) -> bool {
        !matches!(self.before.cover, Cover::ShortBy(_)) && self.is_short()
    }

    /// Whether the area would have too few people.
    pub fn is_short(&self) -> bool {
        matches!(self.after.cover, Cover::ShortBy(_))
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Areas they are cleared in.
    pub areas: Vec<Loss>,
    /// Ramps they are the only mentor of: row, mentee and area.
    pub unmentored: Vec<(i64, String)>,
    /// Their own open ramps: row and area. These stay open and are hidden until the person is back.
    pub ramps: Vec<(i64, String)>,
    /// Sign-offs that wait for them now: row, mentee and area.
    pub signoffs: Vec<(i64, String)>,
    /// Areas they are designated for: slug and name.
    pub designations: Vec<(String, String)>,
    /// Teams they lead alone.
    pub leaderless: Vec<String>,
}

impl Leaving {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One line each, for the command line.
    pub fn lines(&self) -> Vec<String> {
        let areas = self.areas.iter().map(|loss| {
            let (name, was, is) = (&loss.name, loss.before.cleared, loss.after.cleared);
            let word = loss.after.cover.label();
            format!("{name}: {is} cleared instead of {was}. {word}.")
        });
        let unmentored = self.unmentored.iter();
        let unmentored = unmentored.map(|(_, title)| format!("{title}: the ramp has no mentor."));
        let ramps = self.ramps.iter();
        let ramps = ramps.map(|(_, area)| format!("{area}: their own ramp stays open."));
        let signoffs = self.signoffs.iter();
        let signoffs =
            signoffs.map(|(_, title)| format!("{title}: the sign-off waits for others."));
        let designations = self.designations.iter();
        let designations =
            designations.map(|(_, area)| format!("{area}: still designated to sign."));
        let leaderless = self.leaderless.iter();
        let leaderless = leaderless.map(|team| format!("{team}: the team has no lead."));
        areas
            .chain(unmentored)
            .chain(ramps)
            .chain(signoffs)
            .chain(designations)
            .chain(leaderless)
            .collect()
    }
}

/// What this person would leave behind: from their own page and their home page.
pub fn leaving(c: &mut Conn, who: &Actor, today: Day) -> Result<Leaving> {
    let page = Register::load(c, &Scope::Person(&who.handle), who, today)?;
    let home = Register::load(c, &Scope::Mine { most: i64::MAX }, who, today)?;
    let due = keys::due(&home, who).into_iter();
    let cleared: Vec<i64> = page.covered_by(who).map(|area| area.id).collect();
    let counts = cover::counts(c, &cleared, today)?;
    Ok(Leaving {
        leaderless: admin::store::teams_without_other_lead(c, who.id.unwrap_or_default())?,
        signoffs: due
            .map(|(s, r)| (s.id, home.title(r.mentee_id, r.area_id)))
            .collect(),
        ..page.leaving(who, &counts)
    })
}

impl Register {
    fn title(&self, mentee_id: i64, area_id: i64) -> String {
        format!("{}, {}", self.name(mentee_id), self.area_name(area_id))
    }

    /// The areas that this person covers.
    fn covered_by(&self, who: &Actor) -> impl Iterator<Item = &Area> {
        let in_use = self.areas().iter().filter(|a| a.archived_at.is_none());
        let id = who.id.unwrap_or_default();
        in_use.filter(move |area| self.standing(id, area.id).is_cover())
    }

    /// What this person would leave behind, without teams and sign-offs; with the counts of the areas they cover.
    fn leaving(&self, who: &Actor, counts: &HashMap<i64, Count>) -> Leaving {
        let Some(id) = who.id else {
            return Leaving::default();
        };
        let is_here = |id: i64| self.person(id).is_some_and(|p| p.deactivated_at.is_none());
        let alone = |ramp_id: i64| {
            let mentors = self.mentors(ramp_id);
            let mut others = mentors.iter().filter(|p| p.mentor_id != id);
            mentors.iter().any(|p| p.mentor_id == id) && !others.any(|p| is_here(p.mentor_id))
        };
        let open = || self.ramps().iter().filter(|r| r.closed_at.is_none());
        let unmentored = open().filter(|r| r.mentee_id != id && alone(r.id));
        let own = open().filter(|r| r.mentee_id == id);
        let designated = self.areas().iter();
        let designated = designated.filter(|area| self.qualifiers(area.id).contains(&id));
        Leaving {
            areas: self
                .covered_by(who)
                .filter_map(|area| {
                    let before = AreaCover::of(area, *counts.get(&area.id)?);
                    let cleared = before.cleared - 1;
                    Some(Loss {
                        slug: area.slug.clone(),
                        name: area.name.clone(),
                        before,
                        after: AreaCover {
                            cleared,
                            cover: Cover::of(cleared, before.minimum),
                            ..before
                        },
                    })
                })
                .collect(),
            unmentored: unmentored
                .map(|r| (r.id, self.title(r.mentee_id, r.area_id)))
                .collect(),
            ramps: own
                .map(|r| (r.id, self.area_name(r.area_id).to_owned()))
                .collect(),
            designations: designated
                .map(|area| (area.slug.clone(), area.name.clone()))
                .collect(),
            ..Leaving::default()
        }
    }
}
