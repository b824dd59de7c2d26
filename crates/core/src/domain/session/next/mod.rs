//! Next actions: what was agreed to do, carried from session to session until it is done.

pub mod store;

use crate::words::Words;

/// Most next actions of one session.
const MAX: usize = 10;

/// The text of a next action: never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextWords(Words<300>);

impl NextWords {
    /// Reads one next action from each line; ignores empty lines and repetitions.
    pub fn lines(text: &str) -> Result<Vec<Self>, String> {
        let mut all: Vec<Self> = Vec::new();
        for (n, line) in text.split(['\n', '\r']).enumerate() {
            let words = Words::parse(line).map_err(|s| format!("Line {}: {s}", n + 1))?;
            if !words.is_empty() && !all.iter().any(|w| w.0 == words) {
                all.push(Self(words));
            }
        }
        match all.len() {
            n if n > MAX => Err(format!(
                "These are {n} lines. The limit is {MAX} next actions."
            )),
            _ => Ok(all),
        }
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_line_is_an_action_and_empty_ones_are_not() {
        let read = |text: &str| {
            let all = NextWords::lines(text)?;
            Ok::<_, String>(
                all.iter()
                    .map(|w| w.as_str().to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(read(" \r\n\r\n"), Ok(vec![]));
        assert_eq!(
            read("Drain eu-west\r\n\n  Read the runbook \nDrain eu-west"),
            Ok(vec!["Drain eu-west".into(), "Read the runbook".into()])
        );
        let long = format!("short\n{}", "x".repeat(301));
        assert!(read(&long).unwrap_err().starts_with("Line 2: This has 301"));
        let many: Vec<String> = (0..11).map(|n| n.to_string()).collect();
        assert!(read(&many.join("\n")).unwrap_err().contains("11 lines"));
    }

    proptest! {
        #[test]
        fn next_actions_read_back_the_same(text in "([a-c \\r\\n]|\\PC){0,60}") {
            if let Ok(all) = NextWords::lines(&text) {
                let lines: Vec<&str> = all.iter().map(NextWords::as_str).collect();
                prop_assert!(lines.iter().all(|l| !l.trim().is_empty()));
                prop_assert_eq!(NextWords::lines(&lines.join("\n")), Ok(all.clone()));
            }
        }
    }
}
