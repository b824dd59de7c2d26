//! The parts of the organisation that have targets, owners and notes.

use crate::domain::people::Actor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    Organisation,
    Team(i64),
    Area(i64),
}

impl Place {
    /// As it is stored, and as the audit log names it.
    pub fn word(self) -> String {
        match self {
            Self::Organisation => "organisation:0".into(),
            Self::Team(id) => format!("team:{id}"),
            Self::Area(id) => format!("area:{id}"),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        let (kind, id) = word.split_once(':')?;
        let id = id.parse().ok()?;
        match kind {
            "organisation" => Some(Self::Organisation),
            "team" => Some(Self::Team(id)),
            "area" => Some(Self::Area(id)),
            _ => None,
        }
    }

    /// May set a target: administrators; leads of the team, or of the team that owns the area.
    pub fn may_set_target(self, actor: &Actor, team_id: Option<i64>) -> bool {
        let leads = team_id.is_some_and(|id| actor.leads(id));
        actor.is_admin || (self != Self::Organisation && leads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        for place in [Place::Organisation, Place::Team(3), Place::Area(5)] {
            assert_eq!(Place::parse(&place.word()), Some(place));
        }
        for bad in ["", "team", "team:", "person:3", "team:x"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn targets_of_a_team_or_area_are_set_by_its_leads_and_all_by_administrators() {
        let nobody = Actor {
            id: Some(1),
            is_admin: false,
            ..Actor::operator()
        };
        let lead = Actor {
            leads: vec![3],
            ..nobody.clone()
        };
        let admin = Actor::operator();
        for (place, team, who, may) in [
            (Place::Organisation, None, &lead, false),
            (Place::Organisation, None, &admin, true),
            (Place::Team(3), Some(3), &lead, true),
            (Place::Team(4), Some(4), &lead, false),
            (Place::Area(9), Some(3), &lead, true),
            (Place::Area(9), Some(3), &nobody, false),
            (Place::Area(9), Some(4), &admin, true),
        ] {
            assert_eq!(place.may_set_target(who, team), may, "{place:?}");
        }
    }
}
