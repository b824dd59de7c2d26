//! Asking to ramp, and who answers.

pub mod actions;
pub mod waiting;
