//! Areas: set up, change, archive, designate.

pub mod actions;
