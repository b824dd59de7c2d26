//! Sign-offs: asked for, first key by a mentor who is a qualifier, second key by an independent approver.
//!
//! Every rule about who may turn which key is here, once: the use cases decide by it, the pages explain with it.

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
use crate::domain::people::Actor;
use crate::domain::ramp::{Parties, RampState};
use crate::domain::readiness::Readiness;
use crate::domain::signoff::model::Signoff;
use crate::text_enum;
pub use decision::{Decision, Note};

text_enum! {
    /// Where a sign-off stands.
    pub enum SignoffState {
        /// Asked for; the first key is due.
        Requested = "requested" / "Requested",
        /// A mentor signed; the second key is due.
        FirstKey = "first_key" / "First key turned",
        /// Both keys turned: cleared.
        Granted = "granted" / "Granted",
        /// Sent back with reasons.
        Returned = "returned" / "Returned",
        /// Taken back by those who asked.
        Withdrawn = "withdrawn" / "Withdrawn",
    }
}

impl SignoffState {
    /// The key that is due; `None` once it is decided.
    pub fn due(self) -> Option<Key> {
        match self {
            Self::Requested => Some(Key::First),
            Self::FirstKey => Some(Key::Second),
            Self::Granted | Self::Returned | Self::Withdrawn => None,
        }
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

/// Somebody as the rules see them.
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
    /// The actor's hand; the operator at the command line has none.
    pub fn of(actor: &Actor, parties: &Parties, is_cleared: bool) -> Option<Self> {
        Some(Self {
            person_id: actor.id?,
            leads_owner_team: actor.leads(parties.owner_team_id),
            is_cleared,
        })
    }
}

/// Why a key is not somebody's to turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is their own sign-off.
    Mentee,
    /// They mentored the ramp, now or before, or turned the first key.
    Mentor,
    /// They are no mentor of the ramp now.
    NotMentor,
    /// They mentor the ramp, but are not designated for the area.
    NotDesignated,
    /// They are designated, but their own clearance does not stand.
    NotCleared,
    /// They are neither a qualifier of the area nor a lead of its owner team.
    Outside,
}

impl Denied {
    /// The reason in words, for the person it is about.
    pub fn sentence(self, key: Key, area: &str, owner_team: &str) -> String {
        match (self, key) {
            (Self::Mentee, _) => "This is your own sign-off: nobody signs for themselves.".into(),
            (Self::Mentor, _) => "You mentored this ramp, so the second key is not yours.".into(),
            (Self::NotDesignated, _) => {
                format!(
                    "You mentor this ramp, but you are no qualifier of {area}, so the first key is not yours."
                )
            }
            (Self::NotCleared, _) => {
                format!(
                    "You are designated to sign for {area}, but your own clearance in it is not valid now."
                )
            }
            (Self::NotMentor | Self::Outside, Key::First) => {
                format!(
                    "The first key belongs to a mentor of this ramp who is a cleared qualifier of {area}."
                )
            }
            (Self::NotMentor | Self::Outside, Key::Second) => format!(
                "The second key belongs to a cleared qualifier of {area} or a lead of {owner_team} who never \
                 mentored this ramp."
            ),
        }
    }
}

/// May this hand turn that key of the sign-off? Rules 1 and 2; administrators get nothing from being one.
///
/// `first_key_by` is who turned the first key: nobody holds both, even if pairings were lost.
pub fn may_turn(
    key: Key,
    parties: &Parties,
    first_key_by: Option<i64>,
    hand: Authority,
) -> Result<(), Denied> {
    let id = hand.person_id;
    if id == parties.mentee_id {
        return Err(Denied::Mentee);
    }
    let is_designated = parties.qualifiers.contains(&id);
    match key {
        Key::First if !parties.mentors.contains(&id) => Err(Denied::NotMentor),
        Key::First if !is_designated => Err(Denied::NotDesignated),
        Key::Second if parties.mentors_ever.contains(&id) || parties.mentors.contains(&id) => {
            Err(Denied::Mentor)
        }
        Key::Second if first_key_by == Some(id) => Err(Denied::Mentor),
        Key::Second if hand.leads_owner_team => Ok(()),
        Key::Second if !is_designated => Err(Denied::Outside),
        Key::First | Key::Second if hand.is_cleared => Ok(()),
        Key::First | Key::Second => Err(Denied::NotCleared),
    }
}

/// What somebody may do with a sign-off now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing is due: it is decided.
    Decided,
    /// This key is theirs to turn. Whoever may turn it may also return the sign-off.
    Yours(Key),
    /// This key is due, but not theirs.
    NotYours(Key, Denied),
}

/// What the actor may do with a sign-off now, and why not.
pub fn due_key(
    signoff: &Signoff,
    parties: &Parties,
    actor: &Actor,
    actor_is_cleared: bool,
) -> Turn {
    let Some(key) = signoff.state.due() else {
        return Turn::Decided;
    };
    match Authority::of(actor, parties, actor_is_cleared) {
        None => Turn::NotYours(key, Denied::Outside),
        Some(hand) => match may_turn(key, parties, signoff.first_key_by, hand) {
            Ok(()) => Turn::Yours(key),
            Err(refusal) => Turn::NotYours(key, refusal),
        },
    }
}

/// The sign-offs whose due key is the actor's to turn, in the order given; each comes with the parties of its ramp
/// and whether the actor is cleared in its area.
pub fn waiting_for<'a>(
    signoffs: impl IntoIterator<Item = (&'a Signoff, &'a Parties, bool)>,
    actor: &Actor,
) -> Vec<&'a Signoff> {
    signoffs
        .into_iter()
        .filter(|(signoff, parties, is_cleared)| {
            matches!(
                due_key(signoff, parties, actor, *is_cleared),
                Turn::Yours(_)
            )
        })
        .map(|(signoff, ..)| signoff)
        .collect()
}

/// May ask for a sign-off, and take that back: the mentee, or a mentor of the ramp now.
pub fn may_request(parties: &Parties, actor: &Actor) -> bool {
    parties.is_mentee(actor) || parties.is_mentor(actor)
}

/// Why a sign-off cannot be asked for, whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocker {
    /// The ramp is not under way.
    State(RampState),
    /// The ramp begins later.
    NotStarted(Day),
    /// That many gates, and gaps that a review named, are open.
    Open {
        /// Gates that are not met.
        gates: usize,
        /// Gaps that nobody closed.
        gaps: usize,
    },
}

impl Blocker {
    pub fn sentence(self) -> String {
        match self {
            Self::State(state) => {
                format!(
                    "A sign-off is asked for while a ramp is active; this one is {}.",
                    state.label().to_lowercase()
                )
            }
            Self::NotStarted(day) => {
                format!("This ramp begins on {day}; a sign-off can be asked for from then on.")
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

/// A sign-off can be asked for: the ramp is under way and the engine calls it ready.
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

/// The last day a clearance granted today has when nobody says otherwise.
pub fn usual_end(today: Day, validity_months: i32) -> Day {
    today.plus_months(validity_months)
}

/// The last day a clearance granted today can have.
pub fn latest_end(today: Day, validity_months: i32) -> Day {
    today.plus_months(validity_months.saturating_add(1))
}

/// The last day of a clearance lies after today and within the area's validity and a month of grace.
pub fn check_end(ends_on: Day, today: Day, validity_months: i32) -> Result<(), String> {
    let latest = latest_end(today, validity_months);
    if ends_on <= today {
        Err("The clearance must end after today.".into())
    } else if ends_on > latest {
        Err(format!(
            "The clearance can last until {latest} at most: the area gives {validity_months} months."
        ))
    } else {
        Ok(())
    }
}
