//! Ramps and pairings: one mentee's way through one area on one pinned standard, and who mentors it.

pub mod actions;
pub mod dossier;
pub mod store;
pub mod web;

use crate::people::Actor;
use crate::text_enum;

text_enum! {
    /// Where a ramp stands.
    pub enum RampState {
        /// Agreed, not started.
        Proposed = "proposed" / "Proposed",
        /// Under way.
        Active = "active" / "Active",
        /// The clock stands still.
        Paused = "paused" / "Paused",
        /// A sign-off is being decided.
        InReview = "in_review" / "In review",
        /// Ended with a clearance.
        Cleared = "cleared" / "Cleared",
        /// Ended without one.
        Ended = "ended" / "Ended",
    }
}

text_enum! {
    /// A mentor's part in a ramp.
    pub enum PairingRole {
        /// Answers for the ramp.
        Primary = "primary" / "Primary",
        /// Helps, and stands in.
        Secondary = "secondary" / "Secondary",
    }
}

text_enum! {
    /// How far a mentee has come with a checklist item.
    pub enum MarkKind {
        /// Still to be done.
        Open = "open" / "Open",
        /// Done, says the mentee.
        Done = "done" / "Done",
        /// Seen by a mentor.
        Checked = "checked" / "Checked",
    }
}

/// Everybody a ramp concerns; permission is decided on this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parties {
    /// Whose ramp it is.
    pub mentee_id: i64,
    /// Mentors now.
    pub mentors: Vec<i64>,
    /// Mentors now and before.
    pub mentors_ever: Vec<i64>,
    /// The mentee's teams.
    pub mentee_teams: Vec<i64>,
    /// The area's owner team.
    pub owner_team_id: i64,
    /// Designated qualifiers of the area.
    pub qualifiers: Vec<i64>,
}

impl Parties {
    /// The mentee, and nobody else.
    #[must_use]
    pub fn is_mentee(&self, actor: &Actor) -> bool {
        actor.is(self.mentee_id)
    }

    /// A mentor of the ramp now. Nobody mentors themselves.
    #[must_use]
    pub fn is_mentor(&self, actor: &Actor) -> bool {
        !self.is_mentee(actor) && self.mentors.iter().any(|m| actor.is(*m))
    }

    /// A lead of the mentee's team or of the area's owner team.
    #[must_use]
    pub fn is_lead(&self, actor: &Actor) -> bool {
        actor.leads(self.owner_team_id) || actor.leads_any(&self.mentee_teams)
    }

    /// May read the ramp: the mentee, mentors past and present, leads of both teams, qualifiers of the area (they
    /// may have to sign), administrators (rule 9).
    #[must_use]
    pub fn may_read(&self, actor: &Actor) -> bool {
        self.is_mentee(actor)
            || self.mentors_ever.iter().chain(&self.qualifiers).any(|p| actor.is(*p))
            || self.is_lead(actor)
            || actor.is_admin
    }
}

/// May start a ramp: a lead of the mentee's team or of the area's owner team, or an administrator.
#[must_use]
pub fn may_start(actor: &Actor, mentee_teams: &[i64], owner_team_id: i64) -> bool {
    actor.is_admin || actor.leads(owner_team_id) || actor.leads_any(mentee_teams)
}
