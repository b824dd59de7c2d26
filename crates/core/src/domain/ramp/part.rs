//! The page of a ramp comes in parts, each at an address of its own.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Overview,
    Competencies,
    Checklist,
    Sessions,
    History,
}

impl Part {
    pub const ALL: [Self; 5] = [
        Self::Overview,
        Self::Competencies,
        Self::Checklist,
        Self::Sessions,
        Self::History,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Competencies => "Competencies",
            Self::Checklist => "Checklist",
            Self::Sessions => "Sessions and shifts",
            Self::History => "History",
        }
    }

    pub fn of(self, ramp_id: i64) -> String {
        let part = match self {
            Self::Overview => "",
            Self::Competencies => "/competencies",
            Self::Checklist => "/checklist",
            Self::Sessions => "/sessions",
            Self::History => "/history",
        };
        format!("/ramps/{ramp_id}{part}")
    }

    /// Something in that part, by its name there.
    pub fn at(self, ramp_id: i64, name: &str) -> String {
        format!("{}#{name}", self.of(ramp_id))
    }
}

/// The page on which several items are ticked at once.
pub fn items_of(ramp_id: i64) -> String {
    format!("/ramps/{ramp_id}/items")
}

/// The line of an item on the checklist.
pub fn item_line(ramp_id: i64, code: &str) -> String {
    Part::Checklist.at(ramp_id, &format!("item-{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_an_address_of_its_own() {
        let mut all = Part::ALL.map(|part| part.of(12)).to_vec();
        assert_eq!(all[0], "/ramps/12");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), Part::ALL.len());
        assert_eq!(item_line(12, "PAY-K1"), "/ramps/12/checklist#item-PAY-K1");
    }
}
