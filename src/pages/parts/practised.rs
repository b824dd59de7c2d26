//! A competency in a list where help is marked.

use super::choice::Choice;
use crate::domain::standard::{Competency, Level};

/// A competency that may have been practised.
pub struct Practised {
    pub code: String,
    pub statement: String,
    pub critical: bool,
    /// `at 2, needs 3`; `needs 3` where nothing was judged yet.
    pub stands: String,
    pub choices: Vec<Choice>,
    pub chosen: bool,
}

impl Practised {
    /// A competency to be marked, which is at that level as far as the viewer is told, and needed that much help.
    pub fn of(competency: &Competency, at: Option<Level>, help: &str) -> Self {
        let needs = competency.required_level.number();
        let none = Choice::new(String::new(), "Not practised", help.is_empty());
        let levels = Level::ALL.iter().map(|level| {
            Choice::new(
                level.number(),
                level.label(),
                level.number().to_string() == help,
            )
        });
        Self {
            code: competency.code.clone(),
            statement: competency.statement.clone(),
            critical: competency.critical,
            stands: match at {
                Some(level) => format!("at {}, needs {needs}", level.number()),
                None => format!("needs {needs}"),
            },
            choices: std::iter::once(none).chain(levels).collect(),
            chosen: !help.is_empty(),
        }
    }
}
