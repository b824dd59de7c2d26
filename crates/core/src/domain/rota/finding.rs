//! What is wrong with a rota. Pure: shifts, clearances, absences in, findings out.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::matching::key_of;
use super::{DAYS_AHEAD, Duty, Entry};
use crate::db::types::{Day, UtcTime};
use crate::domain::availability::Absence;
use crate::domain::clearance::model::Clearance;
use crate::domain::clearance::{ClearanceKind, End, Standing, standing};
use crate::domain::interim::is_supervised;
use crate::domain::people::Names;
use crate::text_enum;
use crate::time::LocalTime;

text_enum! {
    /// Why a shift, or a clearance without a shift, needs a look. The word is what a pipeline gets.
    pub enum Kind {
        Revoked = "revoked" / "Revoked",
        Suspended = "suspended" / "Suspended",
        NotCleared = "not_cleared" / "Not cleared",
        /// Cleared today, and no longer when the shift begins.
        Lapses = "lapses" / "Lapses before",
        Unsupervised = "unsupervised" / "No supervisor",
        Left = "left" / "Has left",
        Away = "away" / "Away",
        Unknown = "unknown" / "Unknown person",
        /// Cleared, without a shift, and practice runs out.
        Unpractised = "unpractised" / "No shift",
    }
}

/// A shift of a rota, and who that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    pub entry: Entry,
    pub person: Option<i64>,
}

/// What is known of the people of an area and of its rotas.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The latest clearance of each person in the area.
    pub clearances: HashMap<i64, Clearance>,
    pub absences: HashMap<i64, Vec<Absence>>,
    pub people: Names,
}

/// Who a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    Person(i64),
    /// The key of a name that nobody here has.
    Named(String),
}

impl Who {
    /// As it is stored.
    pub fn word(&self) -> String {
        match self {
            Self::Person(id) => format!("p:{id}"),
            Self::Named(key) => format!("n:{key}"),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        match word.split_once(':')? {
            ("p", id) => Some(Self::Person(id.parse().ok()?)),
            ("n", key) => Some(Self::Named(key.to_owned())),
            _ => None,
        }
    }

    pub fn person(&self) -> Option<i64> {
        match self {
            Self::Person(id) => Some(*id),
            Self::Named(_) => None,
        }
    }
}

/// What makes a finding of an area the same, also after the rota was read again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// When the shift begins; of a clearance without one, the beginning of its last day.
    pub at: UtcTime,
    pub who: Who,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub identity: Identity,
    /// As the rota calls them, or the name of the account.
    pub name: String,
    /// `None` where it is about no shift.
    pub ends_at: Option<UtcTime>,
    /// When the clearance ends or ended, where there is one: `practise by 27 Feb 2027`.
    pub end: Option<String>,
}

impl Finding {
    /// Why, in a sentence for pages, mail, and the command line.
    pub fn sentence(&self) -> String {
        let end = self.end.as_deref().unwrap_or_default();
        match self.identity.kind {
            Kind::Unknown if self.name.is_empty() => "Nobody is named for this shift.".into(),
            Kind::Unknown => {
                "Nobody here has this name or e-mail address, or two people have it.".into()
            }
            Kind::Left => "This person has left.".into(),
            Kind::NotCleared if end.is_empty() => "Not cleared for this area.".into(),
            Kind::NotCleared => format!("Not cleared: {end}."),
            Kind::Revoked => "The clearance is revoked.".into(),
            Kind::Suspended => "The clearance is suspended.".into(),
            Kind::Lapses => format!("The clearance ends before this shift: {end}."),
            Kind::Unsupervised => {
                "Interim clearance without a supervisor who is cleared on that day.".into()
            }
            Kind::Away => "Away during this shift.".into(),
            Kind::Unpractised => {
                format!("Cleared, with no shift ahead: {end}.")
            }
        }
    }

    /// Not about the person's clearance on the day of a shift.
    pub fn is_about_clearance(&self) -> bool {
        !matches!(self.identity.kind, Kind::Away | Kind::Unpractised)
    }
}

/// The shifts that are checked: those that run, and those of the next days.
pub fn ahead(shifts: Vec<Shift>, now: UtcTime, days: i64) -> Vec<Shift> {
    let until = now.plus_hours(24 * days);
    let mut ahead = shifts;
    ahead.retain(|shift| shift.entry.ends_at > now && shift.entry.starts_at < until);
    ahead.sort_by(|a, b| a.entry.cmp(&b.entry));
    ahead.dedup();
    ahead
}

/// What is wrong, the first shift first. `shifts` are those of [`ahead`].
pub fn findings(shifts: &[Shift], facts: &Facts, now: UtcTime) -> Vec<Finding> {
    let mut all: Vec<Finding> = shifts
        .iter()
        .flat_map(|shift| of_shift(shift, facts, now.day()))
        .collect();
    let on_call: HashSet<i64> = shifts
        .iter()
        .filter(|shift| shift.entry.duty != Duty::Shadow)
        .filter_map(|shift| shift.person)
        .collect();
    let idle = facts.clearances.values();
    let idle = idle.filter(|held| !on_call.contains(&held.person_id));
    all.extend(idle.filter_map(|held| unpractised(held, facts, now.day())));
    // Two rotas may say the same.
    let mut seen = BTreeSet::new();
    all.sort_by(|a, b| a.identity.cmp(&b.identity));
    all.retain(|finding| seen.insert(finding.identity.clone()));
    all
}

fn of_shift(shift: &Shift, facts: &Facts, today: Day) -> Vec<Finding> {
    let entry = &shift.entry;
    let finding = |kind, who: Who, name: &str, end| Finding {
        identity: Identity {
            at: entry.starts_at,
            who,
            kind,
        },
        name: name.to_owned(),
        ends_at: Some(entry.ends_at),
        end,
    };
    let Some(id) = shift.person else {
        let name = match (entry.name.as_str(), entry.email.as_str()) {
            ("", email) => email,
            (name, _) => name,
        };
        return vec![finding(
            Kind::Unknown,
            Who::Named(key_of(entry)),
            name,
            None,
        )];
    };
    let of_person = |kind, end| finding(kind, Who::Person(id), facts.people.name(id), end);
    if !facts.people.is_active(id) {
        return vec![of_person(Kind::Left, None)];
    }
    let mut found = Vec::new();
    if entry.duty != Duty::Shadow {
        let held = facts.clearances.get(&id);
        let kind = uncleared(held, facts, (today, entry.starts_at.day()));
        found.extend(kind.map(|kind| of_person(kind, held.map(|held| held.end_text(today)))));
    }
    let zone = LocalTime::new(facts.people.person(id).zone, entry.starts_at);
    let (first, last) = (
        zone.local_day(entry.starts_at),
        zone.local_day(entry.ends_at.just_before()),
    );
    let mut absences = facts.absences.get(&id).into_iter().flatten();
    if absences.any(|away| away.first_on <= last && first <= away.last_on) {
        found.push(of_person(Kind::Away, None));
    }
    found
}

/// Why somebody is not cleared on the day of a shift; `None` when they are, or are on call under a supervisor.
fn uncleared(held: Option<&Clearance>, facts: &Facts, (today, day): (Day, Day)) -> Option<Kind> {
    match standing(held, day) {
        Standing::Cleared | Standing::Expiring => None,
        Standing::Suspended => Some(Kind::Suspended),
        Standing::Revoked => Some(Kind::Revoked),
        Standing::Interim => {
            let held = held?;
            let supervisor = held.supervisor_id.and_then(|id| facts.clearances.get(&id));
            let supervisor = supervisor.map(|own| (own, facts.people.is_active(own.person_id)));
            (!is_supervised(held, supervisor, day)).then_some(Kind::Unsupervised)
        }
        Standing::Lapsed | Standing::None => match standing(held, today) {
            Standing::Cleared | Standing::Expiring | Standing::Interim => Some(Kind::Lapses),
            _ => Some(Kind::NotCleared),
        },
    }
}

/// Somebody cleared, without a shift ahead, whose practice runs out within the days that are checked.
fn unpractised(held: &Clearance, facts: &Facts, today: Day) -> Option<Finding> {
    let End::Practice(last_day) = End::of(held) else {
        return None;
    };
    let is_soon = last_day < today.plus_days(DAYS_AHEAD);
    let counts = held.kind == ClearanceKind::Full && standing(Some(held), today).is_cover();
    (is_soon && counts && facts.people.is_active(held.person_id)).then(|| Finding {
        identity: Identity {
            at: last_day.start(),
            who: Who::Person(held.person_id),
            kind: Kind::Unpractised,
        },
        name: facts.people.name(held.person_id).to_owned(),
        ends_at: None,
        end: Some(held.end_text(today)),
    })
}
