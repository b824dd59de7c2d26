//! Signing in and out.

pub mod actions;
mod letters;
