//! Who may plan and lead a drill, who may see its sheet, and who may read a person's observations.

use super::{DrillState, Role};
use crate::db::types::UtcTime;
use crate::domain::people::Actor;

/// People with a role in an area.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaRoles {
    /// The team that owns the area.
    pub owner_team_id: i64,
    /// Designated qualifiers of the area.
    pub qualifiers: Vec<i64>,
    /// Mentors of open ramps in the area, now.
    pub mentors: Vec<i64>,
}

impl AreaRoles {
    /// As far as one person needs them: of the mentors of the area they alone are named, where they are one.
    pub fn of_one(me: i64, owner_team_id: i64, qualifiers: Vec<i64>, is_mentor: bool) -> Self {
        Self {
            owner_team_id,
            qualifiers,
            mentors: is_mentor.then_some(me).into_iter().collect(),
        }
    }

    /// May plan drills in the area: its mentors, its qualifiers, and leads of the owner team.
    pub fn may_plan(&self, actor: &Actor) -> bool {
        actor.leads(self.owner_team_id)
            || self
                .qualifiers
                .iter()
                .chain(&self.mentors)
                .any(|id| actor.is(*id))
    }
}

/// Writes on the sheet and debriefs: the game master and the person who planned it.
pub fn runs(planned: bool, role: Option<Role>) -> bool {
    planned || role == Some(Role::GameMaster)
}

/// Whether it would begin well before its time: people may not be there yet, and it cannot be moved any more.
pub fn is_early(starts_at: UtcTime, now: UtcTime) -> bool {
    now.plus_hours(1) < starts_at
}

/// A person's rights in a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    pub planned: bool,
    pub role: Option<Role>,
    /// May plan drills in its area.
    pub may_plan: bool,
    /// Leads the team that owns the area.
    pub is_lead: bool,
}

impl Authority {
    pub fn may_run(self) -> bool {
        runs(self.planned, self.role)
    }

    /// Plans it again or cancels it. Also a lead of the owner team who does not take part, so that a drill does not
    /// depend on someone who left.
    pub fn may_arrange(self) -> bool {
        self.may_run() || (self.is_lead && self.role.is_none())
    }

    /// Reads scenario, injects and expected observations. They must surprise the participants. So until the debrief,
    /// while the game master may still continue, only those who could have planned it see them.
    pub fn sees_sheet(self, state: DrillState) -> bool {
        match state {
            DrillState::Debriefed => true,
            DrillState::Planned | DrillState::Running | DrillState::Run | DrillState::Cancelled => {
                self.may_run() || (self.may_plan && self.role.is_none())
            }
        }
    }
}

/// A person who was observed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    pub person_id: i64,
    /// Their mentors in the area, now and before.
    pub mentors: Vec<i64>,
    pub teams: Vec<i64>,
}

/// Reads a person's observations and absence: the person, their mentors, leads of their teams and of the owner team
/// (rule 9), and those who run the drill.
pub fn may_read_of(about: &About, owner_team_id: i64, runs: bool, actor: &Actor) -> bool {
    runs || actor.is(about.person_id)
        || about.mentors.iter().any(|id| actor.is(*id))
        || actor.leads(owner_team_id)
        || actor.leads_any(&about.teams)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64) -> Actor {
        Actor {
            id: Some(id),
            is_admin: false,
            ..Actor::operator()
        }
    }

    fn lead(team: i64) -> Actor {
        Actor {
            leads: vec![team],
            ..person(50)
        }
    }

    fn roles() -> AreaRoles {
        AreaRoles {
            owner_team_id: 20,
            qualifiers: vec![4],
            mentors: vec![2],
        }
    }

    #[test]
    fn who_may_plan() {
        for actor in [person(2), person(4), lead(20)] {
            assert!(roles().may_plan(&actor), "{actor:?}");
        }
        let admin = Actor {
            is_admin: true,
            ..person(9)
        };
        let member = Actor {
            teams: vec![20],
            ..person(5)
        };
        for actor in [person(1), lead(30), admin, member] {
            assert!(!roles().may_plan(&actor), "{actor:?}");
        }
    }

    #[test]
    fn participants_see_the_sheet_only_after_the_debrief() {
        let none = Authority {
            planned: false,
            role: None,
            may_plan: false,
            is_lead: false,
        };
        let of = |role| Authority {
            role: Some(role),
            may_plan: true,
            is_lead: true,
            ..none
        };
        let planner = Authority {
            planned: true,
            ..none
        };
        let mentor = Authority {
            may_plan: true,
            ..none
        };
        let lead = Authority {
            is_lead: true,
            ..mentor
        };
        // authority; sees the sheet before the debrief; may run; may arrange
        let table = [
            (planner, true, true, true),
            (of(Role::GameMaster), true, true, true),
            (mentor, true, false, false),
            (lead, true, false, true),
            (none, false, false, false),
            (of(Role::Primary), false, false, false),
            (of(Role::Secondary), false, false, false),
            (of(Role::Observer), false, false, false),
        ];
        for (authority, before, runs, arranges) in table {
            for state in DrillState::ALL {
                let is_over = *state == DrillState::Debriefed;
                assert_eq!(
                    authority.sees_sheet(*state),
                    before || is_over,
                    "{authority:?} {state:?}"
                );
            }
            assert_eq!(
                (authority.may_run(), authority.may_arrange()),
                (runs, arranges),
                "{authority:?}"
            );
        }
    }

    #[test]
    fn observations_are_for_the_person_their_mentors_and_their_leads() {
        let about = About {
            person_id: 1,
            mentors: vec![2, 3],
            teams: vec![10],
        };
        let may = |actor: &Actor, runs| may_read_of(&about, 20, runs, actor);
        for actor in [person(1), person(2), person(3), lead(10), lead(20)] {
            assert!(may(&actor, false), "{actor:?}");
        }
        assert!(may(&person(7), true));
        let admin = Actor {
            is_admin: true,
            ..person(9)
        };
        for actor in [person(4), person(7), lead(30), admin] {
            assert!(!may(&actor, false), "{actor:?}");
        }
    }
}
