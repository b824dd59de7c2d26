//! What is done with signing in.

pub mod actions;
