//! One-time links.

pub mod actions;
