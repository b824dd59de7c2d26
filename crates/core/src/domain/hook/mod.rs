//! Chat hooks: where a team or an area tells its chat, or a program, what happened.
//!
//! Who reads a channel is not known here. So a hook carries only what all members may see: that somebody is cleared, or no
//! longer, and that something is asked or planned in an area, without saying of whom (docs/decisions/0020).

pub mod event;
pub mod form;
pub mod model;
pub mod payload;
pub mod store;

use crate::domain::outbox::Outcome;
use crate::domain::people::Actor;
use crate::text_enum;

pub use event::Event;

text_enum! {
    /// What the other side understands.
    pub enum Dialect {
        /// Standard Webhooks: a program that checks a signature.
        Signed = "signed" / "A program (signed JSON)",
        Slack = "slack" / "Slack",
        Mattermost = "mattermost" / "Mattermost",
        Teams = "teams" / "Teams Workflows",
    }
}

text_enum! {
    /// What happened. The word is what a program gets.
    pub enum Kind {
        Granted = "clearance.granted" / "Clearance granted",
        Interim = "clearance.interim" / "Interim clearance granted",
        Expiring = "clearance.expiring" / "Clearance expiring",
        Lapsed = "clearance.lapsed" / "Clearance lapsed",
        Suspended = "clearance.suspended" / "Clearance suspended",
        Revoked = "clearance.revoked" / "Clearance revoked",
        Reinstated = "clearance.reinstated" / "Clearance reinstated",
        Requested = "signoff.requested" / "Sign-off requested",
        Planned = "session.planned" / "Session planned",
        Held = "session.held" / "Session held",
        KpiMissed = "kpi.missed" / "Key figure misses its target",
        KpiMet = "kpi.met" / "Key figure meets its target again",
        RotaFindings = "rota.findings" / "Rota with new findings",
        /// Somebody tries the hook.
        Test = "test" / "Test",
    }
}

impl Kind {
    /// Those that a hook can be asked to tell.
    pub fn offered() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|k| *k != Self::Test)
    }

    /// Clearances are open to all members (rule 9); how somebody's ramp goes is not.
    pub fn names_person(self) -> bool {
        match self {
            Self::Granted
            | Self::Interim
            | Self::Expiring
            | Self::Lapsed
            | Self::Suspended
            | Self::Revoked
            | Self::Reinstated => true,
            Self::Requested
            | Self::Planned
            | Self::Held
            | Self::KpiMissed
            | Self::KpiMet
            | Self::RotaFindings
            | Self::Test => false,
        }
    }
}

/// Whose hook it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// It tells of the areas that the team owns, and of clearances of its members.
    Team(i64),
    Area(i64),
}

impl Owner {
    /// Reads `team-3` or `area-5`.
    pub fn parse(word: &str) -> Option<Self> {
        let (kind, id) = word.split_once('-')?;
        let id = id.parse().ok()?;
        match kind {
            "team" => Some(Self::Team(id)),
            "area" => Some(Self::Area(id)),
            _ => None,
        }
    }

    pub fn word(self) -> String {
        match self {
            Self::Team(id) => format!("team-{id}"),
            Self::Area(id) => format!("area-{id}"),
        }
    }
}

/// Hooks that a team or an area has at most.
pub const MOST: usize = 10;

/// May see, add and change the hooks of a team, or of an area that the team owns: its leads, and administrators.
pub fn may_manage(actor: &Actor, team_id: i64) -> bool {
    actor.is_admin || actor.leads(team_id)
}

/// What an answer means. Only `410 Gone` says that no attempt will succeed: a receiver that is being set up again
/// answers 404 for a while.
pub fn outcome(status: u16, answer: &str) -> Outcome {
    let said = format!("{status} {answer}").trim().to_owned();
    match status {
        200..=299 => Outcome::Sent(said),
        300..=399 => Outcome::Later(format!(
            "{status}: it leads elsewhere, which is not followed"
        )),
        410 => Outcome::Never(said),
        _ => Outcome::Later(said),
    }
}

/// What a hook says that ended: a test is tried once.
pub fn ended(kind: Kind, outcome: Outcome) -> Outcome {
    match (kind, outcome) {
        (Kind::Test, Outcome::Later(why)) => Outcome::Never(why),
        (_, outcome) => outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_read_as_it_was_written() {
        for owner in [Owner::Team(3), Owner::Area(5)] {
            assert_eq!(Owner::parse(&owner.word()), Some(owner));
        }
        for bad in ["", "team", "team-", "team-x", "person-3", "-3"] {
            assert_eq!(Owner::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_gone_ends_a_message_at_once_and_a_test_is_tried_once() {
        for (status, sent, never) in [
            (200, true, false),
            (204, true, false),
            (301, false, false),
            (400, false, false),
            (404, false, false),
            (410, false, true),
            (429, false, false),
            (500, false, false),
            (503, false, false),
        ] {
            let outcome = outcome(status, "well");
            assert_eq!(matches!(outcome, Outcome::Sent(_)), sent, "{status}");
            assert_eq!(matches!(outcome, Outcome::Never(_)), never, "{status}");
            let tried = ended(Kind::Test, outcome);
            assert!(!matches!(tried, Outcome::Later(_)), "{status}");
        }
    }
}
