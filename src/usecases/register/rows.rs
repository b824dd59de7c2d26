//! What a page is about, and what is read of it.

use std::collections::{HashMap, HashSet};

use diesel::Queryable;

use crate::db::types::Day;
use crate::domain::area::model::{Area, Qualifier};
use crate::domain::area::{Cover, MAX_EXACT_COUNT};
use crate::domain::clearance::model::Clearance;
use crate::domain::people::model::{Membership, Person, Team};
use crate::domain::ramp::model::{Pairing, Ramp};
use crate::domain::signoff::model::Signoff;
use crate::domain::standard::Standard;
use crate::domain::waiver::model::Line;

/// What a page is about; nothing else is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope<'a> {
    /// People who have not left, [`super::store::CROWD`] at most, in all areas.
    Everybody,
    /// The people of a team.
    Team {
        id: i64,
        /// Whether the organisation is so large that only areas count which the team owns, holds or ramps in.
        is_large: bool,
    },
    /// These people, those of them who have not left.
    People(&'a [i64]),
    /// Who is cleared, ramps or may sign in the area of that slug.
    Area(&'a str),
    /// The person of that handle, with all they were cleared for and every ramp they had a part in.
    Person(&'a str),
    /// What concerns the asker: their own clearances and ramps, those they mentor, lead or may sign, and what ends in
    /// the areas they lead. Of what they lead and may sign [`super::store::FIRST`] at most of each.
    Mine,
}

/// How many people an area has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Count {
    pub area_id: i64,
    /// People who are cleared now.
    pub cleared: i64,
    /// People on their way.
    pub ramping: i64,
}

/// What was read, as it was read.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Everybody who is named, those who left included.
    pub people: Vec<Person>,
    pub teams: Vec<Team>,
    /// Their places in them.
    pub memberships: Vec<Membership>,
    /// Areas, in the order they are shown.
    pub areas: Vec<Area>,
    /// How many people each of them has, whoever they are.
    pub counts: Vec<Count>,
    /// Designated now: the asker and whom the page is about; for an area everybody.
    pub qualifiers: Vec<Qualifier>,
    /// The latest clearance of a person and area last.
    pub clearances: Vec<Clearance>,
    /// When the delta review of each of them that has one is due.
    pub deltas: HashMap<i64, Day>,
    pub ramps: Vec<Ramp>,
    /// Their pairings, past and present.
    pub pairings: Vec<Pairing>,
    /// Their sign-offs that wait for a key.
    pub signoffs: Vec<Signoff>,
    /// Waivers of each that wait to be decided, where the scope is the asker's own.
    pub asked_waivers: HashMap<i64, Vec<Line>>,
    /// The versions that open ramps are pinned to, where the scope says how far each is.
    pub standards: Vec<Standard>,
    /// Open conditions of each clearance that has any; none where the scope lists people.
    pub conditions: HashMap<i64, i64>,
    /// Interim clearances whose supervisor is not cleared now, or has left.
    pub unsupervised: HashSet<i64>,
}

/// How an area is covered: everybody cleared in it counts, whatever team they are in. A board and home count no further
/// than [`MAX_EXACT_COUNT`] beyond the highest minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaCover {
    /// People who are cleared now.
    pub cleared: i64,
    /// People who must be.
    pub minimum: i64,
    /// The two against each other.
    pub cover: Cover,
    /// People on their way.
    pub ramping: i64,
}

impl AreaCover {
    /// An area's people against its minimum.
    pub fn of(area: &Area, count: Count) -> Self {
        let minimum = i64::from(area.minimum_cover);
        Self {
            cleared: count.cleared,
            minimum,
            cover: Cover::of(count.cleared, minimum),
            ramping: count.ramping,
        }
    }

    /// `3 of 2`: who is cleared, and who must be.
    pub fn share(&self) -> String {
        let told = self.minimum + MAX_EXACT_COUNT;
        if self.cleared < told {
            format!("{} of {}", self.cleared, self.minimum)
        } else {
            format!("{told}+ of {}", self.minimum)
        }
    }
}
