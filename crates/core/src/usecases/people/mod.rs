//! People and teams.

pub mod actions;
pub mod admin;
pub mod erase;
pub mod find;
pub mod logbook;
pub mod mentoring;
pub mod welcome;
