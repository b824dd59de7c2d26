//! What a person is in a team.

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

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Outside, Self::Member, Self::Lead]
            .into_iter()
            .find(|place| place.word() == word)
    }
}
