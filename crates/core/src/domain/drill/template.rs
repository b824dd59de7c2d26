//! The prefilled form of a new drill: empty, or from a post-mortem.

use super::{DrillKind, LINE_CHARS};
use crate::words::clipped;

/// What the form of a new drill shows first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DrillTemplate {
    pub kind: Option<DrillKind>,
    pub title: String,
    /// What happens, for the game master.
    pub scenario: String,
    /// The game master's injects, in order.
    pub injects: Vec<String>,
    /// What the players should do, each with the code of the competency that it shows.
    pub expected: Vec<(Option<String>, String)>,
    /// The post-mortem it comes from, by its name in URLs.
    pub postmortem: Option<String>,
}

impl DrillTemplate {
    /// The injects as form text, one a line.
    pub fn injects_typed(&self) -> String {
        let lines: Vec<String> = self
            .injects
            .iter()
            .map(|line| fitted(&one_line(line)))
            .collect();
        lines.join("\n")
    }

    /// The expected observations as form text: one a line, the code in front.
    pub fn expected_typed(&self) -> String {
        let lines: Vec<String> = self
            .expected
            .iter()
            .map(|(code, body)| fitted(&typed(code.as_deref(), body)))
            .collect();
        lines.join("\n")
    }
}

/// An expected observation as form text.
pub fn typed(code: Option<&str>, body: &str) -> String {
    match code {
        Some(code) => format!("{code} {}", one_line(body)),
        None => one_line(body),
    }
}

/// A text of a post-mortem may be longer than a line of the sheet, so it is cut.
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
    fn a_text_too_long_for_a_line_is_cut_after_a_word() {
        let template = DrillTemplate {
            injects: vec!["The pager rings ".repeat(30)],
            expected: vec![(Some("PAY-I1".into()), "Looks at it ".repeat(40))],
            ..DrillTemplate::default()
        };
        for (line, end) in [
            (template.injects_typed(), "pager…"),
            (template.expected_typed(), "at it…"),
        ] {
            assert!(crate::domain::drill::LineWords::parse(&line).is_ok());
            assert!(line.ends_with(end), "{line}");
        }
        assert!(template.expected_typed().starts_with("PAY-I1 Looks"));
    }

    #[test]
    fn each_prefilled_line_begins_with_its_code() {
        let template = DrillTemplate {
            injects: vec!["The pager\nrings".into(), "Support calls".into()],
            expected: vec![
                (Some("PAY-I1".into()), "Switches  over".into()),
                (None, "Tells finance".into()),
            ],
            ..DrillTemplate::default()
        };
        assert_eq!(template.injects_typed(), "The pager rings\nSupport calls");
        assert_eq!(
            template.expected_typed(),
            "PAY-I1 Switches over\nTells finance"
        );
    }
}
