//! Sign-offs: requested; first key by a mentor who is a qualifier; second key by an independent approver.
//!
//! Every rule about who may turn which key is here, once: the use cases decide by it, the pages explain by it.

pub mod decision;
pub mod edition;
pub mod independent;
pub mod model;
pub mod point;
pub mod question;
pub mod record;
pub mod store;
#[cfg(test)]
mod tests;

use crate::db::types::Day;
use crate::domain::clearance::oversight::not_cleared;
use crate::domain::people::Actor;
use crate::domain::ramp::{Parties, RampState};
use crate::domain::readiness::Readiness;
use crate::domain::signoff::model::Signoff;
use crate::text_enum;
pub use decision::{Decision, Note};

/// Two people who cleared each other within that time, a year, are named on the page of the sign-off.
pub const MUTUAL_HOURS: i64 = 365 * 24;

text_enum! {
    pub enum SignoffState {
        /// The first key is due.
        Requested = "requested" / "Requested",
        /// A mentor signed; the second key is due.
        FirstKey = "first_key" / "First key turned",
        /// Both keys turned: cleared.
        Granted = "granted" / "Granted",
        /// Sent back with reasons.
        Returned = "returned" / "Returned",
        /// Withdrawn by those who requested it.
        Withdrawn = "withdrawn" / "Withdrawn",
    }
}

impl SignoffState {
    /// It waits for a key.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::FirstKey)
    }
}

/// One of the two keys of a sign-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A mentor of the ramp who is a qualifier of the area recommends.
    First,
    /// An independent approver decides.
    Second,
}

impl Signoff {
    /// Whether the first key was turned by someone who has lost the right to it since: it is void (rule 1).
    pub fn is_first_key_void(&self, today: Day) -> bool {
        self.state == SignoffState::FirstKey && self.first_key_until.is_none_or(|day| day < today)
    }

    /// The key that is due; `None` after the decision. A void first key is due again.
    pub fn due(&self, today: Day) -> Option<Key> {
        match self.state {
            SignoffState::Requested => Some(Key::First),
            SignoffState::FirstKey if self.is_first_key_void(today) => Some(Key::First),
            SignoffState::FirstKey => Some(Key::Second),
            SignoffState::Granted | SignoffState::Returned | SignoffState::Withdrawn => None,
        }
    }
}

/// A person as the rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// Row of `people`.
    pub person_id: i64,
    /// Leads the area's owner team.
    pub leads_owner_team: bool,
    /// Is cleared in the area now.
    pub is_cleared: bool,
}

impl Authority {
    /// `None` for the operator at the command line.
    pub fn of(actor: &Actor, parties: &Parties, is_cleared: bool) -> Option<Self> {
        Some(Self {
            person_id: actor.id?,
            leads_owner_team: actor.leads(parties.owner_team_id),
            is_cleared,
        })
    }
}

/// Why a person may not turn a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is their own sign-off.
    Mentee,
    /// They mentored the mentee in this area, on this ramp or an earlier one, or turned the first key.
    Mentor,
    /// They are no mentor of the ramp now.
    NotMentor,
    /// They mentor the ramp, but are not designated for the area.
    NotDesignated,
    /// They are designated, but their own clearance is not valid.
    NotCleared,
    /// They are neither a qualifier of the area nor a lead of its owner team.
    Outside,
}

impl Denied {
    /// The reason in words, for the person it is about, and who may.
    pub fn sentence(self, key: Key, area: &str, owner_team: &str) -> String {
        let who = match key {
            Key::First => format!(
                "The first key belongs to a mentor of this ramp who is a cleared qualifier of {area}."
            ),
            Key::Second => format!(
                "The second key belongs to a cleared qualifier of {area} or a lead of {owner_team} who never \
                 mentored this person in this area."
            ),
        };
        let why = match self {
            Self::Mentee => "This is your own sign-off: nobody signs for themselves.".into(),
            Self::Mentor => {
                "You mentored this person in this area, so you cannot turn the second key.".into()
            }
            Self::NotDesignated => format!(
                "You mentor this ramp, but you are not a qualifier of {area}, so you cannot turn the first key."
            ),
            Self::NotCleared => not_cleared(area),
            Self::NotMentor | Self::Outside => return who,
        };
        format!("{why} {who}")
    }
}

/// May this person turn that key? Rules 1 and 2; administrators have no extra right.
///
/// `first_key_by` turned the first key: nobody holds both, even if pairings were lost.
pub fn may_turn(
    key: Key,
    parties: &Parties,
    first_key_by: Option<i64>,
    authority: Authority,
) -> Result<(), Denied> {
    let id = authority.person_id;
    if id == parties.mentee_id {
        return Err(Denied::Mentee);
    }
    let is_designated = parties.qualifiers.contains(&id);
    match key {
        Key::First if !parties.mentors.contains(&id) => Err(Denied::NotMentor),
        Key::First if !is_designated => Err(Denied::NotDesignated),
        Key::Second if parties.ever_mentored(id) => Err(Denied::Mentor),
        Key::Second if first_key_by == Some(id) => Err(Denied::Mentor),
        Key::Second if authority.leads_owner_team => Ok(()),
        Key::Second if !is_designated => Err(Denied::Outside),
        Key::First | Key::Second if authority.is_cleared => Ok(()),
        Key::First | Key::Second => Err(Denied::NotCleared),
    }
}

/// What a person may do with a sign-off now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing is due: it is decided.
    Decided,
    /// They may turn this key. Anyone who may turn it may also return the sign-off.
    Yours(Key),
    /// This key is due, but they may not turn it.
    NotYours(Key, Denied),
}

/// What the actor may do with a sign-off now, and why not.
pub fn due_key(
    signoff: &Signoff,
    parties: &Parties,
    actor: &Actor,
    actor_is_cleared: bool,
    today: Day,
) -> Turn {
    let Some(key) = signoff.due(today) else {
        return Turn::Decided;
    };
    match Authority::of(actor, parties, actor_is_cleared) {
        None => Turn::NotYours(key, Denied::Outside),
        Some(authority) => match may_turn(key, parties, signoff.first_key_by, authority) {
            Ok(()) => Turn::Yours(key),
            Err(denied) => Turn::NotYours(key, denied),
        },
    }
}

/// May request a sign-off, and withdraw it: the mentee, or a mentor of the ramp now.
pub fn may_request(parties: &Parties, actor: &Actor) -> bool {
    parties.is_mentee(actor) || parties.is_mentor(actor)
}

/// Why nobody can request a sign-off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocker {
    /// The ramp is not under way.
    State(RampState),
    /// The ramp begins later.
    NotStarted(Day),
    /// Gates and gaps of a review are open.
    Open { gates: usize, gaps: usize },
}

impl Blocker {
    pub fn sentence(self) -> String {
        match self {
            Self::State(state) => {
                format!(
                    "A sign-off can be asked for only on an active ramp. This one is {}.",
                    state.label().to_lowercase()
                )
            }
            Self::NotStarted(day) => {
                let day = day.words();
                format!("This ramp begins on {day}. A sign-off can be asked for from that day.")
            }
            Self::Open { gates, gaps } => {
                let of_gates = match gates {
                    0 => None,
                    1 => Some("1 gate is open: it must be met first.".to_owned()),
                    n => Some(format!("{n} gates are open: they must be met first.")),
                };
                let of_gaps = match gaps {
                    0 => None,
                    1 => Some(
                        "1 gap that a review named is open: a mentor closes it first.".to_owned(),
                    ),
                    n => Some(format!(
                        "{n} gaps that a review named are open: a mentor closes them first."
                    )),
                };
                let parts: Vec<String> = of_gates.into_iter().chain(of_gaps).collect();
                parts.join(" ")
            }
        }
    }
}

/// Every gate is met and every gap closed, as the engine says.
pub fn is_ready(readiness: &Readiness) -> Result<(), Blocker> {
    if readiness.is_ready() {
        Ok(())
    } else {
        Err(Blocker::Open {
            gates: readiness.gates.len() - readiness.gates_met(),
            gaps: readiness.gaps_open,
        })
    }
}

/// Whether a sign-off can be requested: the ramp is under way and the engine calls it ready.
pub fn can_request(
    state: RampState,
    starts_on: Day,
    today: Day,
    readiness: &Readiness,
) -> Result<(), Blocker> {
    if state != RampState::Active {
        Err(Blocker::State(state))
    } else if starts_on > today {
        Err(Blocker::NotStarted(starts_on))
    } else {
        is_ready(readiness)
    }
}
