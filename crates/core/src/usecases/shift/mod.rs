//! Shifts: plan, ledger, debrief.

pub mod actions;
pub mod availability;
pub mod debrief;
pub mod detail;
pub mod ledger;
pub mod lists;
