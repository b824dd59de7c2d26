//! Clearances: change, conditions, delta review.

pub mod actions;
pub mod delta;
pub mod detail;
pub mod takeover;
