//! What is done with drills.

pub mod actions;
pub mod debrief;
pub mod detail;
pub mod run;
pub mod waiting;
