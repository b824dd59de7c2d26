//! What is done with waivers.

pub mod actions;
pub mod note;
