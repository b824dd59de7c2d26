//! Interim clearances.

pub mod actions;
