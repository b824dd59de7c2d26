//! What is done with interim clearances.

pub mod actions;
