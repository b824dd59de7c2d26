//! What is done with practice that keeps a clearance.

pub mod actions;
