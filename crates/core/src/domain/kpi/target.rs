//! What is wanted of a figure, by whom, and since when.

use super::{Goal, Kpi, Unit, shown};
use crate::db::types::UtcTime;
use crate::error::FieldErrors;

/// The target of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    pub id: i64,
    pub kpi: Kpi,
    pub goal: Goal,
    /// Who answers for it, and writes its notes.
    pub owner_id: i64,
    pub set_by: Option<i64>,
    pub set_at: UtcTime,
}

/// Reads the two ends as they were typed; one of them may be empty.
pub fn read((low, high): (&str, &str), unit: Unit, errors: &mut FieldErrors) -> Option<Goal> {
    let mut end = |field: &str, text: &str| {
        shown::read(text, unit)
            .map_err(|sentence| errors.add(field, sentence))
            .ok()
    };
    let (low, high) = (end("low", low), end("high", high));
    let (low, high) = (low?, high?);
    let goal = goal(low, high);
    match goal {
        None => errors.add("low", "Enter a lowest value, a highest value, or both."),
        Some(Goal::Between(low, high)) if low > high => {
            errors.add("high", "The highest value is below the lowest one.");
        }
        Some(_) => return goal,
    }
    None
}

/// The goal with these ends.
pub fn goal(low: Option<f64>, high: Option<f64>) -> Option<Goal> {
    match (low, high) {
        (Some(low), Some(high)) => Some(Goal::Between(low, high)),
        (Some(low), None) => Some(Goal::AtLeast(low)),
        (None, Some(high)) => Some(Goal::AtMost(high)),
        (None, None) => None,
    }
}

/// The lowest and the highest value of a goal.
pub fn ends(goal: Goal) -> (Option<f64>, Option<f64>) {
    match goal {
        Goal::AtLeast(low) => (Some(low), None),
        Goal::AtMost(high) => (None, Some(high)),
        Goal::Between(low, high) => (Some(low), Some(high)),
    }
}

/// The target of a figure among rows in the order in which they were set.
pub fn current(all: &[Target], kpi: Kpi) -> Option<&Target> {
    all.iter().rev().find(|t| t.kpi == kpi)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(low: &str, high: &str) -> Result<Goal, Vec<String>> {
        let mut errors = FieldErrors::default();
        let goal = read((low, high), Unit::Share, &mut errors);
        goal.ok_or_else(|| errors.iter().map(|(field, _)| field.to_owned()).collect())
    }

    #[test]
    fn a_target_has_one_end_or_two() {
        assert_eq!(typed("80", ""), Ok(Goal::AtLeast(0.8)));
        assert_eq!(typed("", "10"), Ok(Goal::AtMost(0.1)));
        assert_eq!(typed("10", "20"), Ok(Goal::Between(0.1, 0.2)));
        assert_eq!(typed("", ""), Err(vec!["low".into()]));
        assert_eq!(typed("20", "10"), Err(vec!["high".into()]));
        assert_eq!(typed("x", "y"), Err(vec!["low".into(), "high".into()]));
        for either in [
            Goal::AtLeast(1.0),
            Goal::AtMost(2.0),
            Goal::Between(1.0, 2.0),
        ] {
            let (low, high) = ends(either);
            assert_eq!(goal(low, high), Some(either));
        }
    }
}
