//! Waivers: ask, decide, revoke.

pub mod actions;
pub mod note;
