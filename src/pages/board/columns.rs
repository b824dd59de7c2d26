//! The heads of the board, and which of its columns are shown.

use crate::pages::board::strip::{Words, plural};
use crate::pages::status;
use crate::usecases::board::Board;

/// More areas than that do not fit next to each other on any screen: the table scrolls, and its heads are short.
const FITTING: usize = 7;

pub struct Head {
    pub code: String,
    pub name: String,
    pub slug: String,
    pub css: &'static str,
    pub share: String,
    pub word: String,
}

/// Which columns are shown. Of many, those in which nobody shown has anything are left out.
pub struct Columns {
    is_shown: Vec<bool>,
    folded: usize,
    folds: bool,
}

impl Columns {
    pub fn of(board: &Board, words: &Words) -> Self {
        let blank = board.blank_columns();
        let many = blank.len() > FITTING && blank.contains(&false);
        let folded = if many {
            blank.iter().filter(|is| **is).count()
        } else {
            0
        };
        let folds = folded > 0 && !words.all_columns;
        Self {
            is_shown: blank.iter().map(|blank| !(folds && *blank)).collect(),
            folded,
            folds,
        }
    }

    pub fn shown<'a, T>(&'a self, all: &'a [T]) -> impl Iterator<Item = &'a T> {
        let pairs = all.iter().zip(&self.is_shown);
        pairs.filter(|(_, is_shown)| **is_shown).map(|(one, _)| one)
    }

    pub fn heads(&self, board: &Board) -> Vec<Head> {
        self.shown(&board.columns)
            .map(|column| Head {
                code: column.code.clone(),
                name: column.name.clone(),
                slug: column.slug.clone(),
                css: status::cover(column.cover.cover).0,
                share: column.cover.share(),
                word: column.cover.cover.label(),
            })
            .collect()
    }

    /// They are more than fit next to each other.
    pub fn scrolls(&self) -> bool {
        self.is_shown.iter().filter(|is| **is).count() > FITTING
    }

    /// The link that shows what is left out, or leaves it out again, with its address.
    pub fn fold(&self, words: &Words) -> Option<(String, String)> {
        let verb = if self.folds { "Show" } else { "Hide" };
        let blank = plural(
            self.folded,
            "area without anything",
            "areas without anything",
        );
        (self.folded > 0).then(|| (format!("{verb} {blank}"), words.with_columns(self.folds)))
    }
}
