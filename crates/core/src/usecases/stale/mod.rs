//! Stale flags.

pub mod actions;
