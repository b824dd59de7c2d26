//! What is done with one-time links.

pub mod actions;
