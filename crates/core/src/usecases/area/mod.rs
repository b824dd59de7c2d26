//! Areas: set up, change, archive, designate.

pub mod actions;
pub mod roster;
