//! What the search finds: kinds of pages, who may find them, and words in a text.
//!
//! A new kind is a variant of [`Kind`], after those whose names it shows, with its [`Reach`] and its texts in [`texts`]:
//! the index is made and kept up to date by going through [`Kind::ALL`]. A new [`Reach`] is an arm of
//! `usecases::search::find`.

mod changed;
mod snippet;
pub mod store;
pub mod texts;

pub use changed::{Changed, refresh};
pub use snippet::{Part, marked, snippet};

use crate::text;
use crate::text_enum;

/// Counted up whenever other texts are found, or [`crate::text`] splits and folds words in another way.
pub const VERSION: i32 = 2;
/// Most words of a search.
const WORDS: usize = 8;

text_enum! {
    /// What a hit is.
    pub enum Kind {
        Person = "person" / "Person",
        Area = "area" / "Area",
        System = "system" / "System",
        /// Of the published standard of its area.
        Competency = "competency" / "Competency",
        Ramp = "ramp" / "Ramp",
        /// Planned or held, and replaced by no other.
        Session = "session" / "Session",
        /// Planned or debriefed.
        Shift = "shift" / "Shift",
        Postmortem = "postmortem" / "Post-mortem",
        Drill = "drill" / "Drill",
        /// What its latest version says, unless it was removed.
        Comment = "comment" / "Discussion",
    }
}

/// Who may find it: those who may read its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everyone who is signed in.
    Members,
    /// Those whom its ramp concerns, and administrators.
    Ramp,
    /// The same, and the person on call.
    Shift,
    /// Readers of the post-mortem.
    Library,
    /// Readers of the page that it is on, unless that keeps its discussion back from them.
    Discussion,
}

impl Kind {
    pub fn reach(self) -> Reach {
        match self {
            // The texts of a drill hold nothing of its sheet before the debrief.
            Self::Person | Self::Area | Self::System | Self::Competency | Self::Drill => {
                Reach::Members
            }
            Self::Ramp | Self::Session => Reach::Ramp,
            Self::Shift => Reach::Shift,
            Self::Postmortem => Reach::Library,
            Self::Comment => Reach::Discussion,
        }
    }

    /// All kinds with one of these reaches.
    pub fn within(reaches: &[Reach]) -> Vec<Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|kind| reaches.contains(&kind.reach())).collect()
    }

    /// Whether entries of other kinds show its name; [`texts::shown`] says which.
    fn is_shown_elsewhere(self) -> bool {
        matches!(
            self,
            Self::Person | Self::Area | Self::Postmortem | Self::Drill
        )
    }

    /// The kind whose row it is kept under, where several share one.
    fn kept_under(self) -> Option<Self> {
        match self {
            Self::System | Self::Competency => Some(Self::Area),
            _ => None,
        }
    }
}

/// The words somebody looks for, as they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought(Vec<String>);

impl Sought {
    /// Reads what was typed, whatever it is; `None` where nothing can be looked for. One letter of an alphabet is too
    /// little: nearly everything would be found.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut words = text::sought(text::wanted(typed));
        words.truncate(WORDS);
        let is_one_letter = matches!(words.as_slice(), [word] if text::is_one_letter(word));
        (!words.is_empty() && !is_one_letter).then_some(Self(words))
    }

    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether a text has all of the words.
    pub fn fits(&self, text: &str) -> bool {
        let words = text::words(text);
        let has = |sought: &String| words.iter().any(|w| w.found_by(sought).is_some());
        self.0.iter().all(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_is_looked_for_where_it_is_a_word() {
        for typed in ["a", "É", "7", "я", "λ", "-", " ", "ー", "\u{301}"] {
            assert_eq!(Sought::parse(typed), None, "{typed}");
        }
        for (typed, words) in [
            ("障", vec!["障"]),
            ("ｶﾞ", vec!["ガ"]),
            ("한", vec!["한"]),
            ("a 障", vec!["a", "障"]),
            ("a障", vec!["a", "障"]),
            ("Kafka障害", vec!["kafka", "障害"]),
            ("障害kafka対応中", vec!["障害", "kafka", "対応", "応中"]),
            ("x y", vec!["x", "y"]),
        ] {
            let sought = Sought::parse(typed).unwrap();
            assert_eq!(sought.words(), words, "{typed}");
        }
    }

    #[test]
    fn mixed_text_is_found_by_each_of_its_parts() {
        let text = "Kafka障害の対応, 2回目; APIが遅い";
        for typed in [
            "kafka",
            "障害",
            "害",
            "障害 kafka",
            "kafka障害",
            "対応",
            "2回",
            "api 遅い",
            "が遅",
        ] {
            assert!(Sought::parse(typed).unwrap().fits(text), "{typed}");
        }
        for typed in ["害障", "応対", "kafka遅延", "回2x"] {
            assert!(!Sought::parse(typed).unwrap().fits(text), "{typed}");
        }
    }
}
