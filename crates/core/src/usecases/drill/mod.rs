//! Drills: plan, run, debrief.

pub mod actions;
pub mod candidates;
pub mod debrief;
pub mod detail;
pub mod lists;
pub mod run;
pub mod waiting;
