//! Points of a sign-off: gaps that a return names, conditions that an approval sets. Each is open until someone closes
//! it with a note.

pub mod model;
pub mod store;

use crate::db::types::UtcTime;
use crate::domain::standard::Content;
use crate::text_enum;
use crate::words::Words;

/// The text of one point.
pub type Line = Words<300>;

/// Most gaps of one return.
pub const MAX_GAPS: usize = 10;

/// Most conditions of one approval.
pub const MAX_CONDITIONS: usize = 5;

text_enum! {
    pub enum PointKind {
        /// Missing when a sign-off was returned; a mentor of the ramp closes it.
        Gap = "gap" / "Gap",
        /// Still required when a clearance was granted; those who may change the clearance tick it off.
        Condition = "condition" / "Condition",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing<'a> {
    /// Row of `people`.
    pub by_id: i64,
    pub at: UtcTime,
    pub note: &'a str,
}

/// Reads one point from each line of a field.
pub fn lines(text: &str, most: usize) -> Result<Vec<Line>, String> {
    Line::lines(text, most)
}

/// Splits a line into the code it begins with (of a competency or checklist item) and the rest: `PAY-I2: run it at
/// night`. A line without a code of the standard is about the whole ramp.
pub fn about<'a>(
    line: &'a Line,
    content: &Content,
    area_code: &str,
) -> Result<(Option<String>, &'a str), String> {
    let text = line.as_str();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let code = first.trim_end_matches([':', ',']).to_uppercase();
    if content.competency(&code).is_some() || content.item(&code).is_some() {
        return match rest.trim() {
            "" => Err(format!(
                "Say what is missing about {code}, in the same line."
            )),
            rest => Ok((Some(code), rest)),
        };
    }
    match code.strip_prefix(area_code) {
        Some(rest) if rest.starts_with('-') => Err(format!(
            "{code} is not a competency or checklist item of this standard."
        )),
        _ => Ok((None, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::standard::{DoneBy, Item, ItemGroup};

    #[test]
    fn a_line_may_begin_with_a_code() {
        let content = Content {
            items: vec![Item {
                code: "PAY-K1".into(),
                group: ItemGroup::Read,
                text: "Read the runbook".into(),
                done_by: DoneBy::Mentee,
                link: None,
            }],
            ..Content::default()
        };
        let read = |text: &str| {
            let line = Line::parse(text).unwrap();
            about(&line, &content, "PAY").map(|(code, words)| (code, words.to_owned()))
        };
        let of_k1 = Ok((Some("PAY-K1".to_owned()), "read it again".to_owned()));
        assert_eq!(read("PAY-K1 read it again"), of_k1);
        assert_eq!(read("pay-k1:  read it again"), of_k1);
        assert_eq!(
            read("PAYING at night").unwrap().0,
            None,
            "a word that only begins like the area"
        );
        assert_eq!(read("Once more").unwrap(), (None, "Once more".into()));
        assert!(read("PAY-K1").unwrap_err().contains("Say what is missing"));
        assert!(
            read("PAY-K9 read it")
                .unwrap_err()
                .contains("is not a competency")
        );
    }
}
