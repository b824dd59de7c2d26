//! The scope of a page, and the rows loaded for it.

use std::collections::{HashMap, HashSet};

use diesel::Queryable;

use crate::db::types::Day;
use crate::domain::area::model::Area;
use crate::domain::area::{Cover, MAX_EXACT_COUNT};
use crate::domain::clearance::model::Clearance;
use crate::domain::people::model::{Membership, Person, Team};
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::signoff::model::Signoff;
use crate::domain::standard::Standard;
use crate::domain::waiver::model::Line;

/// What a page is about; nothing else is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// People who have not left, [`super::store::BOARD_LIMIT`] at most, in all areas.
    Everyone,
    /// The people of a team.
    Team {
        id: i64,
        /// In a large organisation: only areas that the team owns, holds or ramps in.
        is_large: bool,
    },
    /// Those of these people who have not left.
    People(&'a [i64]),
    /// Who is cleared, ramps or may sign in the area of that slug; where `people` says whom, only those of them.
    Area {
        slug: &'a str,
        people: Option<&'a [i64]>,
    },
    /// The person of that handle, with all their clearances and every ramp they had a part in.
    Person(&'a str),
    /// The actor's own data: their clearances and ramps, those they mentor, lead or may sign, and what ends in the
    /// areas they lead. At most so many each of what they lead and may sign.
    Mine { most: i64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Count {
    pub area_id: i64,
    /// People who are cleared now.
    pub cleared: i64,
    /// People who ramp.
    pub ramping: i64,
}

#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Everyone loaded, those who left included.
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    /// Their team memberships.
    pub memberships: Vec<Membership>,
    /// In display order.
    pub areas: Vec<Area>,
    /// How many people each of them has, counted over everyone.
    pub counts: Vec<Count>,
    /// Area and person of current designations: of the actor and the scope's person; in the scope of an area, of everyone.
    pub qualifiers: Vec<(i64, i64)>,
    /// The latest clearance of a person and area last.
    pub clearances: Vec<Clearance>,
    /// When the delta review of each is due, if there is one.
    pub deltas: HashMap<i64, Day>,
    pub ramps: Vec<Ramp>,
    /// Past and present.
    pub pairings: Vec<Pairing>,
    /// Who mentored the mentee of a ramp in its area before, where a decision of somebody independent can be due.
    pub mentored_before: HashMap<i64, Vec<i64>>,
    /// Their sign-offs that wait for a key.
    pub signoffs: Vec<Signoff>,
    /// Pending waivers of each, in the actor's own scope.
    pub asked_waivers: HashMap<i64, Vec<Line>>,
    /// The pinned versions of open ramps, where the page shows their share.
    pub standards: Vec<Standard>,
    /// Open conditions of each clearance that has some; empty when the scope lists people.
    pub conditions: HashMap<i64, i64>,
    /// Interim clearances whose supervisor is not cleared now, or has left.
    pub unsupervised: HashSet<i64>,
}

/// The cover of an area: everyone cleared in it counts, of any team. Board and home count only up to [`MAX_EXACT_COUNT`] above
/// the highest minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaCover {
    /// People who are cleared now.
    pub cleared: i64,
    /// The minimum.
    pub minimum: i64,
    pub cover: Cover,
    /// People who ramp.
    pub ramping: i64,
}

impl AreaCover {
    pub fn of(area: &Area, count: Count) -> Self {
        let minimum = i64::from(area.minimum_cover);
        Self {
            cleared: count.cleared,
            minimum,
            cover: Cover::of(count.cleared, minimum),
            ramping: count.ramping,
        }
    }

    /// `3 of 2`: cleared people, and the minimum.
    pub fn share(&self) -> String {
        let limit = self.minimum + MAX_EXACT_COUNT;
        if self.cleared < limit {
            format!("{} of {}", self.cleared, self.minimum)
        } else {
            format!("{limit}+ of {}", self.minimum)
        }
    }
}
