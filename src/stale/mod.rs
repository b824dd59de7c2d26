//! Lines of a checklist that somebody on a ramp found out of date: flagged, answered by the next version or closed with
//! a reason, and whoever flagged them thanked.

pub mod actions;
pub mod store;
pub mod web;

use crate::standard::Content;
use crate::text_enum;

text_enum! {
    /// What of a checklist line is out of date.
    pub enum Part {
        /// Its words.
        Line = "line" / "The line",
        /// Where it leads.
        Link = "link" / "The link",
    }
}

/// For so many days whoever flagged a line is told on home what became of it.
pub const TOLD_DAYS: i64 = 30;

/// Most characters of the words that go with a flag, or with closing it.
pub const NOTE_CHARS: usize = 500;

/// Whether a version answers a flag on that line: the line is not what it was in the version before, or is gone. A code
/// is the line's identity, so a flag set on an older version is answered as well.
#[must_use]
pub fn is_answered(before: Option<&Content>, after: &Content, code: &str) -> bool {
    before.and_then(|b| b.item(code)) != after.item(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::{DoneBy, Item, ItemGroup};

    fn content(links: &[(&str, Option<&str>)]) -> Content {
        let item = |(code, link): &(&str, Option<&str>)| Item {
            code: (*code).into(),
            group: ItemGroup::Read,
            text: "Read the runbook".into(),
            done_by: DoneBy::Mentee,
            link: link.map(str::to_owned),
        };
        Content {
            items: links.iter().map(item).collect(),
            ..Content::default()
        }
    }

    #[test]
    fn a_flag_is_answered_by_a_change_of_its_own_line_only() {
        let before = content(&[("PAY-K1", Some("http://old")), ("PAY-K2", None)]);
        let table = [
            (before.clone(), false),
            (
                content(&[("PAY-K2", None), ("PAY-K1", Some("http://old"))]),
                false,
            ),
            (content(&[("PAY-K1", Some("http://old"))]), false),
            (content(&[("PAY-K1", Some("http://new"))]), true),
            (content(&[("PAY-K1", None)]), true),
            (content(&[("PAY-K2", None)]), true),
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
