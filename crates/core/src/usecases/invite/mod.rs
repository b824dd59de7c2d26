//! One-time links.

pub mod actions;
mod letters;
pub mod reset;
