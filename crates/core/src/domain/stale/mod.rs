//! Checklist lines that someone on a ramp found out of date. The next version answers a flag, or it is closed with a
//! reason; the person who set it is thanked.

pub mod model;
pub mod store;

use crate::domain::standard::Content;
use crate::forms::Fields;
use crate::text_enum;

text_enum! {
    /// The part of a checklist line that is out of date.
    pub enum Part {
        Line = "line" / "The line",
        Link = "link" / "The link",
    }
}

/// How many days the home page shows the outcome to the person who flagged a line.
pub const NOTICE_DAYS: i64 = 30;

/// Most characters in the note of a flag, or of closing it.
pub const NOTE_CHARS: usize = 500;

/// Whether a version answers a flag on that line: the line differs from the version before, or is gone. A code is the
/// line's identity, so a flag set on an older version is answered as well.
pub fn is_answered(before: Option<&Content>, after: &Content, code: &str) -> bool {
    before.and_then(|b| b.item(code)) != after.item(code)
}

/// The flags in the form of a line: those shown as answered, and those ticked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ticks {
    /// Flags that were ticked when the form was opened.
    pub shown: Vec<i64>,
    /// Flags that are ticked when it is sent.
    pub ticked: Vec<i64>,
}

impl Ticks {
    /// Reads the fields `answers` and `shown_answers` of a form.
    pub fn parse(fields: &Fields) -> Self {
        let ids = |name| fields.all(name).filter_map(|id| id.parse().ok()).collect();
        Self {
            shown: ids("shown_answers"),
            ticked: ids("answers"),
        }
    }

    /// Whether a flag is answered after the form; `is_answered` is the state before. Only a tick that someone set or
    /// removed counts, so that answers given by others since the form was opened stay.
    pub fn leaves(&self, flag: i64, is_answered: bool) -> bool {
        match (self.shown.contains(&flag), self.ticked.contains(&flag)) {
            (false, true) => true,
            (true, false) => false,
            _ => is_answered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::Item;
    use crate::sample;

    fn with_links(links: &[(&str, Option<&str>)]) -> Content {
        let item = |(code, link): &(&str, Option<&str>)| Item {
            link: link.map(str::to_owned),
            ..sample::item(code)
        };
        Content {
            items: links.iter().map(item).collect(),
            ..Content::default()
        }
    }

    #[test]
    fn a_form_changes_only_what_was_changed_on_it() {
        // shown, ticked, answered before, answered after the form
        let table = [
            (false, false, false, false),
            (false, false, true, true),
            (false, true, false, true),
            (false, true, true, true),
            (true, true, true, true),
            (true, true, false, false),
            (true, false, true, false),
            (true, false, false, false),
        ];
        for (shown, ticked, before, after) in table {
            let mut fields = vec![("shown_answers", "8"), ("answers", "9")];
            fields.extend(shown.then_some(("shown_answers", "7")));
            fields.extend(ticked.then_some(("answers", "7")));
            let ticks = Ticks::parse(&Fields::of(&fields));
            assert_eq!(ticks.leaves(7, before), after, "{shown} {ticked} {before}");
        }
    }

    #[test]
    fn a_flag_is_answered_by_a_change_of_its_own_line_only() {
        let before = with_links(&[("PAY-K1", Some("http://old")), ("PAY-K2", None)]);
        let table = [
            (before.clone(), false),
            (
                with_links(&[("PAY-K2", None), ("PAY-K1", Some("http://old"))]),
                false,
            ),
            (with_links(&[("PAY-K1", Some("http://old"))]), false),
            (with_links(&[("PAY-K1", Some("http://new"))]), true),
            (with_links(&[("PAY-K1", None)]), true),
            (with_links(&[("PAY-K2", None)]), true),
        ];
        for (after, answered) in table {
            assert_eq!(
                is_answered(Some(&before), &after, "PAY-K1"),
                answered,
                "{after:?}"
            );
        }
        assert!(
            !is_answered(Some(&before), &before, "PAY-K9"),
            "a line from an older version"
        );
    }
}
