//! What people say to one another on the page of a ramp, a sign-off, a post-mortem or a drill.

pub mod mentions;
pub mod model;
pub mod note;
pub mod place;
pub mod store;

use std::collections::{BTreeMap, BTreeSet};

pub use place::{Place, Readers};

use crate::domain::picture;
use crate::error::FieldErrors;
use crate::text_enum;
use crate::words::Words;

text_enum! {
    /// What a discussion is about.
    pub enum PlaceKind {
        Ramp = "ramp" / "Ramp",
        SignOff = "signoff" / "Sign-off",
        Postmortem = "postmortem" / "Post-mortem",
        Drill = "drill" / "Drill",
    }
}

text_enum! {
    /// What somebody wants to hear of a discussion.
    pub enum Choice {
        Follow = "follow" / "Follow",
        /// Only mentions and answers.
        Mute = "mute" / "Mute",
    }
}

/// What a comment says, in Markdown. A view of a moment of decision has three parts, and `body` is what its author would
/// decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub saw: Words<2000>,
    pub believed: Words<2000>,
    pub body: Words<4000>,
    /// Shown below the words.
    pub picture: Option<picture::New>,
    /// Numbers of pictures that are taken away.
    pub without: Vec<i32>,
}

impl Draft {
    /// Errors: Sentences at the fields `saw`, `believed` and `body`.
    pub fn parse(
        is_view: bool,
        saw: &str,
        believed: &str,
        body: &str,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (saw, believed) = if is_view { (saw, believed) } else { ("", "") };
        let missing = match is_view {
            true => "Write what you would decide, and why.",
            false => "Write your comment.",
        };
        let mut part = |field: &str, text: &str| {
            Words::parse(text).unwrap_or_else(|why| {
                errors.add(field, why);
                Words::default()
            })
        };
        let (saw, believed) = (part("saw", saw), part("believed", believed));
        let body = Words::required(body, missing).unwrap_or_else(|why| {
            errors.add("body", why);
            Words::default()
        });
        match errors.is_empty() {
            true => Ok(Self {
                saw,
                believed,
                body,
                picture: None,
                without: Vec::new(),
            }),
            false => Err(errors),
        }
    }

    /// The same with what was chosen beside the words, or every sentence at the fields of both.
    pub fn with(
        draft: Result<Self, FieldErrors>,
        picture: Result<Option<picture::New>, FieldErrors>,
    ) -> Result<Self, FieldErrors> {
        match (draft, picture) {
            (Ok(draft), Ok(picture)) => Ok(Self { picture, ..draft }),
            (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
            (Err(mut errors), Err(more)) => {
                for (field, sentence) in more.iter() {
                    errors.add(field, sentence);
                }
                Err(errors)
            }
        }
    }

    /// Every handle it may mention.
    pub fn handles(&self) -> BTreeSet<String> {
        let parts = [
            self.saw.as_str(),
            self.believed.as_str(),
            self.body.as_str(),
        ];
        parts.into_iter().flat_map(mentions::handles).collect()
    }
}

/// Why somebody hears of a comment; of several reasons the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    Mentioned,
    /// It answers theirs.
    Answered,
    Follows,
}

/// A comment that was just written, as far as it decides who hears of it.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    pub author: i64,
    pub mentioned: &'a [i64],
    /// Who wrote what it answers.
    pub answered: Option<i64>,
    /// Who follows the place unless they chose otherwise.
    pub concerned: &'a [i64],
    pub choices: &'a [(i64, Choice)],
}

/// Who hears of a new comment, and why: each person once, never its author, and nobody who may not read it. A mention and
/// an answer reach those who muted the place too.
pub fn audience(said: &Said<'_>, may_read: impl Fn(i64) -> bool) -> BTreeMap<i64, Why> {
    let choice_of = |id: i64| said.choices.iter().find(|(who, _)| *who == id).map(|c| c.1);
    let by_choice = said.choices.iter().filter(|(_, c)| *c == Choice::Follow);
    let follows = by_choice.map(|(id, _)| *id).chain(
        said.concerned
            .iter()
            .copied()
            .filter(|id| choice_of(*id).is_none()),
    );
    let mentioned = said.mentioned.iter().map(|id| (*id, Why::Mentioned));
    let answered = said.answered.map(|id| (id, Why::Answered));
    let mut told = BTreeMap::new();
    for (id, why) in mentioned
        .chain(answered)
        .chain(follows.map(|id| (id, Why::Follows)))
    {
        if id != said.author && may_read(id) {
            told.entry(id).or_insert(why);
        }
    }
    told
}

/// Whether somebody follows a place: what they chose, or whether it concerns them.
pub fn follows(choice: Option<Choice>, is_concerned: bool) -> bool {
    choice.map_or(is_concerned, |choice| choice == Choice::Follow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mention_reaches_those_who_muted_and_following_does_not() {
        use Choice::{Follow, Mute};
        let said = Said {
            author: 1,
            mentioned: &[2, 1],
            answered: Some(3),
            concerned: &[1, 2, 4, 5],
            choices: &[(2, Mute), (3, Mute), (5, Mute), (6, Follow), (7, Follow)],
        };
        let told = audience(&said, |id| id != 7);
        let expected = [
            (2, Why::Mentioned),
            (3, Why::Answered),
            (4, Why::Follows),
            (6, Why::Follows),
        ];
        assert_eq!(told, BTreeMap::from(expected));
    }

    #[test]
    fn a_comment_needs_words_and_a_view_its_decision() {
        let errors = Draft::parse(false, "", "", "  ").unwrap_err();
        assert_eq!(errors.get("body"), Some("Write your comment."));
        let long = "x".repeat(2001);
        let errors = Draft::parse(true, &long, "", "").unwrap_err();
        assert!(errors.get("saw").is_some() && errors.get("body").is_some());
        // What is no view has no parts, whatever was sent.
        let plain = Draft::parse(false, &long, "@ben", "Ask @amara").unwrap();
        assert_eq!(plain.handles(), BTreeSet::from(["amara".to_owned()]));
    }

    fn some() -> impl Strategy<Value = Vec<i64>> {
        prop::collection::vec(1..8_i64, 0..5)
    }

    proptest! {
        #[test]
        fn nobody_hears_of_what_they_may_not_read_or_wrote(
            author in 1..8_i64,
            mentioned in some(),
            answered in prop::option::of(1..8_i64),
            concerned in some(),
            muted in some(),
            readers in some(),
        ) {
            let choices: Vec<_> = muted.iter().map(|id| (*id, Choice::Mute)).collect();
            let said = Said { author, mentioned: &mentioned, answered, concerned: &concerned, choices: &choices };
            let told = audience(&said, |id| readers.contains(&id));
            for (id, why) in &told {
                prop_assert!(*id != author && readers.contains(id));
                prop_assert!(!(muted.contains(id) && *why == Why::Follows));
            }
            for id in mentioned.iter().filter(|id| **id != author && readers.contains(id)) {
                prop_assert_eq!(told.get(id), Some(&Why::Mentioned));
            }
        }
    }
}
