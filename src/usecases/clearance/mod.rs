//! What is done with clearances.

pub mod actions;
pub mod delta;
pub mod detail;
