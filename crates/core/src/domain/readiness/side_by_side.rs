//! Where the mentee's view and the mentor's differ: what to discuss in the next session.

use std::cmp::Reverse;

use super::Readiness;
use crate::domain::standard::{Competency, Content, Level};

/// A competency that both sides have judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    pub competency: &'a Competency,
    /// The mentee's own level.
    pub own: Level,
    pub mentor: Level,
}

impl Pair<'_> {
    /// The difference in levels.
    pub fn distance(&self) -> u8 {
        self.own.number().abs_diff(self.mentor.number())
    }
}

/// Competencies that both sides have judged: the largest differences first, then critical ones, then in the standard's
/// order. `readiness` is what the viewer may see.
pub fn side_by_side<'a>(content: &'a Content, readiness: &Readiness) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair<'a>> = content
        .competencies
        .iter()
        .filter_map(|competency| {
            let state = readiness.competency(&competency.code)?;
            Some(Pair {
                competency,
                own: state.self_level?,
                mentor: state.mentor_level?,
            })
        })
        .collect();
    pairs.sort_by_key(|p| (Reverse(p.distance()), !p.competency.critical));
    pairs
}
