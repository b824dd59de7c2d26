//! What a person is in a team.

/// What a move does, in sentences. `is_last` says that nobody else leads it.
pub fn effects(name: &str, (from, to): (Place, Place), is_last: bool) -> Vec<String> {
    let mut said = Vec::new();
    if to == Place::Lead {
        said.push(format!(
            "{name} sees the ramps and practice of the team’s members, and arranges their ramps."
        ));
        said.push(format!(
            "{name} can turn the second key in the team’s areas, and edit them."
        ));
    } else if from == Place::Lead {
        said.push(format!(
            "{name} can no longer turn the second key in the team’s areas, nor edit them."
        ));
        if is_last {
            said.push(
                "The team then has no lead. Only qualifiers can turn its second keys.".into(),
            );
        }
    }
    if to == Place::Outside {
        said.push(format!(
            "{name} leaves the team. Its leads no longer see their ramps and practice."
        ));
    }
    said
}

/// From the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Outside,
    Member,
    Lead,
}

impl Place {
    /// `None` is no membership, `true` one that leads.
    pub fn of(leads: Option<bool>) -> Self {
        match leads {
            None => Self::Outside,
            Some(false) => Self::Member,
            Some(true) => Self::Lead,
        }
    }

    /// The word in forms and in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Member => "member",
            Self::Lead => "lead",
        }
    }

    /// Whether a move gives or takes rights that others rely on. Then it needs a reason.
    pub fn needs_reason(self, to: Self) -> bool {
        to < self || to == Self::Lead
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Outside, Self::Member, Self::Lead]
            .into_iter()
            .find(|place| place.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gives_or_takes_a_right_needs_a_reason_and_says_what_it_does() {
        use Place::{Lead, Member, Outside};
        for from in [Outside, Member, Lead] {
            for to in [Outside, Member, Lead] {
                let is_plain = from == to && to != Lead || (from, to) == (Outside, Member);
                assert_eq!(from.needs_reason(to), !is_plain, "{from:?} to {to:?}");
                let says = !effects("Ada", (from, to), false).is_empty();
                assert!(says || is_plain, "{from:?} to {to:?}");
            }
        }
        let last = |is_last| effects("Ada", (Lead, Member), is_last).len();
        assert_eq!((last(false), last(true)), (1, 2));
    }
}
