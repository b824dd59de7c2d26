//! Pictures that people add to a post-mortem or a comment.

pub mod read;
pub mod store;

use std::fmt;

use crate::error::FieldErrors;
use crate::text_enum;
use crate::words::Title;

/// Most bytes of a file as it is sent.
pub const MOST_BYTES: usize = 8 << 20;

/// What a picture shows, in words.
pub type Alt = Title<200>;

text_enum! {
    /// What pictures belong to.
    pub enum OwnerKind {
        Postmortem = "postmortem" / "Post-mortem",
        Comment = "comment" / "Comment",
    }
}

/// What a picture belongs to, with its row.
pub type Owner = (OwnerKind, i64);

/// Most pictures of one owner.
pub fn most(kind: OwnerKind) -> usize {
    match kind {
        OwnerKind::Postmortem => 30,
        OwnerKind::Comment => 4,
    }
}

text_enum! {
    /// How it is kept.
    pub enum Kind {
        Png = "png" / "PNG",
        Jpeg = "jpeg" / "JPEG",
    }
}

impl Kind {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// A picture as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { width, height, .. } = self;
        write!(f, "{:?} of {width} x {height}", self.kind)
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It was chosen before the form came back, and browsers send a file once.
    Again,
    /// Its bytes are of none of the three kinds, whatever its name says.
    Kind,
    TooManyBytes,
    TooManyPixels,
    Moving,
    Broken,
}

impl Refused {
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Again => "Choose the picture again.",
            Self::Kind => "This is no PNG, JPEG or WebP picture. Choose one.",
            Self::TooManyBytes => "This picture has more than 8 MB. Make it smaller.",
            Self::TooManyPixels => "This picture has more than 25 million pixels. Make it smaller.",
            Self::Moving => "This picture moves. Choose one without animation.",
            Self::Broken => "This picture cannot be read. Save it again, then choose it.",
        }
    }
}

/// A file that was chosen, read.
pub type Chosen = Result<Picture, Refused>;

/// A picture that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    pub picture: Picture,
    pub alt: Alt,
}

impl New {
    /// What the fields `picture` and `alt` hold; nothing when both are empty.
    ///
    /// Errors: Sentences at them. A picture that could be taken is asked for again where its words are wrong.
    pub fn parse(chosen: Option<Chosen>, alt: &str) -> Result<Option<Self>, FieldErrors> {
        let mut errors = FieldErrors::default();
        if chosen.is_none() && alt.trim().is_empty() {
            return Ok(None);
        }
        let picture = match chosen {
            Some(Ok(picture)) => Some(picture),
            Some(Err(refused)) => {
                errors.add("picture", refused.sentence());
                None
            }
            None => {
                errors.add("picture", "Choose the picture that these words describe.");
                None
            }
        };
        let alt = Alt::required(
            alt,
            "Say what the picture shows, for those who cannot see it.",
        );
        let alt = alt.map_err(|why| errors.add("alt", why)).ok();
        match (picture, alt) {
            (Some(picture), Some(alt)) if errors.is_empty() => Ok(Some(Self { picture, alt })),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_needs_words_and_words_need_their_picture() {
        let dot = Picture {
            kind: Kind::Png,
            width: 1,
            height: 1,
            bytes: vec![1],
        };
        let long = "x".repeat(201);
        let table: [(Option<Chosen>, &str, [bool; 2]); 6] = [
            (Some(Ok(dot.clone())), "The queue", [false, false]),
            (Some(Ok(dot.clone())), " ", [false, true]),
            (Some(Ok(dot)), &long, [false, true]),
            (Some(Err(Refused::Broken)), "The queue", [true, false]),
            (Some(Err(Refused::Kind)), "", [true, true]),
            (None, "The queue", [true, false]),
        ];
        for (chosen, alt, wrong) in table {
            let told = New::parse(chosen, alt).err().unwrap_or_default();
            let at = ["picture", "alt"].map(|field| told.get(field).is_some());
            assert_eq!(at, wrong, "{alt:?}");
        }
        assert_eq!(New::parse(None, " "), Ok(None));
    }
}
