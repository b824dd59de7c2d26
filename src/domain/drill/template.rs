//! A drill as it could be, filled in before anybody planned it: from nothing, or from what something else teaches.

use super::{DrillKind, LINE_CHARS};
use crate::words::clipped;

/// What a form for a new drill begins with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DrillTemplate {
    pub kind: Option<DrillKind>,
    /// A name for it.
    pub title: String,
    /// What happens, for the game master.
    pub scenario: String,
    /// What the game master puts in, in order.
    pub injects: Vec<String>,
    /// What the players are expected to do, with the code of the competency that it shows.
    pub expected: Vec<(Option<String>, String)>,
    /// The post-mortem it is made of, by its name in URLs.
    pub postmortem: Option<String>,
}

impl DrillTemplate {
    /// The injects as they are typed: a line each.
    pub fn injects_typed(&self) -> String {
        let lines: Vec<String> = self
            .injects
            .iter()
            .map(|line| fitted(&one_line(line)))
            .collect();
        lines.join("\n")
    }

    /// The expected observations as they are typed: a line each, the code in front.
    pub fn expected_typed(&self) -> String {
        let lines: Vec<String> = self
            .expected
            .iter()
            .map(|(code, body)| fitted(&typed(code.as_deref(), body)))
            .collect();
        lines.join("\n")
    }
}

/// An expected observation as it is typed.
pub fn typed(code: Option<&str>, body: &str) -> String {
    match code {
        Some(code) => format!("{code} {}", one_line(body)),
        None => one_line(body),
    }
}

/// What something else teaches may be said at greater length than a line of the sheet takes.
fn fitted(line: &str) -> String {
    clipped(line, LINE_CHARS)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_a_line_ends_with_a_word() {
        let sketch = DrillTemplate {
            injects: vec!["The pager rings ".repeat(30)],
            expected: vec![(Some("PAY-I1".into()), "Looks at it ".repeat(40))],
            ..DrillTemplate::default()
        };
        for (line, end) in [
            (sketch.injects_typed(), "pager…"),
            (sketch.expected_typed(), "at it…"),
        ] {
            assert!(crate::domain::drill::LineWords::parse(&line).is_ok());
            assert!(line.ends_with(end), "{line}");
        }
        assert!(sketch.expected_typed().starts_with("PAY-I1 Looks"));
    }

    #[test]
    fn what_is_filled_in_is_a_line_each_with_the_code_in_front() {
        let sketch = DrillTemplate {
            injects: vec!["The pager\nrings".into(), "Support calls".into()],
            expected: vec![
                (Some("PAY-I1".into()), "Switches  over".into()),
                (None, "Tells finance".into()),
            ],
            ..DrillTemplate::default()
        };
        assert_eq!(sketch.injects_typed(), "The pager rings\nSupport calls");
        assert_eq!(
            sketch.expected_typed(),
            "PAY-I1 Switches over\nTells finance"
        );
    }
}
