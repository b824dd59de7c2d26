//! Pieces that pages of several nouns show.

pub mod chart;
pub mod choice;
pub mod discussion;
pub mod filters;
pub mod links;
pub mod picture;
pub mod planned;
pub mod point;
pub mod practised;
pub mod removal;
pub mod shift;
pub mod standard;
pub mod table;
pub mod team;
pub mod waiting;
