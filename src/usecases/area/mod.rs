//! What is done with areas.

pub mod actions;
