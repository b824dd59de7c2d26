//! Observations on request.

pub mod actions;
pub mod detail;
pub mod waiting;
