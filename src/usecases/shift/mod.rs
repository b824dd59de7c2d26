//! What is done with shifts.

pub mod actions;
pub mod availability;
pub mod debrief;
pub mod detail;
pub mod ledger;
pub mod lists;
