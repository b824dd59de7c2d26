//! What the search finds: kinds of pages, who may find them, and words in a text.
//!
//! A new kind is a variant of [`Kind`] with its [`Reach`], its texts in [`texts`], its rows in [`Changed`], and a step of
//! [`refresh`] and of `usecases::search::rebuild`. A new [`Reach`] is an arm of `usecases::search::find`.

mod changed;
mod snippet;
pub mod store;
pub mod texts;

pub use changed::{Changed, refresh};
pub use snippet::{Part, marked, snippet};

use crate::text;
use crate::text_enum;

/// Counted up whenever other texts are found, or [`crate::text`] splits and folds words in another way.
pub const VERSION: i32 = 1;
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
        Postmortem = "postmortem" / "Post-mortem",
        Drill = "drill" / "Drill",
    }
}

/// Who may find it: those who may read its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everyone who is signed in.
    Members,
    /// Those whom its ramp concerns, and administrators.
    Ramp,
    /// Readers of the post-mortem.
    Library,
}

impl Kind {
    pub fn reach(self) -> Reach {
        match self {
            // The texts of a drill hold nothing of its sheet before the debrief.
            Self::Person | Self::Area | Self::System | Self::Competency | Self::Drill => {
                Reach::Members
            }
            Self::Ramp | Self::Session => Reach::Ramp,
            Self::Postmortem => Reach::Library,
        }
    }

    /// All kinds with that reach.
    pub fn within(reach: Reach) -> Vec<Self> {
        let all = Self::ALL.iter().copied();
        all.filter(|kind| kind.reach() == reach).collect()
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
        let is_one_letter = words.len() == 1 && words.iter().all(|w| w.len() == 1);
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
